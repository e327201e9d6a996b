import { expect } from '@jest/globals'
import { SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import type { TestSystem } from './test-system.js'

/**
 * The oracle: what the twins accepted against what we say was delivered, by key. `linked` were delivered by finding them there (ADOPT),
 * so their keys must not be in a ledger; `visible` are accepted by a twin and deliberately held before a person's eyes; `others` were
 * written there by somebody else.
 */
export interface Exceptions {
  readonly linked?: readonly string[]
  readonly visible?: readonly string[]
  readonly others?: readonly string[]
}

interface Row {
  readonly key: string
  readonly state: string
  readonly digest: string
}

export const transfersOf = (system: TestSystem, systemId?: SystemId): Promise<(Row & { operation: string; heldReason: string | null })[]> =>
  system.context.db.query(
    `SELECT t.idempotency_key AS key, t.state, t.digest, t.operation, t.held_reason AS "heldReason" FROM transfer t
     WHERE $1::text IS NULL OR t.system_id = $1 ORDER BY t.system_id, t.dossier_id, t.sequence, t.created_at`,
    [systemId ?? null],
  )

/** None missing, none doubled, none unexplained, none with another content, at every system. */
export const expectLedgersAgree = async (
  system: TestSystem,
  { linked = [], visible = [], others = [] }: Exceptions = {},
): Promise<void> => {
  for (const systemId of SYSTEM_IDS) {
    const ours = await transfersOf(system, systemId)
    const theirs = await system.accepted(systemId)
    const keys = theirs.map(({ key }) => key)
    const delivered = ours.filter(({ state, key }) => state === 'DELIVERED' && !linked.includes(key))
    const explained = new Set([...delivered.map(({ key }) => key), ...visible, ...others])
    expect({
      systemId,
      missing: delivered.filter(({ key }) => !keys.includes(key)).map(({ key }) => key),
      doubled: keys.filter((key, index) => keys.indexOf(key) !== index),
      unexplained: keys.filter((key) => !explained.has(key)),
      sentThoughLinked: keys.filter((key) => linked.includes(key)),
      otherContent: theirs.filter(({ key, digest }) => ours.some((row) => row.key === key && row.digest !== digest)).map(({ key }) => key),
    }).toEqual({ systemId, missing: [], doubled: [], unexplained: [], sentThoughLinked: [], otherContent: [] })
  }
}

/** All that was planned has arrived (or gave its place to a newer version), and the ledgers agree. */
export const expectAllDelivered = async (system: TestSystem): Promise<void> => {
  const open = (await transfersOf(system)).filter(({ state }) => state !== 'DELIVERED' && state !== 'SUPERSEDED')
  expect(open).toEqual([])
  await expectLedgersAgree(system)
}

/** A misbehaviour that nobody met proves nothing: all that was ordered has happened. */
export const expectMisbehaved = async (system: TestSystem): Promise<void> => {
  for (const systemId of SYSTEM_IDS) expect((await system.twins[systemId].state()).misbehaviours).toEqual([])
}
