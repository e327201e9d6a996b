import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { exportJWK, exportSPKI, generateKeyPair } from 'jose'
import { checkSignIn } from '../../../src/cli/doctor/check-sign-in.js'
import { sayIn } from '../../../src/cli/language.js'
import { readEnvironment } from '../../../src/config/env.js'

/** A provider as it may be misconfigured; a real one is asked in `tests/browser/console-sign-in.test.ts`. */
const keys = await generateKeyPair('ES256', { extractable: true })
const other = await generateKeyPair('ES256', { extractable: true })
let document: Record<string, unknown> = {}
const served = createServer(async ({ url }, response) => {
  response.setHeader('content-type', 'application/json').setHeader('connection', 'close')
  if (url === '/keys') response.end(JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'mot' }] }))
  else if (url === '/.well-known/openid-configuration') response.end(JSON.stringify(document))
  else response.writeHead(404).end('{}')
})
let issuer = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => served.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(served.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>((resolve) => served.close(() => resolve())))

const whole = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  end_session_endpoint: `${issuer}/end`,
  code_challenge_methods_supported: ['S256'],
})

const examine = async (offered: Record<string, unknown>, variables: Record<string, string> = {}) => {
  document = offered
  const settings = { issuer, clientId: 'bang-dieu-khien', scopes: ['openid'] }
  return checkSignIn(settings, readEnvironment({ JWT_ISSUER: issuer, JWT_JWKS_URL: `${issuer}/keys`, ...variables }), sayIn('vi'))
}

it('finds a provider well that fits the gateway', async () => {
  expect((await examine(whole())).map(({ level }) => level)).toEqual(['ok', 'ok', 'ok'])
})

it.each([
  ['that is another', () => ({ ...whole(), issuer: 'https://khac.vi-du.vn' }), /tự xưng là https:\/\/khac\.vi-du\.vn/],
  ['that is none', () => ({ keys: [] }), /không đọc được/],
  ['whose tokens come from elsewhere', () => ({ ...whole(), token_endpoint: 'https://khac.vi-du.vn/token' }), /không được gọi/],
  ['whose keys cannot be read', () => ({ ...whole(), jwks_uri: `${issuer}/khong-co` }), /HTTP 404/],
])('fails a provider %s', async (_what, offered, words) => {
  expect((await examine(offered())).find(({ level }) => level === 'fail')?.says).toMatch(words)
})

it('fails a gateway that would refuse its tokens, and says what to set', async () => {
  const elsewhere = await examine(whole(), { JWT_ISSUER: 'lienthong' })
  expect(elsewhere.find(({ level }) => level === 'fail')?.todo).toBe(`đặt JWT_ISSUER là ${issuer}.`)
  const fixed = (pem: string) => examine(whole(), { JWT_JWKS_URL: '', JWT_PUBLIC_KEY: pem })
  expect((await fixed(await exportSPKI(other.publicKey))).at(-1)).toMatchObject({ level: 'fail', todo: expect.stringContaining('/keys') })
  expect((await fixed(await exportSPKI(keys.publicKey))).at(-1)).toMatchObject({ level: 'warn', says: 'cổng nhận một khóa cố định' })
})

it('warns of what a person at a shared machine must know', async () => {
  const { end_session_endpoint: _left, code_challenge_methods_supported: _pkce, ...less } = whole()
  expect((await examine(less)).filter(({ level }) => level === 'warn')).toHaveLength(2)
})
