import { setTimeout as pause } from 'node:timers/promises'
import { isLockedTooLong, isUnavailable } from '../errors.js'
import { type DailyWindow, isTooMany, isWithin, mostUnderWay, pacedAt } from '../model/replay-plan.js'
import type { Database } from '../platform/database.js'
import type { LookAhead } from '../transfer/look-ahead.js'
import type { MaxProcessingMs } from './act-on-transfer.js'
import { type DryRunDependencies, foresee, type Known, readFactsOf } from './dry-run-plan.js'
import { holdPlan, type PlanHolding } from './hold-plan.js'
import {
  claimPlan,
  type Foreseen,
  moveByMachine,
  nextUnseen,
  type PlanLease,
  releaseLease,
  renewLease,
  type UnseenRow,
  writeForecasts,
  writePace,
} from './plan-work-repository.js'
import type { PlanRow } from './replay-plan-repository.js'
import { PlanLost, type RunDependencies, runRow } from './run-replay-plan.js'
import { type DueRow, endBlocked, nextDue, readBack, type UnderWay, writeResults } from './run-row-repository.js'
import { type RunTogether, runRowsTogether } from './run-rows-together.js'

/**
 * Làm việc với các kế hoạch: what each worker does with the plans that are being dry run or run, in steps of a few rows.
 *
 *   take a plan that nobody works on (a lease) → step → renew the lease → step → … until there is nothing to do now, then give it back
 *
 * A step of a dry run looks at the next rows that have no forecast, and keeps what it has seen whatever one row ends with. A step of a run reads back what
 * the queued ones have come to, stops when too many of them have failed, and acts on as many further ones as throttle, window, the number under
 * way and the share of failures that is borne allow, together where it can (`run-rows-together.ts`). All that a step needs stands in the tables, so any worker goes on where another one was killed.
 */
export interface PlanWorkDependencies extends PlanHolding {
  /** One for each piece of work: it remembers which system does not answer. */
  readonly lookAhead: () => LookAhead
  readonly maxProcessingMs: MaxProcessingMs
  /** Transfers of one plan that are queued and have no result yet. */
  readonly maxUnderWay: number
  /** A plan in which nothing moves is left after so long; two seconds by default. */
  readonly patienceMs?: number
  /** Rows that one step of a run acts on. */
  readonly runStep?: number
  /** Told when transfers were queued. */
  readonly onQueued: () => void
}

/** Rows that a step of a dry run looks at, and that one of a run acts on. */
const DRY_RUN_STEP = 48
const RUN_STEP = 200
/** Looked at beside them, in the place of those that somebody holds. */
const SPARE = 16
/** Dossiers at a time: a dossier's own rows go one after the other. */
const WIDTH = 8
/** A plan is given back after so long, for the others. */
const VISIT_MS = 20_000
const IDLE_MS = 2_000
const LOOK_AGAIN_MS = 100
/** So many of the queued ones come to their end at a time, before the next ones follow: a step costs the same for one row as for many. */
const GATHER_MS = 200

/** One round over all plans that there is something to do with. */
export const workOnPlans = async (deps: PlanWorkDependencies, isStopping: () => boolean): Promise<void> => {
  const visited: string[] = []
  while (!isStopping()) {
    const lease = await claimPlan(deps.db, visited)
    if (!lease) return
    visited.push(lease.planId)
    await visit(deps, lease, isStopping)
  }
}

