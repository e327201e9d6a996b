import type { Caller } from '../access/caller.js'
import { GatewayError } from '../errors.js'
import type { SystemId } from '../model/system.js'
import { readTheirsNow, type TheirsNow } from '../reconciliation/read-theirs-now.js'
import type { RepairDependencies } from '../reconciliation/reconciliation-dependencies.js'
import type { RepairRefusal } from '../reconciliation/refuse-repair.js'
import { type DiscrepancyActRequest, type DiscrepancyActResult, ignore, repairHere, repairThere } from './act-on-discrepancy.js'
import {
  type BatchLease,
  type BatchRow,
  type BatchRowToDo,
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
    reread: async (tx, systemId, why) => {
      if (begun.has(systemId)) return
      await reread(tx, systemId, why)
      begun.add(systemId)
    },
  }
}

/** A row at a system that cannot be read again now waits for the next turn, and holds up none of the others. */
const runBatch = async (given: RepairDependencies, lease: BatchLease, isStopping: () => boolean): Promise<void> => {
  const deps = rereadingOnce(given)
  let after: string | null = null
  let unread: unknown
  while (!isStopping()) {
    const rows: BatchRowToDo[] = await nextBatchRows(deps.db, lease.batchId, STEP, after)
    if (rows.length === 0 && unread !== undefined) throw unread
    if (rows.length === 0) return endBatch(deps.db, lease)
    const begun = await renewBatch(deps.db, lease)
    if (!begun) return
    const theirs = begun.act === 'IGNORE' ? new Map<SystemId | null, ReadAgain>() : await readAgain(deps, rows)
    for (const { discrepancyId, seenVersion, systemId } of rows) {
      // Before each: a cancellation that was answered holds from the next row on.
      const batch = isStopping() ? undefined : await renewBatch(deps.db, lease)
      if (!batch) return
      after = discrepancyId
      const read = theirs.get(systemId)
      if (read instanceof GatewayError) {
        unread = read
        continue
      }
      const result = read?.kind === 'REFUSED' ? read : await actOn(deps, batch, { discrepancyId, version: seenVersion, theirs: read })
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

type ReadAgain = TheirsNow | RepairRefusal | GatewayError

/** What the other sides hold of these rows now: one question a system. */
const readAgain = async (deps: RepairDependencies, rows: readonly BatchRowToDo[]): Promise<Map<SystemId | null, ReadAgain>> => {
  const read = new Map<SystemId | null, ReadAgain>()
  for (const systemId of new Set(rows.flatMap((row) => row.systemId ?? []))) {
    const codes = rows.flatMap((row) => (row.systemId === systemId ? (row.dossierCode ?? []) : []))
    const answer = await readTheirsNow(deps, systemId, codes).catch((error: unknown): GatewayError => {
      if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAVAILABLE') return error
      throw error
    })
    read.set(systemId, answer)
  }
  return read
}

const actOn = async (
  deps: RepairDependencies,
  batch: BatchRow,
  row: Pick<DiscrepancyActRequest, 'discrepancyId' | 'version'> & { readonly theirs: TheirsNow | undefined },
): Promise<DiscrepancyActResult> => {
  const { theirs, ...of } = row
  const request: DiscrepancyActRequest = {
    ...of,
    reason: batch.reason,
    actor: actorOf(batch),
    requestKey: `batch-${batch.id}`,
    ...(theirs && { theirs }),
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
