import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AlertWatch, evaluateAlerts } from '../../src/alerting/evaluate-alerts.js'
import { parseConfiguration } from '../../src/config/config.js'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { raise } from '../support/raise.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

/** The console's side of alerts: a list, and each that opens or ends as it happens. */
let api: TestApi
let operator: string
beforeAll(async () => {
  api = await startTestApi()
  operator = await api.token('operator')
})
afterAll(() => api.close())

const look = (): Promise<void> => {
  const logger = { info: () => undefined, warn: () => undefined }
  const rules = { ...parseConfiguration({}).alerts.rules, systemDown: { minutes: 0 } }
  const watch: AlertWatch = {
    db: api.db,
    logger,
    thresholds: rules,
    quietMs: 0,
    systems: ['VILIS', 'PORTAL'],
    polled: [],
    channels: [],
    consoleUrl: undefined,
  }
  return evaluateAlerts(watch)
}
const goes = async (systemId: 'VILIS' | 'PORTAL', outcome: 'UNAVAILABLE' | 'ACCEPTED'): Promise<void> => {
  const health = createSystemHealth(api.db, raise)
  health.report({ systemId, outcome, cause: 'Không kết nối được.' })
  await health.flush()
  await look()
}

interface Change {
  readonly alertChanged: { readonly eventId: string; readonly alert: { readonly systemId: string; readonly isOpen: boolean } }
}
const FOLLOW =
  'subscription ($lastEventId: ID) { alertChanged(lastEventId: $lastEventId) { eventId alert { systemId isOpen title notices { id } } } }'
const take = async (events: AsyncIterableIterator<{ data?: Change | null }>, count: number): Promise<Change['alertChanged'][]> => {
  const taken: Change['alertChanged'][] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done || !value.data) throw new Error(`ended after ${taken.length}: ${JSON.stringify(value)}`)
    taken.push(value.data.alertChanged)
  }
  return taken
}

test('each that opens or ends is told once; who comes back with the last event id misses none', async () => {
  const first = api.subscribe(operator)
  const events = first.iterate<Change>({ query: FOLLOW, variables: { lastEventId: '0' } })
  await goes('VILIS', 'UNAVAILABLE')
  const [opened] = await take(events, 1)
  expect(opened?.alert).toEqual({ systemId: 'VILIS', isOpen: true, title: 'Phần mềm đất đai ViLIS không trả lời đã 0 phút', notices: [] })
  await look()
  await first.dispose()

  await goes('PORTAL', 'UNAVAILABLE')
  await goes('VILIS', 'ACCEPTED')
  const second = api.subscribe(operator)
  const resumed = second.iterate<Change>({ query: FOLLOW, variables: { lastEventId: opened?.eventId } })
  expect((await take(resumed, 2)).map(({ alert }) => [alert.systemId, alert.isOpen])).toEqual([
    ['PORTAL', true],
    ['VILIS', false],
  ])
  await goes('PORTAL', 'ACCEPTED')
  expect((await take(resumed, 1)).map(({ alert }) => [alert.systemId, alert.isOpen])).toEqual([['PORTAL', false]])
  await second.dispose()
})

test('the list has the newest first, all or the open ones', async () => {
  await goes('VILIS', 'UNAVAILABLE')
  const list = async (args: string) =>
    (await api.query(operator, `{ alerts${args} { totalCount edges { node { rule systemId isOpen value threshold closedAt } } } }`)).data
      .alerts
  expect(await list('(openOnly: true)')).toEqual({
    totalCount: 1,
    edges: [{ node: { rule: 'SYSTEM_DOWN', systemId: 'VILIS', isOpen: true, value: 0, threshold: 0, closedAt: null } }],
  })
  const all = await list('(first: 2)')
  const { lookedAt } = (await api.query(operator, '{ alerts(first: 1) { lookedAt } }')).data.alerts
  expect(Date.now() - Date.parse(lookedAt)).toBeLessThan(60_000)
  expect(all.totalCount).toBe(3)
  expect(all.edges.map(({ node }: { node: { isOpen: boolean } }) => node.isOpen)).toEqual([true, false])
})

test('two processes that look at the same moment open one alert', async () => {
  await goes('VILIS', 'ACCEPTED')
  const health = createSystemHealth(api.db, raise)
  health.report({ systemId: 'VILIS', outcome: 'UNAVAILABLE', cause: 'Không kết nối được.' })
  await health.flush()
  await Promise.all([look(), look(), look(), look()])
  const open = await api.db.query(`SELECT id FROM alert WHERE closed_at IS NULL`)
  expect(open).toHaveLength(1)
})

const ACK = `mutation ($input: AcknowledgeAlertInput!) { acted: acknowledgeAlert(input: $input) { __typename
  ... on AlertAcknowledged { repeated alert { id isOpen acknowledgedBy acknowledgedWhy } } ... on ActRefused { reason message } } }`
