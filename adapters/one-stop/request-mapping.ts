import type { DocumentContent, DossierContent, TaxNoticeContent } from '../../src/model/dossier-content.js'
import { type DossierStatus, describeStatus } from '../../src/model/dossier-status.js'
import type { TransferBody } from '../../src/model/transfer-body.js'
import type { ReadDocument } from '../../src/ports/documents.js'
import type { NotSent, Sending } from '../../src/ports/target-system.js'
import { formatOffsetInstant } from '../soap/wire-time.js'
import { documentsToWire, type SizeLimits } from './attachments.js'
import { CHANNEL_NUMBERS, PARTY_NUMBERS, WRITE_NAMES } from './codes.js'

/** What a write needs beside the frozen body. */
export interface RequestContext {
  readonly timeZone: string
  readonly limits: SizeLimits
  readonly readDocument: ReadDocument
}

/** One write ready to be serialised by the WSDL's types, or the reason why it cannot be sent. */
export type PreparedRequest = { readonly kind: 'REQUEST'; readonly name: string; readonly value: Record<string, unknown> } | NotSent

/**
 * Frozen body → the write's wire form. The one-stop system is the source of our codes, so no code is mapped here. Each write says
 * its key (MaGiaoDich), digest (MaKiemTra), dossier, version of the unified dossier (PhienBan) and instant of the event.
 */
export async function requestOf(sending: Sending, context: RequestContext): Promise<PreparedRequest> {
  try {
    return await mapped(sending, context)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { kind: 'NOT_SENT', code: 'BODY_INVALID', reason: 'Nội dung có ngày giờ không đọc được, chưa gửi một cửa.' }
  }
}

/** Throws a RangeError for an instant that is none. */
async function mapped(sending: Sending, context: RequestContext): Promise<PreparedRequest> {
  const { body } = sending
  const instant = (iso: string) => formatOffsetInstant(iso, context.timeZone)
  const common = {
    MaGiaoDich: sending.idempotencyKey,
    MaKiemTra: sending.digest,
    MaHoSo: body.dossierCode,
    PhienBan: body.dossierVersion,
    ThoiDiem: instant(body.at),
  }
  switch (body.operation) {
    case 'REGISTER': {
      const documents = await documentList(body.dossier.documents, context)
      if ('kind' in documents) return documents
      return request('REGISTER', { ...common, HoSo: dossierToWire(body.dossier, body.status, documents, instant) })
    }
    case 'POST_SUPPLEMENT': {
      const documents = await documentList(body.documents, context)
      if ('kind' in documents) return documents
      const supplement = { LanBoSung: body.supplementNo, NgayBoSung: common.ThoiDiem, GhiChu: body.note, DanhSachGiayTo: documents }
      return request('POST_SUPPLEMENT', { ...common, BoSung: supplement })
    }
    case 'UPDATE_STATUS':
      return request('UPDATE_STATUS', {
        ...common,
        ...statusFields(body.status),
        NgayHenTra: instant(body.dueAt),
        NguoiXuLy: body.officer,
        NoiDung: body.note,
      })
    case 'POST_TAX_NOTICES':
      return request('POST_TAX_NOTICES', { ...common, DanhSachThongBaoThue: { ThongBaoThue: body.notices.map(taxNoticeToWire) } })
    case 'POST_RESULT': {
      const documents = await documentList(body.documents, context)
      if ('kind' in documents) return documents
      return request('POST_RESULT', { ...common, ...statusFields(body.status), GhiChu: body.note, DanhSachGiayTo: documents })
    }
    default:
      return foreignOperation(body)
  }
}

const request = (operation: keyof typeof WRITE_NAMES, value: Record<string, unknown>): PreparedRequest => ({
  kind: 'REQUEST',
  name: WRITE_NAMES[operation],
  value,
})

const documentList = (documents: readonly DocumentContent[], context: RequestContext) =>
  documentsToWire(documents, context.readDocument, context.limits)

const foreignOperation = (body: TransferBody): NotSent => ({
  kind: 'NOT_SENT',
  code: 'BODY_INVALID',
  reason: `Nghiệp vụ ${body.operation} không phải của hệ thống một cửa.`,
  field: 'operation',
})

/** Trạng thái goes as two fields, the national number and its name. */
const statusFields = (status: DossierStatus): { MaTrangThai: number; TenTrangThai: string } => {
  const { code, vi } = describeStatus(status)
  return { MaTrangThai: code, TenTrangThai: vi }
}

const taxNoticeToWire = (notice: TaxNoticeContent): Record<string, unknown> => ({
  SoThongBao: notice.noticeNumber,
  LoaiThue: notice.taxKind,
  NguoiNop: notice.payerName,
  SoTien: notice.amountVnd,
  DuongDan: notice.documentUrl,
})

function dossierToWire(
  dossier: DossierContent,
  status: DossierStatus,
  documents: unknown,
  instant: (iso: string) => string,
): Record<string, unknown> {
  return {
    MaHoSo: dossier.code,
    PhienBan: dossier.version,
    MaThuTuc: dossier.procedureCode,
    TenThuTuc: dossier.procedureName,
    MaDonViTiepNhan: dossier.receivingUnit.code,
    TenDonViTiepNhan: dossier.receivingUnit.name,
    KenhThucHien: CHANNEL_NUMBERS[dossier.channel],
    ChuHoSo: {
      LoaiDoiTuong: PARTY_NUMBERS[dossier.applicant.kind],
      HoTen: dossier.applicant.fullName,
      SoGiayTo: dossier.applicant.idNumber,
      SoDienThoai: dossier.applicant.phone,
      Email: dossier.applicant.email,
      DiaChi: dossier.applicant.address,
    },
    TrichYeuHoSo: dossier.summary,
    NgayTiepNhan: instant(dossier.receivedAt),
    NgayHenTra: instant(dossier.dueAt),
    NguoiTiepNhan: dossier.receivedBy,
    ...statusFields(status),
    DanhSachThuaDat: {
      ThuaDat: dossier.parcels.map((parcel) => ({
        SoHieuBanDo: parcel.mapSheetNumber,
        SoThuTuThua: parcel.parcelNumber,
        MaXa: parcel.unit.code,
        TenXa: parcel.unit.name,
        DienTich: parcel.areaM2,
        DiaChi: parcel.address,
      })),
    },
    DanhSachGiayChungNhan: {
      GiayChungNhan: dossier.certificates.map((certificate) => ({
        SoPhatHanh: certificate.serialNumber,
        SoVaoSo: certificate.registerNumber,
      })),
    },
    DanhSachGiayTo: documents,
  }
}
