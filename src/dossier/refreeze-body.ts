import type { TransferBody } from '../model/transfer-body.js'
import type { DossierSnapshot } from './dossier-snapshot.js'
import { bodyOf } from './transfer-bodies.js'

/**
 * Đóng băng lại nội dung: the body of a transfer once more, with what its sources say now. What tells of the whole dossier is made anew; a report of
 * a status keeps what happened and when, and carries the due date in force; what somebody did (a supplement, a withdrawal, a result handed
 * out) is a fact that does not change. Nothing is ever written in by hand here: each field has a source that owns it, and content that no source has
 * said would make the two sides differ for good.
 */
export const refreezeBody = (frozen: TransferBody, dossier: DossierSnapshot): TransferBody => {
  switch (frozen.operation) {
    case 'RECEIVE':
    case 'REGISTER':
    case 'SYNC_DOSSIER':
      return bodyOf(frozen.operation, dossier, { events: [], note: '' }, frozen.at)
    case 'UPDATE_STATUS':
    case 'SYNC_PROGRESS':
      return { ...frozen, dueAt: dossier.content.dueAt }
    default:
      return frozen
  }
}
