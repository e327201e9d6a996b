import { afterEach, expect, test } from '@jest/globals'
import { watchDueDates } from '../../src/alerting/watch-due-dates.js'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { claimRun, endRun, moveRun, type RunLease } from '../../src/reconciliation/run-repository.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { loadMappings, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { listSystems } from '../../src/transfer/system-reads-repository.js'
import { AlertSystem, MINUTE_MS } from '../support/alert-system.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { drift, goOn, reconcile, takeSome } from '../support/reconcile.js'
import { seedTransfer } from '../support/seed-dossiers.js'

/** Each rule: when it opens an alert, of which system and with what figure, and when it is over. */
let alerts: AlertSystem
afterEach(() => alerts.close())

test('most sendings to a system fail: told with their share, and mended when those of the window arrive', async () => {
  alerts = await AlertSystem.open({ failureShare: { percent: 50, windowMinutes: 15, leastAttempts: 5 } })
  await alerts.system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 6 })
  await takeSome(alerts.system, 8)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{ data: { rule: 'FAILURE_SHARE', systemId: 'VILIS', value: 75, threshold: 50 } }])
  await alerts.system.pass(20 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed'])
})

test('a dossier that may miss its due date is told of without its code or its applicant, and so is that it may not any more', async () => {
  alerts = await AlertSystem.open({ dueDateRisk: { dossiers: 1 } })
  await alerts.system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const dueAt = new Date(Date.now() + 6 * HOUR_MS).toISOString()
  const { code } = await alerts.system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783', dueAt },
  })
  await alerts.system.drain()
  const logger = { info: () => undefined, warn: () => undefined }
  const watch = (): Promise<void> => watchDueDates({ sql: alerts.system.context.db, horizonWorkingDays: 1, graceMs: 900_000, logger })
  await watch()
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'DUE_DATE_RISK', systemId: 'VILIS', value: 1 } }])
  const [person] = await alerts.system.context.db.query<{ name: string }>(
    `SELECT p.full_name AS name FROM dossier d JOIN party p ON p.id = d.applicant_id WHERE d.code = $1`,
    [code],
  )
  const all = [...alerts.receiver.requests.map(({ body }) => body), ...alerts.mail.mails.map(({ text }) => text)].join('\n')
  expect([code, person?.name ?? ''].filter((secret) => secret === '' || all.includes(secret))).toEqual([])

  const { id } = await transferOf(alerts.system, `${code}.RECEIVE.1`)
  await replayTransfer(alerts.system.context.db, { transferId: id, reason: 'ViLIS đã sửa', actor: OPERATOR })
  await alerts.system.drain()
  await watch()
  await alerts.round()
  expect(alerts.hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed'])
})

test('the oldest that waits and what is held are told by system; what waits behind a held one is not told twice', async () => {
  alerts = await AlertSystem.open({ oldestWaiting: { minutes: 30 }, heldTransfers: { transfers: 1 } })
  await alerts.system.twins.VILIS.offline()
  await takeSome(alerts.system, 1)
  await alerts.round()
  expect(alerts.receiver.requests).toEqual([])
  await alerts.system.pass(31 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{ data: { rule: 'OLDEST_WAITING', systemId: 'VILIS', value: 31 } }])
  await alerts.system.context.db.query(
    `UPDATE transfer SET state = 'HELD', held_reason = 'UNCERTAIN' WHERE system_id = 'VILIS' RETURNING 1 AS done`,
  )
  await alerts.round()
  const told = alerts.hooks().map(({ type, data }) => `${type} ${String(data.rule)}`)
  expect(told.slice(1).sort()).toEqual(['alert.closed OLDEST_WAITING', 'alert.opened HELD_TRANSFERS'])
  // A refusal stands still as well: the alert goes on when what was held is refused, and is over when nothing waits for a person.
  for (const [state, open] of [
    ['REJECTED', 1],
    ['EXHAUSTED', 1],
    ['ABANDONED', 0],
  ] as const) {
    await alerts.system.context.db.query(
      `UPDATE transfer SET state = $1, held_reason = NULL, settled_at = app_now() WHERE system_id = 'VILIS' RETURNING 1 AS done`,
      [state],
    )
    await alerts.round()
    const [left] = await alerts.system.context.db.query<{ n: number }>('SELECT count(*)::int AS n FROM alert WHERE closed_at IS NULL')
    expect(left?.n).toBe(open)
  }
})

