import { afterAll, expect, test } from '@jest/globals'
import { advanceCursor, readCursor } from '../../src/inbox/poll-cursor-repository.js'
import { pollSystem } from '../../src/inbox/poll-system.js'
import { describeWait } from '../../src/model/interlink-wait.js'
import { SYSTEM_IN_SENTENCE } from '../../src/model/system.js'
import { ignore } from '../../src/operator/act-on-discrepancy.js'
import { actOnReconciliation } from '../../src/operator/act-on-reconciliation.js'
import { createDiscrepancyBatch } from '../../src/operator/create-discrepancy-batch.js'
import { latestBatches, refusalsOfBatch } from '../../src/operator/discrepancy-batch-repository.js'
import { workOnBatches } from '../../src/operator/run-discrepancy-batch.js'
import { readDriftedSince, readDriftWaits } from '../../src/reconciliation/drift-waits-repository.js'
import { examine } from '../../src/reconciliation/examine.js'
import { judgeDiscrepancies } from '../../src/reconciliation/judge-discrepancies.js'
import { performRepair } from '../../src/reconciliation/perform-repair.js'
import { readTheirsNow } from '../../src/reconciliation/read-theirs-now.js'
import { countOpenOfRun } from '../../src/reconciliation/repair-repository.js'
import { claimRun, findRun, type RunLease } from '../../src/reconciliation/run-repository.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { reconciliationOf, repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import { raise } from '../support/raise.js'
import {
  type Discrepancy,
  discrepancies,
  drift,
  expectAgreement,
  goOn,
  onlyOne,
  reconcile,
  repair,
  takeOne,
  takeSome,
  told,
} from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

test('what is repaired is closed by a later run alone, and what goes by itself is told so', async () => {
  system = await shared.open()
  const [gone, due, shown, name, done, well] = await takeSome(system, 6)
  await system.twins.VILIS.act('forward', { code: well })
  await system.drain()
  await drift(system, 'VILIS', 'DELETED', gone)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'PORTAL', 'STATUS', shown, '4')
  await drift(system, 'ONE_STOP', 'APPLICANT', name, 'Tên Khác')
  await system.twins.VILIS.act('finishSilently', { code: done })
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(open).toHaveLength(5)
  const ready = open.filter(({ proposed }) => proposed === 'HERE' || proposed === 'THERE')
  // Nobody turns the table of authority round.
  const turned = ready
    .filter(({ fields }) => fields.length > 0)
    .map((one) => repair(system, one, one.proposed === 'HERE' ? 'THERE' : 'HERE'))
  expect((await Promise.all(turned)).map((answer) => answer.kind === 'REFUSED' && answer.reason).sort()).toEqual([
    'NOT_THEIRS_TO_DECIDE',
    'THEIRS_TO_DECIDE',
    'THEIRS_TO_DECIDE',
  ])
  for (const one of ready) expect(await repair(system, one, one.proposed as 'HERE' | 'THERE')).toEqual({ kind: 'DONE' })
  // The second of two operators is told; nothing is sent twice.
  expect(await repair(system, open[0] as Discrepancy, 'THERE')).toMatchObject({
    kind: 'REFUSED',
    reason: 'STALE_WRITE',
    message: expect.stringMatching(/^Sai lệch này đã thay đổi lúc .* \(.+\), nay "Đang sửa/),
  })
  expect((await discrepancies(system, 'REPAIRING')).map(({ code }) => code).sort()).toEqual([gone, due, shown, done].sort())

  await system.drain()
  const [nameFound] = await discrepancies(system, 'OPEN')
  const held = await system.context.db.query<{ name: string }>(
    `SELECT p.full_name AS name FROM party p JOIN dossier d ON d.applicant_id = p.id WHERE d.code = $1`,
    [name],
  )
  await drift(system, 'ONE_STOP', 'APPLICANT', name, held[0]?.name)
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
  const { db } = system.context
  const cursor = () => db.query(`SELECT position, alarm FROM poll_cursor WHERE system_id = 'VILIS'`)
  const readAgain = (why: string) => db.transaction((tx) => reread(tx, 'VILIS', why))
  await readAgain('thử')
  await pollOnce(system.context, 'VILIS')
  expect(await cursor()).toEqual([{ position: expect.anything(), alarm: null }])
  await readAgain('một')
  await readAgain('hai')
  expect(await cursor()).toEqual([{ position: expect.anything(), alarm: 'một' }])
  await system.drain()
  // The status that was taken from ViLIS has gone on to the others by the ordinary way.
  await expectAgreement(system)
  // Each of them is a wait in the time ledger, from found to repaired; what the portal showed wrongly held nobody up.
  const ids = new Map(
    (await db.query<{ id: string; code: string }>('SELECT id::text, code FROM dossier')).map(({ id, code }) => [code, id]),
  )
  const waits = await readDriftWaits(db, [...ids.values()])
  const waitOf = (code: string | undefined) =>
    waits.get(ids.get(code ?? '') ?? '')?.map((wait) => [wait.systemId, describeWait(wait), wait.holds, wait.endedBy, wait.to !== null])
  const differs = (where: string): string => `Số liệu ở ${where} khác với hồ sơ, chờ sửa`
  expect([gone, shown, name].map(waitOf)).toEqual([
    [['VILIS', 'Hồ sơ bị thiếu ở ViLIS, chờ sửa', true, 'PERSON', true]],
    [['PORTAL', differs(SYSTEM_IN_SENTENCE.PORTAL), false, 'PERSON', true]],
    [['ONE_STOP', differs(SYSTEM_IN_SENTENCE.ONE_STOP), false, 'MACHINE', true]],
  ])
  expect(await readDriftedSince(db, new Date(0))).toHaveLength(5)
  expect(await readDriftedSince(db, new Date(Date.now() + 365 * DAY_MS))).toEqual([])
})

