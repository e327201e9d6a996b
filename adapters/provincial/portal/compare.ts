import type { JudgementCode } from '../../../src/model/failure-code.js'
import type { SyncDossierBody, SyncProgressBody } from '../../../src/model/transfer-body.js'
import type { InquiryAnswer, InquiryStrength, Sending } from '../../../src/ports/target-system.js'
import type { PreparedFiles } from './attachments.js'
import { toHoSo, toTienDo } from './mapping.js'
import type { BuocDaCo, HoSoTraCuu, TepDaCo } from './wire.js'

/**
 * What the portal's record of a dossier says about one transfer of ours. Pure: the record was read by TraCuuHoSo.
 *
 * A dossier being there never proves a progress line, nor a later version of the dossier itself: each operation is looked for by its
 * own effect. A record written under another key is the state before our update, so our update is ABSENT, unless the record is newer.
 * A portal that tells less than its declared strength needs gives UNKNOWN, never a guess. Adopting a history compares fields alone:
 * under whose key and in which version somebody else wrote it says nothing.
 */
export interface Asked<B> {
  readonly sending: Sending
  readonly body: B
  readonly strength: InquiryStrength
  readonly timeZone: string
}

const COMPARED_FIELDS = [
  'MaTTHC',
  'ChuHoSo',
  'LoaiDoiTuong',
  'SoGiayToChuHoSo',
  'TrichYeuHoSo',
  'NgayTiepNhan',
  'NgayHenTra',
  'TrangThaiHoSo',
  'NgayTra',
  'NgayKetThucXuLy',
] as const

const COMPARED_STEP_FIELDS = ['ThoiDiemXuLy', 'TrangThai', 'NguoiXuLy', 'NoiDungXuLy', 'NgayKetThucTheoQuyDinh'] as const

const ABSENT: InquiryAnswer = { kind: 'ABSENT' }
const unknown = (code: JudgementCode, cause: string): Extract<InquiryAnswer, { kind: 'UNKNOWN' }> => ({ kind: 'UNKNOWN', code, cause })
const same = (ref: string | undefined): Extract<InquiryAnswer, { kind: 'SAME' }> => ({ kind: 'SAME', ...(ref ? { externalRef: ref } : {}) })

export function judgeDossier(asked: Asked<SyncDossierBody>, record: HoSoTraCuu | undefined): InquiryAnswer {
  const { sending, body, strength } = asked
  if (strength === 'NONE') return unknown('NO_INQUIRY', 'Chưa thỏa thuận với Cổng dịch vụ công cách tra cứu nghiệp vụ này (NONE).')
  if (!record) return ABSENT
  if (sending.adopting || sending.anyKey) return adoptDossier(asked, record)
  const own = judgeOwn(asked, record)
  if (own) return own
  if (isNewer(record, body.dossierVersion)) return newer(record)
  if (strength === 'EXISTS')
    return body.dossierVersion === 1
      ? same(record.MaTiepNhan)
      : unknown('UNTOLD', 'Cổng dịch vụ công có hồ sơ, nhưng không rõ là phiên bản nào (EXISTS).')
  if (strength === 'KEY_AND_DIGEST' && record.MaGiaoDich) {
    return record.PhienBan
      ? ABSENT
      : unknown('UNTOLD', 'Cổng dịch vụ công không cho biết bên khác đã ghi trước hay sau cổng liên thông (PhienBan).')
  }
  const differing = differingFields(asked, record)
  if (differing === 'UNTOLD') return unknown('UNTOLD', 'Cổng dịch vụ công không cho biết các trường cần so sánh.')
  if (differing.length === 0) return same(record.MaTiepNhan)
  if (strength === 'KEY_AND_DIGEST')
    return unknown('UNTOLD', 'Cổng dịch vụ công không cho biết hồ sơ được ghi theo mã giao dịch nào (MaGiaoDich).')
  return body.dossierVersion === 1 ? otherFields(differing) : ABSENT
}

