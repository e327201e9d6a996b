import { setTimeout as pause } from 'node:timers/promises'
import type { SystemId } from '../model/system.js'
import type { Database, TransactionLimits, Tx } from '../platform/database.js'
import { takeStoringTurn } from './poll-cursor-repository.js'

const TURN_MS = 100
/** Half a minute: whoever holds the turn longer stands still, and is waited for like any other lock. */
const MOST_TURNS = 300

/**
 * Lượt ghi của một dòng thay đổi: a poll, a reconciliation and the loading of history may read one feed at the same time, and store the same rows. Who comes second waits
 * outside of any transaction: within one it would use up the time of its own, and fail for what is no failure.
 */
export const inStoringTurn = async <Result>(
  db: Database,
  systemId: SystemId,
  work: (tx: Tx) => Promise<Result>,
  limits?: TransactionLimits,
): Promise<Result> => {
  for (let turn = 1; ; turn += 1) {
    const done = await db.transaction(
      async (tx) => ((await takeStoringTurn(tx, systemId)) || turn > MOST_TURNS ? { result: await work(tx) } : undefined),
      limits,
    )
    if (done) return done.result
    await pause(TURN_MS)
  }
}