test('what has moved on here since both sides were looked at is not repaired by what they held then', async () => {
  system = await shared.open()
  const [due, sent] = await takeSome(system, 2)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'PORTAL', 'APPLICANT', sent, 'Tên Khác')
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(open.map(({ proposed }) => proposed).sort()).toEqual(['HERE', 'THERE'])
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
  system = await shared.open({ reconciliation: { graceMs: 60_000, repairs: { rules, stopAbove: 9 } } })
  const codes = await takeSome(system, 2)
  await system.pass(HOUR_MS)
  const run = async () => {
    const { id, waitsFor } = await reconcile(system, { systems: ['VILIS'] })
    return { id, waitsFor }
  }
  const goOnAfterGrace = async (id: string) => {
    await system.pass(61_000)
    return goOn(system, id)
  }
  for (const code of codes) await drift(system, 'VILIS', 'DUE_DATE', code)
  expect(await goOnAfterGrace((await run()).id)).toMatchObject({ state: 'DONE' })
  const left = await onlyOne(system, 'OPEN')
  await system.pass(HOUR_MS)
  await drift(system, 'VILIS', 'DUE_DATE', left.code, '2027-05-05T10:00:00.000Z')
  const { id, waitsFor } = await run()
  expect(waitsFor).toMatch(/ân hạn/)
  expect((await onlyOne(system, 'OPEN')).version).toBeGreaterThan(left.version)
  expect(await goOnAfterGrace(id)).toMatchObject({ state: 'DONE', progress: { VILIS: { counts: { repairsBegun: 1 } } } })
  const [held] = await system.context.db.query<{ due: Date }>(`SELECT due_at AS due FROM dossier WHERE code = $1`, [left.code])
  expect(held?.due.toISOString()).toBe('2027-05-05T10:00:00.000Z')
})

test('a repair here is applied although their clock is ahead of ours, and refused in words where the dossier cannot take it', async () => {
  system = await shared.open()
  const [due, ended] = await takeSome(system, 2)
  for (const code of [due, ended]) await system.twins.VILIS.act('forward', { code })
  await system.twins.VILIS.act('newDueDate', { code: due })
  await system.drain()
  const { db } = system.context
  await db.query(`UPDATE dossier_event SET event_at = event_at + interval '4 minutes' WHERE origin = 'VILIS' RETURNING 1 AS done`)
  await drift(system, 'VILIS', 'DUE_DATE', due, '2027-05-05T10:00:00.000Z')
  await drift(system, 'VILIS', 'DUE_DATE', ended, '2027-05-05T10:00:00.000Z')
  await reconcile(system)
  const [one, other] = await discrepancies(system, 'OPEN')
  expect([one?.code, other?.code]).toEqual([due, ended])
  expect(await repair(system, one as Discrepancy, 'HERE')).toEqual({ kind: 'DONE' })
  await reconcile(system)
  expect((await discrepancies(system)).map(({ code, state }) => `${code} ${state}`)).toEqual([`${due} VERIFIED`, `${ended} OPEN`])
  // What no table of states allows is refused at the click.
  await db.query(
    `UPDATE discrepancy SET fields = fields || jsonb_build_object('field', 'STATUS', 'ours', our_status, 'theirs', 'SUBMITTED') WHERE id = $1::uuid RETURNING 1 AS done`,
    [other?.id],
  )
  expect(await repair(system, await onlyOne(system, 'OPEN'), 'HERE')).toMatchObject({
    kind: 'REFUSED',
    reason: 'NOT_APPLICABLE_HERE',
    message: expect.stringMatching(/không áp dụng được .*: không được chuyển hồ sơ từ/),
  })
  expect(await discrepancies(system, 'REPAIRING')).toEqual([])
})

