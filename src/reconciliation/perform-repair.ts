import { randomUUID } from 'node:crypto'
import { namePerson } from '../access/caller.js'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import { GatewayError, notFound } from '../errors.js'
import type { DiscrepancyAct, ProposedRepair } from '../model/discrepancy.js'
import type { InboundMessage } from '../model/inbound.js'
import type { Tx } from '../platform/database.js'
import { type DiscrepancyRow, findDiscrepancy, isReread, lockDiscrepancy } from './discrepancy-repository.js'
import { judgeAct } from './judge-discrepancies.js'
import { readTheirsNow, refusalByTheirsNow, type TheirsNow } from './read-theirs-now.js'
import type { RepairDependencies } from './reconciliation-dependencies.js'
import { type RepairRefusal, refusalAsItStands, refusalOf, refused } from './refuse-repair.js'
import { planRepairHere } from './repair-here.js'
import { beginRepair, countRepairsOfToday } from './repair-repository.js'
import { planRepairThere } from './repair-there.js'
import { holdRunning } from './run-repository.js'

/**
 * Sửa một sai lệch, by a named person or by the policy: under the dossier's lock and the discrepancy's, with the version that was seen, audited in the same
 * transaction. It is REPAIRING then, and a later run closes it. What is in flight by now is not repaired: it may be on its way to agree. Nor is what stands here, or
 * there, no more as it was seen: the other side is read again before anything is begun (`read-theirs-now.ts`).
 */
export interface RepairOrder {
  readonly id: string
  readonly expectedVersion: number
  readonly direction: 'HERE' | 'THERE'
  readonly reason: string
  readonly by: { readonly subject: string; readonly name: string; readonly role: string }
  /** The caller's idempotency key: a repair under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
  /** By the policy. */
  readonly policy?: {
    /** Once a person has halted it nothing more is repaired. */
    readonly runId: string
    /** So many of its class and direction at its system in a local day. */
    readonly maxPerDay: number
  }
  /** What the other side holds now, read for many orders at once; left out: it is asked for this one. */
  readonly theirs?: TheirsNow
}

export type Repaired = { readonly kind: 'DONE' } | RepairRefusal

/** Refused by the policy's `maxPerDay`. */
export const DAY_FULL = 'DAY_FULL'

/**
 * Throws NOT_FOUND, and UPSTREAM_UNAVAILABLE when the other side cannot be read now: then nothing was changed, and the same order may be given again. A refusal changes
 * nothing of either side; what was found otherwise over there than it was seen is kept in the discrepancy, which whoever looks again sees.
 */
export const performRepair = async (deps: RepairDependencies, order: RepairOrder): Promise<Repaired> => {
  const known = await findDiscrepancy(deps.db, order.id)
  if (!known) throw notFound('sai lệch đối soát này')
  const reference = await deps.reference()
  const act: DiscrepancyAct = order.direction === 'HERE' ? 'REPAIR_HERE' : 'REPAIR_THERE'
  const foreseen = order.theirs ? undefined : await foresee(deps, reference, order, act)
  if (foreseen) return foreseen
  const theirs = order.theirs ?? (await readTheirsNow(deps, known.systemId, [known.dossierCode]).catch(nothingWasDone))
  if (theirs.kind === 'REFUSED') return theirs
  const began = await deps.db.transaction(async (tx): Promise<Repaired | Begun> => {
    await lockDossierCode(tx, known.dossierCode)
    const row = await lockDiscrepancy(tx, order.id)
    if (!row) throw notFound('sai lệch đối soát này')
    if (await wasActedBy(tx, order, act)) return { kind: 'DONE' }
    if (order.policy && !(await holdRunning(tx, order.policy.runId)))
      return refused('RUN_HALTED', 'Lượt đối soát này đã được dừng: không tự sửa gì thêm.')
    const refusal =
      refusalOf(row, act, order.expectedVersion) ??
      (await refusalAsItStands(deps, tx, row, act)) ??
      (await refusalByTheirsNow(deps, tx, row, theirs, order.policy?.runId ?? null)) ??
      (await refusalByDay(tx, row, order))
    if (refusal) return refusal
    const begun = await begin(deps, tx, reference, row, order)
    if (begun.kind === 'REFUSED') return begun
    const { repair, transferIds, message } = begun
    const messageId = message && (await deps.store(tx, message))
    await beginRepair(tx, row.id, {
      repair,
      by: namePerson(order.by.subject, order.by.name),
      act,
      transferIds,
      ...(order.policy && { runId: order.policy.runId }),
      ...(messageId !== undefined && { messageId }),
    })
    await auditDiscrepancy(tx, row, {
      ...order,
      act,
      after: { state: 'REPAIRING', repair, transfers: [...transferIds] },
      ...(order.policy && { runId: order.policy.runId }),
    })
    return begun
  })
  if (began.kind !== 'BEGUN') return began
  if (began.repair === 'THERE') deps.onQueued()
  // Stored already: were this process to die here, the sweep of the inbox would apply it.
  if (began.message) await deps.receive(began.message)
  return { kind: 'DONE' }
}

