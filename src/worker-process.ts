import { watchDueDatesEvery } from './alerting/watch-due-dates.js'
import { openAlerts } from './alerts.js'
import { maxProcessingMsOf } from './config/config.js'
import type { Context } from './context.js'
import { createIdentifierKeeper } from './dossier/dossier-identifier-repository.js'
import { yieldToNewer } from './dossier/yield-to-newer.js'
import { goesOn, type PollResult, pollSystem } from './inbox/poll-system.js'
import { rereadFeeds } from './inbox/reread-feeds.js'
import { openLedger } from './ledger.js'
import type { CallReport } from './model/circuit-breaker.js'
import { SYSTEM_IDS, type SystemId } from './model/system.js'
import { readRecovery } from './operator/recover-from-backup.js'
import { workOnBatches } from './operator/run-discrepancy-batch.js'
import { type PlanWorkDependencies, workOnPlans } from './operator/work-on-plans.js'
import type { Shutdown } from './platform/shutdown.js'
import { consumeAlerts, scheduleAlerts } from './queue/alert-schedule.js'
import { startGuardian, wakeEligible } from './queue/guardian.js'
import { consumeLedger, scheduleLedger } from './queue/ledger-schedule.js'
import { consumePlanWork, schedulePlanWork } from './queue/plan-schedule.js'
import { consumePolls, type PollPlan, schedulePolls } from './queue/poll-schedule.js'
import { consumeReconciliation, scheduleReconciliation } from './queue/reconciliation-schedule.js'
import { consumeTransfers } from './queue/transfer-queues.js'
import { workOnRuns } from './reconciliation/work-on-runs.js'
import { beginByClock, reconciliationOf } from './reconciling.js'
import { createRetention } from './retention.js'
import { reportCall } from './transfer/breaker-repository.js'
import { type AttemptReport, type DeliveryDependencies, deliver } from './transfer/deliver-transfer.js'
import { openGuestPlaces } from './transfer/guest-places.js'
import { lookAhead } from './transfer/look-ahead.js'
import { isInMaintenance } from './transfer/maintenance-repository.js'
import { reportOfRead } from './transfer/read-gate.js'
import { isUnreadAfterRestore } from './transfer/recovery-repository.js'
import { createSystemHealth } from './transfer/system-health.js'

/**
 * The worker: takes wake-ups and delivers, polls the systems for what has changed, and guards the promises of the queue. Any number
 * of them may run against one database.
 */
export interface RunningWorker {
  stop(): Promise<void>
}

const GUARD_EVERY_MS = 5_000
/** However long a backlog is, whether the database was restored is looked at in between. */
const LOOK_AGAIN_MS = 1_000

export const deliveryOf = (context: Context, onAttempt: (report: AttemptReport) => void): DeliveryDependencies => {
  const { retry } = context.options.configuration
  return {
    sql: context.db,
    targets: context.targets,
    reportCall: async (systemId, operationClass, report, begunAt) => {
      const change = await reportCall(context.db, systemId, operationClass, report, retry.breaker, begunAt)
      if (change === 'OPENED_NOW')
        context.logger.warn(
          { systemId, operationClass, cause: report.kind === 'FAILED' ? report.cause : null },
          'cầu dao mở: tạm ngừng gọi hệ thống',
        )
      if (change !== 'CLOSED_NOW') return
      context.logger.info({ systemId, operationClass }, 'cầu dao đóng: hệ thống đã trả lời lại')
      const queue = context.queues.get(systemId)
      if (queue) await wakeEligible(context.db, systemId, queue)
    },
    rules: { schedule: retry, inquiryWaitMs: retry.inquiryWaitMs },
    leaseMarginMs: retry.leaseMarginMs,
    worker: context.processName,
    random: Math.random,
    onAttempt,
    onError: (error, transferId) => context.logger.error({ err: error, transferId }, 'bộ chuyển đổi bị lỗi, kết quả coi là chưa rõ'),
  }
}

/** What working on replay plans needs; deliveries and dry runs report to the same breakers. */
export const planWorkOf = (context: Context, { reportCall: report }: Pick<DeliveryDependencies, 'reportCall'>): PlanWorkDependencies => {
  const { configuration } = context.options
  const onError = (error: unknown): void => context.logger.error({ err: error }, 'lỗi khi làm việc với kế hoạch gửi lại, sẽ thử lại')
  const { inquiryShare: share } = configuration.replayPlans
  const places = openGuestPlaces((systemId: SystemId) => Math.max(1, Math.floor(configuration.systems[systemId].connections * share)))
  return {
    db: context.db,
    lookAhead: () =>
      lookAhead({
        sql: context.db,
        targets: context.targets,
        reportCall: report,
        readDeadlineMs: (systemId) => configuration.systems[systemId].readDeadlineMs,
        places,
        share,
        onError,
      }),
    maxProcessingMs: maxProcessingMsOf(configuration),
    maxUnderWay: configuration.replayPlans.maxUnderWay,
    onQueued: context.relay.poke,
    onError,
  }
}

