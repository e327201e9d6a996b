import { afterAll, expect, test } from '@jest/globals'
import { fillBoth } from '../../bench/reconcile/fill-both.js'
import { COMPARED_FIELDS, digestGroup, digestRecord } from '../../src/model/compared-record.js'
import { NO_COUNTS } from '../../src/model/reconciliation-run.js'
import { actOnReconciliation, startReconciliation } from '../../src/operator/act-on-reconciliation.js'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { planMaintenance } from '../../src/operator/plan-maintenance.js'
import { resumeSystem } from '../../src/operator/resume-system.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { nextToCheck } from '../../src/reconciliation/discrepancy-repository.js'
import { ownDigests } from '../../src/reconciliation/own-digest-repository.js'
import { ownByCode, ownByReception } from '../../src/reconciliation/own-record-repository.js'
import { takePace } from '../../src/reconciliation/pace-repository.js'
import { claimRun, findRun, type RunLease, type RunRow, releaseRun, renewRun } from '../../src/reconciliation/run-repository.js'
import { pruneUneventfulRuns } from '../../src/reconciliation/run-retention-repository.js'
import { findingsOfRun } from '../../src/reconciliation/run-search-repository.js'
import { takeStep } from '../../src/reconciliation/run-step.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { reconciliationOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import { plansOf, rowsRead } from '../support/plan-nodes.js'
import { raise } from '../support/raise.js'
import { discrepancies, drift, goOn, takeSome } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

test('our side is read by day and code, whether a day is held in memory or too large for that', async () => {
  system = await shared.open()
  const range = { from: '2020-03-02', to: '2020-03-06' }
  await fillBoth(system.context.options.databaseUrl, { count: 1_500, seed: 3, ...range })
  const codesWith = async (largestDay?: number): Promise<string[]> => {
    const codes: string[] = []
    const query = { system: 'VILIS', fields: ['STATUS'] } as const
    for await (const { dossierCode } of ownByCode(system.context.db, query, range, largestDay)) codes.push(dossierCode)
    return codes
  }
  const codes = await codesWith()
  expect(new Set(codes).size).toBe(1_500)
  expect(codes).toEqual([...codes].sort())
  expect(await codesWith(200)).toEqual(codes)
})

test('the database reckons the digests of our side as this program does, whatever is written in them', async () => {
  system = await shared.open()
  const { db } = system.context
  const range = { from: '2020-03-02', to: '2020-04-30' }
  await fillBoth(system.context.options.databaseUrl, { count: 90, seed: 5, ...range })
  const of = (digit: number): string => `(SELECT id FROM dossier WHERE code LIKE '%${digit}')`
  const names = ['\u00a0Nguye\u0302\u0303n  Va\u0306n\tA\u3000', 'Trần\u2003Thị\u00a0\ufeffB', 'L\u00ea Q\u200bC', '']
  for (const [index, name] of names.entries())
    await db.query(
      `UPDATE party SET full_name = $1, id_number = CASE WHEN $2::int = 1 THEN NULL ELSE id_number END
       WHERE id IN (SELECT applicant_id FROM (SELECT applicant_id, row_number() OVER (ORDER BY code) AS place FROM dossier) d WHERE place % 5 = $2::int)
       RETURNING 1 AS done`,
      [name, index],
    )
  await db.query(`UPDATE dossier SET due_at = due_at + interval '7 hours 59.6 seconds' WHERE id IN ${of(1)} RETURNING 1 AS done`)
  await db.query(`UPDATE tax_notice SET amount_vnd = NULL WHERE tax_kind LIKE 'Thuế%' RETURNING 1 AS done`)
  await db.query(`DELETE FROM parcel_reference WHERE dossier_id IN ${of(2)} RETURNING 1 AS done`)
  await db.query(
    `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id)
     SELECT gen_random_uuid(), id, sheet, '7', receiving_unit_id FROM dossier, unnest(ARRAY['9', '10', 'đ']) AS sheet WHERE id IN ${of(1)} RETURNING 1 AS done`,
  )
  await db.query(
    `INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes)
     SELECT gen_random_uuid(), id, role, 'x', role, 'text/plain', md5(role), 1 FROM dossier, unnest(ARRAY['SUPPLEMENT', 'RESULT']) AS role RETURNING 1 AS done`,
  )
  for (const fields of [COMPARED_FIELDS, ['DUE_DATE', 'PARCELS'] as const]) {
    const query = { system: 'VILIS', fields } as const
    const digests = new Map<string, string[]>()
    for await (const page of ownByReception(db, query, range))
      for (const record of page) {
        const key = `${record.receivedOn} ${record.communeCode}`
        digests.set(key, [...(digests.get(key) ?? []), digestRecord(record, fields)])
      }
    const { groups, compared } = await ownDigests(db, query, range, async () => undefined)
    const reckoned = groups.map(({ receivedOn, communeCode, count, digest }) => [`${receivedOn} ${communeCode}`, count, digest])
    expect(reckoned.sort()).toEqual([...digests].map(([key, each]) => [key, each.length, digestGroup(each)]).sort())
    expect(compared).toBe(90)
  }
})

