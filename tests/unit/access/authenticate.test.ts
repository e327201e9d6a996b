import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { createAuthenticator } from '../../../src/access/authenticate.js'
import { parseConfiguration } from '../../../src/config/config.js'

const settings = { issuer: 'thu', audience: 'lien-thong' }
const keys = await generateKeyPair('RS256', { extractable: true })
const publicKeyPem = await exportSPKI(keys.publicKey)

const token = (claims: Record<string, unknown>, audience = 'lien-thong', issuer = 'thu'): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'mot' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('10m')
    .sign(keys.privateKey)

describe('a token', () => {
  const authenticate = createAuthenticator({ ...settings, publicKeyPem })

  it('tells caller, role and communes, and when it ends', async () => {
    const { caller, expiresAt } = await authenticate(
      await token({ sub: 'cb1', name: 'Cán bộ Mẫu', role: 'officer', communes: ['28633', 7] }),
    )
    expect(caller).toEqual({ subject: 'cb1', displayName: 'Cán bộ Mẫu', role: 'OFFICER', communes: ['28633'] })
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now())
  })

  it('gives communes to officers alone', async () => {
    const { caller } = await authenticate(await token({ sub: 'vh1', role: 'citizen-app', communes: ['28633'] }))
    expect(caller).toEqual({ subject: 'vh1', displayName: 'vh1', role: 'CITIZEN_APP', communes: [] })
  })

  it.each([
    ['an unknown role', () => token({ sub: 'x', role: 'root' })],
    ['no role', () => token({ sub: 'x' })],
    ['no subject', () => token({ role: 'admin' })],
    ['an officer without communes', () => token({ sub: 'x', role: 'officer', communes: [] })],
    ['another audience', () => token({ sub: 'x', role: 'admin' }, 'khac')],
    ['another issuer', () => token({ sub: 'x', role: 'admin' }, 'lien-thong', 'khac')],
    [
      'no expiry',
      () =>
        new SignJWT({ sub: 'x', role: 'admin' })
          .setProtectedHeader({ alg: 'RS256' })
          .setIssuer('thu')
          .setAudience('lien-thong')
          .sign(keys.privateKey),
    ],
    [
      'a signature made with the public key as a secret',
      () =>
        new SignJWT({ sub: 'x', role: 'admin' })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer('thu')
          .setAudience('lien-thong')
          .setExpirationTime('10m')
          .sign(new TextEncoder().encode(publicKeyPem)),
    ],
  ])('with %s is refused', async (_what, make) => {
    await expect(authenticate(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED', detail: { reason: 'TOKEN_INVALID' } })
  })
})

describe('the claims of another issuer', () => {
  const ADFS_ROLE = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'
  const keycloak = parseConfiguration({
    auth: {
      claims: { role: 'realm_access.roles', communes: 'dia_ban.xa', name: 'preferred_username', roleNames: { 'lt-van-hanh': 'OPERATOR' } },
    },
  }).auth.claims
  const adfs = parseConfiguration({ auth: { claims: { role: [ADFS_ROLE] } } }).auth.claims
  const roles = (...names: string[]) => ({ realm_access: { roles: ['offline_access', 'uma_authorization', ...names] } })

  it.each([
    [keycloak, { sub: 'x', ...roles('lt-van-hanh'), preferred_username: 'vh1' }, { role: 'OPERATOR', displayName: 'vh1', communes: [] }],
    // One value is a text where several are a list.
    [keycloak, { sub: 'x', ...roles('officer'), dia_ban: { xa: '28594' } }, { role: 'OFFICER', displayName: 'x', communes: ['28594'] }],
    // ADMIN may all that the others may.
    [keycloak, { sub: 'x', ...roles('admin', 'lt-van-hanh', 'officer') }, { role: 'ADMIN' }],
    [adfs, { sub: 'x', [ADFS_ROLE]: 'operator' }, { role: 'OPERATOR', subject: 'x' }],
    [
      { ...adfs, subject: ['upn'] },
      { upn: 'vh1', [ADFS_ROLE]: ['operator', 'operator'] },
      { role: 'OPERATOR', subject: 'vh1' },
    ],
  ])('are read where %j says', async (claims, given, caller) => {
    const authenticate = createAuthenticator({ ...settings, publicKeyPem, claims })
    expect((await authenticate(await token(given))).caller).toMatchObject(caller)
  })

  it.each([
    ['no role of ours', roles('quan-ly-kho')],
    ['two of which neither is part of the other', roles('lt-van-hanh', 'officer')],
    ['an officer of no commune', roles('officer')],
    ['a role where others have it', { role: 'admin' }],
    ['a role that every object has', { realm_access: { roles: ['constructor', 'toString'] } }],
  ])('with %s let nobody in', async (_what, given) => {
    const authenticate = createAuthenticator({ ...settings, publicKeyPem, claims: keycloak })
    await expect(authenticate(await token({ sub: 'x', ...given }))).rejects.toMatchObject({ detail: { reason: 'TOKEN_INVALID' } })
  })
})

describe('a token that was found good', () => {
  it('is refused from its end on, however often it was taken before', async () => {
    let now = Date.now()
    const authenticate = createAuthenticator({ ...settings, publicKeyPem }, () => now)
    const given = await token({ sub: 'x', role: 'admin' })
    const first = await authenticate(given)
    now += 30_000
    expect(await authenticate(given)).toEqual(first)
    now = first.expiresAt.getTime() + 6_000
    await expect(authenticate(given)).rejects.toMatchObject({ detail: { reason: 'TOKEN_EXPIRED' } })
  })

  it('does not open the door to another with the same claims and no signature of the issuer', async () => {
    const authenticate = createAuthenticator({ ...settings, publicKeyPem })
    const given = await token({ sub: 'x', role: 'admin' })
    await authenticate(given)
    const forged = `${given.slice(0, given.lastIndexOf('.') + 1)}${Buffer.alloc(256, 1).toString('base64url')}`
    await expect(authenticate(forged)).rejects.toMatchObject({ detail: { reason: 'TOKEN_INVALID' } })
  })
})

describe('settings', () => {
  it.each([
    ['no key at all', {}],
    ['a text that is no key', { publicKeyPem: 'khóa' }],
    ['a broken key', { publicKeyPem: publicKeyPem.slice(0, 60) }],
    ['a key and an address', { publicKeyPem, jwksUrl: 'https://dang-nhap.vi-du.vn/jwks' }],
  ])('with %s are refused at start', (_what, given) => {
    expect(() => createAuthenticator({ ...settings, ...given })).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }))
  })
})

describe('a key set', () => {
  const served = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').setHeader('connection', 'close')
    void exportJWK(keys.publicKey).then((key) => response.end(JSON.stringify({ keys: [{ ...key, kid: 'mot', alg: 'RS256' }] })))
  })
  let url: string

  beforeAll(async () => {
    await new Promise<void>((resolve) => served.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(served.address() as AddressInfo).port}/jwks`
  })
  afterAll(() => new Promise<void>((resolve) => served.close(() => resolve())))

  it('is read from its address', async () => {
    const { caller } = await createAuthenticator({ ...settings, jwksUrl: url })(await token({ sub: 'x', role: 'admin' }))
    expect(caller.role).toBe('ADMIN')
  })

  it("that cannot be read is not the caller's fault", async () => {
    const authenticate = createAuthenticator({ ...settings, jwksUrl: url.replace(/:\d+/, ':1') })
    await expect(authenticate(await token({ sub: 'x', role: 'admin' }))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
