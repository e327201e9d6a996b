import { GatewayError } from '../errors.js'
import { addCounts, addUnmapped, type ReconciliationCounts, type SystemProgress } from '../model/reconciliation-run.js'
import type { ComparisonSource } from '../ports/comparison-source.js'
import { latestSuspicion, nextToCheck } from './discrepancy-repository.js'
import { examine } from './examine.js'
import { staleAt } from './our-side-repository.js'
import { dayAfter, ownOpen } from './own-record-repository.js'
import type { ReconciliationDependencies } from './reconciliation-dependencies.js'
import { repairByPolicy } from './repair-by-policy.js'
import { type RunRow, unitsOf } from './run-repository.js'
import { seenOfRun } from './run-search-repository.js'
import { type Scanned, scanDays } from './scan-days.js'
import { scanList } from './scan-list.js'
import { openTheirSide, type TheirSide } from './their-side.js'

/**
 * Một bước of a run with one system: a bounded piece of work, after which its cursor is written down. A step that was cut off is done once more, which changes
 * nothing: what was found already is found again as the same.
 */
export interface Stepped {
  readonly progress: SystemProgress
  /** Of the run's total. */
  readonly units: number
}

interface Step extends ReconciliationDependencies {
  readonly run: RunRow
  readonly their: TheirSide
  readonly at: string | undefined
  readonly suspected: readonly string[]
  readonly moving: readonly string[]
  readonly isStopping: () => boolean
}

/** What a step comes to: the phase that follows, where it begins, and what it waits for. */
interface Came extends Partial<Pick<SystemProgress, 'at' | 'suspected' | 'moving' | 'waitUntil' | 'waitsFor' | 'seen'>> {
  readonly phase: SystemProgress['phase']
  readonly units?: number
  readonly counts?: Partial<ReconciliationCounts>
  /** Met on their way in this step. */
  readonly inFlight?: readonly string[]
  readonly halts?: readonly string[]
  /** The step was given up, and is done again from its beginning: what it has read counts then. */
  readonly isGivenUp?: true
}

export const takeStep = async (
  deps: ReconciliationDependencies,
  run: RunRow,
  source: ComparisonSource,
  before: SystemProgress,
  beat: () => Promise<void>,
  isStopping: () => boolean = () => false,
): Promise<Stepped> => {
  const { id } = source
  const isScannedByCode = run.scope === 'OPEN' && before.phase === 'SCAN'
  const met = { isScannedByCode, ...(before.spoilt && { spoilt: before.spoilt }) }
  const their = openTheirSide({ sql: deps.db, source, gate: deps.gateOf(id), perSecond: deps.perSecondOf(id), beat, ...met })
  const { at: begunAt, suspected: suspectedBefore = [], moving: movingBefore = [] } = before
  const step: Step = { ...deps, run, their, at: begunAt, suspected: suspectedBefore, moving: movingBefore, isStopping }
  const came = await cameTo(step, before).catch((error: unknown): Came => {
    if (!(error instanceof GatewayError) || error.code !== 'UPSTREAM_UNAVAILABLE') throw error
    const { phase, at, suspected } = before
    const where = { phase, ...(at !== undefined && { at }), ...(suspected && { suspected }) }
    return { ...where, isGivenUp: true, waitUntil: new Date(run.now.getTime() + deps.retryMs).toISOString(), waitsFor: error.message }
  })
  const { phase, at, suspected = [], moving = movingAfter(step, came), waitUntil, waitsFor, seen, units = 0, counts = {} } = came
  const { unmapped: unmappedNow, spoilt: unread, ...spent } = their.spent()
  const unmapped = came.isGivenUp ? before.unmapped : addUnmapped(before.unmapped, unmappedNow)
  const spoilt = came.isGivenUp ? before.spoilt : { ...before.spoilt, ...unread }
  const halts = [...new Set([...(before.halts ?? []), ...(came.halts ?? [])])]
  return {
    units,
    progress: {
      phase,
      begunAt: before.begunAt ?? run.now.toISOString(),
      counts: addCounts(addCounts(before.counts, { ...spent, unreadable: came.isGivenUp ? 0 : spent.unreadable }), counts),
      ...(at !== undefined && { at }),
      ...(suspected.length > 0 && { suspected }),
      ...(moving.length > 0 && { moving }),
      ...(waitUntil !== undefined && { waitUntil }),
      ...(waitsFor !== undefined && { waitsFor }),
      ...(halts.length > 0 && { halts }),
      ...(seen && { seen }),
      ...(spoilt && Object.keys(spoilt).length > 0 && { spoilt }),
      ...(unmapped && Object.keys(unmapped).length > 0 && { unmapped }),
    },
  }
}

