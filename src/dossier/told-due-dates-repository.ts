import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/** Hạn trả at one system, as far as the gateway knows: the last that it told us, or that it took from us. */
export interface ToldDueDateRow {
  readonly dossierId: string
  readonly systemId: SystemId
  readonly dueAt: Date
  readonly at: Date
  /** TOLD: it said so itself. DELIVERED: we told it, and it took it. */
  readonly how: 'TOLD' | 'DELIVERED'
}

/**
 * One row a dossier and system that has ever named a due date. A date proposed to the registry with a supplement does not count: the registry decides it and says so
 * itself. What a system told and was not applied (late, in conflict) is still what it says.
 */
export const readToldDueDates = (db: Sql, dossierIds: readonly string[]): Promise<ToldDueDateRow[]> =>
  db.query(
    `WITH told AS (
       SELECT d.id AS dossier_id, m.source AS system_id, m.event_at AS at, 'TOLD' AS how,
         coalesce(m.payload->'dossier'->>'dueAt', m.payload->>'newDueAt', m.payload->>'dueAt') AS due_at
       FROM dossier d JOIN inbox_message m ON m.dossier_code = d.code
       WHERE d.id = ANY($1::uuid[]) AND m.source <> 'GATEWAY' AND m.state NOT IN ('REFUSED', 'QUARANTINED')
       UNION ALL
       SELECT t.dossier_id, t.system_id, coalesce(t.settled_at, t.updated_at), 'DELIVERED',
         coalesce(t.body->>'dueAt', t.body->'dossier'->>'dueAt')
       FROM transfer t WHERE t.dossier_id = ANY($1::uuid[]) AND t.state = 'DELIVERED'
     )
     SELECT DISTINCT ON (dossier_id, system_id) dossier_id AS "dossierId", system_id AS "systemId", due_at::timestamptz AS "dueAt", at, how
     FROM told WHERE due_at IS NOT NULL AND at IS NOT NULL ORDER BY dossier_id, system_id, at DESC, how`,
    [[...dossierIds]],
  )
