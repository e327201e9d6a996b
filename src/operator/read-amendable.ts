import type { DossierSnapshot } from '../dossier/dossier-snapshot.js'
import { readReferenceData } from '../dossier/reference-repository.js'
import { type Difference, formOf, withValues } from '../model/amend-body.js'
import type { TransferBody } from '../model/transfer-body.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import type { ActFacts } from '../transfer/act-facts-repository.js'
import { readAmendments } from '../transfer/amendment-repository.js'
import { type ActRefusal, refused } from './act-rules.js'
import { type Amendable, keptValues } from './check-amendment.js'
import type { FieldContext } from './read-field-value.js'
import { readNow } from './supersede-transfer.js'

/**
 * Nội dung có thể sửa: what a person starts from is what superseding would send, the content as its sources say it now, so that nobody takes back what a
 * source has mended meanwhile. On top of it stays what an earlier amendment of this transfer has changed, as long as the source still says what it said then.
 */
export interface ReadAmendable extends Amendable {
  readonly kind: 'AMENDABLE'
  readonly dossier: DossierSnapshot
  readonly context: FieldContext
}

export const readAmendable = async (tx: Tx, transfer: ActFacts, dossierCode: string): Promise<ReadAmendable | ActRefusal> => {
  const now = await readNow(tx, transfer, dossierCode)
  if (now.kind === 'REFUSED') return now
  if (now.frozen.mode === 'ADOPT')
    return refused('ADOPTION', 'Lượt này chỉ đối chiếu lịch sử với bên nhận, không gửi nội dung nào: không có gì để sửa.')
  if (now.kind === 'TOLD_AGAIN')
    return refused('SOURCE_TOLD_AGAIN', 'Nguồn đã báo lại việc này với nội dung khác: hãy thay lượt này để gửi đúng nội dung đó.')
  const { dossier, frozen, body: source } = now
  const [earlier] = await readAmendments(tx, [transfer.id])
  const { receivedAt } = dossier.content
  return {
    kind: 'AMENDABLE',
    dossier,
    frozen,
    source,
    kept: stillStanding(source, earlier?.differences ?? []),
    context: { reference: await readReferenceData(tx), receivedOn: localDateOf(new Date(receivedAt)), receivedAt },
  }
}

/** Of a list that the source has told anew, a line may speak of another item: then the earlier amendment of it is over. */
const stillStanding = (source: TransferBody, differences: readonly Difference[]): Difference[] => {
  const told = new Map(formOf(source).map(({ path, value }) => [path, value]))
  return differences.filter(({ field, before, after }) => told.get(field) === before && before !== after)
}

/** The body that the form shows: what the source says, with what is amended of it already. */
export const shownBody = (amendable: ReadAmendable): TransferBody => withValues(amendable.source, keptValues(amendable, amendable.context))

/** What an amended transfer changed, and what its source says of the same by now. */
export interface KeptDifference extends Difference {
  readonly sourceNow: string | null
}

export const compareWithSource = (differences: readonly Difference[], source: TransferBody): KeptDifference[] => {
  const told = new Map(formOf(source).map(({ path, value }) => [path, value]))
  return differences.map((difference) => ({ ...difference, sourceNow: told.get(difference.field) ?? null }))
}
