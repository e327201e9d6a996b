import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js'
import { projectRoot } from '../../src/platform/paths.js'
import { isRunning } from '../../src/platform/process-identity.js'
import { until } from './until.js'

/**
 * A real PostgreSQL of one test file, to be stopped, killed, made read-only and cut off. Clients reach it through a proxy of ours, whose address stays the
 * same over restarts and which can lose what the server answers.
 */
export interface BreakablePostgres {
  /** Through the proxy. */
  readonly url: string
  start(): Promise<void>
  /** Fast shutdown: clients are told and cut off. */
  stop(): Promise<void>
  /** SIGKILL: nobody is told. */
  kill(): Promise<void>
  /** Straight to the server, past the proxy and past a read-only default. */
  execute(sql: string): Promise<unknown[]>
  /**
   * The next statement with this text, on a connection on which `beside` was seen lately or is seen with it, is carried out; the connection is cut before the client
   * hears of it. Resolves when that has happened.
   */
  loseAnswerTo(text: string, beside?: string): Promise<void>
  /** From here on what either side sends is swallowed, and new connections hear nothing: nobody is refused or cut off. Until `hearAgain`, when it comes after all. */
  swallow(): void
  hearAgain(): void
  end(): Promise<void>
}

interface Loss {
  readonly text: string
  readonly beside: string | undefined
  readonly happened: () => void
}

export const startBreakablePostgres = async (): Promise<BreakablePostgres> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-breakable-'))
  // PostgreSQL runs as another account when the tests run as root.
  await chmod(stateDir, 0o711)
  const log = { info: () => undefined, warn: () => undefined }
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ stateDir, log })
  let loss: Loss | undefined
  let swallowing = false
  const sockets = new Set<Socket>()

  const proxy = createServer((client) => {
    const upstream = connect(Number(new URL(server.connectionString).port), '127.0.0.1')
    let seen = ''
    let losing: Loss | undefined
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      if (loss && text.includes(loss.text) && (loss.beside === undefined || `${seen}${text}`.includes(loss.beside))) {
        losing = loss
        loss = undefined
      }
      seen = `${seen}${text}`.slice(-20_000)
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!losing) {
        client.write(bytes)
        return
      }
      client.destroy()
      upstream.destroy()
      losing.happened()
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('end', () => other.end())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      if (swallowing) socket.pause()
    }
  })
  const open = async (port: number): Promise<number> => {
    proxy.listen(port, '127.0.0.1')
    await once(proxy, 'listening')
    return (proxy.address() as AddressInfo).port
  }
  /** A server that is gone refuses connections: so does its proxy. */
  const shut = async (): Promise<void> => {
    const closed = once(proxy, 'close')
    proxy.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await open(0)
  const url = new URL(server.connectionString)
  url.port = String(port)
  // A process has one schema engine, and this one serves many test files.
  await promisify(execFile)(process.execPath, [join(projectRoot, 'dist/src/migrate.js'), 'apply'], {
    env: { PATH: process.env.PATH, DATABASE_URL: server.connectionString, STATE_DIR: stateDir },
  })

  return {
    url: url.href,
    start: async () => {
      server = await startEmbeddedPostgres({ stateDir, log })
      await open(port)
    },
    stop: async () => {
      await server.stop()
      await shut()
    },
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await until('the server is dead', async () => !isRunning(server.pid))
      await server.stop()
      await shut()
    },
    execute: async (sql) => {
      const client = new pg.Client({ connectionString: server.connectionString, options: '-c default_transaction_read_only=off' })
      await client.connect()
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows
      } finally {
        await client.end()
      }
    },
    loseAnswerTo: (text, beside) =>
      new Promise((resolve) => {
        loss = { text, beside, happened: resolve }
      }),
    swallow: () => {
      swallowing = true
      for (const socket of sockets) socket.pause()
    },
    hearAgain: () => {
      swallowing = false
      for (const socket of sockets) socket.resume()
    },
    end: async () => {
      await shut()
      await server.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
