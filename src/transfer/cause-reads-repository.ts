import type { CauseSide } from '../model/cause-side.js'
import { describeCause } from '../model/cause-words.js'
import type { CauseKind } from '../model/failure-cause.js'
import type { Operation, SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { COUNT_LIMIT } from '../platform/keyset.js'

/**
 * Nguyên nhân lỗi as operators read them. How many there are is counted for the reader, never kept: each count walks an index that holds what failed and
 * nothing else, up to `COUNT_LIMIT`, so that a long outage costs no more than that.
 */
export interface CauseRow {
  readonly id: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly kind: CauseKind
  readonly code: string
  readonly field: string | null
  readonly side: CauseSide | null
  /** Transfers that failed last by it and are not done; `COUNT_LIMIT` + 1: more. */
  readonly open: number
  /** Attempts that ended by it; `COUNT_LIMIT` + 1: more. */
  readonly total: number
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly note: string | null
  readonly remedy: string | null
  readonly notedBy: string | null
  readonly notedAt: Date | null
  readonly version: number
}

export interface CauseFilter {
  readonly systems?: readonly SystemId[]
  readonly operations?: readonly Operation[]
  readonly sides?: readonly CauseSide[]
  readonly openOnly?: boolean
}

/** As the index has it. */
export const OPEN_FAILURE = `t.state NOT IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED')`

const open = (id: string): string =>
  `(SELECT count(*)::int FROM (SELECT 1 FROM transfer t WHERE t.cause_id = ${id} AND ${OPEN_FAILURE} LIMIT ${COUNT_LIMIT + 1}) AS o)`

/** What is held without a call has no attempt: it was seen when it was held. */
const COLUMNS = `c.id::text, c.system_id AS "systemId", c.operation, c.kind, c.code, c.field, c.side, c.first_seen_at AS "firstSeenAt",
  greatest(c.first_seen_at, (SELECT max(a.started_at) FROM attempt a WHERE a.cause_id = c.id),
    CASE WHEN c.kind = 'HELD' THEN (SELECT max(t.settled_at) FROM transfer t WHERE t.cause_id = c.id AND ${OPEN_FAILURE}) END) AS "lastSeenAt",
  (SELECT count(*)::int FROM (SELECT 1 FROM attempt a WHERE a.cause_id = c.id LIMIT ${COUNT_LIMIT + 1}) AS k) AS total,
  c.note, c.remedy, c.noted_by AS "notedBy", c.noted_at AS "notedAt", c.version`

export const findCausesById = (sql: Sql, ids: readonly string[]): Promise<CauseRow[]> =>
  sql.query<CauseRow>(`SELECT ${COLUMNS}, ${open('c.id')} AS open FROM failure_cause c WHERE c.id = ANY($1::uuid[])`, [[...ids]])

export interface CauseKeyRow {
  readonly id: string
  readonly operation: Operation
  readonly kind: CauseKind
  readonly code: string
  readonly field: string | null
  readonly side: CauseSide | null
}

/** What a sentence needs, without counts. */
export const findCauseKeys = (sql: Sql, ids: readonly string[]): Promise<CauseKeyRow[]> =>
  sql.query<CauseKeyRow>(
    `SELECT c.id::text, c.operation, c.kind, c.code, c.field, c.side FROM failure_cause c WHERE c.id = ANY($1::uuid[])`,
    [[...ids]],
  )

/** Where a page begins: behind a cause with so many open transfers. Counts move: what has moved between two pages may be met twice or not at all. */
export interface CausePlace {
  readonly open: number
  readonly id: string
}

/** Of causes that fit, their ids and how many are open, most open first. There are some hundreds of causes, so the side, which is no column, is sieved out here. */
const rank = async (sql: Sql, filter: CauseFilter): Promise<CausePlace[]> => {
  const rows = await sql.query<CauseKeyRow & { open: number }>(
    `SELECT * FROM (
       SELECT c.id::text, c.operation, c.kind, c.code, c.field, c.side, ${open('c.id')} AS open FROM failure_cause c
       WHERE ($1::text[] IS NULL OR c.system_id = ANY($1::text[])) AND ($2::text[] IS NULL OR c.operation = ANY($2::text[]))
     ) AS ranked WHERE NOT $3::boolean OR open > 0 ORDER BY open DESC, id`,
    [filter.systems ? [...filter.systems] : null, filter.operations ? [...filter.operations] : null, filter.openOnly ?? false],
  )
  return filter.sides ? rows.filter((row) => filter.sides?.includes(describeCause(row).side)) : rows
}

export interface CausePage {
  readonly rows: readonly CauseRow[]
  readonly hasNextPage: boolean
  readonly totalCount: number
}

export const listCauses = async (sql: Sql, filter: CauseFilter, first: number, after?: CausePlace): Promise<CausePage> => {
  const ranked = await rank(sql, filter)
  const rest = after ? ranked.filter(({ open, id }) => open < after.open || (open === after.open && id > after.id)) : ranked
  const page = rest.slice(0, first)
  const known = new Map(
    (
      await findCausesById(
        sql,
        page.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  return {
    rows: page.flatMap(({ id, open }) => {
      const row = known.get(id)
      return row ? [{ ...row, open }] : []
    }),
    hasNextPage: rest.length > first,
    totalCount: ranked.length,
  }
}
