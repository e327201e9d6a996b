import type { JudgementCode } from '../../src/model/failure-code.js'
import type { InquiryAnswer, InquiryStrength, Sending } from '../../src/ports/target-system.js'
import { localDate } from '../soap/wire-time.js'
import type { Codes } from './codes.js'
import { NotSendable } from './not-sendable.js'
import { type VilisBody, WIRE_OPERATIONS } from './request-mapping.js'
import type { InquiryReply, WireDossier, WireTransaction } from './wire-replies.js'
import { readInstant, type TimeField, type WireZones } from './wire-times.js'
import { fileMismatch, sameDigest } from './write-reply.js'

/**
 * Does ViLIS have this very operation, and with our content? The answer is per operation: that a dossier is there says nothing
 * about its third supplement. A transaction is looked for by our key, then by our digest, then by its business identity (dossier
 * and version, number of the supplement, the withdrawal, the handing out). What proves the same content depends on the strength
 * agreed for the operation; whatever they tell beyond it may still prove DIFFERENT. What they do not tell is UNKNOWN, never ABSENT.
 * Adopting is by fields alone: keys, digests and versions of a history are somebody else's and prove nothing about ours.
 */
export interface InquiryContext {
  readonly codes: Codes
  readonly zones: WireZones
}

export async function judgeInquiry(
  reply: InquiryReply,
  sending: Sending,
  body: VilisBody,
  strength: InquiryStrength,
  context: InquiryContext,
): Promise<InquiryAnswer> {
  if (reply.SoBienNhan !== sending.dossierCode) return unknown('OTHER_DOSSIER', 'Trả lời tra cứu của ViLIS là của hồ sơ khác (SoBienNhan).')
  if (!reply.CoHoSo) return { kind: 'ABSENT' }
  const dossier = reply.HoSo
  if (dossier === undefined || dossier.SoBienNhan !== sending.dossierCode)
    return unknown('UNTOLD', 'ViLIS báo có hồ sơ nhưng không cho biết nội dung (HoSo).')
  const told = dossier.DanhSachGiaoDich?.GiaoDich.map(withoutBlanks)
  const held = (told ?? []).filter(({ NghiepVu }) => NghiepVu === WIRE_OPERATIONS[body.operation])
  const tellsNothing = told === undefined && (body.operation === 'SUPPLEMENT' || dossier.TrangThai === undefined)
  if (body.operation !== 'RECEIVE' && tellsNothing)
    return unknown('UNTOLD', 'ViLIS không cho biết các giao dịch của hồ sơ (DanhSachGiaoDich).')
  if (sending.adopting) return adopt(held, dossier, body, context)
  if (told?.some(({ MaGiaoDich, NghiepVu }) => MaGiaoDich === sending.idempotencyKey && NghiepVu !== WIRE_OPERATIONS[body.operation])) {
    return unknown('OTHER_KEY', 'ViLIS có mã giao dịch này ở một nghiệp vụ khác (NghiepVu).')
  }
  const found = find(held, sending, body)
  if (found === undefined) return withoutTransaction(held, dossier, body, strength, context)
  return compare(found, dossier, sending, body, strength, context)
}

/** An empty element is how some systems write that they do not tell. */
const withoutBlanks = ({ MaGiaoDich, MaKiemTra, ...rest }: WireTransaction): WireTransaction => ({
  ...rest,
  ...(MaGiaoDich?.trim() && { MaGiaoDich: MaGiaoDich.trim() }),
  ...(MaKiemTra?.trim() && { MaKiemTra }),
})

function find(held: readonly WireTransaction[], sending: Sending, body: VilisBody): WireTransaction | undefined {
  const ours = held.filter(({ MaGiaoDich }) => MaGiaoDich === sending.idempotencyKey && !sending.anyKey)
  return (
    ours[0] ??
    held.find(({ MaKiemTra }) => MaKiemTra !== undefined && sameDigest(MaKiemTra, sending.digest)) ??
    held.find((transaction) => hasIdentity(transaction, body))
  )
}