test('what is put in line again, or was kept waiting by one before it, has waited since then and not since it was planned', async () => {
  alerts = await AlertSystem.open({ oldestWaiting: { minutes: 30 } })
  const { db } = alerts.system.context
  await alerts.system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const [code] = await takeSome(alerts.system, 1)
  await alerts.system.twins.VILIS.offline()
  await alerts.system.pass(10 * 60 * MINUTE_MS)
  const { id } = await transferOf(alerts.system, `${code}.RECEIVE.1`)
  await replayTransfer(db, { transferId: id, reason: 'ViLIS đã sửa', actor: OPERATOR })
  const oldest = async () => (await listSystems(db, { communes: null })).find((system) => system.id === 'VILIS')?.oldestWaitingAt
  const [{ now } = { now: new Date(0) }] = await db.query<{ now: Date }>('SELECT app_now() AS now')
  expect(now.getTime() - ((await oldest())?.getTime() ?? 0)).toBeLessThan(MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toEqual([])
  await alerts.system.pass(31 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'OLDEST_WAITING', systemId: 'VILIS', value: 31 } }])

  // It arrives, and what stood behind it all the time is free only now.
  const [dossier] = await db.query<{ id: string; code: string }>('SELECT id::text, code FROM dossier WHERE code = $1', [code])
  if (!dossier) throw new Error('the dossier is not there')
  await seedTransfer(db, { dossier, sequence: 2, operation: 'SUPPLEMENT' })
  await alerts.system.pass(31 * MINUTE_MS)
  await db.query(`UPDATE transfer SET state = 'DELIVERED', settled_at = app_now() WHERE id = $1::uuid RETURNING 1 AS done`, [id])
  await alerts.round()
  expect(alerts.hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed'])
  await alerts.system.pass(31 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks().map(({ type }) => type)).toEqual(['alert.opened', 'alert.closed', 'alert.opened'])
  expect(alerts.hooks().at(-1)).toMatchObject({ data: { rule: 'OLDEST_WAITING', systemId: 'VILIS', value: 31 } })
})

test('a feed that runs backwards, or cannot be read on though its system answers, is told', async () => {
  alerts = await AlertSystem.open({ feedStalled: { minutes: 15 } })
  await alerts.system.drain()
  await alerts.goes('VILIS', 'ACCEPTED')
  await alerts.system.context.db.query(
    `UPDATE poll_cursor SET stalled = 'một thay đổi không đọc được', stalled_since = app_now(), alarm = 'chạy lùi', alarm_since = app_now()
     WHERE system_id = 'VILIS' RETURNING 1 AS done`,
  )
  await alerts.round()
  expect(alerts.hooks().map(({ data }) => data.rule)).toEqual(['FEED_ALARM'])
  await alerts.system.pass(16 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks().map(({ data }) => data.rule)).toEqual(['FEED_ALARM', 'FEED_STALLED'])
})

test('a feed that falls behind, or has never been read to its end, is told with its minutes, and so is that it has caught up', async () => {
  alerts = await AlertSystem.open({ feedStalled: { minutes: 15 } })
  await alerts.system.drain()
  await alerts.goes('VILIS', 'ACCEPTED')
  await alerts.round()
  expect(alerts.hooks()).toEqual([])
  await alerts.system.pass(16 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([
    { type: 'alert.opened', data: { rule: 'FEED_STALLED', systemId: 'VILIS', value: 16, threshold: 15 } },
  ])
  await alerts.system.drain()
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{}, { type: 'alert.closed', data: { rule: 'FEED_STALLED', systemId: 'VILIS' } }])

  await alerts.system.context.db.query(`UPDATE poll_cursor SET read_to_end_at = NULL WHERE system_id = 'VILIS' RETURNING 1 AS done`)
  await alerts.system.pass(60 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{}, {}, { type: 'alert.opened', data: { rule: 'FEED_STALLED', systemId: 'VILIS', value: 76 } }])
})

