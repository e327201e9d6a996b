import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'graphql-ws'
import { createClient } from 'graphql-ws'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import WebSocket from 'ws'
import { type AuthenticationSettings, createAuthenticator } from '../../src/access/authenticate.js'
import type { ApiDependencies, ApiLimits } from '../../src/api/dependencies.js'
import { startApiServer } from '../../src/api/server.js'
import { parseConfiguration } from '../../src/config/config.js'
import { forgetChangedLand, receiveAndForgetLand } from '../../src/dossier/forget-changed-land.js'
import { openRegistryReads } from '../../src/dossier/open-registry-reads.js'
import { readReferenceData } from '../../src/dossier/reference-repository.js'
import { showEvidenceOf } from '../../src/foreign-systems.js'
import { storeMessage } from '../../src/inbox/inbox-repository.js'
import { createReceiver } from '../../src/inbox/receive-message.js'
import { ledgerRulesOf } from '../../src/ledger.js'
import { SYSTEM_IDS } from '../../src/model/system.js'
import { acknowledgeAlert } from '../../src/operator/acknowledge-alert-repository.js'
import { actOnReplayPlan } from '../../src/operator/act-on-replay-plan.js'
import { abandonTransfer, confirmOutcome, replayTransfer } from '../../src/operator/act-on-transfer.js'
import { watchAlertChanges } from '../../src/operator/alert-changes.js'
import { judgeActs } from '../../src/operator/allowed-acts.js'
import { amendTransfer } from '../../src/operator/amend-transfer.js'
import { amendmentReads } from '../../src/operator/amendment-reads.js'
import { noteCause } from '../../src/operator/cause-note-repository.js'
import { doOnce } from '../../src/operator/client-request-repository.js'
import { createReplayPlan } from '../../src/operator/create-replay-plan.js'
import { approveAmendment, declineAmendment } from '../../src/operator/decide-on-amendment.js'
import { dismissMessage } from '../../src/operator/dismiss-message-repository.js'
import { endMaintenance } from '../../src/operator/end-maintenance.js'
import { recordAuditExport } from '../../src/operator/export-audit.js'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { planMaintenance } from '../../src/operator/plan-maintenance.js'
import { clearPollAlarm } from '../../src/operator/poll-alarm-repository.js'
import { resumeSystem } from '../../src/operator/resume-system.js'
import { recordAmendmentRevealed } from '../../src/operator/reveal-amendment-repository.js'
import { revealAttempt } from '../../src/operator/reveal-attempt-repository.js'
import { setSystemLimits } from '../../src/operator/set-system-limits.js'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { testAlertChannels } from '../../src/operator/test-alert-channels-repository.js'
import { startLiveEvents } from '../../src/outbox/live-events.js'
import { FolderBlobStore } from '../../src/platform/blob-store.js'
import type { Database } from '../../src/platform/database.js'
import { openDatabase } from '../../src/platform/database.js'
import { createMetrics } from '../../src/platform/metrics.js'
import { openRateLimits } from '../../src/platform/rate-limit.js'
import { createReadMetrics } from '../../src/platform/read-metrics.js'
import { openReadPool } from '../../src/platform/read-pool.js'
import type { InboundEndpoint } from '../../src/ports/inbound.js'
import type { LandRegistry, RegistryCertificate, RegistryParcel } from '../../src/ports/land-registry.js'
import { reconciliationActsOf } from '../../src/reconciling.js'
import { openReporting } from '../../src/reporting/open-reporting.js'
import { NO_DRIFT } from './no-drift.js'
import { createDistrictDatabase } from './test-database.js'

/** A land registry that holds what a test puts into it and can be switched off: an outside system, at its port. */
class TestRegistry implements LandRegistry {
  readonly batchLimit = 50
  readonly parcels: RegistryParcel[] = []
  readonly certificates: RegistryCertificate[] = []
  readonly calls: { readonly kind: 'PARCELS' | 'CERTIFICATES'; readonly count: number }[] = []
  down = false

  async readParcels(keys: Parameters<LandRegistry['readParcels']>[0]) {
    this.calls.push({ kind: 'PARCELS', count: keys.length })
    if (this.down) return { kind: 'FAILED' as const, cause: 'connect ECONNREFUSED' }
    const values = this.parcels.filter(({ key }) =>
      keys.some(
        (wanted) =>
          wanted.communeCode === key.communeCode &&
          wanted.mapSheetNumber === key.mapSheetNumber &&
          wanted.parcelNumber === key.parcelNumber,
      ),
    )
    return { kind: 'READ' as const, values, asOf: '2026-03-05T02:00:00.000Z' }
  }