test('calls of a system leave one after the other at its rate, each as long after the last one left, over all processes', async () => {
  system = await shared.open()
  const { db } = system.context
  const take = async (lateMs?: number): Promise<number> => {
    await takePace(db, 'PORTAL', 0.1, lateMs)
    const [row] = await db.query<{ at: Date }>('SELECT paced_at AS at FROM reconciliation_pace')
    return row?.at.getTime() ?? 0
  }
  const places = [await take(), await take(), await take(), await take(50), await take()]
  expect(places.map((at) => at - (places[0] ?? 0))).toEqual([0, 10_000, 20_000, 30_050, 40_050])
})

test('a run is held for as long as a call of it takes, and a renewal that comes after its release takes nothing', async () => {
  system = await shared.open()
  await takeSome(system, 1)
  const { context } = system
  const id = (await startRun(context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['VILIS'], recentDays: 7 })) as string
  const deps = { ...reconciliationOf(context, (systemId) => pollOnce(context, systemId)), onError: raise }
  const honest = deps.sources.get('VILIS') as ComparisonSource
  const isHeld = async (): Promise<boolean> =>
    (await context.db.query(`SELECT 1 AS held FROM reconciliation_run WHERE id = $1::uuid AND lease_until > app_now()`, [id])).length > 0
  const days: ComparisonSource['days'] = async (...asked) => {
    await system.pass(61_000)
    await until('the lease is renewed beside the call', isHeld)
    expect(await claimRun(context.db, [])).toBeUndefined()
    return honest.days(...asked)
  }
  await workOnRuns({ ...deps, sources: new Map([['VILIS', { ...honest, days }]]) }, () => false, 20)
  expect(await findRun(context.db, id)).toMatchObject({ state: 'DONE' })

  // A renewal that comes after the release takes nothing.
  const next = (await startRun(context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['VILIS'], recentDays: 7 })) as string
  const lease = (await claimRun(context.db, [])) as RunLease
  await releaseRun(context.db, lease)
  expect(await renewRun(context.db, lease)).toBeUndefined()
  expect((await claimRun(context.db, []))?.runId).toBe(next)
})

