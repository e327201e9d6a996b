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
  // node-soap answers a request that carried wsse:Security with a header of its own: an envelope has one header.
  const withOwnHeader = reply.body.replace(/<soap:Header>/, (opening) => `${opening.slice(0, -1)}${declared}>${inner}`)
  if (withOwnHeader !== reply.body) return { ...reply, body: withOwnHeader }
  return { ...reply, body: reply.body.replace(/<soap:Body/, () => `<soap:Header${declared}>${inner}</soap:Header><soap:Body`) }
}
