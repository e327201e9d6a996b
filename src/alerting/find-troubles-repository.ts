import { GATEWAY_ALERTS_UNDER, type Trouble } from '../model/alert.js'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import { ATTENTION_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { UNBLOCKED } from '../transfer/claim-repository.js'
import { systemsInMaintenance } from '../transfer/maintenance-repository.js'
import { minutesQueueIsAway } from '../transfer/queue-outage-repository.js'

/** Ngưỡng cảnh báo, a rule each; null: it is not looked at. */
export interface AlertThresholds {
  /** Whether it answers nothing, or answers and serves nothing. */
  readonly systemDown: { readonly minutes: number } | null
  /** The Redis that holds the queue, as any process tells of itself. */
  readonly queueAway: { readonly minutes: number } | null
  /** Of what nothing stands before: what waits behind a held one is counted with that. */
  readonly oldestWaiting: { readonly minutes: number } | null
  /** Of the sendings that were begun within the window, unless there were too few to say anything. */
  readonly failureShare: { readonly percent: number; readonly windowMinutes: number; readonly leastAttempts: number } | null
  /** Dossiers with an open alarm of the due date watch. */
  readonly dueDateRisk: { readonly dossiers: number } | null
  /** What stands still until a person has looked: HELD, REJECTED or EXHAUSTED. */
  readonly heldTransfers: { readonly transfers: number } | null
  /** A change that cannot be read, or was read and cannot be applied; or a feed of a system that answers and was not read to its end. */
  readonly feedStalled: { readonly minutes: number } | null
  readonly feedAlarm: { readonly enabled: true } | null
  /** Open ones of reconciliation: neither under repair nor ignored. */
  readonly discrepancies: { readonly open: number } | null
  /** A run that goes on no more, or was given up. */
  readonly reconciliationStopped: { readonly minutes: number } | null
  /** Commune codes of a system without a mapping, under which nothing is compared. */
  readonly communesUnmapped: { readonly codes: number } | null
}

interface Looked {
  readonly thresholds: AlertThresholds
  /** Switched on here. */
  readonly systems: readonly SystemId[]
  readonly polled: readonly SystemId[]
}

type Found = Pick<Trouble, 'systemId' | 'value'>

const minutesSince = (instant: string): string => `floor(extract(epoch FROM app_now() - ${instant}) / 60)::int`
const ago = (placeholder: string): string => `(SELECT app_now()) - ${placeholder}::int * interval '1 minute'`

const systemsNotServing = (sql: Sql, health: 'DOWN' | 'REFUSING', minutes: number, systems: readonly SystemId[]): Promise<Found[]> =>
  sql.query(
    `SELECT id AS "systemId", ${minutesSince('health_since')} AS value FROM foreign_system
     WHERE id = ANY($1::text[]) AND health = $3 AND health_since <= ${ago('$2')}`,
    [[...systems], minutes, health],
  )

const queueAway = async (sql: Sql, minutes: number): Promise<Found[]> => {
  const value = await minutesQueueIsAway(sql)
  return value === undefined || value < minutes ? [] : [{ systemId: GATEWAY_ALERTS_UNDER, value }]
}

/** As the index of what waits says it: since it was planned, or was put in line again. */
const SINCE = 'coalesce(t.requeued_at, t.created_at)'

/** When the last one that stood before it got out of its way: until then it has not waited for the system. */
const FREED_AT = `(SELECT max(earlier.settled_at) FROM transfer earlier
  WHERE earlier.dossier_id = t.dossier_id AND earlier.system_id = t.system_id AND earlier.sequence < t.sequence)`

/** Of a whole backlog the first that were put in line are looked at. */
const LOOKED_AT = 200

const OLDEST = `
SELECT s.id AS "systemId", ${minutesSince('min(o.since)')} AS value FROM unnest($1::text[]) AS s(id)
CROSS JOIN LATERAL (
  SELECT greatest(${SINCE}, ${FREED_AT}) AS since FROM transfer t
  WHERE t.system_id = s.id AND t.state IN ('PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE')
    AND ${SINCE} <= ${ago('$2')} AND ${UNBLOCKED}
  ORDER BY ${SINCE} LIMIT ${LOOKED_AT}) o
WHERE o.since <= ${ago('$2')} GROUP BY s.id`

const oldestWaiting = (sql: Sql, minutes: number, systems: readonly SystemId[]): Promise<Found[]> =>
  sql.query(OLDEST, [[...systems], minutes])

const failureShares = (
  sql: Sql,
  { percent, windowMinutes, leastAttempts }: NonNullable<AlertThresholds['failureShare']>,
): Promise<Found[]> =>
  sql.query(
    `SELECT t.system_id AS "systemId", floor(100.0 * count(*) FILTER (WHERE a.outcome <> 'ACCEPTED') / count(*))::int AS value
     FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE a.started_at > ${ago('$1')} AND a.kind = 'SEND' AND a.outcome IS NOT NULL
     GROUP BY t.system_id HAVING count(*) >= $2::int AND 100 * count(*) FILTER (WHERE a.outcome <> 'ACCEPTED') >= $3::int * count(*)`,
    [windowMinutes, leastAttempts, percent],
  )

const dossiersAtRisk = (sql: Sql, dossiers: number): Promise<Found[]> =>
  sql.query(
    `SELECT t.system_id AS "systemId", count(DISTINCT t.dossier_id)::int AS value
     FROM risk_alarm a JOIN transfer t ON t.id = a.transfer_id WHERE a.cleared_at IS NULL
     GROUP BY t.system_id HAVING count(DISTINCT t.dossier_id) >= $1::int`,
    [dossiers],
  )

/** Held, refused or tried in vain until its time was over: none of it goes on by itself. */
const transfersHeld = (sql: Sql, transfers: number): Promise<Found[]> =>
  sql.query(
    `SELECT system_id AS "systemId", count(*)::int AS value FROM transfer
     WHERE system_id = ANY($1::text[]) AND state IN (${ATTENTION_STATES.map((state) => `'${state}'`).join(', ')}) GROUP BY system_id HAVING count(*) >= $2::int`,
    [[...SYSTEM_IDS], transfers],
  )

/**
 * While a system is down its feed cannot be read either: that is told once. A feed that falls behind is read, and never to its end; one that has not
 * come to its end yet counts from when its system was first heard. What a system has told, by whatever road, and what fails each time that it is applied is
 * as good as not read; what was kept for a code that was not known, and is applied now, has its reason with it and is none of these.
 */
const feedsStalled = (sql: Sql, minutes: number, systems: readonly SystemId[], polled: readonly SystemId[]): Promise<Found[]> =>
  sql.query(
    `SELECT "systemId", max(value) AS value FROM (
       SELECT c.system_id AS "systemId", ${minutesSince('least(c.stalled_since, behind.since)')} AS value
       FROM poll_cursor c JOIN foreign_system s ON s.id = c.system_id
       CROSS JOIN LATERAL (SELECT CASE WHEN s.health = 'UP' THEN coalesce(c.read_to_end_at, s.health_since) END AS since) AS behind
       WHERE c.system_id = ANY($1::text[]) AND (c.stalled_since <= ${ago('$2')} OR behind.since <= ${ago('$2')})
       UNION ALL
       SELECT source, ${minutesSince('min(received_at)')} FROM inbox_message
       WHERE state = 'STORED' AND dossier_code IS NOT NULL AND reason IS NULL AND received_at <= ${ago('$2')} AND source = ANY($3::text[])
       GROUP BY source) AS stalled GROUP BY 1`,
    [[...polled], minutes, [...systems]],
  )

const feedsAlarmed = (sql: Sql, polled: readonly SystemId[]): Promise<Found[]> =>
  sql.query(`SELECT system_id AS "systemId", 1 AS value FROM poll_cursor WHERE system_id = ANY($1::text[]) AND alarm IS NOT NULL`, [
    [...polled],
  ])

/** What stands still on both sides alike is work that waits for people, and in a district there are always some. */
const openDiscrepancies = (sql: Sql, open: number): Promise<Found[]> =>
  sql.query(
    `SELECT system_id AS "systemId", count(*)::int AS value FROM discrepancy
     WHERE system_id = ANY($1::text[]) AND state = 'OPEN' AND class <> 'STALE' GROUP BY system_id HAVING count(*) >= $2::int`,
    [[...SYSTEM_IDS], open],
  )

/**
 * With the systems that a run was not done with. RUNNING: since its lease or its waiting was over and nobody took it; a run that waits with a time to go on, or that a worker
 * holds, is under way. PAUSED for a day: whoever did it has forgotten it, and none of its scope is begun meanwhile. FAILED: since the first that was given up
 * after the last of its scope that came to its end; that another one is at it by now is no recovery.
 */
const runsStopped = (sql: Sql, minutes: number): Promise<Found[]> =>
  sql.query(
    `WITH given_up AS (
       SELECT DISTINCT ON (f.scope) f.systems, f.progress, min(f.finished_at) OVER (PARTITION BY f.scope) AS since FROM reconciliation_run f
       WHERE f.state = 'FAILED' AND f.created_at > coalesce(
         (SELECT max(d.created_at) FROM reconciliation_run d WHERE d.scope = f.scope AND d.state = 'DONE'), '-infinity')
       ORDER BY f.scope, f.created_at DESC),
     stopped AS (
       SELECT n.systems, n.progress,
         CASE n.state WHEN 'PAUSED' THEN n.last_act_at ELSE greatest(n.created_at, n.last_act_at, n.lease_until, n.resume_at) END AS since
       FROM reconciliation_run n WHERE n.active_key IS NOT NULL AND (n.state = 'PAUSED' AND n.last_act_at <= app_now() - interval '1 day'
         OR n.state <> 'PAUSED' AND coalesce(n.lease_until, n.created_at) <= app_now() AND coalesce(n.resume_at, n.created_at) <= app_now())
       UNION ALL SELECT systems, progress, since FROM given_up)
     SELECT u.system AS "systemId", max(${minutesSince('s.since')}) AS value
     FROM stopped s CROSS JOIN LATERAL unnest(s.systems) AS u(system)
     WHERE s.since <= ${ago('$1')} AND s.progress->u.system->>'phase' IS DISTINCT FROM 'DONE' GROUP BY u.system`,
    [minutes],
  )

/**
 * By the newest run of each scope that is done, unless one over all has looked since: what it met. A code for which a mapping was loaded since then is
 * believed to be mended; where it is not, on some of its days, the next run says so again.
 */
const communesUnmapped = (sql: Sql, codes: number): Promise<Found[]> =>
  sql.query(
    `WITH newest AS (
       SELECT DISTINCT ON (r.scope) r.scope, r.created_at, r.systems, r.progress FROM reconciliation_run r
       WHERE r.scope <> 'OPEN' AND r.state = 'DONE' ORDER BY r.scope, r.created_at DESC)
     SELECT u.system AS "systemId", count(DISTINCT met.code)::int AS value
     FROM newest n CROSS JOIN LATERAL unnest(n.systems) AS u(system)
       CROSS JOIN LATERAL jsonb_each_text(n.progress->u.system->'unmapped') AS met(code, records)
     WHERE NOT EXISTS (SELECT 1 FROM newest whole WHERE whole.scope = 'ALL' AND whole.created_at > n.created_at AND u.system = ANY(whole.systems))
       AND NOT EXISTS (SELECT 1 FROM code_mapping m WHERE m.system_id = u.system AND m.kind = 'COMMUNE' AND m.foreign_code = met.code
         AND m.loaded_at > n.created_at)
     GROUP BY u.system HAVING count(DISTINCT met.code) >= $1::int`,
    [codes],
  )

/** All rules that are broken now, by system. */
export const findTroubles = async (sql: Sql, { thresholds, systems, polled }: Looked): Promise<Trouble[]> => {
  const { systemDown, oldestWaiting: oldest, failureShare, dueDateRisk, heldTransfers, feedStalled, feedAlarm } = thresholds
  const found: Trouble[] = []
  const look = async (
    rule: Trouble['rule'],
    threshold: number | undefined,
    ask: (threshold: number) => Promise<Found[]>,
  ): Promise<void> => {
    if (threshold !== undefined) for (const one of await ask(threshold)) found.push({ rule, threshold, ...one })
  }
  await look('SYSTEM_DOWN', systemDown?.minutes, (minutes) => systemsNotServing(sql, 'DOWN', minutes, systems))
  await look('SYSTEM_REFUSING', systemDown?.minutes, (minutes) => systemsNotServing(sql, 'REFUSING', minutes, systems))
  await look('QUEUE_AWAY', thresholds.queueAway?.minutes, (minutes) => queueAway(sql, minutes))
  await look('OLDEST_WAITING', oldest?.minutes, (minutes) => oldestWaiting(sql, minutes, systems))
  await look('FAILURE_SHARE', failureShare?.percent, () => (failureShare ? failureShares(sql, failureShare) : Promise.resolve([])))
  await look('DUE_DATE_RISK', dueDateRisk?.dossiers, (dossiers) => dossiersAtRisk(sql, dossiers))
  await look('HELD_TRANSFERS', heldTransfers?.transfers, (transfers) => transfersHeld(sql, transfers))
  await look('FEED_STALLED', feedStalled?.minutes, (minutes) => feedsStalled(sql, minutes, systems, polled))
  await look('FEED_ALARM', feedAlarm ? 1 : undefined, () => feedsAlarmed(sql, polled))
  await look('DISCREPANCIES', thresholds.discrepancies?.open, (open) => openDiscrepancies(sql, open))
  await look('RECONCILIATION_STOPPED', thresholds.reconciliationStopped?.minutes, (minutes) => runsStopped(sql, minutes))
  await look('COMMUNES_UNMAPPED', thresholds.communesUnmapped?.codes, (codes) => communesUnmapped(sql, codes))
  return found
}

/** What a planned maintenance explains: so many minutes it may be of what was before. A backlog that it has left is worked off meanwhile. */
const explainedFor = ({ systemDown, oldestWaiting: oldest, failureShare, feedStalled, reconciliationStopped }: AlertThresholds) => {
  const ofSendings = Math.max(systemDown?.minutes ?? 0, oldest?.minutes ?? 0, failureShare?.windowMinutes ?? 0, feedStalled?.minutes ?? 0)
  return [
    ['SYSTEM_DOWN', ofSendings],
    ['SYSTEM_REFUSING', ofSendings],
    ['OLDEST_WAITING', ofSendings],
    ['FAILURE_SHARE', ofSendings],
    ['FEED_STALLED', ofSendings],
    ['RECONCILIATION_STOPPED', reconciliationStopped?.minutes ?? 0],
  ] as const satisfies readonly (readonly [Trouble['rule'], number])[]
}

/**
 * Rules that say nothing now of a system, because its maintenance runs, or has ended so lately that what they measure may still be of it. An alert that was open
 * before stays open: that nobody looks is no recovery.
 */
export const findHushed = async (sql: Sql, thresholds: AlertThresholds): Promise<Pick<Trouble, 'rule' | 'systemId'>[]> => {
  const hushed: Pick<Trouble, 'rule' | 'systemId'>[] = []
  const systemsOf = new Map<number, readonly SystemId[]>()
  for (const [rule, minutes] of explainedFor(thresholds)) {
    const systems = systemsOf.get(minutes) ?? (await systemsInMaintenance(sql, minutes))
    systemsOf.set(minutes, systems)
    for (const systemId of systems) hushed.push({ rule, systemId })
  }
  return hushed
}
