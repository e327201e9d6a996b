import { COUNT_LIMIT, type KeysetOrder } from './keyset.js'

/**
 * SQL of a page and of a count that cost about the same at five thousand rows and at half a million.
 *
 * A list without words is *walked*: read in the order of an index, as many rows as the page has, of each part of the list that an index holds in
 * order. With words there are two ways, and neither is right for all of them. "Nguyễn" stands in a third of all rows: walking finds a page of it at
 * once, and a trigram index would have to collect them all first. "Hòa Bình 0912…" stands in two: the index finds them at once, walking never comes to an
 * end. Which word is which, nobody can say beforehand for every scope and filter, so the statement itself finds out: it looks at the first `LOOK` rows of the
 * list, and asks the index only when those did not hold a page. So the worst case is bounded by both: a look, and as many rows as have the
 * rarest word.
 */
export interface Listing {
  readonly order: KeysetOrder
  /** SQL: `id`, `at`, with words also `dossier_id`, of the rows of the list after the cursor, the first `limit` of each part; the words are left aside. */
  readonly walk: (limit: number) => string
  readonly words?: Words
}

export interface Words {
  /** Condition on `s`, a row of `dossier_search`. */
  readonly condition: string
  /** SQL: the ids of the units whose dossiers may be in the list; null: all. */
  readonly units: string | null
  /** Known to stand in few dossiers: nothing is looked at first. */
  readonly areRare: boolean
  /** Whether a list of dossiers holds each dossier of these units that holds the words. */
  readonly isAll: boolean
  /** SQL: `id`, `at` of the rows of the list after the cursor that belong to the dossier `s.dossier_id`. */
  readonly rowsOfDossier: string
  /** Where a list has so many parts that `LOOK` rows of each are too many. */
  readonly look?: LookInParts
}

/** However the rows are spread over the parts, no more than `LOOK_IN_PARTS` are read from an index, and no more than `LOOK` from the tables. */
export interface LookInParts {
  /** SQL: one row with `each`, how many rows are read of each part. */
  readonly share: string
  /**
   * SQL: `id` and `at` of the first `(SELECT each FROM share)` rows after the cursor of each part, and of each whether it `is_last`, the one at which
   * the part was left. Of what is asked for, only what bounds the index's range is met here: a rare condition must not read a part to its end.
   */
  readonly parts: string
  /** SQL: `id`, `at`, `dossier_id` of the row `cut.id` when it is in the list. */
  readonly row: string
}

/** Rows that are looked at before the trigram index is asked. */
export const LOOK = 1_000
/** Entries of an index that are read to find the first `LOOK` rows of all parts. */
export const LOOK_IN_PARTS = 10_000
/** More than one in so many of the rows that were looked at holds the words: then 10,001 are sooner found by walking on. */
const COMMON = 4
/** No more than one in so many: the index is asked once, not for each unit. */
const RARE = 100
/** For a walk that has no end of its own and need not be in order. */
export const EVERY_ROW = 2_000_000_000

const inOrder = ({ direction, idDirection }: KeysetOrder): string => `at ${direction}, id ${idDirection}`

/** `OFFSET 0` keeps a sub-select whole: it is asked row by row, by its index. */
const holding = (rows: string, { condition }: Words): string => `${rows} w CROSS JOIN LATERAL (
    SELECT 1 AS held FROM dossier_search s WHERE s.dossier_id = w.dossier_id AND ${condition} OFFSET 0) held`

/**
 * SQL: `s`, the dossiers that hold the words, as the trigram index finds them; none unless `gate`. Rare words are looked up once for all units; of others the
 * index finds for each unit alone what that unit has, which costs as many look-ups as there are units.
 */
const hits = ({ condition, units }: Words, { gate = 'TRUE', byUnit = false } = {}): string => {
  const found = `SELECT s.dossier_id FROM dossier_search s WHERE ${gate} AND ${condition}`
  if (units === null) return `(${found} OFFSET 0) s`
  return byUnit
    ? `unnest(ARRAY(${units})) AS hu(id) CROSS JOIN LATERAL (${found} AND s.unit_id = hu.id OFFSET 0) s`
    : `(SELECT rare.dossier_id FROM (${found.replace('s.dossier_id', 's.dossier_id, s.unit_id')} OFFSET 0) rare
        WHERE rare.unit_id = ANY(ARRAY(${units})) OFFSET 0) s`
}

