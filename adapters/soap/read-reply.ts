import { isAscii } from 'node:buffer'
import type { CallAnswer, CheckReplyHeaders, NoAnswerCause } from './call-result.js'
import { type Envelope, only, readEnvelope } from './envelope.js'
import type { HttpExchange } from './http-exchange.js'
import { notUnderstood } from './must-understand.js'
import type { SoapVersion } from './read-wsdl.js'
import { parseRetryAfter } from './retry-after.js'
import type { ElementType } from './schema-type.js'
import { type XmlRefusalReason, XmlRefused } from './xml-parse.js'

type Answer = Extract<HttpExchange, { kind: 'ANSWER' }>

const XML_TYPES = new Set(['text/xml', 'application/soap+xml', 'application/xml'])

/**
 * What an HTTP answer says. A fault is a fault on any status, and in the other version's envelope: so a version mismatch is told. Of an answer with a header block that we
 * would have to understand nothing is believed. Of a status other than 2xx
 * that carries no fault the status is all we know (HTTP_ERROR); on 2xx what is not the expected reply is NO_ANSWER, for they may well have processed the request.
 */
export async function readReply(
  answer: Answer,
  { element, soapVersion }: { readonly element: ElementType; readonly soapVersion: SoapVersion },
  limits: { maxReplyBytes: number; maxDepth: number },
  checkHeaders: CheckReplyHeaders | undefined,
): Promise<CallAnswer> {
  const success = answer.status >= 200 && answer.status < 300
  const contentType = answer.headers['content-type']
  if (!XML_TYPES.has(mediaType(contentType)))
    return success ? noAnswer('WRONG_CONTENT_TYPE', mediaType(contentType) || 'none') : httpError(answer)
  if (!isReadableAsUtf8(contentType, answer.body))
    return success ? noAnswer('WRONG_CONTENT_TYPE', 'another charset than UTF-8') : httpError(answer)
  try {
    const envelope = await readEnvelope(answer.body, only(element), { maxBytes: limits.maxReplyBytes, maxDepth: limits.maxDepth })
    return judge(envelope, soapVersion, answer, success, checkHeaders)
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error
    return success ? noAnswer(causeOf(error), error.detail) : httpError(answer)
  }
}

function judge(
  envelope: Envelope,
  asked: SoapVersion,
  answer: Answer,
  success: boolean,
  checkHeaders: CheckReplyHeaders | undefined,
): CallAnswer {
  if (notUnderstood(envelope.headers, envelope.version)) return noAnswer('NOT_UNDERSTOOD', 'a header block that must be understood is not')
  if (envelope.body.kind === 'FAULT') return { kind: 'FAULT', fault: envelope.body.fault, httpStatus: answer.status }
  if (!success) return httpError(answer)
  if (envelope.version !== asked) return noAnswer('BROKEN_REPLY', 'an envelope of another SOAP version')
  if (envelope.body.kind === 'EMPTY') return noAnswer('BROKEN_REPLY', 'the body is empty')
  const other = checkHeaders?.(envelope.headers)
  if (other !== undefined) return noAnswer('OTHER_ANSWER', other)
  return { kind: 'REPLY', value: envelope.body.value, headers: envelope.headers }
}

const CAUSE_OF: Readonly<Record<XmlRefusalReason, NoAnswerCause>> = {
  DTD: 'HOSTILE_XML',
  TOO_DEEP: 'HOSTILE_XML',
  TOO_LARGE: 'TOO_LARGE',
  MALFORMED: 'BROKEN_REPLY',
  NOT_SOAP: 'BROKEN_REPLY',
  WRONG_TYPE: 'BROKEN_REPLY',
  WRONG_ELEMENT: 'OTHER_ANSWER',
}

/** The right element with a wrong field in it is our answer, only broken. */
function causeOf(refused: XmlRefused): NoAnswerCause {
  return refused.reason === 'WRONG_ELEMENT' && refused.field !== undefined ? 'BROKEN_REPLY' : CAUSE_OF[refused.reason]
}

function httpError(answer: Answer): CallAnswer {
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], Date.now())
  return { kind: 'HTTP_ERROR', status: answer.status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

function noAnswer(cause: NoAnswerCause, detail: string): CallAnswer {
  return { kind: 'NO_ANSWER', cause, detail }
}

function mediaType(contentType: string | undefined): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
}

/**
 * The bytes are read as UTF-8: said to be anything else, each letter beyond ASCII would become another one. Servers name ISO-8859-1 of their own accord,
 * and where there is no such letter it is all the same.
 */
function isReadableAsUtf8(contentType: string | undefined, body: Buffer): boolean {
  const charset = /;\s*charset\s*=\s*["']?([^"';\s]*)/i.exec(contentType ?? '')?.[1]
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset) || isAscii(body)
}
