import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Context } from '../../src/context.js'
import { startGateway } from '../../src/gateway-process.js'
import { type DevelopmentClaims, ISSUER, openDevelopmentKey } from '../../src/sandbox/development-tokens.js'

/** The gateway of a flow test, asked as front ends and foreign systems ask it. */
export interface TestGateway {
  readonly url: string
  /** Throws when the answer holds errors: what a test expects to be refused is a member of a result union. */
  query<Data = Record<string, unknown>>(role: DevelopmentClaims['role'], query: string, variables?: object): Promise<Data>
  /** The whole answer, errors included. */
  ask(
    role: DevelopmentClaims['role'],
    query: string,
    variables?: object,
  ): Promise<{
    status: number
    retryAfter: string | null
    data?: unknown
    errors?: { message: string; path?: unknown[]; extensions?: Record<string, unknown> }[]
    extensions?: Record<string, unknown>
  }>
  /** The response itself, whose body may come in parts; `signal` hangs up. */
  send(role: DevelopmentClaims['role'], query: string, how?: { readonly accept?: string; readonly signal?: AbortSignal }): Promise<Response>
  /** A file that the gateway gives. */
  get(role: DevelopmentClaims['role'], path: string): Promise<{ status: number; type: string | null; bytes: Buffer }>
  soap(path: string, envelope: string | Buffer): Promise<{ status: number; text: string; retryAfter: string | null }>
  stop(): Promise<void>
}

export const startTestGateway = async (context: Context): Promise<TestGateway> => {
  const key = await openDevelopmentKey(context.options.stateDir)
  const running = await startGateway(context, {
    host: '127.0.0.1',
    port: 0,
    authentication: { issuer: ISSUER, audience: ISSUER, publicKeyPem: key.publicKeyPem },
    introspection: true,
    linkSignIn: true,
    corsOrigins: ['https://nop-ho-so.vi-du.vn'],
  })
  const tokenOf = (role: DevelopmentClaims['role']): Promise<string> =>
    key.token({ sub: role, name: `Người thử ${role}`, role, ...(role === 'officer' && { communes: ['28594'] }) })
  const ask: TestGateway['ask'] = async (role, query, variables = {}) => {
    const token = await tokenOf(role)
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
      body: JSON.stringify({ query, variables }),
    })
    const answer = (await response.json()) as Pick<Awaited<ReturnType<TestGateway['ask']>>, 'data' | 'errors' | 'extensions'>
    return { status: response.status, retryAfter: response.headers.get('retry-after'), ...answer }
  }
  return {
    url: running.url,
    ask,
    send: async (role, query, { accept, signal } = {}) =>
      fetch(`${running.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokenOf(role)}`,
          connection: 'close',
          ...(accept !== undefined && { accept }),
        },
        body: JSON.stringify({ query }),
        ...(signal && { signal }),
      }),
    query: async <Data>(role: DevelopmentClaims['role'], query: string, variables?: object) => {
      const { data, errors } = await ask(role, query, variables)
      if (errors) throw new Error(JSON.stringify(errors))
      return data as Data
    },
    get: async (role, path) => {
      const response = await fetch(`${running.url}${path}`, {
        headers: { authorization: `Bearer ${await tokenOf(role)}`, connection: 'close' },
      })
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        bytes: Buffer.from(await response.arrayBuffer()),
      }
    },
    soap: async (path, envelope) => {
      const response = await fetch(`${running.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', connection: 'close' },
        body: envelope,
      })
      return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') }
    },
    stop: async () => {
      await running.stop()
      await rm(`${context.options.stateDir}/keys`, { recursive: true, force: true })
    },
  }
}

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'
const DIGEST = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'

/** A UsernameToken header with a digest, made here and not by the code under test. The same nonce twice is a replay. */
export const securityHeader = (username: string, password: string, nonce = randomBytes(16)): string => {
  const created = new Date().toISOString()
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64')
  return (
    `<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}"><wsse:UsernameToken><wsse:Username>${username}</wsse:Username>` +
    `<wsse:Password Type="${DIGEST}">${digest}</wsse:Password><wsse:Nonce>${nonce.toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  )
}

export const envelopeOf = (header: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
  `<soap:Header>${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
