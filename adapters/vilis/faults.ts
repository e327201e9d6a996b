import { type FaultTable, WSSE_BEFORE } from '../soap/fault-table.js'

/**
 * What is known of ViLIS's faults (modelled). Only these are raised before anything is processed: the security layer's, the one of a
 * missing right, the two by which the service says that it is closed, and those of the form of the message; the same codes as MaLoi of a readable
 * reply. All other faults leave open what happened: the adapter's answer is INDETERMINATE, and the dossier is inquired before anything is sent
 * again. Every other MaLoi is a refusal.
 *
 * Rights are asked before anything is processed, and it is our agreement with ViLIS that is to be mended, not one dossier after the other: so it is
 * retried on schedule, and once the right is granted everything flows. ViLIS itself is well: the other operations go on meanwhile.
 */
export const VILIS_FAULTS: FaultTable = {
  system: 'VILIS',
  beforeProcessing: {
    ...WSSE_BEFORE,
    KHONG_CO_QUYEN: {
      means: 'NO_RIGHT',
      cause: 'Tài khoản liên thông chưa có quyền gọi nghiệp vụ này; cần đề nghị quản trị ViLIS cấp quyền',
      ofOneOperation: true,
    },
    TAM_NGUNG: { means: 'CLOSED', cause: 'ViLIS tạm ngưng nhận' },
    BAO_TRI: { means: 'CLOSED', cause: 'ViLIS đang bảo trì' },
    VersionMismatch: { means: 'WRONG_FORM' },
    MustUnderstand: { means: 'WRONG_FORM' },
  },
  rejections: {
    // What we send is held against the contract that we have first: theirs is another one.
    SAI_LUOC_DO: { reason: 'ViLIS không chấp nhận cấu trúc thông điệp.', side: 'OURS' },
  },
  statusesBeforeProcessing: [429],
}

export const CODE_ALREADY_EXISTS = 'DA_TON_TAI'
