import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import { PASSABLE_STATES, TRANSFER_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import type { GaugeReadings } from '../platform/metrics.js'
import { inMaintenance } from '../transfer/maintenance-repository.js'

type Row<Part extends keyof GaugeReadings> = GaugeReadings[Part] extends readonly (infer One)[] ? One : GaugeReadings[Part]

const PASSABLE: readonly string[] = PASSABLE_STATES
const OPEN_STATES = TRANSFER_STATES.filter((state) => !PASSABLE.includes(state))

/**
 * What is open now, by system and state, and how long the oldest has waited, of every system and state, also where none is; the outbox; messages that wait for their dossier or turn; the
 * gates before the systems; and how long ago the feeds of those that are polled were read to their ends. Asked at each scrape.
 */
export const readGauges = async (sql: Sql, polled: readonly SystemId[]): Promise<GaugeReadings> => {
  const [queues, outbox, inbox, systems, breakers, feeds, atRisk, alerts] = await Promise.all([
    sql.query<Row<'queues'>>(
      `SELECT s.id AS "systemId", o.state, coalesce(t.count, 0)::int AS count,
         coalesce(extract(epoch FROM app_now() - t.oldest), 0)::float8 AS "oldestSeconds"
       FROM unnest($1::text[]) AS s(id) CROSS JOIN unnest($2::text[]) AS o(state)
         LEFT JOIN (SELECT system_id, state, count(*) AS count, min(coalesce(requeued_at, created_at)) AS oldest
           FROM transfer WHERE state NOT IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') GROUP BY system_id, state) t
         ON t.system_id = s.id AND t.state = o.state`,
      [[...SYSTEM_IDS], [...OPEN_STATES]],
    ),
    sql.query<Row<'outbox'>>(
      `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM app_now() - min(created_at)), 0)::float8 AS "lagSeconds"
       FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL`,
    ),
    sql.query<Row<'inbox'>>(
      `SELECT source, state, count(*)::int AS count, extract(epoch FROM app_now() - min(received_at))::float8 AS "oldestSeconds"
       FROM inbox_message WHERE state IN ('STORED', 'UNMATCHED', 'EARLY') GROUP BY source, state`,
    ),
    sql.query<Row<'systems'>>(
      `SELECT system_id AS "systemId", paused_at IS NOT NULL OR ${inMaintenance('g.system_id')} AS paused,
         (SELECT count(*) FROM transfer t WHERE t.system_id = g.system_id AND t.state = 'SENDING')::int AS "inFlight"
       FROM system_gate g`,
    ),
    sql.query<Row<'breakers'>>(`SELECT system_id AS "systemId", class, open_until IS NOT NULL AS open FROM system_breaker`),
    sql.query<Row<'feeds'>>(
      `SELECT p.id AS "systemId", extract(epoch FROM app_now() - c.read_to_end_at)::float8 AS "unreadSeconds"
       FROM unnest($1::text[]) AS p(id) LEFT JOIN poll_cursor c ON c.system_id = p.id`,
      [[...polled]],
    ),
    sql.query<Row<'atRisk'>>(
      `SELECT s.id AS "systemId", count(t.id)::int AS count
       FROM foreign_system s LEFT JOIN (risk_alarm a JOIN transfer t ON t.id = a.transfer_id) ON t.system_id = s.id AND a.cleared_at IS NULL
       GROUP BY s.id`,
    ),
    readAlertGauges(sql),
  ])
  return { queues, inbox, systems, breakers, feeds, atRisk, alerts, outbox: outbox[0] ?? { waiting: 0, lagSeconds: 0 } }
}

const readAlertGauges = async (sql: Sql): Promise<GaugeReadings['alerts']> => {
  const [open, unsent, look] = await Promise.all([
    sql.query<{ rule: string; systemId: string }>(`SELECT rule, system_id AS "systemId" FROM alert WHERE closed_at IS NULL`),
    sql.query<{ channel: string; count: number }>(
      `SELECT channel, count(*)::int AS count FROM alert_notice WHERE state = 'WAITING' GROUP BY channel`,
    ),
    sql.query<{ seconds: number }>(`SELECT extract(epoch FROM app_now() - looked_at)::float8 AS seconds FROM alert_look`),
  ])
  return { open, unsent, unlookedSeconds: look[0]?.seconds ?? null }
}
