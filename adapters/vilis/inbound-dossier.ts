import { canonicalSerial } from '../../src/model/dossier-code.js'
import type { CertificateContent, Channel, PartyContent, PartyKind } from '../../src/model/dossier-content.js'
import type { DossierClaim, InboundPayload, ParcelClaim } from '../../src/model/inbound.js'
import { localDate } from '../soap/wire-time.js'
import { takeFiles } from './inbound-files.js'
import type { ReadContext } from './read-context.js'
import type { WireFields } from './wire-fields.js'

const PARTY_KINDS: Readonly<Record<string, PartyKind>> = { '1': 'CITIZEN', '2': 'ENTERPRISE', '3': 'STATE_BODY', '4': 'ORGANISATION' }
const CHANNELS: Readonly<Record<string, Channel>> = { '1': 'DIRECT', '2': 'ONLINE', '3': 'POST' }

/**
 * TiepNhanHoSoChoMotCua: a dossier that the branch took in at its own desk. The national procedure code counts where ViLIS knows
 * it; else its process is mapped back. A code of theirs without a mapping stays marked (`codes.ts`), and the inbox refuses it by name.
 */
export async function readDossier(fields: WireFields, code: string, context: ReadContext): Promise<InboundPayload> {
  const { codes, zones } = context
  const receivedAt = fields.instant('NgayTiepNhan', zones)
  const dueAt = fields.instant('NgayHenTra', zones)
  const onDate = localDate(receivedAt, zones.LOCAL)
  const unitName = fields.optional('TenXa')
  const officer = fields.optional('NguoiTiepNhan')
  const procedure = fields.optional('MaThuTuc')
  const parcels: ParcelClaim[] = []
  for (const parcel of fields.list('DanhSachThuaDat', 'ThuaDat')) parcels.push(await readParcel(parcel, onDate, context))
  const dossier: DossierClaim = {
    code,
    version: fields.count('PhienBan', 1),
    procedureCode: procedure ?? (await codes.ourProcedure(fields.required('MaQuyTrinh'), onDate)),
    receivingUnit: {
      code: await codes.ourCommune(fields.required('XaId'), onDate),
      ...(unitName !== undefined && { name: unitName }),
    },
    channel: fields.choice('KenhNop', CHANNELS, 'DIRECT'),
    applicant: readApplicant(fields.group('ThongTinNguoiNopDon')),
    summary: fields.remark('TrichYeu'),
    receivedAt,
    dueAt,
    receivedBy: officer === undefined ? '' : await codes.ourUser(officer, onDate),
    parcels,
    certificates: fields.list('DanhSachGiayChungNhan', 'GiayChungNhan').map(readCertificate),
    documents: await takeFiles(fields.list('DanhSachGiayToDinhKem', 'TapTin'), context.keepDocument),
  }
  return { kind: 'DOSSIER', dossier }
}

function readApplicant(fields: WireFields): PartyContent {
  const idNumber = fields.optional('SoChungMinh')
  const phone = fields.optional('SoDienThoai')
  const email = fields.optional('Email')
  const address = fields.optional('DiaChiChiTiet')
  return {
    kind: fields.choice('LoaiDoiTuong', PARTY_KINDS),
    fullName: fields.required('HoTen'),
    ...(idNumber !== undefined && { idNumber }),
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
    ...(address !== undefined && { address }),
  }
}

async function readParcel(fields: WireFields, onDate: string, { codes }: ReadContext): Promise<ParcelClaim> {
  const areaM2 = fields.optionalDecimal('DienTich')
  const address = fields.optional('DiaChiChiTiet')
  return {
    mapSheetNumber: fields.required('SoHieuBanDo'),
    parcelNumber: fields.required('SoThuTuThua'),
    unit: { code: await codes.ourCommune(fields.required('XaId'), onDate) },
    ...(areaM2 !== undefined && { areaM2 }),
    ...(address !== undefined && { address }),
  }
}

function readCertificate(fields: WireFields): CertificateContent {
  const registerNumber = fields.optional('SoVaoSo')
  const serialNumber =
    canonicalSerial(fields.required('SoPhatHanh')) ?? fields.fail('SoPhatHanh', 'không phải là số phát hành giấy chứng nhận')
  return { serialNumber, ...(registerNumber !== undefined && { registerNumber }) }
}
