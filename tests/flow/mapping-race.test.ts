import { afterEach, describe, expect, test } from '@jest/globals'
import { reopenUnknownCodes } from '../../src/inbox/inbox-repository.js'
import { guardOnce } from '../../src/queue/guardian.js'
import type { ClaimedTransfer } from '../../src/transfer/claim-repository.js'
import { loadMappings, loadMappingsIn, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { pollOnce } from '../../src/worker-process.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { andThen } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { transferOf } from '../support/operator-acts.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed, until } from '../support/until.js'

/** A mapping that is loaded at the very moment at which it is found missing: what waits for it must not wait for the next loading. */
const MINUTE = 60_000
const PROCEDURE = '1.012783'

let system: TestSystem
afterEach(() => system.close())

/** Without ViLIS's process for the procedure; gives the row that is missing. */
const openWithoutProcess = async (): Promise<MappingRow> => {
  const missing: MappingRow[] = []
  system = await openTestSystem({
    mappings: (rows) => {
      const isMissing = (row: MappingRow): boolean => row.kind === 'PROCEDURE' && row.ourCode === PROCEDURE
      missing.push(...rows.filter(isMissing))
      return rows.filter((row) => !isMissing(row))
    },
  })
  expect(missing).toHaveLength(1)
  return missing[0] as MappingRow
}

describe('a transfer', () => {
  const guard = () =>
    guardOnce({
      sql: system.context.db,
      queues: system.context.queues,
      applyPending: system.context.applyPending,
      restoreSchedules: async () => undefined,
      yieldToNewer: async () => 0,
      keepIdentifiers: async () => undefined,
      watchDueDates: async () => undefined,
      retention: async () => undefined,
      onApplied: () => undefined,
      onReclaimed: () => undefined,
      onError: (error) => {
        throw error
      },
      everyMs: 0,
      keepEventsHours: 72,
    })

  const taken = async (): Promise<string> => {
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: PROCEDURE } })
    return `${code}.RECEIVE.1`
  }

  /** The worker has looked, found nothing, and has not settled yet. */
  const lookedInVain = async (): Promise<{ key: string; settle: () => Promise<boolean> }> => {
    const key = await taken()
    await pollOnce(system.context, 'ONE_STOP')
    await relayed(system)
    const claim = (await claimNext(system.context.db, 'VILIS', MINUTE, 'tien-trinh')) as ClaimedTransfer
    expect(claim.idempotencyKey).toBe(key)
    const errorField = `PROCEDURE:${PROCEDURE}`
    const move = { to: 'HELD', heldReason: 'MAPPING_MISSING', errorField, retryCount: 0, absentCount: 0 } as const
    return { key, settle: () => settleClaim(system.context.db, claim, move, { outcome: 'NOT_SENT' }) }
  }

  test('that is held just after the loading released what it found is released by the guardian, and sent once', async () => {
    const missing = await openWithoutProcess()
    const { key, settle } = await lookedInVain()
    expect(await loadMappings(system.context.db, [missing])).toBe(0)
    expect(await settle()).toBe(true)
    await system.drain()
    expect(await transferOf(system, key)).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING' })

    await guard()
    await system.drain()
    expect((await transferOf(system, key)).state).toBe('DELIVERED')
    await expectAllDelivered(system)
  })

  test('that the loaded row does not help, as it is not in force on that day, is not tried again and again', async () => {
    const missing = await openWithoutProcess()
    const key = await taken()
    await system.drain()
    expect(await loadMappings(system.context.db, [{ ...missing, validFrom: '2000-01-01', validTo: '2000-12-31' }])).toBe(1)
    for (let round = 0; round < 6; round += 1) {
      await system.drain()
      await guard()
    }
    const held = await transferOf(system, key)
    expect(held).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING' })
    expect(held.attempts).toBeLessThanOrEqual(3)
    await system.pass(10 * MINUTE)
    await guard()
    expect(await transferOf(system, key)).toEqual(held)
    expect(await system.accepted('VILIS')).toEqual([])
  })
})

test('a message of a code that is loaded while it is being set aside is opened again by that loading', async () => {
  const row = await openWithoutProcess()
  const { db } = system.context
  const { code } = await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { process: row.foreignCode })
  await system.drain()
  const stateOf = async (): Promise<string | undefined> =>
    (await db.query<{ state: string }>(`SELECT state FROM inbox_message WHERE dossier_code = $1 AND kind = 'DOSSIER'`, [code]))[0]?.state
  expect(await stateOf()).toBe('UNMATCHED')
  expect(await reopenUnknownCodes(db)).toBe(1)

  // The application has looked and waits to write what it found, since this row is held.
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const holding = db.transaction(async (tx) => {
    await tx.query(`SELECT 1 AS held FROM inbox_message WHERE dossier_code = $1 FOR UPDATE`, [code])
    await held
  })
  const isWaiting = async (text: string): Promise<boolean> =>
    (
      await db.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`, [
        `%${text}%`,
      ])
    ).length > 0
  await until('the row is held', async () => {
    const free = await db.query(`SELECT 1 FROM inbox_message WHERE dossier_code = $1 FOR UPDATE SKIP LOCKED`, [code])
    return free.length === 0
  })
  const applying = system.context.applyPending(code)
  await until('the application waits for the row', () => isWaiting('UPDATE inbox_message'))
  const loading = db.transaction(async (tx) => {
    await loadMappingsIn(tx, [row])
    return reopenUnknownCodes(tx)
  })
  await Promise.race([loading, until('the loading waits for the application', () => isWaiting('pg_advisory_xact_lock('))])
  letGo()
  await Promise.all([holding, applying, loading])

  expect(await stateOf()).toBe('STORED')
  await system.pass(MINUTE)
  await system.drain()
  expect(await stateOf()).toBe('APPLIED')
  await andThen(system, 'VILIS', 'forward', { code })
  await expectAllDelivered(system)
})
