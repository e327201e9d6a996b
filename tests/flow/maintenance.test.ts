import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { evaluateAlerts } from '../../src/alerting/evaluate-alerts.js'
import { parseConfiguration } from '../../src/config/config.js'
import { SYSTEM_IDS } from '../../src/model/system.js'
import { pruneSystemChanges } from '../../src/operator/system-history-repository.js'
import { reportCall } from '../../src/transfer/breaker-repository.js'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { startWorker } from '../../src/worker-process.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { raise } from '../support/raise.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** Planned maintenance, and what stands of it and of outages on the timeline, asked over GraphQL as operators ask it. */
const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ gateway: true, systems: { ONE_STOP: { poll: { everyMs: 200 } } } })
})
afterAll(() => shared.close())

const HOUR_MS = 3_600_000
const RESULT = `__typename ... on SystemActDone { repeated system { maintenance { id state from until reason plannedBy } } } ... on InputRefused { reason field message }
  ... on ActRefused { reason message } ... on ClientKeyReused { message }`
interface Answer {
  readonly __typename: string
  readonly system?: { readonly maintenance: readonly { readonly id: string; readonly state: string }[] }
  readonly reason?: string
  readonly message?: string
}
let keys = 0
const now = async (): Promise<number> =>
  ((await system.context.db.query<{ now: Date }>('SELECT app_now() AS now'))[0]?.now ?? new Date(0)).getTime()
