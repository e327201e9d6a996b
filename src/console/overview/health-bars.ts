import type { SystemTimelineState, SystemTimelinesQuery } from '../generated/graphql.js'

type History = SystemTimelinesQuery['systemHistory'][number]

export interface HealthBars {
  /** A row a system: its id, and under the name of each series how long its span lasts, ms. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** In the order in which they are stacked. A chart colours by series, so each place in the row has one for each state that stands there. */
  readonly series: readonly { readonly name: string; readonly state: SystemTimelineState }[]
  readonly from: number
  readonly until: number
}

const lengthOf = ({ from, until }: History['spans'][number]): number => new Date(until).getTime() - new Date(from).getTime()

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
    rows: histories.map(({ systemId, spans }) => ({
      systemId,
      ...Object.fromEntries(spans.map((span, place) => [`${place}:${span.state}`, lengthOf(span)])),
    })),
    series: [...names.values()],
    from: first ? new Date(first.from).getTime() : 0,
    until: first ? new Date(first.until).getTime() : 0,
  }
}
