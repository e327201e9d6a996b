import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { type Context, openContext } from '../../src/context.js'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { AlertSystem, MINUTE_MS, WEBHOOK_KEY } from '../support/alert-system.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { until } from '../support/until.js'

/** What goes wrong reaches people who are not looking: by mail over a real SMTP server, and by a signed webhook. */
let alerts: AlertSystem
let workers: RunningWorker[]
let others: Context[]
beforeEach(() => {
  workers = []
  others = []
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  for (const other of others) await other.close()
  await alerts.close()
})

const healthOfVilis = async (): Promise<string | undefined> =>
  (await alerts.system.context.db.query<{ health: string }>(`SELECT health FROM foreign_system WHERE id = 'VILIS'`))[0]?.health

test('a system that is down is told once by two workers, however often they look, and so is that it is back', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
  others.push(await openContext(alerts.system.context.options))
  for (const context of [alerts.system.context, ...others]) workers.push(await startWorker(context, { guardEveryMs: 100 }))
  await until('ViLIS is known to be up', async () => (await healthOfVilis()) === 'UP')
  await alerts.system.twins.VILIS.offline()
  await until('ViLIS is known to be down', async () => (await healthOfVilis()) === 'DOWN')
  await alerts.system.pass(2 * MINUTE_MS)
  await until('both channels were told', async () => alerts.mail.mails.length > 0 && alerts.receiver.requests.length > 0)
  const looks = new Set<number>()
  await until('it was looked at ten times more', async () => {
    const [alert] = await alerts.system.context.db.query<{ seenAt: Date }>(`SELECT seen_at AS "seenAt" FROM alert WHERE closed_at IS NULL`)
    return alert && looks.add(alert.seenAt.getTime()).size > 10
  })
  expect(alerts.subjects()).toEqual([expect.stringMatching(/^\[Liên thông\] Cảnh báo: Phần mềm đất đai ViLIS không trả lời đã \d+ phút$/)])
  expect(alerts.hooks()).toMatchObject([
    { type: 'alert.opened', data: { rule: 'SYSTEM_DOWN', systemId: 'VILIS', threshold: 1, closedAt: null } },
  ])

  // A channel has heard of it before we know that it has; a minute later who sends it would be taken for dead.
  await until('both are written down as sent', async () => (await alerts.shown())[0]?.notices.every(({ state }) => state === 'SENT'))
  await alerts.system.pass(MINUTE_MS)
  await alerts.system.twins.VILIS.online()
  await until('both channels have heard that it is back', async () => alerts.mail.mails.length > 1 && alerts.receiver.requests.length > 1)
  expect(alerts.subjects().slice(1)).toEqual([expect.stringMatching(/^\[Liên thông\] Đã hết: Phần mềm đất đai ViLIS/)])
  expect(alerts.hooks().slice(1)).toMatchObject([{ type: 'alert.closed', data: { rule: 'SYSTEM_DOWN', closedAt: expect.any(String) } }])
  const told = await until('all four are written down as sent', async () => {
    const shown = await alerts.shown()
    return shown[0]?.notices.filter(({ sentAt }) => sentAt !== null).length === 4 && shown
  })
  expect(told).toMatchObject([
    { rule: 'SYSTEM_DOWN', isOpen: false, notices: [1, 2, 3, 4].map(() => ({ state: 'SENT', attempts: 1, lastError: null })) },
  ])
})

test('a system that is silent to one call and answers the next one by a fault is one trouble: nobody is told in between that it is over', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.system.pass(5 * MINUTE_MS)
  await alerts.round()
  await alerts.system.context.db.query(`UPDATE alert SET acknowledged_at = app_now() RETURNING 1 AS done`)
  const rules: string[] = []
  for (const code of ['FAULT_Server', 'TIMEOUT', 'FAULT_Server']) {
    await alerts.system.pass(40 * MINUTE_MS)
    await alerts.goes('VILIS', 'UNAVAILABLE', code)
    await alerts.round()
    rules.push(...(await alerts.shown()).map(({ rule, isOpen }) => `${rule} ${isOpen}`))
  }
  expect(rules).toEqual(['SYSTEM_REFUSING true', 'SYSTEM_DOWN true', 'SYSTEM_REFUSING true'])
  expect(alerts.hooks().map(({ type }) => type)).toEqual(['alert.opened'])
  await alerts.goes('VILIS', 'ACCEPTED')
  await alerts.round()
  expect(alerts.hooks().map(({ type, data }) => `${type} ${data.rule}`)).toEqual([
    'alert.opened SYSTEM_DOWN',
    'alert.closed SYSTEM_REFUSING',
  ])
})

test('a test takes the road of an alert: mail and signed webhook, about nothing, and what became of it is shown', async () => {
  alerts = await AlertSystem.open()
  const { acted } = await alerts.system.gateway.query<{ acted: { notices: unknown[] } }>(
    'operator',
    `mutation { acted: testAlertChannels(input: { clientKey: "thu-kenh-01", reason: "Đổi máy chủ thư" }) { ... on AlertTestQueued { notices { id } } } }`,
  )
  expect(acted.notices).toHaveLength(2)
  await alerts.round()
  await alerts.round()
  expect(alerts.subjects()).toEqual(['[Liên thông] Thông báo thử của cổng liên thông'])
  expect(alerts.hooks()).toMatchObject([{ type: 'alert.test', data: { kind: 'TEST', alertId: null, rule: null, systemId: null } }])
  const { alertChannels } = await alerts.system.gateway.query<{ alertChannels: unknown }>(
    'operator',
    '{ alertChannels { name lastTest { state attempts } } }',
  )
  expect(alertChannels).toEqual([
    { name: 'mail', lastTest: { state: 'SENT', attempts: 1 } },
    { name: 'webhook:truc-ban', lastTest: { state: 'SENT', attempts: 1 } },
  ])
  expect(await alerts.shown()).toEqual([])
})

