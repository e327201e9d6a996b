import { afterAll, expect, test } from '@jest/globals'
import { lockDossierCode } from '../../src/dossier/dossier-repository.js'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { resumeSystem } from '../../src/operator/resume-system.js'
import { workOnPlans } from '../../src/operator/work-on-plans.js'
import { andThen, writesAt } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import {
  actOn,
  countOf,
  createPlan,
  newKey,
  planned,
  refuseAll,
  rowsOf,
  seePlan,
  started,
  workOf,
  workThrough,
} from '../support/replay-plans.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { until } from '../support/until.js'

const REFUSED = { systems: ['VILIS'], states: ['REJECTED'] }

const shared = sharedTestSystem()
let system: TestSystem
const open = async (options: TestSystemOptions = {}): Promise<TestSystem> => {
  system = await shared.open({ gateway: true, ...options })
  return system
}
afterAll(() => shared.close())

const keysAt = async (): Promise<string[]> => (await system.accepted('VILIS')).map(({ key }) => key)
const auditOf = (planId: string) =>
  system.context.db.query<{ act: string; actor: string; reason: string; after: Record<string, unknown> }>(
    `SELECT act, actor, reason, after FROM audit_entry WHERE plan_id = $1::uuid ORDER BY at, id`,
    [planId],
  )