function adoptDossier(asked: Asked<SyncDossierBody>, record: HoSoTraCuu): InquiryAnswer {
  const differing = differingFields(asked, record)
  if (differing === 'UNTOLD') return unknown('UNTOLD', 'Cổng dịch vụ công không cho biết các trường cần so sánh.')
  return differing.length === 0 ? same(record.MaTiepNhan) : otherFields(differing)
}

export function judgeProgress(asked: Asked<SyncProgressBody>, record: HoSoTraCuu | undefined): InquiryAnswer {
  const { sending, strength } = asked
  if (strength === 'NONE') return unknown('NO_INQUIRY', 'Chưa thỏa thuận với Cổng dịch vụ công cách tra cứu nghiệp vụ này (NONE).')
  if (!record) return ABSENT
  const byContent = sending.adopting || sending.anyKey === true
  const own = sending.anyKey ? undefined : record.TienDo.find((step) => step.MaGiaoDich === sending.idempotencyKey)
  const byKey = own && judgeKey(sending, own)
  if (byKey) return byKey
  const untold = record.TienDo.filter((step) => byContent || !step.MaGiaoDich)
  const expected = toTienDo(asked)
  const compared = strength === 'EXISTS' ? (['ThoiDiemXuLy', 'TrangThai'] as const) : COMPARED_STEP_FIELDS
  const match = untold.find((step) => compared.every((field) => sameText(step[field], expected[field])))
  if (match) return same(match.MaTiepNhan)
  if (strength !== 'KEY_AND_DIGEST') {
    return untold.some((step) => lacks(step, compared))
      ? unknown('UNTOLD', 'Cổng dịch vụ công không cho biết các trường cần so sánh.')
      : ABSENT
  }
  return untold.length > 0 || !record.MaGiaoDich
    ? unknown('UNTOLD', 'Cổng dịch vụ công không cho biết các bước được ghi theo mã giao dịch nào (MaGiaoDich).')
    : ABSENT
}

export type WriteDecision =
  | { readonly kind: 'INSERT' | 'UPDATE' }
  /** Nothing is to be written: this is what they have. UNKNOWN: it cannot be told whether writing would double it. */
  | { readonly kind: 'ANSWERED'; readonly answer: Exclude<InquiryAnswer, { kind: 'ABSENT' }> }

/** Before a write: what the record found by the look-up means for it. */
export function decideWrite(asked: Asked<SyncDossierBody>, record: HoSoTraCuu | undefined): WriteDecision {
  if (!record) return { kind: 'INSERT' }
  const own = judgeOwn(asked, record)
  if (own) return { kind: 'ANSWERED', answer: own }
  if (isNewer(record, asked.body.dossierVersion)) return { kind: 'ANSWERED', answer: newer(record) }
  return { kind: 'UPDATE' }
}

/**
 * After "đã tồn tại" on an insert, which the look-up had not foreseen: what stands there may be our own earlier sending, committed late. An
 * update is safe only when the record shows another writer, or fields that are not ours.
 */
export function decideAfterExists(asked: Asked<SyncDossierBody>, record: HoSoTraCuu | undefined): WriteDecision {
  const decision = decideWrite(asked, record)
  if (decision.kind === 'ANSWERED' || !record)
    return record ? decision : answered('EXISTS_UNSEEN', 'Cổng dịch vụ công báo đã tồn tại nhưng tra cứu thì không thấy.')
  if (record.MaGiaoDich) return { kind: 'UPDATE' }
  const differing = differingFields(asked, record)
  if (differing === 'UNTOLD') return answered('UNTOLD', 'Cổng dịch vụ công đã có hồ sơ nhưng không cho biết nội dung.')
  return differing.length > 0 ? { kind: 'UPDATE' } : { kind: 'ANSWERED', answer: same(record.MaTiepNhan) }
}

const answered = (code: JudgementCode, cause: string): WriteDecision => ({ kind: 'ANSWERED', answer: unknown(code, cause) })

const otherFields = (differing: readonly string[]): InquiryAnswer => ({
  kind: 'DIFFERENT',
  code: 'OTHER_FIELDS',
  field: differing.join(','),
  theirs: `Cổng dịch vụ công giữ nội dung khác (${differing.join(', ')}).`,
})