/** Polls one system. A failed poll comes again with the next turn. */
export const pollOnce = async (context: Context, systemId: SystemId, isStopping?: () => boolean): Promise<PollResult | undefined> => {
  const system = context.systems.polled.find(({ id }) => id === systemId)
  if (!system) return undefined
  const result = await pollSystem(
    {
      ...context.apply,
      ...(isStopping && { isStopping }),
      pageSize: context.pageSizeOf(systemId),
      onApplied: context.relay.poke,
      onApplyError: (error, dossierCode) => context.logger.error({ err: error, dossierCode }, 'chưa áp dụng được thay đổi, sẽ thử lại'),
    },
    system,
  )
  if (result.kind === 'FAILED' && result.stalled !== undefined) context.logger.error({ systemId }, result.stalled)
  else if (result.kind === 'FAILED') context.logger.warn({ systemId, cause: result.cause }, 'không đọc được thay đổi')
  else if (result.ranBackwards) context.logger.error({ systemId }, 'dòng thay đổi chạy lùi: hệ thống nguồn đã được phục hồi')
  else if (result.reread) context.logger.warn({ systemId, ...result.reread }, 'đã đọc lại toàn bộ dòng thay đổi')
  return result
}

/** After a restore from a backup: what the feeds tell since then is read and applied before anything else is done. */
export const catchUpAfterRestore = async (context: Context, isStopping?: () => boolean): Promise<void> => {
  const recovery = await readRecovery(context.db)
  if (!recovery.open || recovery.unread.length === 0) return
  context.logger.warn({ epoch: recovery.id, remaining: recovery.remaining }, 'đợt khôi phục đang mở: đọc lại thay đổi của các hệ thống')
  const { systems } = context.options.configuration
  const read = await rereadFeeds(
    {
      ...context.apply,
      ...(isStopping && { isStopping }),
      pageSizeOf: context.pageSizeOf,
      onApplied: context.relay.poke,
      onApplyError: (error, dossierCode) => context.logger.error({ err: error, dossierCode }, 'chưa áp dụng được thay đổi, sẽ thử lại'),
    },
    context.systems.polled.filter(({ id }) => systems[id].poll.enabled && recovery.unread.includes(id)),
  )
  for (const { systemId, result } of read)
    if (result.kind === 'FAILED') context.logger.warn({ systemId, cause: result.cause }, 'chưa đọc lại được thay đổi')
}

const reportOfPoll = (result: PollResult | undefined): CallReport => (result ? reportOfRead(result) : { kind: 'SILENT' })

interface WorkerOptions {
  readonly guardEveryMs?: number
  /** A stop that comes before it has started: what a restore has it read again is left then. */
  readonly isStopping?: () => boolean
}

