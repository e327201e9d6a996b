import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { twinControl } from '../adapters/soap/twin/control-client.js'
import { spawnTwin } from '../adapters/soap/twin/spawn-twin.js'
import { FolderBlobStore } from '../src/platform/blob-store.js'
import { openDatabase, type Sql } from '../src/platform/database.js'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { prepareDatabase } from '../src/prepare.js'
import { openDevelopmentKey } from '../src/sandbox/development-tokens.js'
import { drainedBy } from './backlog/drained.js'
import { startReader } from './backlog/reader.js'
import { prepareTables, seedDossiers } from './delivery/seed.js'
import { openLedgerFile } from './drill/judge/ledger-file.js'
import { openMemoryWatch } from './drill/memory-watch.js'
import { type Program, startProgram } from './drill/program.js'

/**
 * `npm run bench:backlog [dossiers] [requests a second]`: ViLIS is down while dossiers arrive, then comes back and can bear so many
 * requests a second. One gateway and two workers as real processes; the registry's ledger tells how it was called. Every tenth dossier is
 * due today, in no order. Meanwhile a front end reads.
 */
const COUNT = Number(process.argv[2] ?? 20_000)
const LIMIT = Number(process.argv[3] ?? 50)
const RAMP_MS = 30_000
/** A gateway that has just started compiles and plans each query for the first time: a p99 of then is one of the start, not of rest. */
const WARM_MS = 30_000
const IDLE_MS = 20_000
const DOCUMENT_BYTES = 4_096
const BATCH = 5_000
const DAY_MS = 24 * 3_600_000
const GOALS = { ofLimitAfterRamp: 1.15, mostInASecond: LIMIT + Math.max(1, LIMIT / 10), dueTodayInFirstTenth: 0.95, peakMemoryMb: 400 }

const entry = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** Today's are due in a few hours, the others in one to twenty days, well mixed. */
const dueAtOf = (index: number): string =>
  new Date(Date.now() + (index % 10 === 3 ? 4 * 3_600_000 : DAY_MS * (1 + ((index * 7_919) % 2_000) / 100))).toISOString()

/** How many were claimed, and how many within any one second by the database's clock: what a process that stood still sends late is no one's permission. */
const attemptsOf = async (db: Sql): Promise<{ readonly attempts: number; readonly granted: number }> => {
  const [row] = await db.query<{ attempts: number; granted: number }>(
    `SELECT count(*)::int AS attempts, coalesce(max(within), 0)::int AS granted FROM (
       SELECT count(*) OVER (ORDER BY started_at RANGE BETWEEN interval '999 milliseconds' PRECEDING AND CURRENT ROW) AS within FROM attempt
     ) AS claimed`,
  )
  return row ?? { attempts: 0, granted: 0 }
}

