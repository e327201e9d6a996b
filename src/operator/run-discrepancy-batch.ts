import type { Caller } from '../access/caller.js'
import { GatewayError } from '../errors.js'
import type { RepairDependencies } from '../reconciliation/reconciliation-dependencies.js'
import { type DiscrepancyActRequest, type DiscrepancyActResult, ignore, repairHere, repairThere } from './act-on-discrepancy.js'
import {
  type BatchLease,
  type BatchRow,
  claimBatch,
  endBatch,
  nextBatchRows,
  releaseBatch,
  renewBatch,
  writeBatchResult,
} from './discrepancy-batch-repository.js'

/**
 * Làm các đợt xử lý sai lệch: a worker takes a batch by a lease and acts on its rows one by one, as the person who ordered it and under a key of the batch: a row
 * that was done, and whose result was lost with its worker, is not done again.
 */
const STEP = 20

export const workOnBatches = async (
  deps: RepairDependencies & { readonly onError: (error: unknown) => void },
  isStopping: () => boolean,
): Promise<void> => {
  for (;;) {
    const lease = isStopping() ? undefined : await claimBatch(deps.db)
    if (!lease) return
    try {
      await runBatch(deps, lease, isStopping)
      await releaseBatch(deps.db, lease)
    } catch (error) {
      // It keeps its lease, so that it is tried again when that is over and holds up neither the other batches nor the runs.
      deps.onError(error)
    }
  }
}

/** A feed is read again once, however many of its discrepancies ask for it. */
const rereadingOnce = ({ reread, ...deps }: RepairDependencies): RepairDependencies => {
  const begun = new Set<string>()
  return {
    ...deps,
    reread: async (systemId, why) => {
      if (begun.has(systemId)) return
      await reread(systemId, why)
      begun.add(systemId)
    },
  }
}

const runBatch = async (given: RepairDependencies, lease: BatchLease, isStopping: () => boolean): Promise<void> => {
  const deps = rereadingOnce(given)
  while (!isStopping()) {
    const rows = await nextBatchRows(deps.db, lease.batchId, STEP)
    if (rows.length === 0) return endBatch(deps.db, lease)
    for (const { discrepancyId, seenVersion } of rows) {
      // Before each: a cancellation that was answered holds from the next row on.
      const batch = isStopping() ? undefined : await renewBatch(deps.db, lease)
      if (!batch) return
      const result = await actOn(deps, batch, discrepancyId, seenVersion)
      await writeBatchResult(
        deps.db,
        lease.batchId,
        discrepancyId,
        result.kind === 'DONE' ? 'DONE' : 'REFUSED',
        result.kind === 'DONE' ? null : result.message,
      )
    }
  }
}

const actOn = async (deps: RepairDependencies, batch: BatchRow, discrepancyId: string, version: number): Promise<DiscrepancyActResult> => {
  const request: DiscrepancyActRequest = {
    discrepancyId,
    version,
    reason: batch.reason,
    actor: actorOf(batch),
    requestKey: `batch-${batch.id}`,
  }
  try {
    if (batch.act === 'IGNORE') return await ignore(deps.db, request)
    return await (batch.act === 'REPAIR_HERE' ? repairHere : repairThere)(deps, request)
  } catch (error) {
    // A suspicion that has gone away meanwhile leaves no trace.
    if (error instanceof GatewayError && error.code === 'NOT_FOUND')
      return { kind: 'REFUSED', reason: 'GONE', message: 'Sai lệch này đã tự hết.' }
    throw error
  }
}

/** As he was when he ordered it. */
const actorOf = ({ createdBy, createdByName, createdByRole }: BatchRow): Caller => ({
  subject: createdBy,
  displayName: createdByName.replace(` (${createdBy})`, ''),
  role: createdByRole as Caller['role'],
  communes: [],
})