test('a mail is plain, leads to the console and names nobody; its thread and its receivers are those of the configuration', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.system.pass(5 * MINUTE_MS)
  await alerts.round()
  const [sent] = alerts.mail.mails
  const [{ data } = { data: {} as Record<string, unknown> }] = alerts.hooks()
  expect(sent).toMatchObject({ from: 'canh-bao@vi-du.vn', to: ['truc@vi-du.vn', 'to-truong@vi-du.vn'] })
  expect(sent?.headers).toMatchObject({ 'auto-submitted': 'auto-generated', references: `<${String(data.alertId)}@vi-du.vn>` })
  expect(sent?.headers['content-type']).toMatch(/^text\/plain/)
  expect(sent?.text).toContain(`Xem: https://lien-thong.vi-du.vn/console/alerts?id=${String(data.alertId)}`)
})

test('a webhook is signed as receivers’ libraries expect, and no other body passes for it', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.system.pass(5 * MINUTE_MS)
  await alerts.round()
  const [hook] = alerts.receiver.requests
  if (!hook) throw new Error('nothing was received')
  const headers = hook.headers as Record<string, string>
  expect(new Webhook(WEBHOOK_KEY).verify(hook.body, headers)).toMatchObject({ type: 'alert.opened' })
  expect(() => new Webhook(WEBHOOK_KEY).verify(hook.body.replace('VILIS', 'PORTAL'), headers)).toThrow()
  expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(hook.body, headers)).toThrow()
})

test('with the mail server down the other channel is told at once; the mail is seen to wait, and comes later, once', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } })
  await alerts.mail.stop()
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.system.pass(5 * MINUTE_MS)
  await alerts.round()
  await alerts.round()
  expect(alerts.receiver.requests).toHaveLength(1)
  const [alert] = await alerts.shown()
  expect(alert?.notices.find(({ channel }) => channel === 'mail')).toMatchObject({
    state: 'WAITING',
    attempts: 1,
    lastError: expect.stringMatching(/máy chủ thư.*\(E[A-Z]+\)\.$/),
    sentAt: null,
  })

  const metrics = await (await fetch(`${alerts.system.gateway.url}/metrics`, { headers: { connection: 'close' } })).text()
  expect(metrics).toContain('lienthong_alert_open{rule="SYSTEM_DOWN",system="VILIS"} 1')
  expect(metrics).toContain('lienthong_alert_notices_unsent{channel="mail"} 1')
  expect(metrics).toMatch(/^lienthong_alerts_looked_at_seconds \d/m)

  await alerts.goes('VILIS', 'ACCEPTED')
  await alerts.round()
  await alerts.mail.start()
  await alerts.system.pass(HOUR_MS)
  for (let again = 0; again < 3; again += 1) await alerts.round()
  expect(alerts.subjects()).toEqual([expect.stringContaining('Cảnh báo:'), expect.stringContaining('Đã hết:')])
  expect(new Set(alerts.mail.mails.map(({ headers }) => headers['message-id'])).size).toBe(2)
  expect((await alerts.shown()).flatMap(({ notices }) => notices.map(({ state }) => state))).toEqual(['SENT', 'SENT', 'SENT', 'SENT'])
})

test('a receiver that refuses or redirects is tried again under the same id; what it cannot take in a day is given up in plain sight', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 1 } }, { mail: undefined })
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.system.pass(5 * MINUTE_MS)
  alerts.receiver.answerNext(
    { status: 500 },
    { status: 302, headers: { location: '/khac' } },
    { status: 429, headers: { 'retry-after': '60' } },
  )
  for (const why of ['HTTP 500', 'HTTP 302', 'HTTP 429']) {
    await alerts.round()
    expect((await alerts.shown())[0]?.notices).toMatchObject([{ state: 'WAITING', lastError: `Máy nhận trả lời ${why}.` }])
    await alerts.system.pass(5 * MINUTE_MS)
  }
  await alerts.round()
  expect((await alerts.shown())[0]?.notices[0]).toMatchObject({ state: 'SENT', attempts: 4 })
  expect(alerts.receiver.requests.map(({ path }) => path)).toEqual(['/nhan', '/nhan', '/nhan', '/nhan'])
  expect(new Set(alerts.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)

  await alerts.receiver.stop()
  await alerts.goes('VILIS', 'ACCEPTED')
  await alerts.round()
  await alerts.system.pass(25 * HOUR_MS)
  await alerts.round()
  expect((await alerts.shown())[0]?.notices[1]).toMatchObject({
    kind: 'CLOSED',
    state: 'GIVEN_UP',
    lastError: expect.stringContaining('ECONNREFUSED'),
  })
})

test('what comes and goes is told once in the quiet time, and told after it when it is still there', async () => {
  alerts = await AlertSystem.open({ systemDown: { minutes: 0 } })
  for (let again = 0; again < 4; again += 1) {
    await alerts.goes('VILIS', 'UNAVAILABLE')
    await alerts.round()
    await alerts.goes('VILIS', 'ACCEPTED')
    await alerts.round()
    await alerts.system.pass(MINUTE_MS)
  }
  expect(alerts.subjects().map((subject) => subject.split(':')[0])).toEqual(['[Liên thông] Cảnh báo', '[Liên thông] Đã hết'])
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.round()
  expect(alerts.mail.mails).toHaveLength(2)
  await alerts.system.pass(40 * MINUTE_MS)
  await alerts.round()
  await alerts.round()
  expect(alerts.subjects().slice(2)).toEqual([expect.stringContaining('Cảnh báo: Phần mềm đất đai ViLIS không trả lời đã 4')])
})
