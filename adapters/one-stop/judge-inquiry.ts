import { procedureKey } from '../../src/model/dossier-code.js'
import { nationalCode } from '../../src/model/dossier-status.js'
import type { JudgementCode } from '../../src/model/failure-code.js'
import type { InquiryAnswer, InquiryStrength, Sending } from '../../src/ports/target-system.js'
import { parseWireInstant } from '../soap/wire-time.js'
import { type OneStopOperation, WRITE_NAMES } from './codes.js'
import { fileKeys, filesOf } from './judge-reply.js'
import type { WireFileList, WireInquiryReply, WireTaxNotice, WireWrittenEntry } from './wire-types.js'

/**
 * What TraCuuHoSo says about one write. A write other than REGISTER is looked for among the writes that they list, never concluded
 * from the dossier's existence: by key and digest, or by its kind and the instant of its event with its fields, or by kind and
 * instant alone. Where they keep no such list the answer is UNKNOWN. Adopting a history, a write that is not listed is compared with the
 * dossier as it stands there.
 */
export function judgeInquiry(reply: WireInquiryReply, sending: Sending, strength: InquiryStrength, timeZone: string): InquiryAnswer {
  const operation = sending.operation as OneStopOperation
  if (reply.MaHoSo.trim() !== sending.dossierCode)
    return unknown('OTHER_DOSSIER', 'Trả lời tra cứu của một cửa là của hồ sơ khác (MaHoSo).')
  if (!reply.TonTai) return { kind: 'ABSENT' }
  if (strength === 'KEY_AND_DIGEST') return byKey(reply, sending, operation)
  if (operation === 'REGISTER') return strength === 'EXISTS' ? { kind: 'SAME' } : registeredFields(reply, sending, timeZone)
  const entries = reply.DanhSachGiaoDich?.GiaoDich
  if (!entries) return unknown('UNTOLD', 'Một cửa không cho biết các giao dịch đã nhận (DanhSachGiaoDich).')
  const at = Date.parse(sending.body.at)
  const ofKind = entries.filter((entry) => entry.NghiepVu === WRITE_NAMES[operation])
  const found = ofKind.filter((entry) => instant(entry.ThoiDiem, timeZone) === at)
  if (found.length === 0 && sending.adopting) return presentState(reply, sending, timeZone)
  if (found.length === 0) {
    const mayBeOurs = ofKind.some((entry) => !(Math.abs(instant(entry.ThoiDiem, timeZone) - at) >= 1000))
    return mayBeOurs
      ? unknown('NOT_COMPARABLE', 'Một cửa có giao dịch cùng loại nhưng thời điểm bị làm tròn hoặc không đọc được (ThoiDiem).')
      : { kind: 'ABSENT' }
  }
  if (strength === 'EXISTS') return same(found[0])
  const differing = differingFields(reply, sending, found, timeZone)
  if (differing === undefined) return unknown('UNTOLD', 'Một cửa không cho biết nội dung của giao dịch này (GiaoDich).')
  return differing.length === 0 ? same(found[0]) : different(differing)
}

const unknown = (code: JudgementCode, cause: string): InquiryAnswer => ({ kind: 'UNKNOWN', code, cause })
const different = (fields: readonly string[]): InquiryAnswer => ({
  kind: 'DIFFERENT',
  code: 'OTHER_FIELDS',
  field: fields.join(','),
  theirs: `Một cửa giữ nội dung khác (${fields.join(', ')}).`,
})

const OTHER_FILES: InquiryAnswer = { kind: 'DIFFERENT', code: 'OTHER_FILES', theirs: 'Một cửa giữ nội dung khác (DanhSachTapTin).' }

const same = (entry: WireWrittenEntry | undefined): InquiryAnswer => {
  const externalRef = entry?.MaTiepNhan?.trim()
  return { kind: 'SAME', ...(externalRef ? { externalRef } : {}) }
}