test('sixty that ViLIS refused: frozen, dry run, started, and each is delivered once, by due date, in the name of who started it', async () => {
  await open()
  const codes = await refuseAll(system, 60)
  const plan = await planned(system, REFUSED)
  expect(plan).toMatchObject({ state: 'DRAFT', rowCount: 60, needsApproval: false })
  expect(await actOn(system, plan, 'start')).toMatchObject({
    reason: 'ILLEGAL_TRANSITION',
    message: expect.stringContaining('chạy thử trước'),
  })

  await actOn(system, plan, 'dryRun')
  const ready = await workThrough(system, plan)
  expect(countOf(ready)).toEqual({ WOULD_BE_SENT: 60, WAITING: 60 })
  expect(ready.state).toBe('READY')
  // A dry run sends nothing and moves nothing.
  expect(await keysAt()).toEqual([])
  expect(await system.context.db.query(`SELECT 1 AS moved FROM transfer WHERE system_id = 'VILIS' AND state <> 'REJECTED'`)).toEqual([])
  expect(await system.context.db.query(`SELECT 1 AS replayed FROM audit_entry WHERE act = 'REPLAY'`)).toEqual([])
  expect(await system.context.db.query(`SELECT 1 AS left FROM gate_guest`)).toEqual([])

  await actOn(system, ready, 'start')
  const done = await workThrough(system, plan)
  expect(countOf(done)).toEqual({ WOULD_BE_SENT: 60, DELIVERED: 60 })
  expect(done).toMatchObject({ state: 'DONE', stoppedBecause: null })
  expect((await keysAt()).sort()).toEqual(codes.map((code) => `${code}.RECEIVE.1`).sort())
  await expectAllDelivered(system)

  const trail = await auditOf(plan.id)
  expect(trail.filter(({ act }) => act === 'REPLAY')).toHaveLength(60)
  expect(trail.filter(({ act }) => act !== 'REPLAY').map(({ act, actor }) => [act, actor])).toEqual([
    ['CREATE_REPLAY_PLAN', 'operator'],
    ['DRY_RUN_REPLAY_PLAN', 'operator'],
    ['DRY_RUN_DONE_REPLAY_PLAN', 'Hệ thống'],
    ['START_REPLAY_PLAN', 'operator'],
    ['DONE_REPLAY_PLAN', 'Hệ thống'],
  ])
  const countOfTrail = async (filter: Record<string, string>): Promise<number> =>
    (
      await system.gateway.query<{ entries: { totalCount: number } }>(
        'operator',
        'query ($filter: AuditFilterInput!) { entries: auditEntries(filter: $filter) { totalCount } }',
        { filter },
      )
    ).entries.totalCount
  expect(await countOfTrail({ planId: plan.id })).toBe(65)
  const [cause] = await system.context.db.query<{ id: string }>(`SELECT id::text FROM failure_cause WHERE code LIKE '%SAI_LUOC_DO'`)
  expect(await countOfTrail({ planId: plan.id, causeId: cause?.id ?? '' })).toBe(60)
  const replays = await system.context.db.query<{ actor: string; reason: string; request: string }>(
    `SELECT actor, reason, after->>'request' AS request FROM audit_entry WHERE act = 'REPLAY'`,
  )
  expect(replays).toHaveLength(60)
  expect(new Set(replays.map(({ request }) => request)).size).toBe(60)
  expect(replays[0]).toMatchObject({
    actor: 'operator',
    reason: 'Kế hoạch "Gửi lại sau sự cố": ViLIS đã hoạt động lại',
    request: expect.stringMatching(`^plan:${plan.id}:\\d+$`),
  })
  const order = await system.context.db.query<{ position: number }>(
    `SELECT r.position FROM replay_plan_row r JOIN transfer t ON t.id = r.transfer_id WHERE r.plan_id = $1::uuid ORDER BY t.due_at, r.position`,
    [plan.id],
  )
  expect(order.map(({ position }) => position)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
})

test('the dry run tells apart what would go, what is there already and what still cannot be sent; what is there is delivered unsent', async () => {
  await open({ mappings: (rows) => rows.filter(({ kind, ourCode }) => !(kind === 'PROCEDURE' && ourCode === '1.012784')) })
  const [there = '', mine = ''] = await refuseAll(system, 2)
  const { code: unmapped } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012784' } })
  await system.drain()
  expect(await transferOf(system, `${unmapped}.RECEIVE.1`)).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING' })
  // One of them arrives after all, and we forget it.
  const thereId = (await transferOf(system, `${there}.RECEIVE.1`)).id
  await replayTransfer(system.context.db, { transferId: thereId, reason: 'Gửi thử', actor: OPERATOR })
  await system.drain()
  await system.context.db.query(`UPDATE transfer SET state = 'REJECTED', settled_at = app_now() WHERE id = $1::uuid RETURNING 1 AS done`, [
    thereId,
  ])
  const plan = await planned(system, { systems: ['VILIS'], states: ['REJECTED', 'HELD'] })
  await actOn(system, plan, 'dryRun')
  const ready = await workThrough(system, plan)
  const foreseen = Object.fromEntries(rowsOf(ready).map(({ transfer, ...row }) => [transfer.idempotencyKey, row]))
  expect(foreseen).toMatchObject({
    [`${there}.RECEIVE.1`]: { forecast: 'ALREADY_THERE' },
    [`${mine}.RECEIVE.1`]: { forecast: 'WOULD_BE_SENT' },
    [`${unmapped}.RECEIVE.1`]: { forecast: 'STILL_REJECTED', forecastReason: expect.stringContaining('1.012784') },
  })

  await actOn(system, ready, 'start')
  const done = await workThrough(system, plan)
  expect(done.state).toBe('DONE')
  expect(countOf(done)).toMatchObject({ DELIVERED: 2, SKIPPED: 1 })
  const ended = Object.fromEntries(rowsOf(done).map(({ transfer, ...row }) => [transfer.idempotencyKey, row]))
  expect(ended[`${there}.RECEIVE.1`]).toMatchObject({ result: 'DELIVERED', resultReason: expect.stringContaining('không gửi lại') })
  expect(ended[`${unmapped}.RECEIVE.1`]).toMatchObject({ result: 'SKIPPED', resultReason: expect.stringContaining('vẫn chưa gửi được') })
  expect((await keysAt()).sort()).toEqual([`${there}.RECEIVE.1`, `${mine}.RECEIVE.1`].sort())
  await expectLedgersAgree(system)
})

test('what stands behind one that the plan does not send is blocked; with it in the plan, both go in their order', async () => {
  await open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'forward', { code })
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false, note: 'Bổ sung trích lục' })
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'BoSungHoSo', count: 1 })
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code, documents: [{ name: 'Trích lục', text: 'trích lục bản đồ' }] })
  // What we know of the first one is lost: as far as we know it was refused as well.
  await system.context.db.query(
    `UPDATE transfer SET state = 'REJECTED', settled_at = app_now() WHERE idempotency_key = $1 RETURNING 1 AS done`,
    [`${code}.RECEIVE.1`],
  )
  const alone = await planned(system, { ...REFUSED, operations: ['SUPPLEMENT'] })
  await actOn(system, alone, 'dryRun')
  const blocked = await workThrough(system, alone)
  expect(rowsOf(blocked)).toMatchObject([{ forecast: 'BLOCKED', forecastReason: expect.stringContaining('RECEIVE') }])
  // It would end at once, as if it had been done.
  expect(await actOn(system, blocked, 'start')).toMatchObject({ reason: 'NOTHING_TO_RUN' })
  expect(countOf(await workThrough(system, alone))).toMatchObject({ BLOCKED: 1, WAITING: 1 })

  const both = await started(system, await planned(system, REFUSED))
  expect(rowsOf(both).map(({ position, forecast }) => [position, forecast])).toEqual([
    [1, 'ALREADY_THERE'],
    [2, 'WOULD_BE_SENT'],
  ])
  const done = await workThrough(system, both)
  expect(done.state).toBe('DONE')
  expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo', 'BoSungHoSo'])
  await expectLedgersAgree(system)
})

