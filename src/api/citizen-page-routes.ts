import type { FastifyInstance } from 'fastify'
import { readBuilt } from './console-routes.js'

/**
 * Trang tra cứu hồ sơ của người dân at `/tra-cuu`, for anybody: a page of its own, some kilobytes, of whose files nothing is the console's. It asks
 * `citizenLookUp` of this gateway, and its policy lets it ask nobody else. A link or QR code brings the dossier's code (`/tra-cuu#ma=…`, or `?ma=…`), never the digits.
 */
const CITIZEN_PATH = '/tra-cuu'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What the build writes for pages whose libraries write styles: this one has none. */
const NONCES = / nonce="\{\{nonce\}\}"|<meta property="csp-nonce"[^>]*>/g

export const mountCitizenPage = (app: FastifyInstance): void => {
  app.get(CITIZEN_PATH, async (_request, reply) => {
    const page = await readBuilt('tra-cuu.html')
    if (page === null) return reply.callNotFound()
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('x-robots-tag', 'noindex')
      .send(page.replaceAll(NONCES, ''))
  })
}
