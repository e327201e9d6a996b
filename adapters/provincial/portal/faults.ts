import type { DeliveryOutcome, Sending } from '../../../src/ports/target-system.js'
import type { FaultTable } from '../../soap/outcome-of.js'
import { WSSE_FAULTS } from '../../soap/security.js'
import type { KetQuaGhi, TraLoi } from './wire.js'

/**
 * Lỗi của Cổng và của nền tảng. A fault comes from the exchange platform, an `error_code` from the portal. Standing of each: `0`, `3` and
 * `-3` with "đã tồn tại" are read in public source code; the named codes are modelled; the platform's names are those of X-Road, where
 * deny-by-default and header checks come before the service is called. Failures of a proxy that may have passed the request on
 * (network, time-out, logging, signing of the reply) are not listed: they are INDETERMINATE.
 */
export const FAULTS: FaultTable = {
  system: 'PORTAL',
  faultsBeforeProcessing: new Set([
    ...WSSE_FAULTS,
    'Client.MissingHeaderField',
    'Client.DuplicateHeaderField',
    'Client.InconsistentHeaders',
    'Client.InvalidProtocolVersion',
    'Server.ClientProxy.UnknownMember',
    'Server.ServerProxy.AccessDenied',
    'Server.ServerProxy.ServiceDisabled',
    'Server.ServerProxy.UnknownService',
  ]),
  rejections: {},
  statusesBeforeProcessing: [429],
}

/** Codes given before a write is looked at; an operator mends the session, a maintenance ends. */
const BEFORE_PROCESSING: Readonly<Record<string, string>> = {
  TAM_NGUNG: 'Cổng dịch vụ công tạm thời không nhận',
  SAI_PHIEN: 'Cổng dịch vụ công không chấp nhận phiên làm việc của cổng liên thông',
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
  if (Object.hasOwn(BEFORE_PROCESSING, code))
    return { kind: 'UNAVAILABLE', code, cause: `${BEFORE_PROCESSING[code]} (error_code ${code}).` }
  const field = theirField && (FIELD_NAMES[theirField] ?? theirField)
  const reason = message || `Cổng dịch vụ công từ chối với mã lỗi ${code}.`
  return { kind: 'REJECTED', code, reason, ...(field ? { field } : {}) }
}
