import type { InboundPayload } from '../model/inbound.js'
import type { Origin } from '../model/system.js'
import type { Tx } from '../platform/database.js'
import { type Fact, isFact } from './told-fact.js'

/** Lời báo: what a system has said of a fact, as it stands in the inbox. */
export interface Telling {
  readonly messageId: string
  readonly source: Origin
  readonly eventAt: string
  readonly fact: Fact
  /** Lần bổ sung, also where the teller left it to us to count. */
  readonly supplementNo?: number
}

interface Row {
  readonly messageId: string
  readonly source: Origin
  readonly eventAt: Date
  readonly payload: InboundPayload
  readonly supplementNo: number | null
}

const tellingOf = (row: Row | undefined): Telling | undefined =>
  row && isFact(row.payload)
    ? {
        messageId: row.messageId,
        source: row.source,
        eventAt: row.eventAt.toISOString(),
        fact: row.payload,
        supplementNo: row.supplementNo ?? undefined,
      }
    : undefined

/** By which message the dossier has learnt of this fact, the last one when it was corrected; undefined when it has not. */
export const readTellingInForce = async (
  tx: Tx,
  dossierId: string,
  { kind, supplementNo }: { readonly kind: Fact['kind']; readonly supplementNo?: number },
): Promise<Telling | undefined> =>
  tellingOf(
    (
      await tx.query<Row>(
        `SELECT m.id::text AS "messageId", m.source, m.event_at AS "eventAt", m.payload, e.supplement_no AS "supplementNo"
         FROM dossier_event e JOIN inbox_message m ON m.id = e.message_id
         WHERE e.dossier_id = $1::uuid AND e.applied AND e.kind = $2 AND e.supplement_no IS NOT DISTINCT FROM $3::int
         ORDER BY e.version DESC LIMIT 1`,
        [dossierId, kind, supplementNo ?? null],
      )
    )[0],
  )

/** The contradictions of a telling, by the same system, which stand in the inbox; an application's repetition was refused and counts for nothing. */
const CONTRADICTS = `dossier_code = $1 AND state = 'CONFLICT' AND source = $2 AND kind = $3 AND channel <> 'API'
  AND ($4::int IS NULL OR payload->>'supplementNo' = ($4::int)::text)`

/** What the same system says of the fact by now, where that is another content and not older: its last word. */
export const readContradiction = async (tx: Tx, dossierCode: string, inForce: Telling): Promise<Telling | undefined> =>
  tellingOf(
    (
      await tx.query<Row>(
        `SELECT id::text AS "messageId", source, event_at AS "eventAt", payload, $4::int AS "supplementNo" FROM inbox_message
         WHERE ${CONTRADICTS} AND event_at >= $5::timestamptz ORDER BY event_at DESC, received_at DESC LIMIT 1`,
        [dossierCode, inForce.source, inForce.fact.kind, inForce.supplementNo ?? null, inForce.eventAt],
      )
    )[0],
  )

/** A person has decided that it holds: it stands in conflict no more, and those before it are past. */
export const acceptContradiction = async (tx: Tx, dossierCode: string, accepted: Telling): Promise<void> => {
  await tx.query(
    `UPDATE inbox_message SET state = CASE WHEN id = $5::uuid THEN 'APPLIED' ELSE 'LATE' END,
       reason = CASE WHEN id <> $5::uuid THEN 'Đã áp dụng nội dung báo sau đó.' END, settled_at = app_now()
     WHERE ${CONTRADICTS} AND event_at <= $6::timestamptz RETURNING 1 AS done`,
    [dossierCode, accepted.source, accepted.fact.kind, accepted.supplementNo ?? null, accepted.messageId, accepted.eventAt],
  )
}
