import { afterEach, expect, test } from '@jest/globals'
import { History } from '../../adapters/soap/twin/history.js'
import { fillBoth } from '../../bench/reconcile/fill-both.js'
import { injectedDrifts } from '../../bench/reconcile/injected.js'
import { COMPARED_FIELDS, digestGroup, digestRecord } from '../../src/model/compared-record.js'
import { ignore } from '../../src/operator/act-on-discrepancy.js'
import { actOnReconciliation, startReconciliation } from '../../src/operator/act-on-reconciliation.js'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { planMaintenance } from '../../src/operator/plan-maintenance.js'
import { resumeSystem } from '../../src/operator/resume-system.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { readDriftedSince, readDriftWaits } from '../../src/reconciliation/drift-waits-repository.js'
import { examine } from '../../src/reconciliation/examine.js'
import { ownDigests } from '../../src/reconciliation/own-digest-repository.js'
import { ownByCode, ownByReception } from '../../src/reconciliation/own-record-repository.js'
import { takePace } from '../../src/reconciliation/pace-repository.js'
import { performRepair } from '../../src/reconciliation/perform-repair.js'
import { claimRun, type RunLease, renewRun } from '../../src/reconciliation/run-repository.js'
import { pruneUneventfulRuns } from '../../src/reconciliation/run-retention-repository.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { openTheirSide } from '../../src/reconciliation/their-side.js'
import { reconciliationOf, repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS, liveThrough } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import { type Discrepancy, discrepancies, expectAgreement, goOn, reconcile, repair, told } from '../support/reconcile.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** Of an answer of theirs. */
const EMPTY = { kind: 'READ', bytes: 0, unreadable: [], records: [] } as const

let system: TestSystem
afterEach(() => system.close())

const take = async (overrides: Record<string, unknown> = {}): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783', ...overrides } })).code

const takeSome = async (count: number): Promise<string[]> => {
  const codes: string[] = []
  for (let index = 0; index < count; index += 1) codes.push(await take())
  await system.drain()
  return codes
}

const drift = (at: 'VILIS' | 'ONE_STOP' | 'PORTAL', kind: string, code: string | undefined, value?: string) =>
  system.twins[at].act('drift', { kind, code, ...(value !== undefined && { value }) })

const only = async (state: Discrepancy['state']): Promise<Discrepancy> => {
  const found = await discrepancies(system, state)
  expect(found).toHaveLength(1)
  return found[0] as Discrepancy
}

test('a whole life leaves all three sides in agreement, at each step of it', async () => {
  system = await openTestSystem()
  await liveThrough(system)
  const run = await expectAgreement(system)
  expect(run.progress.VILIS?.counts).toMatchObject({ compared: 1, groupsDiffering: 0, examined: 0 })
  expect(run.progress.PORTAL?.counts).toMatchObject({ compared: 1, examined: 0 })
  await system.twins.VILIS.act('takeAtDesk', { procedureCode: '1.012783' })
  await system.drain()
  await expectAgreement(system)
})

