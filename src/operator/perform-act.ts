import type { Caller } from '../access/caller.js'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import { describeTransferState } from '../model/interlink-state.js'
import type { Database, Tx } from '../platform/database.js'
import { dossierCodeOf, lockTransfer, type TransferFacts } from '../transfer/transfer-repository.js'

/**
 * Thao tác của người vận hành: what a named person does with a transfer, with a reason, audited in the same database transaction. It
 * runs under the lock of the dossier, as planning does: what stands behind a transfer does not change while it is decided upon.
 */
export interface TransferAct {
  readonly transferId: string
  readonly reason: string
  readonly actor: Caller
  /** The caller's idempotency key: an act under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
}

export interface ActRefusal {
  readonly kind: 'REFUSED'
  readonly reason: string
  /** A sentence in Vietnamese: what stands in the way and what to do. */
  readonly message: string
  /** ISO-8601 UTC: from then on the same act is no longer refused for this reason. */
  readonly possibleFrom?: string
}

/** `replacedBy`: the transfer that has taken the place of the one acted upon. */
export type ActResult = { readonly kind: 'DONE'; readonly replacedBy?: string } | ActRefusal

export const refused = (reason: string, message: string): ActRefusal => ({ kind: 'REFUSED', reason, message })

type Evidence = Readonly<Record<string, string | number | null | readonly string[]>>

/** What an act says of itself beyond the transfer's state before and after. */
interface Performed {
  readonly kind: 'DONE'
  readonly replacedBy?: string
  readonly before?: Evidence
  readonly after?: Evidence
}

/** Whether it happened over there is not known: neither sending again nor giving up is safe. */
export const isUncertain = (transfer: TransferFacts): boolean =>
  transfer.state === 'INDETERMINATE' || (transfer.state === 'HELD' && transfer.heldReason === 'UNCERTAIN')

export const describeState = (transfer: TransferFacts): string => describeTransferState(transfer.state)

export const performAct = (
  db: Database,
  { transferId, reason, actor, requestKey }: TransferAct,
  act: string,
  change: (tx: Tx, transfer: TransferFacts, dossierCode: string) => Promise<Performed | ActRefusal>,
): Promise<ActResult> =>
  db.transaction(async (tx) => {
    const code = await dossierCodeOf(tx, transferId)
    if (code === undefined) throw notFound('lượt liên thông này')
    await lockDossierCode(tx, code)
    const before = await lockTransfer(tx, transferId)
    if (!before) throw notFound('lượt liên thông này')
    const done = requestKey === undefined ? undefined : await resultOf(tx, transferId, actor.subject, requestKey)
    if (done) return done
    const result = await change(tx, before, code)
    if (result.kind === 'REFUSED') return result
    const after = (await lockTransfer(tx, transferId)) ?? before
    const replaced = result.replacedBy === undefined ? {} : { replacedBy: result.replacedBy }
    await tx.orm.auditEntry.create({
      data: {
        actor: actor.subject,
        role: actor.role,
        act,
        transferId,
        dossierId: before.dossierId,
        reason,
        before: { state: before.state, heldReason: before.heldReason, lastError: before.lastError, ...result.before },
        after: { state: after.state, ...replaced, ...(requestKey !== undefined && { request: requestKey }), ...result.after },
      },
    })
    return { kind: 'DONE', ...replaced }
  })

const resultOf = async (tx: Tx, transferId: string, actor: string, requestKey: string): Promise<ActResult | undefined> => {
  const rows = await tx.query<{ replacedBy: string | null }>(
    `SELECT after->>'replacedBy' AS "replacedBy" FROM audit_entry WHERE transfer_id = $1::uuid AND actor = $2 AND after->>'request' = $3`,
    [transferId, actor, requestKey],
  )
  return rows[0] && (rows[0].replacedBy === null ? { kind: 'DONE' } : { kind: 'DONE', replacedBy: rows[0].replacedBy })
}