const acknowledge = async (role: 'operator' | 'admin', input: object) => (await api.query(await api.token(role), ACK, { input })).data.acted

test('one is found by its id and taken by a named person: the second is told who was first, whoever follows hears of it, and the trail keeps it', async () => {
  const [open] = await api.db.query<{ id: string }>(`SELECT id::text FROM alert WHERE closed_at IS NULL`)
  const alertId = open?.id ?? ''
  const latest = await api.db.query<{ no: string }>(`SELECT max(change_no)::text AS no FROM alert`)
  const reason = 'Đã gọi ông Nguyễn Văn An ở ViLIS'
  const input = { clientKey: 'nhan-xu-ly-01', alertId, reason }
  const taken = await acknowledge('operator', input)
  expect(taken).toMatchObject({
    repeated: false,
    alert: {
      id: alertId,
      isOpen: true,
      acknowledgedWhy: 'Đã gọi ông N*** V*** A*** ở ViLIS',
      acknowledgedBy: expect.stringContaining('thu-operator'),
    },
  })
  expect(await acknowledge('operator', input)).toMatchObject({ repeated: true })
  expect(await acknowledge('admin', { ...input, clientKey: 'nhan-xu-ly-02' })).toMatchObject({
    reason: 'ALREADY_ACKNOWLEDGED',
    message: expect.stringContaining('thu-operator'),
  })
  const client = api.subscribe(operator)
  const events = client.iterate<Change>({ query: FOLLOW, variables: { lastEventId: latest[0]?.no } })
  expect((await take(events, 1))[0]?.alert).toMatchObject({ systemId: 'VILIS', isOpen: true })
  await client.dispose()
  const trail = await api.db.query(`SELECT reason, system_id FROM audit_entry WHERE act = 'ACKNOWLEDGE_ALERT'`)
  expect(trail).toEqual([{ reason, system_id: 'VILIS' }])

  const one = async (id: string) => api.query(operator, 'query ($id: ID!) { alert(id: $id) { id acknowledgedBy } }', { id })
  expect((await one(alertId)).data.alert.id).toBe(alertId)
  expect((await one('00000000-0000-7000-8000-000000000000')).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' })
  await goes('VILIS', 'ACCEPTED')
  expect(await acknowledge('admin', { ...input, clientKey: 'nhan-xu-ly-03' })).toMatchObject({ reason: 'ALERT_OVER' })
})

const TEST = `mutation ($input: TestAlertChannelsInput!) { acted: testAlertChannels(input: $input) { __typename
  ... on AlertTestQueued { repeated notices { id kind channel state attempts } } ... on ActRefused { reason message } } }`

test('a test goes into the line of each channel once, and of a channel that is none it is said which there are', async () => {
  const test = async (more: object) =>
    (await api.query(operator, TEST, { input: { clientKey: 'thu-kenh-0001', reason: 'Đổi máy chủ thư', ...more } })).data.acted
  expect(await test({ channel: 'fax', clientKey: 'thu-kenh-0000' })).toMatchObject({
    reason: 'CHANNEL_UNKNOWN',
    message: expect.stringContaining('mail, webhook:truc-ban'),
  })
  const queued = await test({})
  expect(queued.notices).toMatchObject([
    { channel: 'mail', kind: 'TEST', state: 'WAITING', attempts: 0 },
    { channel: 'webhook:truc-ban', kind: 'TEST', state: 'WAITING', attempts: 0 },
  ])
  expect(await test({})).toEqual({ ...queued, repeated: true })
  expect(await api.db.query(`SELECT channel FROM alert_notice WHERE kind = 'TEST'`)).toHaveLength(2)
  const { alertChannels } = (await api.query(operator, '{ alertChannels { name lastSentAt lastTest { id state } } }')).data
  expect(alertChannels).toEqual(
    queued.notices.map(({ id, channel }: { id: string; channel: string }) => ({
      name: channel,
      lastSentAt: null,
      lastTest: { id, state: 'WAITING' },
    })),
  )
  const forbidden = await api.query(await api.token('officer', ['28633']), TEST, {
    input: { clientKey: 'thu-kenh-0002', reason: 'Thử thôi' },
  })
  expect(forbidden.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('officers and citizens’ applications neither list nor follow them', async () => {
  for (const token of [await api.token('officer', ['28633']), await api.token('citizen-app')]) {
    expect((await api.query(token, '{ alerts { totalCount } }')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const client = api.subscribe(token)
    const { value } = await client.iterate({ query: FOLLOW }).next()
    expect(value.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    await client.dispose()
  }
})

test('an event id that is none is refused', async () => {
  const client = api.subscribe(operator)
  const { value } = await client.iterate({ query: FOLLOW, variables: { lastEventId: 'x' } }).next()
  expect(value.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'EVENT_ID_INVALID' } }])
  await client.dispose()
})