/** The effect of a write as far as the dossier shows it now: status and due date, notices, or result files. */
function presentState(reply: WireInquiryReply, sending: Sending, timeZone: string): InquiryAnswer {
  const { HienTrang: theirs } = reply
  if (!theirs) return unknown('UNTOLD', 'Một cửa không cho biết nội dung hồ sơ (HienTrang).')
  if (sending.body.operation === 'POST_SUPPLEMENT') {
    const differing = supplementFields(reply, sending.body.supplementNo, filesOf(sending))
    if (differing === undefined) return unknown('UNTOLD', 'Một cửa không cho biết các lần bổ sung đang có (DanhSachBoSung).')
    return differing.length === 0 ? { kind: 'SAME' } : different(differing)
  }
  const asWrite = { NghiepVu: '', ThoiDiem: '', MaTrangThai: theirs.MaTrangThai, NgayHenTra: theirs.NgayHenTra }
  const differing = differingFields(reply, sending, [asWrite], timeZone) ?? ['HienTrang']
  return differing.length === 0 ? { kind: 'SAME' } : different(differing)
}

const instant = (text: string, timeZone: string): number => Date.parse(parseWireInstant(text, timeZone) ?? '')

function byKey(reply: WireInquiryReply, sending: Sending, operation: OneStopOperation): InquiryAnswer {
  const entries = reply.DanhSachGiaoDich?.GiaoDich
  if (!entries) return unknown('UNTOLD', 'Một cửa không cho biết các giao dịch đã nhận (DanhSachGiaoDich).')
  const ours = entries.filter((entry) => entry.MaGiaoDich?.trim() === sending.idempotencyKey)
  // A list that leaves out keys cannot say that ours is absent.
  if (ours.length === 0)
    return entries.some((entry) => !entry.MaGiaoDich)
      ? unknown('UNTOLD', 'Một cửa không ghi mã giao dịch ở mọi dòng (MaGiaoDich).')
      : { kind: 'ABSENT' }
  if (ours.some((entry) => entry.NghiepVu !== WRITE_NAMES[operation])) return different(['NghiepVu'])
  const digests = new Set(ours.map((entry) => entry.MaKiemTra?.trim().toLowerCase()))
  if (digests.has(undefined) || digests.has('')) return unknown('UNTOLD', 'Một cửa không ghi mã kiểm tra của giao dịch này (MaKiemTra).')
  digests.delete(sending.digest.toLowerCase())
  if (digests.size > 0)
    return {
      kind: 'DIFFERENT',
      code: 'OTHER_CONTENT',
      theirs: `Một cửa giữ nội dung khác với nội dung đã gửi (MaKiemTra ${[...digests].join(', ')}).`,
    }
  return filesHeld(reply, sending, filesOf(sending)) ? same(ours[0]) : OTHER_FILES
}

/** Whether they hold every file of this write, where they show what they hold. A later version of the desk may have other files. */
function filesHeld({ HienTrang: theirs }: WireInquiryReply, { body }: Sending, files: readonly string[]): boolean {
  if (!theirs || (body.operation === 'REGISTER' && theirs.PhienBan > body.dossier.version)) return true
  if (body.operation === 'POST_SUPPLEMENT') return supplementFields({ HienTrang: theirs }, body.supplementNo, files)?.length !== 1
  const held = body.operation === 'REGISTER' ? theirs.DanhSachTapTin : theirs.DanhSachTapTinKetQua
  return hasAll(held, files)
}

/** Whether they hold that supplement with these files; undefined when they do not show supplements. The desk may hold the same one from elsewhere. */
function supplementFields(
  { HienTrang: theirs }: Pick<WireInquiryReply, 'HienTrang'>,
  no: number,
  files: readonly string[],
): string[] | undefined {
  const held = theirs?.DanhSachBoSung?.BoSung
  if (!held) return undefined
  return held.some(({ LanBoSung, DanhSachTapTin }) => LanBoSung === no && hasAll(DanhSachTapTin, files)) ? [] : ['DanhSachBoSung']
}

function hasAll(held: WireFileList, files: readonly string[]): boolean {
  const theirs = new Set(fileKeys(held))
  return files.every((file) => theirs.has(file))
}

