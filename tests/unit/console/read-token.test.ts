import { describe, expect, it, test } from '@jest/globals'
import { readToken } from '../../../src/console/session/read-token.js'

const NOW = Date.parse('2026-03-02T08:00:00+07:00')
const tokenOf = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.chu-ky`
const inAnHour = NOW / 1_000 + 3_600

describe('a token', () => {
  it('says who one is, in Vietnamese too, with or without "Bearer"', () => {
    const token = tokenOf({ sub: 'van-hanh', name: 'Người vận hành', role: 'operator', exp: inAnHour })
    const session = { token, subject: 'van-hanh', name: 'Người vận hành', role: 'OPERATOR', communes: [], expiresAt: NOW + 3_600_000 }
    expect(readToken(token, NOW)).toEqual(session)
    expect(readToken(` Bearer ${token}\n`, NOW)).toEqual(session)
  })

  it('of an officer names the communes, and without a name shows the account', () => {
    const read = readToken(tokenOf({ sub: 'mc.28594.1', role: 'officer', communes: ['28594', 7], exp: inAnHour }), NOW)
    expect(read).toMatchObject({ name: 'mc.28594.1', role: 'OFFICER', communes: ['28594'] })
  })
})

it('is read where the issuer says who somebody is', () => {
  const claims = {
    subject: ['sub'],
    name: ['preferred_username'],
    role: ['realm_access', 'roles'],
    communes: ['xa'],
    roleNames: { 'lt-van-hanh': 'OPERATOR' },
  } as const
  const token = tokenOf({ sub: 'x', preferred_username: 'vh1', realm_access: { roles: ['khac', 'lt-van-hanh'] }, exp: inAnHour })
  expect(readToken(token, NOW, claims)).toMatchObject({ name: 'vh1', role: 'OPERATOR' })
  expect(readToken(token, NOW)).toBe('NO_CONSOLE')
})

test.each([
  ['', 'UNREADABLE'],
  ['mật khẩu', 'UNREADABLE'],
  ['a.b.c', 'UNREADABLE'],
  [tokenOf({ role: 'operator', exp: inAnHour }), 'UNREADABLE'],
  [tokenOf({ sub: 'x', role: 'operator', exp: NOW / 1_000 }), 'EXPIRED'],
  [tokenOf({ sub: 'x', role: 'citizen-app', exp: inAnHour }), 'NO_CONSOLE'],
  [tokenOf({ sub: 'x', role: 'officer', exp: inAnHour }), 'NO_CONSOLE'],
])('%j is refused', (given, fault) => {
  expect(readToken(given, NOW)).toBe(fault)
})
