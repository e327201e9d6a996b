import { GatewayError } from '../errors.js'
import type { Caller, Role } from './caller.js'

const ALL: readonly Role[] = ['CITIZEN_APP', 'OFFICER', 'OPERATOR', 'ADMIN']
const STAFF: readonly Role[] = ['OFFICER', 'OPERATOR', 'ADMIN']
const DESK: readonly Role[] = ['OFFICER', 'ADMIN']
const APPLICATION: readonly Role[] = ['CITIZEN_APP', 'OFFICER', 'ADMIN']
const OPERATION: readonly Role[] = ['OPERATOR', 'ADMIN']

/**
 * Quyền: which role may call what. The first part is named as the GraphQL operations are; the second are parts of answers that
 * lead to more than was asked for. A citizen's application reaches one dossier, by its exact code, and nothing beyond it.
 */
export const PERMISSIONS = {
  citizenLookUp: [...ALL, 'VISITOR'],
  dossier: ALL,
  dossiers: STAFF,
  parcel: STAFF,
  certificate: STAFF,
  transfer: STAFF,
  transfers: STAFF,
  transferCounts: STAFF,
  monthReport: STAFF,
  exportMonthReport: STAFF,
  exportProcessRecord: STAFF,
  /** A letter to a citizen: only for whom personal data is not masked. */
  issueApologyLetter: DESK,
  printApologyLetter: DESK,
  systems: STAFF,
  systemConnections: OPERATION,
  procedures: ALL,
  administrativeUnits: ALL,
  resolveAdministrativeUnit: ALL,
  submitDossier: APPLICATION,
  supplementDossier: APPLICATION,
  withdrawDossier: APPLICATION,
  confirmResultReturned: DESK,
  replayTransfer: OPERATION,
  confirmOutcome: OPERATION,
  abandonTransfer: OPERATION,
  supersedeTransfer: OPERATION,
  amendTransfer: OPERATION,
  approveAmendment: OPERATION,
  declineAmendment: OPERATION,
  revealAmendment: OPERATION,
  replayPlans: OPERATION,
  replayPlan: OPERATION,
  replayPlanPreview: OPERATION,
  createReplayPlan: OPERATION,
  dryRunReplayPlan: OPERATION,
  approveReplayPlan: OPERATION,
  startReplayPlan: OPERATION,
  pauseReplayPlan: OPERATION,
  resumeReplayPlan: OPERATION,
  cancelReplayPlan: OPERATION,
  replayPlanChanged: OPERATION,
  inboxMessages: OPERATION,
  /** Các nguyên nhân lỗi, over all communes, with the notes of operators. */
  causes: OPERATION,
  cause: OPERATION,
  noteCause: OPERATION,
  revealAttempt: OPERATION,
  dismissInboxMessage: OPERATION,
  recovery: OPERATION,
  /** Hàng đợi không tới được, with the names of machines. */
  queueOutages: OPERATION,
  auditEntries: OPERATION,
  exportAudit: OPERATION,
  alerts: OPERATION,
  alert: OPERATION,
  alertChannels: OPERATION,
  acknowledgeAlert: OPERATION,
  testAlertChannels: OPERATION,
  alertChanged: OPERATION,
  discrepancies: STAFF,
  discrepancy: STAFF,
  repairHere: OPERATION,
  repairThere: OPERATION,
  ignoreDiscrepancy: OPERATION,
  discrepancyPreview: OPERATION,
  discrepancyBatches: OPERATION,
  createDiscrepancyBatch: OPERATION,
  actOnDiscrepancyBatch: OPERATION,
  reconciliationRuns: OPERATION,
  reconciliationRun: OPERATION,
  startReconciliation: OPERATION,
  pauseReconciliation: OPERATION,
  resumeReconciliation: OPERATION,
  cancelReconciliation: OPERATION,
  clearPollAlarm: OPERATION,
  setSystemLimits: OPERATION,
  pauseSystem: OPERATION,
  resumeSystem: OPERATION,
  planMaintenance: OPERATION,
  endMaintenance: OPERATION,
  systemHistory: OPERATION,
  dossierChanged: ALL,
  transferChanged: STAFF,
  /** Các hồ sơ của một thửa đất, một giấy chứng nhận: from one dossier to its neighbours. */
  'Parcel.dossiers': STAFF,
  'Certificate.dossiers': STAFF,
  /** Sổ thời gian: who was waited for, with the officers' names. */
  'Dossier.timeLedger': STAFF,
  'Dossier.apologyLetters': DESK,
  /** Sai lệch đối soát of a dossier. */
  'Dossier.discrepancies': STAFF,
  /** Nhật ký of a discrepancy. */
  'Discrepancy.audit': OPERATION,
  /** Search by a person's name or number: only for whom these are not masked. */
  'dossiers.applicant': DESK,
  /** Hạn trả tính lại, beside what each system says. */
  'Dossier.deadline': STAFF,
  /** Chi tiết lỗi of a sending, which may name hosts and quote the other side. */
  'Transfer.lastError': STAFF,
  /** Nội dung sửa of a transfer: which fields differ from their source, masked for who may not see persons. */
  'Transfer.amendment': STAFF,
  /** Nội dung trên đường truyền of an attempt, masked. */
  'Attempt.evidence': OPERATION,
  /** Nguyên văn lỗi of a foreign system's connection. */
  'systems.lastFailure': OPERATION,
  /** Dòng thay đổi của một hệ thống and its alarm. */
  'systems.poll': OPERATION,
  /** Cửa trước hệ thống: breakers with their causes, limits, pause, calls in flight. */
  'systems.gate': OPERATION,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

export const may = (caller: Caller, permission: Permission): boolean => (PERMISSIONS[permission] as readonly Role[]).includes(caller.role)

/** What is refused where it is no function as a whole. */
const REFUSALS: Partial<Record<Permission, string>> = {
  'dossiers.applicant': 'Vai trò của bạn không tìm theo người nộp: hãy bỏ điều kiện người nộp, các điều kiện khác vẫn dùng được.',
}

export const requirePermission = (caller: Caller, permission: Permission): void => {
  if (!may(caller, permission))
    throw new GatewayError('FORBIDDEN', REFUSALS[permission] ?? 'Tài khoản của bạn không có quyền dùng chức năng này.', {
      reason: permission,
    })
}
