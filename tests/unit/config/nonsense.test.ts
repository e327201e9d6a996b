import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseConfiguration } from '../../../src/config/config.js'
import { ConfigurationError } from '../../../src/config/configuration-error.js'
import { readEnvironment } from '../../../src/config/env.js'
import { credentialsOf } from '../../../src/config/secrets.js'
import { projectRoot } from '../../../src/platform/paths.js'
import { authenticationOf } from '../../../src/prepare.js'
import { inEnglish } from '../../support/vietnamese-first.js'

const refusalOf = (json: unknown): ConfigurationError => {
  try {
    parseConfiguration(json)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a configuration', () => {
  it('may be empty', () => {
    expect(parseConfiguration({}).systems.VILIS.timeZone).toBe('Asia/Ho_Chi_Minh')
    expect(Object.values(parseConfiguration({}).systems).map(({ comparison }) => comparison)).toEqual(['DIGESTS', 'DIGESTS', 'LIST'])
    expect(parseConfiguration({ retention: { evidenceDays: null } }).retention).toEqual({
      evidenceDays: null,
      clientRequestDays: 30,
      replayPlanDays: 400,
      systemChangeDays: 35,
      unreferencedDocumentDays: 7,
      uneventfulRunDays: 30,
    })
  })

  it.each([
    ['systems.VILIS.timeZone', { systems: { VILIS: { timeZone: 'Sao/Hoa' } } }],
    ['systems.VILIS.endpoint', { systems: { VILIS: { endpoint: 'javascript:alert(1)' } } }],
    ['systems.VILIS.maxReplyBytes', { systems: { VILIS: { maxReplyBytes: -1 } } }],
    ['systems.VILIS.timeouts.connectMs', { systems: { VILIS: { timeouts: { connectMs: 0 } } } }],
    ['systems.VILIS.poll.everyMs', { systems: { VILIS: { poll: { everyMs: 1e12 } } } }],
    ['retry.retryAfterMinMs', { retry: { retryAfterMinMs: 10_000, retryAfterMaxMs: 1_000 } }],
    ['retry.waitsMs', { retry: { waitsMs: [] } }],
    ['retention.evidenceDays', { retention: { evidenceDays: 0 } }],
    ['retention.unreferencedDocumentDays', { retention: { unreferencedDocumentDays: 'lâu' } }],
    ['api.maxDocumentBytes', { api: { maxDocumentBytes: 0 } }],
    ['api.trustedProxies.0', { api: { trustedProxies: ['nha-toi'] } }],
    ['api.citizenLookUp.wrongPerCode.tries', { api: { citizenLookUp: { wrongPerCode: { tries: 0 } } } }],
    ['systems.VILIS.operations', { systems: { VILIS: { operations: { REGISTER: {} } } } }],
    ['reconciliation.quietHours.to', { reconciliation: { quietHours: { from: '18:00', to: '18:00' } } }],
    ['systems.VILIS.comparison', { systems: { VILIS: { comparison: 'SOMETIMES' } } }],
    ['systems.PORTAL.comparison', { systems: { PORTAL: { comparison: 'DIGESTS' } } }],
    ['reads.batchWindowMs', { reads: { batchWindowMs: 60_000 } }],
    ['reads.parcels.freshMs', { reads: { parcels: { freshMs: -1 } } }],
    ['auth.claims.role', { auth: { claims: { role: 'realm_access..roles' } } }],
    ['auth.claims.communes', { auth: { claims: { communes: [] } } }],
    ['auth.claims.roleNames.van-hanh', { auth: { claims: { roleNames: { 'van-hanh': 'BOSS' } } } }],
    ['auth.signIn.clientId', { auth: { signIn: { issuer: 'https://dang-nhap.vi-du.vn' } } }],
    ['auth.signIn.issuer', { auth: { signIn: { issuer: 'http://dang-nhap.vi-du.vn', clientId: 'a' } } }],
    ['auth.signIn.issuer', { auth: { signIn: { issuer: 'https://ai:do@dang-nhap.vi-du.vn', clientId: 'a' } } }],
    ['auth.signIn.issuer', { auth: { signIn: { issuer: 'https://dang-nhap.vi-du.vn/?a=1', clientId: 'a' } } }],
    ['auth.signIn.scopes', { auth: { signIn: { issuer: 'https://dang-nhap.vi-du.vn', clientId: 'a', scopes: ['profile'] } } }],
    ['auth.signIn.resource', { auth: { signIn: { issuer: 'https://dang-nhap.vi-du.vn', clientId: 'a', resource: 'lien thong' } } }],
    ['auth.signIn', { auth: { signIn: { issuer: 'https://dang-nhap.vi-du.vn', clientId: 'a', secret: 'b' } } }],
    ['inbox.clockToleranceMs', { inbox: { clockToleranceMs: Number.MAX_SAFE_INTEGER } }],
  ])('with nonsense at %s is refused by that name', (path, json) => {
    const { message, english } = refusalOf(json)
    expect(message).toContain(`Cấu hình sai ở "${path}`)
    expect(english).toMatch(inEnglish)
    expect(english).toContain(`The configuration is wrong at "${path}`)
  })

  it('tells all of its faults at once, in words for who wrote it', () => {
    const json = { systems: { VILIS: { concurrency: 'nhiều' } }, retry: { waitMs: [1], waitsMs: [] }, api: { maxDocumentBytes: 0 } }
    expect(refusalOf(json).message.split('\n')).toEqual([
      'Cấu hình sai ở "systems.VILIS.concurrency": phải là số (đang là "nhiều").',
      'Cấu hình sai ở "retry.waitsMs": phải có ít nhất 1 mục (đang là []).',
      'Cấu hình sai ở "retry": không có trường "waitMs".',
      'Cấu hình sai ở "api.maxDocumentBytes": phải từ 1024 trở lên (đang là 0).',
    ])
    expect(refusalOf(json).english.split('\n')).toEqual([
      'The configuration is wrong at "systems.VILIS.concurrency": must be a number (now "nhiều").',
      'The configuration is wrong at "retry.waitsMs": must have at least 1 entries (now []).',
      'The configuration is wrong at "retry": there is no field "waitMs".',
      'The configuration is wrong at "api.maxDocumentBytes": must be 1024 at least (now 0).',
    ])
    expect(refusalOf({ matKhau: 'bi-mat' })).toMatchObject({
      message: 'Cấu hình sai: không có trường "matKhau".',
      english: 'The configuration is wrong: there is no field "matKhau".',
    })
    const operations = { X: {}, Y: {} }
    const several = refusalOf({ systems: { PORTAL: { comparison: 'DIGESTS' }, VILIS: { operations } } })
    expect([several.message, several.english].map((text) => text.split('\n').length)).toEqual([3, 3])
  })
})

