import { Pool } from 'undici'
import type { CallAnswer, CallEvidence, CallResult, CheckReplyHeaders, NoAnswerCause } from './call-result.js'
import type { SoapContract } from './contract.js'
import { buildEnvelope } from './envelope.js'
import { type BodyXml, shownText, wireBytes } from './file-contents.js'
import { type ExchangeFailure, exchange, type HttpExchange } from './http-exchange.js'
import { readReply } from './read-reply.js'
import type { SoapOperation } from './read-wsdl.js'
import { BodyInvalid } from './request-body.js'
import { resettingConnector } from './resetting-connector.js'
import { type UsernameCredentials, usernameToken } from './security.js'

/**
 * Calls operations of one foreign system. A call never throws for what the other side did: it gives a {@link CallResult}. The line that
 * matters is between NOT_SENT (no byte left, safe to try again) and NO_ANSWER (they may have processed it): it is drawn in
 * `http-exchange.ts`. `outcome-of.ts` turns a result into the machine's outcome by an adapter's fault table.
 *
 * The security header is made per call, goes to the wire alone, and stands in no evidence, error or log line.
 */
export type { CallEvidence, CallResult, CheckReplyHeaders } from './call-result.js'

export interface SoapClientOptions {
  readonly contract: SoapContract
  readonly endpoint: string
  readonly security?: UsernameCredentials
  /** Connecting (TLS included), until the reply's head, between two pieces of its body (these two as long as the call may take, unless given), and all together. */
  readonly timeouts: {
    readonly connectMs: number
    readonly headersMs?: number | undefined
    readonly bodyMs?: number | undefined
    readonly totalMs: number
  }
  readonly limits: { readonly maxReplyBytes: number; readonly maxDepth: number }
  readonly connections: number
  /** Blocks for every call, beside those of the call. */
  readonly headerBlocks?: () => string[]
  readonly userAgent: string
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly correlationId?: string
  readonly totalMs?: number
  /** By the clock of `performance.now()`: later than this no byte leaves. */
  readonly beginBefore?: number
  readonly headerBlocks?: readonly string[]
  readonly checkReplyHeaders?: CheckReplyHeaders
}

export interface SoapClient {
  readonly contract: SoapContract
  /** What `call` would answer without sending a byte: the value does not fit the contract. Undefined: it fits. Throws as `call` does. */
  refusalOf(operation: string, args: Record<string, unknown>): Extract<CallResult, { kind: 'NOT_SENT' }> | undefined
  /** Throws only for an operation that the contract does not have: a mistake of ours. */
  call(operation: string, args: Record<string, unknown>, options?: CallOptions): Promise<CallResult>
  close(): Promise<void>
}

type NotSentWhy = Extract<CallAnswer, { kind: 'NOT_SENT' }>['why']

const EVIDENCE_BYTES = 64 * 1024

export function createSoapClient(options: SoapClientOptions): SoapClient {
  const endpoint = new URL(options.endpoint)
  const path = endpoint.pathname + endpoint.search
  const pool = new Pool(endpoint.origin, {
    connections: options.connections,
    pipelining: 1,
    // Zero: none but the call's own.
    headersTimeout: options.timeouts.headersMs ?? 0,
    bodyTimeout: options.timeouts.bodyMs ?? 0,
    connect: resettingConnector({ timeout: options.timeouts.connectMs }),
  })
  const operationOf = (name: string): SoapOperation => {
    const operation = options.contract.operations.get(name)
    if (!operation) throw new Error(`The WSDL ${options.contract.name} has no operation ${name}`)
    return operation
  }
  return {
    contract: options.contract,
    refusalOf(name, args) {
      const prepared = prepare(options, operationOf(name), args, {})
      return prepared.kind === 'INVALID' ? { ...prepared.answer, evidence: { requestXml: '', elapsedMs: 0 } } : undefined
    },
    async call(name, args, call = {}) {
      const operation = operationOf(name)
      const startedAt = performance.now()
      const elapsed = () => Math.round(performance.now() - startedAt)
      const prepared = prepare(options, operation, args, call)
      if (prepared.kind === 'INVALID') return { ...prepared.answer, evidence: { requestXml: '', elapsedMs: elapsed() } }
      const result = await exchange(pool, {
        path,
        headers: httpHeaders(options, operation, call),
        body: prepared.body,
        totalMs: call.totalMs ?? options.timeouts.totalMs,
        beginBefore: call.beginBefore,
        maxReplyBytes: options.limits.maxReplyBytes,
        signal: call.signal,
      })
      const answer = await answerOf(result, options, operation, call)
      return { ...answer, evidence: { requestXml: prepared.shown, elapsedMs: elapsed(), ...responseEvidence(result) } }
    },
    // What is under way ends by its own deadline; nothing waits for it here longer than that.
    close: () => pool.close(),
  }
}

