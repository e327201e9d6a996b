import { afterAll, expect, test } from '@jest/globals'
import { describeWait } from '../../src/model/interlink-wait.js'
import { SYSTEM_IN_SENTENCE } from '../../src/model/system.js'
import { ignore } from '../../src/operator/act-on-discrepancy.js'
import { createDiscrepancyBatch } from '../../src/operator/create-discrepancy-batch.js'
import { latestBatches, refusalsOfBatch } from '../../src/operator/discrepancy-batch-repository.js'
import { workOnBatches } from '../../src/operator/run-discrepancy-batch.js'
import { readDriftedSince, readDriftWaits } from '../../src/reconciliation/drift-waits-repository.js'
import { performRepair } from '../../src/reconciliation/perform-repair.js'
import { repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import {
  type Discrepancy,
  discrepancies,
  drift,
  expectAgreement,
  onlyOne,
  reconcile,
  repair,
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

test('what the portal shows by a line of progress is put right there, status and due date alike', async () => {
  system = await shared.open()
  const [status, end, due] = await takeSome(system, 3)
  for (const code of [status, end, due]) await system.twins.VILIS.act('forward', { code })
  await system.drain()
  await drift(system, 'PORTAL', 'STATUS', status, '5')
  await drift(system, 'PORTAL', 'STATUS', end, '9')
  await drift(system, 'PORTAL', 'DUE_DATE', due)
  await reconcile(system)
  const open = await discrepancies(system, 'OPEN')
  expect(told(open)).toEqual(
    [
      `${status} PORTAL DIFFERS STATUS THERE`,
      `${end} PORTAL RESULT_NOT_RETURNED STATUS THERE`,
      `${due} PORTAL DIFFERS DUE_DATE THERE`,
    ].sort(),
  )
  for (const one of open) expect(await repair(system, one, 'THERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  await reconcile(system)
  expect((await discrepancies(system)).map(({ state }) => state)).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED'])
  await expectAgreement(system)
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
  // Of the dossier and of the line of progress.
  await system.twins.PORTAL.act('lie', { count: 2 })
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

test('what a repair has not mended is not called verified when it goes by itself, and what a person let stand was no wait from then on', async () => {
  system = await shared.open()
  const [lied, stands] = await takeSome(system, 2)
  for (const code of [lied, stands]) await drift(system, 'PORTAL', 'STATUS', code, '4')
  await reconcile(system)
  const [first, second] = (await discrepancies(system, 'OPEN')) as [Discrepancy, Discrepancy]
  // Of the dossier and of the line of progress.
  await system.twins.PORTAL.act('lie', { count: 2 })
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