it('repairs by default as the README of reconciliation says, word for word', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, 'src/reconciliation/README.md'), 'utf8')) ?? []
  expect(JSON.parse(json).reconciliation.repairs).toEqual(parseConfiguration({}).reconciliation.repairs)
  expect(parseConfiguration(JSON.parse(json)).reconciliation.repairs).toEqual(parseConfiguration({}).reconciliation.repairs)
  // A rule of before days were bounded has its bound all the same.
  const rules = [{ class: 'DIFFERS', direction: 'HERE', maxPerRun: 4 }]
  expect(parseConfiguration({ reconciliation: { repairs: { rules } } }).reconciliation.repairs.rules).toMatchObject([{ maxPerDay: 12 }])
})

describe('signing in at an identity provider', () => {
  const issuer = 'https://dang-nhap.vi-du.vn/realms/tinh'
  const configured = parseConfiguration({ auth: { signIn: { issuer, clientId: 'bang-dieu-khien' } } })
  const environment = (JWT_ISSUER: string) => readEnvironment({ JWT_JWKS_URL: `${issuer}/certs`, JWT_ISSUER })

  it('is for people, by default with what tells who they are', () => {
    expect(configured.auth.signIn).toEqual({ issuer, clientId: 'bang-dieu-khien', scopes: ['openid', 'profile'] })
    expect(parseConfiguration({}).auth.signIn).toBeUndefined()
  })

  it('is refused at start when the gateway would refuse its tokens', () => {
    expect(authenticationOf(environment(issuer), configured)).toMatchObject({ issuer, claims: { role: ['role'] } })
    expect(() => authenticationOf(environment('lienthong'), configured)).toThrow(
      `JWT_ISSUER (đang là "lienthong") phải đúng bằng "auth.signIn.issuer" (${issuer})`,
    )
  })
})

it('shows the value that it refuses', () => {
  expect(() => parseConfiguration({ systems: { VILIS: { connections: 'nhiều' } } })).toThrow('(đang là "nhiều").')
})

describe('the environment', () => {
  it.each([
    ['PORT', 'abc', 'PORT="abc" không hợp lệ: phải là số nguyên từ 0 đến 65535.'],
    ['PORT', '70000', 'PORT="70000" không hợp lệ: phải là số nguyên từ 0 đến 65535.'],
    ['PORT', '-1', 'PORT="-1"'],
    ['PORT', '4000.5', 'PORT="4000.5"'],
    ['PORT', '0x10', 'PORT="0x10"'],
    // A blank would else count as 0: any free port.
    ['PORT', ' ', 'PORT=" "'],
    ['DATABASE_POOL', '1', 'từ 2 đến 200'],
    ['STATEMENT_TIMEOUT_MS', '15s', 'STATEMENT_TIMEOUT_MS="15s"'],
    ['SANDBOX_SPEED', '1e9', 'SANDBOX_SPEED="1e9" không hợp lệ: phải là số từ 0 đến 100000.'],
    ['LOG_LEVEL', 'verbose', 'LOG_LEVEL="verbose" không hợp lệ: phải là một trong: fatal, error'],
    ['NODE_ENV', 'prod', 'NODE_ENV="prod"'],
    // Six ports are taken from it on.
    ['SANDBOX_PORT', '65534', '65530'],
    ['JWT_JWKS_URL', 'javascript:1', 'phải là một địa chỉ đầy đủ'],
  ])('with %s=%s is refused in a sentence', (name, value, words) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(words)
    expect(() => readEnvironment({ [name]: value })).toThrow(
      new RegExp(`^Biến môi trường ${name}(=".*")? không hợp lệ: [^.]+(\\.[^.]+)*\\.$`),
    )
  })

  it('does not show a value that may hold a password', () => {
    expect(() => readEnvironment({ JWT_JWKS_URL: 'ftp://ai:mat-khau@may' })).toThrow(
      /^(?!.*mat-khau)Biến môi trường JWT_JWKS_URL không hợp lệ/,
    )
  })

  it('that holds half of a pair of credentials is refused', () => {
    expect(credentialsOf({}, 'VILIS', 'INBOUND')).toBeUndefined()
    expect(() => credentialsOf({ VILIS_INBOUND_USERNAME: 'vilis' }, 'VILIS', 'INBOUND')).toThrow('VILIS_INBOUND_PASSWORD')
  })
})
