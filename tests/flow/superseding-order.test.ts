import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { yieldToNewer } from '../../src/dossier/yield-to-newer.js'
import { WEEKDAYS_ALONE } from '../../src/model/calendar-data.js'
import type { TransferBody } from '../../src/model/transfer-body.js'
import { buildWorkingCalendar } from '../../src/model/working-calendar.js'
import { planTransfers, type TransferIntent } from '../../src/transfer/plan-transfers.js'
import { releaseHeld } from '../../src/transfer/transfer-repository.js'
import { claimNext } from '../support/claims.js'
import { raise } from '../support/raise.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** What may take the place of what: planned straight into the tables, with nobody at work. */
const shared = sharedTestSystem()
let system: TestSystem
let dossier: { id: string; code: string }
beforeEach(async () => {
  system = await shared.open({ mode: 'OBSERVE' })
  await system.twins.ONE_STOP.act('takeDossier')
  await system.drain()
  const rows = await system.context.db.query<{ id: string; code: string }>('SELECT id::text, code FROM dossier')
  dossier = rows[0] as { id: string; code: string }
})
afterAll(() => shared.close())

const plan = (dossierVersion: number, mode: TransferIntent['mode'], ...operations: TransferBody['operation'][]): Promise<void> =>
  system.context.db.transaction((tx) =>
    planTransfers(
      tx,
      {
        dossierId: dossier.id,
        dossierCode: dossier.code,
        dossierVersion,
        dueAt: new Date('2027-01-01T00:00:00Z'),
        now: new Date('2026-01-01T00:00:00Z'),
        calendar: buildWorkingCalendar(WEEKDAYS_ALONE),
        correlationId: 'thu',
        causedBy: 'thu',
      },
      operations.map((operation) => ({ mode, body: { operation, dossierCode: dossier.code, dossierVersion } as unknown as TransferBody })),
    ),
  )

const living = async (): Promise<string[]> => {
  const rows = await system.context.db.query<{ name: string }>(
    `SELECT mode || ' ' || operation || '.' || dossier_version AS name FROM transfer WHERE state <> 'SUPERSEDED' ORDER BY system_id, sequence`,
  )
  return rows.map(({ name }) => name)
}

const setState = (operation: string, state: string, reason: string | null = null): Promise<unknown> =>
  system.context.db.query(`UPDATE transfer SET state = $2, held_reason = $3 WHERE operation = $1 AND state <> 'SUPERSEDED' RETURNING id`, [
    operation,
    state,
    reason,
  ])

test('an amendment takes the place of the unsent version before it', async () => {
  await plan(1, 'LIVE', 'RECEIVE')
  await plan(2, 'LIVE', 'SUPPLEMENT')
  await plan(3, 'LIVE', 'RECEIVE')
  expect(await living()).toEqual(['LIVE RECEIVE.3', 'LIVE SUPPLEMENT.2'])
})

test.each(['ADOPT_DIFFERS', 'ADOPT_ABSENT', null])(
  'a sending never takes the place of an adoption (%s): it waits behind',
  async (reason) => {
    await plan(1, 'ADOPT', 'RECEIVE')
    if (reason) await setState('RECEIVE', 'HELD', reason)
    await plan(2, 'LIVE', 'RECEIVE')
    expect(await living()).toEqual(['ADOPT RECEIVE.1', 'LIVE RECEIVE.2'])
  },
)

test('a newer status of the whole dossier is not sent before the older progress of one that waits', async () => {
  await plan(1, 'LIVE', 'SYNC_DOSSIER')
  await plan(2, 'LIVE', 'SYNC_DOSSIER', 'SYNC_PROGRESS')
  expect(await living()).toEqual(['LIVE SYNC_DOSSIER.2', 'LIVE SYNC_PROGRESS.2'])
  await plan(3, 'LIVE', 'SYNC_DOSSIER')
  expect(await living()).toEqual(['LIVE SYNC_DOSSIER.2', 'LIVE SYNC_PROGRESS.2', 'LIVE SYNC_DOSSIER.3'])
})