test('drift of every class is found, each once and nothing else, and found again as the same', async () => {
  system = await openTestSystem({ reconciliation: { staleDays: { ACCEPTED: 10 } } })
  const [still] = await takeSome(1)
  await system.pass(11 * DAY_MS)
  const [gone, due, status, name, parcel, paper, amount, twice, done, late, ...well] = await takeSome(14)
  await system.twins.PORTAL.act('lie', { count: 1 })
  const lied = await take()
  await system.drain()
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('forward', { code: late })
  await system.drain()

  await drift('VILIS', 'DELETED', gone)
  await drift('VILIS', 'DUE_DATE', due)
  await drift('PORTAL', 'STATUS', status, '4')
  await drift('ONE_STOP', 'APPLICANT', name)
  await drift('ONE_STOP', 'PARCEL', parcel)
  await drift('VILIS', 'DOCUMENT', paper)
  await drift('ONE_STOP', 'AMOUNT', amount)
  await drift('ONE_STOP', 'DUPLICATED', twice)
  await system.twins.VILIS.act('finishSilently', { code: done })
  // Told as if it had happened before the step that is known: kept and not applied here, while it stands so over there.
  const before = (await system.context.db.query<{ now: Date }>('SELECT app_now() AS now'))[0]?.now.getTime() ?? 0
  await system.twins.VILIS.act('tell', {
    kind: 'YeuCauBoSungHoSo',
    code: late,
    at: new Date(before - 3 * HOUR_MS).toISOString(),
    fields: {
      NgayChoBoSung: new Date(before - 3 * HOUR_MS).toISOString().slice(0, 19),
      MaCanBoXuLy: 'vp.thuly1',
      LaTamDung: 'false',
      GhiChu: 'Đến muộn',
    },
  })
  await drift('VILIS', 'STATUS', late, '5')
  const here = { receivedAt: new Date(before - DAY_MS).toISOString(), dueAt: new Date(before + 9 * DAY_MS).toISOString() }
  await system.twins.VILIS.act('knowHistory', { dossiers: [{ code: 'H58.22-261101-9001', ...here }] })
  await system.drain()

  const injected = [
    `${gone} VILIS MISSING_THERE  THERE`,
    `${lied} PORTAL MISSING_THERE  THERE`,
    `${due} VILIS DIFFERS DUE_DATE HERE`,
    `${status} PORTAL DIFFERS STATUS THERE`,
    `${name} ONE_STOP DIFFERS APPLICANT REREAD`,
    `${parcel} ONE_STOP DIFFERS PARCELS REREAD`,
    `${paper} VILIS DIFFERS DOCUMENTS THERE`,
    `${amount} ONE_STOP DIFFERS AMOUNTS THERE`,
    `${twice} ONE_STOP DUPLICATE_THERE  PERSON`,
    `${done} VILIS RESULT_NOT_RETURNED STATUS HERE`,
    `${late} VILIS LATE_APPLIED STATUS PERSON`,
    `H58.22-261101-9001 VILIS MISSING_HERE  REREAD`,
    `${still} VILIS STALE  PERSON`,
  ].sort()
  const first = await reconcile(system)
  expect(first).toMatchObject({ state: 'DONE', endedBecause: null })
  expect(told(await discrepancies(system))).toEqual(injected)
  expect(new Set((await discrepancies(system)).map(({ state }) => state))).toEqual(new Set(['OPEN']))
  expect(well.length).toBeGreaterThan(0)

  for (const scope of ['ALL', 'OPEN'] as const) await reconcile(system, { scope })
  expect(told(await discrepancies(system))).toEqual(injected)
})

