import { type Caller, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import type { SystemId } from '../model/system.js'
import type { Database, Tx } from '../platform/database.js'
import { type GateSetting, lockGate } from '../transfer/gate-repository.js'

/**
 * Thao tác trên một hệ thống: what a named person does with the gate before a foreign system, with a reason, under the gate's lock and audited in
 * the same database transaction: who, why, and what stood there before and after.
 */
export interface SystemAct {
  readonly systemId: SystemId
  readonly reason: string
  readonly actor: Caller
  /** The caller's idempotency key: an act under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
}

/** `audited`: what stands in the audit beside the gate. `field`: of the input, when it is at fault; else the gate's state does not allow the act. `message` is a sentence in Vietnamese. */
export type SystemActResult =
  | { readonly kind: 'DONE'; readonly audited?: { readonly before?: object; readonly after?: object } }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string; readonly field?: string }

export const refusedBecause = (reason: string, message: string): SystemActResult => ({ kind: 'REFUSED', reason, message })

const keptOf = (gate: GateSetting) => ({ ...gate, pausedAt: gate.pausedAt?.toISOString() ?? null })

/** A refusal changes nothing and leaves no trace. Throws NOT_FOUND for a system without a gate. */
export const actOnSystem = (
  db: Database,
  { systemId, reason, actor, requestKey }: SystemAct,
  act: 'SET_LIMITS' | 'PAUSE' | 'RESUME' | 'PLAN_MAINTENANCE' | 'END_MAINTENANCE',
  change: (tx: Tx, gate: GateSetting) => Promise<SystemActResult>,
): Promise<SystemActResult> =>
  db.transaction(async (tx) => {
    const before = await lockGate(tx, systemId)
    if (!before) throw notFound(`hệ thống ${systemId}`)
    if (requestKey !== undefined && (await wasDone(tx, { systemId, actor, act, requestKey }))) return { kind: 'DONE' }
    const result = await change(tx, before)
    if (result.kind === 'REFUSED') return result
    const after = (await lockGate(tx, systemId)) ?? before
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act,
        systemId,
        reason,
        before: { ...keptOf(before), ...result.audited?.before },
        after: { ...keptOf(after), ...result.audited?.after, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return result
  })

const wasDone = async (
  tx: Tx,
  { systemId, actor, act, requestKey }: { systemId: SystemId; actor: Caller; act: string; requestKey: string },
): Promise<boolean> => {
  const found = await tx.orm.auditEntry.findFirst({
    where: { systemId, act, actor: actor.subject, after: { path: ['request'], equals: requestKey } },
    select: { id: true },
  })
  return found !== null
}
