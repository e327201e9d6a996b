import { canonicalSerial } from '../../src/model/dossier-code.js'
import { statusOfNationalCode } from '../../src/model/dossier-status.js'
import type { DossierClaim, InboundChannel, InboundMessage, InboundPayload } from '../../src/model/inbound.js'
import type { KeepDocument } from '../../src/ports/documents.js'
import { parseWireInstant } from '../soap/wire-time.js'
import { documentsFromWire, WireRefused } from './attachments.js'
import { CHANNEL_NUMBERS, keyOfNumber, PARTY_NUMBERS, RETURN_METHODS } from './codes.js'
import type { WireChange, WireDossier, WireSupplement } from './wire-types.js'

export interface InboundContext {
  readonly timeZone: string
  readonly maxAttachmentBytes: number
  readonly keepDocument: KeepDocument
}

/**
 * One change of the one-stop system, polled or pushed, in our own words. Throws {@link WireRefused} for what cannot be meant: an
 * unreadable date or one before 1990, a number outside its list, a manifest that does not fit the files. Whether the codes exist
 * (dossier, procedure, commune) is the inbox's to judge.
 */
export async function messageOf(
  change: WireChange,
  context: InboundContext,
  sender: { channel: InboundChannel; operation: string; raw: string; correlationId: string },
): Promise<InboundMessage> {
  const payload = await payloadOf(change, context)
  const dossierCode = change.MaHoSo ?? change.HoSo?.MaHoSo
  if (dossierCode === undefined) throw new WireRefused('THIEU_TRUONG', 'Thiếu mã hồ sơ.', 'MaHoSo')
  if (change.HoSo !== undefined && change.HoSo.MaHoSo !== dossierCode) {
    throw new WireRefused('SAI_DU_LIEU', 'Mã hồ sơ trong nội dung khác mã hồ sơ của thay đổi.', 'HoSo.MaHoSo')
  }
  const causedByKey = change.MaGiaoDichGoc?.trim()
  return {
    source: 'ONE_STOP',
    channel: sender.channel,
    operation: sender.operation,
    // A blank id is none: else every change without one would count as the same.
    ...optional('externalEventId', change.MaSuKien.trim()),
    dossierCode,
    eventAt: instantOf(change.ThoiDiem, 'ThoiDiem', context),
    ...(causedByKey ? { causedByKey } : {}),
    payload,
    raw: sender.raw,
    correlationId: sender.correlationId,
  }
}

async function payloadOf(change: WireChange, context: InboundContext): Promise<InboundPayload> {
  const parts = [change.HoSo, change.BoSung, change.RutHoSo, change.TraKetQua].filter((part) => part !== undefined)
  if (parts.length !== 1) throw new WireRefused('SAI_DU_LIEU', 'Một thay đổi phải có đúng một nội dung.', 'LoaiThayDoi')
  if (change.LoaiThayDoi !== undefined && !(change.LoaiThayDoi in change)) {
    throw new WireRefused('SAI_DU_LIEU', 'Loại thay đổi không khớp với nội dung.', 'LoaiThayDoi')
  }
  if (change.HoSo) return { kind: 'DOSSIER', dossier: await dossierOf(change.HoSo, context) }
  if (change.BoSung) return supplementOf(change.BoSung, context)
  if (change.RutHoSo) {
    instantOf(change.RutHoSo.NgayRut, 'RutHoSo.NgayRut', context)
    return { kind: 'WITHDRAWN', reason: change.RutHoSo.LyDo }
  }
  const handedOut = change.TraKetQua as NonNullable<WireChange['TraKetQua']>
  instantOf(handedOut.NgayTra, 'TraKetQua.NgayTra', context)
  const method = numbered(RETURN_METHODS, handedOut.HinhThuc, 'TraKetQua.HinhThuc', 'Hình thức trả')
  return { kind: 'RESULT_RETURNED', method, note: handedOut.GhiChu ?? '' }
}

async function supplementOf(supplement: WireSupplement, context: InboundContext): Promise<InboundPayload> {
  if (supplement.LanBoSung < 1) throw new WireRefused('SAI_DU_LIEU', 'Lần bổ sung tính từ 1.', 'BoSung.LanBoSung')
  instantOf(supplement.NgayBoSung, 'BoSung.NgayBoSung', context)
  const newDueAt = written(supplement.NgayHenTraMoi)
  return {
    kind: 'SUPPLEMENT_HANDED_IN',
    supplementNo: supplement.LanBoSung,
    note: supplement.GhiChu ?? '',
    ...(newDueAt === undefined ? {} : { newDueAt: instantOf(newDueAt, 'BoSung.NgayHenTraMoi', context) }),
    documents: await documentsFromWire(
      supplement.DanhSachGiayTo,
      'BoSung.DanhSachGiayTo',
      context.keepDocument,
      context.maxAttachmentBytes,
    ),
  }
}

