import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ConsoleSettings, writeConsoleSettings } from '../access/console-settings.js'
import { consoleDir } from '../platform/paths.js'
import { errorCode } from '../platform/start-error.js'

/**
 * The operators' web console at `/console`. Its page is the same at every address below, so that a link into it works; what the page shows it asks of
 * GraphQL with the token of the person who signs in, so that nothing here needs one. All of it comes from this gateway, and the policy lets the page ask
 * nobody else, but for the identity provider where people sign in, when one is configured. Styles that its libraries write bear a nonce that is new with each answer.
 */
export const CONSOLE_PATH = '/console'

const policyOf = (nonce: string, { signIn }: ConsoleSettings): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    signIn ? `connect-src 'self' ${new URL(signIn.issuer).origin}` : "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Names of files hold a hash of their content. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** Read anew each time: a build that comes meanwhile replaces the files that the page names. Null: nobody has built the console. */
export const readBuilt = async (name: string): Promise<string | null> => {
  try {
    return await readFile(join(consoleDir, name), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

export const mountConsole = async (app: FastifyInstance, settings: ConsoleSettings): Promise<void> => {
  const written = writeConsoleSettings(settings)
  const sendPage = async (_request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const page = await readBuilt('index.html')
    if (page === null) return reply.callNotFound()
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOf(nonce, settings))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .send(page.replaceAll('{{nonce}}', nonce).replaceAll('{{settings}}', written))
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
  app.get(`${CONSOLE_PATH}/icon.svg`, async (_request, reply) => {
    const icon = await readBuilt('icon.svg')
    return icon === null ? reply.callNotFound() : reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon)
  })
  app.get(CONSOLE_PATH, sendPage)
  app.get(`${CONSOLE_PATH}/*`, sendPage)
}
