import { afterAll, expect, test } from '@jest/globals'
import { advanceCursor, readCursor } from '../../src/inbox/poll-cursor-repository.js'
import { pollSystem } from '../../src/inbox/poll-system.js'
import { judgeDiscrepancies } from '../../src/reconciliation/judge-discrepancies.js'
import { repairsOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'
import { raise } from '../support/raise.js'
import { type Discrepancy, discrepancies, drift, onlyOne, reconcile, repair, takeOne, takeSome } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** Repairs that have a feed read again, and what it then does not tell. */
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

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