test('what is repaired is closed by a later run alone, and what goes by itself is told so', async () => {
  system = await openTestSystem()
  const [gone, due, shown, name, done] = await takeSome(6)
  await drift('VILIS', 'DELETED', gone)
  await drift('VILIS', 'DUE_DATE', due)
  await drift('PORTAL', 'STATUS', shown, '4')
  await drift('ONE_STOP', 'APPLICANT', name, 'Tên Khác')
  await system.twins.VILIS.act('finishSilently', { code: done })
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(open).toHaveLength(5)
  for (const one of open.filter(({ proposed }) => proposed === 'HERE' || proposed === 'THERE'))
    expect(await repair(system, one, one.proposed as 'HERE' | 'THERE')).toEqual({ kind: 'DONE' })
  // The second of two operators is told; nothing is sent twice.
  expect(await repair(system, open[0] as Discrepancy, 'THERE')).toMatchObject({ kind: 'REFUSED', reason: 'STALE_WRITE' })
  expect((await discrepancies(system, 'REPAIRING')).map(({ code }) => code).sort()).toEqual([gone, due, shown, done].sort())

  await system.drain()
  const [nameFound] = await discrepancies(system, 'OPEN')
  const held = await system.context.db.query<{ name: string }>(
    `SELECT p.full_name AS name FROM party p JOIN dossier d ON d.applicant_id = p.id WHERE d.code = $1`,
    [name],
  )
  await drift('ONE_STOP', 'APPLICANT', name, held[0]?.name)
  const run = await reconcile(system)
  expect(run.state).toBe('DONE')
  expect((await discrepancies(system)).map(({ code, state }) => `${code} ${state}`).sort()).toEqual(
    [gone, due, shown, done]
      .map((code) => `${code} VERIFIED`)
      .concat(`${nameFound?.code} GONE`)
      .sort(),
  )
  // What was taken from ViLIS beside its feed is not missed when the feed is read again; and asked for twice it is read once.
  const { reread } = repairsOf(system.context)
  const cursor = () => system.context.db.query(`SELECT position, alarm FROM poll_cursor WHERE system_id = 'VILIS'`)
  await reread('VILIS', 'thử')
  await pollOnce(system.context, 'VILIS')
  expect(await cursor()).toEqual([{ position: expect.anything(), alarm: null }])
  await reread('VILIS', 'một')
  await reread('VILIS', 'hai')
  expect(await cursor()).toEqual([{ position: expect.anything(), alarm: 'một' }])
  await system.drain()
  // The status that was taken from ViLIS has gone on to the others by the ordinary way.
  await expectAgreement(system)
  // Each of them is a wait in the time ledger, from found to repaired; what the portal showed wrongly held nobody up.
  const { db } = system.context
  const ids = new Map(
    (await db.query<{ id: string; code: string }>('SELECT id::text, code FROM dossier')).map(({ id, code }) => [code, id]),
  )
  const waits = await readDriftWaits(db, [...ids.values()])
  const waitOf = (code: string | undefined) =>
    waits.get(ids.get(code ?? '') ?? '')?.map(({ systemId, holds, endedBy, to }) => [systemId, holds, endedBy, to !== null])
  expect([gone, shown, name].map(waitOf)).toEqual([
    [['VILIS', true, 'PERSON', true]],
    [['PORTAL', false, 'PERSON', true]],
    [['ONE_STOP', false, 'MACHINE', true]],
  ])
  expect(await readDriftedSince(db, new Date(0))).toHaveLength(5)
  expect(await readDriftedSince(db, new Date(Date.now() + 365 * DAY_MS))).toEqual([])
})

test('what has moved on here since both sides were looked at is not repaired by what they held then', async () => {
  system = await openTestSystem()
  const [due, sent] = await takeSome(2)
  await drift('VILIS', 'DUE_DATE', due)
  await drift('PORTAL', 'APPLICANT', sent, 'Tên Khác')
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(open.map(({ proposed }) => proposed).sort()).toEqual(['HERE', 'THERE'])
  // Nobody turns the table of authority round.
  for (const one of open) {
    const answer = await repair(system, one, one.proposed === 'HERE' ? 'THERE' : 'HERE')
    expect(answer).toMatchObject({ kind: 'REFUSED', reason: one.proposed === 'HERE' ? 'THEIRS_TO_DECIDE' : 'NOT_THEIRS_TO_DECIDE' })
  }
  for (const code of [due, sent]) {
    await system.twins.VILIS.act('newDueDate', { code })
    await system.twins.VILIS.act('forward', { code })
  }
  await system.drain()
  await system.pass(HOUR_MS)
  const standing = () => system.context.db.query(`SELECT code, status, due_at, version FROM dossier ORDER BY code`)
  const before = await standing()
  for (const one of open) {
    const answer = await repair(system, one, one.proposed as 'HERE' | 'THERE')
    expect(answer).toMatchObject({ kind: 'REFUSED', reason: 'MOVED_ON' })
  }
  expect(await standing()).toEqual(before)
})

