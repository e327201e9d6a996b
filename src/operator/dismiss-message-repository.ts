import { type Caller, nameOf, personOf } from '../access/caller.js'
import { lockDossierCode } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import type { Database, Tx } from '../platform/database.js'
import { type ActResult, refused } from './perform-act.js'
import { wasDone } from './was-done.js'

/**
 * Bỏ qua thông điệp mâu thuẫn: a named person has looked at what a system told otherwise than before, and what we have stands. The message stays, with who
 * dismissed it and why; it is no longer what the next superseding would carry on, and told once more it is the same message. When its content is
 * to hold instead, the transfer that carries the fact is superseded (`supersede-transfer.ts`).
 */
export interface DismissMessage {
  readonly messageId: string
  readonly reason: string
  readonly actor: Caller
  /** The caller's idempotency key: a dismissal under it that was committed, though its answer was lost, is known as done. */
  readonly requestKey?: string
}

interface Message {
  readonly state: string
  readonly why: string | null
  readonly dossierCode: string | null
  readonly dossierId: string | null
}

/** In the order of locks that applying has: the dossier, then the message. */
const lockMessage = async (tx: Tx, id: string): Promise<Message | undefined> => {
  const [known] = await tx.query<{ code: string | null }>(`SELECT dossier_code AS code FROM inbox_message WHERE id = $1::uuid`, [id])
  if (known?.code) await lockDossierCode(tx, known.code)
  const [message] = await tx.query<Message>(
    `SELECT m.state, m.reason AS why, m.dossier_code AS "dossierCode", (SELECT d.id::text FROM dossier d WHERE d.code = m.dossier_code) AS "dossierId"
     FROM inbox_message m WHERE m.id = $1::uuid FOR UPDATE`,
    [id],
  )
  return message
}

export const dismissMessage = (db: Database, { messageId, reason, actor, requestKey }: DismissMessage): Promise<ActResult> =>
  db.transaction(async (tx) => {
    const message = await lockMessage(tx, messageId)
    if (!message) throw notFound('thông điệp này')
    if (message.state === 'DISMISSED') {
      if (requestKey !== undefined && (await wasDone(tx, { act: 'DISMISS_MESSAGE', actor: actor.subject, requestKey, of: { messageId } })))
        return { kind: 'DONE' }
      return refused('ALREADY_DISMISSED', 'Thông điệp này đã được bỏ qua trước đó.')
    }
    if (message.state !== 'CONFLICT') return refused('NOT_IN_CONFLICT', 'Chỉ bỏ qua được thông điệp đang mâu thuẫn với nội dung đã có.')
    await tx.query(
      `UPDATE inbox_message SET state = 'DISMISSED', dismissed_by = $2, dismissed_because = $3, settled_at = app_now() WHERE id = $1::uuid RETURNING 1 AS done`,
      [messageId, nameOf(actor), reason],
    )
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'DISMISS_MESSAGE',
        dossierId: message.dossierId,
        reason,
        before: { messageId, state: message.state, why: message.why },
        after: { state: 'DISMISSED', ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE' }
  })
