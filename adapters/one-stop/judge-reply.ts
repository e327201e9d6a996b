import type { DocumentContent } from '../../src/model/dossier-content.js'
import type { DeliveryOutcome, Sending } from '../../src/ports/target-system.js'
import { toldBefore } from '../soap/fault-table.js'
import { ONE_STOP_FAULTS, saysAlreadyExists } from './faults.js'
import type { WireFileList, WireWriteReply } from './wire-types.js'

/** What a readable reply means; ASK_THEM: they have something under our key or code, and only an inquiry tells whether it is the same. */
export type Judgement = DeliveryOutcome | { readonly kind: 'ASK_THEM' }

export function judgeReply(reply: WireWriteReply, sending: Sending): Judgement {
  const key = reply.MaGiaoDich?.trim()
  if (key && key !== sending.idempotencyKey) {
    return { kind: 'INDETERMINATE', code: 'OTHER_KEY', cause: 'Trả lời của một cửa mang mã giao dịch khác (MaGiaoDich).' }
  }
  const externalRef = reply.MaTiepNhan?.trim()
  const reference = externalRef ? { externalRef } : {}
  const digest = reply.MaKiemTra?.trim().toLowerCase()
  // "Already exists" comes with either KetQua: systems differ on whether that is a success.
  if (saysAlreadyExists(reply.MaLoi?.trim(), reply.ThongBao)) {
    if (!digest) return { kind: 'ASK_THEM' }
    return otherContent(reply, sending, digest) ?? { kind: 'ACCEPTED', alreadyHad: true, ...reference }
  }
  if (reply.KetQua === 1) return otherContent(reply, sending, digest) ?? { kind: 'ACCEPTED', alreadyHad: false, ...reference }
  if (reply.KetQua !== 0)
    return {
      kind: 'INDETERMINATE',
      code: 'UNCLEAR_RESULT',
      cause: `Trả lời của một cửa không nói là nhận hay từ chối (KetQua ${reply.KetQua}).`,
    }
  const code = reply.MaLoi?.trim() || 'KHONG_NEU_MA'
  const early = toldBefore(ONE_STOP_FAULTS, code, `MaLoi ${code}`)
  if (early) {
    const seconds = reply.ThuLaiSauGiay
    return { ...early, ...(seconds !== undefined && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) }
  }
  const field = reply.Truong?.trim()
  return { kind: 'REJECTED', code, reason: reply.ThongBao?.trim() || 'Một cửa từ chối nhưng không nêu lý do.', ...(field ? { field } : {}) }
}

/** The files that a write carries, each as its name and hash: contents that change names are not the same files. */
export function filesOf(sending: Sending): string[] {
  return documentsOf(sending).map((document) => fileKey(document.fileName, document.sha256))
}

function documentsOf({ body }: Sending): readonly DocumentContent[] {
  if (body.operation === 'REGISTER') return body.dossier.documents
  return body.operation === 'POST_RESULT' || body.operation === 'POST_SUPPLEMENT' ? body.documents : []
}

export const fileKeys = (list: WireFileList): string[] => list.TapTin.map((file) => fileKey(file.TenTapTin, file.MaBam))

const fileKey = (name: string, hash: string): string => `${name.normalize('NFC').trim()} ${hash.trim().toLowerCase()}`

/** They have the write, but by their digest or their files not as we sent it: to a person, for nobody else would notice. */
function otherContent(reply: WireWriteReply, sending: Sending, digest: string | undefined): DeliveryOutcome | undefined {
  if (digest && digest !== sending.digest.toLowerCase())
    return { kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: `Một cửa giữ nội dung khác với nội dung đã gửi (MaKiemTra ${digest}).` }
  return lostFile(reply, sending)
}

function lostFile(reply: WireWriteReply, sending: Sending): DeliveryOutcome | undefined {
  if (reply.DanhSachTapTin === undefined) return undefined
  const kept = fileKeys(reply.DanhSachTapTin)
  const sent = filesOf(sending)
  if (JSON.stringify(kept.sort()) === JSON.stringify(sent.sort())) return undefined
  return { kind: 'CONFLICT', code: 'OTHER_FILES', theirs: `${kept.length} tập tin đã lưu không khớp ${sent.length} tập tin đã gửi` }
}
