import type { AuthenticationSettings } from './access/authenticate.js'
import { createAuthenticator } from './access/authenticate.js'
import type { SignInSettings } from './access/console-settings.js'
import { startApiServer } from './api/server.js'
import { alertChannelNames } from './config/alert-channels.js'
import { type Configuration, maxProcessingMsOf } from './config/config.js'
import type { Context } from './context.js'
import { forgetChangedLand, forgetLandOfTransfer, receiveAndForgetLand } from './dossier/forget-changed-land.js'
import { guardRegistry } from './dossier/guarded-registry.js'
import { readInstallationId } from './dossier/installation-repository.js'
import { openRegistryReads } from './dossier/open-registry-reads.js'
import { tellFailedReads } from './dossier/tell-failed-reads.js'
import { showEvidenceOf } from './foreign-systems.js'
import { storeUnreadable } from './inbox/inbox-repository.js'
import { databaseNonceMemory } from './inbox/nonce-repository.js'
import { openLedger } from './ledger.js'
import { SYSTEM_IDS, type SystemId } from './model/system.js'
import { acknowledgeAlert } from './operator/acknowledge-alert-repository.js'
import { actOnReplayPlan } from './operator/act-on-replay-plan.js'
import type { SystemActResult } from './operator/act-on-system.js'
import { abandonTransfer, confirmOutcome, replayTransfer } from './operator/act-on-transfer.js'
import { watchAlertChanges } from './operator/alert-changes.js'
import { judgeActs } from './operator/allowed-acts.js'
import { amendTransfer } from './operator/amend-transfer.js'
import { amendmentReads } from './operator/amendment-reads.js'
import { noteCause } from './operator/cause-note-repository.js'
import { doOnce } from './operator/client-request-repository.js'
import { createReplayPlan } from './operator/create-replay-plan.js'
import { approveAmendment, declineAmendment } from './operator/decide-on-amendment.js'
import { dismissMessage } from './operator/dismiss-message-repository.js'
import { endMaintenance } from './operator/end-maintenance.js'
import { recordAuditExport } from './operator/export-audit.js'
import { readGauges } from './operator/gauge-repository.js'
import { pauseSystem } from './operator/pause-system.js'
import { planMaintenance } from './operator/plan-maintenance.js'
import { clearPollAlarm } from './operator/poll-alarm-repository.js'
import { openSystemProbes, type SystemAddress } from './operator/probe-systems.js'
import { readReadiness } from './operator/readiness-repository.js'
import { resumeSystem } from './operator/resume-system.js'
import { recordAmendmentRevealed } from './operator/reveal-amendment-repository.js'
import { revealAttempt } from './operator/reveal-attempt-repository.js'
import { setSystemLimits } from './operator/set-system-limits.js'
import { supersedeTransfer } from './operator/supersede-transfer.js'
import { testAlertChannels } from './operator/test-alert-channels-repository.js'
import { newestEvent, startLiveEvents } from './outbox/live-events.js'
import { openRateLimits } from './platform/rate-limit.js'
import { createReadMetrics } from './platform/read-metrics.js'
import { openReadPool } from './platform/read-pool.js'
import { wakeEligible } from './queue/guardian.js'
import { comparedSystems, reconciliationActsOf, repairsOf } from './reconciling.js'
import { checkSending } from './transfer/look-ahead.js'

/** The gateway: GraphQL for front ends, SOAP for the systems that call us, health and metrics. Any number of them may run. */
export interface GatewayOptions {
  readonly host: string
  readonly port: number
  readonly authentication: AuthenticationSettings
  readonly introspection: boolean
  /** A token may come in a link to the console, as `npm start` prints it: elsewhere a link could sign somebody in as another. Default no. */
  readonly linkSignIn?: boolean
  /** Where people sign in to the console; absent: they paste a token. */
  readonly signIn?: SignInSettings
  readonly corsOrigins: readonly string[]
  /** Longest that one statement of an answer may run; 0: as long as it likes. Default 15 s. */
  readonly statementTimeoutMs?: number
}

