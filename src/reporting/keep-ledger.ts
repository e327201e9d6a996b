import { databaseNow } from '../dossier/dossier-repository.js'
import { accountOf, type LedgerRules, revisitAtOf } from '../model/ledger-account.js'
import type { Database, Tx } from '../platform/database.js'
import { type DriftSource, readLedgerFacts } from './ledger-facts-repository.js'
import { changedAfter, dueForRevisit, keepAccounts, lockMark, moveMark, nextOfWalk } from './ledger-row-repository.js'

/**
 * Giữ sổ thời gian. Three kinds of work, a batch a transaction, the newest first: dossiers of which the log of changes or reconciliation tells something, dossiers whose account
 * changes by the passing of time alone, and, when it has just begun or the rules were changed, the walk through all of them. The mark is locked while a batch is
 * worked on: one worker of all keeps the ledger, and when it is killed the next one goes on from the mark. Working an account out again gives the same row, so
 * nothing is lost or counted twice, whatever is done again.
 */
export interface KeepLedgerDependencies {
  readonly db: Database
  readonly rules: () => Promise<LedgerRules & { readonly fingerprint: string }>
  readonly drift: DriftSource
}

const EVENTS_AT_ONCE = 2_000
const DOSSIERS_AT_ONCE = 500
/** What was committed later than it says is met all the same: a finding bears the time before the other side was asked, which may take its turn and answer slowly. */
const DRIFT_OVERLAP_MS = 180_000

/** What reconciliation has told of, and is still to be worked out. It may be as many as there are dossiers: a run has compared them all, with a system that was restored. */
interface Drifted {
  readonly ids: readonly string[]
  /** When it was asked. */
  readonly asOf: Date
}

/** Returns how many accounts were worked out: 0 when there was nothing to do, or another worker is at it. */
export const keepLedger = async (deps: KeepLedgerDependencies, isStopping: () => boolean = () => false): Promise<number> => {
  const rules = await deps.rules()
  let kept = 0
  for (let left: Drifted | null = null; ; ) {
    const batch: Batch | null = await deps.db.transaction((tx) => keepBatch(tx, rules, deps, left))
    if (batch === null) return kept
    kept += batch.kept
    left = batch.left
    if (!batch.more || isStopping()) return kept
  }
}

interface Batch {
  readonly kept: number
  readonly more: boolean
  readonly left: Drifted | null
}

const keepBatch = async (
  tx: Tx,
  rules: LedgerRules & { readonly fingerprint: string },
  { db, drift }: Pick<KeepLedgerDependencies, 'db' | 'drift'>,
  left: Drifted | null,
): Promise<Batch | null> => {
  const mark = await lockMark(tx, rules.fingerprint)
  if (!mark) return null
  const now = await databaseNow(tx)
  const changed = await changedAfter(tx, mark, EVENTS_AT_ONCE)
  const drifted = left ?? { ids: await drift.changedSince(new Date(+mark.lookedAt - DRIFT_OVERLAP_MS)), asOf: now }
  const [told, untold] = [drifted.ids.slice(0, DOSSIERS_AT_ONCE), drifted.ids.slice(DOSSIERS_AT_ONCE)]
  const revisited = changed.full ? [] : await dueForRevisit(tx, DOSSIERS_AT_ONCE)
  const walks = !changed.full && revisited.length < DOSSIERS_AT_ONCE && mark.walkedAt === null
  const walked = walks ? await nextOfWalk(tx, mark, DOSSIERS_AT_ONCE) : []
  const isWalkOver = walks && walked.length < DOSSIERS_AT_ONCE
  const ids = [...new Set([...changed.ids, ...told, ...revisited, ...walked])]
  // On a connection of its own, which reads rows faster than a transaction does; what it sees is as new as the log that was read, or newer.
  const facts = ids.length === 0 ? [] : await readLedgerFacts(db, ids, drift)
  await keepAccounts(
    tx,
    facts.map((one) => {
      const account = accountOf(one, rules, now)
      return { facts: one, account, revisitAt: revisitAtOf(one, account, now) }
    }),
  )
  await moveMark(tx, {
    txid: changed.last?.txid ?? mark.txid,
    eventId: changed.last?.eventId ?? mark.eventId,
    walkedTo: walked.at(-1) ?? mark.walkedTo,
    walkedAt: isWalkOver ? now : mark.walkedAt,
    // Not before all of it is worked out: a worker that is killed in between leaves it to be asked for again.
    lookedAt: untold.length === 0 && drifted.asOf > mark.lookedAt ? drifted.asOf : mark.lookedAt,
  })
  return {
    kept: facts.length,
    more: untold.length > 0 || changed.full || revisited.length === DOSSIERS_AT_ONCE || (walks && !isWalkOver),
    left: untold.length > 0 ? { ids: untold, asOf: drifted.asOf } : null,
  }
}