export const startWorker = async (
  context: Context,
  { guardEveryMs = GUARD_EVERY_MS, isStopping }: WorkerOptions = {},
): Promise<RunningWorker> => {
  const { configuration } = context.options
  const onError = (error: unknown): void => context.logger.error({ err: error }, 'lỗi nền, sẽ thử lại')
  const alerts = openAlerts(context, onError)
  const ledger = openLedger(context)
  await catchUpAfterRestore(context, isStopping)
  // Nothing is sent before all that the feeds tell is known: not by one that was stopped meanwhile either.
  if (isStopping?.()) return { stop: async () => alerts?.close() }
  const health = createSystemHealth(context.db, onError)
  const delivery = deliveryOf(context, (report) => {
    health.report(report)
    const { systemId, transferId, operation, kind, outcome, late } = report
    const state = late ? undefined : report.state
    const attempt = {
      systemId,
      transferId,
      operation,
      kind,
      outcome,
      ...(late ? { late } : { state }),
      elapsedMs: Math.round(report.elapsedMs),
    }
    context.logger.info(attempt, 'đã thử chuyển')
    context.metrics.attemptsTotal.inc({ system: report.systemId, kind: report.kind, outcome: report.outcome })
    context.metrics.attemptSeconds.observe({ system: report.systemId, kind: report.kind }, report.elapsedMs / 1000)
    if (state !== undefined && state !== 'WAITING_RETRY' && state !== 'INDETERMINATE')
      context.metrics.transfersTotal.inc({ system: report.systemId, outcome: state })
  })
  const plans: PollPlan[] = context.systems.polled
    .filter(({ id }) => configuration.systems[id].poll.enabled)
    .map(({ id }) => ({ systemId: id, everyMs: configuration.systems[id].poll.everyMs }))

  consumeTransfers(
    context.store,
    SYSTEM_IDS.filter((systemId) => context.systems.targets.has(systemId)),
    (systemId) => configuration.systems[systemId].concurrency,
    async (systemId, goesOn) => {
      await context.watch.look()
      const lookedAt = performance.now()
      const isLookedAt = (): boolean => performance.now() - lookedAt < LOOK_AGAIN_MS
      return (
        await deliver(
          delivery,
          systemId,
          () => goesOn() && isLookedAt(),
          () => !goesOn(),
        )
      ).rest
    },
  )
  const pollGates = new Map(plans.map(({ systemId }) => [systemId, context.readGate(systemId, 'POLL')]))
  consumePolls(context.store, async (systemId, isStopping) => {
    await context.watch.look()
    if (await isInMaintenance(context.db, systemId)) return false
    const result = await pollGates.get(systemId)?.pass(async () => {
      // A restore that was noticed while this runs. Only by those that are concerned: a system that is down holds nobody else up.
      if (await isUnreadAfterRestore(context.db, systemId)) await catchUpAfterRestore(context, isStopping)
      return pollOnce(context, systemId, isStopping)
    }, reportOfPoll)
    if (result?.kind === 'FAILED')
      health.report({ systemId, outcome: 'UNAVAILABLE', ...(result.code !== undefined && { code: result.code }), cause: result.cause })
    else if (result) health.report({ systemId, outcome: 'ACCEPTED' })
    return result !== undefined && goesOn(result)
  })
  const planWork = planWorkOf(context, delivery)
  consumePlanWork(context.store, async (isStopping) => {
    await context.watch.look()
    await workOnPlans(planWork, isStopping)
  })
  const reconciliation = reconciliationOf(context, (systemId, isStopping) => pollOnce(context, systemId, isStopping))
  consumeReconciliation(context.store, async (begin, isStopping) => {
    await context.watch.look()
    if (begin) await beginByClock(context, begin)
    await workOnBatches(reconciliation, isStopping)
    await workOnRuns(reconciliation, isStopping)
  })
  consumeLedger(context.store, async (isStopping) => {
    await ledger.keep(isStopping)
  })
  const alerting = alerts && consumeAlerts(context.store, alerts, { everyMs: alerts.everyMs, onError })
  const guardian = startGuardian({
    sql: context.db,
    queues: context.queues,
    applyPending: context.applyPending,
    restoreSchedules: async () => {
      await schedulePolls(context.store, plans)
      await schedulePlanWork(context.store, configuration.replayPlans.everyMs)
      await scheduleReconciliation(context.store, configuration.reconciliation)
      await scheduleLedger(context.store, ledger.everyMs)
      if (alerts) await scheduleAlerts(context.store, alerts.everyMs)
    },
    watchDueDates: watchDueDatesEvery(
      { ...configuration.dueDateAlarms, sql: context.db, logger: context.logger },
      configuration.dueDateAlarms.everyMs,
    ),
    yieldToNewer: (isStopping) => yieldToNewer(context.db, onError, isStopping),
    keepIdentifiers: createIdentifierKeeper(context.db),
    retention: createRetention(context, onError),
    onApplied: context.relay.poke,
    onReclaimed: (ids) => context.logger.warn({ transferIds: ids }, 'quyền gửi hết hạn, đang hỏi lại hệ thống nhận'),
    onError,
    everyMs: guardEveryMs,
    keepEventsHours: configuration.liveEventHours,
  })
  return {
    stop: async () => {
      // Both are told at once, not the consumers when the guardian has ended.
      await Promise.all([guardian.stop(), context.store.stopConsuming(), alerting?.stop()])
      await alerts?.close()
      await health.flush()
    },
  }
}

/** For a program. Its stop is waited for from the beginning: it may catch up with a restore for minutes before it has started. */
export const runWorker = async (context: Context, shutdown: Shutdown): Promise<void> => {
  const starting = startWorker(context, { isStopping: () => shutdown.isStopping })
  shutdown.onShutdown('worker', async () => (await starting.catch(() => undefined))?.stop(), 60_000)
  await starting
}
