import type { TransferState } from '../generated/graphql.js'

export const OUTCOMES = ['DELIVERED', 'MOVING', 'WAITING', 'ATTENTION', 'CLOSED'] as const
export type Outcome = (typeof OUTCOMES)[number]

const OUTCOME_OF: Record<TransferState, Outcome> = {
  DELIVERED: 'DELIVERED',
  PLANNED: 'MOVING',
  QUEUED: 'MOVING',
  SENDING: 'MOVING',
  WAITING_RETRY: 'WAITING',
  INDETERMINATE: 'WAITING',
  HELD: 'ATTENTION',
  REJECTED: 'ATTENTION',
  EXHAUSTED: 'ATTENTION',
  ABANDONED: 'CLOSED',
  SUPERSEDED: 'CLOSED',
}

export type HourOfOutcomes = { readonly hour: number } & Readonly<Record<Outcome, number>>

const HOUR_MS = 3_600_000

interface Count {
  readonly hour: string
  readonly state: TransferState
  readonly count: number
}

/** Every hour up to the one of `now`, also those in which nothing was planned. A count of an hour outside of these is left out. */
export const hourlyOutcomes = (counts: readonly Count[], hours: number, now: number): HourOfOutcomes[] => {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS
  const rows = Array.from({ length: hours }, (_, index) => ({
    hour: last - (hours - 1 - index) * HOUR_MS,
    ...(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>),
  }))
  const byHour = new Map(rows.map((row) => [row.hour, row]))
  for (const { hour, state, count } of counts) {
    const row = byHour.get(new Date(hour).getTime())
    if (row) row[OUTCOME_OF[state]] += count
  }
  return rows
}
