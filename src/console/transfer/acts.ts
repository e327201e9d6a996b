import type { TransferState } from '../generated/graphql.js'

export const ACTS = ['REPLAY', 'CONFIRM', 'SUPERSEDE', 'ABANDON'] as const
export type TransferAct = (typeof ACTS)[number]

/** The states in which an act can be thought of at all. The gateway decides, and says in a sentence what else stands in the way. */
const FROM: Record<TransferAct, readonly TransferState[]> = {
  REPLAY: ['WAITING_RETRY', 'HELD', 'REJECTED', 'EXHAUSTED'],
  CONFIRM: ['INDETERMINATE', 'HELD', 'REJECTED', 'EXHAUSTED', 'ABANDONED'],
  SUPERSEDE: ['WAITING_RETRY', 'HELD', 'REJECTED', 'EXHAUSTED', 'ABANDONED'],
  ABANDON: ['PLANNED', 'QUEUED', 'WAITING_RETRY', 'HELD', 'REJECTED', 'EXHAUSTED'],
}

export const isThinkable = (act: TransferAct, state: TransferState): boolean => FROM[act].includes(state)
