import { databaseNow } from '../dossier/dossier-repository.js'
import { upperFirst } from '../model/first-letter.js'
import { notesOf } from '../model/reconciliation-notes.js'
import { NO_COUNTS, type ReconciliationScope } from '../model/reconciliation-run.js'
import { isWithin } from '../model/replay-plan.js'
import { SYSTEM_IN_SENTENCE, type SystemId } from '../model/system.js'
import { holdLease } from './hold-lease.js'
import type { ReconciliationDependencies } from './reconciliation-dependencies.js'
import { claimRun, endRun, MACHINE, type RunLease, type RunRow, releaseRun, renewRun, saveProgress } from './run-repository.js'
import { takeStep } from './run-step.js'

/**
 * Đối soát in the worker. A run is worked on by one worker at a time, by a lease in its row, a step at a time; after each step its cursor is written down. So a
 * worker that is killed costs the steps that it was at, which another worker does again when the lease is over. All systems of a run are worked on at the same time, with
 * each one step after the other; it goes on with those that can be read; when none can, or the grace time or quiet hours keep it, it is left until then.
 *
 * The path of one run: `start-run.ts` → here → `run-step.ts` → `scan-days.ts` or `scan-list.ts` → `examine.ts` → `repair-by-policy.ts`.
 */
export const workOnRuns = async (
  deps: ReconciliationDependencies,
  isStopping: () => boolean,
  /** Of the lease; left out: as long as is usual. */
  holdEveryMs?: number,
): Promise<void> => {
  const seen: string[] = []
  while (!isStopping()) {
    const lease = await claimRun(deps.db, seen)
    if (!lease) return
    seen.push(lease.runId)
    try {
      await workOnRun(deps, lease, isStopping, holdEveryMs)
    } catch (error) {
      if (error instanceof LeaseLost) continue
      if (error instanceof Stopping) return releaseRun(deps.db, lease)
      deps.onError(error)
      const now = await databaseNow(deps.db)
      await releaseRun(deps.db, lease, { until: new Date(+now + deps.retryMs), waitsFor: 'Lỗi của cổng liên thông, sẽ thử lại.' })
    }
  }
}

/** Another worker has the run, or a person has halted it: what was begun here counts for nothing. */
class LeaseLost extends Error {}

/** This worker ends. The step is given up and done again, by whoever takes the run. */
class Stopping extends Error {}

const HOUR_MS = 3_600_000
/** One of the last days is soon followed by another: it does not wait for a system that is down, while the others go on changing. */
const RECENT_HOURS = 1
const QUIET_LOOK_MS = 300_000
/** So often a step looks whether the run is still this worker's to go on with. */
const BEAT_MS = 10_000

const BY_THE_CLOCK: readonly ReconciliationScope[] = ['OPEN', 'ALL']

const workOnRun = async (
  deps: ReconciliationDependencies,
  lease: RunLease,
  isStopping: () => boolean,
  holdEveryMs: number | undefined,
): Promise<void> => {
  const renew = async (): Promise<RunRow> => {
    const row = await renewRun(deps.db, lease)
    if (!row) throw new LeaseLost()
    return row
  }
  const steps = new Map<SystemId, Promise<void>>()
  try {
    for (;;) {
      // What a step has come to stands in the row only when the row is read after it.
      const busy = [...steps.keys()]
      const run = await renew()
      const end = endOf(deps, lease, run, isStopping)
      if (end) {
        await Promise.all(steps.values())
        await end()
        return
      }
      const left = leftOf(deps, run).filter((id) => !busy.includes(id))
      const waits = left.map((id) => ({ id, until: Date.parse(run.progress[id]?.waitUntil ?? '') || 0, for: run.progress[id]?.waitsFor }))
      const ready = waits.filter(({ until }) => until <= run.now.getTime())
      for (const { id } of ready) {
        const work = (): Promise<void> => stepWith(deps, lease, run, id, renew, isStopping)
        const step = holdLease(() => renewRun(deps.db, lease), work, holdEveryMs).then(() => void steps.delete(id))
        // Seen when the steps are waited for.
        step.catch(() => undefined)
        steps.set(id, step)
      }
      const [first] = waits.sort((a, b) => a.until - b.until)
      if (first && ready.length === 0 && busy.length === 0)
        return await releaseRun(deps.db, lease, { until: new Date(first.until), waitsFor: first.for ?? '' })
      if (steps.size > 0) await Promise.race(steps.values())
    }
  } finally {
    await Promise.allSettled(steps.values())
  }
}

const leftOf = (deps: ReconciliationDependencies, { systems, progress }: RunRow): SystemId[] =>
  systems.filter((id) => progress[id]?.phase !== 'DONE' && deps.sources.has(id))

/** How the work on it ends now; undefined: it goes on. */
const endOf = (
  deps: ReconciliationDependencies,
  lease: RunLease,
  run: RunRow,
  isStopping: () => boolean,
): (() => Promise<unknown>) | undefined => {
  if (isStopping()) return () => releaseRun(deps.db, lease)
  const now = run.now.getTime()
  const left = leftOf(deps, run)
  if (left.length === 0) return () => endRun(deps.db, lease, 'DONE', leftUndone(deps, run))
  const maxHours = run.scope === 'RECENT' ? Math.min(RECENT_HOURS, deps.maxHours) : deps.maxHours
  if (now - goneOnSince(run) > maxHours * HOUR_MS) {
    const names = left.map((id) => SYSTEM_IN_SENTENCE[id]).join(', ')
    return () => endRun(deps.db, lease, 'FAILED', `Quá ${maxHours} giờ mà chưa so xong với ${names}.`)
  }
  if (deps.quietHours && run.startedBy === MACHINE && BY_THE_CLOCK.includes(run.scope) && isWithin(deps.quietHours, run.now))
    return () => releaseRun(deps.db, lease, { until: new Date(now + QUIET_LOOK_MS), waitsFor: 'Đang trong giờ không đối soát.' })
  return undefined
}

const stepWith = async (
  deps: ReconciliationDependencies,
  lease: RunLease,
  run: RunRow,
  systemId: SystemId,
  renew: () => Promise<RunRow>,
  isStopping: () => boolean,
): Promise<void> => {
  const source = deps.sources.get(systemId)
  if (!source) return
  let beatAt = performance.now()
  const beat = async (): Promise<void> => {
    if (isStopping()) throw new Stopping()
    if (performance.now() - beatAt < BEAT_MS) return
    await renew()
    beatAt = performance.now()
  }
  const before = run.progress[systemId] ?? { phase: 'SCAN', counts: NO_COUNTS }
  const { progress, units } = await takeStep(deps, run, source, before, beat, isStopping)
  await saveProgress(deps.db, lease, systemId, progress, units)
}

/** Whoever lets a run go on after a pause gives it its time anew. */
const goneOnSince = ({ begunAt, now, lastAct, lastActAt }: RunRow): number =>
  Math.max(begunAt?.getTime() ?? now.getTime(), lastAct === 'RESUME' ? lastActAt.getTime() : 0)

/** What a run that is done could not compare, or give no place, and what kept it from repairing. */
const leftUndone = ({ sources }: ReconciliationDependencies, { systems, progress }: RunRow): string | null => {
  const said = systems.flatMap((id) => [
    ...(sources.has(id) || progress[id]?.phase === 'DONE'
      ? []
      : [`${upperFirst(SYSTEM_IN_SENTENCE[id])} chưa được so xong: nay không còn được đối soát (cấu hình).`]),
    ...notesOf(id, progress[id]),
  ])
  return said.length > 0 ? said.join(' ') : null
}