test('of one scope one run at a time, however many begin it at once', async () => {
  system = await shared.open()
  await takeSome(system, 2)
  const order = { scope: 'ALL', systems: ['VILIS'], recentDays: 7, reason: 'thử', by: { subject: 'thu', name: 'thu' } } as const
  const begun = await Promise.all(Array.from({ length: 5 }, () => startRun(system.context.db, order)))
  expect(begun.filter((id) => id !== undefined)).toHaveLength(1)
  expect(await pruneUneventfulRuns(system.context.db, 1, 10)).toBe(0)
  const lease = await claimRun(system.context.db, [])
  expect(lease).toBeDefined()
  expect(await claimRun(system.context.db, [])).toBeUndefined()
  // Its worker is gone: after the lease it is another's, and the first one's word counts for nothing.
  await system.pass(61_000)
  const next = await claimRun(system.context.db, [])
  expect(next?.runId).toBe(lease?.runId)
  expect(await renewRun(system.context.db, lease as RunLease)).toBeUndefined()

  // In quiet hours, over midnight too, stands still what the clock began over all; what a person has begun goes on.
  const { db } = system.context
  const deps = reconciliationOf(system.context, (systemId) => pollOnce(system.context, systemId))
  // A feed of many pages is read as long as the run is this worker's.
  await expect(
    deps.readFeed(
      'VILIS',
      () => Promise.reject(new Error('lost')),
      () => false,
    ),
  ).rejects.toThrow('lost')
  const localHour = async (hours: number): Promise<string> => {
    const [row] = await db.query<{ at: string }>(
      `SELECT to_char(app_now() AT TIME ZONE 'Asia/Ho_Chi_Minh' + $1::int * interval '1 hour', 'HH24:MI') AS at`,
      [hours],
    )
    return row?.at ?? ''
  }
  const quietHours = { from: await localHour(-10), to: await localHour(4) }
  const work = (changes: Partial<typeof deps> = {}) => workOnRuns({ ...deps, quietHours, onError: raise, ...changes }, () => false)
  const nightly = (await startRun(db, { ...BY_SCHEDULE, scope: 'OPEN', systems: ['VILIS', 'PORTAL'], recentDays: 7 })) as string
  await system.pass(61_000)
  await work()
  // How far it has come is told in dossiers, two with each system.
  const waiting = (await findRun(db, nightly)) as RunRow
  expect(waiting).toMatchObject({ state: 'RUNNING', unitsTotal: 4, unitsDone: 0, waitsFor: 'Đang trong giờ không đối soát.' })
  const oneByOne = { ...(deps.sources.get('VILIS') as ComparisonSource), batchLimit: 1 }
  expect(await takeStep(deps, waiting, oneByOne, { phase: 'SCAN', counts: NO_COUNTS }, async () => undefined)).toMatchObject({ units: 1 })
  expect(await findRun(db, next?.runId ?? '')).toMatchObject({ state: 'DONE' })
  await system.pass(5 * HOUR_MS)
  // A system that is compared no more by then is told, not passed over.
  await work({ sources: new Map([...deps.sources].filter(([id]) => id !== 'PORTAL')) })
  expect(await findRun(db, nightly)).toMatchObject({
    state: 'DONE',
    endedBecause: expect.stringMatching(/^Cổng dịch vụ công chưa được so xong/),
  })
})

test('a person begins, pauses, resumes and cancels a run; the second of two is told, and a system that is paused or in maintenance is not called', async () => {
  system = await shared.open()
  const { db } = system.context
  const [code] = await takeSome(system, 1)
  await drift(system, 'VILIS', 'DELETED', code)
  const asked = { reason: 'Kiểm tra sau sự cố', actor: OPERATOR }
  const order = { ...asked, scope: 'ALL', systems: ['VILIS'], recentDays: 7, requestKey: 'mot' } as const
  const begun = await startReconciliation(db, order)
  expect(begun.kind).toBe('STARTED')
  const runId = begun.kind === 'STARTED' ? begun.runId : ''
  expect(await startReconciliation(db, order)).toEqual(begun)
  expect(await startReconciliation(db, { ...order, requestKey: 'hai' })).toMatchObject({ reason: 'ALREADY_RUNNING' })
  expect(await startReconciliation(db, { ...order, scope: 'RANGE', requestKey: 'ba' })).toMatchObject({ reason: 'RANGE_MISSING' })
  const over = (from: string, to: string) => startReconciliation(db, { ...order, scope: 'RANGE', range: { from, to }, requestKey: from })
  await expect(over('0202-11-01', '2026-11-30')).rejects.toMatchObject({
    message: expect.stringMatching(/20 năm/),
    detail: { reason: 'RANGE_TOO_WIDE', field: 'from' },
  })

  expect(await actOnReconciliation(db, { ...asked, runId, version: 1 }, 'PAUSE')).toEqual({ kind: 'DONE' })
  expect(await goOn(system, runId)).toMatchObject({ state: 'PAUSED', unitsDone: 0 })
  expect(await actOnReconciliation(db, { ...asked, runId, version: 1 }, 'CANCEL')).toMatchObject({ reason: 'STALE_WRITE' })
  expect(await actOnReconciliation(db, { ...asked, runId, version: 2 }, 'RESUME')).toEqual({ kind: 'DONE' })
  await pauseSystem(db, { ...asked, systemId: 'VILIS' })
  expect(await goOn(system, runId)).toMatchObject({ state: 'RUNNING', waitsFor: expect.stringMatching(/tạm dừng/) })
  expect(await discrepancies(system)).toEqual([])
  await resumeSystem(db, { ...asked, systemId: 'VILIS' })
  // What it holds while it is being worked on says nothing of what it will hold.
  const [{ until } = { until: new Date() }] = await db.query<{ until: Date }>(`SELECT app_now() + interval '2 hours' AS until`)
  expect(await planMaintenance(db, { ...asked, systemId: 'VILIS', until })).toMatchObject({ kind: 'DONE' })
  await system.pass(HOUR_MS)
  expect(await goOn(system, runId)).toMatchObject({ state: 'RUNNING', waitsFor: expect.stringMatching(/bảo trì/) })
  expect(await discrepancies(system)).toEqual([])
  await system.pass(2 * HOUR_MS)
  expect(await goOn(system, runId)).toMatchObject({ state: 'DONE' })
  expect(await discrepancies(system, 'OPEN')).toHaveLength(1)
  expect(await actOnReconciliation(db, { ...asked, runId, version: 4 }, 'CANCEL')).toMatchObject({ reason: 'ILLEGAL_TRANSITION' })
  const audited = await db.query<{ act: string }>(`SELECT act FROM audit_entry WHERE reconciliation_run_id = $1::uuid ORDER BY at, id`, [
    runId,
  ])
  expect(audited.map(({ act }) => act)).toEqual(['START_RECONCILIATION', 'PAUSE_RECONCILIATION', 'RESUME_RECONCILIATION'])
})