function registeredFields(reply: WireInquiryReply, sending: Sending, timeZone: string): InquiryAnswer {
  const { body } = sending
  const theirs = reply.HienTrang
  if (!theirs || body.operation !== 'REGISTER') return unknown('UNTOLD', 'Một cửa không cho biết nội dung hồ sơ (HienTrang).')
  const { dossier } = body
  // An edit at the desk after our write changes what can be compared: nothing sure can be said.
  if (theirs.PhienBan > dossier.version)
    return unknown('NOT_COMPARABLE', 'Một cửa đang giữ phiên bản mới hơn, không so sánh được (PhienBan).')
  const differing = [
    theirs.PhienBan === dossier.version ? '' : 'PhienBan',
    procedureKey(theirs.MaThuTuc) === procedureKey(dossier.procedureCode) ? '' : 'MaThuTuc',
    theirs.HoTenChuHoSo.normalize('NFC').trim() === dossier.applicant.fullName.normalize('NFC').trim() ? '' : 'HoTenChuHoSo',
    sameSecond(theirs.NgayTiepNhan, dossier.receivedAt, timeZone) ? '' : 'NgayTiepNhan',
    hasAll(theirs.DanhSachTapTin, filesOf(sending)) ? '' : 'DanhSachTapTin',
  ].filter((field) => field !== '')
  return differing.length === 0 ? { kind: 'SAME' } : different(differing)
}

/** Dates at the desk are kept to the second. */
const sameSecond = (text: string, iso: string, timeZone: string): boolean =>
  Math.floor(instant(text, timeZone) / 1000) === Math.floor(Date.parse(iso) / 1000)

/** The names of the fields in which no found entry is like ours; undefined when they do not show them. */
function differingFields(
  reply: WireInquiryReply,
  sending: Sending,
  found: readonly WireWrittenEntry[],
  timeZone: string,
): string[] | undefined {
  const { body } = sending
  if (body.operation === 'UPDATE_STATUS') {
    if (found.some((entry) => entry.MaTrangThai === undefined || entry.NgayHenTra === undefined)) return undefined
    const fields = found.map((entry) => [
      ...(entry.MaTrangThai === nationalCode(body.status) ? [] : ['MaTrangThai']),
      ...(sameSecond(entry.NgayHenTra ?? '', body.dueAt, timeZone) ? [] : ['NgayHenTra']),
    ])
    return fields.sort((a, b) => a.length - b.length)[0]
  }
  if (body.operation === 'POST_SUPPLEMENT') {
    if (found.some((entry) => entry.LanBoSung === undefined)) return undefined
    if (!found.some((entry) => entry.LanBoSung === body.supplementNo)) return ['LanBoSung']
    return supplementFields(reply, body.supplementNo, filesOf(sending))
  }
  if (body.operation === 'POST_TAX_NOTICES') {
    const theirs = reply.HienTrang?.DanhSachThongBaoThue.ThongBaoThue
    if (!theirs) return undefined
    return body.notices.every((notice) => theirs.some((held) => isSameNotice(held, notice))) ? [] : ['DanhSachThongBaoThue']
  }
  if (body.operation !== 'POST_RESULT' || !reply.HienTrang) return undefined
  const statuses = found.map((entry) => entry.MaTrangThai)
  if (statuses.includes(undefined)) return undefined
  return [
    ...(statuses.includes(nationalCode(body.status)) ? [] : ['MaTrangThai']),
    ...(hasAll(reply.HienTrang.DanhSachTapTinKetQua, filesOf(sending)) ? [] : ['DanhSachTapTinKetQua']),
  ]
}

const isSameNotice = (
  held: WireTaxNotice,
  ours: { noticeNumber: string; taxKind: string; payerName: string; amountVnd?: string },
): boolean =>
  held.SoThongBao === ours.noticeNumber &&
  held.LoaiThue === ours.taxKind &&
  held.NguoiNop.normalize('NFC') === ours.payerName.normalize('NFC') &&
  (held.SoTien ?? '').replace(/^\+?0*(?=\d)/, '') === (ours.amountVnd ?? '').replace(/^\+?0*(?=\d)/, '')
