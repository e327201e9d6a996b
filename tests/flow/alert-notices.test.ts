import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { watchDueDates } from '../../src/alerting/watch-due-dates.js'
import { type Alerts, openAlerts } from '../../src/alerts.js'
import { type Context, openContext } from '../../src/context.js'
import type { SystemId } from '../../src/model/system.js'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { startMailServer, type TestMailServer } from '../support/mail-server.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { raise } from '../support/raise.js'
import { goOn, reconcile } from '../support/reconcile.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js'

/** What goes wrong reaches people who are not looking: by mail over a real SMTP server, and by a signed webhook. */
const MINUTE_MS = 60_000
const KEY = `whsec_${Buffer.from('khoa-thu-nghiem-khong-bi-mat-nao').toString('base64')}`

let mail: TestMailServer
let receiver: WebhookReceiver
let system: TestSystem
let alerts: Alerts | undefined
let workers: RunningWorker[]
let others: Context[]
beforeEach(async () => {
  mail = await startMailServer()
  receiver = await startWebhookReceiver()
  workers = []
  others = []
  alerts = undefined
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await alerts?.close()
  for (const other of others) await other.close()
  await system?.close()
  await receiver.stop()
  await mail.stop()
})

const open = async (rules: Record<string, unknown> = {}, changes: Record<string, unknown> = {}): Promise<void> => {
  const none = { systemDown: null, oldestWaiting: null, failureShare: null, dueDateRisk: null, heldTransfers: null, feedStalled: null }
  system = await openTestSystem({
    gateway: true,
    systems: { VILIS: { poll: { everyMs: 200 } } },
    alerts: {
      everyMs: 200,
      consoleUrl: 'https://lien-thong.vi-du.vn/console',
      rules: { ...none, ...rules },
      mail: {
        host: '127.0.0.1',
        port: mail.port,
        security: 'NONE',
        from: 'canh-bao@vi-du.vn',
        to: ['truc@vi-du.vn', 'to-truong@vi-du.vn'],
      },
      webhooks: [{ name: 'truc-ban', url: receiver.url, plainHttp: true }],
      ...changes,
    },
    secrets: { ALERT_WEBHOOK_SECRET_TRUC_BAN: KEY },
  })
}
const byHand = (): Alerts => {
  alerts = openAlerts(system.context, raise)
  if (!alerts) throw new Error('alerts are switched off')
  return alerts
}
const round = async (): Promise<void> => {
  await alerts?.look()
  await alerts?.send()
}
const goes = async (systemId: SystemId, outcome: 'UNAVAILABLE' | 'ACCEPTED'): Promise<void> => {
  const health = createSystemHealth(system.context.db, raise)
  health.report({ systemId, outcome, cause: 'Không kết nối được (ECONNREFUSED).' })
  await health.flush()
}
const subjects = (): string[] => mail.mails.map(({ subject }) => subject)
const hooks = (): { type: string; data: Record<string, unknown> }[] =>
  receiver.requests.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> })
const healthOfVilis = async (): Promise<string | undefined> =>
  (await system.context.db.query<{ health: string }>(`SELECT health FROM foreign_system WHERE id = 'VILIS'`))[0]?.health

interface Shown {
  readonly rule: string
  readonly systemId: string
  readonly title: string
  readonly isOpen: boolean
  readonly notices: readonly {
    kind: string
    channel: string
    state: string
    attempts: number
    lastError: string | null
    sentAt: string | null
  }[]
}
const shown = async (): Promise<Shown[]> =>
  (
    await system.gateway.query<{ alerts: { edges: { node: Shown }[] } }>(
      'operator',
      '{ alerts { edges { node { rule systemId title isOpen notices { kind channel state attempts lastError sentAt } } } } }',
    )
  ).alerts.edges.map(({ node }) => node)