const folder = await mkdtemp(join(tmpdir(), 'lienthong-backlog-'))
await chmod(folder, 0o711)
const stops: (() => Promise<unknown>)[] = []
try {
  say(`${COUNT} hồ sơ, ${LIMIT} yêu cầu/s, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  const stateDir = join(folder, 'state')
  await mkdir(stateDir)
  await chmod(stateDir, 0o711)
  const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
  stops.push(() => postgres.stop())
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const password = 'mat-khau-thu'
  const ledgerFile = join(folder, 'vilis.jsonl')
  const twin = await spawnTwin(entry('../adapters/vilis/sandbox/main.js'), { ledgerFile, username: 'lienthong', password, tickMs: 0 })
  stops.push(() => twin.stop())
  const vilis = twinControl(twin.controlUrl)
  await vilis.offline()

  const db = openDatabase({ url: postgres.connectionString, poolSize: 2, onError: (error) => say(error.message) })
  stops.push(() => db.close())
  const blobs = await FolderBlobStore.open(join(stateDir, 'documents'))
  const { sha256 } = await blobs.put(Buffer.alloc(DOCUMENT_BYTES, 'x'))
  const document = {
    name: 'Đơn',
    fileName: 'don.pdf',
    mediaType: 'application/pdf',
    sha256,
    sizeBytes: DOCUMENT_BYTES,
    originals: 1,
    copies: 0,
  }
  const plan = await prepareTables(db, document)
  const codes: string[] = []
  for (let done = 0; done < COUNT; done += BATCH)
    codes.push(
      ...(await seedDossiers(db, plan, String(260_301 + done / BATCH), Math.min(BATCH, COUNT - done), (index) => dueAtOf(done + index))),
    )
  const dueToday = new Set(codes.filter((_, index) => index % 10 === 3))

  const configFile = join(folder, 'lienthong.json')
  const limits = { maxPerSecond: LIMIT, rampMs: RAMP_MS }
  const systems = {
    VILIS: { endpoint: twin.url, limits, poll: { enabled: false } },
    ONE_STOP: { enabled: false },
    PORTAL: { enabled: false },
  }
  await writeFile(configFile, JSON.stringify({ systems, reconciliation: { scheduled: false } }))
  const key = await openDevelopmentKey(stateDir)
  const environment = {
    DATABASE_URL: postgres.connectionString,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: configFile,
    PORT: '0',
    JWT_PUBLIC_KEY: key.publicKeyPem,
    VILIS_USERNAME: 'lienthong',
    VILIS_PASSWORD: password,
  }
  const programs: Program[] = []
  const start = async (name: string, kind: 'gateway' | 'worker', atWork: RegExp): Promise<string> => {
    const program = startProgram(name, entry(`../src/${kind}.js`), environment, join(folder, `${name}.log`))
    programs.push(program)
    stops.push(() => program.stop())
    return program.said(atWork)
  }
  const memory = openMemoryWatch(() => programs.map(({ name, pid }) => [name, pid] as const))
  stops.push(async () => memory.stop())
  const { url } = JSON.parse(await start('gateway', 'gateway', /cổng liên thông đang chạy/)) as { url: string }
  await Promise.all(['worker-1', 'worker-2'].map((name) => start(name, 'worker', /tiến trình chuyển đang chạy/)))

  const until = async (sql: string, wanted: (count: number) => boolean): Promise<void> => {
    for (;;) {
      const [row] = await db.query<{ n: number }>(sql)
      if (row && wanted(row.n)) return
      const dead = programs.find((program) => !program.isRunning())
      if (dead) throw new Error(`${dead.name} has ended`)
      await pause(500)
    }
  }
  await until(`SELECT count(*)::int AS n FROM system_breaker WHERE class = 'SEND' AND open_until IS NOT NULL`, (n) => n === 1)
  const reader = startReader(url, await key.token({ sub: 'operator', name: 'Người vận hành', role: 'operator' }), codes)
  stops.push(() => reader.stop())
  await pause(WARM_MS)
  reader.take()
  await pause(IDLE_MS)
  const idle = reader.take()
  await vilis.online()
  const upAt = Date.now()
  say(`ViLIS trở lại; p99 khi yên: ${rounded(idle.p99Ms, 1)} ms`)
  await until(`SELECT count(*)::int AS n FROM transfer WHERE state <> 'DELIVERED'`, (n) => n === 0)
  const meanwhile = reader.take()
  const { attempts, granted } = await attemptsOf(db)
  const ledger = openLedgerFile('VILIS', ledgerFile)
  await ledger.read()
  const drained = drainedBy(ledger, dueToday, LIMIT, RAMP_MS)
  if (drained.accepted !== COUNT) throw new Error(`the registry has accepted ${drained.accepted} of ${COUNT}`)
  const peak = await memory.take()

  const goal = (wanted: number, got: number, met: boolean) => ({ goal: wanted, got: rounded(got), met })
  const figures = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.versions.node,
    dossiers: COUNT,
    limitPerSecond: LIMIT,
    secondsUntilFirst: rounded(
      (Math.min(...ledger.deeds.filter(({ what }) => what === 'ACCEPTED').map(({ atMs }) => atMs)) - upAt) / 1_000,
    ),
    drainSeconds: rounded(drained.seconds),
    attemptsBeyondOneEach: attempts - COUNT,
    grantedMostInASecond: granted,
    readsP99IdleMs: rounded(idle.p99Ms, 1),
    readsP99MeanwhileMs: rounded(meanwhile.p99Ms, 1),
    reads: meanwhile.answers,
    peakMemoryOf: peak.name,
  }
  const goals = {
    ofLimitAfterRamp: goal(GOALS.ofLimitAfterRamp, drained.ofLimitAfterRamp, drained.ofLimitAfterRamp <= GOALS.ofLimitAfterRamp),
    mostInASecond: goal(GOALS.mostInASecond, drained.mostInASecond, drained.mostInASecond <= GOALS.mostInASecond),
    dueTodayInFirstTenth: goal(
      GOALS.dueTodayInFirstTenth,
      drained.dueTodayInFirstTenth,
      drained.dueTodayInFirstTenth >= GOALS.dueTodayInFirstTenth,
    ),
    peakMemoryMb: goal(GOALS.peakMemoryMb, peak.mb, peak.mb < GOALS.peakMemoryMb),
  }
  say(JSON.stringify({ bench: 'backlog', figures, goals }))
} finally {
  for (const stop of stops.reverse()) await stop()
  await rm(folder, { recursive: true, force: true })
}
