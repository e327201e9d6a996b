/**
 * PostgreSQL for a machine that has none: the real server, its binaries from the npm registry, as our child process.
 *
 * A start goes: hold the state folder → end a server that a killed program left behind → initdb once (into a draft folder
 * that is renamed when it is whole) → spawn `postgres` on a free port of 127.0.0.1 → wait until it answers. The server runs
 * in its own process group, so that Ctrl-C reaches it only through `stop()`, after everything else has stopped; a small
 * watchdog shell ends it when this process dies without saying goodbye. What is left after a power cut (postmaster.pid,
 * unfinished writes) is recovered by the next start. The password is random and kept in the state folder, mode 0600.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { type Account, chooseAccount, chooseDataHome, giveTo, preparePostgresBinaries } from './postgres-binaries.js'
import { isRunning, processCommandLine } from './process-identity.js'
import { errorCode, StartError } from './start-error.js'
import { holdStateFolder } from './state-folder.js'

/** The part of a logger that is needed here. */
export interface PostgresLog {
  info(message: string): void
  warn(message: string): void
}

export interface EmbeddedPostgresOptions {
  /** Folder that holds the data, the password and the lock; made when missing. */
  stateDir: string
  log: PostgresLog
  /** False gives up safety against a power cut for speed: for tests alone. Default true. */
  durable?: boolean
}

export interface EmbeddedPostgres {
  /** Of the database `lienthong`, as its owner; listens on 127.0.0.1 alone. */
  readonly connectionString: string
  readonly pid: number
  /** Ends the server cleanly (at most half a minute, then by force) and lets go of the state folder. May be called twice. */
  stop(): Promise<void>
}

interface Server {
  readonly process: ChildProcess
  readonly pid: number
  /** Its last lines of log, for a message when it fails. */
  readonly lines: string[]
  readonly ended: Promise<void>
}

interface Place {
  readonly binDir: string
  readonly dataDir: string
  readonly account: Account | undefined
}

const user = 'lienthong'
const database = 'lienthong'
const startWithinMs = 180_000
const stopWithinMs = 20_000
const keptLogLines = 40

/** Statements and details stay out of the server's log: they would carry personal data. */
const everyServer = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  jit: 'off',
}
const durableServer = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
const fastServer = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

async function readOrMakePassword(stateFolder: string): Promise<string> {
  const file = join(stateFolder, 'postgres-password')
  const kept = await readOrNull(file)
  if (kept) return kept.trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, password, { mode: 0o600 })
  return password
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function run(place: Place, program: string, programArguments: string[]): ChildProcess {
  const child = spawn(join(place.binDir, program), programArguments, {
    cwd: place.binDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    // Our own environment holds passwords that are no business of this process.
    env: { TZ: 'UTC', LC_ALL: 'C' },
    ...place.account,
  })
  return child
}

function keepLines(child: ChildProcess): string[] {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''))
      lines.splice(0, lines.length - keptLogLines)
    })
  }
  return lines
}

/** Resolves when the process has ended; rejects when it could not be started. */
function untilEnded(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function initialise(place: Place, home: string, password: string, durable: boolean): Promise<void> {
  const installed = await readOrNull(join(place.dataDir, 'PG_VERSION'))
  const shipped = await shippedMajorVersion(place)
  if (installed !== null) {
    if (installed.trim() === shipped) return
    throw new StartError(
      `Dữ liệu trong "${place.dataDir}" thuộc PostgreSQL ${installed.trim()}, bản đi kèm là ${shipped}: hãy dùng bản chương trình cũ để xuất dữ liệu, hoặc đặt STATE_DIR khác.`,
    )
  }
  if (existsSync(place.dataDir)) {
    throw new StartError(`Thư mục "${place.dataDir}" không chứa dữ liệu PostgreSQL nguyên vẹn: hãy khôi phục nó, hoặc đặt STATE_DIR khác.`)
  }
  const draft = join(home, 'postgres.new')
  const passwordFile = join(home, 'postgres.new.password')
  await rm(draft, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  await mkdir(draft, { mode: 0o700 })
  await giveTo(draft, place.account)
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(passwordFile, place.account)
  const options = ['-D', draft, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C']
  const child = run(place, 'initdb', [
    ...options,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ])
  const lines = keepLines(child)
  const code = await untilEnded(child)
  await rm(passwordFile, { force: true })
  if (code !== 0) throw new StartError(`PostgreSQL đi kèm không tạo được dữ liệu trong "${home}": ${lines.slice(-3).join(' ')}`)
  await rename(draft, place.dataDir)
}

async function shippedMajorVersion(place: Place): Promise<string> {
  const child = run(place, 'postgres', ['--version'])
  const lines = keepLines(child)
  await untilEnded(child)
  const major = /\b(\d+)\.\d/.exec(lines.join(' '))?.[1]
  if (major === undefined) throw new StartError(`PostgreSQL đi kèm không chạy được trên máy này: ${lines.slice(-3).join(' ')}`)
  return major
}

/** Asks a server to end (fast: clients are cut off, data is flushed), then insists. */
async function endProcess(pid: number): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', stopWithinMs],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ]
  for (const [signal, withinMs] of steps) {
    if (!isRunning(pid)) return
    process.kill(pid, signal)
    const deadline = Date.now() + withinMs
    while (isRunning(pid) && Date.now() < deadline) await wait(50)
  }
}

/**
 * A server whose program was killed may still run on this data directory: it is ended, cleanly. A postmaster.pid whose
 * number now belongs to another program, as after a power cut, is removed; PostgreSQL itself would refuse to start.
 */
async function endLeftoverServer(place: Place, log: PostgresLog): Promise<void> {
  const file = join(place.dataDir, 'postmaster.pid')
  const pid = Number.parseInt((await readOrNull(file)) ?? '', 10)
  if (!(pid > 0)) return
  const commandLine = await processCommandLine(pid)
  if (commandLine.includes('postgres') && (process.platform === 'win32' || commandLine.includes(place.dataDir))) {
    log.warn(`Máy chủ PostgreSQL của lần chạy trước vẫn còn (pid ${pid}): đang dừng lại.`)
    await endProcess(pid)
  }
  await rm(file, { force: true })
}

function spawnServer(place: Place, port: number, durable: boolean): Server {
  const settings = Object.entries({ ...everyServer, ...(durable ? durableServer : fastServer), port: String(port) })
  const child = run(place, 'postgres', ['-D', place.dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])])
  const ended = untilEnded(child).then(() => undefined)
  return { process: child, pid: child.pid ?? 0, lines: keepLines(child), ended }
}