test('a system that is down is told once by two workers, however often they look, and so is that it is back', async () => {
  await open({ systemDown: { minutes: 1 } })
  others.push(await openContext(system.context.options))
  for (const context of [system.context, ...others]) workers.push(await startWorker(context, { guardEveryMs: 100 }))
  await until('ViLIS is known to be up', async () => (await healthOfVilis()) === 'UP')
  await system.twins.VILIS.offline()
  await until('ViLIS is known to be down', async () => (await healthOfVilis()) === 'DOWN')
  await system.pass(2 * MINUTE_MS)
  await until('both channels were told', async () => mail.mails.length > 0 && receiver.requests.length > 0)
  const looks = new Set<number>()
  await until('it was looked at ten times more', async () => {
    const [alert] = await system.context.db.query<{ seenAt: Date }>(`SELECT seen_at AS "seenAt" FROM alert WHERE closed_at IS NULL`)
    return alert && looks.add(alert.seenAt.getTime()).size > 10
  })
  expect(subjects()).toEqual([expect.stringMatching(/^\[Liên thông\] Cảnh báo: Phần mềm đất đai ViLIS không trả lời đã \d+ phút$/)])
  expect(hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'SYSTEM_DOWN', systemId: 'VILIS', threshold: 1, closedAt: null } }])

  await system.pass(MINUTE_MS)
  await system.twins.VILIS.online()
  await until('both channels have heard that it is back', async () => mail.mails.length > 1 && receiver.requests.length > 1)
  expect(subjects().slice(1)).toEqual([expect.stringMatching(/^\[Liên thông\] Đã hết: Phần mềm đất đai ViLIS/)])
  expect(hooks().slice(1)).toMatchObject([{ type: 'alert.closed', data: { rule: 'SYSTEM_DOWN', closedAt: expect.any(String) } }])
  expect(await shown()).toMatchObject([
    { rule: 'SYSTEM_DOWN', isOpen: false, notices: [1, 2, 3, 4].map(() => ({ state: 'SENT', attempts: 1, lastError: null })) },
  ])
})

test('a test takes the road of an alert: mail and signed webhook, about nothing, and what became of it is shown', async () => {
  await open()
  const { acted } = await system.gateway.query<{ acted: { notices: unknown[] } }>(
    'operator',
    `mutation { acted: testAlertChannels(input: { clientKey: "thu-kenh-01", reason: "Đổi máy chủ thư" }) { ... on AlertTestQueued { notices { id } } } }`,
  )
  expect(acted.notices).toHaveLength(2)
  byHand()
  await round()
  await round()
  expect(subjects()).toEqual(['[Liên thông] Thông báo thử của cổng liên thông'])
  expect(hooks()).toMatchObject([{ type: 'alert.test', data: { kind: 'TEST', alertId: null, rule: null, systemId: null } }])
  const { alertChannels } = await system.gateway.query<{ alertChannels: unknown }>(
    'operator',
    '{ alertChannels { name lastTest { state attempts } } }',
  )
  expect(alertChannels).toEqual([
    { name: 'mail', lastTest: { state: 'SENT', attempts: 1 } },
    { name: 'webhook:truc-ban', lastTest: { state: 'SENT', attempts: 1 } },
  ])
  expect(await shown()).toEqual([])
})

test('a mail is plain, leads to the console and names nobody; its thread and its receivers are those of the configuration', async () => {
  await open({ systemDown: { minutes: 1 } })
  byHand()
  await goes('VILIS', 'UNAVAILABLE')
  await system.pass(5 * MINUTE_MS)
  await round()
  const [sent] = mail.mails
  const [{ data } = { data: {} as Record<string, unknown> }] = hooks()
  expect(sent).toMatchObject({ from: 'canh-bao@vi-du.vn', to: ['truc@vi-du.vn', 'to-truong@vi-du.vn'] })
  expect(sent?.headers).toMatchObject({ 'auto-submitted': 'auto-generated', references: `<${String(data.alertId)}@vi-du.vn>` })
  expect(sent?.headers['content-type']).toMatch(/^text\/plain/)
  expect(sent?.text).toContain(`Xem: https://lien-thong.vi-du.vn/console/alerts?id=${String(data.alertId)}`)
})

test('a webhook is signed as receivers’ libraries expect, and no other body passes for it', async () => {
  await open({ systemDown: { minutes: 1 } })
  byHand()
  await goes('VILIS', 'UNAVAILABLE')
  await system.pass(5 * MINUTE_MS)
  await round()
  const [hook] = receiver.requests
  if (!hook) throw new Error('nothing was received')
  const headers = hook.headers as Record<string, string>
  expect(new Webhook(KEY).verify(hook.body, headers)).toMatchObject({ type: 'alert.opened' })
  expect(() => new Webhook(KEY).verify(hook.body.replace('VILIS', 'PORTAL'), headers)).toThrow()
  expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(hook.body, headers)).toThrow()
})

