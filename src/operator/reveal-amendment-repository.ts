import { type Caller, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import type { Database } from '../platform/database.js'

/** Xem rõ nội dung sửa: that somebody looks at what was amended with the personal data in it, and why, is in the audit before he sees anything; each look anew. */
export const recordAmendmentRevealed = (
  db: Database,
  { transferId, reason, actor }: { readonly transferId: string; readonly reason: string; readonly actor: Caller },
): Promise<void> =>
  db.transaction(async (tx) => {
    const [transfer] = await tx.query<{ dossierId: string }>(
      `SELECT t.dossier_id::text AS "dossierId" FROM transfer t JOIN transfer_amendment a ON a.transfer_id = t.id WHERE t.id = $1::uuid`,
      [transferId],
    )
    if (!transfer) throw notFound('nội dung sửa của lượt liên thông này')
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'REVEAL_AMENDMENT',
        transferId,
        dossierId: transfer.dossierId,
        reason,
        before: {},
        after: {},
      },
    })
  })