test('rows that change under it are left alone, with the reason; the others go', async () => {
  await open()
  const [first = '', second = '', third = ''] = await refuseAll(system, 3)
  const plan = await planned(system, REFUSED)
  // Before the dry run one is given up; after it, another one is replayed by hand.
  await system.context.db.query(
    `UPDATE transfer SET state = 'ABANDONED', updated_at = app_now() WHERE idempotency_key = $1 RETURNING 1 AS done`,
    [`${first}.RECEIVE.1`],
  )
  await actOn(system, plan, 'dryRun')
  const ready = await workThrough(system, plan)
  expect(countOf(ready)).toMatchObject({ CHANGED: 1, WOULD_BE_SENT: 2 })
  const { id } = await transferOf(system, `${second}.RECEIVE.1`)
  await replayTransfer(system.context.db, { transferId: id, reason: 'Gửi riêng', actor: OPERATOR })
  await actOn(system, ready, 'start')
  const done = await workThrough(system, plan)
  expect(countOf(done)).toMatchObject({ SKIPPED: 2, DELIVERED: 1 })
  expect(rowsOf(done).find(({ transfer }) => transfer.id === id)).toMatchObject({
    result: 'SKIPPED',
    resultReason: 'Đã thay đổi từ khi chốt danh sách: không làm gì với lượt này.',
  })
  expect((await keysAt()).sort()).toEqual([`${second}.RECEIVE.1`, `${third}.RECEIVE.1`].sort())
  await expectLedgersAgree(system)
})

test('stops itself when too many fail, keeps what each came to, and goes on when a person says so', async () => {
  await open({ replayPlans: { maxUnderWay: 10 } })
  await refuseAll(system, 60)
  const plan = await started(system, await planned(system, REFUSED, { stopAtFailureShare: 0.5, stopAfterSettled: 10 }))
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 10 })
  const stopped = await workThrough(system, plan)
  expect(stopped).toMatchObject({ state: 'STOPPED', stoppedBecause: '10 trên 10 lượt đã có kết quả không thành (100%), vượt mức 50%.' })
  expect(countOf(stopped)).toMatchObject({ FAILED: 10, WAITING: 50 })
  expect(await keysAt()).toEqual([])
  expect(await auditOf(plan.id)).toContainEqual(expect.objectContaining({ act: 'STOP_REPLAY_PLAN', reason: stopped.stoppedBecause }))

  await actOn(system, stopped, 'resume')
  const done = await workThrough(system, plan)
  expect(done.state).toBe('DONE')
  expect(countOf(done)).toMatchObject({ FAILED: 10, DELIVERED: 50 })
  expect(rowsOf(done).find(({ result }) => result === 'FAILED')?.resultReason).toBeTruthy()
  await expectLedgersAgree(system)
})

