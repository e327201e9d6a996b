import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import { History } from '../../adapters/soap/twin/history.js'
import { fillBoth } from '../../bench/reconcile/fill-both.js'
import { injectedDrifts } from '../../bench/reconcile/injected.js'
import type { PollResult } from '../../src/inbox/poll-system.js'
import type { DiscrepancyClass, DiscrepancyState } from '../../src/model/discrepancy.js'
import { notesOf } from '../../src/model/reconciliation-notes.js'
import { NO_COUNTS } from '../../src/model/reconciliation-run.js'
import { ignore } from '../../src/operator/act-on-discrepancy.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { examine } from '../../src/reconciliation/examine.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { openTheirSide } from '../../src/reconciliation/their-side.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { reconciliationOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS, liveThrough } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import { raise } from '../support/raise.js'
import {
  discrepancies,
  drift,
  expectAgreement,
  goOn,
  onlyOne,
  reconcile,
  repair,
  takeOne,
  takeSome,
  tellTooLate,
  told,
} from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const MINUTE_MS = 60_000

/** Of an answer of theirs. */
const EMPTY = { kind: 'READ', bytes: 0, unreadable: [], records: [] } as const

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

test('a whole life leaves all three sides in agreement, at each step of it', async () => {
  system = await shared.open()
  await liveThrough(system)
  const run = await expectAgreement(system)
  expect(run.progress.VILIS?.counts).toMatchObject({ compared: 1, groupsDiffering: 0, examined: 0 })
  expect(run.progress.PORTAL?.counts).toMatchObject({ compared: 1, examined: 0 })
  await system.twins.VILIS.act('takeAtDesk', { procedureCode: '1.012783' })
  await system.drain()
  await expectAgreement(system)
})

test('drift of every class is found, each once and nothing else, and found again as the same', async () => {
  system = await shared.open({ reconciliation: { staleDays: { ACCEPTED: 3 } } })
  // Nobody has worked on what came on the last day before Tết when the office opens again, ten days later.
  const { staleBefore } = reconciliationOf(system.context, (systemId) => pollOnce(system.context, systemId))
  expect((await staleBefore(new Date('2026-02-23T01:00:00Z'))).get('ACCEPTED')).toEqual(new Date('2026-02-11T01:00:00Z'))
  const [still] = await takeSome(system, 1)
  // More than three working days, whatever holidays come now.
  await system.pass(16 * DAY_MS)
  const [gone, due, status, name, parcel, paper, amount, twice, done, late, ...well] = await takeSome(system, 14)
  await system.twins.PORTAL.act('lie', { count: 1 })
  const lied = await takeOne(system)
  await system.drain()
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('forward', { code: late })
  await system.drain()

  await drift(system, 'VILIS', 'DELETED', gone)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'PORTAL', 'STATUS', status, '4')
  await drift(system, 'ONE_STOP', 'APPLICANT', name)
  await drift(system, 'ONE_STOP', 'PARCEL', parcel)
  await drift(system, 'VILIS', 'DOCUMENT', paper)
  await drift(system, 'ONE_STOP', 'AMOUNT', amount)
  await drift(system, 'ONE_STOP', 'DUPLICATED', twice)
  await system.twins.VILIS.act('finishSilently', { code: done })
  const before = (await system.context.db.query<{ now: Date }>('SELECT app_now() AS now'))[0]?.now.getTime() ?? 0
  await tellTooLate(system, late, new Date(before - 3 * HOUR_MS))
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
  const taken = async (of: DiscrepancyClass) => {
    const one = (await discrepancies(system)).find((found) => found.class === of)
    return one && repair(system, one, 'HERE')
  }
  expect(await taken('MISSING_THERE')).toMatchObject({
    reason: 'NOTHING_THERE',
    message: expect.stringMatching(/^Bên kia không có hồ sơ này/),
  })
  expect(await taken('DUPLICATE_THERE')).toMatchObject({ reason: 'TWICE_THERE' })
  expect(await taken('STALE')).toMatchObject({ reason: 'NOTHING_DIFFERS' })
})

