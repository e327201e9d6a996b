import type { DocumentContent, DossierContent, TaxNoticeContent } from './dossier-content.js'
import type { DossierStatus } from './dossier-status.js'

/** What every body says: which dossier, in which version of ours (counted up at each change of the unified dossier), when it happened. */
interface BodyBase {
  readonly dossierCode: string
  /** Version of the unified dossier that this transfer carries: what the other side acknowledges. */
  readonly dossierVersion: number
  /** Instant of the event that it reports. */
  readonly at: string
  /** Needed to map codes on the right day without reading the dossier again. */
  readonly procedureCode: string
}

export interface ReceiveBody extends BodyBase {
  readonly operation: 'RECEIVE'
  readonly dossier: DossierContent
}
export interface SupplementBody extends BodyBase {
  readonly operation: 'SUPPLEMENT'
  /** Lần bổ sung, from 1. */
  readonly supplementNo: number
  readonly note: string
  readonly newDueAt?: string
  readonly documents: readonly DocumentContent[]
}
export interface WithdrawBody extends BodyBase {
  readonly operation: 'WITHDRAW'
  readonly reason: string
}
export interface ConfirmReturnBody extends BodyBase {
  readonly operation: 'CONFIRM_RETURN'
  /** Hình thức trả: 0 tại quầy, 1 bưu chính. */
  readonly method: 'DESK' | 'POST'
  readonly note: string
}
export interface RegisterBody extends BodyBase {
  readonly operation: 'REGISTER'
  readonly dossier: DossierContent
  readonly status: DossierStatus
}
/** The due date is no part of it: the desk is told the one in force whenever that changes. */
export interface PostSupplementBody extends BodyBase {
  readonly operation: 'POST_SUPPLEMENT'
  /** Lần bổ sung, from 1. */
  readonly supplementNo: number
  readonly note: string
  readonly documents: readonly DocumentContent[]
}
export interface UpdateStatusBody extends BodyBase {
  readonly operation: 'UPDATE_STATUS'
  readonly status: DossierStatus
  /** The due date is part of the event: every status that we report carries the one in force. */
  readonly dueAt: string
  readonly officer?: string
  readonly note: string
}
export interface PostTaxNoticesBody extends BodyBase {
  readonly operation: 'POST_TAX_NOTICES'
  readonly notices: readonly TaxNoticeContent[]
}
export interface PostResultBody extends BodyBase {
  readonly operation: 'POST_RESULT'
  readonly status: DossierStatus
  readonly note: string
  readonly documents: readonly DocumentContent[]
}
export interface SyncDossierBody extends BodyBase {
  readonly operation: 'SYNC_DOSSIER'
  readonly dossier: DossierContent
  readonly status: DossierStatus
  readonly dueAt: string
  readonly finishedAt?: string
  readonly returnedAt?: string
  readonly results: readonly DocumentContent[]
}
export interface SyncProgressBody extends BodyBase {
  readonly operation: 'SYNC_PROGRESS'
  readonly status: DossierStatus
  readonly dueAt: string
  readonly officer?: string
  readonly note: string
}

/** Nội dung liên thông: the frozen business body of a transfer, discriminated by its operation. */
export type TransferBody =
  | ReceiveBody
  | SupplementBody
  | WithdrawBody
  | ConfirmReturnBody
  | RegisterBody
  | PostSupplementBody
  | UpdateStatusBody
  | PostTaxNoticesBody
  | PostResultBody
  | SyncDossierBody
  | SyncProgressBody
