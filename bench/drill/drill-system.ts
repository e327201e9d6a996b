import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import { type SpawnedTwin, spawnTwin } from '../../adapters/soap/twin/spawn-twin.js'
import { SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import { prepareDatabase } from '../../src/prepare.js'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { prepareSandboxData } from '../../src/sandbox/sandbox-data.js'
import { twinProgram } from '../../src/sandbox/twins.js'
import { canaryPassword } from './canaries.js'
import { type MemoryWatch, openMemoryWatch } from './memory-watch.js'
import type { Sabotage } from './options.js'
import { openCluster, type PostgresCluster } from './postgres-cluster.js'
import { type Fallen, fallenOf, type Program, startProgram } from './program.js'
import { configurationFor } from './settings.js'
import { openRelay, type TcpRelay } from './tcp-relay.js'
import { startWatchdog } from './watchdog.js'

/** A gateway or worker with its own wire to the database; started again under the same name after a fault. */
export interface Unit {
  readonly name: string
  readonly kind: 'gateway' | 'worker'
  /** Between this process and PostgreSQL. */
  readonly wire: TcpRelay
  readonly program: Program
  /** While it runs. */
  readonly pid: number | undefined
  /** Only of a gateway. */
  readonly port: number
  /** Waits until it says that it is at work. `entry` starts another program in its place, until the next start. */
  start(options?: { readonly entry?: string; readonly environment?: Readonly<Record<string, string>> }): Promise<void>
}

/** The whole system as real processes: database, three twins, gateways behind one address, workers. */
export interface DrillSystem {
  readonly folder: string
  readonly cluster: PostgresCluster
  readonly twins: Readonly<Record<SystemId, TwinControl>>
  readonly ledgerFiles: Readonly<Record<SystemId, string>>
  readonly gateways: readonly Unit[]
  readonly workers: readonly Unit[]
  /** One address before all gateways. */
  readonly frontDoor: TcpRelay
  readonly memory: MemoryWatch
  readonly logFiles: () => readonly string[]
  token(role: 'citizen-app' | 'operator' | 'admin'): string
  /** The drill's own statements, past all relays. */
  sql<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** Stops all gateways and workers and starts them with this guard broken, and no other. */
  sabotage(guard: Sabotage): Promise<void>
  /** Gateways and workers that have ended since the last call though nobody had ended them, each with its end. They are started again by `heal`. */
  takeFallen(): readonly Fallen[]
  /** Everything as it was before the fault: twins, wires, processes. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export interface DrillSystemOptions {
  readonly folder: string
  readonly gateways: number
  readonly workers: number
  readonly sabotage?: Sabotage
}

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const ENTRIES = { gateway: program('../../src/gateway.js'), worker: program('../../src/worker.js') }
const SABOTAGED = { gateway: program('./sabotaged-gateway.js'), worker: program('./sabotaged-worker.js') }
const AT_WORK = { gateway: /cổng liên thông đang chạy/, worker: /tiến trình chuyển đang chạy/ }

const SECRETS: Readonly<Record<string, string>> = {
  VILIS_USERNAME: 'lienthong',
  VILIS_PASSWORD: canaryPassword('vilis'),
  VILIS_INBOUND_USERNAME: 'vilis',
  VILIS_INBOUND_PASSWORD: canaryPassword('vilis-goi-vao'),
  ONE_STOP_USERNAME: 'lienthong',
  ONE_STOP_PASSWORD: canaryPassword('mot-cua'),
  ONE_STOP_INBOUND_USERNAME: 'motcua',
  ONE_STOP_INBOUND_PASSWORD: canaryPassword('mot-cua-goi-vao'),
  PORTAL_USERNAME: 'lienthong',
  PORTAL_PASSWORD: canaryPassword('cong'),
  PORTAL_SESSION: canaryPassword('phien'),
}

/** One part of the system. */
const STOP_STEP_MS = 40_000

/** When a part does not start, the ones before it are stopped again. `onStop` is told at once, for a Ctrl-C during the start. */
export const openDrillSystem = async (options: DrillSystemOptions, onStop: (stop: () => Promise<void>) => void): Promise<DrillSystem> => {
  const { folder } = options
  const steps: (() => Promise<unknown>)[] = []
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      for (const step of steps.splice(0).reverse()) await within(STOP_STEP_MS, step)
    })()
    return stopping
  }
  onStop(stop)

  const cluster = await openCluster(join(folder, 'db'))
  steps.push(() => cluster.stop())
  await prepareDatabase(cluster.url, 'SANDBOX')
  await prepareSandboxData(cluster.url)
  let pool: { readonly url: string; readonly pool: pg.Pool } | undefined
  steps.push(async () => pool?.pool.end())
  const sql = async <Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
    if (pool?.url !== cluster.url) {
      const old = pool
      pool = { url: cluster.url, pool: new pg.Pool({ connectionString: cluster.url, max: 4 }) }
      // Connections of a server that was killed end with an error that nobody waits for.
      pool.pool.on('error', () => undefined)
      await old?.pool.end()
    }
    return (await pool.pool.query(text, [...parameters])).rows as Row[]
  }

  const watchdog = startWatchdog()
  steps.push(async () => watchdog.dismiss())
  const units: Unit[] = []
  const frontDoor = await openRelay(() => units.filter(({ kind, port }) => kind === 'gateway' && port > 0).map(({ port }) => port))
  steps.push(() => frontDoor.close())
  const ledgerFolder = join(folder, 'ledgers')
  await mkdir(ledgerFolder)
  const ledgerFiles = Object.fromEntries(SYSTEM_IDS.map((id) => [id, join(ledgerFolder, `${id}.jsonl`)])) as Record<SystemId, string>
  const spawned = {} as Record<SystemId, SpawnedTwin>
  const startTwin = async (id: SystemId): Promise<void> => {
    spawned[id] = await spawnTwin(twinProgram(id), {
      ledgerFile: ledgerFiles[id],
      username: 'lienthong',
      password: SECRETS[`${id}_PASSWORD`] ?? '',
      tickMs: 50,
      settings: twinSettings(id, frontDoor.port),
    })
    steps.push(() => spawned[id].stop())
  }
  await Promise.all(SYSTEM_IDS.map(startTwin))
  const twins = Object.fromEntries(SYSTEM_IDS.map((id) => [id, twinControl(spawned[id].controlUrl)])) as Record<SystemId, TwinControl>

  const configFile = join(folder, 'lienthong.json')
  await writeFile(configFile, JSON.stringify(configurationFor((id) => spawned[id].url)))
  const key = await openDevelopmentKey(join(folder, 'state'))
  const roles = ['citizen-app', 'operator', 'admin'] as const
  const tokens = new Map(await Promise.all(roles.map(async (role) => [role, await key.token({ sub: role, name: role, role })] as const)))
  const memory = openMemoryWatch(() => units.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const])))
  steps.push(async () => memory.stop())
  const logs = join(folder, 'logs')
  await mkdir(logs)
  let { sabotage } = options
  /** Those that may still fall. */
  const started: Program[] = []

  const openUnit = async (kind: Unit['kind'], number: number): Promise<Unit> => {
    const wire = await openRelay(() => [cluster.port])
    steps.push(() => wire.close())
    const name = `${kind}-${number}`
    let running: Program | undefined
    let port = 0
    steps.push(async () => running?.stop())
    const unit: Unit = {
      name,
      kind,
      wire,
      get program() {
        if (!running) throw new Error(`${name} has not been started`)
        return running
      },
      get pid() {
        return running?.isRunning() ? running.pid : undefined
      },
      get port() {
        return port
      },
      start: async ({ entry, environment } = {}) => {
        port = 0
        running = startProgram(
          name,
          entry ?? (sabotage === undefined ? ENTRIES : SABOTAGED)[kind],
          {
            ...SECRETS,
            DATABASE_URL: cluster.urlThrough(wire.port),
            DATABASE_POOL: '10',
            STATE_DIR: join(folder, 'state'),
            LIENTHONG_CONFIG: configFile,
            PORT: '0',
            JWT_PUBLIC_KEY: key.publicKeyPem,
            DRILL_SABOTAGE: sabotage,
            ...environment,
          },
          join(logs, `${name}.log`),
        )
        started.push(running)
        watchdog.guard(
          units
            .filter(({ program }) => program.isRunning())
            .map(({ program }) => program.pid)
            .concat(running.pid),
        )
        const line = await running.said(AT_WORK[kind])
        if (kind === 'gateway') port = Number(new URL((JSON.parse(line) as { url: string }).url).port)
      },
    }
    units.push(unit)
    await unit.start()
    return unit
  }
  const several = (kind: Unit['kind'], count: number): Promise<Unit[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => openUnit(kind, index + 1)))
  const [gateways, workers] = await Promise.all([several('gateway', options.gateways), several('worker', options.workers)])

  return {
    folder,
    cluster,
    twins,
    ledgerFiles,
    gateways,
    workers,
    frontDoor,
    memory,
    logFiles: () => units.map(({ program }) => program.logFile),
    token: (role) => tokens.get(role) ?? '',
    sql,
    sabotage: async (guard) => {
      await Promise.all(units.map(({ program }) => program.stop()))
      sabotage = guard
      await Promise.all(units.map((unit) => unit.start()))
    },
    takeFallen: () => {
      const ended = started.filter((program) => !program.isRunning())
      for (const program of ended) started.splice(started.indexOf(program), 1)
      return fallenOf(ended)
    },
    heal: async () => {
      await Promise.all(SYSTEM_IDS.map((id) => twins[id].reset()))
      frontDoor.heal()
      for (const unit of units) {
        unit.wire.heal()
        unit.program.signal('SIGCONT')
        if (!unit.program.isRunning()) await unit.start()
      }
    },
    stop,
  }
}

/** Whatever does not end in time does not keep the others from being ended; it is said, and the exit of the drill ends it. */
const within = async (ms: number, step: () => Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'LATE'>((resolve) => {
    timer = setTimeout(() => resolve('LATE'), ms)
  })
  const end = await Promise.race([step(), late])
  clearTimeout(timer)
  if (end === 'LATE') process.stderr.write(`${step} không dừng trong ${ms} ms\n`)
}

const twinSettings = (id: SystemId, gatewayPort: number): Record<string, unknown> => {
  const gateway = `http://127.0.0.1:${gatewayPort}`
  if (id === 'PORTAL') return { session: SECRETS.PORTAL_SESSION }
  if (id === 'VILIS')
    return {
      callbackUrl: `${gateway}/soap/vilis`,
      callbackUsername: SECRETS.VILIS_INBOUND_USERNAME,
      callbackPassword: SECRETS.VILIS_INBOUND_PASSWORD,
    }
  return {
    push: false,
    pushUrl: `${gateway}/soap/mot-cua`,
    pushUsername: SECRETS.ONE_STOP_INBOUND_USERNAME,
    pushPassword: SECRETS.ONE_STOP_INBOUND_PASSWORD,
  }
}
