import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Account } from './postgres-binaries.js'
import { isRunning } from './process-identity.js'
import { errorCode } from './start-error.js'

/** Where the binaries and the data are, and whose account runs them. */
export interface Place {
  readonly binDir: string
  readonly dataDir: string
  readonly account: Account | undefined
}

export interface Server {
  readonly process: ChildProcess
  readonly pid: number
  /** Its last lines of log, for a message when it fails. */
  readonly lines: string[]
  readonly ended: Promise<void>
}

const startWithinMs = 180_000
const stopWithinMs = 20_000
/** A server that cannot have its port ends in far less. */
const refusedWithinMs = 2_000
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
/** For tests, each of which has a small database of its own: pages are in the kernel's memory, and a process that reads them for another only costs. */
const fastServer = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off', io_method: 'sync' }

/** A server lets go of its clients at SIGINT. What makes the data does not hear that one while it tries settings out: it waits in system(3) then. */
export const endedBy = { postgres: 'SIGINT', initdb: 'SIGTERM' } as const

/** Starts one of PostgreSQL's programs, away from the terminal's Ctrl-C; it ends with us, also when we are killed. */
export function run(place: Place, program: keyof typeof endedBy, programArguments: string[]): ChildProcess {
  const child = spawn(join(place.binDir, program), programArguments, {
    cwd: place.binDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    // Our own environment holds passwords that are no business of this process.
    env: { TZ: 'UTC', LC_ALL: 'C' },
    ...place.account,
  })
  if (child.pid !== undefined) {
    const watchdog = startWatchdog(child.pid, endedBy[program])
    child.once('exit', () => watchdog?.stdin?.end('done\n'))
  }
  return child
}

/** Ends the program when our side of its pipe closes without a word, that is when this process was killed. */
function startWatchdog(pid: number, signal: NodeJS.Signals): ChildProcess | null {
  if (process.platform === 'win32') return null
  const watchdog = spawn(
    '/bin/sh',
    ['-c', 'read -r word || kill -s "$2" "$1" 2>/dev/null', 'sh', String(pid), signal.slice('SIG'.length)],
    {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  watchdog.unref()
  return watchdog
}

/** The last lines that a program says, for a message when it fails. */
export function keepLines(child: ChildProcess): string[] {
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
export function untilEnded(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** Asks a server to end (fast: clients are cut off, data is flushed), then insists. */
export async function endProcess(pid: number): Promise<void> {
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

export function spawnServer(place: Place, port: number, durable: boolean): Server {
  const settings = Object.entries({ ...everyServer, ...(durable ? durableServer : fastServer), port: String(port) })
  const child = run(place, 'postgres', ['-D', place.dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])])
  const ended = untilEnded(child).then(() => undefined)
  return { process: child, pid: child.pid ?? 0, lines: keepLines(child), ended }
}

/** Whether a server takes connections at this address; throws when it refuses us for good. */
export async function answers(connectionString: string): Promise<boolean> {
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

/** How node-postgres says that a server, however busy, has not begun to answer in time. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'timeout expired'

export type Readiness = 'ready' | 'port taken' | 'still locked' | 'failed'

/** Waits until the server answers or has ended, and says why it did not come up. Throws when `signal` says that nobody waits for it any more. */
export async function untilReady(server: Server, connectionString: string, signal?: AbortSignal): Promise<Readiness> {
  let hasEnded = false
  server.ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  )
  const deadline = Date.now() + startWithinMs
  while (!hasEnded && Date.now() < deadline) {
    signal?.throwIfAborted()
    try {
      if (await answers(connectionString)) return 'ready'
    } catch (error) {
      // What refused us may be another server on a port that it was quicker to take: ours says so and ends.
      await Promise.race([wait(refusedWithinMs), server.ended])
      if (!hasEnded && !isTimeout(error)) throw error
    }
    await Promise.race([wait(50), server.ended])
  }
  const log = server.lines.join('\n')
  if (/could not bind|Address already in use|could not create any TCP/.test(log)) return 'port taken'
  if (/lock file .* already exists|shared memory block .* still in use/.test(log)) return 'still locked'
  return 'failed'
}
