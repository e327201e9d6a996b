import { type Caller, personOf } from '../access/caller.js'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import { describeTransferState } from '../model/interlink-state.js'
import { type ActName, describeLastAct, seenAt, versionOf } from '../model/transfer-acts.js'
import type { TransferState } from '../model/transfer-state.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { type ActFacts, lockTransfer, readActFacts } from '../transfer/act-facts-repository.js'
import { dossierCodeOf } from '../transfer/transfer-repository.js'
import { type ActRefusal, describeSuccessor, type Rule, refused } from './act-rules.js'

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
  /** The version that the person has seen (`versionOf`): of two who act upon one transfer the second is told. */
  readonly expectedVersion?: number
  /** The plan of which this act is a part. */
  readonly planId?: string
}

export { type ActRefusal, refused } from './act-rules.js'

/** `replacedBy`: the transfer that has taken the place of the one acted upon. */
export type ActResult = { readonly kind: 'DONE'; readonly replacedBy?: string } | ActRefusal

type Evidence = Readonly<Record<string, string | number | null | readonly string[]>>

/** What an act says of itself beyond the transfer's state before and after. */
interface Performed {
  readonly kind: 'DONE'
  readonly replacedBy?: string
  readonly before?: Evidence
  readonly after?: Evidence
}

/** What the audit keeps of an act on a transfer: who, why, as part of which plan, by what it had failed, and the state before and after. */
export const entryOf = (
  { transferId, reason, actor, requestKey, planId }: TransferAct,
  act: ActName,
  { before, state, replacedBy, more }: Moved,
) => ({
  ...personOf(actor),
  act,
  transferId,
  dossierId: before.dossierId,
  systemId: before.systemId,
  planId: planId ?? null,
  causeId: before.causeId,
  reason,
  before: { state: before.state, heldReason: before.heldReason, lastError: before.lastError, ...more?.before },
  after: {
    state,
    ...(replacedBy !== undefined && { replacedBy }),
    ...(requestKey !== undefined && { request: requestKey }),
    ...more?.after,
  },
})

interface Moved {
  readonly before: ActFacts
  /** After the act. */
  readonly state: TransferState
  readonly replacedBy?: string
  readonly more?: Pick<Performed, 'before' | 'after'>
}

export const performAct = (
  db: Database,
  given: TransferAct,
  act: ActName,
  rule: Rule,
  change: (tx: Tx, transfer: ActFacts, dossierCode: string) => Promise<Performed | ActRefusal>,
): Promise<ActResult> =>
  db.transaction(async (tx) => {
    const { transferId, actor, requestKey, expectedVersion } = given
    const code = await dossierCodeOf(tx, transferId)
    if (code === undefined) throw notFound('lượt liên thông này')
    await lockDossierCode(tx, code)
    await lockTransfer(tx, transferId)
    const [before] = await readActFacts(tx, [transferId])
    if (!before) throw notFound('lượt liên thông này')
    const done = requestKey === undefined ? undefined : await resultOf(tx, transferId, actor.subject, requestKey)
    if (done) return done
    const refusal = staleRefusal(before, expectedVersion) ?? rule(before)
    if (refusal) return refusal
    const result = await change(tx, before, code)
    if (result.kind === 'REFUSED') return result
    const after = (await lockTransfer(tx, transferId)) ?? before
    const replaced = result.replacedBy === undefined ? {} : { replacedBy: result.replacedBy }
    await tx.orm.auditEntry.create({ data: entryOf(given, act, { before, state: after.state, ...replaced, more: result }) })
    return { kind: 'DONE', ...replaced }
  })

/** It has moved since the person saw it: told who did what and when, if it was not the machine, and where to look now. */
const staleRefusal = (transfer: ActFacts, expectedVersion: number | undefined): ActRefusal | undefined => {
  const { state, updatedAt, lastAct, supersededBy } = transfer
  if (expectedVersion === undefined || expectedVersion === versionOf(updatedAt)) return undefined
  const by = lastAct && lastAct.at > seenAt(expectedVersion, updatedAt) ? lastAct : undefined
  const what = by ? `Trong lúc bạn xem, ${describeLastAct(by)}` : `Lượt này đã thay đổi lúc ${describeInstant(updatedAt)}`
  const where = `nay ở trạng thái "${describeTransferState(state)}"${describeSuccessor(supersededBy)}`
  return {
    ...refused('STALE_WRITE', `${what}, ${where}: hãy xem lại rồi quyết định.`),
    ...(by && { by, ...(supersededBy !== null && { successor: supersededBy }) }),
  }
}

const resultOf = async (tx: Tx, transferId: string, actor: string, requestKey: string): Promise<ActResult | undefined> => {
  const rows = await tx.query<{ replacedBy: string | null }>(
    `SELECT after->>'replacedBy' AS "replacedBy" FROM audit_entry WHERE transfer_id = $1::uuid AND actor = $2 AND after->>'request' = $3`,
    [transferId, actor, requestKey],
  )
  return rows[0] && (rows[0].replacedBy === null ? { kind: 'DONE' } : { kind: 'DONE', replacedBy: rows[0].replacedBy })
}
