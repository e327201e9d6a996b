import { randomUUID } from 'node:crypto'
import type { ReferenceData } from '../dossier/reference-data.js'
import { DISCREPANCY_ACTS, type DiscrepancyAct } from '../model/discrepancy.js'
import type { Operation } from '../model/system.js'
import type { Tx } from '../platform/database.js'
import { type DiscrepancyRow, findDiscrepancy, isReread } from './discrepancy-repository.js'
import type { RepairDependencies } from './reconciliation-dependencies.js'
import { type RepairRefusal, refusalAsItStands, refusalOf } from './refuse-repair.js'
import { planRepairHere } from './repair-here.js'
import { fitToSend } from './repair-there.js'

/** Thao tác được phép trên một sai lệch: whether an act would be done if it came now, why not, and what it would do. Whoever acts is judged anew, under the locks. */
export interface JudgedDiscrepancyAct {
  readonly discrepancyId: string
  readonly act: DiscrepancyAct
  readonly refusal?: { readonly reason: string; readonly message: string }
  /** REPAIR_THERE: by which operations. */
  readonly operations: readonly Operation[]
}

/** In the order of `DISCREPANCY_ACTS` for each; one that is gone by now is left out. Changes nothing. */
export const judgeDiscrepancies = async (
  deps: Pick<RepairDependencies, 'db' | 'graceMs' | 'reference'>,
  ids: readonly string[],
): Promise<JudgedDiscrepancyAct[]> => {
  const reference = await deps.reference()
  const judged: JudgedDiscrepancyAct[] = []
  for (const id of ids)
    await deps.db.transaction(async (tx) => {
      const row = await findDiscrepancy(tx, id)
      if (row)
        for (const act of DISCREPANCY_ACTS) judged.push({ discrepancyId: id, act, ...(await judgeAct(deps, tx, reference, row, act)) })
    })
  return judged
}

/** As both sides were seen: the other one is read again by whoever acts, not for each row that is shown. Changes nothing. */
export const judgeAct = async (
  deps: Pick<RepairDependencies, 'graceMs'>,
  tx: Tx,
  reference: ReferenceData,
  row: DiscrepancyRow,
  act: DiscrepancyAct,
): Promise<{ readonly refusal?: RepairRefusal; readonly operations: readonly Operation[] }> => {
  const no = refusalOf(row, act, row.version) ?? (act === 'IGNORE' ? undefined : await refusalAsItStands(deps, tx, row, act))
  if (no) return { refusal: no, operations: [] }
  if (act === 'REPAIR_THERE') {
    const fit = await fitToSend(tx, reference, row)
    return fit.kind === 'REFUSED' ? { refusal: fit, operations: [] } : { operations: fit.operations }
  }
  if (act === 'IGNORE' || isReread(row)) return { operations: [] }
  const planned = await planRepairHere(tx, row, randomUUID())
  return planned.kind === 'REFUSED' ? { refusal: planned, operations: [] } : { operations: [] }
}
