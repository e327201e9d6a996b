import { personOf } from '../access/caller.js'
import { correctFact, factCarriedBy, readFactOf } from '../dossier/correct-fact.js'
import type { DossierSnapshot } from '../dossier/dossier-snapshot.js'
import { readSnapshot } from '../dossier/dossier-snapshot-repository.js'
import { refreezeBody } from '../dossier/refreeze-body.js'
import type { Telling } from '../dossier/telling-repository.js'
import type { Fact } from '../dossier/told-fact.js'
import { notFound } from '../errors.js'
import { changedFields } from '../model/changed-fields.js'
import { digestBody } from '../model/digest.js'
import { type Origin, SYSTEM_IN_SENTENCE } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { Database, Tx } from '../platform/database.js'
import type { ActFacts } from '../transfer/act-facts-repository.js'
import { planPresentInPlace } from '../transfer/plan-transfers.js'
import { type FrozenTransfer, readFrozen } from '../transfer/superseding-repository.js'
import { isOvertaken } from '../transfer/take-place.js'
import { type ActRefusal, maySupersede, refused } from './act-rules.js'
import { type ActResult, performAct, type TransferAct } from './perform-act.js'

const NOTHING_CHANGED =
  'Nội dung không khác lượt cũ: hãy sửa ở hệ thống nguồn trước khi thay, hoặc gửi lại lượt này nếu lỗi ở bên nhận đã được sửa.'

const FACT_WORDS: Record<Fact['kind'], string> = {
  SUPPLEMENT_HANDED_IN: 'việc nộp bổ sung',
  WITHDRAWN: 'việc rút hồ sơ',
  RESULT_RETURNED: 'việc trả kết quả',
  RESULT_ISSUED: 'kết quả giải quyết',
}

/** What an application has handed in nobody corrects under the same number: it hands in once more. */
const factUnchanged = (kind: Fact['kind'], source: Origin | undefined): string => {
  const what = `Lượt này chuyển ${FACT_WORDS[kind]} đã xảy ra`
  const sendAgain = 'gửi lại lượt này nếu lỗi ở bên nhận đã được sửa'
  return source === undefined || source === 'GATEWAY'
    ? `${what}, nộp qua ứng dụng nên không có nơi nào sửa được nội dung: hãy ${sendAgain}, hoặc hủy nó sau khi người nộp đã nộp lần mới.`
    : `${what}, và ${SYSTEM_IN_SENTENCE[source]} chưa báo nội dung nào khác: hãy sửa và báo lại ở đó rồi thay, hoặc ${sendAgain}.`
}

/**
 * Thay lượt liên thông: a new transfer takes the place of one that was refused, held, exhausted, still waits, or was given up, with the
 * dossier's content as its sources say it now and under a key of its own; a fact (supplement, withdrawal, result) as its source has told it again, which
 * stood in conflict until then. A person mends what was wrong where it is owned (at the desk, in the registry, in the
 * reference data); this act carries it on. It is refused while nobody knows whether the old one arrived; after a restore from a backup the new one is inquired before it is sent. What stands behind keeps its place and goes
 * only after the new one was taken; older reports of a status give way to it, as they do to a newer version from the desk (`take-place.ts`).
 */
export const supersedeTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'SUPERSEDE', maySupersede, async (tx, transfer, dossierCode) => {
    const present = await readPresent(tx, transfer, dossierCode)
    if (present.kind === 'REFUSED') return present
    const { dossier, frozen } = present
    const body =
      present.kind === 'TOLD_AGAIN'
        ? await correctFact(tx, dossier, present.told, { operation: transfer.operation, correlationId: frozen.correlationId })
        : present.body
    const cause = { ...personOf(act.actor), reason: act.reason }
    const { id, idempotencyKey, digest } = await planPresentInPlace(tx, transfer, frozen, {
      body,
      dueAt: new Date(dossier.content.dueAt),
      cause,
    })
    return {
      kind: 'DONE',
      replacedBy: id,
      before: { key: frozen.idempotencyKey, digest: frozen.digest, dossierVersion: frozen.dossierVersion },
      after: { key: idempotencyKey, digest, dossierVersion: body.dossierVersion, changed: changedFields(frozen.body, body) },
    }
  })

/** What would go in a transfer's place: its body as the sources say now, or the fact as its source has told it again. */
type Present = { readonly dossier: DossierSnapshot; readonly frozen: FrozenTransfer } & (
  | { readonly kind: 'REFROZEN'; readonly body: TransferBody }
  | { readonly kind: 'TOLD_AGAIN'; readonly told: Telling }
)

/** Changes nothing: also asked by whoever shows whether the act is allowed. */
export const readPresent = async (tx: Tx, transfer: ActFacts, dossierCode: string): Promise<Present | ActRefusal> => {
  const present = await readNow(tx, transfer, dossierCode)
  if (present.kind !== 'REFROZEN') return present
  const { source, ...refrozen } = present
  if (transfer.state !== 'ABANDONED' && digestBody(present.body) === digestBody(present.frozen.body)) {
    const kind = factCarriedBy(present.body)
    return kind ? refused('FACT_UNCHANGED', factUnchanged(kind, source)) : refused('NOTHING_CHANGED', NOTHING_CHANGED)
  }
  return refrozen
}

/** The same, also when nothing has changed since it was frozen. `source`: who owns the fact that it carries. */
export const readNow = async (
  tx: Tx,
  transfer: ActFacts,
  dossierCode: string,
  { evenOvertaken = false } = {},
): Promise<(Present & { readonly source?: Origin }) | ActRefusal> => {
  if (!evenOvertaken && (await isOvertaken(tx, transfer)))
    return refused(
      'NEWER_BEHIND',
      'Đã có lượt mới hơn đứng sau, mang nội dung mới hơn: không thay lượt này; hãy hủy nó để lượt mới được đi.',
    )
  const dossier = await readSnapshot(tx, dossierCode)
  if (!dossier) throw notFound('hồ sơ của lượt liên thông')
  const frozen = await readFrozen(tx, transfer.id)
  const fact = await readFactOf(tx, dossier, frozen.body)
  if (fact?.contradiction) return { kind: 'TOLD_AGAIN', dossier, frozen, told: fact.contradiction }
  return { kind: 'REFROZEN', dossier, frozen, body: await refreezeBody(tx, frozen.sourceBody, dossier), source: fact?.source }
}
