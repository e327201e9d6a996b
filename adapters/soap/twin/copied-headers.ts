import type { TwinReply } from './twin-fault.js'

/**
 * The exchange platform's rule that a provider copies all headers of a request into its answer, same order and values: the
 * request's SOAP header elements, without wsse:Security, put into the reply byte for byte. The namespace declarations of the
 * request's envelope go with them.
 */
export function withCopiedHeaders(request: string, reply: TwinReply): TwinReply {
  const header = /<([\w.-]+:)?Header\b[^>]*>([\s\S]*?)<\/\1?Header>/.exec(request)?.[2]
  if (header === undefined) return reply
  const inner = header.replace(/<([\w.-]+:)?Security\b[\s\S]*?<\/\1?Security>/g, '').trim()
  if (inner === '') return reply
  const envelope = /<(?:[\w.-]+:)?Envelope\b([^>]*)>/.exec(request)?.[1] ?? ''
  const declared = (envelope.match(/\sxmlns:(?!soap=)[\w.-]+=("[^"]*"|'[^']*')/g) ?? []).join('')
  return { ...reply, body: reply.body.replace(/<soap:Body/, () => `<soap:Header${declared}>${inner}</soap:Header><soap:Body`) }
}