const newer = (record: HoSoTraCuu) => ({
  kind: 'DIFFERENT' as const,
  code: 'NEWER_VERSION' as const,
  theirs: `Cổng dịch vụ công giữ phiên bản mới hơn (PhienBan ${record.PhienBan}).`,
})

/** A record under our key, its files included: the digest is the one that we sent along, and says nothing of what they have lost. */
function judgeOwn({ sending, body }: Asked<SyncDossierBody>, record: HoSoTraCuu): ReturnType<typeof judgeKey> {
  const byKey = judgeKey(sending, record)
  return byKey?.kind === 'SAME' && hasOtherFiles(body, record)
    ? { kind: 'DIFFERENT', code: 'OTHER_FILES', theirs: 'Cổng dịch vụ công giữ nội dung khác (Tep).' }
    : byKey
}

/** Only where the record tells its fields at all: then its list of files is told too. */
const hasOtherFiles = (body: SyncDossierBody, record: HoSoTraCuu): boolean =>
  record.MaTTHC !== undefined && !sameFiles(expectedFiles(body), record.Tep)

/** True when the record says that it carries a later version of the dossier than ours. */
function isNewer(record: HoSoTraCuu, ourVersion: number): boolean {
  return record.PhienBan !== undefined && /^\d{1,15}$/.test(record.PhienBan) && Number(record.PhienBan) > ourVersion
}

/** Undefined when what they hold was not written under our key. */
export function judgeKey(
  sending: Sending,
  theirs: Pick<BuocDaCo, 'MaGiaoDich' | 'MaKiemTra' | 'MaTiepNhan'>,
): Exclude<InquiryAnswer, { kind: 'ABSENT' }> | undefined {
  if (theirs.MaGiaoDich !== sending.idempotencyKey) return undefined
  if (!theirs.MaKiemTra) return unknown('UNTOLD', 'Cổng dịch vụ công có mã giao dịch này nhưng không cho biết mã kiểm tra (MaKiemTra).')
  if (theirs.MaKiemTra.toLowerCase() === sending.digest.toLowerCase()) return same(theirs.MaTiepNhan)
  return {
    kind: 'DIFFERENT',
    code: 'OTHER_CONTENT',
    theirs: `Cổng dịch vụ công giữ nội dung khác với nội dung đã gửi (MaKiemTra ${theirs.MaKiemTra}).`,
  }
}

/** Names of the fields in which they differ, files included; UNTOLD when a field is not given at all. */
function differingFields(asked: Asked<SyncDossierBody>, record: HoSoTraCuu): string[] | 'UNTOLD' {
  if (COMPARED_FIELDS.some((field) => record[field] === undefined)) return 'UNTOLD'
  const expected = toHoSo(asked, NO_FILES)
  const differing: string[] = COMPARED_FIELDS.filter((field) => !sameText(record[field], expected[field]))
  return sameFiles(expectedFiles(asked.body), record.Tep) ? differing : [...differing, 'Tep']
}

export function expectedFiles(body: SyncDossierBody): TepDaCo[] {
  return [
    ...body.dossier.documents.map(({ sha256 }) => ({ TepDinhKemId: sha256, Loai: 'NOP' })),
    ...body.results.map(({ sha256 }) => ({ TepDinhKemId: sha256, Loai: 'KET_QUA' })),
  ]
}

/** The same files, each as often, in whatever order. */
export function sameFiles(ours: readonly TepDaCo[], theirs: readonly TepDaCo[]): boolean {
  const sorted = (files: readonly TepDaCo[]) => files.map(({ Loai, TepDinhKemId }) => `${Loai} ${TepDinhKemId.toLowerCase()}`).sort()
  return sorted(ours).join('\n') === sorted(theirs).join('\n')
}

const NO_FILES: PreparedFiles = { submitted: [], results: [], count: 0, totalBytes: 0 }

const sameText = (theirs: string | undefined, ours: string): boolean =>
  theirs !== undefined && theirs.normalize('NFC') === ours.normalize('NFC')

const lacks = (step: BuocDaCo, fields: readonly (keyof BuocDaCo)[]): boolean => fields.some((field) => step[field] === undefined)