export interface RunningGateway {
  readonly url: string
  stop(): Promise<void>
}

const LIVE_POLL_MS = 300
/** A look at a system's address is over by then. */
const PROBE_MS = 5_000

const addressesOf = ({ systems }: Configuration): SystemAddress[] =>
  SYSTEM_IDS.flatMap((systemId) => {
    const { enabled, endpoint } = systems[systemId]
    return enabled && endpoint !== undefined ? [{ systemId, endpoint, withinMs: PROBE_MS }] : []
  })

const ALERT_POLL_MS = 1_000
const STATEMENT_TIMEOUT_MS = 15_000

export const startGateway = async (context: Context, options: GatewayOptions): Promise<RunningGateway> => {
  const { db, logger, metrics, relay, systems } = context
  const { configuration, databaseUrl, poolSize, redisUrl } = context.options
  const onError = (error: unknown): void => logger.error({ err: error }, 'lỗi nền, sẽ thử lại')
  const readConnections = Math.ceil(poolSize / 2)
  const reads = openReadPool({
    url: databaseUrl,
    size: readConnections,
    statementTimeoutMs: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    keepPlans: context.keepPlans,
    onError,
  })
  logger.info({ readConnections }, `Câu trả lời của API dùng thêm nhiều nhất ${readConnections} kết nối PostgreSQL.`)
  const landRegistry = tellFailedReads(systems.landRegistry, (failed) =>
    logger.warn({ systemId: 'VILIS', ...failed }, 'chưa đọc được phần mềm đất đai'),
  )
  const lookUps = await openRegistryReads({
    registry: guardRegistry(landRegistry, context.readGate('VILIS', 'LIVE')),
    db,
    answers: reads,
    redisUrl,
    settings: configuration.reads,
    counts: createReadMetrics(metrics.registry),
    // The same Redis: one outage is told once.
    onError: context.store.failed,
  })
  const registryReads = lookUps.reads
  const liveEvents = await startLiveEvents(db, {
    pollMs: LIVE_POLL_MS,
    onError,
    beforeListeners: forgetChangedLand(db, registryReads),
  })
  // What others read before the changes that are in the log by now is not taken from them; later changes are told.
  registryReads.heed(await liveEvents.latest())
  const newest = await newestEvent(db)
  registryReads.heed(newest)
  registryReads.forgetAll(newest)
  const polled = systems.polled.map(({ id }) => id).filter((id) => configuration.systems[id].poll.enabled)
  metrics.readGaugesBy(() => readGauges(db, polled))
  /** A person's act makes work for the queue: the relay need not wait for its next poll. */
  const afterAct = async <Result extends { readonly kind: string }>(transferId: string, act: Promise<Result>): Promise<Result> => {
    const result = await act
    relay.poke()
    if (result.kind === 'DONE') await forgetLandOfTransfer(db, registryReads, transferId)
    return result
  }
  const check = checkSending(context.targets)
  const receive = receiveAndForgetLand(db, registryReads, context.receive)
  /** A gate that was opened wider: its consumers need not wait for the guardian, who wakes them when this cannot. The person does not wait for the queue. */
  const thenWake = async (systemId: SystemId, act: Promise<SystemActResult>): Promise<SystemActResult> => {
    const result = await act
    const queue = context.queues.get(systemId)
    if (result.kind === 'DONE' && queue) void wakeEligible(db, systemId, queue).catch(onError)
    return result
  }
  const alertChannels = alertChannelNames(configuration)
  const { citizenLookUp } = configuration.api
  const rates = openRateLimits({ redisUrl, prefix: `lienthong:${await readInstallationId(db)}:look-up:`, onError: context.store.failed })
  const alertChanges = watchAlertChanges(reads, { pollMs: ALERT_POLL_MS, onError })
  const server = await startApiServer(
    {
      db: reads,
      metrics,
      logger,
      liveEvents,
      alertChanges,
      authenticate: createAuthenticator(options.authentication),
      receive,
      keepDocument: context.keepDocument,
      registryReads,
      reporting: openLedger(context).reporting(reads),
      showEvidence: showEvidenceOf,
      once: (request, work) => doOnce(db, request, work),
      operator: {
        replay: (act) => afterAct(act.transferId, replayTransfer(db, act)),
        confirm: (act) => afterAct(act.transferId, confirmOutcome(db, act, maxProcessingMsOf(configuration))),
        abandon: (act) => afterAct(act.transferId, abandonTransfer(db, act)),
        supersede: (act) => afterAct(act.transferId, supersedeTransfer(db, act)),
        clearPollAlarm: (act) => clearPollAlarm(db, act),
        dismissMessage: (act) => dismissMessage(db, act),
        noteCause: (act) => noteCause(db, act),
        revealAttempt: (act) => revealAttempt(db, act),
        amend: (act) => afterAct(act.transferId, amendTransfer({ db, check, needsApproval: configuration.amendments.secondPerson }, act)),
        approveAmendment: (act) => afterAct(act.transferId, approveAmendment(db, act)),
        declineAmendment: (act) => afterAct(act.transferId, declineAmendment(db, act)),
        revealAmendment: (act) => recordAmendmentRevealed(db, act),
        amendments: amendmentReads(db, check),
        judge: (ids, subject) => judgeActs(db, ids, { maxProcessingMs: maxProcessingMsOf(configuration), subject }),
        recordAuditExport: (audited) => recordAuditExport(db, audited),
      },
      systemActs: {
        setLimits: (act) => thenWake(act.systemId, setSystemLimits(db, act)),
        pause: (act) => pauseSystem(db, act),
        resume: (act) => thenWake(act.systemId, resumeSystem(db, act)),
        planMaintenance: (act) => planMaintenance(db, act),
        endMaintenance: (act) => thenWake(act.systemId, endMaintenance(db, act)),
      },
      replayPlans: {
        maxRows: configuration.replayPlans.maxRows,
        approvalAbove: configuration.replayPlans.approvalAbove,
        create: (request) => createReplayPlan(db, request, configuration.replayPlans),
        act: (request, act) => actOnReplayPlan(db, request, act, configuration.replayPlans),
      },
      reconciliation: reconciliationActsOf({ ...repairsOf(context), receive }, { reads, systems: comparedSystems(context), configuration }),
      alertActs: {
        channels: alertChannels,
        acknowledge: (act) => acknowledgeAlert(db, act),
        test: (act) => testAlertChannels(db, act, { channels: alertChannels, consoleUrl: configuration.alerts.consoleUrl }),
      },
      endpoints: await systems.inboundEndpoints({
        receive,
        keepUnreadable: (row) => storeUnreadable(db, row),
        nonceSeen: databaseNonceMemory(db),
      }),
      health: {
        live: () => true,
        ready: () => readReadiness(db, context.store.standing()),
      },
      probeSystems: openSystemProbes(addressesOf(configuration)),
      limits: {
        maxRequestBytes: Math.ceil(configuration.api.maxDocumentBytes * 1.5),
        maxDocumentBytes: configuration.api.maxDocumentBytes,
        maxSoapBytes: configuration.inbox.maxRequestBytes,
        maxWaitMs: configuration.reads.maxWaitMs,
        usualWaitMs: configuration.reads.usualWaitMs,
        query: configuration.api.query,
        introspection: configuration.api.introspection ?? options.introspection,
      },
      citizenLookUp: citizenLookUp.enabled
        ? {
            perAddress: rates.limit('address:', citizenLookUp.perAddress),
            wrongPerCode: rates.limit('code:', citizenLookUp.wrongPerCode),
          }
        : undefined,
      trustedProxies: configuration.api.trustedProxies,
      persistedOperations: configuration.api.persistedOperations,
      console: { linkSignIn: options.linkSignIn ?? false, signIn: options.signIn, claims: options.authentication.claims },
    },
    { host: options.host, port: options.port, corsOrigins: options.corsOrigins },
  )
  return {
    url: server.url,
    stop: async () => {
      await server.close()
      await liveEvents.stop()
      await alertChanges.stop()
      await lookUps.close()
      rates.close()
      await reads.close()
    },
  }
}
