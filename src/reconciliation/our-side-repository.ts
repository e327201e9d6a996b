import type { ComparedField } from '../model/compared-record.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { OurSide } from '../model/judge-discrepancy.js'
import type { Origin, SystemId } from '../model/system.js'
import { introductionOf } from '../model/transfer-order.js'
import type { Sql } from '../platform/database.js'
import { expectedAt, OWN_JOINS, type OwnRow, ownColumns, ownRecordOf } from './own-record-repository.js'

/**
 * Phía ta về một hồ sơ, for a judgement: what we hold of it, and whether anything of it is under way. In flight is a dossier whose transfer to this system is not
 * over or was settled since `since`, of which a message is stored and not applied or was settled since, or which itself has changed since. One
 * statement, so one instant.
 */
export interface OurFacts {
  readonly dossierCode: string
  readonly inFlight: boolean
  readonly dossierId?: string
  readonly receivingUnitId?: number
  readonly ours?: Omit<OurSide, 'stale'>
  readonly lastMovedAt?: Date
  readonly notApplied?: { readonly messageId: string; readonly status?: DossierStatus; readonly dueAt?: string }
}

interface Row extends OwnRow {
  readonly asked: string
  readonly inFlight: boolean
  readonly unitId: number
  readonly origin: Origin
  readonly registryHolds: boolean
  readonly expected: boolean
  readonly lastMovedAt: Date
  readonly last: { readonly id: string; readonly state: string } | null
  readonly amended: string | null
  readonly message: { readonly id: string; readonly status: DossierStatus | null; readonly dueAt: string | null } | null
}

/** A message in these states was told and is not applied; what waits for a dossier or for its turn is, once it has waited longer than the grace time. */
const NOT_APPLIED = `('LATE', 'ILLEGAL', 'CONFLICT', 'QUARANTINED', 'REFUSED', 'UNMATCHED', 'EARLY')`

const FACTS = (fields: readonly ComparedField[]): string => `
  SELECT asked.code AS asked, d.origin, d.receiving_unit_id AS "unitId", d.id IS NOT NULL AND ${expectedAt('$1', '$2')} AS expected,
    ${expectedAt("'VILIS'", "'RECEIVE'")} AS "registryHolds",
    greatest(d.status_at, (SELECT max(e.event_at) FROM dossier_event e WHERE e.dossier_id = d.id AND e.applied)) AS "lastMovedAt",
    (SELECT json_build_object('id', t.id, 'state', t.state) FROM transfer t
      WHERE t.dossier_id = d.id AND t.system_id = $1 AND t.state <> 'SUPERSEDED' ORDER BY t.sequence DESC LIMIT 1) AS last,
    (SELECT t.id::text FROM transfer t WHERE t.dossier_id = d.id AND t.system_id = $1 AND t.state = 'DELIVERED' AND t.origin = 'AMENDED'
      AND NOT EXISTS (SELECT 1 FROM transfer later WHERE later.dossier_id = t.dossier_id AND later.system_id = t.system_id
        AND later.operation = t.operation AND later.state = 'DELIVERED' AND later.sequence > t.sequence)
      ORDER BY t.sequence DESC LIMIT 1) AS amended,
    (SELECT json_build_object('id', m.id, 'status', m.payload->>'status', 'dueAt', m.payload->>'dueAt') FROM inbox_message m
      WHERE m.dossier_code = asked.code AND m.source = $1 AND m.state IN ${NOT_APPLIED}
      ORDER BY m.received_at DESC LIMIT 1) AS message,
    coalesce(d.updated_at > $4::timestamptz, false)
      OR EXISTS (SELECT 1 FROM transfer t WHERE t.dossier_id = d.id AND t.system_id = $1
        AND (t.state NOT IN ('DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED') OR t.settled_at > $4::timestamptz))
      OR EXISTS (SELECT 1 FROM inbox_message m WHERE m.dossier_code = asked.code
        AND (m.state = 'STORED' OR m.state IN ('UNMATCHED', 'EARLY') AND m.received_at > $4::timestamptz OR m.settled_at > $4::timestamptz)) AS "inFlight",
    ${ownColumns(fields)}
  FROM unnest($3::text[]) AS asked(code) LEFT JOIN (dossier d ${OWN_JOINS}) ON d.code = asked.code`

