import type { FaultTable } from '../soap/outcome-of.js'
import { WSSE_FAULTS } from '../soap/security.js'

/**
 * Our account lacks the right to this operation. Rights are asked before anything is processed, and it is our agreement with ViLIS that is to be
 * mended, not one dossier after the other: so it is retried on schedule, and once the right is granted everything flows. ViLIS itself is well: the
 * other operations go on meanwhile.
 */
export const CODE_NO_RIGHT = 'KHONG_CO_QUYEN'
const NO_RIGHT = 'Tài khoản liên thông chưa có quyền gọi nghiệp vụ này; cần đề nghị quản trị ViLIS cấp quyền'

/**
 * What is known of ViLIS's faults (modelled). Only these are raised before anything is processed: the security layer's, the one of a
 * missing right, and the two by which the service says that it is closed. All others leave open what happened: the adapter's answer is
 * INDETERMINATE, and the dossier is inquired before anything is sent again.
 */
export const VILIS_FAULTS: FaultTable = {
  system: 'VILIS',
  faultsBeforeProcessing: new Set([...WSSE_FAULTS, CODE_NO_RIGHT, 'TAM_NGUNG', 'BAO_TRI', 'VersionMismatch', 'MustUnderstand']),
  faultsOfOneOperation: new Set([CODE_NO_RIGHT]),
  causes: { [CODE_NO_RIGHT]: NO_RIGHT },
  rejections: {
    // What we send is held against the contract that we have first: theirs is another one.
    SAI_LUOC_DO: { reason: 'ViLIS không chấp nhận cấu trúc thông điệp.', side: 'OURS' },
  },
  statusesBeforeProcessing: [429],
}

/** MaLoi of a readable reply that is given before processing, with what there is to say about it; every other code is a refusal. */
export const CAUSES_BEFORE_PROCESSING: Readonly<Record<string, string>> = {
  TAM_NGUNG: 'ViLIS tạm ngưng nhận',
  BAO_TRI: 'ViLIS đang bảo trì',
  [CODE_NO_RIGHT]: NO_RIGHT,
}

export const CODE_ALREADY_EXISTS = 'DA_TON_TAI'