test('with the mail server down the other channel is told at once; the mail is seen to wait, and comes later, once', async () => {
  await open({ systemDown: { minutes: 1 } })
  byHand()
  await mail.stop()
  await goes('VILIS', 'UNAVAILABLE')
  await system.pass(5 * MINUTE_MS)
  await round()
  await round()
  expect(receiver.requests).toHaveLength(1)
  const [alert] = await shown()
  expect(alert?.notices.find(({ channel }) => channel === 'mail')).toMatchObject({
    state: 'WAITING',
    attempts: 1,
    lastError: expect.stringMatching(/máy chủ thư.*\(E[A-Z]+\)\.$/),
    sentAt: null,
  })

  const metrics = await (await fetch(`${system.gateway.url}/metrics`, { headers: { connection: 'close' } })).text()
  expect(metrics).toContain('lienthong_alert_open{rule="SYSTEM_DOWN",system="VILIS"} 1')
  expect(metrics).toContain('lienthong_alert_notices_unsent{channel="mail"} 1')
  expect(metrics).toMatch(/^lienthong_alerts_looked_at_seconds \d/m)

  await goes('VILIS', 'ACCEPTED')
  await round()
  await mail.start()
  await system.pass(HOUR_MS)
  for (let again = 0; again < 3; again += 1) await round()
  expect(subjects()).toEqual([expect.stringContaining('Cảnh báo:'), expect.stringContaining('Đã hết:')])
  expect(new Set(mail.mails.map(({ headers }) => headers['message-id'])).size).toBe(2)
  expect((await shown()).flatMap(({ notices }) => notices.map(({ state }) => state))).toEqual(['SENT', 'SENT', 'SENT', 'SENT'])
})

test('a receiver that refuses or redirects is tried again under the same id; what it cannot take in a day is given up in plain sight', async () => {
  await open({ systemDown: { minutes: 1 } }, { mail: undefined })
  byHand()
  await goes('VILIS', 'UNAVAILABLE')
  await system.pass(5 * MINUTE_MS)
  receiver.answerNext({ status: 500 }, { status: 302, headers: { location: '/khac' } }, { status: 429, headers: { 'retry-after': '60' } })
  for (const why of ['HTTP 500', 'HTTP 302', 'HTTP 429']) {
    await round()
    expect((await shown())[0]?.notices).toMatchObject([{ state: 'WAITING', lastError: `Máy nhận trả lời ${why}.` }])
    await system.pass(5 * MINUTE_MS)
  }
  await round()
  expect((await shown())[0]?.notices[0]).toMatchObject({ state: 'SENT', attempts: 4 })
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/nhan', '/nhan', '/nhan', '/nhan'])
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)

  await receiver.stop()
  await goes('VILIS', 'ACCEPTED')
  await round()
  await system.pass(25 * HOUR_MS)
  await round()
  expect((await shown())[0]?.notices[1]).toMatchObject({
    kind: 'CLOSED',
    state: 'GIVEN_UP',
    lastError: expect.stringContaining('ECONNREFUSED'),
  })
})

test('what comes and goes is told once in the quiet time, and told after it when it is still there', async () => {
  await open({ systemDown: { minutes: 0 } })
  byHand()
  for (let again = 0; again < 4; again += 1) {
    await goes('VILIS', 'UNAVAILABLE')
    await round()
    await goes('VILIS', 'ACCEPTED')
    await round()
    await system.pass(MINUTE_MS)
  }
  expect(subjects().map((subject) => subject.split(':')[0])).toEqual(['[Liên thông] Cảnh báo', '[Liên thông] Đã hết'])
  await goes('VILIS', 'UNAVAILABLE')
  await round()
  expect(mail.mails).toHaveLength(2)
  await system.pass(40 * MINUTE_MS)
  await round()
  await round()
  expect(subjects().slice(2)).toEqual([expect.stringContaining('Cảnh báo: Phần mềm đất đai ViLIS không trả lời đã 4')])
})

test('most sendings to a system fail: told with their share, and mended when those of the window arrive', async () => {
  await open({ failureShare: { percent: 50, windowMinutes: 15, leastAttempts: 5 } })
  byHand()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 6 })
  for (let taken = 0; taken < 8; taken += 1) await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await round()
  expect(hooks()).toMatchObject([{ data: { rule: 'FAILURE_SHARE', systemId: 'VILIS', value: 75, threshold: 50 } }])
  await system.pass(20 * MINUTE_MS)
  await round()
  expect(hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed'])
})

test('a dossier that may miss its due date is told of without its code or its applicant, and so is that it may not any more', async () => {
  await open({ dueDateRisk: { dossiers: 1 } })
  byHand()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const dueAt = new Date(Date.now() + 6 * HOUR_MS).toISOString()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783', dueAt } })
  await system.drain()
  const logger = { info: () => undefined, warn: () => undefined }
  const watch = (): Promise<void> => watchDueDates({ sql: system.context.db, horizonWorkingDays: 1, graceMs: 900_000, logger })
  await watch()
  await round()
  expect(hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'DUE_DATE_RISK', systemId: 'VILIS', value: 1 } }])
  const [person] = await system.context.db.query<{ name: string }>(
    `SELECT p.full_name AS name FROM dossier d JOIN party p ON p.id = d.applicant_id WHERE d.code = $1`,
    [code],
  )
  const all = [...receiver.requests.map(({ body }) => body), ...mail.mails.map(({ text }) => text)].join('\n')
  expect([code, person?.name ?? ''].filter((secret) => secret === '' || all.includes(secret))).toEqual([])

  const { id } = await transferOf(system, `${code}.RECEIVE.1`)
  await replayTransfer(system.context.db, { transferId: id, reason: 'ViLIS đã sửa', actor: OPERATOR })
  await system.drain()
  await watch()
  await round()
  expect(hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed'])
})

