import { personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import { type Difference, formOf } from '../model/amend-body.js'
import { digestOf } from '../model/digest.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { Database } from '../platform/database.js'
import { readActFacts } from '../transfer/act-facts-repository.js'
import { keepAmendment } from '../transfer/amendment-repository.js'
import type { LookAhead } from '../transfer/look-ahead.js'
import { planPresentInPlace } from '../transfer/plan-transfers.js'
import { dossierCodeOf } from '../transfer/transfer-repository.js'
import { type ActRefusal, mayAmend, refused } from './act-rules.js'
import { type AmendmentChange, type FieldFault, judgeAmendment } from './check-amendment.js'
import { type ActResult, performAct, type TransferAct } from './perform-act.js'
import { type ReadAmendable, readAmendable, shownBody } from './read-amendable.js'

/**
 * Sửa và gửi lại: a new transfer takes the place of one that was refused, held, exhausted, waits or was given up, as by superseding, but with values that a
 * person has given in place of the source's. It bears a key and digest of its own and the origin AMENDED; the old one stays, superseded. What differs from
 * the source is kept by field, before and after, and shown until the source says the same. Since it deviates from what the sources own, it is HELD until a second
 * person has approved it (`decide-on-amendment.ts`), unless the site's configuration does without.
 *
 * The content is judged before the act, without any lock (`check-amendment.ts`): the adapter reads files and mappings. Under the lock it counts only when the source
 * still says what it was judged upon.
 */
export interface AmendDependencies {
  readonly db: Database
  readonly check: LookAhead['check']
  readonly needsApproval: boolean
}

export interface AmendTransfer extends TransferAct {
  readonly changes: readonly AmendmentChange[]
}

export type AmendResult = ActResult | { readonly kind: 'INVALID'; readonly faults: readonly FieldFault[] }

export const amendTransfer = async (deps: AmendDependencies, act: AmendTransfer): Promise<AmendResult> => {
  const judged = await judgeChanges(deps, act)
  if (judged.kind === 'INVALID') return judged
  return performAct(deps.db, act, 'AMEND', mayAmend, async (tx, transfer, dossierCode) => {
    if (judged.kind === 'REFUSED') return judged
    const now = await readAmendable(tx, transfer, dossierCode)
    if (now.kind === 'REFUSED') return now
    if (basisOf(now) !== basisOf(judged.on))
      return refused('STALE_WRITE', 'Nguồn vừa báo nội dung khác trong lúc sửa: hãy xem lại rồi sửa trên nội dung mới.')
    const { body, differences } = judged
    const { frozen, dossier } = now
    const { id, idempotencyKey, digest } = await planPresentInPlace(tx, transfer, frozen, {
      body,
      dueAt: new Date(dossier.content.dueAt),
      cause: { ...personOf(act.actor), reason: act.reason },
      amended: { awaitsApproval: deps.needsApproval },
    })
    const { actor, reason } = act
    await keepAmendment(tx, { transferId: id, source: now.source, differences, reason, by: actor, needsApproval: deps.needsApproval })
    return {
      kind: 'DONE',
      replacedBy: id,
      before: { key: frozen.idempotencyKey, digest: frozen.digest, dossierVersion: frozen.dossierVersion },
      after: { key: idempotencyKey, digest, dossierVersion: body.dossierVersion, amended: differences.map(({ field }) => field) },
    }
  })
}

/** What was judged, and on what. */
type JudgedChanges =
  | { readonly kind: 'FIT'; readonly on: ReadAmendable; readonly body: TransferBody; readonly differences: readonly Difference[] }
  | { readonly kind: 'INVALID'; readonly faults: readonly FieldFault[] }
  | ActRefusal

const basisOf = ({ source, kept }: ReadAmendable): string => digestOf({ source, kept })

const NOTHING_AMENDED =
  'Nội dung sau khi sửa không khác nội dung của nguồn: hãy thay lượt này để gửi nội dung hiện tại, hoặc gửi lại nếu lỗi ở bên nhận đã được sửa.'

/** What would come of these changes now. Changes nothing. */
export const judgeChanges = async (
  { db, check }: Pick<AmendDependencies, 'db' | 'check'>,
  { transferId, changes }: Pick<AmendTransfer, 'transferId' | 'changes'>,
): Promise<JudgedChanges> => {
  const on = await readForm(db, transferId)
  if (on.kind === 'REFUSED') return on
  const judged = await judgeAmendment(check, on, changes, on.context)
  if (judged.kind === 'INVALID') return judged
  const isAsBefore = digestOf(formOf(judged.body).map(({ value }) => value)) === digestOf(formOf(shownBody(on)).map(({ value }) => value))
  if (judged.differences.length === 0 || isAsBefore) return refused('NOTHING_AMENDED', NOTHING_AMENDED)
  return { ...judged, on }
}

/** What may be amended of a transfer, or why nothing may. */
export const readForm = (db: Database, transferId: string): Promise<ReadAmendable | ActRefusal> =>
  db.transaction(async (tx) => {
    const code = await dossierCodeOf(tx, transferId)
    const [transfer] = await readActFacts(tx, [transferId])
    if (code === undefined || !transfer) throw notFound('lượt liên thông này')
    return mayAmend(transfer) ?? readAmendable(tx, transfer, code)
  })