function hasIdentity(transaction: WireTransaction, body: VilisBody): boolean {
  if (body.operation === 'RECEIVE') return transaction.PhienBan === body.dossierVersion
  return body.operation !== 'SUPPLEMENT' || transaction.LanBoSung === body.supplementNo
}

/** History: a supplement by its number, anything else by the dossier as it stands there. */
async function adopt(
  held: readonly WireTransaction[],
  dossier: WireDossier,
  body: VilisBody,
  context: InquiryContext,
): Promise<InquiryAnswer> {
  if (body.operation === 'RECEIVE') return compareFields(undefined, dossier, body, context)
  if (body.operation === 'CONFIRM_RETURN' && held.length === 0)
    return dossier.TrangThai === 'RETURNED' ? found(dossier) : { kind: 'ABSENT' }
  const theirs = held.find((transaction) => hasIdentity(transaction, body))
  if (theirs === undefined) return withoutTransaction(held, dossier, body, 'FIELDS', context)
  const lost = fileMismatch(theirs.BangKe?.SoLuong, theirs.MaBam, body)
  return lost === null ? compareFields(theirs, dossier, body, context) : otherFiles(lost)
}

/** No transaction of this operation is ours by key, digest or identity. */
async function withoutTransaction(
  held: readonly WireTransaction[],
  dossier: WireDossier,
  body: VilisBody,
  strength: InquiryStrength,
  context: InquiryContext,
): Promise<InquiryAnswer> {
  if (body.operation === 'SUPPLEMENT') {
    return held.some(({ LanBoSung }) => LanBoSung === undefined)
      ? unknown('UNTOLD', 'ViLIS không cho biết đã nhận những lần bổ sung nào (LanBoSung).')
      : { kind: 'ABSENT' }
  }
  if (body.operation === 'WITHDRAW') return dossier.TrangThai === 'WITHDRAWN' ? found(dossier) : { kind: 'ABSENT' }
  if (body.operation === 'CONFIRM_RETURN') {
    return dossier.TrangThai === 'RETURNED'
      ? unknown('UNTOLD', 'ViLIS đã có trả kết quả nhưng không cho biết ngày nào (NgayTra).')
      : { kind: 'ABSENT' }
  }
  // A dossier that they have without a transaction of ours: taken in before the interlink, or they do not tell transactions.
  const version = dossier.PhienBan ?? Math.max(0, ...held.map(({ PhienBan }) => PhienBan ?? 0))
  // That they have the dossier says nothing of an amendment, and the fields that are compared are seldom the amended ones.
  if (version === 0 && body.dossierVersion > 1) return unknown('UNTOLD', 'ViLIS không cho biết đang giữ phiên bản nào (PhienBan).')
  if (version > 0 && version < body.dossierVersion) return { kind: 'ABSENT' }
  if (version > body.dossierVersion)
    return { kind: 'DIFFERENT', code: 'NEWER_VERSION', theirs: `ViLIS giữ phiên bản mới hơn (PhienBan ${version}).` }
  return strength === 'EXISTS' ? found(dossier) : compareFields(undefined, dossier, body, context)
}

async function compare(
  transaction: WireTransaction,
  dossier: WireDossier,
  sending: Sending,
  body: VilisBody,
  strength: InquiryStrength,
  context: InquiryContext,
): Promise<InquiryAnswer> {
  if (transaction.MaKiemTra !== undefined) {
    const same = sameDigest(transaction.MaKiemTra, sending.digest)
    if (!same)
      return {
        kind: 'DIFFERENT',
        code: 'OTHER_CONTENT',
        theirs: `ViLIS giữ nội dung khác với nội dung đã gửi (MaKiemTra ${transaction.MaKiemTra}).`,
      }
  }
  const lost = fileMismatch(transaction.BangKe?.SoLuong, transaction.MaBam, body)
  if (lost !== null) return otherFiles(lost)
  if (transaction.MaKiemTra !== undefined || strength === 'EXISTS') return found(dossier, transaction)
  const isOurs = transaction.MaGiaoDich === undefined || transaction.MaGiaoDich === sending.idempotencyKey
  if (strength === 'KEY_AND_DIGEST' && !isOurs)
    return unknown('OTHER_KEY', 'ViLIS có nội dung này dưới mã giao dịch khác và không cho biết mã kiểm tra (MaKiemTra).')
  // KEY_AND_DIGEST was agreed and the digest is not told: the fields may still settle it.
  return compareFields(transaction, dossier, body, context)
}

