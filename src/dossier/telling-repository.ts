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
}

interface Row {
  readonly messageId: string
  readonly source: Origin
  readonly eventAt: Date
  readonly payload: InboundPayload
}

const tellingOf = (row: Row | undefined): Telling | undefined =>
  row && isFact(row.payload)
    ? { messageId: row.messageId, source: row.source, eventAt: row.eventAt.toISOString(), fact: row.payload }
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
        `SELECT m.id::text AS "messageId", m.source, m.event_at AS "eventAt", m.payload
         FROM dossier_event e JOIN inbox_message m ON m.id = e.message_id
         WHERE e.dossier_id = $1::uuid AND e.applied AND e.kind = $2 AND e.supplement_no IS NOT DISTINCT FROM $3::int
         ORDER BY e.version DESC LIMIT 1`,
        [dossierId, kind, supplementNo ?? null],
      )
    )[0],
  )
