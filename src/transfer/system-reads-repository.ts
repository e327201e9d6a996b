import { dossierInScope, Parameters } from '../access/scope.js'
import type { Scope } from '../access/scope.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

export interface SystemRow {
  readonly id: SystemId
  readonly name: string
  readonly enabled: boolean
  readonly health: 'UP' | 'DOWN' | 'UNKNOWN'
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
         min(t.created_at) FILTER (WHERE ${WAITING}) AS oldest
       FROM transfer t JOIN dossier d ON d.id = t.dossier_id
       WHERE (${WAITING} OR ${ATTENTION}) AND ${dossierInScope(scope, 'd', parameters)} GROUP BY t.system_id
     ) AS q ON q.system_id = s.id ORDER BY s.id`,
    parameters.values,
  )
}

export interface QueueGauges {
  readonly queues: readonly { readonly systemId: string; readonly state: string; readonly count: number; readonly oldestSeconds: number }[]
  /** Wake-ups written and not yet published, and the age of the oldest that is due. */
  readonly outbox: { readonly waiting: number; readonly lagSeconds: number }
}

/** What `/metrics` says of queues and outbox, over all dossiers: numbers alone. */
export const readQueueGauges = async (db: Sql): Promise<QueueGauges> => {
  const queues = await db.query<QueueGauges['queues'][number]>(
    `SELECT t.system_id AS "systemId", t.state, count(*)::int AS count,
       GREATEST(0, EXTRACT(EPOCH FROM app_now() - min(t.created_at)))::float8 AS "oldestSeconds"
     FROM transfer t WHERE ${WAITING} OR ${ATTENTION} GROUP BY 1, 2`,
  )
  const [outbox] = await db.query<QueueGauges['outbox']>(
    `SELECT count(*)::int AS waiting, COALESCE(GREATEST(0, EXTRACT(EPOCH FROM app_now() - min(created_at))), 0)::float8 AS "lagSeconds"
     FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL`,
  )
  return { queues, outbox: outbox ?? { waiting: 0, lagSeconds: 0 } }
}
