import { DELAYED_STATES, interlinkStateOf } from '../model/interlink-state.js'
import type { InterlinkState, TransferState } from '../model/transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES, TRANSFER_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'

/**
 * The rule of `interlinkStateOf` over all transfers of a dossier, as SQL. What is under way or needs a person is mostly little beside ten years of
 * delivered transfers, and an index holds it apart: then those dossiers are looked up. After a cut-over or a long outage it may be nearly everything: then
 * the list is walked and each dossier asked for its few transfers, which soon fills a page. Nothing ever collects all that is open.
 */
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')
const UNSETTLED = TRANSFER_STATES.filter((state) => !(PASSABLE_STATES as readonly TransferState[]).includes(state))

const OF_DOSSIER = `CASE WHEN bool_or(t.state IN (${quoted(ATTENTION_STATES)})) THEN 'NEEDS_ATTENTION'
    WHEN bool_or(t.state IN (${quoted(DELAYED_STATES)})) THEN 'DELAYED' WHEN count(*) > 0 THEN 'IN_FLIGHT' ELSE 'IN_SYNC' END`

/** Transfers that lead to their dossiers sooner than a walk does. */
const FEW = 10_000

/**
 * SQL: ids of dossiers, all those in one of these states among them, when few transfers lead to them now; else null. They are counted state by state in
 * the order of the index, which leaves the planner no reason to read the table.
 */
export const dossierIdsOfInterlink = async (db: Sql, states: readonly InterlinkState[]): Promise<string | null> => {
  if (states.length === 0 || states.includes('IN_SYNC') || states.includes('NONE')) return null
  const leading = quoted(UNSETTLED.filter((one) => states.includes(interlinkStateOf(one))))
  const [row] = await db.query<{ few: boolean }>(`SELECT count(*) <= ${FEW} AS few FROM (
    SELECT part.* FROM unnest(ARRAY[${leading}]) AS st(state) CROSS JOIN LATERAL (
      SELECT 1 AS one FROM transfer t WHERE t.state = st.state AND t.state <> 'DELIVERED' ORDER BY t.created_at DESC, t.id LIMIT ${FEW + 1}
    ) part LIMIT ${FEW + 1}) counted`)
  return row?.few ? `(SELECT t.dossier_id FROM transfer t WHERE t.state IN (${leading}) AND t.state <> 'DELIVERED')` : null
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