test('an answer to another question, a part of one, or places that go round are no answers: nothing is called missing by them', async () => {
  system = await shared.open()
  const [code = '', other = ''] = await takeSome(system, 2)
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
  const half = by({ buckets: async () => ({ ...EMPTY, groups: [], next: '2' }) })
  await expect(half.buckets([{ theirCommune: '1', receivedOn: '2026-01-01' }])).rejects.toThrow(/một phần câu hỏi theo nhóm/)
  expect(await discrepancies(system)).toEqual([])
  // Of hundreds that cannot be read the first hundred are told by their code, and each is counted once: a list meets it, looks meet it again.
  const spoilt = Array.from({ length: 250 }, (_, at) => ({ dossierCode: `H58.22-261101-${at}`, reason: 'Trường X sai.' }))
  const worn = by({
    list: async () => ({ ...EMPTY, unreadable: [...spoilt, { reason: 'không có mã' }] }),
    ofCodes: async () => ({ ...EMPTY, unreadable: [...spoilt, { reason: 'không có mã' }] }),
  })
  for await (const page of worn.list({ from: '2026-01-01', to: '2026-01-02' })) expect(page).toEqual([])
  await worn.ofCodes([code])
  const { unreadable, spoilt: told } = worn.spent()
  expect([unreadable, Object.keys(told)]).toEqual([251, spoilt.slice(0, 100).map(({ dossierCode }) => dossierCode)])
  expect(notesOf('VILIS', { spoilt: told, counts: { ...NO_COUNTS, unreadable } })).toEqual([
    expect.stringContaining(' và 246 bản ghi khác.'),
  ])
  // Who is asked for one dossier twice may tell it twice.
  const answer = (codes: readonly string[]) => {
    asked.push(codes)
    return honest.ofCodes(codes)
  }
  await look({ ofCodes: answer }, [other, code, other])
  expect(asked).toEqual([[code, other].sort()])

  // Lists and copies in any order: it is the same finding each time, so that it can be confirmed.
  await drift(system, 'VILIS', 'DOCUMENT', code)
  await drift(system, 'VILIS', 'DUPLICATED', other)
  await drift(system, 'VILIS', 'DUE_DATE', other)
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
  system = await shared.open()
  await takeSome(system, 3)
  await system.pass(HOUR_MS)
  const [first, second] = (await system.context.db.query<{ code: string }>('SELECT code FROM dossier ORDER BY code')).map(
    ({ code }) => code,
  )
  // Taken and moved over there; nobody has read the feeds yet.
  const fresh = await takeOne(system)
  await system.twins.VILIS.act('forward', { code: first })
  await system.twins.VILIS.act('newDueDate', { code: second })
  for (const scope of ['ALL', 'OPEN'] as const) await reconcile(system, { scope })
  // The run itself has read the feeds to their end, and what follows from them waits in the transfers.
  expect(await system.context.db.query(`SELECT 1 AS there FROM dossier WHERE code = $1`, [fresh])).toHaveLength(1)
  expect(told(await discrepancies(system, 'OPEN'))).toEqual([])
  await system.drain()
  await expectAgreement(system)
})

test('a run that reads a long feed ends with the page that it is at when the process is stopped, and another one goes on from there', async () => {
  system = await shared.open({ systems: { VILIS: { poll: { pageSize: 1 } } } })
  const codes = await takeSome(system, 2)
  await system.pass(HOUR_MS)
  for (const code of codes) {
    await system.twins.VILIS.act('forward', { code })
    await system.twins.VILIS.act('newDueDate', { code })
  }
  const { context } = system
  const runId = (await startRun(context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['VILIS'], recentDays: 7 })) as string
  const reads: (PollResult | undefined)[] = []
  let isStopping = false
  const deps = reconciliationOf(context, async (systemId, isToEnd) => {
    isStopping = true
    const read = await pollOnce(context, systemId, isToEnd)
    reads.push(read)
    return read
  })
  await workOnRuns({ ...deps, onError: raise }, () => isStopping)
  expect(reads).toEqual([expect.objectContaining({ kind: 'READ', pages: 1, atEnd: false })])
  expect(await goOn(system, runId)).toMatchObject({ state: 'DONE' })
})

test('what was on its way when it was looked at is looked at again, and what differs of it is found by the same run', async () => {
  system = await shared.open({ reconciliation: { graceMs: MINUTE_MS } })
  const [code] = await takeSome(system, 1)
  await drift(system, 'VILIS', 'APPLICANT', code)
  await drift(system, 'PORTAL', 'DELETED', code)
  let run = await reconcile(system)
  expect(run).toMatchObject({ state: 'RUNNING', progress: { VILIS: { counts: { inFlight: 1 } }, PORTAL: { counts: { inFlight: 1 } } } })
  expect(told(await discrepancies(system))).toEqual([])
  for (let wait = 0; wait < 2; wait += 1) {
    await system.pass(MINUTE_MS + 1)
    run = await goOn(system, run.id)
  }
  expect(run).toMatchObject({ state: 'DONE', progress: { VILIS: { counts: { examined: 2, inFlight: 0 } } } })
  expect(told(await discrepancies(system, 'OPEN'))).toEqual([
    `${code} PORTAL MISSING_THERE  THERE`,
    `${code} VILIS DIFFERS APPLICANT THERE`,
  ])
})

