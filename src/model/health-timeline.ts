/**
 * Diễn biến tình trạng của một hệ thống over time: what its health, its breakers, pauses and maintenance were told to be, laid over each other so that each moment has one
 * state: the one that says most about why it was not called, or did not answer.
 */
export const TIMELINE_STATES = ['UP', 'UNKNOWN', 'BREAKER_OPEN', 'REFUSING', 'DOWN', 'PAUSED', 'MAINTENANCE'] as const
/** The later weighs more. */
export type TimelineState = (typeof TIMELINE_STATES)[number]

export interface SystemChange {
  readonly part: 'HEALTH' | 'SEND' | 'INQUIRE' | 'READ' | 'PAUSE' | 'MAINTENANCE'
  /** Of HEALTH: UP, REFUSING, DOWN or UNKNOWN; of a breaker: OPEN or CLOSED; else ON or OFF. */
  readonly state: string
  readonly at: Date
}

export interface TimelineSpan {
  readonly state: TimelineState
  readonly from: Date
  readonly until: Date
}

const stateOf = (parts: ReadonlyMap<SystemChange['part'], string>): TimelineState => {
  if (parts.get('MAINTENANCE') === 'ON') return 'MAINTENANCE'
  if (parts.get('PAUSE') === 'ON') return 'PAUSED'
  const health = parts.get('HEALTH')
  if (health === 'DOWN' || health === 'REFUSING') return health
  if ((['SEND', 'INQUIRE', 'READ'] as const).some((part) => parts.get(part) === 'OPEN')) return 'BREAKER_OPEN'
  return health === 'UP' ? 'UP' : 'UNKNOWN'
}

const weightOf = (state: TimelineState): number => TIMELINE_STATES.indexOf(state)

/** Neighbours of one state become one. */
const joined = (spans: readonly TimelineSpan[]): TimelineSpan[] => {
  const joinedSpans: TimelineSpan[] = []
  for (const span of spans) {
    const last = joinedSpans.at(-1)
    if (last?.state === span.state) joinedSpans[joinedSpans.length - 1] = { ...last, until: span.until }
    else if (span.until > span.from) joinedSpans.push(span)
  }
  return joinedSpans
}

const lengthOf = ({ from, until }: TimelineSpan): number => until.getTime() - from.getTime()

/** A system that comes and goes all the time is shown in pieces of this length at least, each by the worst that it was: nothing bad is left out. */
const coarser = (spans: readonly TimelineSpan[], leastMs: number): TimelineSpan[] => {
  const pieces: TimelineSpan[] = []
  for (const span of spans) {
    const last = pieces.at(-1)
    if (!last || lengthOf(last) >= leastMs || lengthOf(span) >= leastMs) pieces.push(span)
    else
      pieces[pieces.length - 1] = {
        from: last.from,
        until: span.until,
        state: weightOf(span.state) > weightOf(last.state) ? span.state : last.state,
      }
  }
  return joined(pieces)
}

const MOST_SPANS = 60

/** `changes` in the order of their time; what was told before `from` says how it began. From the first told change on; before it: UNKNOWN. */
export const timelineOf = (changes: readonly SystemChange[], from: Date, until: Date): TimelineSpan[] => {
  const parts = new Map<SystemChange['part'], string>()
  const spans: TimelineSpan[] = []
  let since = from
  for (const { part, state, at } of changes) {
    if (at > until) break
    if (at > since) {
      spans.push({ state: stateOf(parts), from: since, until: at })
      since = at
    }
    parts.set(part, state)
  }
  spans.push({ state: stateOf(parts), from: since, until })
  const exact = joined(spans)
  return exact.length <= MOST_SPANS ? exact : coarser(exact, (4 * (until.getTime() - from.getTime())) / MOST_SPANS)
}