/** Whole dossier and line of status, to the portal and to the desk. */
describe.each([
  ['SYNC_DOSSIER', 'SYNC_PROGRESS'],
  ['REGISTER', 'UPDATE_STATUS'],
] as const)('%s that was refused, and the newer version of it', (whole, line) => {
  const setVersion = (operation: string, version: number, state: string, reason: string | null = null): Promise<unknown> =>
    system.context.db.query(`UPDATE transfer SET state = $3, held_reason = $4 WHERE operation = $1 AND dossier_version = $2 RETURNING id`, [
      operation,
      version,
      state,
      reason,
    ])

  test.each(['REJECTED', 'EXHAUSTED', 'HELD'])(
    'that they never had (%s): it takes the place, and older lines of status give way',
    async (state) => {
      await plan(1, 'LIVE', whole, line)
      await plan(2, 'LIVE', line)
      await setVersion(whole, 1, state, state === 'HELD' ? 'BODY_INVALID' : null)
      await plan(3, 'LIVE', whole, line)
      expect(await living()).toEqual([`LIVE ${whole}.3`, `LIVE ${line}.3`])
    },
  )

  test('that they never had, with a newer version waiting behind it: both give way', async () => {
    await plan(1, 'LIVE', whole, line)
    await plan(2, 'LIVE', whole)
    expect(await living()).toEqual([`LIVE ${whole}.1`, `LIVE ${line}.1`, `LIVE ${whole}.2`])
    await setVersion(whole, 1, 'REJECTED')
    await plan(3, 'LIVE', whole)
    expect(await living()).toEqual([`LIVE ${whole}.3`])
  })

  test('that they never had, with newer versions waiting behind it already: the newest takes the place, what is past gives way', async () => {
    // The desk has told of the dossier itself: what was given up does not make it unknown there.
    for (const state of ['REJECTED', 'EXHAUSTED', 'HELD', ...(whole === 'SYNC_DOSSIER' ? ['ABANDONED'] : [])]) {
      await system.context.db.query('DELETE FROM transfer RETURNING id')
      for (const version of [1, 2, 3]) await plan(version, 'LIVE', whole, line)
      await setVersion(whole, 1, state, state === 'HELD' ? 'BODY_INVALID' : null)
      expect(await yieldToNewer(system.context.db, raise)).toBe(1)
      expect(await living()).toEqual([`LIVE ${whole}.3`, `LIVE ${line}.3`])
      expect(await yieldToNewer(system.context.db, raise)).toBe(0)
      const places = await system.context.db.query(`SELECT sequence FROM transfer WHERE state <> 'SUPERSEDED' ORDER BY sequence`)
      expect(places).toEqual([{ sequence: 1 }, { sequence: 6 }])
    }
  })

  test('that they have in an older version, with a newer one waiting behind it already: it gives way, the lines are told, then the newer one', async () => {
    await plan(1, 'LIVE', whole)
    await setVersion(whole, 1, 'DELIVERED')
    await plan(2, 'LIVE', whole, line)
    await plan(3, 'LIVE', whole, line)
    await setVersion(whole, 2, 'REJECTED')
    expect(await yieldToNewer(system.context.db, raise)).toBe(1)
    expect(await living()).toEqual([`LIVE ${whole}.1`, `LIVE ${line}.2`, `LIVE ${whole}.3`, `LIVE ${line}.3`])
  })

  test('that may be there, or may still go by itself, keeps its place before a newer one', async () => {
    await plan(1, 'LIVE', whole, line)
    await plan(2, 'LIVE', whole)
    for (const [state, reason] of [
      ['HELD', 'CONFLICT'],
      ['HELD', 'UNCERTAIN'],
      ['INDETERMINATE', null],
      ['WAITING_RETRY', null],
    ] as const) {
      await setVersion(whole, 1, state, reason)
      expect(await yieldToNewer(system.context.db, raise)).toBe(0)
      expect(await living()).toEqual([`LIVE ${whole}.1`, `LIVE ${line}.1`, `LIVE ${whole}.2`])
    }
  })

  test('that they have in an older version: the lines behind it are told first', async () => {
    await plan(1, 'LIVE', whole)
    await setVersion(whole, 1, 'DELIVERED')
    await plan(2, 'LIVE', whole, line)
    await plan(3, 'LIVE', line)
    await setVersion(whole, 2, 'REJECTED')
    await plan(4, 'LIVE', whole)
    expect(await living()).toEqual([`LIVE ${whole}.1`, `LIVE ${line}.2`, `LIVE ${line}.3`, `LIVE ${whole}.4`])
  })

  test('of which they may have something, that stays where it is', async () => {
    await plan(1, 'LIVE', whole, line)
    await setVersion(whole, 1, 'HELD', 'UNCERTAIN')
    await plan(2, 'LIVE', whole)
    expect(await living()).toEqual([`LIVE ${whole}.1`, `LIVE ${line}.1`, `LIVE ${whole}.2`])
  })
})

test.each(['SENDING', 'INDETERMINATE', 'QUEUED'])(
  'a newer version never goes before one that is on its way (%s), also when an older place was given up',
  async (state) => {
    await plan(1, 'LIVE', 'RECEIVE')
    await setState('RECEIVE', 'SENDING')
    await plan(2, 'LIVE', 'RECEIVE')
    await system.context.db.query(
      `UPDATE transfer SET state = CASE dossier_version WHEN 1 THEN 'ABANDONED' ELSE $1 END WHERE operation = 'RECEIVE' RETURNING id`,
      [state],
    )
    await plan(3, 'LIVE', 'RECEIVE')
    // Only what nobody is sending gives its place.
    expect(await living()).toEqual(['LIVE RECEIVE.1', ...(state === 'QUEUED' ? [] : ['LIVE RECEIVE.2']), 'LIVE RECEIVE.3'])
  },
)

const budgetDays = async (): Promise<number | undefined> =>
  (
    await system.context.db.query<{ days: number }>(
      `SELECT extract(epoch FROM budget_until - app_now())::float8 / 86400 AS days FROM transfer WHERE operation = 'RECEIVE'`,
    )
  )[0]?.days

test('one that was blocked or held beyond its budget still has two working days when it may go', async () => {
  await plan(1, 'LIVE', 'RECEIVE')
  await system.pass(400 * 86_400_000)
  expect(await budgetDays()).toBeLessThan(0)
  await setState('RECEIVE', 'HELD', 'MAPPING_MISSING')
  expect(await system.context.db.transaction((tx) => releaseHeld(tx, 'VILIS', 'MAPPING_MISSING'))).toBe(1)
  expect(await budgetDays()).toBeGreaterThan(3.9)
  await system.context.db.query(`UPDATE transfer SET budget_until = app_now() - interval '1 day' RETURNING id`)
  expect((await claimNext(system.context.db, 'VILIS', 60_000, 'thu'))?.operation).toBe('RECEIVE')
  expect(await budgetDays()).toBeGreaterThan(3.9)
})
