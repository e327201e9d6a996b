import { beforeEach, describe, expect, test } from '@jest/globals'
import { nonceMemory, type TokenPolicy, usernameToken, verifyUsernameToken } from '../../../adapters/soap/security.js'
import { readTreeNow, type XmlNode } from '../../../adapters/soap/xml-tree.js'

const PASSWORD = 'mật khẩu <1>&"'
let policy: TokenPolicy

beforeEach(() => {
  policy = {
    lookupPassword: (username) => (username === 'vilis' ? PASSWORD : undefined),
    clockSkewMs: 300_000,
    nonceSeen: nonceMemory({ maxEntries: 100 }),
  }
})

function header(xml: string): XmlNode {
  const wrapped = `<soap:Header xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">${xml}</soap:Header>`
  const block = readTreeNow(wrapped, { maxBytes: 10_000, maxDepth: 10 }).children[0]
  if (!block) throw new Error('no block')
  return block
}

function token(passwordType: 'DIGEST' | 'TEXT', password = PASSWORD, username = 'vilis'): XmlNode {
  return header(usernameToken({ username, password, passwordType }))
}

describe.each(['DIGEST', 'TEXT'] as const)('UsernameToken with %s', (type) => {
  test('a right password is accepted, once for each nonce', async () => {
    const first = token(type)
    expect(await verifyUsernameToken(first, policy)).toEqual({ ok: true, username: 'vilis' })
    expect(await verifyUsernameToken(first, policy)).toEqual({ ok: false, reason: 'REPLAYED' })
    expect(await verifyUsernameToken(token(type), policy)).toEqual({ ok: true, username: 'vilis' })
  })

  test('a wrong password, an unknown user and an empty password have one answer', async () => {
    const refused = { ok: false, reason: 'WRONG_CREDENTIALS' }
    expect(await verifyUsernameToken(token(type, 'other'), policy)).toEqual(refused)
    expect(await verifyUsernameToken(token(type, '', 'nobody'), policy)).toEqual(refused)
    expect(await verifyUsernameToken(token(type, ''), { ...policy, lookupPassword: () => '' })).toEqual(refused)
  })

  test('a time outside the skew is refused, both ways', async () => {
    for (const shift of [-300_000, 300_000]) {
      const at = Date.now() + shift + Math.sign(shift) * 5_000
      expect(await verifyUsernameToken(token(type), { ...policy, now: () => at })).toEqual({ ok: false, reason: 'EXPIRED' })
    }
  })
})

test('DIGEST shows no password, and nonce and digest are new at each call', () => {
  const credentials = { username: 'vilis', password: 'plainly-visible', passwordType: 'DIGEST' } as const
  expect(usernameToken(credentials)).not.toContain('plainly-visible')
  expect(usernameToken(credentials)).not.toBe(usernameToken(credentials))
})

test('a digest without nonce or time is malformed, no header is missing', async () => {
  const xml = usernameToken({ username: 'vilis', password: PASSWORD, passwordType: 'DIGEST' })
  for (const part of [/<wsse:Nonce.*<\/wsse:Nonce>/, /<wsu:Created>[^<]*<\/wsu:Created><\/wsse:UsernameToken>/]) {
    const cut = xml.replace(part, (found) => (found.includes('UsernameToken') ? '</wsse:UsernameToken>' : ''))
    expect(await verifyUsernameToken(header(cut), policy)).toEqual({ ok: false, reason: 'MALFORMED' })
  }
  expect(await verifyUsernameToken(undefined, policy)).toEqual({ ok: false, reason: 'MISSING' })
})

test('a time that is no time is refused', async () => {
  const xml = usernameToken({ username: 'vilis', password: PASSWORD, passwordType: 'TEXT' })
  const broken = xml.replaceAll(/<wsu:Created>[^<]*</g, '<wsu:Created>soon<')
  expect(await verifyUsernameToken(header(broken), policy)).toEqual({ ok: false, reason: 'EXPIRED' })
})

test('a full nonce memory refuses what is new until something has expired', () => {
  let now = 0
  const seen = nonceMemory({ maxEntries: 2, now: () => now })
  expect([seen('a', 10), seen('b', 20), seen('c', 30)]).toEqual([false, false, true])
  now = 11
  expect([seen('c', 30), seen('b', 30)]).toEqual([false, true])
})

/** What somebody who has overheard a token can still change in it without breaking its digest. */
test('a digest token is not taken again when its nonce is spelt otherwise', async () => {
  const xml = usernameToken({ username: 'vilis', password: PASSWORD, passwordType: 'DIGEST' })
  expect(await verifyUsernameToken(header(xml), policy)).toEqual({ ok: true, username: 'vilis' })
  for (const respelt of ['!$1', '$1=', '$1 ', '$1.']) {
    const again = xml.replace(/(?<=<wsse:Nonce[^>]*>)([^<]*)/, respelt)
    expect(again).not.toBe(xml)
    expect(await verifyUsernameToken(header(again), policy)).toEqual({ ok: false, reason: 'REPLAYED' })
  }
})

test('a time without an offset is UTC, wherever this machine stands, and nothing looser is a time', async () => {
  const xml = usernameToken({ username: 'vilis', password: PASSWORD, passwordType: 'TEXT' }).replaceAll(
    /(?<=<wsu:Created>)[^<]*/g,
    '2026-03-15T01:00:00',
  )
  const at = (iso: string) => ({ ...policy, now: () => Date.parse(iso) })
  expect(await verifyUsernameToken(header(xml), at('2026-03-15T01:04:00Z'))).toEqual({ ok: true, username: 'vilis' })
  expect(await verifyUsernameToken(header(xml), at('2026-03-14T18:04:00Z'))).toEqual({ ok: false, reason: 'EXPIRED' })
  const loose = xml.replaceAll(/(?<=<wsu:Created>)[^<]*/g, '2026-03-15 01:00')
  expect(await verifyUsernameToken(header(loose), at('2026-03-15T01:00:00Z'))).toEqual({ ok: false, reason: 'EXPIRED' })
})
