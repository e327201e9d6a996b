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
/** What was committed a little later than it says is met all the same. */
const DRIFT_OVERLAP_MS = 60_000

/** Returns how many accounts were worked out: 0 when there was nothing to do, or another worker is at it. */
export const keepLedger = async (deps: KeepLedgerDependencies, isStopping: () => boolean = () => false): Promise<number> => {
  const rules = await deps.rules()
  let kept = 0
  for (;;) {
    const batch = await deps.db.transaction((tx) => keepBatch(tx, rules, deps))
    if (batch === null) return kept
    kept += batch.kept
    if (!batch.more || isStopping()) return kept
  }
}

const keepBatch = async (
  tx: Tx,
  rules: LedgerRules & { readonly fingerprint: string },
  { db, drift }: Pick<KeepLedgerDependencies, 'db' | 'drift'>,
): Promise<{ readonly kept: number; readonly more: boolean } | null> => {
  const mark = await lockMark(tx, rules.fingerprint)
  if (!mark) return null
  const now = await databaseNow(tx)
  const changed = await changedAfter(tx, mark, EVENTS_AT_ONCE)
  const drifted = await drift.changedSince(new Date(+mark.lookedAt - DRIFT_OVERLAP_MS))
  const revisited = changed.full ? [] : await dueForRevisit(tx, DOSSIERS_AT_ONCE)
  const walks = !changed.full && revisited.length < DOSSIERS_AT_ONCE && mark.walkedAt === null
  const walked = walks ? await nextOfWalk(tx, mark, DOSSIERS_AT_ONCE) : []
  const isWalkOver = walks && walked.length < DOSSIERS_AT_ONCE
  const ids = [...new Set([...changed.ids, ...drifted, ...revisited, ...walked])]
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
  })
  return { kept: facts.length, more: changed.full || revisited.length === DOSSIERS_AT_ONCE || (walks && !isWalkOver) }
}