  async readCertificates(serials: readonly string[]) {
    this.calls.push({ kind: 'CERTIFICATES', count: serials.length })
    if (this.down) return { kind: 'FAILED' as const, cause: 'connect ECONNREFUSED' }
    return {
      kind: 'READ' as const,
      values: this.certificates.filter((one) => serials.includes(one.serialNumber)),
      asOf: '2026-03-05T02:00:00.000Z',
    }
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of each test's own query
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: Record<string, unknown>
  }[]
}

export type TestRole = 'citizen-app' | 'officer' | 'operator' | 'admin'

export interface TestApi {
  readonly url: string
  /** Of its database. */
  readonly databaseUrl: string
  readonly dependencies: ApiDependencies
  readonly db: Database
  readonly registry: TestRegistry
  /** Statements that answers sent to the database, oldest first. */
  readonly statements: string[]
  /** Everything that was logged, as text. */
  readonly logged: string[]
  token(role: TestRole, communes?: readonly string[], expiresInS?: number): Promise<string>
  query(token: string | undefined, query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>
  subscribe(token: string, connectionParams?: { readonly language?: string }): Client
  close(): Promise<void>
}

export interface TestApiOptions {
  readonly limits?: Partial<ApiLimits>
  readonly endpoints?: readonly InboundEndpoint[]
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  readonly persistedOperations?: ApiDependencies['persistedOperations']
  /** Other tokens than those that `token` makes. */
  readonly authentication?: AuthenticationSettings
  readonly console?: ApiDependencies['console']
  readonly withoutLookUp?: boolean
  /** For what gateways count together. */
  readonly redisUrl?: string
}

/** The API as it runs, over HTTP and WebSocket on a free port, with our own code behind it and a database of its own. */
export const startTestApi = async (options: TestApiOptions = {}): Promise<TestApi> => {
  const configuration = parseConfiguration({})
  const keys = await generateKeyPair('ES256', { extractable: true })
  const database = await createDistrictDatabase()
  const onError = (error: unknown): never => {
    throw error
  }
  const lock = options.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: options.lockTimeoutMs }
  const db = openDatabase({ url: database.url, poolSize: 6, onError: () => undefined, ...lock })
  const reads = openReadPool({
    url: database.url,
    size: 6,
    statementTimeoutMs: options.statementTimeoutMs ?? 15_000,
    onError: () => undefined,
  })
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-api-'))
  const blobs = await FolderBlobStore.open(folder)
  const registry = new TestRegistry()
  const lookUp = configuration.api.citizenLookUp
  const rates = openRateLimits({ redisUrl: options.redisUrl, prefix: 'thu:', onError: () => undefined })
  const statements: string[] = []
  const metrics = createMetrics({ processMetrics: false })
  const settings = configuration.reads
  const counts = createReadMetrics(metrics.registry)
  const lookUps = await openRegistryReads({ registry, db, answers: reads, settings, counts, onError })
  const registryReads = lookUps.reads
  const liveEvents = await startLiveEvents(db, { pollMs: 20, onError, beforeListeners: forgetChangedLand(db, registryReads) })
  const alertChanges = watchAlertChanges(reads, { pollMs: 20, onError })
  const logged: string[] = []
  const log = (fields: object, message: string): void => {
    logged.push(JSON.stringify({ message, ...fields }))
  }
  const receive = createReceiver({
    db,
    reference: () => readReferenceData(db),
    clockToleranceMs: 300_000,
    onApplied: () => undefined,
    onApplyError: onError,
  })
  const deps: ApiDependencies = {
    db: {
      query: (text, parameters, plan) => {
        statements.push(text)
        return reads.query(text, parameters, plan)
      },
    },
    liveEvents,
    alertChanges,
    authenticate: createAuthenticator(
      options.authentication ?? { issuer: 'thu', audience: 'lien-thong', publicKeyPem: await exportSPKI(keys.publicKey) },
    ),
    receive: receiveAndForgetLand(db, registryReads, receive),
    keepDocument: (bytes) => blobs.put(bytes),
    operator: {
      replay: (act) => replayTransfer(db, act),
      confirm: (act) => confirmOutcome(db, act, () => 60_000),
      abandon: (act) => abandonTransfer(db, act),
      supersede: (act) => supersedeTransfer(db, act),
      clearPollAlarm: (act) => clearPollAlarm(db, act),
      dismissMessage: (act) => dismissMessage(db, act),
      noteCause: (act) => noteCause(db, act),
      revealAttempt: (act) => revealAttempt(db, act),
      amend: (act) => amendTransfer({ db, check: async () => null, needsApproval: true }, act),
      approveAmendment: (act) => approveAmendment(db, act),
      declineAmendment: (act) => declineAmendment(db, act),
      revealAmendment: (act) => recordAmendmentRevealed(db, act),
      amendments: amendmentReads(db, async () => null),
      judge: (ids, subject) => judgeActs(db, ids, { maxProcessingMs: () => 60_000, subject }),
      recordAuditExport: (audited) => recordAuditExport(db, audited),
    },
    systemActs: {
      setLimits: (act) => setSystemLimits(db, act),
      pause: (act) => pauseSystem(db, act),
      resume: (act) => resumeSystem(db, act),
      planMaintenance: (act) => planMaintenance(db, act),
      endMaintenance: (act) => endMaintenance(db, act),
    },
    replayPlans: {
      maxRows: configuration.replayPlans.maxRows,
      approvalAbove: configuration.replayPlans.approvalAbove,
      create: (request) => createReplayPlan(db, request, configuration.replayPlans),
      act: (request, act) => actOnReplayPlan(db, request, act, configuration.replayPlans),
    },
    alertActs: {
      channels: ['mail', 'webhook:truc-ban'],
      acknowledge: (act) => acknowledgeAlert(db, act),
      test: (act) => testAlertChannels(db, act, { channels: ['mail', 'webhook:truc-ban'], consoleUrl: undefined }),
    },
    reconciliation: reconciliationActsOf(
      {
        db,
        graceMs: configuration.reconciliation.graceMs,
        feedOf: () => 'READ',
        reference: () => readReferenceData(db),
        receive,
        store: async (tx, message) => (await storeMessage(tx, message)).id,
        reread: async () => undefined,
        theirSide: () => undefined,
        onQueued: () => undefined,
      },
      { reads, systems: SYSTEM_IDS, configuration },
    ),
    once: (request, work) => doOnce(db, request, work),
    registryReads,
    reporting: openReporting({
      db,
      reads,
      rules: ledgerRulesOf(configuration, db),
      drift: NO_DRIFT,
      stepLimitDays: configuration.reporting.stepLimitDays,
      letter: configuration.reporting.letter,
    }),
    showEvidence: showEvidenceOf,
    endpoints: options.endpoints ?? [],
    health: { live: () => true, ready: async () => ({ ok: true, checks: { database: true } }) },
    probeSystems: async () => [],
    metrics,
    limits: {
      maxRequestBytes: 400_000,
      maxDocumentBytes: 1_000,
      maxSoapBytes: 2_000,
      maxWaitMs: settings.maxWaitMs,
      usualWaitMs: null,
      query: configuration.api.query,
      introspection: false,
      ...options.limits,
    },
    citizenLookUp: options.withoutLookUp
      ? undefined
      : {
          perAddress: rates.limit('address:', lookUp.perAddress),
          wrongPerCode: rates.limit('code:', lookUp.wrongPerCode),
        },
    trustedProxies: configuration.api.trustedProxies,
    logger: { info: log, warn: log, error: log },
    persistedOperations: options.persistedOperations,
    console: options.console,
  }
  const server = await startApiServer(deps, { host: '127.0.0.1', port: 0, corsOrigins: ['https://nop-ho-so.vi-du.vn'] })
  const token: TestApi['token'] = (role, communes, expiresInS = 600) => {
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({ role, name: `Người thử ${role}`, ...(communes && { communes }) })
      .setProtectedHeader({ alg: 'ES256' })
      .setSubject(`thu-${role}-${(communes ?? []).join('-')}`)
      .setIssuer('thu')
      .setAudience('lien-thong')
      .setIssuedAt(now - 3_600)
      .setExpirationTime(now + expiresInS)
      .sign(keys.privateKey)
  }
  return {
    url: server.url,
    databaseUrl: database.url,
    dependencies: deps,
    db,
    registry,
    statements,
    logged,
    token,
    query: async (bearer, query, variables = {}, headers = {}) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          connection: 'close',
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      })
      const body = (await response.json()) as { data?: unknown; errors?: Answer['errors'] }
      return { status: response.status, headers: response.headers, data: body.data, errors: body.errors ?? [] }
    },
    subscribe: (bearer, params) =>
      createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { ...params, Authorization: `Bearer ${bearer}` },
        retryAttempts: 0,
        lazy: true,
      }),
    close: async () => {
      await server.close()
      await liveEvents.stop()
      await alertChanges.stop()
      await lookUps.close()
      rates.close()
      await reads.close()
      await db.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