/** Kept in the run's row. */
const MOST_MOVING = 2_000

const movingAfter = ({ run, moving }: Step, { inFlight = [] }: Came): readonly string[] =>
  run.scope === 'RECENT' ? [] : [...new Set([...moving, ...inFlight])].slice(0, MOST_MOVING)

const cameTo = async (step: Step, { phase }: SystemProgress): Promise<Came> => {
  switch (phase) {
    case 'SCAN':
      return step.run.scope === 'OPEN' ? scanOpen(step) : scanWindow(step)
    case 'STALE':
      return lookForStale(step)
    case 'SETTLE':
      return settle(step)
    case 'CHECK':
      return check(step)
    case 'REPAIR':
      return repair(step)
    case 'DONE':
      return { phase: 'DONE' }
  }
}

const scanWindow = async (step: Step): Promise<Came> => {
  const { run, their, at: from = run.from } = step
  const last = new Date(Date.parse(from) + (step.windowDays - 1) * 86_400_000).toISOString().slice(0, 10)
  const range = { from, to: last < run.to ? last : run.to }
  const isOver = range.to >= run.to
  const scanned = their.style === 'LIST' ? scanList(step.db, their, range) : scanDays(step.db, their, range, step.bucketsAbove)
  const { counts, inFlight, left } = await examineScanned(step, scanned, isOver)
  const next: Came = isOver ? { phase: 'STALE' } : { phase: 'SCAN', at: dayAfter(range.to), suspected: left }
  return { ...next, units: unitsOf(range), counts, inFlight }
}

/** A suspicion that stands alone waits for others, of later windows too, so that one call looks at many. */
const examineScanned = async (
  step: Step,
  scanned: AsyncGenerator<Scanned>,
  isLast: boolean,
): Promise<{ readonly counts: Partial<ReconciliationCounts>; readonly inFlight: readonly string[]; readonly left: readonly string[] }> => {
  const counts = { compared: 0, groupsDiffering: 0, examined: 0, inFlight: 0 }
  const inFlight: string[] = []
  const { batchLimit } = step.their
  let waiting = [...step.suspected]
  const look = async (codes: readonly string[]): Promise<void> => {
    const looked = await examine(step, step.their, step.run.id, codes)
    counts.examined += looked.examined
    counts.inFlight += looked.inFlight.length
    inFlight.push(...looked.inFlight)
  }
  for await (const { codes, compared, groupsDiffering } of scanned) {
    counts.compared += compared
    counts.groupsDiffering += groupsDiffering
    waiting.push(...codes)
    for (; waiting.length >= batchLimit; waiting = waiting.slice(batchLimit)) await look(waiting.slice(0, batchLimit))
  }
  if (!isLast) return { counts, inFlight, left: waiting }
  await look(waiting)
  return { counts, inFlight, left: [] }
}

