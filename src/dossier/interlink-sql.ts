import { fewUndelivered } from '../access/dossier-lookup.js'
import { interlinkStateOf, TURN_STATES } from '../model/interlink-state.js'
import type { InterlinkState, TransferState } from '../model/transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES, TRANSFER_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { IS_DELAYED, SHUT_SYSTEMS } from '../transfer/delayed-sql.js'

/**
 * The rule of `interlinkStateOf` over all transfers of a dossier, as SQL, with what the gates before the systems say. What is under way or needs a person is mostly little beside ten years of
 * delivered transfers, and an index holds it apart: then those dossiers are looked up. After a cut-over or a long outage it may be nearly everything: then
 * the list is walked and each dossier asked for its few transfers, which soon fills a page.
 */
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')
const UNSETTLED = TRANSFER_STATES.filter((state) => !(PASSABLE_STATES as readonly TransferState[]).includes(state))

const OF_DOSSIER = `CASE WHEN bool_or(t.state IN (${quoted(ATTENTION_STATES)})) THEN 'NEEDS_ATTENTION'
    WHEN bool_or(${IS_DELAYED}) THEN 'DELAYED' WHEN count(*) > 0 THEN 'IN_FLIGHT' ELSE 'IN_SYNC' END`

/** Transfers that lead to what is sought sooner than a walk through the dossiers does, from their newest or from their oldest: what is open lies behind ten years of others then. */
const FEW_BEFORE = { newest: 10_000, oldest: 200_000 } as const

/** SQL: the dossiers of what waits for its turn at systems that are not called, so many of each system. In the order of the index of what waits: nothing else is read. */
const shutOut = (most: number): string => `SELECT part.dossier_id FROM unnest(${SHUT_SYSTEMS}) AS shut(id) CROSS JOIN LATERAL (
    SELECT t.dossier_id FROM transfer t WHERE t.system_id = shut.id AND t.state IN (${quoted(TURN_STATES)})
    ORDER BY coalesce(t.requeued_at, t.created_at) LIMIT ${most}) part`

/** SQL: ids of dossiers, all those in one of these states among them, when few transfers lead to them now; else null. */
export const dossierIdsOfInterlink = async (
  db: Sql,
  states: readonly InterlinkState[],
  first: keyof typeof FEW_BEFORE,
): Promise<string | null> => {
  if (states.length === 0 || states.includes('IN_SYNC') || states.includes('NONE')) return null
  const leading = UNSETTLED.filter((one) => states.includes(interlinkStateOf(one)))
  const isOfShut = states.includes('DELAYED') && !states.includes('IN_FLIGHT')
  const few = FEW_BEFORE[first]
  const fewShutOut = isOfShut ? `(SELECT count(*) FROM (${shutOut(few + 1)}) c) <= ${few}` : 'true'
  const [row] = await db.query<{ few: boolean }>(`SELECT (${fewUndelivered(leading, few)}) AND ${fewShutOut} AS few`)
  if (!row?.few) return null
  const led = `SELECT t.dossier_id FROM transfer t WHERE t.state IN (${quoted(leading)}) AND t.state <> 'DELIVERED'`
  return isOfShut ? `(${led} UNION ALL ${shutOut(few)})` : `(${led})`
}

/** So many are collected once, in less time than thousands of dossiers are asked one by one. */
const FEW_TO_COLLECT = 3_000

/**
 * SQL: condition on a dossier `d`, for a count of what is mostly nearly everything: the few dossiers that are in another state are collected once,
 * and each one is only looked for among them. Null: they are not few, or the states are not such.
 */
export const interlinkForCount = async (db: Sql, states: readonly InterlinkState[]): Promise<string | null> => {
  if (!states.includes('IN_SYNC') || states.includes('NONE')) return null
  const [row] = await db.query<{ few: boolean }>(fewUndelivered(UNSETTLED, FEW_TO_COLLECT))
  return row?.few
    ? `d.interlinked AND d.id NOT IN (SELECT t.dossier_id FROM transfer t WHERE t.state IN (${quoted(UNSETTLED)}) AND t.state <> 'DELIVERED'
        GROUP BY t.dossier_id HAVING NOT (${OF_DOSSIER} IN (${quoted(states)})))`
    : null
}

/** SQL: condition on a dossier `d`. A sub-select that answers yes or no: of one that answers a name, the planner believes that hardly any is in the list. */
export const interlinkIn = (states: readonly InterlinkState[]): string => {
  const ofTransfers = states.filter((state) => state !== 'NONE')
  const parts = states.includes('NONE') ? ['NOT d.interlinked'] : []
  if (ofTransfers.length > 0)
    parts.push(`d.interlinked AND (SELECT ${OF_DOSSIER} IN (${quoted(ofTransfers)})
      FROM transfer t WHERE t.dossier_id = d.id AND t.state IN (${quoted(UNSETTLED)}))`)
  return parts.length === 0 ? 'FALSE' : `(${parts.map((part) => `(${part})`).join(' OR ')})`
}
