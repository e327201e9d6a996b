import { tryLockDossierCodes } from '../dossier/dossier-repository.js'
import type { Database } from '../platform/database.js'
import { type ActFacts, readActFacts } from '../transfer/act-facts-repository.js'
import { isPlainReplay, replayPlainly } from './act-on-transfer.js'
import { mayReplay } from './act-rules.js'
import type { PlanLease } from './plan-work-repository.js'
import type { PlanRow } from './replay-plan-repository.js'
import { inTheWay, PlanLost, reasonOf, rowKeyOf, runnerOf } from './run-replay-plan.js'
import { type DueRow, lockRunning, lockWaiting, type RowResult, writeResults } from './run-row-repository.js'

/**
 * Chạy nhiều lượt một lần: what `run-replay-plan.ts` does with one row, with many in one database transaction and few statements. The same locks, the same
 * rules (`act-rules.ts`) and the same entry in the audit for each; all of them happen, or none. It waits for nobody: a row whose dossier or transfer
 * somebody holds goes on waiting, and what is more than a move into the queue is left to its own act.
 */
export interface RunTogether {
  /** Rows that have a result by now. */
  readonly acted: number
  /** These want an act of their own. */
  readonly apart: readonly DueRow[]
}

/** At most `most` of those whose turn has come: what is beyond stands in for those that are held. Throws `PlanLost` when the plan is not ours any more: then nothing was done. */
export const runRowsTogether = async (
  db: Database,
  lease: PlanLease,
  plan: PlanRow,
  due: readonly DueRow[],
  most: number,
): Promise<RunTogether> => {
  const together = plan.kind === 'REPLAY' ? due.filter(({ forecast }) => forecast === 'WOULD_BE_SENT') : []
  const others = due.slice(0, most).filter((row) => !together.includes(row))
  if (together.length === 0) return { acted: 0, apart: others }
  return db.transaction(async (tx) => {
    if (!(await lockRunning(tx, lease))) throw new PlanLost(plan.id)
    const free = await tryLockDossierCodes(
      tx,
      together.map(({ dossierCode }) => dossierCode),
    )
    const taken = together.filter(({ dossierCode }) => free.has(dossierCode)).slice(0, most - others.length)
    const rows = new Map(taken.map((row) => [row.position, row]))
    const locked = (await lockWaiting(tx, plan.id, [...rows.keys()])).flatMap((of) => {
      const row = rows.get(of.position)
      return row ? [{ row, of }] : []
    })
    const facts = new Map(
      (
        await readActFacts(
          tx,
          locked.map(({ row }) => row.transferId),
        )
      ).map((one) => [one.id, one]),
    )
    const results: RowResult[] = []
    const apart: DueRow[] = []
    const going: { readonly row: DueRow; readonly transfer: ActFacts }[] = []
    for (const { row, of } of locked) {
      const transfer = facts.get(row.transferId)
      const refusal = inTheWay(of) ?? (transfer && mayReplay(transfer))
      if (refusal) results.push({ position: row.position, result: 'SKIPPED', reason: refusal.message })
      else if (transfer && isPlainReplay(transfer)) going.push({ row, transfer })
      else apart.push(row)
    }
    const keys = new Map(going.map(({ row }) => [row.transferId, rowKeyOf(plan.id, row)]))
    await replayPlainly(
      tx,
      going.map(({ transfer }) => transfer),
      { reason: reasonOf(plan), actor: runnerOf(plan), planId: plan.id, requestKeyOf: (id) => keys.get(id) ?? '' },
    )
    for (const { row } of going) results.push({ position: row.position, result: 'QUEUED', outcomeOf: row.transferId })
    if (results.length > 0) await writeResults(tx, plan.id, results)
    return { acted: results.length, apart: [...others, ...apart] }
  })
}