test('a bound without a throttle lets no more go than what it waits for, however many may be under way', async () => {
  await open()
  await refuseAll(system, 60)
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 60 })
  const plan = await started(system, await planned(system, REFUSED, { stopAtFailureShare: 0.2, stopAfterSettled: 10 }))
  const stopped = await workThrough(system, plan)
  expect(stopped).toMatchObject({ state: 'STOPPED', stoppedBecause: '10 trên 10 lượt đã có kết quả không thành (100%), vượt mức 20%.' })
  expect(countOf(stopped)).toMatchObject({ FAILED: 10, WAITING: 50 })
  expect(await keysAt()).toEqual([])
})

test('one that has stopped itself with nothing left is not run again', async () => {
  await open()
  await refuseAll(system, 6)
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 6 })
  const plan = await started(system, await planned(system, REFUSED, { stopAtFailureShare: 0.2, stopAfterSettled: 6 }))
  const stopped = await workThrough(system, plan)
  expect(stopped).toMatchObject({ state: 'STOPPED' })
  expect(countOf(stopped)).toMatchObject({ FAILED: 6 })
  expect(await actOn(system, stopped, 'resume')).toMatchObject({
    __typename: 'ActRefused',
    reason: 'NOTHING_LEFT',
    message: 'Kế hoạch không còn lượt nào chưa gửi: xem các lượt không thành, xử lý rồi lập kế hoạch mới.',
  })
  expect(await seePlan(system, plan)).toMatchObject({ state: 'STOPPED', version: stopped.version })
})

test('a pause that was answered lets nothing more go; a cancellation leaves out what has not gone, and keeps the results of what has', async () => {
  await open({ replayPlans: { maxUnderWay: 5 } })
  await refuseAll(system, 20)
  const plan = await started(system, await planned(system, REFUSED))
  await workOnPlans(workOf(system), () => false)
  expect(countOf(await seePlan(system, plan))).toMatchObject({ QUEUED: 5, WAITING: 15 })
  const { plan: paused } = await actOn(system, await seePlan(system, plan), 'pause')
  expect(paused?.state).toBe('PAUSED')
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 5, WAITING: 15 })
  await actOn(system, await seePlan(system, plan), 'resume')
  await workOnPlans(workOf(system), () => false)
  const { plan: cancelled } = await actOn(system, await seePlan(system, plan), 'cancel')
  expect(cancelled?.state).toBe('CANCELLED')
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 10, SKIPPED: 10 })
  expect(await keysAt()).toHaveLength(10)
  await expectLedgersAgree(system)
})

test('a worker that dies in the middle of a run: another one goes on when its lease is over, and nothing goes twice', async () => {
  await open()
  await refuseAll(system, 40)
  const plan = await started(system, await planned(system, REFUSED))
  // It dies between two steps of seven rows, holding its lease.
  let acted = 0
  const { db, ...work } = workOf(system)
  const dying = {
    ...work,
    runStep: 7,
    renewMs: 3_600_000,
    db: {
      ...db,
      transaction: ((run, limits) => {
        acted += 1
        if (acted > 1) return new Promise(() => undefined)
        return db.transaction(run, limits)
      }) as typeof db.transaction,
    },
  }
  void workOnPlans(dying, () => false)
  const queued = async (): Promise<number> => countOf(await seePlan(system, plan)).QUEUED ?? 0
  while ((await queued()) < 7) await seePlan(system, plan)
  await workOnPlans(workOf(system), () => false)
  expect(await queued()).toBe(7)
  await system.drain()
  await system.pass(61_000)
  const done = await workThrough(system, plan)
  expect(done.state).toBe('DONE')
  expect(countOf(done)).toMatchObject({ DELIVERED: 40 })
  await expectAllDelivered(system)
})

