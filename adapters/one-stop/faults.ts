import type { FaultTable } from '../soap/outcome-of.js'
import { WSSE_FAULTS } from '../soap/security.js'

/** Closed for now, for maintenance, or too busy: said before anything is processed, as a fault or as a reply. */
const CLOSED = ['TAM_NGUNG', 'BAO_TRI', 'QUA_TAI']

/**
 * Faults of the one-stop system. Modelled: the security layer, schema validation and the maintenance switch answer before anything
 * is processed; every other fault may come from the middle of a write, so it is INDETERMINATE and inquired.
 */
export const ONE_STOP_FAULTS: FaultTable = {
  system: 'ONE_STOP',
  faultsBeforeProcessing: new Set([...WSSE_FAULTS, ...CLOSED]),
  rejections: {
    SAI_CAU_TRUC: {
      reason: 'Một cửa không nhận cấu trúc thông điệp: cần kiểm tra phiên bản hợp đồng (WSDL) đang dùng.',
      side: 'OURS',
    },
  },
  statusesBeforeProcessing: [429],
}

/** The same as MaLoi of a readable KetQua 0: "not processed, come again". */
export const SUSPENDED: ReadonlySet<string> = new Set(CLOSED)
/** MaLoi of "already exists"; the sentence itself is also known, for systems that give no code. */
const ALREADY_EXISTS = 'DA_TON_TAI'

export const saysAlreadyExists = (code: string | undefined, message: string | undefined): boolean =>
  code === ALREADY_EXISTS || (message ?? '').normalize('NFC').toLowerCase().includes('đã tồn tại')