const nothingWasDone = (error: unknown): never => {
  if (!(error instanceof GatewayError) || error.code !== 'UPSTREAM_UNAVAILABLE') throw error
  throw new GatewayError(error.code, `${error.message} Chưa sửa gì, sai lệch còn nguyên: hãy thử lại khi đọc lại được.`, error.detail)
}

/** The other side is not asked about what would be refused whatever it says, nor about what was done under this key. */
const foresee = (
  deps: RepairDependencies,
  reference: Awaited<ReturnType<RepairDependencies['reference']>>,
  order: RepairOrder,
  act: DiscrepancyAct,
): Promise<Repaired | undefined> =>
  deps.db.transaction(async (tx) => {
    const row = await findDiscrepancy(tx, order.id)
    if (!row) throw notFound('sai lệch đối soát này')
    if (await wasActedBy(tx, order, act)) return { kind: 'DONE' }
    return refusalOf(row, act, order.expectedVersion) ?? (await judgeAct(deps, tx, reference, row, act)).refusal
  })

interface Begun {
  readonly kind: 'BEGUN'
  readonly repair: ProposedRepair
  readonly transferIds: readonly string[]
  readonly message?: InboundMessage
}

const begin = async (
  deps: RepairDependencies,
  tx: Tx,
  reference: Awaited<ReturnType<RepairDependencies['reference']>>,
  row: DiscrepancyRow,
  { direction, reason }: RepairOrder,
): Promise<Begun | RepairRefusal> => {
  const correlationId = randomUUID()
  if (direction === 'THERE') {
    const planned = await planRepairThere(tx, reference, row, correlationId)
    return planned.kind === 'REFUSED' ? planned : { kind: 'BEGUN', repair: 'THERE', transferIds: planned.transferIds }
  }
  if (isReread(row)) {
    await deps.reread(tx, row.systemId, `Đối soát: ${reason}`)
    return { kind: 'BEGUN', repair: 'REREAD', transferIds: [] }
  }
  const planned = await planRepairHere(tx, row, correlationId)
  return planned.kind === 'REFUSED' ? planned : { kind: 'BEGUN', repair: 'HERE', transferIds: [], message: planned.message }
}

/** Runs of several scopes repair at the same time: they are counted one after the other. */
const refusalByDay = async (tx: Tx, row: DiscrepancyRow, { policy, direction }: RepairOrder): Promise<RepairRefusal | undefined> => {
  if (!policy || (await countRepairsOfToday(tx, { systemId: row.systemId, class: row.class, direction })) < policy.maxPerDay)
    return undefined
  return refused(DAY_FULL, `Hôm nay đã tự sửa đủ ${policy.maxPerDay} sai lệch loại này theo hướng này.`)
}

const wasActedBy = async (tx: Tx, { id, by, requestKey }: RepairOrder, act: DiscrepancyAct): Promise<boolean> =>
  requestKey !== undefined && (await wasActed(tx, id, act, by.subject, requestKey))

/** One line of the audit, by whomever. */
export const auditDiscrepancy = async (
  tx: Tx,
  row: DiscrepancyRow,
  {
    act,
    reason,
    by,
    requestKey,
    runId,
    after,
  }: {
    readonly act: DiscrepancyAct
    readonly reason: string
    readonly by: RepairOrder['by']
    readonly requestKey?: string
    readonly runId?: string
    readonly after: Readonly<Record<string, string | readonly string[]>>
  },
): Promise<void> => {
  await tx.orm.auditEntry.create({
    data: {
      actor: by.subject,
      actorName: by.name,
      role: by.role,
      act: `${act}_DISCREPANCY`,
      systemId: row.systemId,
      discrepancyId: row.id,
      reason,
      ...(row.dossierId !== null && { dossierId: row.dossierId }),
      ...(runId !== undefined && { reconciliationRunId: runId }),
      before: { state: row.state, version: row.version, class: row.class },
      after: { ...after, version: row.version + 1, ...(requestKey !== undefined && { request: requestKey }) },
    },
  })
}

export const wasActed = async (tx: Tx, id: string, act: DiscrepancyAct, actor: string, requestKey: string): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS done FROM audit_entry WHERE discrepancy_id = $1::uuid AND act = $2 AND actor = $3 AND after->>'request' = $4 LIMIT 1`,
      [id, `${act}_DISCREPANCY`, actor, requestKey],
    )
  ).length > 0
