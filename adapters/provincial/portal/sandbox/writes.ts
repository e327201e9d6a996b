import { liesAbout } from '../../../soap/twin/lie.js'
import type { TwinCall } from '../../../soap/twin/twin.js'
import { groupsOf, textOf, type WireObject } from '../../../soap/twin/wire-values.js'
import { checkFiles, keep } from './check-files.js'
import { tells } from './lookup.js'
import { type AcceptedDetail, apply, type Fields, findDossier, type KeptDossier, type PortalState } from './portal-state.js'
import { PortalRefusal } from './refusal.js'

type Call = TwinCall<PortalState>
type Row = Record<string, unknown>

/**
 * Thêm mới hoặc cập nhật một hồ sơ. Unless told to recognise duplicates, an insert of a known dossier is done once more: the
 * ledger shows the double.
 */
export function syncDossier(args: WireObject, call: Call): Row {
  const hoSo = onlyOne(args)
  const fields = fieldsOf(hoSo)
  checkDossier(fields)
  checkFiles(hoSo)
  const updating = flag(args)
  const code = fields.MaHoSo ?? ''
  const known = findDossier(call.state, code)
  if (updating && !known) throw new PortalRefusal('KHONG_CO_HO_SO', `Hồ sơ ${code} không tồn tại, không cập nhật được`, 'MaHoSo')
  if (call.settings.deduplicate === true && known && (!updating || known.fields.MaGiaoDich === fields.MaGiaoDich)) {
    throw new PortalRefusal('3', `Hồ sơ ${code} đã tồn tại`, undefined, identityOf(known.ref, known.fields, call))
  }
  const files = keep(hoSo, (list) => call.attachments(list, 'content'))
  const detail: AcceptedDetail = { ref: nextRef(call.state), updating, fields, files }
  accept('DongBoHoSoMC', detail, call)
  return {
    MaHoSo: code,
    MaTiepNhan: detail.ref,
    SoTep: String(files.length),
    Tep: files.map(({ id, kind }) => ({ TepDinhKemId: id, Loai: kind })),
  }
}

/** Ghi một bước xử lý. The dossier must be there first. */
export function addProgress(args: WireObject, call: Call): Row {
  const fields = fieldsOf(onlyOne(args))
  requireStatus(fields, 'TrangThai')
  requireInstant(fields, 'ThoiDiemXuLy')
  optionalInstant(fields, 'NgayBatDau')
  optionalInstant(fields, 'NgayKetThucTheoQuyDinh')
  const code = fields.MaHoSo ?? ''
  const known = findDossier(call.state, code)
  if (!known) throw new PortalRefusal('KHONG_CO_HO_SO', `Chưa có hồ sơ ${code}, không cập nhật được tiến độ`, 'MaHoSo')
  const repeated = call.settings.deduplicate === true ? stepOf(known, fields) : undefined
  if (repeated) {
    throw new PortalRefusal('-3', `Tiến độ của hồ sơ ${code} đã tồn tại`, undefined, identityOf(repeated.ref, repeated.fields, call))
  }
  const detail: AcceptedDetail = { ref: nextRef(call.state), updating: false, fields, files: [] }
  accept('CapNhatTienDoHoSoMC', detail, call)
  return { MaHoSo: code, MaTiepNhan: detail.ref }
}

function accept(operation: 'DongBoHoSoMC' | 'CapNhatTienDoHoSoMC', detail: AcceptedDetail, call: Call): void {
  const { MaHoSo: dossierCode = '', MaGiaoDich: key = '', MaKiemTra: digest = '', PhienBan: version = '' } = detail.fields
  if (liesAbout(call.settings, operation)) return void call.did('LIED', { operation, dossierCode, key })
  call.did('ACCEPTED', { type: 'ACCEPTED', operation, dossierCode, key, digest, version: Number(version), detail })
  apply(call.state, { operation, dossierCode, detail })
}

const stepOf = (known: KeptDossier, fields: Fields) => known.steps.find((step) => step.fields.MaGiaoDich === fields.MaGiaoDich)

const nextRef = (state: PortalState): string => `DVC${String(state.writes + 1).padStart(8, '0')}`

/** The refusal shows what it holds only as far as this portal answers inquiries. */
function identityOf(ref: string, fields: Fields, call: Call): Record<string, string> {
  if (!tells(call.settings, 'KEY_AND_DIGEST')) return {}
  return { MaTiepNhan: ref, MaGiaoDich: fields.MaGiaoDich ?? '', MaKiemTra: fields.MaKiemTra ?? '' }
}

function onlyOne(args: WireObject): WireObject {
  const [row, ...more] = groupsOf(args, 'data')
  if (!row || more.length > 0) throw new PortalRefusal('SAI_DU_LIEU', 'Mỗi lần chỉ nhận một bản ghi', 'data')
  return row
}

function flag(args: WireObject): boolean {
  const text = textOf(args, 'isUpdating')
  if (text !== 'True' && text !== 'False') throw new PortalRefusal('SAI_DU_LIEU', 'isUpdating phải là True hoặc False', 'isUpdating')
  return text === 'True'
}

/** The simple values of a record; files and their bytes are kept elsewhere. */
function fieldsOf(record: WireObject): Fields {
  const simple = Object.entries(record).filter(([, value]) => value === null || typeof value === 'string')
  const fields = Object.fromEntries(simple.map(([name]) => [name, textOf(record, name) ?? '']))
  if (!fields.MaHoSo) throw new PortalRefusal('SAI_DU_LIEU', 'Thiếu mã hồ sơ', 'MaHoSo')
  return fields
}

function checkDossier(fields: Fields): void {
  for (const field of ['MaTTHC', 'ChuHoSo', 'DonViXuLy']) {
    if (!fields[field]) throw new PortalRefusal('SAI_DU_LIEU', `Thiếu ${field}`, field)
  }
  if (!/^[123]$/.test(fields.KenhThucHien ?? '')) throw new PortalRefusal('SAI_DU_LIEU', 'KenhThucHien phải là 1, 2 hoặc 3', 'KenhThucHien')
  if (!/^[1234]$/.test(fields.LoaiDoiTuong ?? '')) throw new PortalRefusal('SAI_DU_LIEU', 'LoaiDoiTuong phải từ 1 đến 4', 'LoaiDoiTuong')
  requireStatus(fields, 'TrangThaiHoSo')
  for (const field of ['NgayTiepNhan', 'NgayHenTra']) requireInstant(fields, field)
  for (const field of ['NgayTra', 'NgayKetThucXuLy', 'NgayTuChoi', 'NgayNopHoSo']) optionalInstant(fields, field)
}

function requireStatus(fields: Fields, field: string): void {
  if (!/^([1-9]|10)$/.test(fields[field] ?? '')) throw new PortalRefusal('SAI_DU_LIEU', `${field} phải từ 1 đến 10`, field)
}

function requireInstant(fields: Fields, field: string): void {
  const match = /^(\d{4})(\d{2})(\d{2})([01]\d|2[0-3])[0-5]\d[0-5]\d$/.exec(fields[field] ?? '')
  const day = match && new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))
  const isDay = day && day.toISOString().slice(0, 10) === `${match[1]}-${match[2]}-${match[3]}`
  if (!isDay) throw new PortalRefusal('SAI_DU_LIEU', `${field} phải theo dạng yyyyMMddHHmmss`, field)
}

function optionalInstant(fields: Fields, field: string): void {
  if (fields[field]) requireInstant(fields, field)
}
