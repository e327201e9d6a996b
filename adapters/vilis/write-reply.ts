import type { DeliveryOutcome, Sending } from '../../src/ports/target-system.js'
import { CODE_ALREADY_EXISTS, CODES_BEFORE_PROCESSING } from './faults.js'
import type { VilisBody } from './request-mapping.js'
import type { WriteReply } from './wire-replies.js'

/** What a readable reply to a write means. EXISTS_UNTOLD: they say "đã tồn tại" but not with which content; it has to be inquired. */
export type WriteVerdict = DeliveryOutcome | { readonly kind: 'EXISTS_UNTOLD'; readonly externalRef?: string }

/**
 * "Already exists" is a success only with our own digest: in the field that text is taken for success whatever it stands for. A
 * reply that names another key answers somebody else, and an acceptance whose files or digest are not ours is a conflict.
 */
export function judgeWriteReply(reply: WriteReply, sending: Sending, body: VilisBody): WriteVerdict {
  const externalRef = reply.MaTiepNhan
  if (reply.KetQua !== 1 && reply.KetQua !== 0) return { kind: 'INDETERMINATE', cause: 'KetQua is neither 1 nor 0' }
  if (saysExists(reply)) return judgeExisting(reply, sending)
  // Only an "already exists" may name another key: the one under which they have it.
  if (reply.MaGiaoDich !== undefined && reply.MaGiaoDich !== sending.idempotencyKey) {
    return { kind: 'INDETERMINATE', cause: 'the reply names another MaGiaoDich' }
  }
  if (reply.KetQua === 0) return refusal(reply)
  const lost = filesDiffer(reply, body)
  if (lost !== null) return { kind: 'CONFLICT', theirs: lost }
  if (reply.MaKiemTra !== undefined && !sameDigest(reply.MaKiemTra, sending.digest)) {
    return { kind: 'CONFLICT', theirs: `MaKiemTra ${reply.MaKiemTra}` }
  }
  return { kind: 'ACCEPTED', alreadyHad: false, ...(externalRef !== undefined && { externalRef }) }
}

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

const filesDiffer = (reply: WriteReply, body: VilisBody): string | null => fileMismatch(reply.SoTep, reply.MaBam, body)

function saysExists(reply: WriteReply): boolean {
  return reply.MaLoi === CODE_ALREADY_EXISTS || (reply.ThongBao ?? '').normalize('NFC').toLowerCase().includes('đã tồn tại')
}

function judgeExisting(reply: WriteReply, sending: Sending): WriteVerdict {
  const externalRef = reply.MaTiepNhan !== undefined ? { externalRef: reply.MaTiepNhan } : {}
  if (reply.MaKiemTra === undefined) return { kind: 'EXISTS_UNTOLD', ...externalRef }
  if (sameDigest(reply.MaKiemTra, sending.digest)) return { kind: 'ACCEPTED', alreadyHad: true, ...externalRef }
  return { kind: 'CONFLICT', theirs: `MaKiemTra ${reply.MaKiemTra}` }
}

function refusal(reply: WriteReply): DeliveryOutcome {
  const code = reply.MaLoi ?? 'KHONG_RO_MA'
  if (CODES_BEFORE_PROCESSING.has(code)) return { kind: 'UNAVAILABLE', cause: `MaLoi ${code}` }
  return {
    kind: 'REJECTED',
    code,
    reason: reply.ThongBao ?? 'ViLIS từ chối mà không nêu lý do.',
    ...(reply.TruongLoi !== undefined && { field: reply.TruongLoi }),
  }
}
