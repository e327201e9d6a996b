import { type Caller, nameOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import type { Database } from '../platform/database.js'
import { lockDiscrepancy } from '../reconciliation/discrepancy-repository.js'
import { auditDiscrepancy, performRepair, wasActed } from '../reconciliation/perform-repair.js'
import type { TheirsNow } from '../reconciliation/read-theirs-now.js'
import type { RepairDependencies } from '../reconciliation/reconciliation-dependencies.js'
import { refusalOf } from '../reconciliation/refuse-repair.js'
import { ignoreDiscrepancy } from '../reconciliation/repair-repository.js'
import { type ActRefusal, refused } from './act-rules.js'

/**
 * Thao tác trên một sai lệch: what a named person does with what reconciliation has found, with a reason and the version that was seen, audited in the same
 * database transaction; once under an idempotency key. Repaired is only begun here: a later run looks, and closes it.
 */
export interface DiscrepancyActRequest {
  readonly discrepancyId: string
  readonly reason: string
  /** As the person has seen it. */
  readonly version: number
  readonly actor: Caller
  /** The caller's idempotency key: an act under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
  /** Of one of many: what the other side holds now, read for all of them at once. */
  readonly theirs?: TheirsNow
}

export type DiscrepancyActResult = { readonly kind: 'DONE' } | ActRefusal

const byOf = ({ subject, displayName, role }: Caller) => ({ subject, name: displayName, role })

const repair = (deps: RepairDependencies, request: DiscrepancyActRequest, direction: 'HERE' | 'THERE'): Promise<DiscrepancyActResult> =>
  performRepair(deps, {
    id: request.discrepancyId,
    expectedVersion: request.version,
    direction,
    reason: request.reason,
    by: byOf(request.actor),
    ...(request.requestKey !== undefined && { requestKey: request.requestKey }),
    ...(request.theirs && { theirs: request.theirs }),
  })

/** What they hold is taken as told by them. Throws NOT_FOUND, and UPSTREAM_UNAVAILABLE when they cannot be read again: then nothing was changed. */
export const repairHere = (deps: RepairDependencies, request: DiscrepancyActRequest): Promise<DiscrepancyActResult> =>
  repair(deps, request, 'HERE')

/** What we hold is sent to them by ordinary transfers. Throws NOT_FOUND, and UPSTREAM_UNAVAILABLE when they cannot be read again: then nothing was changed. */
export const repairThere = (deps: RepairDependencies, request: DiscrepancyActRequest): Promise<DiscrepancyActResult> =>
  repair(deps, request, 'THERE')

/** These values are let stand; other values make it a suspicion again. Throws NOT_FOUND. */
export const ignore = (db: Database, request: DiscrepancyActRequest): Promise<DiscrepancyActResult> =>
  db.transaction(async (tx) => {
    const { discrepancyId, reason, version, actor, requestKey } = request
    const row = await lockDiscrepancy(tx, discrepancyId)
    if (!row) throw notFound('sai lệch đối soát này')
    if (requestKey !== undefined && (await wasActed(tx, row.id, 'IGNORE', actor.subject, requestKey))) return { kind: 'DONE' }
    if (reason.trim() === '') return refused('REASON_MISSING', 'Hãy ghi lý do bỏ qua: người xem sau cần biết vì sao.')
    const no = refusalOf(row, 'IGNORE', version)
    if (no) return no
    await ignoreDiscrepancy(tx, row.id, nameOf(actor), reason)
    await auditDiscrepancy(tx, row, {
      act: 'IGNORE',
      reason,
      by: byOf(actor),
      after: { state: 'IGNORED' },
      ...(requestKey !== undefined && { requestKey }),
    })
    return { kind: 'DONE' }
  })
