import type { TaxNoticeContent } from '../model/dossier-content.js'
import type { TransferBody } from '../model/transfer-body.js'
import { isWholeDossier } from '../model/transfer-order.js'
import type { Tx } from '../platform/database.js'
import { readTaxNotices } from './dossier-reads-repository.js'
import type { TaxNoticeRow } from './dossier-row.js'
import type { DossierSnapshot } from './dossier-snapshot.js'
import { bodyOf } from './transfer-bodies.js'

/**
 * Đóng băng lại nội dung: the body of a transfer once more, with what its sources say now. What tells of the whole dossier is made anew; a report of
 * a status keeps what happened and when, and carries the due date in force; tax notices are told as they stand by now. What somebody did (a
 * supplement, a withdrawal, a result) is a fact and reads otherwise only when its source has said so: `correct-fact.ts`. Nothing is written in by hand here: what a person
 * changes on top of it (`operator/amend-transfer.ts`) is kept apart, as a difference from this.
 */
export const refreezeBody = async (tx: Tx, frozen: TransferBody, dossier: DossierSnapshot): Promise<TransferBody> => {
  if (isWholeDossier(frozen.operation)) return bodyOf(frozen.operation, dossier, { events: [], note: '' }, frozen.at)
  switch (frozen.operation) {
    case 'UPDATE_STATUS':
    case 'SYNC_PROGRESS':
      return { ...frozen, dueAt: dossier.content.dueAt }
    case 'POST_TAX_NOTICES':
      return { ...frozen, notices: noticesNow(frozen.notices, await readTaxNotices(tx, [dossier.id])) }
    default:
      return frozen
  }
}

const noticesNow = (told: readonly TaxNoticeContent[], now: readonly TaxNoticeRow[]): TaxNoticeContent[] =>
  told.map((notice) => {
    const row = now.find(({ noticeNumber, taxKind }) => noticeNumber === notice.noticeNumber && taxKind === notice.taxKind)
    if (!row) return notice
    const { noticeNumber, taxKind, payerName, amountVnd, documentUrl } = row
    return { noticeNumber, taxKind, payerName, amountVnd: amountVnd ?? undefined, documentUrl: documentUrl ?? undefined }
  })
