/**
 * The embedded server over its lives: stopped, killed with its program, killed itself, started twice. Programs that are to
 * be killed run as processes of their own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { type EmbeddedPostgres, findRunningPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js'
import { projectRoot } from '../../src/platform/paths.js'
import { chooseAccount, preparePostgresBinaries } from '../../src/platform/postgres-binaries.js'
import { initialise } from '../../src/platform/postgres-data.js'
import { endProcess, type Server, spawnServer, untilReady } from '../../src/platform/postgres-process.js'
import { isRunning } from '../../src/platform/process-identity.js'
import { StartError } from '../../src/platform/start-error.js'
import { until } from '../support/until.js'

let stateDir: string
const warnings: string[] = []
const told: string[] = []
const log = { info: (message: string) => told.push(message), warn: (message: string) => warnings.push(message) }

beforeEach(async () => {
  warnings.length = 0
  told.length = 0
  stateDir = await mkdtemp(join(tmpdir(), 'lienthong-embedded-'))
  // PostgreSQL runs as another account when the tests run as root.
  await chmod(stateDir, 0o711)
})

afterEach(() => rm(stateDir, { recursive: true, force: true }))

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Starts the server on the folder, runs `work` and stops it. */
async function withServer<T>(work: (server: EmbeddedPostgres) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ stateDir, log })
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

interface Program {
  readonly process: ChildProcess
  readonly connectionString: string
  readonly serverPid: number
}

/** A program that keeps the server running until it is killed, and tells its address. */
function spawnProgram() {
  const source = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(projectRoot, 'dist/src/platform/embedded-postgres.js'))}
    const server = await startEmbeddedPostgres({ stateDir: ${JSON.stringify(stateDir)}, log: console })
    console.log(JSON.stringify({ connectionString: server.connectionString, serverPid: server.pid }))`
  return spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function startProgram(): Promise<Program> {
  const child = spawnProgram()
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { process: child, ...(JSON.parse(line) as { connectionString: string; serverPid: number }) }
}

/** Of the server that works on the folder, or starts to; undefined: there is none. */
async function serverPid(): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(stateDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => ''), 10)
  return pid > 0 ? pid : undefined
}

async function kill(program: Program): Promise<void> {
  const ended = once(program.process, 'close')
  program.process.kill('SIGKILL')
  await ended
}

test('what was committed is there after a stop and a start', async () => {
  await withServer(async ({ connectionString }) => {
    await query(connectionString, 'CREATE TABLE kept AS SELECT 7 AS id')
    expect(await query(connectionString, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
  })
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])
})

test('after kill -9 of the program, the next start goes on with what was committed', async () => {
  const program = await startProgram()
  await query(program.connectionString, 'CREATE TABLE kept AS SELECT 7 AS id')
  await kill(program)
  const rows = await withServer(async ({ connectionString }) => {
    expect(isRunning(program.serverPid)).toBe(false)
    return query(connectionString, 'SELECT id FROM kept')
  })
  expect(rows).toEqual([{ id: 7 }])
})

test('after kill -9 of the program and of the server, as in a power cut, the next start recovers', async () => {
  const program = await startProgram()
  await query(program.connectionString, 'CREATE TABLE kept AS SELECT 7 AS id')
  process.kill(program.serverPid, 'SIGKILL')
  await kill(program)
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])
})

test('locks whose process number now belongs to another program do not hinder the start', async () => {
  await withServer(async () => undefined)
  await writeFile(join(stateDir, 'in-use-by'), `${process.pid} another-boot 1`)
  await writeFile(join(stateDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${stateDir}\n1\n5432\n\n127.0.0.1\n`)
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
})

