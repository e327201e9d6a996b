import type { FaultTable } from '../soap/outcome-of.js'
import { WSSE_FAULTS } from '../soap/security.js'

/**
 * What is known of ViLIS's faults (modelled). Only these are raised before anything is processed: the security layer's, and the
 * two by which the service says that it is closed. All others leave open what happened: the adapter's answer is INDETERMINATE,
 * and the dossier is inquired before anything is sent again.
 */
export const VILIS_FAULTS: FaultTable = {
  faultsBeforeProcessing: new Set([...WSSE_FAULTS, 'TAM_NGUNG', 'BAO_TRI', 'VersionMismatch', 'MustUnderstand']),
  rejections: {
    SAI_LUOC_DO: { reason: 'ViLIS không chấp nhận cấu trúc thông điệp.' },
    KHONG_CO_QUYEN: { reason: 'Tài khoản liên thông không có quyền gọi nghiệp vụ này ở ViLIS.' },
  },
  statusesBeforeProcessing: [429],
}

/** MaLoi of a readable reply that means "not now" and is given before processing; every other code is a refusal. */
export const CODES_BEFORE_PROCESSING: ReadonlySet<string> = new Set(['TAM_NGUNG', 'BAO_TRI'])

export const CODE_ALREADY_EXISTS = 'DA_TON_TAI'
