import { type FaultTable, WSSE_BEFORE } from '../soap/fault-table.js'

/**
 * Faults of the one-stop system. Modelled: the security layer, schema validation and the maintenance switch answer before anything
 * is processed; every other fault may come from the middle of a write, so it is INDETERMINATE and inquired. Closed or too busy is also said as MaLoi of a
 * readable KetQua 0.
 */
export const ONE_STOP_FAULTS: FaultTable = {
  system: 'ONE_STOP',
  beforeProcessing: {
    ...WSSE_BEFORE,
    TAM_NGUNG: { means: 'CLOSED', cause: 'Một cửa tạm ngưng nhận' },
    BAO_TRI: { means: 'CLOSED', cause: 'Một cửa đang bảo trì' },
    QUA_TAI: { means: 'BUSY', cause: 'Một cửa đang quá tải' },
  },
  rejections: {
    SAI_CAU_TRUC: {
      reason: 'Một cửa không nhận cấu trúc thông điệp: cần kiểm tra phiên bản hợp đồng (WSDL) đang dùng.',
      side: 'OURS',
    },
  },
  statusesBeforeProcessing: [429],
}

/** MaLoi of "already exists"; the sentence itself is also known, for systems that give no code. */
const ALREADY_EXISTS = 'DA_TON_TAI'

export const saysAlreadyExists = (code: string | undefined, message: string | undefined): boolean =>
  code === ALREADY_EXISTS || (message ?? '').normalize('NFC').toLowerCase().includes('đã tồn tại')
