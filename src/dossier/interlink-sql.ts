import { DELAYED_STATES } from '../model/interlink-state.js'
import type { InterlinkState, TransferState } from '../model/transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES, TRANSFER_STATES } from '../model/transfer-state.js'

/**
 * The rule of `interlinkStateOf` over all transfers of a dossier, as SQL. What is under way or needs a person is always little beside ten years of
 * delivered transfers, and an index holds it apart; so those dossiers are looked up, and all others are known by not being among them.
 */
const listed = (states: readonly TransferState[]): string => states.map((state) => `'${state}'`).join(', ')
const UNSETTLED = TRANSFER_STATES.filter((state) => !(PASSABLE_STATES as readonly TransferState[]).includes(state))

const OPEN = `SELECT t.dossier_id, CASE WHEN bool_or(t.state IN (${listed(ATTENTION_STATES)})) THEN 'NEEDS_ATTENTION'
    WHEN bool_or(t.state IN (${listed(DELAYED_STATES)})) THEN 'DELAYED' ELSE 'IN_FLIGHT' END AS interlink
  FROM transfer t WHERE t.state IN (${listed(UNSETTLED)}) AND t.state <> 'DELIVERED' GROUP BY t.dossier_id`

const isOpen = (state: InterlinkState): boolean => state !== 'IN_SYNC' && state !== 'NONE'
const openIds = (states: readonly InterlinkState[]): string =>
  `SELECT o.dossier_id FROM (${OPEN}) o WHERE o.interlink IN (${states.map((state) => `'${state}'`).join(', ')})`

/** SQL: the ids of the dossiers in these states, when all of them are few at any time; else null. */
export const dossierIdsOfInterlink = (states: readonly InterlinkState[]): string | null =>
  states.length > 0 && states.every(isOpen) ? `(${openIds(states)})` : null

/** SQL: condition on a dossier `d`. */
export const interlinkIn = (states: readonly InterlinkState[]): string => {
  const open = states.filter(isOpen)
  const parts = open.length > 0 ? [`d.id IN (${openIds(open)})`] : []
  if (states.includes('IN_SYNC')) parts.push(`d.interlinked AND d.id NOT IN (SELECT o.dossier_id FROM (${OPEN}) o)`)
  if (states.includes('NONE')) parts.push('NOT d.interlinked')
  return parts.length === 0 ? 'FALSE' : `(${parts.map((part) => `(${part})`).join(' OR ')})`
}
