import { describe, expect, it, test } from '@jest/globals'
import { alertChannelsOf } from '../../../src/config/alert-channels.js'
import { parseConfiguration } from '../../../src/config/config.js'
import { alertSecretsIn } from '../../../src/config/secrets.js'

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const MAIL = { host: 'mail.vi-du.vn', from: 'canh-bao@vi-du.vn', to: ['truc@vi-du.vn'] }
const HOOK = { name: 'truc', url: 'https://nhan.vi-du.vn/canh-bao' }
const channels = (alerts: object, secrets: Record<string, string> = {}) => alertChannelsOf(parseConfiguration({ alerts }), secrets)

test('without a word of it alerts are looked for and nobody is told outside of the console', () => {
  const { alerts } = parseConfiguration({})
  expect(alerts).toMatchObject({
    enabled: true,
    quietMinutes: 30,
    rules: { systemDown: { minutes: 5 }, queueAway: { minutes: 2 }, failureShare: { percent: 50 } },
  })
  expect(alertChannelsOf(parseConfiguration({}), {})).toEqual({ mail: undefined, webhooks: [] })
  expect(parseConfiguration({ alerts: { rules: { heldTransfers: null } } }).alerts.rules.heldTransfers).toBeNull()
})

test('channels get their secrets from the environment', () => {
  const found = channels(
    { mail: MAIL, webhooks: [{ ...HOOK, name: 'truc-ban' }] },
    { SMTP_USERNAME: 'thu', SMTP_PASSWORD: 'mat-khau', ALERT_WEBHOOK_SECRET_TRUC_BAN: KEY },
  )
  expect(found.mail).toMatchObject({ port: 587, security: 'STARTTLS', credentials: { username: 'thu', password: 'mat-khau' } })
  expect(found.webhooks).toEqual([{ name: 'truc-ban', url: HOOK.url, key: Buffer.alloc(32, 7) }])
})

test('a sandbox takes the secrets of alerts and no account of a real system', () => {
  const alerts = { SMTP_USERNAME: 'thu', SMTP_PASSWORD: 'mat-khau', ALERT_WEBHOOK_SECRET_TRUC_BAN: KEY }
  expect(alertSecretsIn({ ...alerts, VILIS_PASSWORD: 'that', PORTAL_SESSION: 'that' })).toEqual(alerts)
})

describe('refused by name', () => {
  it.each<[string, object]>([
    ['alerts.everyMs', { everyMs: 1 }],
    ['alerts.rules.failureShare.percent', { rules: { failureShare: { percent: 0 } } }],
    ['alerts.rules', { rules: { systemGone: {} } }],
    ['alerts.mail.to', { mail: { ...MAIL, to: [] } }],
    ['alerts.mail.from', { mail: { ...MAIL, from: 'canh bao' } }],
    ['alerts.webhooks.0.url', { webhooks: [{ ...HOOK, url: 'http://nhan.vi-du.vn/' }] }],
    ['alerts.webhooks.0.url', { webhooks: [{ ...HOOK, url: 'https://ai:mat-khau@nhan.vi-du.vn/' }] }],
    ['alerts.webhooks.0.url', { webhooks: [{ ...HOOK, url: 'file:///etc/passwd' }] }],
    ['alerts.webhooks.0.name', { webhooks: [{ ...HOOK, name: 'Trực Ban' }] }],
    ['alerts.webhooks', { webhooks: [HOOK, HOOK] }],
  ])('%s', (path, alerts) => {
    expect(() => parseConfiguration({ alerts })).toThrow(`Cấu hình sai ở "${path}`)
  })

  it.each<[string, object, Record<string, string>]>([
    ['ALERT_WEBHOOK_SECRET_TRUC', { webhooks: [HOOK] }, {}],
    ['ALERT_WEBHOOK_SECRET_TRUC', { webhooks: [HOOK] }, { ALERT_WEBHOOK_SECRET_TRUC: 'mat-khau-ngan' }],
    ['ALERT_WEBHOOK_SECRET_TRUC', { webhooks: [HOOK] }, { ALERT_WEBHOOK_SECRET_TRUC: `whsec_${Buffer.alloc(23).toString('base64')}` }],
    ['SMTP_USERNAME và SMTP_PASSWORD', { mail: MAIL }, { SMTP_USERNAME: 'thu' }],
    ['alerts.mail.security', { mail: { ...MAIL, security: 'NONE' } }, { SMTP_USERNAME: 'thu', SMTP_PASSWORD: 'x' }],
  ])('%s', (name, alerts, secrets) => {
    expect(() => channels(alerts, secrets)).toThrow(name)
  })

  it('and never with the secret itself', () => {
    const told = (() => {
      try {
        channels({ webhooks: [HOOK] }, { ALERT_WEBHOOK_SECRET_TRUC: 'mat-khau-ngan' })
      } catch (error) {
        return String(error)
      }
    })()
    expect(told).not.toContain('mat-khau-ngan')
  })
})
