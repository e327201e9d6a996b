import { setTimeout as pause } from 'node:timers/promises'
import { codesLeftBehind } from '../inbox/inbox-repository.js'
import type { SystemId } from '../model/system.js'
import { pruneOutbox } from '../outbox/outbox-repository.js'
import type { Sql } from '../platform/database.js'
import { listEligible, reclaimLostLeases } from '../transfer/claim-repository.js'
import { releaseFollowers } from '../transfer/predecessor-repository.js'
import { releaseLoadedMeanwhile } from '../transfer/transfer-repository.js'
import type { JobQueue } from './queue-store.js'
import { type WakeJob, wakeJob } from './transfer-queues.js'

/**
 * Người gác: what makes every promise of the queue hold when the queue itself does not. It runs on a plain timer in each worker,
 * not on the queue: leases that ran out are inquired, what was held for a mapping while it was
 * being loaded is released, so is what was held because the other side did not have the dossier and now has it, a newer version that waits behind a refused
 * one takes its place, messages left between storing and applying are applied, and when the table has
 * eligible transfers and the store no wake-up for them that anybody could take (it was wiped, a job was lost, or a claim passed over a row that somebody
 * held for a moment) some are put back: however often the guardians of many workers do this, a transfer has at most one such wake-up, one a minute where
 * they are not spent, and a busy queue gets a few that find nothing to do.
 */
export interface GuardianDependencies {
  readonly sql: Sql
  readonly queues: ReadonlyMap<SystemId, JobQueue<WakeJob>>
  readonly applyPending: (dossierCode: string) => Promise<void>
  /** Puts schedules back that a wiped store has lost. */
  readonly restoreSchedules: () => Promise<void>
  /** Lets a newer version of a dossier go that waits behind one which was refused. */
  readonly yieldToNewer: (isStopping: () => boolean) => Promise<unknown>
  /** Keeps the codes under which other systems have come to know dossiers. */
  readonly keepIdentifiers: () => Promise<void>
  /** Raises and clears the alarms of what would miss its due date. */
  readonly watchDueDates: () => Promise<void>
  /** Removes what was kept for its time alone. */
  readonly retention: (isStopping: () => boolean) => Promise<void>
  readonly onApplied: () => void
  readonly onReclaimed: (transferIds: readonly string[]) => void
  readonly onError: (error: unknown) => void
  readonly everyMs: number
  /** How long one part is waited for before the next one is begun, and what still hangs when it is stopped; ten seconds by default. */
  readonly patienceMs?: number
  readonly keepEventsHours: number
}

/** Wake-ups put back in one round, a system: each sets a consumer to work until nothing is left. */
const MAX_REBUILT = 64

const PATIENCE_MS = 10_000

/** `isStopping`: a part of many small pieces ends with the one that it is at. */
type Part = (deps: GuardianDependencies, isStopping: () => boolean) => Promise<void>

/**
 * One round. Each part stands alone: one that fails, or hangs with a store that does not answer, does not keep the others from their work. `hanging`:
 * parts of earlier rounds that have not ended; they are not begun anew.
 */
export const guardOnce = async (
  deps: GuardianDependencies,
  hanging = new Map<Part, Promise<void>>(),
  isStopping: () => boolean = () => false,
): Promise<void> => {
  for (const part of PARTS) {
    if (isStopping()) return
    if (hanging.has(part)) continue
    const ended = part(deps, isStopping)
      .catch(deps.onError)
      .finally(() => hanging.delete(part))
    hanging.set(part, ended)
    await waitFor(ended, deps)
  }
}

const waitFor = async (work: Promise<unknown>, { patienceMs = PATIENCE_MS }: GuardianDependencies): Promise<void> => {
  const patience = new AbortController()
  await Promise.race([work, pause(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined)])
  patience.abort()
}

export const startGuardian = (given: GuardianDependencies): { stop(): Promise<void> } => {
  const hanging = new Map<Part, Promise<void>>()
  let stopped = false
  let ended = false
  // What outlives even the stop finds its connections closed: that is no news, and the next guardian does it.
  const deps = { ...given, onError: (error: unknown): void => (ended ? undefined : given.onError(error)) }
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const round = (): void => {
    running = guardOnce(deps, hanging, () => stopped).then(() => {
      if (!stopped) timer = setTimeout(round, deps.everyMs)
    })
  }
  round()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
      await waitFor(Promise.all(hanging.values()), deps)
      ended = true
    },
  }
}

const reclaim = async ({ sql, onReclaimed }: GuardianDependencies): Promise<void> => {
  const lost = await reclaimLostLeases(sql)
  if (lost.length > 0) onReclaimed(lost)
}

const applyLeftBehind: Part = async ({ sql, applyPending, onApplied, onError }, isStopping) => {
  const codes = await codesLeftBehind(sql, 500)
  for (const code of codes) {
    if (isStopping()) break
    await applyPending(code).catch(onError)
  }
  if (codes.length > 0) onApplied()
}

const rebuildWakeUps: Part = async ({ sql, queues }, isStopping) => {
  for (const [systemId, queue] of queues) if (!isStopping() && (await queue.ready()) === 0) await wakeEligible(sql, systemId, queue)
}

/** A wake-up that is put back and taken by a consumer that hangs is put back once more after this. */
const AGAIN_AFTER_MS = 60_000

/**
 * Puts back wake-ups for what may be claimed of a system now. Under ids of their own: the store takes no second job of an id, and the first may be in
 * the hands of a consumer that hangs, or died a moment ago.
 */
export const wakeEligible = async (sql: Sql, systemId: SystemId, queue: JobQueue<WakeJob>): Promise<void> => {
  const eligible = await listEligible(sql, systemId, MAX_REBUILT)
  const turn = Math.floor(Date.now() / AGAIN_AFTER_MS)
  await queue.addAll(
    eligible.map((transfer) => wakeJob({ ...transfer, waitMs: 0 })).map((job) => ({ ...job, id: `again-${job.id}-${turn}` })),
  )
}

const prune = async ({ sql, keepEventsHours }: GuardianDependencies): Promise<void> => {
  await pruneOutbox(sql, keepEventsHours)
}

const PARTS: readonly Part[] = [
  reclaim,
  async ({ sql }) => void (await releaseLoadedMeanwhile(sql)),
  applyLeftBehind,
  async ({ sql }) => void (await releaseFollowers(sql)),
  async ({ yieldToNewer }, isStopping) => void (await yieldToNewer(isStopping)),
  rebuildWakeUps,
  ({ restoreSchedules }) => restoreSchedules(),
  ({ keepIdentifiers }) => keepIdentifiers(),
  ({ watchDueDates }) => watchDueDates(),
  prune,
  ({ retention }, isStopping) => retention(isStopping),
]
