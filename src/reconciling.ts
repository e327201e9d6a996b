import type { Scope } from './access/scope.js'
import type { Configuration } from './config/config.js'
import { staleRulesOf } from './config/reconciliation-configuration.js'
import type { Context } from './context.js'
import { storeMessage } from './inbox/inbox-repository.js'
import { beginReread, isBeingReread } from './inbox/poll-cursor-repository.js'
import type { PollResult } from './inbox/poll-system.js'
import type { BatchAct } from './model/discrepancy-batch.js'
import type { ReconciliationAct, ReconciliationScope } from './model/reconciliation-run.js'
import { SYSTEM_IDS, type SystemId } from './model/system.js'
import { workingDaysBefore } from './model/working-calendar.js'
import { type DiscrepancyActRequest, ignore, repairHere, repairThere } from './operator/act-on-discrepancy.js'
import { actOnDiscrepancyBatch, type BatchActRequest } from './operator/act-on-discrepancy-batch.js'
import { actOnReconciliation, type RunActRequest, type StartRequest, startReconciliation } from './operator/act-on-reconciliation.js'
import { type CreateBatch, createDiscrepancyBatch, foreseeBatch } from './operator/create-discrepancy-batch.js'
import type { Sql } from './platform/database.js'
import type { DiscrepancyFilter } from './reconciliation/discrepancy-search-repository.js'
import { judgeDiscrepancies } from './reconciliation/judge-discrepancies.js'
import type { ReconciliationDependencies, RepairDependencies } from './reconciliation/reconciliation-dependencies.js'
import { BY_SCHEDULE, startRun } from './reconciliation/start-run.js'
import { openTheirSide } from './reconciliation/their-side.js'
import { isInMaintenance } from './transfer/maintenance-repository.js'
import type { ReadGate } from './transfer/read-gate.js'
import { readWorkingCalendar } from './transfer/working-calendar-repository.js'

/** Đối soát, put together: what runs need in the worker, and what repairs need wherever a person orders them. */

const feedOf =
  ({ options, systems }: Context) =>
  (systemId: SystemId): 'READ' | 'UNREAD' | 'NONE' => {
    if (!systems.polled.some(({ id }) => id === systemId)) return 'NONE'
    return options.configuration.systems[systemId].poll.enabled ? 'READ' : 'UNREAD'
  }

/** What they have acknowledged and may still be working on, by their own declaration, is on its way. */
export const graceMsOf = ({ reconciliation, systems }: Pick<Configuration, 'reconciliation' | 'systems'>): number =>
  Math.max(
    reconciliation.graceMs,
    ...SYSTEM_IDS.flatMap((id) => Object.values(systems[id].operations).map((traits) => traits?.maxProcessingMs ?? 0)),
  )

export const repairsOf = (context: Context): RepairDependencies => ({
  db: context.db,
  graceMs: graceMsOf(context.options.configuration),
  feedOf: feedOf(context),
  reference: context.apply.reference,
  receive: context.receive,
  store: async (tx, message) => (await storeMessage(tx, message)).id,
  reread: async (tx, systemId, why) => {
    if (!(await isBeingReread(tx, systemId))) await beginReread(tx, systemId, why)
  },
  theirSide: theirSideOf(context),
  onQueued: context.relay.poke,
})

/** For one question beside the runs, at the rate that holds for all of them. */
const theirSideOf = (context: Context): RepairDependencies['theirSide'] => {
  const gates = new Map<SystemId, ReadGate>()
  return (systemId) => {
    const source = context.systems.comparisonSources.get(systemId)
    if (!source) return undefined
    const gate = gates.get(systemId) ?? context.readGate(systemId, 'LIVE')
    gates.set(systemId, gate)
    return openTheirSide({ sql: context.db, source, gate, perSecond: perSecondOf(context, systemId), beat: async () => undefined })
  }
}

const perSecondOf = ({ options }: Context, systemId: SystemId): number => {
  const { callsPerSecond, callsPerSecondOf } = options.configuration.reconciliation
  return callsPerSecondOf[systemId] ?? callsPerSecond
}

/** Pages of a feed that are read for one look; what a longer one still holds is read by the polls, and looked at by the run after. */
const MOST_POLLS = 50

