import type { DiscrepancyAct } from './generated/graphql.js'

/** What may be done with a discrepancy, as it is written on the command line. */
export const VERB_OF: Readonly<Record<DiscrepancyAct, string>> = {
  REPAIR_HERE: 'repair-here',
  REPAIR_THERE: 'repair-there',
  IGNORE: 'ignore',
}

export const ACT_OF: Readonly<Record<string, DiscrepancyAct>> = Object.fromEntries(
  Object.entries(VERB_OF).map(([act, verb]) => [verb, act as DiscrepancyAct]),
)
