import { afterAll, expect, test } from '@jest/globals'
import { actOnReconciliation } from '../../src/operator/act-on-reconciliation.js'
import { performRepair } from '../../src/reconciliation/perform-repair.js'
import { readTheirsNow } from '../../src/reconciliation/read-theirs-now.js'
import { countOpenOfRun } from '../../src/reconciliation/repair-repository.js'
import { claimRun, findRun, type RunLease } from '../../src/reconciliation/run-repository.js'
import { BY_SCHEDULE, startRun } from '../../src/reconciliation/start-run.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { reconciliationOf, repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { DAY_MS } from '../support/dossier-journey.js'
import { OPERATOR } from '../support/operator-acts.js'
import { type Discrepancy, discrepancies, drift, goOn, reconcile, takeSome, told } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** What the machine may repair by itself, and how much of it. */
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

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