test('of the runs that the clock begins every few minutes those are kept that found or closed something', async () => {
  system = await shared.open()
  const [code] = await takeSome(system, 2)
  const order = { ...BY_SCHEDULE, scope: 'RECENT', systems: ['PORTAL'], recentDays: 7 } as const
  const round = async (): Promise<string> => {
    const id = (await startRun(system.context.db, order)) as string
    expect((await goOn(system, id)).state).toBe('DONE')
    return id
  }
  const quiet = await round()
  await drift(system, 'PORTAL', 'STATUS', code, '4')
  const [finding] = [await round(), await round()]
  expect(await pruneUneventfulRuns(system.context.db, 30, 10)).toBe(0)
  await system.pass(31 * DAY_MS)
  expect(await pruneUneventfulRuns(system.context.db, 30, 10)).toBe(2)
  const left = await system.context.db.query<{ id: string }>('SELECT id::text FROM reconciliation_run')
  expect(left).toEqual([{ id: finding }])
  expect(quiet).not.toBe(finding)
})

test('the report of a run, and what it looks at again, read nothing of what was closed long ago', async () => {
  system = await shared.open()
  const { db } = system.context
  const ofRun = `('00000000-0000-7000-8000-' || lpad((n / 50)::text, 12, '0'))::uuid`
  await db.query(
    `INSERT INTO discrepancy (id, class, system_id, dossier_code, commune_code, received_on, state, live_key, fields, fingerprint, probable_cause,
       proposed_repair, suspected_at, seen_at, suspected_run_id, seen_run_id, found_run_id, closed_run_id, repair_run_id)
     SELECT gen_random_uuid(), 'DIFFERS', 'VILIS', 'cu-' || n, '28594', DATE '2026-01-01', CASE WHEN n % 400 = 0 THEN 'REPAIRING' ELSE 'VERIFIED' END,
       CASE WHEN n % 400 = 0 THEN 'song-' || n END, '[]', '', '', 'HERE', app_now(), app_now(), ${ofRun}, ${ofRun}, ${ofRun}, ${ofRun}, ${ofRun}
     FROM generate_series(1, 20000) AS n RETURNING 1 AS done`,
  )
  await db.query('ANALYZE discrepancy')
  const runId = '00000000-0000-7000-8000-000000000007'
  const plans = await plansOf(db, async (recording) => {
    expect(await findingsOfRun(recording, runId)).toMatchObject([{ found: 50, seen: 50, repairsBegun: 50 }])
    for (const which of [{ days: { from: '2026-01-01', to: '2026-01-31' } }, {}])
      expect(await nextToCheck(recording, { systemId: 'VILIS', runId, ...which, limit: 100 })).toHaveLength(50)
  })
  expect(plans.map((plan) => rowsRead(plan, 'discrepancy') < 500)).toEqual([true, true, true])
})