test('a second program on the same folder gets one sentence, can find the server, and harms nothing', async () => {
  await withServer(async ({ connectionString }) => {
    await expect(startEmbeddedPostgres({ stateDir, log })).rejects.toThrow(/đang được một tiến trình khác sử dụng/)
    expect(await findRunningPostgres(stateDir)).toBe(connectionString)
    expect(await query(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
  expect(await findRunningPostgres(stateDir)).toBeNull()
})

test('a copy of a folder that is in use has no server of its own, and does not lead to that of the first; a link to it does', async () => {
  const beside = await mkdtemp(join(tmpdir(), 'lienthong-embedded-'))
  try {
    await withServer(async ({ connectionString }) => {
      await cp(stateDir, join(beside, 'copy'), { recursive: true, preserveTimestamps: true })
      await symlink(stateDir, join(beside, 'link'))
      expect(await findRunningPostgres(join(beside, 'copy'))).toBeNull()
      expect(await findRunningPostgres(join(beside, 'link'))).toBe(connectionString)
    })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
})

test('a folder that cannot be made is one sentence', async () => {
  const file = join(stateDir, 'a-file')
  await writeFile(file, '')
  const failure = startEmbeddedPostgres({ stateDir: join(file, 'state'), log })
  await expect(failure).rejects.toThrow(StartError)
  await expect(failure).rejects.toThrow(/Không ghi được vào thư mục dữ liệu/)
})

test('a first start that was interrupted is begun again', async () => {
  await mkdir(join(stateDir, 'postgres.new'))
  await writeFile(join(stateDir, 'postgres.new', 'PG_VERSION'), '18')
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
})

/** What initdb writes first, and takes away when it is ended. */
const isBegun = (): boolean => existsSync(join(stateDir, 'postgres.new', 'PG_VERSION'))

test('a start that is given up while its data is made ends that, and lets go of the folder', async () => {
  const ending = new AbortController()
  const starting = startEmbeddedPostgres({ stateDir, log, signal: ending.signal }).then(
    () => 'started',
    () => 'given up',
  )
  await until('initdb has begun', async () => isBegun())
  ending.abort()
  expect(await starting).toBe('given up')
  expect(['postgres', 'postgres.new/PG_VERSION'].filter((file) => existsSync(join(stateDir, file)))).toEqual([])
  expect(existsSync(join(stateDir, 'in-use-by'))).toBe(false)
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
})

test('a start that is given up while its server starts leaves no server behind, unless it has started it', async () => {
  const ending = new AbortController()
  const starting = startEmbeddedPostgres({ stateDir, log, signal: ending.signal }).catch(() => undefined)
  await until('the server starts', async () => (await serverPid()) !== undefined)
  const pid = (await serverPid()) ?? 0
  ending.abort()
  const started = await starting
  await started?.stop()
  expect(isRunning(pid)).toBe(false)
  expect(existsSync(join(stateDir, 'in-use-by'))).toBe(false)
  expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT 1 AS one'))).toEqual([{ one: 1 }])
})

test('a program that is killed while its data is made leaves nobody behind who goes on with it', async () => {
  const program = spawnProgram()
  await until('initdb has begun', async () => isBegun())
  const ended = once(program, 'close')
  program.kill('SIGKILL')
  await ended
  await until('initdb has taken away what it began', async () => !isBegun(), 30_000)
  expect(existsSync(join(stateDir, 'postgres'))).toBe(false)
})

test('a program that is killed while its server starts leaves none behind', async () => {
  const program = spawnProgram()
  await until('the server starts', async () => (await serverPid()) !== undefined)
  const pid = (await serverPid()) ?? 0
  const ended = once(program, 'close')
  program.kill('SIGKILL')
  await ended
  await until('the server has ended', async () => !isRunning(pid))
})

test('a damaged data folder is one sentence, and is left as it is', async () => {
  await mkdir(join(stateDir, 'postgres'))
  await writeFile(join(stateDir, 'postgres', 'left'), 'behind')
  await expect(startEmbeddedPostgres({ stateDir, log })).rejects.toThrow(StartError)
  expect(await readFile(join(stateDir, 'postgres', 'left'), 'utf8')).toBe('behind')
})

test('the password is random, kept where only we read it, and needed', async () => {
  await withServer(async ({ connectionString }) => {
    const file = join(stateDir, 'postgres-password')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const password = await readFile(file, 'utf8')
    expect(password.length).toBeGreaterThanOrEqual(32)
    await expect(query(connectionString.replace(password, 'wrong'), 'SELECT 1')).rejects.toThrow(/password authentication failed/)
    expect(await query(connectionString, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  })
})

test.each([
  [
    'does not take the password',
    () => writeFile(join(stateDir, 'postgres-password'), 'of another folder'),
    /không nhận mật khẩu trong ".*postgres-password": hãy khôi phục tệp đó/,
  ],
  ['runs, but cannot be told of', () => mkdir(join(stateDir, 'postgres-address')), /chạy được nhưng không dùng được .*: EISDIR/],
])('a server that %s is one sentence, and is not left behind', async (_name, harm, sentence) => {
  await withServer(async () => undefined)
  await harm()
  const failure = await startEmbeddedPostgres({ stateDir, log }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StartError)
  expect((failure as StartError).message).toMatch(sentence)
  // A server that runs has one.
  expect(existsSync(join(stateDir, 'postgres', 'postmaster.pid'))).toBe(false)
  expect(existsSync(join(stateDir, 'in-use-by'))).toBe(false)
})

/** A server on data of its own, on this port. */
const spawnOn = async (port: number): Promise<{ server: Server; url: string }> => {
  const account = chooseAccount()
  const place = { binDir: await preparePostgresBinaries(account), dataDir: join(stateDir, 'postgres'), account }
  await initialise(place, stateDir, 'mat-khau', false)
  return { server: spawnServer(place, port, false), url: `postgres://lienthong:mat-khau@127.0.0.1:${port}/postgres` }
}

test('a port that another PostgreSQL was quicker to take is told as taken, not as data of another password', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'lienthong-embedded-'))
  await chmod(elsewhere, 0o711)
  const quicker = await startEmbeddedPostgres({ stateDir: elsewhere, log })
  try {
    const { server, url } = await spawnOn(Number(new URL(quicker.connectionString).port))
    expect(await untilReady(server, url)).toBe('port taken')
  } finally {
    await quicker.stop()
    await rm(elsewhere, { recursive: true, force: true })
  }
})

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const free = createServer().listen(0, '127.0.0.1', () => {
      const { port } = free.address() as AddressInfo
      free.close(() => resolve(port))
    })
  })

/** Somebody else on this machine may be quicker to take the port. */
const spawnListening = async (tries = 5): Promise<{ server: Server; url: string }> => {
  const spawned = await spawnOn(await freePort())
  const told = await until('it listens, or cannot', async () =>
    spawned.server.lines.find((line) => /ready to accept|could not create any TCP/.test(line)),
  )
  if (told.includes('ready') || tries === 1) return spawned
  await spawned.server.ended
  return spawnListening(tries - 1)
}

test('a server that is too busy to begin to answer is waited for', async () => {
  const { server, url } = await spawnListening()
  try {
    process.kill(server.pid, 'SIGSTOP')
    const readiness = untilReady(server, url).catch((error: unknown) => error)
    // Longer than one connection is given.
    await Promise.race([readiness, wait(6_000)])
    process.kill(server.pid, 'SIGCONT')
    expect(await readiness).toBe('ready')
  } finally {
    if (isRunning(server.pid)) process.kill(server.pid, 'SIGCONT')
    await endProcess(server.pid)
  }
})

/** As another account than root, PostgreSQL is ours and reaches whatever we reach. */
const testAsRoot = process.getuid?.() === 0 ? test : test.skip

testAsRoot('in a folder that PostgreSQL cannot enter the data goes elsewhere, and begins anew with a folder made anew', async () => {
  await chmod(stateDir, 0o700)
  await withServer(({ connectionString }) => query(connectionString, 'CREATE TABLE kept AS SELECT 7 AS id'))
  const home = /"([^"]+)"/.exec(told[0] ?? '')?.[1] ?? ''
  try {
    expect(existsSync(join(stateDir, 'postgres'))).toBe(false)
    // Opened since: the data stays where it is.
    await chmod(stateDir, 0o711)
    expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])

    await rm(stateDir, { recursive: true })
    await mkdir(stateDir, { mode: 0o700 })
    const tables = "SELECT count(*)::int AS n FROM pg_tables WHERE tablename = 'kept'"
    expect(await withServer(({ connectionString }) => query(connectionString, tables))).toEqual([{ n: 0 }])
    const aside = (await readdir(home)).find((name) => name.startsWith('postgres.'))
    expect(existsSync(join(home, String(aside), 'PG_VERSION'))).toBe(true)
    expect(told.at(-1)).toContain(`cơ sở dữ liệu cũ được cất ở "${join(home, String(aside))}"`)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

/** Data outside of the state folder, with a table; gives where. */
const keepElsewhere = async (): Promise<string> => {
  await chmod(stateDir, 0o700)
  await withServer(({ connectionString }) => query(connectionString, 'CREATE TABLE kept AS SELECT 7 AS id'))
  return /"([^"]+)"/.exec(told[0] ?? '')?.[1] ?? ''
}
const start = (folder: string): Promise<unknown> =>
  startEmbeddedPostgres({ stateDir: folder, log }).then(
    (server) => server.stop(),
    (error: unknown) => error,
  )