test('the oldest that waits and what is held are told by system; what waits behind a held one is not told twice', async () => {
  await open({ oldestWaiting: { minutes: 30 }, heldTransfers: { transfers: 1 } })
  byHand()
  await system.twins.VILIS.offline()
  await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await round()
  expect(receiver.requests).toEqual([])
  await system.pass(31 * MINUTE_MS)
  await round()
  expect(hooks()).toMatchObject([{ data: { rule: 'OLDEST_WAITING', systemId: 'VILIS', value: 31 } }])
  await system.context.db.query(
    `UPDATE transfer SET state = 'HELD', held_reason = 'UNCERTAIN' WHERE system_id = 'VILIS' RETURNING 1 AS done`,
  )
  await round()
  const told = hooks().map(({ type, data }) => `${type} ${String(data.rule)}`)
  expect(told.slice(1).sort()).toEqual(['alert.closed OLDEST_WAITING', 'alert.opened HELD_TRANSFERS'])
})

test('a feed that runs backwards, or cannot be read on though its system answers, is told', async () => {
  await open({ feedStalled: { minutes: 15 } })
  byHand()
  await system.drain()
  await goes('VILIS', 'ACCEPTED')
  await system.context.db.query(
    `UPDATE poll_cursor SET stalled = 'một thay đổi không đọc được', stalled_since = app_now(), alarm = 'chạy lùi', alarm_since = app_now()
     WHERE system_id = 'VILIS' RETURNING 1 AS done`,
  )
  await round()
  expect(hooks().map(({ data }) => data.rule)).toEqual(['FEED_ALARM'])
  await system.pass(16 * MINUTE_MS)
  await round()
  expect(hooks().map(({ data }) => data.rule)).toEqual(['FEED_ALARM', 'FEED_STALLED'])
})

test('a feed that falls behind, or has never been read to its end, is told with its minutes, and so is that it has caught up', async () => {
  await open({ feedStalled: { minutes: 15 } })
  byHand()
  await system.drain()
  await goes('VILIS', 'ACCEPTED')
  await round()
  expect(hooks()).toEqual([])
  await system.pass(16 * MINUTE_MS)
  await round()
  expect(hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'FEED_STALLED', systemId: 'VILIS', value: 16, threshold: 15 } }])
  await system.drain()
  await round()
  expect(hooks()).toMatchObject([{}, { type: 'alert.closed', data: { rule: 'FEED_STALLED', systemId: 'VILIS' } }])

  await system.context.db.query(`UPDATE poll_cursor SET read_to_end_at = NULL WHERE system_id = 'VILIS' RETURNING 1 AS done`)
  await system.pass(60 * MINUTE_MS)
  await round()
  expect(hooks()).toMatchObject([{}, {}, { type: 'alert.opened', data: { rule: 'FEED_STALLED', systemId: 'VILIS', value: 76 } }])
})

test('unexpectedly many discrepancies of one system, and a run that nobody goes on with, are told once each', async () => {
  await open({ discrepancies: { open: 2 }, reconciliationStopped: { minutes: 60 } })
  byHand()
  const codes: string[] = []
  for (let index = 0; index < 2; index += 1)
    codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code)
  await system.drain()
  await system.twins.VILIS.act('drift', { kind: 'DELETED', code: codes[0] })
  await reconcile(system)
  await round()
  expect(hooks()).toEqual([])
  await system.twins.VILIS.act('drift', { kind: 'DUE_DATE', code: codes[1] })
  await reconcile(system)
  await round()
  expect(hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'DISCREPANCIES', systemId: 'VILIS', value: 2, threshold: 2 } }])
  const begun = await startRun(system.context.db, { ...BY_SCHEDULE, scope: 'OPEN', systems: ['VILIS'], recentDays: 7 })
  expect(begun).toBeDefined()
  await system.pass(59 * MINUTE_MS)
  await round()
  expect(hooks()).toHaveLength(1)
  await system.pass(2 * MINUTE_MS)
  await round()
  expect(hooks()[1]).toMatchObject({ type: 'alert.opened', data: { rule: 'RECONCILIATION_STOPPED', systemId: 'VILIS', value: 61 } })
  await goOn(system, begun as string)
  await round()
  expect(hooks()[2]).toMatchObject({ type: 'alert.closed', data: { rule: 'RECONCILIATION_STOPPED' } })
})
