import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from './config/config.js'
import { checkRouting } from './dossier/load-reference-data.js'
import type { ReferenceData } from './dossier/reference-data.js'
import { readReferenceData } from './dossier/reference-repository.js'
import { type ForeignSystems, openForeignSystems } from './foreign-systems.js'
import { type ApplyDependencies, applyPending } from './inbox/apply-pending.js'
import { PageSize } from './inbox/page-size.js'
import { createReceiver } from './inbox/receive-message.js'
import { bySystem, SYSTEM_IDS, type SystemId } from './model/system.js'
import { checkTransferMoves } from './model/transfer-state.js'
import { openRecoveryNoticed } from './operator/recover-from-backup.js'
import { reportQueueOutage } from './operator/report-queue-outage.js'
import { type Relay, startRelay } from './outbox/relay.js'
import { FolderBlobStore } from './platform/blob-store.js'
import { isTransactionPooler } from './platform/check-pooler.js'
import { type Database, openDatabase } from './platform/database.js'
import { type DatabaseWatch, watchDatabase } from './platform/database-watch.js'
import type { Logger } from './platform/logger.js'
import { createMetrics, type Metrics } from './platform/metrics.js'
import type { ReceiveInbound } from './ports/inbound.js'
import type { TargetSystem } from './ports/target-system.js'
import { QUEUE_CONNECTIONS } from './queue/queue-connections.js'
import type { JobQueue } from './queue/queue-store.js'
import { openQueueStore, type QueueStore } from './queue/queue-store.js'
import { tellQueueOutage } from './queue/tell-outage.js'
import { publishWakeUps, transferQueues, type WakeJob, wakeUpsForJobs } from './queue/transfer-queues.js'
import { markQueued } from './transfer/claim-repository.js'
import { configureGate } from './transfer/gate-repository.js'
import { withRestoredInquiry } from './transfer/inquire-restored.js'
import { databaseMappings } from './transfer/mapping-repository.js'
import { openReadGate, type ReadGate } from './transfer/read-gate.js'
import { knowEpochs } from './transfer/recovery-repository.js'

/**
 * Everything that a process needs, built once and closed in the opposite order. Functions that would point the wrong way through
 * the layers (inbox → relay, relay → queue) are handed in here. The database is migrated already.
 */
export interface ContextOptions {
  readonly databaseUrl: string
  /** For the queue on PostgreSQL, when `databaseUrl` is a pooler. */
  readonly directDatabaseUrl?: string
  readonly redisUrl?: string
  readonly poolSize: number
  readonly stateDir: string
  readonly configuration: Configuration
  /** Credentials by name, from the environment. */
  readonly secrets: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  /** The systems' clock runs ahead of ours by as much as it pleases: the sandbox's, and nothing that a configuration could ask for. */
  readonly systemsRunAhead?: boolean
}

export interface Context {
  readonly options: ContextOptions
  readonly db: Database
  readonly metrics: Metrics
  readonly logger: Logger
  readonly store: QueueStore
  readonly queues: ReadonlyMap<SystemId, JobQueue<WakeJob>>
  readonly relay: Relay
  readonly systems: ForeignSystems
  /** `systems.targets`, asked as a restore from a backup needs it. */
  readonly targets: ReadonlyMap<SystemId, TargetSystem>
  /** To be looked at before anything is sent: a restored database must not be delivered from by accident. */
  readonly watch: DatabaseWatch
  readonly receive: ReceiveInbound
  readonly apply: ApplyDependencies
  readonly keepDocument: FolderBlobStore['put']
  applyPending(dossierCode: string): Promise<void>
  /** The gate of live reads or of polls of a system; one a process and kind of reader. */
  readGate(systemId: SystemId, reader: 'LIVE' | 'POLL'): ReadGate
  /** How many changes of a system are asked for at once; it follows what the system can give. */
  pageSizeOf(systemId: SystemId): PageSize
  /** False behind a pooler that gives each transaction another connection. */
  readonly keepPlans: boolean
  /** Name of this process in attempt rows. */
  readonly processName: string
  close(): Promise<void>
}

const REFERENCE_KEPT_MS = 5_000
const RELAY_POLL_MS = 500
const RELAY_BATCH = 500
/** Added to a read's deadline: a probe that has not reported by then is given up. */
const PROBE_MARGIN_MS = 5_000

/** Reads the reference tables at most every five seconds; a changed table counts from the next reading on. */
const keptReference = (db: Database): (() => Promise<ReferenceData>) => {
  let kept: { data: Promise<ReferenceData>; until: number } | undefined
  return () => {
    if (!kept || Date.now() > kept.until) {
      const data = readReferenceData(db)
      kept = { data, until: Date.now() + REFERENCE_KEPT_MS }
      data.catch(() => {
        kept = undefined
      })
    }
    return kept.data
  }
}

/** When a part cannot be opened, those before it are closed: the server that they are connected to may end with this program. */
export const openContext = async (options: ContextOptions): Promise<Context> => {
  const opened: (() => Promise<unknown>)[] = []
  try {
    return await openParts(options, (close) => opened.push(close))
  } catch (error) {
    for (const close of opened.reverse()) await close()
    throw error
  }
}

