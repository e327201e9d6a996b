import type { Scope } from '../access/scope.js'
import { dossierInScope, Parameters } from '../access/scope.js'
import type { SystemId } from '../model/system.js'
import type { Health } from '../model/system-health.js'
import type { Sql } from '../platform/database.js'

export interface SystemRow {
  readonly id: SystemId
  readonly name: string
  readonly enabled: boolean
  readonly health: Health
  readonly healthSince: Date
  readonly lastSuccessAt: Date | null
  readonly lastFailureAt: Date | null
  readonly lastFailure: string | null
  /** What the machine has still to do, of dossiers within the scope. */
  readonly queueDepth: number
  /** What waits for a person. */
  readonly attentionCount: number
  readonly oldestWaitingAt: Date | null
}

const WAITING = `t.state IN ('PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE')`
const ATTENTION = `t.state IN ('HELD', 'REJECTED', 'EXHAUSTED')`

/** Every foreign system with its health as all processes know it, and its queue as far as the scope shows it. */
export const listSystems = async (db: Sql, scope: Scope): Promise<SystemRow[]> => {
  const parameters = new Parameters()
  return db.query<SystemRow>(
    `SELECT s.id, s.name, s.enabled, s.health, s.health_since AS "healthSince", s.last_success_at AS "lastSuccessAt",
       s.last_failure_at AS "lastFailureAt", s.last_failure AS "lastFailure", COALESCE(q.waiting, 0) AS "queueDepth",
       COALESCE(q.attention, 0) AS "attentionCount", q.oldest AS "oldestWaitingAt"
     FROM foreign_system s LEFT JOIN (
       SELECT t.system_id, count(*) FILTER (WHERE ${WAITING})::int AS waiting, count(*) FILTER (WHERE ${ATTENTION})::int AS attention,
         min(coalesce(t.requeued_at, t.created_at)) FILTER (WHERE ${WAITING}) AS oldest
       FROM transfer t JOIN dossier d ON d.id = t.dossier_id
       WHERE (${WAITING} OR ${ATTENTION}) AND ${dossierInScope(scope, 'd', parameters)} GROUP BY t.system_id
     ) AS q ON q.system_id = s.id ORDER BY s.id`,
    parameters.values,
  )
}
