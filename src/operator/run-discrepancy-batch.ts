import type { Caller } from '../access/caller.js'
import { GatewayError, isUnavailable } from '../errors.js'
import type { SystemId } from '../model/system.js'
import { holdLease } from '../reconciliation/hold-lease.js'
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
  writeBatchWaits,
} from './discrepancy-batch-repository.js'

/**
 * Làm các đợt xử lý sai lệch: a worker takes a batch by a lease and acts on its rows one by one, as the person who ordered it and under a key of the batch: a row
 * that was done, and whose result was lost with its worker, is not done again.
 */
const STEP = 20

interface BatchDependencies extends RepairDependencies {
  readonly onError: (error: unknown) => void
}

export const workOnBatches = async (deps: BatchDependencies, isStopping: () => boolean): Promise<void> => {
  for (;;) {
    const lease = isStopping() ? undefined : await claimBatch(deps.db)
    if (!lease) return
    // One that waits keeps its lease, so that it is tried again when that is over and holds up neither the other batches nor the runs.
    try {
      if ((await runBatch(deps, lease, isStopping)) !== 'WAITS') await releaseBatch(deps.db, lease)
    } catch (error) {
      deps.onError(error)
      await writeBatchWaits(deps.db, lease, ['Lỗi của cổng liên thông, sẽ thử lại.']).catch(deps.onError)
    }
  }
}

/** A feed is read again once, however many of its discrepancies ask for it. */
const rereadingOnce = ({ reread, ...deps }: BatchDependencies): BatchDependencies => {
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

/** A row at a system that cannot be read again now waits for the next turn, and holds up none of the others; for which it waits is told in the batch's row. */
const runBatch = async (given: BatchDependencies, lease: BatchLease, isStopping: () => boolean): Promise<'WAITS' | undefined> => {
  const deps = rereadingOnce(given)
  const hold = <Result>(work: () => Promise<Result>): Promise<Result> => holdLease(() => renewBatch(deps.db, lease), work)
  let after: string | null = null
  const waits = new Set<string>()
  while (!isStopping()) {
    const rows: BatchRowToDo[] = await nextBatchRows(deps.db, lease.batchId, STEP, after)
    if (rows.length === 0 && waits.size > 0) return 'WAITS'
    if (rows.length === 0) {
      await endBatch(deps.db, lease)
      return
    }
    const begun = await renewBatch(deps.db, lease)
    if (!begun) return
    const theirs = begun.act === 'IGNORE' ? new Map<SystemId | null, ReadAgain>() : await hold(() => readAgain(deps, rows))
    for (const read of theirs.values()) if (read instanceof GatewayError) waits.add(read.message)
    if ([...waits].join() !== begun.waitsFor.join()) await writeBatchWaits(deps.db, lease, [...waits])
    for (const { discrepancyId, seenVersion, systemId } of rows) {
      // Before each: a cancellation that was answered holds from the next row on.
      const batch = isStopping() ? undefined : await renewBatch(deps.db, lease)
      if (!batch) return
      after = discrepancyId
      const read = theirs.get(systemId)
      if (read instanceof GatewayError) continue
      const result =
        read?.kind === 'REFUSED' ? read : await hold(() => actOn(deps, batch, { discrepancyId, version: seenVersion, theirs: read }))
      await writeBatchResult(
        deps.db,
        lease.batchId,
        discrepancyId,
        result.kind === 'DONE' ? 'DONE' : 'REFUSED',
        result.kind === 'DONE' ? null : result.message,
      )
    }
  }
  return undefined
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

const OF_OURS = 'Lỗi nội bộ của cổng liên thông với riêng sai lệch này; chi tiết ở nhật ký.'

/** One that fails by a fault of ours keeps none of the others waiting; when the database is gone, all of them wait. */
const actOn = async (
  deps: BatchDependencies,
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
    if (isUnavailable(error)) throw error
    deps.onError(error)
    return { kind: 'REFUSED', reason: 'INTERNAL', message: OF_OURS }
  }
}

/** As he was when he ordered it. */
const actorOf = ({ createdBy, createdByName, createdByRole }: BatchRow): Caller => ({
  subject: createdBy,
  displayName: createdByName.replace(` (${createdBy})`, ''),
  role: createdByRole as Caller['role'],
  communes: [],
})
