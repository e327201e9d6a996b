import { COUNT_LIMIT, type KeysetOrder } from './keyset.js'

/**
 * SQL of a page and of a count that cost about the same at five thousand rows and at half a million.
 *
 * A list without words is *walked*: read in the order of an index, as many rows as the page has, of each part of the list that an index holds in
 * order. With words there are two ways, and neither is right for all of them. "Nguyễn" stands in a third of all rows: walking finds a page of it at
 * once, and the index of words would have to collect them all first. "Hòa Bình 0912…" stands in two: the index finds them at once, walking never comes to an
 * end. Which word is which, nobody can say beforehand for every scope and filter, so the statement itself finds out: it looks at the first `LOOK` rows of the
 * list, goes on where these promise a page soon, and else asks the index. So the worst case is bounded: a look, and as many rows as hold all the words.
 */
export interface Listing {
  readonly order: KeysetOrder
  /** SQL: `id`, `at`, with words also `dossier_id`, of the rows of the list after the cursor, the first `limit` (SQL) of each part; the words are left aside. */
  readonly walk: (limit: number | string) => string
  /** Whether the walk is one range of an index, which may be followed far. */
  readonly isOneRange: boolean
  /** SQL: `id`, `at` of the rows of the list among the first few of a longer one, in order, where a page of it is soon found. */
  readonly glance?: string
  /** SQL: a row for each row of the list, in any order, where they are sooner counted than walked. */
  readonly counted?: string
  readonly words?: Words
}

export interface Words {
  /** Condition on `s`, a row of `dossier_search` that is at hand. */
  readonly holds: string
  /** The same for all of them, in the units of the list: led by the index. */
  readonly found: string
  /** Known to stand in few dossiers: nothing is looked at first. */
  readonly areRare: boolean
  /** SQL: `id`, `at` of the rows of the list after the cursor that belong to the dossier `s.dossier_id`, which is in the units of the list. */
  readonly rowsOfDossier: string
  /**
   * Where the words and the units alone say which dossiers the list is of, SQL: a row for each row of the list that belongs to the dossier `s.dossier_id`;
   * null when it is that dossier itself. Then it is counted without a look.
   */
  readonly counted?: string | null
  /** Where a list has so many parts that `LOOK` rows of each are too many. */
  readonly look?: LookInParts
}

/** However the rows are spread over the parts, no more than `LOOK_IN_PARTS` are read from an index, and no more than `FURTHER_IN_PARTS` from the tables. */
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

/** Rows that are looked at before the index is asked. */
const LOOK = 500
/** Rows that are followed at most where the look promises a page within them. */
const FURTHER = 12_000
/** The same for a list in many parts, whose rows are read one by one. */
const FURTHER_IN_PARTS = 2_000
/** Entries of an index that are read to find the first `LOOK` rows of all parts. */
export const LOOK_IN_PARTS = 10_000
/** More than one in so many of the rows that were looked at holds the words: then 10,001 are sooner found by walking on. */
const COMMON = 4
/** For a walk that has no end of its own and need not be in order. */
export const EVERY_ROW = 2_000_000_000

const inOrder = ({ direction, idDirection }: KeysetOrder): string => `at ${direction}, id ${idDirection}`

/** `OFFSET 0` keeps a sub-select whole: it is asked row by row, by its index. */
const holding = (rows: string, { holds }: Words): string => `${rows} w CROSS JOIN LATERAL (
    SELECT 1 AS held FROM dossier_search s WHERE s.dossier_id = w.dossier_id AND ${holds} OFFSET 0) held`

/** SQL: `s`, the dossiers that hold the words, as the index finds them, each with its rows `x`; none unless `gate`. */
const byIndex = ({ found }: Words, rowsOfDossier: string | null, gate = 'TRUE'): string =>
  `(SELECT s.dossier_id, s.received_at, s.due_at FROM dossier_search s WHERE ${gate} AND ${found} OFFSET 0) s${
    rowsOfDossier === null ? '' : ` CROSS JOIN LATERAL (${rowsOfDossier} OFFSET 0) x`
  }`

/**
 * SQL: `walked`, the rows that are looked at, and whether these are the `whole` list. Of parts that were left at some row, the list is known down to the
 * first of these rows: beyond it, a row of another part may come before those that were read.
 */
const look = ({ walk, order, words }: Listing): string => {
  const parts = words?.look
  const whole = (rows: string): string => `(SELECT count(*) < ${LOOK} FROM ${rows})`
  return parts
    ? `share AS MATERIALIZED (${parts.share}), taken AS MATERIALIZED (${parts.parts}),
      cut AS MATERIALIZED (
        SELECT id, at, row_number() OVER (ORDER BY ${inOrder(order)}) AS place
        FROM (SELECT id, at, count(*) FILTER (WHERE is_last) OVER (ORDER BY ${inOrder(order)}) AS left_before FROM taken) known
        WHERE left_before = 0 ORDER BY ${inOrder(order)} LIMIT ${FURTHER_IN_PARTS}),
      walked AS MATERIALIZED (${rowsOfCut(parts, `place <= ${LOOK}`)}),
      extent AS MATERIALIZED (SELECT ${whole('cut')} AND NOT EXISTS (SELECT 1 FROM taken WHERE is_last) AS whole)`
    : `walked AS MATERIALIZED (SELECT id, at, dossier_id FROM (${walk(LOOK)}) w ORDER BY ${inOrder(order)} LIMIT ${LOOK}),
      extent AS MATERIALIZED (SELECT ${whole('walked')} AS whole)`
}