const openParts = async (options: ContextOptions, onOpened: (close: () => Promise<unknown>) => void): Promise<Context> => {
  const { configuration, logger, secrets } = options
  const onError = (error: unknown): void => logger.error({ err: error }, 'lỗi nền, sẽ thử lại')
  checkTransferMoves()
  // On PostgreSQL without an address of its own, the queue itself refuses a pooler.
  const surelyDirect = options.directDatabaseUrl === undefined && options.redisUrl === undefined
  const keepPlans = surelyDirect || !(await isTransactionPooler(options.databaseUrl))
  const db = openDatabase({ url: options.databaseUrl, poolSize: options.poolSize, keepPlans, onError })
  onOpened(() => db.close())
  const processName = `${hostname()}:${process.pid}`
  const watch = watchDatabase({
    db,
    stateDir: options.stateDir,
    epochs: knowEpochs,
    onWarning: (sentence) => logger.warn(sentence),
    onRestored: async (tx, why) => {
      const { id, inquired } = await openRecoveryNoticed(tx, processName, why)
      logger.error(
        { epoch: id, inquired },
        `CƠ SỞ DỮ LIỆU ĐÃ BỊ PHỤC HỒI: ${why} Đã mở đợt khôi phục: mọi lượt liên thông được hỏi lại trước khi gửi.`,
      )
      return id
    },
  })
  await watch.look()
  const reference = keptReference(db)
  checkRouting((await reference()).routing)
  const blobs = await FolderBlobStore.open(join(options.stateDir, 'documents'))
  const keepDocument = (bytes: Buffer) => blobs.put(bytes)
  const clockToleranceMs = options.systemsRunAhead ? Number.MAX_SAFE_INTEGER : configuration.inbox.clockToleranceMs
  const systems = await openForeignSystems({
    configuration,
    secrets,
    mappings: databaseMappings(db),
    readDocument: (sha256) => blobs.get(sha256),
    keepDocument,
    clockToleranceMs,
  })
  onOpened(() => systems.close())
  for (const systemId of SYSTEM_IDS) await configureGate(db, systemId, configuration.systems[systemId].limits)
  const tellOutage = tellQueueOutage(logger)
  const reportOutage = reportQueueOutage(db, processName, onError)
  const store = await openQueueStore({
    databaseUrl: options.directDatabaseUrl ?? options.databaseUrl,
    redisUrl: options.redisUrl,
    poolSize: QUEUE_CONNECTIONS,
    onError,
    onWarning: (sentence) => logger.warn(sentence),
    onOutage: (told) => {
      tellOutage(told)
      reportOutage(told)
    },
  })
  const queueConnections = store.kind === 'POSTGRESQL' ? QUEUE_CONNECTIONS : 0
  logger.info(
    { connections: options.poolSize, queueConnections },
    `Tiến trình này dùng nhiều nhất ${options.poolSize + queueConnections} kết nối PostgreSQL.`,
  )
  const queues = transferQueues(store, systems.targets.keys())
  const relay = startRelay({
    db,
    publish: (wakeUps) => publishWakeUps(queues, wakeUps),
    beforePublish: (wakeUps) =>
      markQueued(
        db,
        wakeUpsForJobs(wakeUps).map(({ transferId }) => transferId),
      ),
    onError,
    pollMs: RELAY_POLL_MS,
    batchSize: RELAY_BATCH,
  })
  const metrics = createMetrics()
  metrics.readQueueStoreBy(() => store.standing()?.awaySince)
  const apply: ApplyDependencies = {
    db,
    reference,
    clockToleranceMs,
    receptionToleranceMs: configuration.inbox.clockToleranceMs,
    onSettled: (labels) => metrics.inboxTotal.inc(labels),
    onSetAside: (error, messageId) => logger.error({ err: error, messageId }, 'thông điệp không lưu được, đã cách ly'),
  }
  const pageSizes = bySystem((systemId) => new PageSize(configuration.systems[systemId].poll.pageSize))
  return {
    options,
    db,
    logger,
    store,
    queues,
    relay,
    systems,
    targets: new Map([...systems.targets].map(([id, target]) => [id, withRestoredInquiry(target, db)])),
    watch,
    apply,
    keepDocument,
    metrics,
    receive: createReceiver({
      ...apply,
      onApplied: relay.poke,
      onApplyError: (error, messageId) => logger.error({ err: error, messageId }, 'chưa áp dụng được thông điệp, sẽ thử lại'),
    }),
    applyPending: async (dossierCode) => void (await applyPending(apply, dossierCode)),
    readGate: (systemId, reader) =>
      openReadGate({
        db,
        systemId,
        reader,
        rules: configuration.retry.breaker,
        probeMs: configuration.systems[systemId].readDeadlineMs + PROBE_MARGIN_MS,
        onChange: (change, cause) =>
          change === 'OPENED_NOW'
            ? logger.warn({ systemId, operationClass: 'READ', cause }, 'cầu dao mở: tạm ngừng đọc hệ thống')
            : logger.info({ systemId, operationClass: 'READ' }, 'cầu dao đóng: hệ thống đã trả lời lại'),
      }),
    pageSizeOf: (systemId) => pageSizes[systemId],
    keepPlans,
    processName,
    close: async () => {
      await relay.stop()
      await store.close()
      await systems.close()
      await db.close()
    },
  }
}