test('values that have changed since a finding was confirmed are confirmed anew before anything is repaired by them', async () => {
  const rules = [{ systems: ['VILIS'], class: 'DIFFERS', fields: ['DUE_DATE'], direction: 'HERE', maxPerRun: 1 }]
  system = await openTestSystem({ reconciliation: { graceMs: 60_000, repairs: { rules, stopAbove: 9 } } })
  const codes = await takeSome(2)
  await system.pass(HOUR_MS)
  const run = async () => {
    const { id, waitsFor } = await reconcile(system, { systems: ['VILIS'] })
    return { id, waitsFor }
  }
  const goOnAfterGrace = async (id: string) => {
    await system.pass(61_000)
    return goOn(system, id)
  }
  for (const code of codes) await drift('VILIS', 'DUE_DATE', code)
  expect(await goOnAfterGrace((await run()).id)).toMatchObject({ state: 'DONE' })
  const left = await only('OPEN')
  await system.pass(HOUR_MS)
  await drift('VILIS', 'DUE_DATE', left.code, '2027-05-05T10:00:00.000Z')
  const { id, waitsFor } = await run()
  expect(waitsFor).toMatch(/ân hạn/)
  expect((await only('OPEN')).version).toBeGreaterThan(left.version)
  expect(await goOnAfterGrace(id)).toMatchObject({ state: 'DONE', progress: { VILIS: { counts: { repairsBegun: 1 } } } })
  const [held] = await system.context.db.query<{ due: Date }>(`SELECT due_at AS due FROM dossier WHERE code = $1`, [left.code])
  expect(held?.due.toISOString()).toBe('2027-05-05T10:00:00.000Z')
})