test('a system that is down is asked again later, the others are compared meanwhile, and nothing is called missing', async () => {
  system = await shared.open({ reconciliation: { maxHours: 1 } })
  const [code] = await takeSome(system, 2)
  await drift(system, 'PORTAL', 'DELETED', code)
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', operation: 'DoiSoatTheoNgay', code: 'TAM_NGUNG', count: 50 })
  const run = await reconcile(system)
  expect(run).toMatchObject({ state: 'RUNNING', progress: { PORTAL: { phase: 'DONE' }, VILIS: { phase: 'SCAN' } } })
  expect(run.waitsFor).toMatch(/Chưa đọc được ViLIS/)
  expect(told(await discrepancies(system))).toEqual([`${code} PORTAL MISSING_THERE  THERE`])
  await system.pass(2 * HOUR_MS)
  expect(await goOn(system, run.id)).toMatchObject({ state: 'FAILED', endedBecause: expect.stringMatching(/ViLIS/) })
})

test('what is ignored stays ignored while it stands as it was, and is suspected anew when it changes', async () => {
  system = await shared.open()
  const [code] = await takeSome(system, 1)
  await drift(system, 'PORTAL', 'APPLICANT', code, 'Tên Một')
  await reconcile(system)
  const { id, version } = await onlyOne(system, 'OPEN')
  const asked = { discrepancyId: id, version, actor: OPERATOR, requestKey: 'bo-qua' }
  expect(await ignore(system.context.db, { ...asked, reason: ' ' })).toMatchObject({ reason: 'REASON_MISSING' })
  expect(await ignore(system.context.db, { ...asked, reason: 'Tên tại cổng do người dân tự khai' })).toEqual({ kind: 'DONE' })
  expect(await ignore(system.context.db, { ...asked, reason: 'Tên tại cổng do người dân tự khai' })).toEqual({ kind: 'DONE' })
  await reconcile(system)
  expect(await onlyOne(system, 'IGNORED')).toMatchObject({ seenCount: 2 })
  await drift(system, 'PORTAL', 'APPLICANT', code, 'Tên Hai')
  await reconcile(system)
  expect(await discrepancies(system, 'IGNORED')).toEqual([])
  await reconcile(system)
  expect(await onlyOne(system, 'OPEN')).toMatchObject({ id })

  // What the range of a person has found before our first dossier is looked at again by night, too. A code that is none spoils its row alone.
  const code15 = 'H58.22-150304-0001'
  const noCode = `H58.22-150304-${randomBytes(4_000).toString('hex')}`
  const days = { receivedAt: '2015-03-04T03:00:00.000Z', dueAt: '2015-03-20T03:00:00.000Z' }
  await system.twins.VILIS.act('knowHistory', { dossiers: [code15, noCode].map((each) => ({ code: each, ...days })) })
  const run = await reconcile(system, { scope: 'RANGE', systems: ['VILIS'], range: { from: '2015-03-01', to: '2015-03-31' } })
  expect(run).toMatchObject({ state: 'DONE', endedBecause: expect.stringMatching(/Trường SoBienNhan dài quá 60 ký tự/) })
  const ofRange = async (state: DiscrepancyState) => told(await discrepancies(system, state)).filter((one) => one.startsWith(code15))
  expect(await ofRange('OPEN')).toEqual([`${code15} VILIS MISSING_HERE  REREAD`])
  await drift(system, 'VILIS', 'DELETED', code15)
  await reconcile(system, { scope: 'OPEN' })
  expect(await ofRange('GONE')).toHaveLength(1)
})

test.each([
  ['by digests, of large groups by their buckets', { comparison: 'DIGESTS' }],
  ['by lists alone', { comparison: 'LIST' }],
])('hundreds of dossiers of past years, %s: what was injected is found and nothing else', async (_, VILIS) => {
  system = await shared.open({ systems: { VILIS }, reconciliation: { bucketsAbove: 3, windowDays: 5 } })
  const history = { count: 1_900, seed: 7, from: '2020-03-02', to: '2020-03-27' }
  const drifts = injectedDrifts(history, 0.01)
  await fillBoth(system.context.options.databaseUrl, history)
  await system.twins.VILIS.act('keepHistory', { ...history, drifts })
  const spoilt = new History(history).row(1_001).code
  await drift(system, 'VILIS', 'SPOILT', spoilt, 'DUE_DATE')
  const run = await reconcile(system, { systems: ['VILIS'] })
  expect(run).toMatchObject({ state: 'DONE', progress: { VILIS: { counts: { compared: 1_900 } } } })
  // Met by the scan and by the looks, it is one record, and whoever has to mend it is told which.
  expect(run.progress.VILIS).toMatchObject({ counts: { unreadable: 1 }, spoilt: { [spoilt]: expect.stringContaining('NgayHenTra') } })
  expect(run.endedBecause).toContain(`Bản ghi ở ViLIS không đọc được nên chưa so: ${spoilt} (Trường `)
  const found = await discrepancies(system)
  expect(found.map(({ code }) => code)).toEqual(drifts.map(({ code }) => code).sort())
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['OPEN']))
})
