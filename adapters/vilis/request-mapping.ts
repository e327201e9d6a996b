import type { Channel, DocumentContent, DossierContent, PartyContent, PartyKind } from '../../src/model/dossier-content.js'
import type { ConfirmReturnBody, ReceiveBody, SupplementBody, WithdrawBody } from '../../src/model/transfer-body.js'
import type { ReadDocument } from '../../src/ports/documents.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type { Sending } from '../../src/ports/target-system.js'
import { formatOffsetInstant, localDate } from '../soap/wire-time.js'
import { wireFiles } from './attachments.js'
import type { Codes } from './codes.js'
import { NotSendable } from './not-sendable.js'

/** The frozen business body in ViLIS's words. Every instant goes out with the offset of the site's zone. */
export interface RequestContext {
  readonly settings: Pick<SystemSettings, 'timeZone' | 'maxAttachmentBytes' | 'maxRequestBytes'>
  readonly codes: Codes
  readonly readDocument: ReadDocument
}

export type VilisBody = ReceiveBody | SupplementBody | WithdrawBody | ConfirmReturnBody

export const WIRE_OPERATIONS = {
  RECEIVE: 'TiepNhanHoSo',
  SUPPLEMENT: 'BoSungHoSo',
  WITHDRAW: 'RutHoSo',
  CONFIRM_RETURN: 'XacNhanTraKetQua',
} as const satisfies Record<VilisBody['operation'], string>

export type WireOperation = (typeof WIRE_OPERATIONS)[keyof typeof WIRE_OPERATIONS]

export interface WireRequest {
  readonly operation: WireOperation
  readonly fields: Record<string, unknown>
}

const PARTY_CODES: Record<PartyKind, string> = { CITIZEN: '1', ENTERPRISE: '2', STATE_BODY: '3', ORGANISATION: '4' }
const CHANNEL_CODES: Record<Channel, string> = { DIRECT: '1', ONLINE: '2', POST: '3' }

/** Null when the body is of an operation of another system. */
export function vilisBody(sending: Sending): VilisBody | null {
  const { body } = sending
  return body.operation in WIRE_OPERATIONS ? (body as VilisBody) : null
}

/** Throws {@link NotSendable} when a mapping or a file is missing, or a value is none. */
export async function toWireRequest(sending: Sending, body: VilisBody, context: RequestContext): Promise<WireRequest> {
  const write = {
    MaGiaoDich: sending.idempotencyKey,
    MaKiemTra: sending.digest,
    SoBienNhan: sending.dossierCode,
    PhienBan: body.dossierVersion,
  }
  return { operation: WIRE_OPERATIONS[body.operation], fields: { ...write, ...(await businessFields(body, context)) } }
}

async function businessFields(body: VilisBody, context: RequestContext): Promise<Record<string, unknown>> {
  switch (body.operation) {
    case 'RECEIVE':
      return receive(body.dossier, context)
    case 'SUPPLEMENT':
      return {
        LanBoSung: body.supplementNo,
        NgayBoSung: wireTime(body.at, 'at', context),
        ...(body.newDueAt !== undefined && { NgayHenTraMoi: wireTime(body.newDueAt, 'newDueAt', context) }),
        GhiChu: body.note,
        ...(await files(body.documents, 'DanhSachGiayToBoSung', context)),
      }
    case 'WITHDRAW':
      return { NgayRut: wireTime(body.at, 'at', context), LyDo: body.reason }
    case 'CONFIRM_RETURN':
      return { NgayTra: wireTime(body.at, 'at', context), HinhThucTra: body.method === 'POST' ? '1' : '0', GhiChu: body.note }
  }
}

async function receive(dossier: DossierContent, context: RequestContext): Promise<Record<string, unknown>> {
  const { codes } = context
  const receivedOn = wireDay(dossier.receivedAt, context)
  const parcels = []
  for (const parcel of dossier.parcels) {
    parcels.push({
      XaId: await codes.commune(parcel.unit, receivedOn),
      SoHieuBanDo: parcel.mapSheetNumber,
      SoThuTuThua: parcel.parcelNumber,
      ...(parcel.areaM2 !== undefined && { DienTich: parcel.areaM2 }),
      ...(parcel.address !== undefined && { DiaChiChiTiet: parcel.address }),
    })
  }
  const place = dossier.parcels[0]?.address
  return {
    MaHoSoMotCua: dossier.code,
    LaQuyTrinhCapTinh: false,
    XaId: await codes.commune(dossier.receivingUnit, receivedOn),
    KenhNop: CHANNEL_CODES[dossier.channel],
    NguoiTiepNhan: await codes.account(dossier.receivedBy, receivedOn),
    NgayTiepNhan: wireTime(dossier.receivedAt, 'dossier.receivedAt', context),
    NgayHenTra: wireTime(dossier.dueAt, 'dossier.dueAt', context),
    TrichYeu: dossier.summary,
    ...(place !== undefined && { DiaChiTaiSan: place }),
    ThongTinNguoiNopDon: applicant(dossier.applicant),
    ThongTinQuyTrinh: { MaQuyTrinh: await codes.process(dossier.procedureCode, receivedOn), TenQuyTrinh: dossier.procedureName },
    MaThuTuc: dossier.procedureCode,
    ...(parcels.length > 0 && { ThongTinThuaDat: { ThuaDat: parcels } }),
    ...(dossier.certificates.length > 0 && {
      DanhSachGiayChungNhan: {
        GiayChungNhan: dossier.certificates.map(({ serialNumber, registerNumber }) => ({
          SoPhatHanh: serialNumber,
          ...(registerNumber !== undefined && { SoVaoSo: registerNumber }),
        })),
      },
    }),
    ...(await files(dossier.documents, 'DanhSachGiayToDinhKem', context)),
  }
}

const applicant = (party: PartyContent): Record<string, unknown> => ({
  HoTen: party.fullName,
  LoaiDoiTuong: PARTY_CODES[party.kind],
  ...(party.idNumber !== undefined && { SoChungMinh: party.idNumber }),
  ...(party.address !== undefined && { DiaChiChiTiet: party.address }),
  ...(party.phone !== undefined && { SoDienThoai: party.phone }),
  ...(party.email !== undefined && { Email: party.email }),
})

async function files(documents: readonly DocumentContent[], list: string, context: RequestContext): Promise<Record<string, unknown>> {
  const wire = await wireFiles(documents, context.readDocument, context.settings)
  return { BangKe: wire.manifest, ...(wire.files.length > 0 && { [list]: { GiayTo: wire.files } }) }
}

function wireTime(iso: string, field: string, { settings }: RequestContext): string {
  if (Number.isNaN(Date.parse(iso))) throw new NotSendable('BODY_INVALID', `Thời điểm ở trường ${field} không đọc được.`, field)
  return formatOffsetInstant(iso, settings.timeZone)
}

function wireDay(iso: string, { settings }: RequestContext): string {
  if (Number.isNaN(Date.parse(iso))) {
    throw new NotSendable('BODY_INVALID', 'Thời điểm ở trường dossier.receivedAt không đọc được.', 'dossier.receivedAt')
  }
  return localDate(iso, settings.timeZone)
}