const byIndex = (words: Words, how: { gate?: string; byUnit?: boolean } = {}): string =>
  words.isAll ? hits(words, how) : `${hits(words, how)} CROSS JOIN LATERAL (${words.rowsOfDossier} OFFSET 0) x`

/**
 * SQL: `walked`, the rows that are looked at, and whether these are the `whole` list. Of parts that were left at some row, the list is known down to the
 * first of these rows: beyond it, a row of another part may come before those that were read.
 */
const look = ({ walk, order, words }: Listing): string => {
  const parts = words?.look
  return parts
    ? `share AS MATERIALIZED (${parts.share}), taken AS MATERIALIZED (${parts.parts}),
      cut AS MATERIALIZED (
        SELECT id, at FROM (SELECT id, at, count(*) FILTER (WHERE is_last) OVER (ORDER BY ${inOrder(order)}) AS left_before FROM taken) known
        WHERE left_before = 0 ORDER BY ${inOrder(order)} LIMIT ${LOOK}),
      walked AS MATERIALIZED (SELECT w.* FROM cut CROSS JOIN LATERAL (${parts.row} OFFSET 0) w),
      extent AS MATERIALIZED (SELECT (SELECT count(*) < ${LOOK} FROM cut) AND NOT EXISTS (SELECT 1 FROM taken WHERE is_last) AS whole)`
    : `walked AS MATERIALIZED (SELECT id, at, dossier_id FROM (${walk(LOOK)}) w ORDER BY ${inOrder(order)} LIMIT ${LOOK}),
      extent AS MATERIALIZED (SELECT count(*) < ${LOOK} AS whole FROM walked)`
}

/** SQL: `id` and `at` of the first `first` rows, in order. */
export const pageSql = (listing: Listing, first: number): string => {
  const { walk, words, order } = listing
  if (!words) return `SELECT id, at FROM (${walk(first)}) w ORDER BY ${inOrder(order)} LIMIT ${first}`
  if (words.areRare) return `SELECT x.id, x.at FROM ${byIndex({ ...words, isAll: false })} ORDER BY ${inOrder(order)} LIMIT ${first}`
  return `WITH ${look(listing)}, near AS MATERIALIZED (
    SELECT w.id, w.at FROM ${holding('walked', words)} ORDER BY ${inOrder(order)} LIMIT ${first}
  ), looked AS MATERIALIZED (
    SELECT (SELECT count(*) FROM near) = ${first} OR (SELECT whole FROM extent) AS enough
  ) SELECT id, at FROM near WHERE (SELECT enough FROM looked)
  UNION ALL SELECT * FROM (
    SELECT x.id, x.at FROM ${byIndex({ ...words, isAll: false }, { gate: 'NOT (SELECT enough FROM looked)' })}) far
  ORDER BY ${inOrder(order)} LIMIT ${first}`
}

/** SQL: `found`, how many rows there are, one more than `limit` at most. */
export const countSql = (listing: Listing, limit = COUNT_LIMIT): string => {
  const { walk, words } = listing
  const capped = (rows: string): string => `(SELECT count(*) FROM (SELECT 1 AS one FROM ${rows} LIMIT ${limit + 1}) capped)`
  if (!words) return `SELECT ${capped(`(${walk(limit + 1)}) w`)}::int AS found`
  if (words.areRare) return `SELECT ${capped(byIndex(words))}::int AS found`
  return `WITH ${look(listing)}, near AS MATERIALIZED (
    SELECT count(*) AS found FROM ${holding('walked', words)}
  ) SELECT (CASE WHEN (SELECT whole FROM extent) THEN least((SELECT found FROM near), ${limit + 1})
    WHEN (SELECT found FROM near) * ${COMMON} > (SELECT count(*) FROM walked) THEN ${capped(holding(`(${walk(EVERY_ROW)})`, words))}
    WHEN (SELECT found FROM near) * ${RARE} > (SELECT count(*) FROM walked) THEN ${capped(byIndex(words, { byUnit: true }))}
    ELSE ${capped(byIndex(words))} END)::int AS found`
}
