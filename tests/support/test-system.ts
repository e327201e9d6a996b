import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import type { LedgerDeed } from '../../adapters/soap/twin/ledger.js'
import type { RunningTwin, Twin } from '../../adapters/soap/twin/twin.js'
import { parseConfiguration } from '../../src/config/config.js'
import { type Context, type ContextOptions, openContext } from '../../src/context.js'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { readReferenceData } from '../../src/dossier/reference-repository.js'
import { type ModeChange, setRouteMode } from '../../src/dossier/routing-repository.js'
import { yieldToNewer } from '../../src/dossier/yield-to-newer.js'
import { codesLeftBehind } from '../../src/inbox/inbox-repository.js'
import type { RouteMode } from '../../src/model/routing.js'
import { bySystem, SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import { openDatabase } from '../../src/platform/database.js'
import { createLogger } from '../../src/platform/logger.js'
import { prismaDir } from '../../src/platform/paths.js'
import { sandboxMappings } from '../../src/sandbox/sandbox-mappings.js'
import { listEligible, reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { loadMappings, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { releaseFollowers } from '../../src/transfer/predecessor-repository.js'
import { catchUpAfterRestore, deliveryOf, pollOnce } from '../../src/worker-process.js'
import { keepTables } from './kept-tables.js'
import { raise } from './raise.js'
import { createDistrictDatabase, type TestDatabase } from './test-database.js'
import { startTestGateway, type TestGateway } from './test-gateway.js'
import { TEST_TWINS } from './twins.js'

/**
 * The whole system for a flow test: our code over a database of its own, and the three twins as real SOAP servers on free ports, with
 * clocks that stand still until moved. Nothing runs by itself: `drain()` polls and delivers all that is due now.
 */
export interface TestSystem {
  readonly context: Context
  readonly twins: Readonly<Record<SystemId, TwinControl>>
  /** The gateway over the same context; only with the options `gateway`, `callbacks` or `push`. */
  readonly gateway: TestGateway
  /** Accepted writes by the twins' ledgers: the oracle. */
  accepted(systemId: SystemId): Promise<AcceptedDeed[]>
  /** Polls, applies and delivers until nothing is due. */
  drain(): Promise<void>
  /** Moves our clock (`app_now()`) and the twins' by this much. */
  pass(ms: number): Promise<void>
  /** Stops our processes, lets `meanwhile` work on the database that nobody is connected to, and starts them again as a worker starts. */
  restart(meanwhile?: (database: TestDatabase) => Promise<void>): Promise<void>
  /**
   * At first it remembers how the system was opened; from then on it makes the database, the twins and all clocks as they were then. What processes keep in memory stays (live
   * look-ups, counters). False when that cannot be done, because reference data was changed: then another is to be opened.
   */
  renew(): Promise<boolean>
  close(): Promise<void>
}

export interface AcceptedDeed {
  readonly operation: string
  readonly dossierCode: string
  readonly key: string
  readonly digest: string
}

export interface TestSystemOptions {
  readonly mode?: RouteMode
  /** Another database than a clone of the template, migrated: one that a test stops and breaks. */
  readonly database?: TestDatabase
  /** Changes of mode after it, as a district cuts over. */
  readonly cutOver?: readonly ModeChange[]
  /** Laid over the configuration of a system. */
  readonly systems?: Partial<Record<SystemId, Record<string, unknown>>>
  readonly retry?: Record<string, unknown>
  /** Alerts; without them none are looked for. */
  readonly alerts?: Record<string, unknown>
  /** Beside those of the systems. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Laid over the configuration of live look-ups. */
  readonly reads?: Record<string, unknown>
  /** Laid over the configuration of amendments. */
  readonly amendments?: Record<string, unknown>
  /** Laid over the configuration of replay plans. */
  readonly replayPlans?: Record<string, unknown>
  /** Laid over the configuration of reconciliation; without it nothing is begun by the clock, nothing waits and nothing is repaired by itself. */
  readonly reconciliation?: Record<string, unknown>
  readonly mappings?: (rows: MappingRow[]) => MappingRow[]
  readonly polls?: boolean
  /** Runs the gateway as well: GraphQL and the inbound SOAP services. */
  readonly gateway?: boolean
  /** ViLIS calls the gateway back. */
  readonly callbacks?: boolean
  /** The one-stop system pushes to the gateway what its feed shows. */
  readonly push?: boolean
  readonly redisUrl?: string
  /** As the sandbox: systems are believed any moment. */
  readonly runAhead?: boolean
  /** Twin seconds in a real second; 0 stands still. */
  readonly speed?: number
  /** Where each twin keeps its ledger as well, in a file named after it. */
  readonly ledgerFolder?: string
}

const SECRETS = {
  VILIS_USERNAME: 'lienthong',
  VILIS_PASSWORD: 'mat-khau-vilis',
  VILIS_INBOUND_USERNAME: 'vilis',
  VILIS_INBOUND_PASSWORD: 'mat-khau-vilis-goi-vao',
  ONE_STOP_USERNAME: 'lienthong',
  ONE_STOP_PASSWORD: 'mat-khau-mot-cua',
  ONE_STOP_INBOUND_USERNAME: 'motcua',
  ONE_STOP_INBOUND_PASSWORD: 'mat-khau-mot-cua-goi-vao',
  PORTAL_USERNAME: 'lienthong',
  PORTAL_PASSWORD: 'mat-khau-cong',
  PORTAL_SESSION: 'phien-thu',
} as const

export const testSecrets: Readonly<Record<string, string>> = SECRETS

/** A drain that goes on longer than this is a loop. */
const MAX_ROUNDS = 200

/** A drain polls at rest, and often: what is committed late in a test lies a few positions back, and no poll need read hundreds of rows again. */
const OVERLAP = 20
const withPoll = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...given,
  poll: { overlap: OVERLAP, ...(given.poll as Record<string, unknown> | undefined) },
})

/** What differs from the district that the template holds. */
const prepareDistrict = async ({ url }: TestDatabase, { database, mode, cutOver = [], mappings }: TestSystemOptions): Promise<void> => {
  if (!database && mode === undefined && cutOver.length === 0 && !mappings) return
  const setup = openDatabase({ url, poolSize: 2, onError: () => undefined })
  if (database) await loadReferenceData(setup, join(prismaDir, 'reference'))
  if (database || mode !== undefined) await setRouteMode(setup, { mode: mode ?? 'LIVE', from: '2000-01-01' })
  for (const change of cutOver) await setRouteMode(setup, change)
  if (database || mappings) {
    const rows = sandboxMappings(await readReferenceData(setup))
    await setup.query('DELETE FROM code_mapping RETURNING 1 AS done')
    await loadMappings(setup, mappings?.(rows) ?? rows)
  }
  await setup.close()
}

/** When a part does not start, the ones before it are stopped again, so that the test shows why. */
export const openTestSystem = async (options: TestSystemOptions = {}): Promise<TestSystem> => {
  const started: (() => Promise<unknown>)[] = []
  try {
    return await openParts(options, (stop) => started.push(stop))
  } catch (error) {
    for (const stop of started.reverse()) await stop()
    throw error
  }
}

/** Undefined for what no other system is like. */
const kindOf = (options: TestSystemOptions): string | undefined =>
  options.database || options.mappings ? undefined : JSON.stringify(options)

/** For a file whose tests each want a system as newly opened: who wants one of the kind that is open gets that one, renewed. One is open at a time. */
export const sharedTestSystem = () => {
  let open: { readonly kind: string | undefined; readonly system: TestSystem } | undefined
  const close = async (): Promise<void> => {
    const closing = open
    open = undefined
    await closing?.system.close()
  }
  return {
    open: async (options: TestSystemOptions = {}): Promise<TestSystem> => {
      const kind = kindOf(options)
      if (open && kind !== undefined && open.kind === kind && (await open.system.renew())) return open.system
      await close()
      const system = await openTestSystem(options)
      open = { kind, system }
      await system.renew()
      return system
    },
    close,
  }
}

const openParts = async (options: TestSystemOptions, onStarted: (stop: () => Promise<unknown>) => void): Promise<TestSystem> => {
  const database = options.database ?? (await createDistrictDatabase())
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-test-'))
  const clock = { tickMs: 0, speed: options.speed ?? 0, username: 'lienthong' }
  const running = {} as Record<SystemId, RunningTwin>
  const created = {} as Record<SystemId, Pick<Twin<unknown>, 'startOver' | 'settings'>>
  for (const id of SYSTEM_IDS) {
    const twin = TEST_TWINS[id].create()
    created[id] = twin
    running[id] = await twin.start({
      ...clock,
      password: SECRETS[`${id}_PASSWORD`],
      settings: TEST_TWINS[id].settings,
      ...(options.ledgerFolder !== undefined && { ledgerFile: join(options.ledgerFolder, `${id}.jsonl`) }),
    })
  }
  onStarted(() => Promise.all(SYSTEM_IDS.map((id) => running[id].stop())))
  const controls = Object.fromEntries(SYSTEM_IDS.map((id) => [id, twinControl(running[id].controlUrl)])) as Record<SystemId, TwinControl>
  await prepareDistrict(database, options)

  const contextOptions: ContextOptions = {
    databaseUrl: database.url,
    redisUrl: options.redisUrl,
    systemsRunAhead: options.runAhead,
    poolSize: 8,
    stateDir,
    secrets: { ...SECRETS, ...options.secrets },
    logger: createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' }),
    configuration: parseConfiguration({
      systems: Object.fromEntries(
        SYSTEM_IDS.map((id) => [id, { endpoint: running[id].url, limits: { maxPerSecond: null }, ...withPoll(options.systems?.[id]) }]),
      ),
      retry: { jitter: 0, ...options.retry },
      reads: { usualWaitMs: null, ...options.reads },
      replayPlans: options.replayPlans ?? {},
      amendments: options.amendments ?? {},
      alerts: options.alerts ?? { enabled: false },
      reconciliation: {
        scheduled: false,
        quietHours: null,
        graceMs: 0,
        retryMs: 100,
        callsPerSecond: 1_000,
        repairs: { rules: [] },
        ...options.reconciliation,
      },
    }),
  }
  const hasGateway = options.gateway || options.callbacks || options.push
  const startProcesses = async () => {
    const opened = await openContext(contextOptions)
    return {
      context: opened,
      delivery: deliveryOf(opened, () => undefined),
      gateway: hasGateway ? await startTestGateway(opened) : undefined,
    }
  }
  let processes = await startProcesses()
  const { gateway } = processes
  if (options.callbacks)
    await controls.VILIS.set({
      callbackUrl: `${gateway?.url}/soap/vilis`,
      callbackUsername: SECRETS.VILIS_INBOUND_USERNAME,
      callbackPassword: SECRETS.VILIS_INBOUND_PASSWORD,
    })
  if (options.push)
    await controls.ONE_STOP.act('push', {
      on: true,
      pushUrl: `${gateway?.url}/soap/mot-cua`,
      username: SECRETS.ONE_STOP_INBOUND_USERNAME,
      password: SECRETS.ONE_STOP_INBOUND_PASSWORD,
    })

  let renewal: (() => Promise<boolean>) | undefined
  const rememberAsOpened = async (): Promise<() => Promise<boolean>> => {
    const putBack = await keepTables(processes.context.db)
    const settings = bySystem((id) => ({ ...created[id].settings }))
    return async () => {
      for (const id of SYSTEM_IDS) await created[id].startOver(settings[id])
      return putBack()
    }
  }

  const isAnythingDue = async (): Promise<boolean> =>
    (await Promise.all([...processes.context.targets.keys()].map((systemId) => listEligible(processes.context.db, systemId, 1)))).flat()
      .length > 0
  const roundOf = async (): Promise<boolean> => {
    const { context, delivery } = processes
    // A twin tries its waiting calls after each move of its clock, also by nothing.
    if (options.callbacks) await controls.VILIS.advance({ ms: 0 })
    if (options.push) await controls.ONE_STOP.advance({ ms: 0 })
    if (options.polls !== false) for (const { id } of context.systems.polled) await pollOnce(context, id)
    for (const code of await codesLeftBehind(context.db, 1_000)) await context.applyPending(code)
    await reclaimLostLeases(context.db)
    await releaseFollowers(context.db)
    await yieldToNewer(context.db, raise)
    let worked = false
    for (const systemId of SYSTEM_IDS) if ((await deliver(delivery, systemId, () => true)).delivered > 0) worked = true
    return worked
  }

  return {
    get context() {
      return processes.context
    },
    twins: controls,
    get gateway() {
      if (!processes.gateway) throw new Error('this system was opened without a gateway')
      return processes.gateway
    },
    accepted: async (systemId) => {
      const deeds = await controls[systemId].deeds()
      return deeds.filter((deed: LedgerDeed) => deed.what === 'ACCEPTED').map((deed) => deed.detail as unknown as AcceptedDeed)
    },
    drain: async () => {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const worked = await roundOf()
        // A claim passes over a row that somebody else holds for a moment: what is due is looked for again.
        if (!worked && !(await isAnythingDue())) return
      }
      throw new Error('drain does not come to an end: something is retried without a wait')
    },
    pass: async (ms) => {
      await processes.context.db.query('UPDATE app_clock SET shift_ms = shift_ms + $1::bigint RETURNING 1 AS done', [ms])
      for (const id of SYSTEM_IDS) await controls[id].advance({ ms })
    },
    restart: async (meanwhile) => {
      await processes.gateway?.stop()
      await processes.context.close()
      await meanwhile?.(database)
      processes = await startProcesses()
      await catchUpAfterRestore(processes.context)
    },
    renew: async () => {
      if (renewal) return renewal()
      renewal = await rememberAsOpened()
      return true
    },
    close: async () => {
      await processes.gateway?.stop()
      await processes.context.close()
      await Promise.all(SYSTEM_IDS.map((id) => running[id].stop()))
      await database.drop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