export const readOurSide = async (
  sql: Sql,
  system: SystemId,
  fields: readonly ComparedField[],
  codes: readonly string[],
  since: Date,
): Promise<Map<string, OurFacts>> => {
  const rows = await sql.query<Row>(FACTS(fields), [system, introductionOf(system), [...codes], since])
  return new Map(rows.map((row) => [row.asked, factsOf(row, fields)]))
}

const factsOf = (row: Row, fields: readonly ComparedField[]): OurFacts => {
  const { asked: dossierCode, inFlight, message } = row
  const notApplied = message && {
    messageId: message.id,
    ...(message.status && { status: message.status }),
    ...(message.dueAt && { dueAt: message.dueAt }),
  }
  const told = { dossierCode, inFlight, ...(notApplied && { notApplied }) }
  if (row.id === null) return told
  return {
    ...told,
    dossierId: row.id,
    receivingUnitId: row.unitId,
    lastMovedAt: row.lastMovedAt,
    ours: {
      record: ownRecordOf(row, fields),
      origin: row.origin,
      registryHolds: row.registryHolds,
      expected: row.expected,
      acknowledged: row.last?.state === 'DELIVERED',
      ...(row.amended !== null && { amended: { transferId: row.amended } }),
      ...(isFailed(row.last) && { failed: { transferId: row.last.id, state: row.last.state } }),
    },
  }
}

type Failed = NonNullable<OurSide['failed']>

const isFailed = (last: Row['last']): last is { id: string; state: Failed['state'] } =>
  last !== null && (last.state === 'REJECTED' || last.state === 'EXHAUSTED' || last.state === 'ABANDONED')

/** When its feed was last read to the end; undefined: never. */
export const feedReadToEndAt = async (sql: Sql, system: SystemId): Promise<Date | undefined> =>
  (await sql.query<{ at: Date | null }>(`SELECT read_to_end_at AS at FROM poll_cursor WHERE system_id = $1`, [system]))[0]?.at ?? undefined

/** Lying at the desk itself, whoever else has them. */
const AT_DESK: readonly DossierStatus[] = ['SUBMITTED', 'SUPPLEMENT_REQUIRED', 'COMPLETED']

/** Bên đang giữ hồ sơ. */
export const holderOf = (status: DossierStatus, registryHolds: boolean): SystemId =>
  AT_DESK.includes(status) || !registryHolds ? 'ONE_STOP' : 'VILIS'

/** What has not moved since then is stale. */
export type StaleBefore = ReadonlyMap<DossierStatus, Date>

/** Of a range, those that lie at this system and have not moved for as long as their status bears, in the order of their ids. */
export const staleAt = async (
  sql: Sql,
  of: {
    readonly system: SystemId
    readonly staleBefore: StaleBefore
    readonly from: string
    readonly to: string
    readonly afterId?: string
    readonly limit: number
  },
): Promise<{ id: string; dossierCode: string }[]> => {
  const statuses = [...of.staleBefore.keys()]
  if (of.system === 'PORTAL' || statuses.length === 0) return []
  const held = expectedAt("'VILIS'", "'RECEIVE'")
  const lies = of.system === 'VILIS' ? `NOT rule.at_desk AND ${held}` : `(rule.at_desk OR NOT ${held})`
  return sql.query(
    `SELECT d.id::text, d.code AS "dossierCode" FROM unnest($3::text[], $4::timestamptz[], $5::boolean[]) AS rule(status, before, at_desk)
       JOIN dossier d ON d.status = rule.status
     WHERE d.status_at < rule.before
       AND (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN $6::date AND $7::date
       AND NOT EXISTS (SELECT 1 FROM dossier_event e WHERE e.dossier_id = d.id AND e.applied AND e.event_at >= rule.before)
       AND ${lies} AND ${expectedAt('$1', '$2')} AND ($8::uuid IS NULL OR d.id > $8::uuid)
     ORDER BY d.id LIMIT $9::int`,
    [
      of.system,
      introductionOf(of.system),
      statuses,
      [...of.staleBefore.values()],
      statuses.map((status) => AT_DESK.includes(status)),
      of.from,
      of.to,
      of.afterId ?? null,
      of.limit,
    ],
  )
}

/** Event time of the last message of a system that the dossier has taken. */
export const lastAppliedAt = async (sql: Sql, dossierId: string, system: SystemId): Promise<Date | undefined> =>
  (
    await sql.query<{ at: Date | null }>(
      `SELECT max(event_at) AS at FROM dossier_event WHERE dossier_id = $1::uuid AND origin = $2 AND applied`,
      [dossierId, system],
    )
  )[0]?.at ?? undefined