const act = async (name: 'planMaintenance' | 'endMaintenance', changes: object): Promise<Answer> => {
  keys += 1
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const input = { clientKey: `bao-tri-${keys}`, systemId: 'VILIS', reason: 'ViLIS nâng cấp', ...changes }
  const text = `mutation ($input: ${type}!) { act: ${name}(input: $input) { ${RESULT} } }`
  return (await system.gateway.query<{ act: Answer }>('operator', text, { input })).act
}
/** Hours from now; `from` left out: at once. */
const plan = async (untilHours: number, fromHours?: number, changes: object = {}): Promise<Answer> => {
  const at = await now()
  const instant = (hours: number): string => new Date(at + hours * HOUR_MS).toISOString()
  return act('planMaintenance', { until: instant(untilHours), ...(fromHours !== undefined && { from: instant(fromHours) }), ...changes })
}
const take = async (): Promise<string> => (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code
const receivedByVilis = async (): Promise<number> => (await system.accepted('VILIS')).length
const statesOf = async (systemId: string, hours = 24): Promise<string[]> => {
  const asked = '{ systemHistory(hours: 24) { systemId from until spans { state from until } } }'.replace('24', String(hours))
  const { systemHistory } = await system.gateway.query<{ systemHistory: { systemId: string; spans: { state: string }[] }[] }>(
    'operator',
    asked,
  )
  return systemHistory.find((one) => one.systemId === systemId)?.spans.map(({ state }) => state) ?? []
}

describe('planned maintenance', () => {
  test('holds everything back without an attempt, says until when to whoever asks, and ends by itself', async () => {
    expect(await plan(2)).toMatchObject({
      __typename: 'SystemActDone',
      system: { maintenance: [{ state: 'RUNNING', reason: 'ViLIS nâng cấp', plannedBy: 'Người thử operator (operator)' }] },
    })
    const code = await take()
    await system.drain()
    expect(await receivedByVilis()).toBe(0)
    const [transfer] = await system.context.db.query<{ id: string; attempts: number; idNumber: string }>(
      `SELECT t.id::text, t.attempt_count AS attempts, p.id_number AS "idNumber" FROM transfer t JOIN dossier d ON d.id = t.dossier_id
         JOIN party p ON p.id = d.applicant_id WHERE t.system_id = 'VILIS' AND d.code = $1`,
      [code],
    )
    expect(transfer?.attempts).toBe(0)
    const told = await system.gateway.query<Record<string, Record<string, unknown>>>(
      'admin',
      `{ transfer(id: "${transfer?.id}") { waitingFor { kind reason } explanation { what nextStep } } dossier(code: "${code}") { interlink { waitingFor { kind reason } } } }`,
    )
    const sentence = /^Phần mềm đất đai ViLIS bảo trì đến \d\d:\d\d:\d\d ngày \d\d\/\d\d\/\d{4} \(ViLIS nâng cấp\)\.$/
    expect(told.transfer).toMatchObject({
      waitingFor: { kind: 'MAINTENANCE', reason: expect.stringMatching(sentence) },
      explanation: { what: expect.stringMatching(/^ViLIS đang bảo trì theo kế hoạch đến /) },
    })
    expect(told.dossier).toMatchObject({ interlink: { waitingFor: { kind: 'MAINTENANCE', reason: expect.stringMatching(sentence) } } })
    const lookUp = await fetch(`${system.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({
        query:
          'query ($c: String!, $d: String!) { citizenLookUp(code: $c, lastDigits: $d) { ... on CitizenDossier { waitingFor waitingText } } }',
        variables: { c: code, d: transfer?.idNumber.replaceAll(/\D/g, '').slice(-4) },
      }),
    })
    expect(((await lookUp.json()) as { data: object }).data).toMatchObject({
      citizenLookUp: { waitingFor: 'INTERLINK', waitingText: expect.stringMatching(/cơ quan đăng ký đất đai đang bảo trì đến/) },
    })
    await system.pass(2 * HOUR_MS)
    await system.drain()
    await expectAllDelivered(system)
    expect(await statesOf('VILIS')).toEqual(['UNKNOWN', 'MAINTENANCE', 'UNKNOWN'])
    const audits = await system.context.db.query<{ act: string; reason: string; after: object }>(
      `SELECT act, reason, after FROM audit_entry`,
    )
    expect(audits).toMatchObject([
      { act: 'PLAN_MAINTENANCE', reason: 'ViLIS nâng cấp', after: { maintenance: { from: expect.any(String) } } },
    ])
  })

  test('begins at its hour, is ended early by a person, and what waits goes on', async () => {
    const planned = await plan(3, 1)
    expect(planned.system?.maintenance).toMatchObject([{ state: 'PLANNED' }])
    const windowId = planned.system?.maintenance[0]?.id
    await take()
    await system.drain()
    expect(await receivedByVilis()).toBeGreaterThan(0)
    await system.pass(1.5 * HOUR_MS)
    await take()
    await system.drain()
    const before = await receivedByVilis()
    expect(await act('endMaintenance', { windowId })).toMatchObject({ __typename: 'SystemActDone', system: { maintenance: [] } })
    await system.drain()
    expect(await receivedByVilis()).toBe(before + 1)
    await expectAllDelivered(system)
    expect(await act('endMaintenance', { windowId })).toMatchObject({ __typename: 'ActRefused', reason: 'WINDOW_OVER' })
    const taken = await plan(30, 20)
    expect(await act('endMaintenance', { windowId: taken.system?.maintenance[0]?.id })).toMatchObject({ system: { maintenance: [] } })
    // Taken back before it began: it is free again.
    expect(await plan(29, 21)).toMatchObject({ __typename: 'SystemActDone' })
  })

  test('is refused clearly when it overlaps, is past, is too long, or is no window; and for who may not', async () => {
    await plan(4, 2)
    expect(await plan(3)).toMatchObject({
      __typename: 'InputRefused',
      reason: 'WINDOW_OVERLAPS',
      message: expect.stringMatching(/^Trùng với khung bảo trì từ .* do Người thử operator/),
    })
    expect(await plan(1.9)).toMatchObject({ __typename: 'SystemActDone' })
    expect(await plan(3, 3)).toMatchObject({ __typename: 'InputRefused', reason: 'WINDOW_EMPTY' })
    expect(await plan(-1, -2)).toMatchObject({ __typename: 'InputRefused', reason: 'WINDOW_PAST' })
    expect(await plan(100, 10)).toMatchObject({
      __typename: 'InputRefused',
      reason: 'WINDOW_TOO_LONG',
      message: expect.stringContaining('72 giờ'),
    })
    expect(await plan(4, 3, { systemId: 'PORTAL' })).toMatchObject({ __typename: 'SystemActDone' })
    const officer = await system.gateway.ask('officer', '{ systemHistory { systemId } }')
    expect(officer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    const missing = await system.gateway.ask(
      'operator',
      'mutation { endMaintenance(input: { clientKey: "khong-co-khung", systemId: VILIS, reason: "kết thúc", windowId: "khong-co" }) { __typename } }',
    )
    expect(missing.errors?.[0]?.extensions?.code).toBe('NOT_FOUND')
  })

  test('reads no changes of the system either, by a running worker, until it is over', async () => {
    await plan(2, undefined, { systemId: 'ONE_STOP' })
    const worker = await startWorker(system.context)
    try {
      await take()
      // ViLIS is polled all the while: when it has been, the desk would have been as well.
      await until('ViLIS is read', async () => {
        const rows = await system.context.db.query(
          `SELECT 1 AS read FROM poll_cursor WHERE system_id = 'VILIS' AND read_to_end_at IS NOT NULL`,
        )
        return rows.length > 0
      })
      expect(await system.context.db.query('SELECT 1 AS known FROM dossier')).toEqual([])
      await system.pass(2 * HOUR_MS)
      await until('the dossier is known', async () => (await system.context.db.query('SELECT 1 AS known FROM dossier')).length > 0)
    } finally {
      await worker.stop()
    }
  })

  test('alarms nobody that the system is silent, nor right after it, and calls no recovery what nobody looked at', async () => {
    const { db } = system.context
    const { rules } = parseConfiguration({}).alerts
    const look = () =>
      evaluateAlerts({
        db,
        logger: { info: () => undefined, warn: () => undefined },
        thresholds: rules,
        quietMs: 0,
        systems: SYSTEM_IDS,
        polled: [],
        channels: ['mail'],
        consoleUrl: undefined,
      })
    const open = async () => (await db.query<{ rule: string }>('SELECT rule FROM alert WHERE closed_at IS NULL')).map(({ rule }) => rule)
    const health = createSystemHealth(db, raise)
    health.report({ systemId: 'VILIS', outcome: 'UNAVAILABLE', cause: 'Không kết nối được.' })
    await health.flush()
    await system.pass(10 * 60_000)
    await look()
    expect(await open()).toEqual(['SYSTEM_DOWN'])
    await plan(2)
    await look()
    expect(await open()).toEqual(['SYSTEM_DOWN'])
    await db.query(`UPDATE alert SET closed_at = app_now() RETURNING 1 AS done`)
    await look()
    await system.pass(2 * HOUR_MS)
    await look()
    expect(await open()).toEqual([])
    await system.pass(31 * 60_000)
    await look()
    expect(await open()).toEqual(['SYSTEM_DOWN'])
  })
})

describe('the timeline', () => {
  test('shows outages, open breakers and pauses as they came, and keeps how it began when the past is removed', async () => {
    const { db, options } = system.context
    const health = createSystemHealth(db, raise)
    const rules = options.configuration.retry.breaker
    const report = async (outcome: string): Promise<void> => {
      health.report({ systemId: 'VILIS', outcome, cause: 'Không kết nối được.' } as Parameters<typeof health.report>[0])
      await health.flush()
      await system.pass(HOUR_MS)
    }
    const pause = async (name: 'pauseSystem' | 'resumeSystem'): Promise<void> => {
      keys += 1
      await system.gateway.query(
        'operator',
        `mutation { ${name}(input: { clientKey: "tam-dung-${keys}", systemId: VILIS, reason: "thay máy chủ" }) { __typename } }`,
      )
      await system.pass(HOUR_MS)
    }
    await report('ACCEPTED')
    await report('UNAVAILABLE')
    await report('ACCEPTED')
    for (let n = 0; n < rules.failuresToOpen; n++) await reportCall(db, 'VILIS', 'SEND', { kind: 'FAILED', cause: 'hỏng' }, rules)
    await system.pass(HOUR_MS)
    await pause('pauseSystem')
    await pause('resumeSystem')
    expect(await statesOf('VILIS')).toEqual(['UNKNOWN', 'UP', 'DOWN', 'UP', 'BREAKER_OPEN', 'PAUSED', 'BREAKER_OPEN'])
    expect(await statesOf('PORTAL')).toEqual(['UNKNOWN'])
    await system.pass(40 * 24 * HOUR_MS)
    expect(await statesOf('VILIS', 168)).toEqual(['BREAKER_OPEN'])
    expect(await pruneSystemChanges(db, 35, 1_000)).toBeGreaterThan(0)
    expect(await statesOf('VILIS', 168)).toEqual(['BREAKER_OPEN'])
    expect(await pruneSystemChanges(db, 35, 1_000)).toBe(0)
    const { errors } = await system.gateway.ask('operator', '{ systemHistory(hours: 169) { systemId } }')
    expect(errors?.[0]).toMatchObject({ message: 'Số giờ phải từ 1 đến 168.' })
  })
})
