import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { consoleDir } from '../platform/paths.js'

/**
 * The operators' web console at `/console`. Its page is the same at every address below, so that a link into it works; what the page shows it asks of
 * GraphQL with the token of the person who signs in, so that nothing here needs one. All of it comes from this gateway, and the policy lets the page ask
 * nobody else. Styles that its libraries write bear a nonce that is new with each answer.
 */
export const CONSOLE_PATH = '/console'

const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Names of files hold a hash of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable'

const readPage = async (): Promise<string | null> => {
  try {
    return await readFile(join(consoleDir, 'index.html'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** `linkSignIn`: a token may come in the address, as a sandbox prints it. Elsewhere a link could sign somebody in as another. */
export const mountConsole = async (app: FastifyInstance, { linkSignIn }: { readonly linkSignIn: boolean }): Promise<void> => {
  const page = (await readPage())?.replaceAll('{{linkSignIn}}', linkSignIn ? 'yes' : 'no')
  if (page === undefined) return
  const sendPage = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOf(nonce))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .send(page.replaceAll('{{nonce}}', nonce))
  }
  await app.register(fastifyStatic, {
    root: join(consoleDir, 'assets'),
    prefix: `${CONSOLE_PATH}/assets/`,
    decorateReply: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply) => void reply.setHeader('cache-control', FOR_EVER),
  })
  const icon = await readFile(join(consoleDir, 'icon.svg'))
  app.get(`${CONSOLE_PATH}/icon.svg`, (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon),
  )
  app.get(CONSOLE_PATH, (_request, reply) => sendPage(reply))
  app.get(`${CONSOLE_PATH}/*`, (_request, reply) => sendPage(reply))
}