export const reconciliationOf = (
  context: Context,
  poll: (systemId: SystemId, isStopping: () => boolean) => Promise<PollResult | undefined>,
): ReconciliationDependencies => {
  const { reconciliation } = context.options.configuration
  const gates = new Map<SystemId, ReadGate>()
  const rules = staleRulesOf(reconciliation)
  return {
    ...repairsOf(context),
    sources: context.systems.comparisonSources,
    gateOf: (systemId) => {
      const gate = gates.get(systemId) ?? context.readGate(systemId, 'POLL')
      gates.set(systemId, gate)
      return gate
    },
    perSecondOf: (systemId) => perSecondOf(context, systemId),
    readFeed: async (systemId, beat, isStopping) => {
      if (await isInMaintenance(context.db, systemId)) return false
      for (let round = 0; round < MOST_POLLS; round += 1) {
        await beat()
        const result = await poll(systemId, isStopping)
        if (result?.kind !== 'READ') return false
        if (result.atEnd) return true
      }
      return false
    },
    policy: reconciliation.repairs,
    staleBefore: async (now) => {
      const calendar = await readWorkingCalendar(context.db)
      return new Map(rules.map(({ status, days }) => [status, workingDaysBefore(calendar, now, days)]))
    },
    windowDays: reconciliation.windowDays,
    bucketsAbove: reconciliation.bucketsAbove,
    maxHours: reconciliation.maxHours,
    ...(reconciliation.quietHours && { quietHours: reconciliation.quietHours }),
    retryMs: reconciliation.retryMs,
    onError: (error) => context.logger.error({ err: error }, 'lỗi khi đối soát, sẽ thử lại'),
  }
}

/** Systems that are compared, by the configuration and by what they offer. */
export const comparedSystems = ({ options, systems }: Context): SystemId[] =>
  SYSTEM_IDS.filter((id) => options.configuration.reconciliation.systems.includes(id) && systems.comparisonSources.has(id))

export const beginByClock = async (context: Context, scope: Exclude<ReconciliationScope, 'RANGE'>): Promise<void> => {
  const { schedules, since } = context.options.configuration.reconciliation
  const systems = comparedSystems(context)
  if (systems.length === 0) return
  const id = await startRun(context.db, {
    ...BY_SCHEDULE,
    scope,
    systems,
    recentDays: schedules.recentDays,
    ...(since !== undefined && { since }),
  })
  if (id === undefined) context.logger.info({ scope }, 'lượt đối soát trước chưa xong, không mở lượt mới')
}

type PersonsStart = Pick<StartRequest, 'scope' | 'range' | 'reason' | 'actor' | 'requestKey'> & { readonly systems?: readonly SystemId[] }

/** What a named person may do with runs, discrepancies and batches of them, for the API. */
export const reconciliationActsOf = (
  repairs: RepairDependencies,
  { reads, systems, configuration }: { readonly reads: Sql; readonly systems: readonly SystemId[]; readonly configuration: Configuration },
) => {
  const { db } = repairs
  const { schedules, since } = configuration.reconciliation
  const size = configuration.replayPlans
  return {
    systems,
    start: ({ systems: asked = systems, ...request }: PersonsStart) =>
      startReconciliation(db, {
        ...request,
        systems: asked.filter((id) => systems.includes(id)),
        recentDays: schedules.recentDays,
        ...(since !== undefined && { since }),
      }),
    act: (request: RunActRequest, act: ReconciliationAct) => actOnReconciliation(db, request, act),
    repairHere: (request: DiscrepancyActRequest) => repairHere(repairs, request),
    repairThere: (request: DiscrepancyActRequest) => repairThere(repairs, request),
    ignore: (request: DiscrepancyActRequest) => ignore(db, request),
    judge: (ids: readonly string[]) => judgeDiscrepancies(repairs, ids),
    foresee: (request: { readonly filter: DiscrepancyFilter; readonly scope: Scope }) => foreseeBatch(reads, repairs, request, size),
    createBatch: (request: CreateBatch) => createDiscrepancyBatch(db, request, size),
    actOnBatch: (request: BatchActRequest, act: BatchAct) => actOnDiscrepancyBatch(db, request, act),
  }
}