test('a throttle lets no more go than its rate, by the clock of the database; outside its window nothing goes', async () => {
  await open()
  await refuseAll(system, 12)
  const [{ time }] = (await system.context.db.query(
    `SELECT to_char(app_now() AT TIME ZONE 'Asia/Ho_Chi_Minh' + interval '2 hours', 'HH24:MI') AS time`,
  )) as [{ time: string }]
  const [{ to }] = (await system.context.db.query(
    `SELECT to_char(app_now() AT TIME ZONE 'Asia/Ho_Chi_Minh' + interval '4 hours', 'HH24:MI') AS to`,
  )) as [{ to: string }]
  const plan = await started(system, await planned(system, REFUSED, { perSecond: 0.05, windowFrom: time, windowTo: to }))
  expect(countOf(await workThrough(system, plan))).toMatchObject({ WAITING: 12 })
  await system.pass(2.5 * 3_600_000)
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 1, WAITING: 11 })
  await system.pass(20_000)
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 2, WAITING: 10 })
  expect((await seePlan(system, plan)).remainingSeconds).toBeGreaterThan(0)
})

test('a second person approves what is large or supersedes, never who made it; and a new dry run takes the approval away', async () => {
  await open({ replayPlans: { approvalAbove: 2 } })
  await refuseAll(system, 3)
  const plan = await planned(system, REFUSED)
  expect(plan.needsApproval).toBe(true)
  await actOn(system, plan, 'dryRun')
  const waiting = await workThrough(system, plan)
  expect(waiting.state).toBe('AWAITING_APPROVAL')
  expect(await actOn(system, waiting, 'start')).toMatchObject({
    reason: 'ILLEGAL_TRANSITION',
    message: expect.stringContaining('duyệt trước'),
  })
  expect(await actOn(system, waiting, 'approve')).toMatchObject({ reason: 'OWN_APPROVAL' })
  const { plan: approved } = await actOn(system, waiting, 'approve', { role: 'admin' })
  expect(approved?.state).toBe('READY')
  await actOn(system, approved ?? plan, 'dryRun')
  const again = await workThrough(system, plan)
  expect(again.state).toBe('AWAITING_APPROVAL')

  const superseding = await planned(
    system,
    { ...REFUSED, dossierCode: rowsOf(plan)[0]?.transfer.idempotencyKey.split('.RECEIVE')[0] },
    { kind: 'SUPERSEDE' },
  )
  expect(superseding).toMatchObject({ rowCount: 1, needsApproval: true })
})

test('of a system that is paused nothing is asked: its rows are uncertain and a run leaves them out, until a new dry run', async () => {
  await open()
  await refuseAll(system, 3)
  const pause = { systemId: 'VILIS' as const, reason: 'ViLIS bảo trì', actor: OPERATOR }
  await pauseSystem(system.context.db, pause)
  const plan = await planned(system, REFUSED)
  const asked = async (): Promise<number> =>
    (await system.twins.VILIS.ledger()).requests.filter(({ operation }) => operation === 'TraCuuHoSo').length
  await actOn(system, plan, 'dryRun')
  const blind = await workThrough(system, plan)
  expect(countOf(blind)).toMatchObject({ UNCERTAIN: 3 })
  expect(rowsOf(blind)[0]?.forecastReason).toBe('Chưa hỏi được bên nhận: hệ thống nhận đang được tạm dừng.')
  expect(await asked()).toBe(0)
  await resumeSystem(system.context.db, pause)
  const done = await workThrough(system, await started(system, blind))
  expect(await asked()).toBe(3)
  expect(countOf(done)).toMatchObject({ DELIVERED: 3 })
  await expectAllDelivered(system)
})

