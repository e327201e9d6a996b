import { type Caller, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import type { Database } from '../platform/database.js'
import { type ActRefusal, refused } from './act-rules.js'

/**
 * Xem nguyên văn một lần thử: what was on the wire with the personal data in it. That somebody looked, and why, is in the audit before he sees
 * anything: one transaction reads and writes it. Each look is one of its own, also a repetition of the same request: it shows the same again.
 */
export interface RevealAttempt {
  readonly attemptId: string
  readonly reason: string
  readonly actor: Caller
}

export interface RevealedEvidence {
  readonly kind: 'REVEALED'
  readonly requestXml: string | null
  readonly responseText: string | null
}

interface Kept {
  readonly transferId: string
  readonly dossierId: string
  readonly requestXml: string | null
  readonly responseText: string | null
}

export const revealAttempt = (db: Database, { attemptId, reason, actor }: RevealAttempt): Promise<RevealedEvidence | ActRefusal> =>
  db.transaction(async (tx) => {
    const [kept] = await tx.query<Kept>(
      `SELECT t.id::text AS "transferId", t.dossier_id::text AS "dossierId", a.request_xml AS "requestXml", a.response_text AS "responseText"
       FROM attempt a JOIN transfer t ON t.id = a.transfer_id WHERE a.id = $1::uuid`,
      [attemptId],
    )
    if (!kept) throw notFound('lần thử này')
    const { transferId, dossierId, requestXml, responseText } = kept
    if (requestXml === null && responseText === null)
      return refused('NO_EVIDENCE', 'Lần thử này không có gì trên đường truyền, hoặc đã hết thời hạn lưu nội dung.')
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'REVEAL_ATTEMPT',
        transferId,
        dossierId,
        reason,
        before: { attemptId },
        after: { attemptId },
      },
    })
    return { kind: 'REVEALED', requestXml, responseText }
  })