test('what a system has told and what fails each time that it is applied is told; what waited for a code and is applied now is not', async () => {
  alerts = await AlertSystem.open({ feedStalled: { minutes: 15 } })
  await alerts.system.drain()
  const { db } = alerts.system.context
  await db.query(
    `INSERT INTO inbox_message (id, source, channel, operation, kind, identity, digest, dossier_code, event_at, payload, raw, state, correlation_id, reason)
     SELECT gen_random_uuid(), 'VILIS', 'CALLBACK', 'ChuyenHoSo', 'STATUS_REPORTED', 'event:' || n, n::text, 'H58.22-260316-000' || n, app_now(), '{}', '', 'STORED', 'thu', reason
     FROM (VALUES (1, NULL), (2, 'Chưa có mã xã này.')) AS told(n, reason) RETURNING 1 AS done`,
  )
  await alerts.system.pass(16 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{ type: 'alert.opened', data: { rule: 'FEED_STALLED', systemId: 'VILIS', value: 16 } }])
  await db.query(`UPDATE inbox_message SET state = 'APPLIED' WHERE identity = 'event:1' RETURNING 1 AS done`)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([{}, { type: 'alert.closed', data: { rule: 'FEED_STALLED', systemId: 'VILIS' } }])
})

test('what stands under communes of a system that have no mapping is told with its codes, until one is loaded', async () => {
  alerts = await AlertSystem.open()
  await takeSome(alerts.system, 2)
  const { db } = alerts.system.context
  const rows = await db.query<MappingRow>(
    `DELETE FROM code_mapping WHERE system_id = 'VILIS' AND kind = 'COMMUNE' RETURNING system_id AS "systemId", kind, our_code AS "ourCode",
       foreign_code AS "foreignCode", valid_from::text AS "validFrom", valid_to::text AS "validTo"`,
  )
  const codes = await db.query<{ code: string }>('SELECT u.code FROM dossier d JOIN administrative_unit u ON u.id = d.receiving_unit_id')
  const ours = new Set(codes.map(({ code }) => code))
  const met = rows.filter(({ ourCode, validTo }) => ours.has(ourCode.slice(0, 5)) && validTo === null).map(({ foreignCode }) => foreignCode)
  // A step that is given up half way, and done again, counts nothing twice: one of these is asked behind the digests.
  for (const operation of ['DoiSoatBanGhi', 'DoiSoatTheoMa'])
    await alerts.system.twins.VILIS.misbehave({ kind: 'DROP_BEFORE', operation, count: 1 })
  let run = await reconcile(alerts.system, { systems: ['VILIS'] })
  for (const { id } = run; run.state === 'RUNNING'; run = await goOn(alerts.system, id)) await alerts.system.pass(60 * MINUTE_MS)
  const { unmapped = {}, counts } = run.progress.VILIS ?? {}
  expect(Object.keys(unmapped).sort()).toEqual([...new Set(met)].sort())
  expect(Object.values(unmapped).reduce((sum, records) => sum + records, 0)).toBe(2)
  expect(counts).toMatchObject({ unreadable: 0 })
  expect(counts?.calls).toBeGreaterThan(2)
  expect(run).toMatchObject({
    state: 'DONE',
    endedBecause: expect.stringMatching(/^2 hồ sơ ở ViLIS phải so từng hồ sơ một .* mappings load/),
  })
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([
    { type: 'alert.opened', data: { rule: 'COMMUNES_UNMAPPED', systemId: 'VILIS', value: new Set(met).size, threshold: 1 } },
  ])
  const { shown } = await alerts.system.gateway.query<{ shown: { progress: object[] } }>(
    'operator',
    `{ shown: reconciliationRun(id: "${run.id}") { progress { unmapped { code records } notes } } }`,
  )
  expect(shown.progress).toEqual([
    {
      unmapped: Object.entries(unmapped).map(([code, records]) => ({ code, records })),
      notes: [expect.stringMatching(/phải so từng hồ sơ một/)],
    },
  ])
  await alerts.system.pass(MINUTE_MS)
  await loadMappings(db, rows)
  await alerts.round()
  expect(alerts.hooks()[1]).toMatchObject({ type: 'alert.closed', data: { rule: 'COMMUNES_UNMAPPED' } })
  expect(await reconcile(alerts.system, { systems: ['VILIS'] })).toMatchObject({ state: 'DONE', endedBecause: null })
  await alerts.round()
  expect(alerts.hooks()).toHaveLength(2)
})