interface Field {
  readonly name: string
  readonly ours: string
  /** Undefined when they do not tell it, null when it is not readable. */
  readonly theirs: string | null | undefined
}

/** SAME when every field that identifies the content is told and equal; DIFFERENT when one that is told is not. */
async function compareFields(
  transaction: WireTransaction | undefined,
  dossier: WireDossier,
  body: VilisBody,
  context: InquiryContext,
): Promise<InquiryAnswer> {
  try {
    const fields = await fieldsOf(transaction, dossier, body, context)
    const differing = fields.find(({ ours, theirs }) => theirs !== undefined && theirs !== ours)
    if (differing)
      return {
        kind: 'DIFFERENT',
        code: 'OTHER_FIELDS',
        field: differing.name,
        theirs: `ViLIS giữ giá trị khác (${differing.name}: ${differing.theirs ?? 'không đọc được'}).`,
      }
    const untold = fields.find(({ theirs }) => theirs === undefined)
    return untold ? unknown('UNTOLD', `ViLIS không cho biết trường cần so sánh (${untold.name}).`) : found(dossier, transaction)
  } catch (error) {
    // A mapping that is gone meanwhile: our side of the comparison cannot be written.
    if (error instanceof NotSendable) return unknown('MAPPING_MISSING', error.reason)
    throw error
  }
}

async function fieldsOf(
  transaction: WireTransaction | undefined,
  dossier: WireDossier,
  body: VilisBody,
  { codes, zones }: InquiryContext,
): Promise<readonly Field[]> {
  const moment = (name: string, ours: string, field: TimeField, text: string | undefined): Field => {
    const theirs = text === undefined ? undefined : readInstant(field, text, zones)
    return { name, ours: toSecond(ours), theirs: typeof theirs === 'string' ? toSecond(theirs) : theirs }
  }
  switch (body.operation) {
    case 'RECEIVE': {
      const { receivedAt, procedureCode, receivingUnit } = body.dossier
      const onDate = localDate(receivedAt, zones.LOCAL)
      const source = transaction?.NgayTiepNhan === undefined ? dossier : transaction
      return [
        { name: 'MaQuyTrinh', ours: await codes.process(procedureCode, onDate), theirs: source.MaQuyTrinh },
        { name: 'XaId', ours: await codes.commune(receivingUnit, onDate), theirs: source.XaId },
        moment('NgayTiepNhan', receivedAt, 'GiaoDich.NgayTiepNhan', source.NgayTiepNhan),
      ]
    }
    case 'SUPPLEMENT':
      return [moment('NgayBoSung', body.at, 'GiaoDich.NgayBoSung', transaction?.NgayBoSung)]
    case 'WITHDRAW':
      return []
    case 'CONFIRM_RETURN':
      return [moment('NgayTra', body.at, 'GiaoDich.NgayTra', transaction?.NgayTra)]
  }
}

/** Their columns keep seconds: parts of a second are not compared. */
const toSecond = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19)}Z`

function found(dossier: WireDossier, transaction?: WireTransaction): InquiryAnswer {
  const externalRef = transaction?.MaTiepNhan ?? dossier.MaTiepNhan
  return { kind: 'SAME', ...(externalRef !== undefined && { externalRef }) }
}

const unknown = (code: JudgementCode, cause: string): InquiryAnswer => ({ kind: 'UNKNOWN', code, cause })

const otherFiles = (theirs: string): InquiryAnswer => ({ kind: 'DIFFERENT', code: 'OTHER_FILES', theirs })