test('a plan that supersedes: nothing to be done before the source is mended, then each gets a new one in its place', async () => {
  await open()
  const codes = await refuseAll(system, 2)
  const superseding = { kind: 'SUPERSEDE' }
  const early = await planned(system, REFUSED, superseding)
  await actOn(system, early, 'dryRun')
  expect(countOf(await workThrough(system, early))).toMatchObject({ NOT_ALLOWED: 2 })
  await system.context.db.query(`UPDATE procedure SET name = 'Tên thủ tục đã sửa' WHERE code = '1.012783'`)
  const plan = await started(system, await planned(system, REFUSED, superseding))
  expect(countOf(plan)).toMatchObject({ WOULD_BE_SENT: 2 })
  // Tried, and taken back: the run's new transfers are the first ones.
  const done = await workThrough(system, plan)
  expect(countOf(done)).toMatchObject({ DELIVERED: 2 })
  expect(rowsOf(done).map(({ transfer }) => transfer.state)).toEqual(['SUPERSEDED', 'SUPERSEDED'])
  expect((await keysAt()).sort()).toEqual(codes.map((code) => `${code}.RECEIVE.1-2`).sort())
  await expectAllDelivered(system)
})

test('a dry run and an approval do not hold for ever, and an approval not for rows that have moved since', async () => {
  await open({ replayPlans: { approvalAbove: 2, validHours: 12 } })
  const [first = ''] = await refuseAll(system, 3)
  const plan = await planned(system, REFUSED)
  const tried = async () => {
    await actOn(system, await seePlan(system, plan), 'dryRun')
    return workThrough(system, plan)
  }
  const approve = async () => actOn(system, await seePlan(system, plan), 'approve', { role: 'admin' })
  const start = async () => actOn(system, await seePlan(system, plan), 'start')
  await tried()
  await system.pass(12 * 3_600_000 + 1_000)
  expect(await approve()).toMatchObject({ reason: 'FORECAST_EXPIRED', message: expect.stringContaining('hãy chạy thử lại') })
  await tried()
  await approve()
  await system.context.db.query(`UPDATE replay_plan SET approved_at = approved_at - interval '13 hours' RETURNING 1 AS done`)
  expect(await start()).toMatchObject({ reason: 'APPROVAL_EXPIRED' })
  await tried()
  await approve()
  const { id } = await transferOf(system, `${first}.RECEIVE.1`)
  await replayTransfer(system.context.db, { transferId: id, reason: 'Gửi riêng', actor: OPERATOR })
  expect(await start()).toMatchObject({ reason: 'ROWS_CHANGED', message: expect.stringMatching(/^1 lượt/) })
  expect(countOf(await tried())).toMatchObject({ CHANGED: 1, WOULD_BE_SENT: 2 })
  await approve()
  expect((await start()).plan?.state).toBe('RUNNING')
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 2, SKIPPED: 1 })
  await expectLedgersAgree(system)
})

test('a plan ends though a row of it is stuck behind one that was refused later; that row says so', async () => {
  await open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'forward', { code })
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false, note: 'Bổ sung trích lục' })
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'BoSungHoSo', count: 1 })
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code, documents: [{ name: 'Trích lục', text: 'trích lục bản đồ' }] })
  const plan = await started(system, await planned(system, { ...REFUSED, operations: ['SUPPLEMENT'] }))
  await workOnPlans(workOf(system), () => false)
  expect(countOf(await seePlan(system, plan))).toMatchObject({ QUEUED: 1 })
  await system.context.db.query(
    `UPDATE transfer SET state = 'REJECTED', settled_at = app_now() WHERE idempotency_key = $1 RETURNING 1 AS done`,
    [`${code}.RECEIVE.1`],
  )
  const done = await workThrough(system, plan)
  expect(done.state).toBe('DONE')
  expect(rowsOf(done)).toMatchObject([{ result: 'BLOCKED', resultReason: expect.stringContaining('RECEIVE') }])
})