test('what differs still, under another class by now, is not called repaired and verified', async () => {
  system = await openTestSystem()
  const [code] = await takeSome(1)
  await drift('PORTAL', 'STATUS', code, '4')
  await reconcile(system)
  await system.twins.PORTAL.act('lie', { count: 1 })
  expect(await repair(system, await only('OPEN'), 'THERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  await drift('PORTAL', 'STATUS', code, '9')
  await reconcile(system)
  expect(told(await discrepancies(system, 'OPEN'))).toEqual([`${code} PORTAL RESULT_NOT_RETURNED STATUS THERE`])
  expect((await discrepancies(system)).map(({ class: of, state }) => `${of} ${state}`)).toEqual([
    'DIFFERS GONE',
    'RESULT_NOT_RETURNED OPEN',
  ])
})

test('an answer to another question, a part of one, or places that go round are no answers: nothing is called missing by them', async () => {
  system = await openTestSystem()
  const [code = '', other = ''] = await takeSome(2)
  const deps = reconciliationOf(system.context, (systemId) => pollOnce(system.context, systemId))
  const runId = (await startRun(system.context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['VILIS'], recentDays: 7 })) as string
  const honest = deps.sources.get('VILIS') as ComparisonSource
  const asked: (readonly string[])[] = []
  const by = (changes: Partial<ComparisonSource>) =>
    openTheirSide({
      sql: system.context.db,
      source: { ...honest, ...changes },
      gate: deps.gateOf('VILIS'),
      perSecond: 1_000,
      beat: async () => {},
    })
  const look = (changes: Partial<ComparisonSource>, codes: readonly string[] = [code]) => examine(deps, by(changes), runId, codes)
  await expect(look({ ofCodes: () => honest.ofCodes([other]) })).rejects.toThrow(/không được hỏi/)
  await expect(look({ ofCodes: async () => ({ ...EMPTY, next: '2' }) })).rejects.toThrow(/một phần/)
  // A row without its code may be that of any dossier that was asked for.
  await look({ ofCodes: async () => ({ ...EMPTY, unreadable: [{ reason: 'không có mã' }] }) })
  const places = ['1', '2', '1']
  const round = by({ days: async () => ({ ...EMPTY, groups: [], next: places.shift() ?? '3' }) })
  await expect(round.days({ from: '2026-01-01', to: '2026-01-02' })).rejects.toThrow(/không tiến lên/)
  expect(await discrepancies(system)).toEqual([])
  // Who is asked for one dossier twice may tell it twice.
  const answer = (codes: readonly string[]) => {
    asked.push(codes)
    return honest.ofCodes(codes)
  }
  await look({ ofCodes: answer }, [other, code, other])
  expect(asked).toEqual([[code, other].sort()])

  // Lists and copies in any order: it is the same finding each time, so that it can be confirmed.
  await drift('VILIS', 'DOCUMENT', code)
  await drift('VILIS', 'DUPLICATED', other)
  await drift('VILIS', 'DUE_DATE', other)
  const reversed = async (codes: readonly string[]): ReturnType<ComparisonSource['ofCodes']> => {
    const told = await honest.ofCodes(codes)
    if (told.kind === 'FAILED') return told
    const records = [...told.records].reverse()
    return { ...told, records: records.map((one) => ({ ...one, documents: [...(one.documents ?? [])].reverse() })) }
  }
  await look({}, [code, other])
  await pollOnce(system.context, 'VILIS')
  await look({ ofCodes: reversed }, [code, other])
  expect((await discrepancies(system)).map(({ class: of, state }) => `${of} ${state}`).sort()).toEqual([
    'DIFFERS OPEN',
    'DUPLICATE_THERE OPEN',
  ])
})

test('nothing in flight is drift: not what waits to be sent, not what was told and is not applied, not what its feed has yet to tell', async () => {
  system = await openTestSystem()
  await takeSome(3)
  await system.pass(HOUR_MS)
  const [first, second] = (await system.context.db.query<{ code: string }>('SELECT code FROM dossier ORDER BY code')).map(
    ({ code }) => code,
  )
  // Taken and moved over there; nobody has read the feeds yet.
  const fresh = await take()
  await system.twins.VILIS.act('forward', { code: first })
  await system.twins.VILIS.act('newDueDate', { code: second })
  for (const scope of ['ALL', 'OPEN'] as const) await reconcile(system, { scope })
  // The run itself has read the feeds to their end, and what follows from them waits in the transfers.
  expect(await system.context.db.query(`SELECT 1 AS there FROM dossier WHERE code = $1`, [fresh])).toHaveLength(1)
  expect(told(await discrepancies(system, 'OPEN'))).toEqual([])
  await system.drain()
  await expectAgreement(system)
})

test('a system that is down is asked again later, the others are compared meanwhile, and nothing is called missing', async () => {
  system = await openTestSystem({ reconciliation: { maxHours: 1 } })
  const [code] = await takeSome(2)
  await drift('PORTAL', 'DELETED', code)
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', operation: 'DoiSoatTheoNgay', code: 'TAM_NGUNG', count: 50 })
  const run = await reconcile(system)
  expect(run).toMatchObject({ state: 'RUNNING', progress: { PORTAL: { phase: 'DONE' }, VILIS: { phase: 'SCAN' } } })
  expect(run.waitsFor).toMatch(/Chưa đọc được ViLIS/)
  expect(told(await discrepancies(system))).toEqual([`${code} PORTAL MISSING_THERE  THERE`])
  await system.pass(2 * HOUR_MS)
  expect(await goOn(system, run.id)).toMatchObject({ state: 'FAILED', endedBecause: expect.stringMatching(/ViLIS/) })
})

test('safe repairs follow the policy: up to so many a run, by the proposed direction alone, and none when there are unexpectedly many', async () => {
  const rules = [{ systems: ['PORTAL'], class: 'DIFFERS', direction: 'THERE', maxPerRun: 2 }]
  system = await openTestSystem({ reconciliation: { repairs: { rules, stopAbove: 4 } } })
  const codes = await takeSome(6)
  for (const code of codes.slice(0, 5)) await drift('PORTAL', 'STATUS', code, '4')
  const tooMany = await reconcile(system)
  expect(tooMany.endedBecause).toMatch(/5 sai lệch .* không tự sửa/)
  expect(await discrepancies(system, 'OPEN')).toHaveLength(5)
  await drift('PORTAL', 'STATUS', codes[0], '2')
  await drift('VILIS', 'DELETED', codes[5])
  await reconcile(system)
  expect(told(await discrepancies(system, 'REPAIRING'))).toHaveLength(2)
  await system.drain()
  await reconcile(system)
  expect(await discrepancies(system, 'VERIFIED')).toHaveLength(2)
  await system.drain()
  await reconcile(system)
  expect((await discrepancies(system, 'VERIFIED')).map(({ system: at }) => at)).toEqual(Array(4).fill('PORTAL'))
  const [left] = await discrepancies(system, 'OPEN')
  expect(left).toMatchObject({ system: 'VILIS', class: 'MISSING_THERE' })
  const audited = await system.context.db.query(
    `SELECT 1 AS one FROM audit_entry WHERE act = 'REPAIR_THERE_DISCREPANCY' AND role = 'MACHINE'`,
  )
  expect(audited).toHaveLength(4)

  // What a run has begun to repair it does not go on with when a person has paused it, whatever its worker has in hand.
  const halted = (await startRun(system.context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['VILIS'], recentDays: 7 })) as string
  const order = { id: left?.id ?? '', expectedVersion: left?.version ?? 0, direction: 'THERE', reason: 'thử' } as const
  const byPolicy = (runId: string) =>
    performRepair(repairsOf(system.context), { ...order, by: { ...BY_SCHEDULE.by, role: 'MACHINE' }, runId })
  const lease = (await claimRun(system.context.db, [])) as RunLease
  expect(await actOnReconciliation(system.context.db, { runId: halted, version: 2, reason: 'sai', actor: OPERATOR }, 'PAUSE')).toEqual({
    kind: 'DONE',
  })
  expect(lease.runId).toBe(halted)
  expect(await byPolicy(halted)).toMatchObject({ kind: 'REFUSED', reason: 'RUN_HALTED' })
  expect(await discrepancies(system, 'OPEN')).toHaveLength(1)
  // However long it was paused: whoever lets it go on gives it its time anew.
  await system.pass(10 * DAY_MS)
  expect(await actOnReconciliation(system.context.db, { runId: halted, version: 3, reason: 'tiếp', actor: OPERATOR }, 'RESUME')).toEqual({
    kind: 'DONE',
  })
  expect(await goOn(system, halted)).toMatchObject({ state: 'DONE' })
})

