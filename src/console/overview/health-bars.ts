import type { SystemTimelineState, SystemTimelinesQuery } from '../generated/graphql.js'

type History = SystemTimelinesQuery['systemHistory'][number]

export interface HealthBars {
  /** A row a system: its id, and under the name of each series how long its span is drawn, ms. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** In the order in which they are stacked. A chart colours by series, so each place in the row has one for each state that stands there. */
  readonly series: readonly { readonly name: string; readonly state: SystemTimelineState }[]
  readonly from: number
  readonly until: number
}

const timeOf = (at: string): number => new Date(at).getTime()

/** Of the whole bar. An outage of minutes is seen in a day and in a week too, at the cost of what was before it; in the table each lasts as long as it did. */
const LEAST_SHARE = 1 / 150
const QUIET: ReadonlySet<SystemTimelineState> = new Set(['UP', 'UNKNOWN'])

/** How long each span is drawn: from the last one on, so that one that lasts still is seen whole. */
const drawnLengths = ({ spans, from, until }: History): number[] => {
  const first = timeOf(from)
  const least = (timeOf(until) - first) * LEAST_SHARE
  let end = timeOf(until)
  return spans
    .toReversed()
    .map((span) => {
      const begin = Math.max(first, Math.min(timeOf(span.from), QUIET.has(span.state) ? end : end - least))
      const length = end - begin
      end = begin
      return length
    })
    .reverse()
}

/** Spans end to end as a stacked chart wants them. */
export const healthBars = (histories: readonly History[]): HealthBars => {
  const names = new Map<string, { name: string; state: SystemTimelineState }>()
  const places = Math.max(0, ...histories.map(({ spans }) => spans.length))
  for (let place = 0; place < places; place += 1)
    for (const { spans } of histories) {
      const state = spans[place]?.state
      if (state) names.set(`${place}:${state}`, { name: `${place}:${state}`, state })
    }
  const [first] = histories
  return {
    rows: histories.map((history) => {
      const lengths = drawnLengths(history)
      return {
        systemId: history.systemId,
        ...Object.fromEntries(history.spans.map(({ state }, place) => [`${place}:${state}`, lengths[place] ?? 0])),
      }
    }),
    series: [...names.values()],
    from: first ? new Date(first.from).getTime() : 0,
    until: first ? new Date(first.until).getTime() : 0,
  }
}
