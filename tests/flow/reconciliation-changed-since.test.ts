import { afterAll, expect, test } from '@jest/globals'
import { examine } from '../../src/reconciliation/examine.js'
import { reconciliationOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { type Discrepancy, discrepancies, drift, goOn, onlyOne, reconcile, repair, takeSome } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** What has changed on either side since both were looked at: nothing is repaired by what they held then. */
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

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