async function dossierOf(dossier: WireDossier, context: InboundContext): Promise<DossierClaim> {
  if (dossier.PhienBan < 1) throw new WireRefused('SAI_DU_LIEU', 'Phiên bản hồ sơ tính từ 1.', 'HoSo.PhienBan')
  const status = statusOfNationalCode(dossier.MaTrangThai)
  if (!status) throw new WireRefused('SAI_DU_LIEU', 'Mã trạng thái không có trong danh mục 1 đến 10.', 'HoSo.MaTrangThai')
  const claim = {
    code: dossier.MaHoSo,
    version: dossier.PhienBan,
    procedureCode: dossier.MaThuTuc,
    receivingUnit: unitOf(dossier.MaDonViTiepNhan, dossier.TenDonViTiepNhan),
    channel: numbered(CHANNEL_NUMBERS, dossier.KenhThucHien, 'HoSo.KenhThucHien', 'Kênh thực hiện'),
    applicant: applicantOf(dossier.ChuHoSo),
    summary: dossier.TrichYeuHoSo,
    receivedAt: instantOf(dossier.NgayTiepNhan, 'HoSo.NgayTiepNhan', context),
    dueAt: instantOf(dossier.NgayHenTra, 'HoSo.NgayHenTra', context),
    receivedBy: dossier.NguoiTiepNhan,
    parcels: dossier.DanhSachThuaDat.ThuaDat.map(parcelOf),
    certificates: dossier.DanhSachGiayChungNhan.GiayChungNhan.map((certificate) => ({
      // What is no serial is passed on as written: the inbox names it to the officer.
      serialNumber: canonicalSerial(certificate.SoPhatHanh) ?? certificate.SoPhatHanh,
      ...optional('registerNumber', certificate.SoVaoSo),
    })),
    status,
  }
  // Bytes are kept last: what is refused above leaves none behind.
  const path = 'HoSo.DanhSachGiayTo'
  return { ...claim, documents: await documentsFromWire(dossier.DanhSachGiayTo, path, context.keepDocument, context.maxAttachmentBytes) }
}

const applicantOf = (applicant: WireDossier['ChuHoSo']): DossierClaim['applicant'] => ({
  kind: numbered(PARTY_NUMBERS, applicant.LoaiDoiTuong, 'HoSo.ChuHoSo.LoaiDoiTuong', 'Loại đối tượng'),
  fullName: applicant.HoTen,
  ...optional('idNumber', applicant.SoGiayTo),
  ...optional('phone', applicant.SoDienThoai),
  ...optional('email', applicant.Email),
  ...optional('address', applicant.DiaChi),
})

const parcelOf = (parcel: WireDossier['DanhSachThuaDat']['ThuaDat'][number]): DossierClaim['parcels'][number] => ({
  mapSheetNumber: parcel.SoHieuBanDo,
  parcelNumber: parcel.SoThuTuThua,
  unit: unitOf(parcel.MaXa, parcel.TenXa),
  ...optional('areaM2', parcel.DienTich),
  ...optional('address', parcel.DiaChi),
})

const unitOf = (code: string, name: string | undefined): { code: string; name?: string } => ({ code, ...optional('name', name) })

/** An empty element says the same as an absent one. */
const written = (value: string | undefined): string | undefined => (value === undefined || value.trim() === '' ? undefined : value)

const optional = <Key extends string>(key: Key, value: string | undefined): { [name in Key]?: string } =>
  (written(value) === undefined ? {} : { [key]: value }) as { [name in Key]?: string }

function numbered<Key extends string>(table: Readonly<Record<Key, number>>, number: number, field: string, what: string): Key {
  const key = keyOfNumber(table, number)
  if (key === undefined) throw new WireRefused('SAI_DU_LIEU', `${what} không có trong danh mục.`, field)
  return key
}

function instantOf(text: string, field: string, context: InboundContext): string {
  const instant = parseWireInstant(text, context.timeZone)
  if (instant === null) throw new WireRefused('SAI_NGAY', 'Ngày giờ không đọc được hoặc trước năm 1990.', field)
  return instant
}
