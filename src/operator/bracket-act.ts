import type { Database, Tx } from '../platform/database.js'
import type { ActResult } from './perform-act.js'

/**
 * Bọc một thao tác: the same database, in which the transaction of an act is wrapped in something that commits or fails with it. So a plan's row and the
 * transfer that it is about change together or not at all, and what an act would do can be tried by the act itself.
 */
export const bracketed = (db: Database, around: (tx: Tx, act: () => Promise<ActResult>) => Promise<ActResult>): Database => ({
  ...db,
  // An act's transaction gives an `ActResult`: these databases are handed to acts alone.
  transaction: (work, limits) =>
    db.transaction((tx) => around(tx, () => work(tx) as Promise<ActResult>), limits) as ReturnType<typeof work>,
})

class TakenBack extends Error {}

/**
 * Thử một thao tác: does it under its own locks, lets `look` see what it has done, and takes everything back. So what a dry run foresees is what the act
 * itself says, and no rule stands twice.
 */
export const tryAct = async <Seen>(
  db: Database,
  act: (db: Database) => Promise<ActResult>,
  look: (tx: Tx, result: ActResult) => Promise<Seen>,
): Promise<Seen> => {
  let seen: { readonly value: Seen } | undefined
  const trial = bracketed(db, async (tx, perform) => {
    seen = { value: await look(tx, await perform()) }
    throw new TakenBack('an act was tried')
  })
  try {
    await act(trial)
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
  if (!seen) throw new Error('an act that was tried has not been begun')
  return seen.value
}
