import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import type { Database } from '../platform/database.js'

/**
 * Chuyển chế độ định tuyến (cut-over): from a day on, the chosen routes have another mode. Rules that hold over that day end the
 * day before it; the history before it keeps its mode, so a first poll of ten years sends nothing of them. A route that has
 * ended before that day stays ended.
 */
export interface ModeChange {
  readonly mode: RouteMode
  /** Local date `yyyy-MM-dd`, inclusive. */
  readonly from: string
  /** Absent: all. */
  readonly operations?: readonly Operation[]
}

/** Returns how many routes were changed. */
export const setRouteMode = (db: Database, { mode, from, operations }: ModeChange): Promise<number> =>
  db.transaction(async (tx) => {
    const chosen = operations ?? null
    const routes = await tx.query<{ event: string; origin: string; procedure: string; operation: string }>(
      `SELECT DISTINCT event, origin, procedure, operation FROM routing_rule
       WHERE (valid_to IS NULL OR valid_to >= $1::date) AND ($2::text[] IS NULL OR operation = ANY($2::text[]))`,
      [from, chosen],
    )
    await tx.query(
      `DELETE FROM routing_rule WHERE valid_from >= $1::date AND ($2::text[] IS NULL OR operation = ANY($2::text[])) RETURNING 1 AS done`,
      [from, chosen],
    )
    await tx.query(
      `UPDATE routing_rule SET valid_to = $1::date - 1
       WHERE (valid_to IS NULL OR valid_to >= $1::date) AND ($2::text[] IS NULL OR operation = ANY($2::text[])) RETURNING 1 AS done`,
      [from, chosen],
    )
    await tx.orm.routingRule.createMany({ data: routes.map((route) => ({ ...route, mode, validFrom: new Date(from) })) })
    return routes.length
  })

/** Modes in force on a day, by operation, for people. */
export const listRoutes = (
  db: Pick<Database, 'query'>,
): Promise<{ operation: string; event: string; procedure: string; mode: RouteMode; validFrom: string; validTo: string | null }[]> =>
  db.query(
    `SELECT operation, event, procedure, mode, valid_from::text AS "validFrom", valid_to::text AS "validTo"
     FROM routing_rule ORDER BY operation, event, valid_from`,
  )
