import type { Operation } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { DossierChange, DossierSnapshot } from './dossier-snapshot.js'

/** The frozen body of one operation, from the dossier as it is after the change. `at` is the event time, ISO UTC. */
export const bodyOf = (operation: Operation, dossier: DossierSnapshot, change: DossierChange, at: string): TransferBody => {
  const { content, status } = dossier
  const base = { dossierCode: content.code, dossierVersion: dossier.version, at, procedureCode: content.procedureCode }
  const report = { status, dueAt: content.dueAt, officer: change.officer, note: change.note }
  const documents = change.documents?.items ?? []
  switch (operation) {
    case 'RECEIVE':
      return { ...base, operation, dossier: content }
    case 'REGISTER':
      return { ...base, operation, dossier: content, status }
    case 'SUPPLEMENT':
      return {
        ...base,
        operation,
        supplementNo: change.supplementNo ?? dossier.supplementCount,
        note: change.note,
        newDueAt: change.proposedDueAt,
        documents,
      }
    case 'POST_SUPPLEMENT':
      return { ...base, operation, supplementNo: change.supplementNo ?? dossier.supplementCount, note: change.note, documents }
    case 'WITHDRAW':
      return { ...base, operation, reason: change.note }
    case 'CONFIRM_RETURN':
      return { ...base, operation, method: change.returnMethod ?? 'DESK', note: change.note }
    case 'UPDATE_STATUS':
    case 'SYNC_PROGRESS':
      return { ...base, operation, ...report }
    case 'POST_TAX_NOTICES':
      return { ...base, operation, notices: change.notices ?? [] }
    case 'POST_RESULT':
      return { ...base, operation, status, note: change.note, documents }
    case 'SYNC_DOSSIER':
      return {
        ...base,
        operation,
        dossier: content,
        status,
        dueAt: content.dueAt,
        finishedAt: dossier.finishedAt,
        returnedAt: dossier.returnedAt,
        results: dossier.results,
      }
  }
}