test('what is ignored stays ignored while it stands as it was, and is suspected anew when it changes', async () => {
  system = await openTestSystem()
  const [code] = await takeSome(1)
  await drift('PORTAL', 'APPLICANT', code, 'Tên Một')
  await reconcile(system)
  const { id, version } = await only('OPEN')
  const asked = { discrepancyId: id, version, actor: OPERATOR, requestKey: 'bo-qua' }
  expect(await ignore(system.context.db, { ...asked, reason: ' ' })).toMatchObject({ reason: 'REASON_MISSING' })
  expect(await ignore(system.context.db, { ...asked, reason: 'Tên tại cổng do người dân tự khai' })).toEqual({ kind: 'DONE' })
  expect(await ignore(system.context.db, { ...asked, reason: 'Tên tại cổng do người dân tự khai' })).toEqual({ kind: 'DONE' })
  await reconcile(system)
  expect(await only('IGNORED')).toMatchObject({ seenCount: 2 })
  await drift('PORTAL', 'APPLICANT', code, 'Tên Hai')
  await reconcile(system)
  expect(await discrepancies(system, 'IGNORED')).toEqual([])
  await reconcile(system)
  expect(await only('OPEN')).toMatchObject({ id })
})

test.each([
  ['by digests, of large groups by their buckets', { comparison: 'DIGESTS' }],
  ['by lists alone', { comparison: 'LIST' }],
])('hundreds of dossiers of past years, %s: what was injected is found and nothing else', async (_, VILIS) => {
  system = await openTestSystem({ systems: { VILIS }, reconciliation: { bucketsAbove: 3, windowDays: 5 } })
  const history = { count: 1_900, seed: 7, from: '2020-03-02', to: '2020-03-27' }
  const drifts = injectedDrifts(history, 0.01)
  await fillBoth(system.context.options.databaseUrl, history)
  await system.twins.VILIS.act('keepHistory', { ...history, drifts })
  const spoilt = new History(history).row(1_001).code
  await drift('VILIS', 'SPOILT', spoilt, 'DUE_DATE')
  const run = await reconcile(system, { systems: ['VILIS'] })
  expect(run).toMatchObject({ state: 'DONE', progress: { VILIS: { counts: { compared: 1_900 } } } })
  expect(run.progress.VILIS?.counts.unreadable).toBeGreaterThan(0)
  const found = await discrepancies(system)
  expect(found.map(({ code }) => code)).toEqual(drifts.map(({ code }) => code).sort())
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['OPEN']))
})