const rowsOfCut = ({ row }: LookInParts, which: string): string =>
  `SELECT w.* FROM (SELECT id FROM cut WHERE ${which} OFFSET 0) cut CROSS JOIN LATERAL (${row} OFFSET 0) w`

/**
 * SQL: `near`, the rows of the list that are found before the index is asked, and whether they are `enough` for a page. After the look, the list is followed
 * half as far again as its `LOOK` first rows promise a page, where it can be; not at all when that is too far.
 */
const nearest = (listing: Listing, words: Words, first: number): string => {
  const farthest = words.look ? FURTHER_IN_PARTS : listing.isOneRange ? FURTHER : 0
  const promised = (first * LOOK * 3) / 2
  const further = words.look ? rowsOfCut(words.look, 'place <= (SELECT rows FROM depth)') : listing.walk('(SELECT rows FROM depth)')
  return `${look(listing)}, looked AS MATERIALIZED (SELECT w.id, w.at FROM ${holding('walked', words)}),
    of_look AS MATERIALIZED (SELECT count(*) AS found, count(*) >= ${first} OR (SELECT whole FROM extent) AS enough FROM looked)${
      farthest === 0
        ? `, near AS MATERIALIZED (SELECT * FROM looked), seen AS MATERIALIZED (SELECT enough FROM of_look)`
        : `, depth AS MATERIALIZED (
      SELECT CASE WHEN enough OR found * ${farthest} < ${promised} THEN 0 ELSE ${promised} / found END AS rows FROM of_look),
    further AS MATERIALIZED (${further}),
    near AS MATERIALIZED (
      SELECT id, at FROM looked WHERE (SELECT rows FROM depth) = 0
      UNION ALL SELECT w.id, w.at FROM ${holding('further', words)}),
    seen AS MATERIALIZED (SELECT (SELECT enough FROM of_look) OR (SELECT count(*) FROM near) >= ${first} AS enough)`
    }`
}

/** SQL: `id` and `at` of the first `first` rows, in order. */
export const pageSql = (listing: Listing, first: number): string => {
  const { walk, words, order, glance } = listing
  const firstInOrder = `ORDER BY ${inOrder(order)} LIMIT ${first}`
  if (!words && glance)
    return `WITH near AS MATERIALIZED (SELECT id, at FROM (${glance}) g ${firstInOrder}),
      seen AS MATERIALIZED (SELECT count(*) = ${first} AS enough FROM near)
    SELECT id, at FROM near WHERE (SELECT enough FROM seen)
    UNION ALL SELECT id, at FROM (${walk(first)}) w WHERE NOT (SELECT enough FROM seen) ${firstInOrder}`
  if (!words) return `SELECT id, at FROM (${walk(first)}) w ${firstInOrder}`
  if (words.areRare) return `SELECT x.id, x.at FROM ${byIndex(words, words.rowsOfDossier)} ${firstInOrder}`
  return `WITH ${nearest(listing, words, first)} SELECT id, at FROM near WHERE (SELECT enough FROM seen)
  UNION ALL SELECT * FROM (SELECT x.id, x.at FROM ${byIndex(words, words.rowsOfDossier, 'NOT (SELECT enough FROM seen)')}) far
  ${firstInOrder}`
}

/** SQL: `found`, how many rows there are, one more than `limit` at most. */
export const countSql = (listing: Listing, limit = COUNT_LIMIT): string => {
  const { walk, words } = listing
  const capped = (rows: string): string => `(SELECT count(*) FROM (SELECT 1 AS one FROM ${rows} LIMIT ${limit + 1}) capped)`
  if (!words) return `SELECT ${capped(`(${listing.counted ?? walk(limit + 1)}) w`)}::int AS found`
  if (words.counted !== undefined) return `SELECT ${capped(byIndex(words, words.counted))}::int AS found`
  if (words.areRare) return `SELECT ${capped(byIndex(words, words.rowsOfDossier))}::int AS found`
  return `WITH ${look(listing)}, near AS MATERIALIZED (
    SELECT count(*) AS found FROM ${holding('walked', words)}
  ) SELECT (CASE WHEN (SELECT whole FROM extent) THEN least((SELECT found FROM near), ${limit + 1})
    WHEN (SELECT found FROM near) * ${COMMON} > (SELECT count(*) FROM walked) THEN ${capped(holding(`(${walk(EVERY_ROW)})`, words))}
    ELSE ${capped(byIndex(words, words.rowsOfDossier))} END)::int AS found`
}
