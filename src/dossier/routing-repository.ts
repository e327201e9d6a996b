import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import type { Database, Tx } from '../platform/database.js'

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
  /** For a person's act: told of the modes that were in force on that day (`operation mode`), and of how many routes were changed. */
  readonly audit?: (tx: Tx, before: readonly string[], changed: number) => Promise<void>
}

/** A switch of an operation to another mode that was planned for a day yet later. */
export interface LaterSwitch {
  readonly operation: Operation
  readonly mode: RouteMode
  /** Local date `yyyy-MM-dd`. */
  readonly from: string
}

/** Returns how many routes were changed. Switches that were planned for later days are replaced by it. */
export const setRouteMode = (db: Database, change: ModeChange): Promise<number> => db.transaction((tx) => setRouteModeIn(tx, change))

/** Leaves all as it is when a switch was planned for a later day. */
export const setRouteModeUnlessLater = (
  db: Database,
  change: ModeChange,
): Promise<{ readonly kind: 'SET'; readonly changed: number } | { readonly kind: 'LATER'; readonly switches: readonly LaterSwitch[] }> =>
  db.transaction(async (tx) => {
    const switches = await tx.query<LaterSwitch>(
      `SELECT DISTINCT operation, mode, valid_from::text AS "from" FROM routing_rule
       WHERE valid_from > $1::date AND ($2::text[] IS NULL OR operation = ANY($2::text[])) ORDER BY 3, 1, 2`,
      [change.from, change.operations ?? null],
    )
    return switches.length > 0 ? { kind: 'LATER', switches } : { kind: 'SET', changed: await setRouteModeIn(tx, change) }
  })

const setRouteModeIn = async (tx: Tx, { mode, from, operations, audit }: ModeChange): Promise<number> => {
  const chosen = operations ?? null
  const routes = await tx.query<{ event: string; origin: string; procedure: string; operation: string }>(
    `SELECT DISTINCT event, origin, procedure, operation FROM routing_rule
     WHERE (valid_to IS NULL OR valid_to >= $1::date) AND ($2::text[] IS NULL OR operation = ANY($2::text[]))`,
    [from, chosen],
  )
  const before = await tx.query<{ mode: string }>(
    `SELECT DISTINCT operation || ' ' || mode AS mode FROM routing_rule WHERE valid_from <= $1::date
       AND (valid_to IS NULL OR valid_to >= $1::date) AND ($2::text[] IS NULL OR operation = ANY($2::text[])) ORDER BY 1`,
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
  await audit?.(
    tx,
    before.map((row) => row.mode),
    routes.length,
  )
  return routes.length
}

/** Modes in force on a day, by operation, for people. */
export const listRoutes = (
  db: Pick<Database, 'query'>,
): Promise<{ operation: string; event: string; procedure: string; mode: RouteMode; validFrom: string; validTo: string | null }[]> =>
  db.query(
    `SELECT operation, event, procedure, mode, valid_from::text AS "validFrom", valid_to::text AS "validTo"
     FROM routing_rule ORDER BY operation, event, valid_from`,
  )