test('a dossier that somebody holds keeps no other row waiting, and goes when it is let go', async () => {
  await open({ replayPlans: { maxUnderWay: 1 } })
  const [busy = ''] = await refuseAll(system, 5)
  const plan = await started(system, await planned(system, REFUSED))
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let isHeld = false
  const holding = system.context.db.transaction(async (tx) => {
    await lockDossierCode(tx, busy)
    isHeld = true
    await held
  })
  await until('the dossier is held', async () => isHeld)
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 4, WAITING: 1 })
  letGo()
  await holding
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 5 })
  await expectAllDelivered(system)
})

test('a plan that supersedes sends what was tried and approved, or nothing', async () => {
  await open()
  await refuseAll(system, 2)
  const name = (to: string) => system.context.db.query(`UPDATE procedure SET name = $1 WHERE code = '1.012783'`, [to])
  await name('Tên thủ tục đã sửa')
  const plan = await started(system, await planned(system, REFUSED, { kind: 'SUPERSEDE' }))
  await name('Tên thủ tục sửa lần nữa')
  const done = await workThrough(system, plan)
  expect(done.state).toBe('DONE')
  expect(rowsOf(done)).toMatchObject([
    { result: 'SKIPPED', resultReason: expect.stringContaining('nay khác nội dung khi chạy thử'), transfer: { state: 'REJECTED' } },
    { result: 'SKIPPED', transfer: { state: 'REJECTED' } },
  ])
  expect(await keysAt()).toEqual([])
})

test('two operators at once: one act is done, the other one is told; a double click does nothing twice', async () => {
  await open()
  await refuseAll(system, 5)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  const ready = await workThrough(system, plan)
  const [one, other] = await Promise.all([actOn(system, ready, 'start'), actOn(system, ready, 'start', { role: 'admin' })])
  const answers = [one, other].sort((a, b) => a.__typename.localeCompare(b.__typename))
  expect(answers).toMatchObject([
    { __typename: 'ActRefused', reason: 'STALE_WRITE', message: expect.stringMatching(/đã cho chạy lúc \d\d:\d\d:\d\d/) },
    { __typename: 'ReplayPlanActDone' },
  ])
  const clientKey = newKey()
  const running = await seePlan(system, plan)
  const clicks = await Promise.all([actOn(system, running, 'pause', { clientKey }), actOn(system, running, 'pause', { clientKey })])
  expect(clicks.map(({ __typename }) => __typename)).toEqual(['ReplayPlanActDone', 'ReplayPlanActDone'])
  expect((await auditOf(plan.id)).filter(({ act }) => act === 'PAUSE_REPLAY_PLAN')).toHaveLength(1)
  await actOn(system, await seePlan(system, plan), 'resume')
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 5 })
  await expectAllDelivered(system)
})

test('what matches too much or nothing is refused with what to do, and an officer may not at all', async () => {
  await open({ replayPlans: { maxRows: 2 } })
  await refuseAll(system, 3)
  expect(await createPlan(system, REFUSED)).toMatchObject({
    __typename: 'ActRefused',
    reason: 'TOO_MANY_MATCHED',
    message: expect.stringMatching(/^Điều kiện này khớp 3 lượt .* nhiều nhất 2: hãy thu hẹp/),
  })
  expect(await createPlan(system, { systems: ['ONE_STOP'], states: ['HELD'] })).toMatchObject({ reason: 'NOTHING_MATCHES' })
  expect(await system.context.db.query('SELECT 1 AS left FROM replay_plan')).toEqual([])
  const { preview } = await system.gateway.query<{ preview: unknown }>(
    'operator',
    `{ preview: replayPlanPreview(filter: { systems: [VILIS], states: [REJECTED] }) { count countIsExact byOutcome { state count } } }`,
  )
  expect(preview).toEqual({ count: 2, countIsExact: false, byOutcome: [{ state: 'REJECTED', count: 2 }] })
  const refused = await system.gateway.ask('officer', '{ replayPlans { totalCount } }')
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'replayPlans' })
})