const scanOpen = async (step: Step): Promise<Came> => {
  const { their, at } = step
  const records = await ownOpen(step.db, { system: their.id, fields: their.fields }, at, their.batchLimit)
  const { examined, inFlight } = await examine(
    step,
    their,
    step.run.id,
    records.map(({ dossierCode }) => dossierCode),
  )
  const counts = { examined, inFlight: inFlight.length, compared: records.length }
  const came = { counts, inFlight, units: records.length }
  const last = records.at(-1)
  return last && records.length === their.batchLimit ? { phase: 'SCAN', at: last.id, ...came } : { phase: 'STALE', ...came }
}

/** Digests that agree say nothing of what moves on neither side. */
const lookForStale = async (step: Step): Promise<Came> => {
  const { run, their, at } = step
  if (run.scope === 'RECENT') return { phase: 'SETTLE' }
  const limit = their.batchLimit
  const found = await staleAt(step.db, {
    system: their.id,
    staleBefore: await step.staleBefore(run.now),
    from: run.from,
    to: run.to,
    limit,
    ...(at !== undefined && { afterId: at }),
  })
  const { examined, inFlight } = await examine(
    step,
    their,
    run.id,
    found.map(({ dossierCode }) => dossierCode),
  )
  const counts = { examined, inFlight: inFlight.length }
  const last = found.at(-1)
  return last && found.length === limit ? { phase: 'STALE', at: last.id, counts, inFlight } : { phase: 'SETTLE', counts, inFlight }
}

const SETTLED_ONCE = 'SETTLED'

/** Once: a suspicion that another run raises meanwhile is that run's to look at again. */
const settle = async (step: Step): Promise<Came> => {
  const { run, their, at, moving } = step
  const suspectedAt = await latestSuspicion(step.db, their.id)
  const since = moving.length > 0 ? run.now : suspectedAt
  if (since === undefined) return { phase: 'CHECK' }
  const until = since.getTime() + step.graceMs
  if (at !== SETTLED_ONCE && until > run.now.getTime())
    return {
      phase: 'SETTLE',
      at: SETTLED_ONCE,
      waitUntil: new Date(until).toISOString(),
      waitsFor: 'Chờ hết thời gian ân hạn rồi xem lại.',
    }
  if (step.feedOf(their.id) !== 'READ' || (await step.readFeed(their.id, their.beat, step.isStopping))) return { phase: 'CHECK' }
  const retryAt = new Date(run.now.getTime() + step.retryMs).toISOString()
  return { phase: 'SETTLE', at: SETTLED_ONCE, waitUntil: retryAt, waitsFor: 'Chưa đọc hết được dòng thay đổi.' }
}

const check = async (step: Step): Promise<Came> => {
  const { run, their, at, moving } = step
  if (moving.length > 0) {
    // Counted when it was looked at first. What is on its way still is left to the next run.
    const { inFlight } = await examine(step, their, run.id, moving)
    return { phase: 'SETTLE', moving: [], counts: { inFlight: inFlight.length - moving.length } }
  }
  const limit = their.batchLimit
  const rows = await nextToCheck(step.db, {
    systemId: their.id,
    runId: run.id,
    limit,
    // Over all is over what was found before our first dossier too, in days that a person has chosen.
    ...((run.scope === 'RECENT' || run.scope === 'RANGE') && { days: run }),
    ...(at !== undefined && { afterId: at }),
  })
  const { examined, inFlight } = await examine(step, their, run.id, [...new Set(rows.map(({ dossierCode }) => dossierCode))])
  const counts = { examined, inFlight: inFlight.length }
  const last = rows.at(-1)
  return last && rows.length === limit ? { phase: 'CHECK', at: last.id, counts } : { phase: 'REPAIR', counts }
}

const repair = async (step: Step): Promise<Came> => {
  const { begun, lastId, halts } = await repairByPolicy(step, { their: step.their, runId: step.run.id, afterId: step.at })
  return {
    phase: lastId === undefined ? 'DONE' : 'REPAIR',
    ...(lastId === undefined ? { seen: await seenOfRun(step.db, step.run.id, step.their.id) } : { at: lastId }),
    halts,
    counts: { repairsBegun: begun },
  }
}