const visit = async (deps: PlanWorkDependencies, lease: PlanLease, isStopping: () => boolean): Promise<void> => {
  const look = deps.lookAhead()
  const hold = holdPlan(deps, lease)
  const goesOn = (): boolean => !isStopping() && hold.isOurs()
  const begunAt = performance.now()
  try {
    for (let movedAt = begunAt; ; ) {
      const step = await stepOf(deps, look, lease, goesOn)
      if (step === 'OVER') break
      const now = performance.now()
      if (step !== 'IDLE') movedAt = now
      const patienceMs = deps.patienceMs ?? IDLE_MS
      const isIdle = step === 'IDLE' && now - movedAt >= patienceMs
      if (!goesOn() || isIdle || now - begunAt > VISIT_MS) break
      if (step !== 'MOVED') await pause(Math.min(step === 'IDLE' ? LOOK_AGAIN_MS : GATHER_MS, patienceMs))
    }
  } catch (error) {
    // A person has acted on it: whatever is to be done now begins anew.
    if (!(error instanceof PlanLost)) deps.onError(error)
  }
  await hold.end()
  await releaseLease(deps.db, lease).catch(deps.onError)
}

/** OVER: nothing is left to be done, or the lease is another's. IDLE: not now. FILLED: as many are under way as may be. */
type Step = 'MOVED' | 'FILLED' | 'IDLE' | 'OVER'

/** False: no further row is begun. */
type GoesOn = () => boolean

const stepOf = async (deps: PlanWorkDependencies, look: LookAhead, lease: PlanLease, goesOn: GoesOn): Promise<Step> => {
  const plan = await renewLease(deps.db, lease)
  if (!plan) return 'OVER'
  if (plan.state === 'DRY_RUNNING') return dryRunStep(deps, look, lease, plan, goesOn)
  return runStep(deps, look, lease, plan, goesOn)
}

const dryRunStep = async (deps: PlanWorkDependencies, look: LookAhead, lease: PlanLease, plan: PlanRow, goesOn: GoesOn): Promise<Step> => {
  const { db } = deps
  const rows = await nextUnseen(db, plan.id, DRY_RUN_STEP)
  if (rows.length > 0) {
    const dryRun: DryRunDependencies = { db, look, facts: plan.kind === 'REPLAY' ? await readFactsOf(db, rows) : new Map() }
    const known: Known = new Map()
    const seen: Foreseen[] = []
    const foreseeOne = (row: UnseenRow): Promise<void> =>
      orElse(
        deps,
        async () => {
          const one = await foresee(dryRun, plan, row, known)
          if (one) seen.push(one)
        },
        async () => void seen.push(ofOurs(row)),
      )
    // Whatever the other rows end with, what was seen is kept: the other side was asked for it.
    await eachDossier(rows, goesOn, foreseeOne).finally(() => writeForecasts(db, lease, seen))
    return 'MOVED'
  }
  const to = plan.needsApproval ? 'AWAITING_APPROVAL' : 'READY'
  await db.transaction((tx) =>
    moveByMachine(tx, lease, { from: 'DRY_RUNNING', to, act: 'DRY_RUN_DONE', evidence: { rows: plan.rowCount } }),
  )
  return 'OVER'
}

const OF_OURS = 'Lỗi nội bộ của cổng liên thông với riêng lượt này; chi tiết ở nhật ký.'

const ofOurs = ({ position }: UnseenRow): Foreseen => ({ position, forecast: 'UNCERTAIN', reason: OF_OURS, digest: null })

/** A row that fails by a fault of ours is set aside: the others do not wait for it. When the database or the plan is gone, so is the step. */
const orElse = async <Result>(
  { onError }: PlanWorkDependencies,
  work: () => Promise<Result>,
  setAside: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PlanLost || isUnavailable(error)) throw error
    onError(error)
    return await setAside()
  }
}

/** Somebody holds its dossier: it goes on waiting, and keeps no other back. */
const leaveWaiting = (error: unknown): void => {
  if (!isLockedTooLong(error)) throw error
}

const windowOf = ({ windowFrom, windowTo }: PlanRow): DailyWindow | undefined =>
  windowFrom === null || windowTo === null ? undefined : { from: windowFrom, to: windowTo }

