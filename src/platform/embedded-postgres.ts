/**
 * PostgreSQL for a machine that has none: the real server, its binaries from the npm registry, as our child process.
 *
 * A start goes: hold the state folder → end a server that a killed program left behind → initdb once (into a draft folder
 * that is renamed when it is whole) → spawn `postgres` on a free port of 127.0.0.1 → wait until it answers. The server runs
 * in its own process group, so that Ctrl-C reaches it only through `stop()`, after everything else has stopped, or through `signal` while it starts; a small
 * watchdog shell ends it when this process dies without saying goodbye. What is left after a power cut (postmaster.pid,
 * unfinished writes) is recovered by the next start. The password is random and kept in the state folder, mode 0600.
 */
import { existsSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount, chooseDataHome, preparePostgresBinaries } from './postgres-binaries.js'
import {
  endLeftoverServer,
  initialise,
  passwordFileIn,
  readOrMakePassword,
  readOrNull,
  refuseToPassOver,
  rememberHome,
  setAsideDataOfAnother,
  user,
} from './postgres-data.js'
import { answers, endProcess, type Place, type Server, spawnServer, untilReady } from './postgres-process.js'
import { errorCode, StartError } from './start-error.js'
import { holdStateFolder } from './state-folder.js'

/** The part of a logger that is needed here. */
export interface PostgresLog {
  /** For the person at the terminal, Vietnamese and English: where the data lies, when that is not in the state folder. */
  info(message: string): void
  warn(message: string): void
}

export interface EmbeddedPostgresOptions {
  /** Folder that holds the data, the password and the lock; made when missing. */
  stateDir: string
  log: PostgresLog
  /** False gives up safety against a power cut for speed: for tests alone. Default true. */
  durable?: boolean
  /** When it is aborted, a start that is under way ends what it has begun, lets go of the state folder and throws. A server that runs is ended by `stop()` alone. */
  signal?: AbortSignal
}

export interface EmbeddedPostgres {
  /** Of the database `lienthong`, as its owner; listens on 127.0.0.1 alone. */
  readonly connectionString: string
  readonly pid: number
  /** Ends the server cleanly (at most half a minute, then by force) and lets go of the state folder. May be called twice. */
  stop(): Promise<void>
}

const database = 'lienthong'

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

function connectionStringFor(password: string, port: number, name: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${name}`
}

/** Ends a server that runs and cannot be used; why, in one sentence. */
async function endUnusable(server: Server, place: Place, stateFolder: string, error: unknown): Promise<StartError> {
  await endProcess(server.pid)
  const said = error instanceof Error ? error.message : String(error)
  return ['28P01', '28000'].includes(errorCode(error) ?? '')
    ? new StartError(
        `Dữ liệu PostgreSQL trong "${place.dataDir}" không nhận mật khẩu trong "${passwordFileIn(stateFolder)}": hãy khôi phục tệp đó, hoặc dời thư mục dữ liệu kia đi để bắt đầu lại từ đầu.`,
        `PostgreSQL's data in "${place.dataDir}" does not take the password in "${passwordFileIn(stateFolder)}": restore that file, or move that data folder away to begin anew.`,
      )
    : new StartError(
        `PostgreSQL đi kèm chạy được nhưng không dùng được với dữ liệu trong "${place.dataDir}": ${said}`,
        `The bundled PostgreSQL runs, but cannot be used with its data in "${place.dataDir}": ${said}`,
      )
}

/** Starts the server, on another port when someone took ours meanwhile, and again while a killed server's children are going. */
async function startServer(
  place: Place,
  stateFolder: string,
  password: string,
  durable: boolean,
  signal: AbortSignal | undefined,
): Promise<{ server: Server; port: number }> {
  const deadline = Date.now() + 15_000
  for (;;) {
    signal?.throwIfAborted()
    const port = await findFreePort()
    const server = spawnServer(place, port, durable)
    const readiness = await untilReady(server, connectionStringFor(password, port, 'postgres'), signal).catch(async (error: unknown) => {
      const refusal = await endUnusable(server, place, stateFolder, error)
      signal?.throwIfAborted()
      throw refusal
    })
    if (readiness === 'ready' && !signal?.aborted) return { server, port }
    await endProcess(server.pid)
    signal?.throwIfAborted()
    if (readiness === 'failed' || Date.now() > deadline) {
      const said = server.lines.slice(-5).join(' ')
      throw new StartError(`PostgreSQL đi kèm không khởi động được: ${said}`, `The bundled PostgreSQL does not start: ${said}`)
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

const addressFileIn = (stateFolder: string): string => join(stateFolder, 'postgres-address')

/** Of the folder itself, by whatever path: a copy of it has another. */
async function folderIdentity(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true })
  return `${dev}:${ino}`
}

/**
 * The address of the server that a program running now keeps for this state folder, or null when there is none; for a
 * second program beside it (`npx lienthong …`). In a copy of the folder there is none: what acts on it must not reach the data of the first.
 */
export async function findRunningPostgres(stateDir: string): Promise<string | null> {
  const [address, folder] = (await readOrNull(addressFileIn(stateDir)))?.split('\n') ?? []
  if (address === undefined || folder !== (await folderIdentity(stateDir))) return null
  try {
    return (await answers(address)) ? address : null
  } catch (error) {
    // A file left by a killed program may name a port that another PostgreSQL has now.
    if (['28P01', '28000', '3D000'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}

/** Starts the server for this state folder. Throws a StartError, one sentence, when it cannot. */
export async function startEmbeddedPostgres({ stateDir, log, durable = true, signal }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = chooseAccount()
  const held = await holdStateFolder(stateDir)
  try {
    const binDir = await preparePostgresBinaries(account)
    const home = await chooseDataHome(held.path, account)
    if (home !== held.path)
      log.info(
        `Dữ liệu PostgreSQL nằm ở "${home}", không ở trong "${held.path}": tài khoản chạy PostgreSQL không vào được thư mục này khi dữ liệu được tạo. / PostgreSQL's data lies in "${home}", not in "${held.path}": the account that runs PostgreSQL could not enter that folder when the data was made.`,
      )
    await refuseToPassOver(held.path, home)
    const place: Place = { binDir, dataDir: join(home, 'postgres'), account }
    if (existsSync(place.dataDir)) await endLeftoverServer(place, (message) => log.warn(message))
    if (home !== held.path) await setAsideDataOfAnother(held.path, place, (message) => log.info(message))
    const password = await readOrMakePassword(held.path)
    await initialise(place, home, password, durable, signal)
    await rememberHome(held.path, home)
    const { server, port } = await startServer(place, held.path, password, durable, signal)
    const connectionString = connectionStringFor(password, port, database)
    const addressFile = addressFileIn(held.path)
    try {
      await ensureDatabase(password, port)
      await writeFile(addressFile, `${connectionString}\n${await folderIdentity(held.path)}`, { mode: 0o600 })
    } catch (error) {
      throw await endUnusable(server, place, held.path, error)
    }

    let stopping: Promise<void> | null = null
    server.ended.then(() => stopping ?? log.warn(`PostgreSQL đi kèm đã tự dừng: ${server.lines.slice(-3).join(' ')}`))
    const stop = async (): Promise<void> => {
      await endProcess(server.pid)
      await server.ended
      await rm(addressFile, { force: true })
      await held.release()
    }
    return { connectionString, pid: server.pid, stop: () => (stopping ??= stop()) }
  } catch (error) {
    await held.release()
    throw error
  }
}