type Prepared =
  | { readonly kind: 'READY'; readonly body: Buffer; readonly shown: string }
  | { readonly kind: 'INVALID'; readonly answer: Extract<CallAnswer, { kind: 'NOT_SENT' }> }

function prepare(options: SoapClientOptions, operation: SoapOperation, args: Record<string, unknown>, call: CallOptions): Prepared {
  try {
    const { marked, files } = options.contract.compose(operation.inputElement, args)
    const blocks = [...(options.headerBlocks?.() ?? []), ...(call.headerBlocks ?? [])]
    const envelope = (headers: readonly string[]): BodyXml => ({ marked: buildEnvelope(operation.soapVersion, headers, marked), files })
    const secured = options.security ? [usernameToken(options.security), ...blocks] : blocks
    return { kind: 'READY', body: wireBytes(envelope(secured)), shown: shownText(envelope(blocks)) }
  } catch (error) {
    if (!(error instanceof BodyInvalid)) throw error
    return { kind: 'INVALID', answer: { kind: 'NOT_SENT', why: 'BODY_INVALID', cause: error.message, field: error.field } }
  }
}

function httpHeaders(options: SoapClientOptions, operation: SoapOperation, call: CallOptions): Record<string, string> {
  const action = `"${operation.soapAction}"`
  return {
    accept: 'text/xml, application/soap+xml',
    'user-agent': options.userAgent,
    ...(call.correlationId !== undefined && { 'x-correlation-id': call.correlationId }),
    ...(operation.soapVersion === '1.1'
      ? { 'content-type': 'text/xml; charset=utf-8', soapaction: action }
      : { 'content-type': `application/soap+xml; charset=utf-8; action=${action}` }),
  }
}

async function answerOf(
  result: HttpExchange,
  options: SoapClientOptions,
  operation: SoapOperation,
  call: CallOptions,
): Promise<CallAnswer> {
  if (result.kind === 'ANSWER') {
    const output = { element: options.contract.element(operation.outputElement), soapVersion: operation.soapVersion }
    return readReply(result, output, options.limits, call.checkReplyHeaders)
  }
  if (result.sent) return { kind: 'NO_ANSWER', cause: noAnswerCause(result.failure), detail: result.detail }
  return { kind: 'NOT_SENT', why: NOT_SENT_WHY[result.failure] ?? 'UNREACHABLE', cause: result.detail }
}

const NOT_SENT_WHY = { TIMEOUT: 'DEADLINE', ABORTED: 'ABORTED', STALLED: 'STALLED' } as Partial<Record<ExchangeFailure, NotSentWhy>>

/** What is STALLED was not sent, and what has been sent is not UNREACHABLE. */
function noAnswerCause(failure: ExchangeFailure): NoAnswerCause {
  return failure === 'UNREACHABLE' || failure === 'STALLED' ? 'RESET' : failure
}

/** NUL is replaced: PostgreSQL stores no text with it. */
function responseEvidence(result: HttpExchange): Pick<CallEvidence, 'responseText' | 'responseBytes' | 'httpStatus'> {
  if (result.kind !== 'ANSWER') return {}
  const { body, status } = result
  const responseText = body.subarray(0, EVIDENCE_BYTES).toString('utf8').replaceAll('\0', '\uFFFD')
  return { responseText, responseBytes: body.length, httpStatus: status }
}
