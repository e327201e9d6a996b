import type { DeliveryOutcome, Sending } from '../../../src/ports/target-system.js'
import { type FaultTable, toldBefore, WSSE_BEFORE } from '../../soap/fault-table.js'
import type { KetQuaGhi, TraLoi } from './wire.js'

/**
 * Lỗi của Cổng và của nền tảng. A fault comes from the exchange platform, an `error_code` from the portal. Standing of each: `0`, `3` and
 * `-3` with "đã tồn tại" are read in public source code; the named codes are modelled; the platform's names are those of X-Road, where
 * deny-by-default and header checks come before the service is called. Failures of a proxy that may have passed the request on
 * (network, time-out, logging, signing of the reply) are not listed: they are INDETERMINATE.
 */
export const FAULTS: FaultTable = {
  system: 'PORTAL',
  beforeProcessing: {
    ...WSSE_BEFORE,
    'Client.MissingHeaderField': { means: 'WRONG_FORM' },
    'Client.DuplicateHeaderField': { means: 'WRONG_FORM' },
    'Client.InconsistentHeaders': { means: 'WRONG_FORM' },
    'Client.InvalidProtocolVersion': { means: 'WRONG_FORM' },
    'Server.ClientProxy.UnknownMember': { means: 'NO_SERVICE', cause: 'Trục kết nối không biết đơn vị được gọi hoặc đơn vị gọi' },
    'Server.ServerProxy.AccessDenied': {
      means: 'NO_RIGHT',
      cause: 'Cổng dịch vụ công chưa cho cổng liên thông gọi dịch vụ này trên trục kết nối; cần đề nghị quản trị bên đó cấp quyền',
    },
    'Server.ServerProxy.ServiceDisabled': { means: 'CLOSED', cause: 'Cổng dịch vụ công đã tạm tắt dịch vụ này trên trục kết nối' },
    'Server.ServerProxy.UnknownService': { means: 'NO_SERVICE', cause: 'Trục kết nối không có dịch vụ này của Cổng dịch vụ công' },
    // The portal's own, as error_code: an operator mends the session, a maintenance ends.
    TAM_NGUNG: { means: 'CLOSED', cause: 'Cổng dịch vụ công tạm thời không nhận' },
    SAI_PHIEN: { means: 'CREDENTIALS', cause: 'Cổng dịch vụ công không chấp nhận phiên làm việc của cổng liên thông' },
  },
  rejections: {},
  statusesBeforeProcessing: [429],
}

/** Our names of the portal's fields, for the one who mends a rejected dossier. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  MaHoSo: 'dossierCode',
  MaTTHC: 'dossier.procedureCode',
  KenhThucHien: 'dossier.channel',
  ChuHoSo: 'dossier.applicant.fullName',
  LoaiDoiTuong: 'dossier.applicant.kind',
  SoGiayToChuHoSo: 'dossier.applicant.idNumber',
  TrichYeuHoSo: 'dossier.summary',
  NgayTiepNhan: 'dossier.receivedAt',
  NgayHenTra: 'dueAt',
  NgayKetThucTheoQuyDinh: 'dueAt',
  TrangThaiHoSo: 'status',
  TrangThai: 'status',
  NgayTra: 'returnedAt',
  NgayKetThucXuLy: 'finishedAt',
  ThoiDiemXuLy: 'at',
  DonViXuLy: 'dossier.receivingUnit.name',
}

export type Verdict =
  | { readonly kind: 'DONE'; readonly row: KetQuaGhi | undefined }
  | { readonly kind: 'EXISTS'; readonly row: KetQuaGhi | undefined }
  | { readonly kind: 'REFUSED'; readonly outcome: DeliveryOutcome }

/** What a readable reply says, before the row is looked at. Any code that is not in the table is "processed and refused". */
export function verdictOf(reply: TraLoi<KetQuaGhi>): Verdict {
  const [row] = reply.result
  const code = reply.error_code.trim()
  const message = reply.message?.trim() ?? ''
  if (code === '0') return { kind: 'DONE', row }
  const exists = message.normalize('NFC').toLowerCase().includes('đã tồn tại')
  if (exists && (code === '3' || code === '-3')) return { kind: 'EXISTS', row }
  return { kind: 'REFUSED', outcome: refusalOf(code, message, row?.TruongLoi) }
}

/** A "done" that names another key is the answer to another write; with another digest they keep another content. */
export function otherThanSent({ idempotencyKey, digest }: Sending, row: KetQuaGhi | undefined): DeliveryOutcome | undefined {
  const theirs = row?.MaKiemTra?.trim()
  if (row?.MaGiaoDich?.trim() && row.MaGiaoDich.trim() !== idempotencyKey) {
    return { kind: 'INDETERMINATE', code: 'OTHER_KEY', cause: 'Trả lời của Cổng dịch vụ công mang mã giao dịch khác (MaGiaoDich).' }
  }
  if (theirs && theirs.toLowerCase() !== digest.toLowerCase())
    return {
      kind: 'CONFLICT',
      code: 'OTHER_CONTENT',
      theirs: `Cổng dịch vụ công giữ nội dung khác với nội dung đã gửi (MaKiemTra ${theirs}).`,
    }
  return undefined
}

export function refusalOf(code: string, message: string, theirField?: string): DeliveryOutcome {
  const early = toldBefore(FAULTS, code, `error_code ${code}`)
  if (early) return early
  const field = theirField && (FIELD_NAMES[theirField] ?? theirField)
  const reason = message || `Cổng dịch vụ công từ chối với mã lỗi ${code}.`
  return { kind: 'REJECTED', code, reason, ...(field ? { field } : {}) }
}