test('unexpectedly many discrepancies of one system, and a run that nobody goes on with, are told once each', async () => {
  alerts = await AlertSystem.open({ discrepancies: { open: 2 }, reconciliationStopped: { minutes: 60 } })
  const [first, second] = await takeSome(alerts.system, 2)
  await drift(alerts.system, 'VILIS', 'DELETED', first)
  await reconcile(alerts.system)
  await alerts.round()
  expect(alerts.hooks()).toEqual([])
  await drift(alerts.system, 'VILIS', 'DUE_DATE', second)
  await reconcile(alerts.system)
  await alerts.round()
  expect(alerts.hooks()).toMatchObject([
    { type: 'alert.opened', data: { rule: 'DISCREPANCIES', systemId: 'VILIS', value: 2, threshold: 2 } },
  ])
  const begun = await startRun(alerts.system.context.db, { ...BY_SCHEDULE, scope: 'OPEN', systems: ['VILIS'], recentDays: 7 })
  expect(begun).toBeDefined()
  await alerts.system.pass(59 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()).toHaveLength(1)
  await alerts.system.pass(2 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()[1]).toMatchObject({ type: 'alert.opened', data: { rule: 'RECONCILIATION_STOPPED', systemId: 'VILIS', value: 61 } })
  await goOn(alerts.system, begun as string)
  await alerts.round()
  expect(alerts.hooks()[2]).toMatchObject({ type: 'alert.closed', data: { rule: 'RECONCILIATION_STOPPED' } })
  // Given up one after the other: that the next one is begun by then is no recovery.
  const { db } = alerts.system.context
  const recent = () => startRun(db, { ...BY_SCHEDULE, scope: 'RECENT', systems: ['VILIS'], recentDays: 7 })
  await recent()
  await endRun(db, (await claimRun(db, [])) as RunLease, 'FAILED', 'thử')
  await alerts.system.pass(50 * MINUTE_MS)
  const next = (await recent()) as string
  await alerts.system.pass(11 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks()[3]).toMatchObject({ type: 'alert.opened', data: { rule: 'RECONCILIATION_STOPPED', systemId: 'VILIS', value: 61 } })
  await goOn(alerts.system, next)
  await alerts.round()
  expect(alerts.hooks()[4]).toMatchObject({ type: 'alert.closed', data: { rule: 'RECONCILIATION_STOPPED' } })
  // One that a person has paused keeps its like from being begun: told when it is forgotten.
  const paused = (await startRun(db, { ...BY_SCHEDULE, scope: 'OPEN', systems: ['VILIS'], recentDays: 7 })) as string
  await db.transaction((tx) => moveRun(tx, paused, 'PAUSE', 'ai đó'))
  await alerts.system.pass(23 * 60 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks().filter(({ data }) => data.rule === 'RECONCILIATION_STOPPED')).toHaveLength(4)
  await alerts.system.pass(2 * 60 * MINUTE_MS)
  await alerts.round()
  expect(alerts.hooks().at(-1)).toMatchObject({ type: 'alert.opened', data: { rule: 'RECONCILIATION_STOPPED', value: 1_500 } })
})
