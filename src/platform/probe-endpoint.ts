import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { TLSSocket } from 'node:tls'
import { errorCode } from './start-error.js'

/** What a look at an HTTP address shows. Nothing of what it says is kept. */
export interface EndpointProbe {
  /** It answered, whatever it said. */
  readonly reached: boolean
  /** Why not, or why its certificate is not trusted: a code such as ECONNREFUSED, TIMEOUT, CERT_HAS_EXPIRED. */
  readonly problem: string | null
  readonly elapsedMs: number
  readonly httpStatus: number | null
  /** It hands out its WSDL at `?wsdl`. */
  readonly servesWsdl: boolean
  /** Its clock minus ours, to a second; null: it does not tell the time. */
  readonly clockAheadMs: number | null
  readonly certificateEndsAt: Date | null
}

/** The beginning of a WSDL says that it is one. */
const READ_BYTES = 64 * 1024
const IS_WSDL = /<(?:[\w.-]+:)?(?:definitions|description)[\s>]/

const beginningOf = async (response: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= READ_BYTES) break
  }
  return Buffer.concat(pieces).toString('utf8')
}

const certificateEndOf = (response: IncomingMessage): Date | null => {
  if (!(response.socket instanceof TLSSocket)) return null
  const end = new Date(response.socket.getPeerCertificate().valid_to)
  return Number.isNaN(end.getTime()) ? null : end
}

/** Asks an endpoint once, for its WSDL unless told otherwise, over a connection of its own. Never throws for what the other side does. */
export const probeEndpoint = async (address: string, withinMs: number, query = '?wsdl'): Promise<EndpointProbe> => {
  const url = new URL(address)
  if (url.search === '') url.search = query
  const startedAt = performance.now()
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const nothing = { httpStatus: null, servesWsdl: false, clockAheadMs: null, certificateEndsAt: null }
  const elapsed = () => Math.round(performance.now() - startedAt)
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send(url, { agent: false, signal: AbortSignal.timeout(withinMs) }, resolve)
        .on('error', reject)
        .end()
    })
    const saysItIs = Date.parse(response.headers.date ?? '')
    const certificateEndsAt = certificateEndOf(response)
    const clockAheadMs = Number.isNaN(saysItIs) ? null : Math.round((saysItIs - Date.now()) / 1_000) * 1_000
    const text = await beginningOf(response)
    const httpStatus = response.statusCode ?? null
    return {
      reached: true,
      problem: null,
      elapsedMs: elapsed(),
      httpStatus,
      servesWsdl: IS_WSDL.test(text),
      clockAheadMs,
      certificateEndsAt,
    }
  } catch (error) {
    const isLate = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
    return { ...nothing, reached: false, problem: isLate ? 'TIMEOUT' : (errorCode(error) ?? 'ERROR'), elapsedMs: elapsed() }
  }
}
