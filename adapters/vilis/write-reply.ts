import type { DeliveryOutcome, Sending } from '../../src/ports/target-system.js'
import { toldBefore } from '../soap/fault-table.js'
import { CODE_ALREADY_EXISTS, VILIS_FAULTS } from './faults.js'
import type { VilisBody } from './request-mapping.js'
import type { WriteReply } from './wire-replies.js'

/** What a readable reply to a write means. EXISTS_UNTOLD: they say "đã tồn tại" but not with which content; it has to be inquired. */
export type WriteVerdict = DeliveryOutcome | { readonly kind: 'EXISTS_UNTOLD'; readonly externalRef?: string }

/**
 * "Already exists" is a success only with our own digest: in the field that text is taken for success whatever it stands for. A
 * reply that names another key answers somebody else, and an acceptance whose files or digest are not ours is a conflict.
 */
export function judgeWriteReply(reply: WriteReply, sending: Sending, body: VilisBody): WriteVerdict {
  const externalRef = told(reply.MaTiepNhan)
  const key = told(reply.MaGiaoDich)?.trim()
  const digest = told(reply.MaKiemTra)
  if (reply.KetQua !== 1 && reply.KetQua !== 0)
    return {
      kind: 'INDETERMINATE',
      code: 'UNCLEAR_RESULT',
      cause: `Trả lời của ViLIS không nói là nhận hay từ chối (KetQua ${reply.KetQua}).`,
    }
  if (saysExists(reply)) return judgeExisting(reply, sending, body)
  // Only an "already exists" may name another key: the one under which they have it.
  if (key !== undefined && key !== sending.idempotencyKey) {
    return { kind: 'INDETERMINATE', code: 'OTHER_KEY', cause: 'Trả lời của ViLIS mang mã giao dịch khác (MaGiaoDich).' }
  }
  if (reply.KetQua === 0) return refusal(reply)
  const lost = filesDiffer(reply, body)
  if (lost !== null) return { kind: 'CONFLICT', code: 'OTHER_FILES', theirs: lost }
  if (digest !== undefined && !sameDigest(digest, sending.digest))
    return { kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: `ViLIS giữ nội dung khác với nội dung đã gửi (MaKiemTra ${digest}).` }
  return { kind: 'ACCEPTED', alreadyHad: false, ...(externalRef !== undefined && { externalRef }) }
}

/** An empty element is how some systems write that they do not tell. */
const told = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined)

/** Digests are hex: letter case says nothing. */
export const sameDigest = (left: string, right: string): boolean => left.trim().toLowerCase() === right.trim().toLowerCase()

/** Null when their files are ours, or they do not say. `documents` are those of the body. */
export function fileMismatch(count: number | undefined, hashes: readonly string[], body: VilisBody): string | null {
  const ours = documentsOf(body)
  if (count !== undefined && count !== ours.length) return `ViLIS giữ ${count} tệp, đã gửi ${ours.length} tệp`
  if (hashes.length === 0) return null
  const sorted = (list: readonly string[]) =>
    list
      .map((hash) => hash.trim().toLowerCase())
      .sort()
      .join()
  return sorted(hashes) === sorted(ours) ? null : 'ViLIS giữ tệp có mã băm khác với tệp đã gửi'
}

function documentsOf(body: VilisBody): string[] {
  if (body.operation === 'RECEIVE') return body.dossier.documents.map(({ sha256 }) => sha256)
  return body.operation === 'SUPPLEMENT' ? body.documents.map(({ sha256 }) => sha256) : []
}

/** The reply to a write names the kept files in the order of the request: contents given to the wrong names show here alone. */
function filesDiffer(reply: WriteReply, body: VilisBody): string | null {
  const mismatch = fileMismatch(reply.SoTep, reply.MaBam, body)
  if (mismatch !== null) return mismatch
  const swapped = documentsOf(body).findIndex((ours, index) => !sameDigest(reply.MaBam[index] ?? ours, ours))
  return swapped < 0 ? null : `ViLIS giữ tệp thứ ${swapped + 1} với nội dung của tệp khác`
}

function saysExists(reply: WriteReply): boolean {
  return reply.MaLoi?.trim() === CODE_ALREADY_EXISTS || (reply.ThongBao ?? '').normalize('NFC').toLowerCase().includes('đã tồn tại')
}

/** Their digest is the one that we once sent along: files that they have lost since do not change it. */
function judgeExisting(reply: WriteReply, sending: Sending, body: VilisBody): WriteVerdict {
  const externalRef = told(reply.MaTiepNhan)
  const reference = externalRef !== undefined ? { externalRef } : {}
  const digest = told(reply.MaKiemTra)
  if (digest === undefined) return { kind: 'EXISTS_UNTOLD', ...reference }
  if (!sameDigest(digest, sending.digest))
    return { kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: `ViLIS giữ nội dung khác với nội dung đã gửi (MaKiemTra ${digest}).` }
  const lost = filesDiffer(reply, body)
  return lost === null ? { kind: 'ACCEPTED', alreadyHad: true, ...reference } : { kind: 'CONFLICT', code: 'OTHER_FILES', theirs: lost }
}

function refusal(reply: WriteReply): DeliveryOutcome {
  const code = told(reply.MaLoi)?.trim() ?? 'KHONG_RO_MA'
  const early = toldBefore(VILIS_FAULTS, code, code)
  if (early) return early
  return {
    kind: 'REJECTED',
    code,
    reason: told(reply.ThongBao) ?? 'ViLIS từ chối mà không nêu lý do.',
    ...(told(reply.TruongLoi) !== undefined && { field: reply.TruongLoi }),
  }
}