test('our side is read by day and code, whether a day is held in memory or too large for that', async () => {
  system = await openTestSystem()
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
  system = await openTestSystem()
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
  system = await openTestSystem()
  const { db } = system.context
  const take = async (lateMs?: number): Promise<number> => {
    await takePace(db, 'PORTAL', 0.1, lateMs)
    const [row] = await db.query<{ at: Date }>('SELECT paced_at AS at FROM reconciliation_pace')
    return row?.at.getTime() ?? 0
  }
  const places = [await take(), await take(), await take(), await take(50), await take()]
  expect(places.map((at) => at - (places[0] ?? 0))).toEqual([0, 10_000, 20_000, 30_050, 40_050])
})

test('of one scope one run at a time, however many begin it at once', async () => {
  system = await openTestSystem()
  await takeSome(1)
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
})

test('a person begins, pauses, resumes and cancels a run; the second of two is told, and a system that is paused or in maintenance is not called', async () => {
  system = await openTestSystem()
  const { db } = system.context
  const [code] = await takeSome(1)
  await drift('VILIS', 'DELETED', code)
  const asked = { reason: 'Kiểm tra sau sự cố', actor: OPERATOR }
  const order = { ...asked, scope: 'ALL', systems: ['VILIS'], recentDays: 7, requestKey: 'mot' } as const
  const begun = await startReconciliation(db, order)
  expect(begun.kind).toBe('STARTED')
  const runId = begun.kind === 'STARTED' ? begun.runId : ''
  expect(await startReconciliation(db, order)).toEqual(begun)
  expect(await startReconciliation(db, { ...order, requestKey: 'hai' })).toMatchObject({ reason: 'ALREADY_RUNNING' })
  expect(await startReconciliation(db, { ...order, scope: 'RANGE', requestKey: 'ba' })).toMatchObject({ reason: 'RANGE_MISSING' })

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
  system = await openTestSystem()
  const [code] = await takeSome(2)
  const order = { ...BY_SCHEDULE, scope: 'RECENT', systems: ['PORTAL'], recentDays: 7 } as const
  const round = async (): Promise<string> => {
    const id = (await startRun(system.context.db, order)) as string
    expect((await goOn(system, id)).state).toBe('DONE')
    return id
  }
  const quiet = await round()
  await drift('PORTAL', 'STATUS', code, '4')
  const [finding] = [await round(), await round()]
  expect(await pruneUneventfulRuns(system.context.db, 30, 10)).toBe(0)
  await system.pass(31 * DAY_MS)
  expect(await pruneUneventfulRuns(system.context.db, 30, 10)).toBe(2)
  const left = await system.context.db.query<{ id: string }>('SELECT id::text FROM reconciliation_run')
  expect(left).toEqual([{ id: finding }])
  expect(quiet).not.toBe(finding)
})