test('what differs still, under another class by now, is not called repaired and verified', async () => {
  system = await shared.open()
  const [code] = await takeSome(system, 1)
  await drift(system, 'PORTAL', 'STATUS', code, '4')
  await reconcile(system)
  await system.twins.PORTAL.act('lie', { count: 1 })
  expect(await repair(system, await onlyOne(system, 'OPEN'), 'THERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  await drift(system, 'PORTAL', 'STATUS', code, '9')
  await reconcile(system)
  expect(told(await discrepancies(system, 'OPEN'))).toEqual([`${code} PORTAL RESULT_NOT_RETURNED STATUS THERE`])
  expect((await discrepancies(system)).map(({ class: of, state }) => `${of} ${state}`)).toEqual([
    'DIFFERS GONE',
    'RESULT_NOT_RETURNED OPEN',
  ])
})

/** The desk takes one in, and our reading of its feed has passed over it. */
const passOver = async (): Promise<string> => {
  const code = await takeOne(system)
  const { db, systems } = system.context
  const { position } = await readCursor(db, 'ONE_STOP')
  const page = await systems.polled.find(({ id }) => id === 'ONE_STOP')?.readChanges(position, 9)
  if (page?.kind !== 'PAGE') throw new Error('the desk tells of it')
  await advanceCursor(db, 'ONE_STOP', page.nextPosition)
  return code
}

test('a feed is read again for what it does not tell once: then a person decides, until they hold other values; what it tells is verified', async () => {
  system = await shared.open({ systems: { ONE_STOP: { poll: { overlap: 0 } } } })
  const [untold = ''] = await takeSome(system, 1)
  const told = await passOver()
  await drift(system, 'ONE_STOP', 'APPLICANT', untold, 'Tên Khác')
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(open.map(({ code, class: of, proposed }) => `${code} ${of} ${proposed}`)).toEqual([
    `${untold} DIFFERS REREAD`,
    `${told} MISSING_HERE REREAD`,
  ])
  for (const one of open) expect(await repair(system, one, 'HERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  await reconcile(system)
  expect((await discrepancies(system, 'VERIFIED')).map(({ code }) => code)).toEqual([told])
  const asked = await onlyOne(system, 'OPEN')
  expect(asked).toMatchObject({ code: untold, proposed: 'PERSON', cause: 'FEED_DOES_NOT_TELL' })
  expect(await repair(system, open[0] as Discrepancy, 'HERE')).toMatchObject({
    reason: 'STALE_WRITE',
    message: expect.stringMatching(/^Sai lệch này đã thay đổi và được xem lại lúc .*; lần xử lý cuối lúc .* \(.+\), nay "Đang lệch"/),
  })
  await reconcile(system)
  expect(await onlyOne(system, 'OPEN')).toEqual({ ...asked, seenCount: expect.any(Number) })

  // Other values are another finding; and a person may have it read again, however often.
  await drift(system, 'ONE_STOP', 'APPLICANT', untold, 'Tên Khác Nữa')
  await reconcile(system)
  const other = await onlyOne(system, 'OPEN')
  expect(other).toMatchObject({ proposed: 'REREAD', cause: 'NEVER_TOLD', version: asked.version + 1 })
  expect(await repair(system, asked, 'HERE')).toMatchObject({ reason: 'STALE_WRITE' })
  expect(await repair(system, other, 'HERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  await reconcile(system)
  const again = await onlyOne(system, 'OPEN')
  expect(again).toMatchObject({ proposed: 'PERSON', cause: 'FEED_DOES_NOT_TELL' })
  const offered = await judgeDiscrepancies(repairsOf(system.context), [again.id])
  expect(offered.find(({ act }) => act === 'REPAIR_HERE')).not.toHaveProperty('refusal')
  expect(await repair(system, again, 'HERE')).toEqual({ kind: 'DONE' })
  expect((await readCursor(system.context.db, 'ONE_STOP')).position).toBe(0n)

  // They have told of it, and it lies here unapplied.
  const [message] = await system.context.db.query<{ id: string }>(
    `UPDATE inbox_message SET state = 'CONFLICT' WHERE id = (SELECT id FROM inbox_message WHERE dossier_code = $1 AND source = 'ONE_STOP' LIMIT 1)
     RETURNING id::text`,
    [untold],
  )
  await system.drain()
  await system.pass(10 * 60_000)
  await reconcile(system)
  expect(await onlyOne(system, 'OPEN')).toMatchObject({ proposed: 'PERSON', cause: 'TOLD_NOT_APPLIED' })
  const [kept] = await system.context.db.query(`SELECT message_id::text AS id FROM discrepancy WHERE state = 'OPEN'`)
  expect(kept).toEqual(message)
})

test('a poll that was under way when its feed was set to be read again is no part of that reading', async () => {
  system = await shared.open()
  const [code] = await takeSome(system, 1)
  await drift(system, 'ONE_STOP', 'APPLICANT', code, 'Tên Khác')
  await reconcile(system)
  const found = await onlyOne(system, 'OPEN')
  const { apply, db, pageSizeOf, systems } = system.context
  const desk = systems.polled.find(({ id }) => id === 'ONE_STOP')
  if (!desk) throw new Error('the desk is polled')
  const slow: typeof desk = {
    id: desk.id,
    overlap: desk.overlap,
    readChanges: async (position, rows) => {
      const page = await desk.readChanges(position, rows)
      expect(await repair(system, found, 'HERE')).toEqual({ kind: 'DONE' })
      return page
    },
  }
  const deps = { ...apply, db, pageSize: pageSizeOf('ONE_STOP'), onApplied: () => undefined, onApplyError: raise }
  expect(await pollSystem(deps, slow)).toMatchObject({ kind: 'READ', atEnd: false })
  expect((await readCursor(db, 'ONE_STOP')).position).toBe(0n)
  await reconcile(system)
  expect(await onlyOne(system, 'REPAIRING')).toMatchObject({ proposed: 'REREAD' })
  await pollOnce(system.context, 'ONE_STOP')
  await reconcile(system)
  expect(await onlyOne(system, 'OPEN')).toMatchObject({ proposed: 'PERSON' })
})

test('what a repair has not mended is not called verified when it goes by itself, and what a person let stand was no wait from then on', async () => {
  system = await shared.open()
  const [lied, stands] = await takeSome(system, 2)
  for (const code of [lied, stands]) await drift(system, 'PORTAL', 'STATUS', code, '4')
  await reconcile(system)
  const [first, second] = (await discrepancies(system, 'OPEN')) as [Discrepancy, Discrepancy]
  await system.twins.PORTAL.act('lie', { count: 1 })
  expect(await repair(system, first, 'THERE')).toEqual({ kind: 'DONE' })
  const { db } = system.context
  expect(await ignore(db, { discrepancyId: second.id, version: second.version, reason: 'cứ để vậy', actor: OPERATOR })).toEqual({
    kind: 'DONE',
  })
  await system.drain()
  await reconcile(system)
  expect(await onlyOne(system, 'OPEN')).toMatchObject({ code: lied, repairError: expect.stringMatching(/vẫn lệch/) })
  await system.pass(HOUR_MS)
  for (const code of [lied, stands]) await drift(system, 'PORTAL', 'STATUS', code, '2')
  await reconcile(system)
  expect((await discrepancies(system)).map(({ state }) => state)).toEqual(['GONE', 'GONE'])
  const ids = await db.query<{ id: string; ignored: Date | null; closed: Date }>(
    'SELECT dossier_id::text AS id, ignored_at AS ignored, closed_at AS closed FROM discrepancy ORDER BY dossier_code',
  )
  const waits = await readDriftWaits(
    db,
    ids.map(({ id }) => id),
  )
  expect(ids.map(({ id }) => waits.get(id)?.map(({ to, endedBy }) => [to, endedBy]))).toEqual([
    [[ids[0]?.closed, 'MACHINE']],
    [[ids[1]?.ignored, 'PERSON']],
  ])
})

test('safe repairs follow the policy: up to so many a run, by the proposed direction alone, and none when there are unexpectedly many', async () => {
  const rules = [{ systems: ['PORTAL'], class: 'DIFFERS', direction: 'THERE', maxPerRun: 2 }]
  system = await shared.open({ reconciliation: { repairs: { rules, stopAbove: 4 } } })
  const codes = await takeSome(system, 6)
  for (const code of codes.slice(0, 5)) await drift(system, 'PORTAL', 'STATUS', code, '4')
  const tooMany = await reconcile(system)
  expect(tooMany.endedBecause).toMatch(/5 sai lệch .* không tự sửa/)
  expect(await discrepancies(system, 'OPEN')).toHaveLength(5)
  // What it has raised itself it has found, also when a run beside it is the last that saw it.
  await system.context.db.query(`UPDATE discrepancy SET seen_run_id = gen_random_uuid() RETURNING 1 AS done`)
  expect(await countOpenOfRun(system.context.db, 'PORTAL', tooMany.id)).toBe(5)
  await drift(system, 'PORTAL', 'STATUS', codes[0], '2')
  await drift(system, 'VILIS', 'DELETED', codes[5])
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
  const byPolicy = async (runId: string) => {
    const deps = repairsOf(system.context)
    const theirs = await readTheirsNow(deps, 'VILIS', [left?.code ?? ''])
    if (theirs.kind === 'REFUSED') throw new Error(theirs.message)
    return performRepair(deps, { ...order, by: { ...BY_SCHEDULE.by, role: 'MACHINE' }, policy: { runId, maxPerDay: 9 }, theirs })
  }
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

test('a repair is by what the other side holds at the click: what it has changed since is refused and shown, and what agrees by now is left to the next run', async () => {
  system = await shared.open()
  const [due, shown] = await takeSome(system, 2)
  await drift(system, 'VILIS', 'DUE_DATE', due, '2027-04-04T10:00:00.000Z')
  await drift(system, 'PORTAL', 'STATUS', shown, '4')
  await reconcile(system)
  const [first, second] = (await discrepancies(system, 'OPEN')) as [Discrepancy, Discrepancy]
  expect([first.code, second.code]).toEqual([due, shown])
  await drift(system, 'VILIS', 'DUE_DATE', due, '2027-05-05T10:00:00.000Z')
  await drift(system, 'PORTAL', 'STATUS', shown, '2')
  const { db } = system.context
  const standing = () => db.query(`SELECT due_at FROM dossier UNION ALL SELECT created_at FROM transfer ORDER BY 1`)
  const before = await standing()
  expect(await repair(system, first, 'HERE')).toEqual({
    kind: 'REFUSED',
    reason: 'STALE_WRITE',
    message: expect.stringMatching(/^ViLIS, đọc lại lúc .* nay khác với điều đã thấy \(hạn trả\): chưa sửa gì/),
  })
  expect(await repair(system, second, 'THERE')).toMatchObject({
    reason: 'STALE_WRITE',
    message: expect.stringMatching(/không còn sai lệch này/),
  })
  expect(await standing()).toEqual(before)
  expect(await db.query(`SELECT act FROM audit_entry WHERE act LIKE 'REPAIR%'`)).toEqual([])

  // Whoever looks again sees what was read at the click, and may act by that.
  const [now, agreed] = (await discrepancies(system, 'OPEN')) as [Discrepancy, Discrepancy]
  expect(now).toMatchObject({ version: first.version + 1, fields: [{ field: 'DUE_DATE', theirs: '2027-05-05T10:00:00.000Z' }] })
  expect(await repair(system, first, 'HERE')).toMatchObject({
    reason: 'STALE_WRITE',
    message: expect.stringMatching(/^Sai lệch này đã thay đổi và được xem lại lúc .*, nay "Đang lệch"/),
  })
  expect(await repair(system, now, 'HERE')).toEqual({ kind: 'DONE' })
  // The next run looks at the other one, though its days are others, and closes it.
  expect(agreed.version).toBe(second.version + 1)
  await reconcile(system, { scope: 'RANGE', systems: ['PORTAL'], range: { from: '2001-01-01', to: '2001-01-02' } })
  expect((await discrepancies(system, 'GONE')).map(({ code }) => code)).toEqual([shown])
  await reconcile(system)
  expect((await discrepancies(system, 'VERIFIED')).map(({ code }) => code)).toEqual([due])
  const [held] = await db.query<{ due: Date }>(`SELECT due_at AS due FROM dossier WHERE code = $1`, [due])
  expect(held?.due.toISOString()).toBe('2027-05-05T10:00:00.000Z')
})

test('nothing is lost when the other side cannot be read at the click: it says so, and the same is done once it can; of many at once the others are done meanwhile', async () => {
  system = await shared.open()
  const [due, shown] = await takeSome(system, 2)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'PORTAL', 'STATUS', shown, '4')
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  await system.twins.VILIS.offline()
  await expect(repair(system, open[0] as Discrepancy, 'HERE')).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    message: expect.stringMatching(/Chưa đọc được ViLIS: .*Chưa sửa gì, sai lệch còn nguyên/),
  })
  expect(await discrepancies(system, 'OPEN')).toEqual(open)

  const { db } = system.context
  const size = { maxRows: 10, approvalAbove: 10 }
  const order = { filter: {}, asked: {}, reason: 'nhiều cùng lúc', scope: { communes: null }, actor: OPERATOR } as const
  expect(await createDiscrepancyBatch(db, { ...order, act: 'REPAIR_HERE', expectedCount: 2 }, size)).toMatchObject({ kind: 'DONE' })
  const errors: unknown[] = []
  const work = () => workOnBatches({ ...repairsOf(system.context), onError: (error) => void errors.push(error) }, () => false)
  const results = () =>
    db.query(
      `SELECT x.dossier_code AS code, r.result FROM discrepancy_batch_row r JOIN discrepancy x ON x.id = r.discrepancy_id ORDER BY 1`,
    )
  const waitsFor = async () => (await latestBatches(db, 1)).map(({ state, waitsFor: sentences }) => [state, ...sentences])
  await work()
  expect(await results()).toEqual([
    { code: due, result: 'WAITING' },
    { code: shown, result: 'REFUSED' },
  ])
  expect(await waitsFor()).toEqual([['RUNNING', expect.stringMatching(/^Chưa đọc được ViLIS: (?!.*Chưa sửa gì)/)]])
  await system.twins.VILIS.online()
  const setPaused = (at: string) => db.query(`UPDATE system_gate SET paused_at = ${at} WHERE system_id = 'VILIS' RETURNING 1 AS done`)
  await setPaused('app_now()')
  await system.pass(HOUR_MS)
  await work()
  expect(await waitsFor()).toEqual([['RUNNING', 'Chưa đọc được ViLIS: hệ thống đang được tạm dừng.']])
  await setPaused('NULL')
  await system.pass(HOUR_MS)
  await work()
  expect(errors).toEqual([])
  expect(await results()).toContainEqual({ code: due, result: 'DONE' })
  expect(await waitsFor()).toEqual([['DONE']])
  expect((await discrepancies(system, 'REPAIRING')).map(({ code }) => code)).toEqual([due])
})

test('what a repair here has decided is applied although its process dies right after the decision', async () => {
  system = await shared.open()
  const [due] = await takeSome(system, 1)
  await drift(system, 'VILIS', 'DUE_DATE', due, '2027-05-05T10:00:00.000Z')
  await reconcile(system)
  const { id, version } = await onlyOne(system, 'OPEN')
  // One that fails by a fault of ours alone ends its row in a batch, and keeps none of the others waiting.
  const { db } = system.context
  const order = {
    act: 'REPAIR_HERE',
    filter: {},
    asked: {},
    reason: 'thử',
    scope: { communes: null },
    actor: OPERATOR,
    expectedCount: 1,
  } as const
  await createDiscrepancyBatch(db, order, { maxRows: 10, approvalAbove: 10 })
  const errors: unknown[] = []
  const broken = { ...repairsOf(system.context), store: () => Promise.reject(new Error('broken')) }
  await workOnBatches({ ...broken, onError: (error) => void errors.push(error) }, () => false)
  expect(errors).toEqual([new Error('broken')])
  const [batch] = await latestBatches(db, 1)
  expect([batch?.state, await refusalsOfBatch(db, batch?.id ?? '')]).toEqual([
    'DONE',
    [{ because: expect.stringMatching(/^Lỗi nội bộ của cổng liên thông với riêng sai lệch này/), count: 1 }],
  ])
  const killed = performRepair(
    { ...repairsOf(system.context), receive: () => Promise.reject(new Error('killed')) },
    { id, expectedVersion: version, direction: 'HERE', reason: 'thử', by: { subject: 'a', name: 'a', role: 'OPERATOR' } },
  )
  await expect(killed).rejects.toThrow('killed')
  // What is left behind is looked for once nobody can be at it any more.
  await system.pass(HOUR_MS)
  await system.drain()
  await reconcile(system)
  expect(await discrepancies(system)).toMatchObject([{ code: due, state: 'VERIFIED' }])
})

test('a day holds no more repairs of a class and direction than it may, however many runs there are, and the report says what has stopped them', async () => {
  const rules = [{ systems: ['PORTAL'], class: 'DIFFERS', direction: 'THERE', maxPerRun: 2, maxPerDay: 3 }]
  system = await shared.open({ reconciliation: { repairs: { rules, stopAbove: 9 } } })
  const codes = await takeSome(system, 5)
  for (const code of codes) await drift(system, 'PORTAL', 'STATUS', code, '4')
  // One that fails by a fault of ours holds up neither the others nor the end of the run, which says so.
  const errors: unknown[] = []
  const broken = {
    ...reconciliationOf(system.context, (systemId) => pollOnce(system.context, systemId)),
    reference: () => Promise.reject(new Error('broken')),
    onError: (error: unknown) => void errors.push(error),
  }
  const failing = (await startRun(system.context.db, { ...BY_SCHEDULE, scope: 'ALL', systems: ['PORTAL'], recentDays: 7 })) as string
  await workOnRuns(broken, () => false)
  expect(await findRun(system.context.db, failing)).toMatchObject({
    state: 'DONE',
    endedBecause: expect.stringMatching(/không tự sửa được vì lỗi nội bộ/),
  })
  expect(errors).toEqual(Array(5).fill(new Error('broken')))
  const run = async () => {
    const { endedBecause, progress } = await reconcile(system, { systems: ['PORTAL'] })
    await system.drain()
    return [progress.PORTAL?.counts.repairsBegun, endedBecause]
  }
  expect(await run()).toEqual([2, expect.stringMatching(/tự sửa đủ 2 của một lượt/)])
  expect(await run()).toEqual([1, expect.stringMatching(/tự sửa đủ 3 của ngày hôm nay/)])
  // A person who repairs one anew takes nothing off what the machine has done today.
  const { id } = (await discrepancies(system, 'VERIFIED'))[0] as Discrepancy
  await system.context.db.query(`UPDATE discrepancy SET repair_run_id = NULL WHERE id = $1::uuid RETURNING 1 AS done`, [id])
  expect(await run()).toEqual([0, expect.stringMatching(/tự sửa đủ 3 của ngày hôm nay .* còn lại cần người xem/)])
  await system.pass(DAY_MS)
  expect(await run()).toEqual([2, null])
  await reconcile(system, { systems: ['PORTAL'] })
  expect(await discrepancies(system, 'VERIFIED')).toHaveLength(5)
})

test('an answer that was given before a later look is no news of what that look has seen', async () => {
  system = await shared.open()
  const [code = ''] = await takeSome(system, 1)
  await drift(system, 'VILIS', 'DUE_DATE', code, '2027-04-04T10:00:00.000Z')
  const { id: runId } = await reconcile(system)
  const { context } = system
  const deps = reconciliationOf(context, (systemId) => pollOnce(context, systemId))
  const their = deps.theirSide('VILIS')
  if (!their) throw new Error('ViLIS is compared')
  const slow: typeof their = {
    ...their,
    ofCodes: async (codes) => {
      const answer = await their.ofCodes(codes)
      await drift(system, 'VILIS', 'DUE_DATE', code, '2027-05-05T10:00:00.000Z')
      await examine(deps, their, runId, codes)
      return answer
    },
  }
  await examine(deps, slow, runId, [code])
  expect(await onlyOne(system, 'OPEN')).toMatchObject({ fields: [{ theirs: '2027-05-05T10:00:00.000Z' }] })
})
