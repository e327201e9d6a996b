import { join } from 'node:path'
import type { OpenedFeed } from './backfill/load-history-feed.js'
import { readConfiguration, readConfigurationWith } from './config/config.js'
import { isSandbox } from './dossier/installation-repository.js'
import { UnusableConfiguration } from './errors.js'
import { openForeignSystems } from './foreign-systems.js'
import { bySystem, SYSTEM_IN_SENTENCE, type SystemId } from './model/system.js'
import { FolderBlobStore } from './platform/blob-store.js'
import type { Database } from './platform/database.js'
import { databaseMappings } from './transfer/mapping-repository.js'
import { openReadGate, reportOfRead } from './transfer/read-gate.js'

/**
 * A system's feed for `lienthong backfill --from-system`, with the configuration and the credentials that the worker has. In the database of a sandbox the systems are
 * the twins of the `npm start` that runs beside it, whose clock runs ahead.
 */
export interface HistoryFeedOptions {
  readonly db: Database
  readonly systemId: SystemId
  readonly configurationPath: string | undefined
  readonly secrets: Readonly<Record<string, string | undefined>>
  readonly stateDir: string
  /** The twins of a running `npm start`, with the accounts there; null: there is none. */
  readonly twins: () => Promise<{ readonly systems: unknown; readonly secrets: Readonly<Record<string, string>> } | null>
}

const PROBE_MARGIN_MS = 5_000

export const openHistoryFeed = async (options: HistoryFeedOptions): Promise<OpenedFeed> => {
  const { db, systemId, configurationPath, secrets, stateDir, twins } = options
  const sandbox = (await isSandbox(db)) ? await twins() : null
  const whole = sandbox ? await readConfigurationWith(configurationPath, sandbox.systems) : await readConfiguration(configurationPath)
  // Nobody else is asked: what another system lacks of its settings is not this command's business.
  const alone = bySystem((id) => ({ ...whole.systems[id], enabled: whole.systems[id].enabled && id === systemId }))
  const configuration = { ...whole, systems: alone }
  const blobs = await FolderBlobStore.open(join(stateDir, 'documents'))
  const clockToleranceMs = sandbox ? Number.MAX_SAFE_INTEGER : configuration.inbox.clockToleranceMs
  const systems = await openForeignSystems({
    configuration,
    secrets: sandbox?.secrets ?? secrets,
    mappings: databaseMappings(db),
    readDocument: (sha256) => blobs.get(sha256),
    keepDocument: (bytes) => blobs.put(bytes),
    clockToleranceMs,
  })
  const system = systems.polled.find(({ id }) => id === systemId)
  if (!system) {
    await systems.close()
    throw new UnusableConfiguration(
      `${SYSTEM_IN_SENTENCE[systemId]} chưa được bật trong cấu hình (LIENTHONG_CONFIG), hoặc không có dòng thay đổi.`,
      `${systemId} is not switched on in the configuration (LIENTHONG_CONFIG), or has no feed of changes.`,
    )
  }
  const gate = openReadGate({
    db,
    systemId,
    reader: 'POLL',
    rules: configuration.retry.breaker,
    probeMs: configuration.systems[systemId].readDeadlineMs + PROBE_MARGIN_MS,
    onChange: () => undefined,
  })
  const { callsPerSecond, callsPerSecondOf } = configuration.reconciliation
  return {
    system,
    perSecond: callsPerSecondOf[systemId] ?? callsPerSecond,
    pageRows: configuration.systems[systemId].poll.pageSize,
    clockToleranceMs,
    pass: (ask) => gate.pass(ask, (page) => reportOfRead(page.kind === 'FAILED' ? page : { kind: 'READ' })),
    close: () => systems.close(),
  }
}