/** Ends the server when our side of its pipe closes without a word, that is when this process was killed. */
function startWatchdog(pid: number): ChildProcess | null {
  if (process.platform === 'win32') return null
  const watchdog = spawn('/bin/sh', ['-c', 'read -r word || kill -INT "$1" 2>/dev/null', 'sh', String(pid)], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.unref()
  return watchdog
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    // Not listening yet, or still recovering; anything else will not mend by waiting.
    if (['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(errorCode(error) ?? '')) return false
    throw error
  } finally {
    await client.end()
  }
}

type Readiness = 'ready' | 'port taken' | 'still locked' | 'failed'

async function untilReady(server: Server, connectionString: string): Promise<Readiness> {
  let hasEnded = false
  server.ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  )
  const deadline = Date.now() + startWithinMs
  while (!hasEnded && Date.now() < deadline) {
    if (await answers(connectionString)) return 'ready'
    await Promise.race([wait(50), server.ended])
  }
  const log = server.lines.join('\n')
  if (/could not bind|Address already in use|could not create any TCP/.test(log)) return 'port taken'
  if (/lock file .* already exists|shared memory block .* still in use/.test(log)) return 'still locked'
  return 'failed'
}

function connectionStringFor(password: string, port: number, name: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${name}`
}

/** Starts the server, on another port when someone took ours meanwhile, and again while a killed server's children are going. */
async function startServer(place: Place, password: string, durable: boolean): Promise<{ server: Server; port: number }> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const port = await findFreePort()
    const server = spawnServer(place, port, durable)
    const readiness = await untilReady(server, connectionStringFor(password, port, 'postgres'))
    if (readiness === 'ready') return { server, port }
    await endProcess(server.pid)
    if (readiness === 'failed' || Date.now() > deadline) {
      throw new StartError(`PostgreSQL đi kèm không khởi động được: ${server.lines.slice(-5).join(' ')}`)
    }
    await wait(300)
  }
}

async function ensureDatabase(password: string, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: connectionStringFor(password, port, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
}

/**
 * The address of the server that a program running now keeps for this state folder, or null when there is none; for a
 * second program beside it (`npx lienthong …`).
 */
export async function findRunningPostgres(stateDir: string): Promise<string | null> {
  const address = await readOrNull(join(stateDir, 'postgres-address'))
  if (address === null) return null
  try {
    return (await answers(address)) ? address : null
  } catch (error) {
    // A file left by a killed program may name a port that another PostgreSQL has now.
    if (['28P01', '28000', '3D000'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}

/** Starts the server for this state folder. Throws a StartError, one sentence, when it cannot. */
export async function startEmbeddedPostgres({ stateDir, log, durable = true }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = chooseAccount()
  const held = await holdStateFolder(stateDir)
  try {
    const binDir = await preparePostgresBinaries(account)
    const home = await chooseDataHome(held.path, account)
    if (home !== held.path) log.info(`Dữ liệu PostgreSQL nằm ở "${home}" vì PostgreSQL không đọc được "${held.path}".`)
    const place: Place = { binDir, dataDir: join(home, 'postgres'), account }
    if (existsSync(place.dataDir)) await endLeftoverServer(place, log)
    const password = await readOrMakePassword(held.path)
    await initialise(place, home, password, durable)
    const { server, port } = await startServer(place, password, durable)
    const watchdog = startWatchdog(server.pid)
    await ensureDatabase(password, port)
    const connectionString = connectionStringFor(password, port, database)
    const addressFile = join(held.path, 'postgres-address')
    await writeFile(addressFile, connectionString, { mode: 0o600 })

    let stopping: Promise<void> | null = null
    server.ended.then(() => stopping ?? log.warn(`PostgreSQL đi kèm đã tự dừng: ${server.lines.slice(-3).join(' ')}`))
    const stop = async (): Promise<void> => {
      await endProcess(server.pid)
      await server.ended
      watchdog?.stdin?.end('done\n')
      await rm(addressFile, { force: true })
      await held.release()
    }
    return { connectionString, pid: server.pid, stop: () => (stopping ??= stop()) }
  } catch (error) {
    await held.release()
    throw error
  }
}