const runStep = async (deps: PlanWorkDependencies, look: LookAhead, lease: PlanLease, plan: PlanRow, goesOn: GoesOn): Promise<Step> => {
  const { db } = deps
  const read = await readBack(db, lease)
  const moved: Step = read.delivered + read.failed > 0 ? 'MOVED' : 'IDLE'
  if (plan.state !== 'RUNNING') return read.queued === 0 ? 'OVER' : moved
  const settled = { delivered: plan.countedDelivered + read.delivered, failed: plan.countedFailed + read.failed }
  if (await stopsFor(db, lease, plan, settled)) return 'MOVED'
  if (moved === 'IDLE' && read.queued > 0 && (await endBlocked(db, lease)) > 0) return 'MOVED'
  if (read.queued === 0 && read.waiting === 0) {
    await db.transaction((tx) => moveByMachine(tx, lease, { from: 'RUNNING', to: 'DONE', act: 'DONE', evidence: { rows: plan.rowCount } }))
    return 'OVER'
  }
  const window = windowOf(plan)
  if (window && !isWithin(window, plan.now)) return moved
  const pace = plan.perSecond === null ? undefined : pacedAt(plan.perSecond, plan.pacedAt, plan.now)
  const most = deps.runStep ?? RUN_STEP
  const underWay = Math.min(deps.maxUnderWay, mostUnderWay(settled, plan))
  const places = Math.min(most, underWay - read.queued, pace?.allowed ?? most)
  const due = places > 0 && goesOn() ? await nextDue(db, plan.id, places + SPARE) : []
  if (due.length === 0) return moved
  // Before they go: a worker that dies in between goes too slowly, not too fast.
  if (pace) await writePace(db, lease, pace.markAfter(Math.min(due.length, places)))
  const { acted, apart } = await orElse<RunTogether>(
    deps,
    () => runRowsTogether(db, lease, plan, due, places),
    async () => ({ acted: 0, apart: due.slice(0, places) }),
  )
  const one: RunDependencies = { db, look, maxProcessingMs: deps.maxProcessingMs }
  await eachDossier(apart, goesOn, (row: DueRow) =>
    orElse(
      deps,
      () => runRow(one, lease, plan, row).catch(leaveWaiting),
      () => db.transaction((tx) => writeResults(tx, plan.id, [{ position: row.position, result: 'SKIPPED', reason: OF_OURS }])),
    ),
  )
  if (acted + apart.length === 0) return moved
  deps.onQueued()
  return places === most ? 'MOVED' : 'FILLED'
}

const percent = (share: number): string => `${new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 }).format(share * 100)}%`

const stopsFor = async (
  db: Database,
  lease: PlanLease,
  plan: PlanRow,
  { delivered, failed }: Pick<UnderWay, 'delivered' | 'failed'>,
): Promise<boolean> => {
  if (!isTooMany({ delivered, failed }, plan)) return false
  const because = `${failed} trên ${delivered + failed} lượt đã có kết quả không thành (${percent(failed / (delivered + failed))}), vượt mức ${percent(plan.stopAtFailureShare ?? 0)}.`
  return db.transaction((tx) =>
    moveByMachine(tx, lease, { from: 'RUNNING', to: 'STOPPED', act: 'STOP', because, evidence: { delivered, failed } }),
  )
}

/** A dossier's rows one after the other, several dossiers at a time. The first failure is thrown when all that were begun have ended. */
const eachDossier = async <Row extends { readonly dossierId: string }>(
  rows: readonly Row[],
  goesOn: GoesOn,
  work: (row: Row) => Promise<void>,
): Promise<void> => {
  const byDossier = new Map<string, Row[]>()
  for (const row of rows) byDossier.set(row.dossierId, [...(byDossier.get(row.dossierId) ?? []), row])
  const dossiers = [...byDossier.values()]
  const failures: unknown[] = []
  const take = async (): Promise<void> => {
    for (let next = dossiers.shift(); next; next = dossiers.shift())
      for (const row of next) {
        if (failures.length > 0 || !goesOn()) return
        await work(row)
      }
  }
  await Promise.all(Array.from({ length: WIDTH }, () => take().catch((error: unknown) => failures.push(error))))
  if (failures.length > 0) throw failures[0]
}