testAsRoot.each([
  ['closed', 0o700],
  ['open', 0o711],
])(
  'a folder whose data lies elsewhere does not begin anew where it was moved or copied to (%s), and goes on where it was',
  async (_how, mode) => {
    const home = await keepElsewhere()
    const moved = `${stateDir}-moved`
    try {
      await rename(stateDir, moved)
      await chmod(moved, mode)
      const failure = await start(moved)
      expect(failure).toBeInstanceOf(StartError)
      expect((failure as StartError).message).toContain(`nằm ở "${join(home, 'postgres')}"`)
      await rename(moved, stateDir)
      expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])
    } finally {
      await rm(moved, { recursive: true, force: true })
      await rm(home, { recursive: true, force: true })
    }
  },
)

testAsRoot('a folder whose data was elsewhere and is gone does not begin anew by itself', async () => {
  const home = await keepElsewhere()
  try {
    await rename(join(home, 'postgres'), join(home, 'away'))
    expect(String(await start(stateDir))).toMatch(/không còn ở ".*": hãy khôi phục nó/)
    expect(await readdir(home)).toEqual(['away'])
    await rename(join(home, 'away'), join(home, 'postgres'))
    expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

testAsRoot.each([
  ['missing', (file: string) => rm(file)],
  ['empty', (file: string) => writeFile(file, '')],
])('a folder that lacks its password alone (%s) is no new one: its data stays in its place', async (_how, lose) => {
  const home = await keepElsewhere()
  try {
    const file = join(stateDir, 'postgres-password')
    const password = await readFile(file, 'utf8')
    await lose(file)
    expect(String(await start(stateDir))).toMatch(/Thiếu mật khẩu .*: hãy khôi phục tệp/)
    await writeFile(file, password)
    expect(await withServer(({ connectionString }) => query(connectionString, 'SELECT id FROM kept'))).toEqual([{ id: 7 }])
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

testAsRoot('data in a folder that PostgreSQL can no longer enter is one sentence, not a new database', async () => {
  await mkdir(join(stateDir, 'postgres'))
  await chmod(stateDir, 0o700)
  await expect(startEmbeddedPostgres({ stateDir, log })).rejects.toThrow(/không vào được thư mục đó: hãy chạy bằng tài khoản đã tạo ra nó/)
})
