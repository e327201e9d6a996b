import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.js'

/** The database server of the drill: as durable as in production, stopped, killed, moved and started again as a fault asks. */
export interface PostgresCluster {
  readonly port: number
  /** The drill's own way in, past all relays. */
  readonly url: string
  /** The address of the same database behind a relay. */
  urlThrough(port: number): string
  stop(): Promise<void>
  /** SIGKILL of the server; its state folder is let go. */
  kill(): Promise<void>
  start(): Promise<void>
  /** While stopped: copies the whole state folder. */
  copyTo(folder: string): Promise<void>
  /** While stopped: the next start is from this folder. */
  useFolder(folder: string): void
}

export const openCluster = async (stateDir: string): Promise<PostgresCluster> => {
  let folder = stateDir
  const log = { info: () => undefined, warn: () => undefined }
  const open = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ stateDir: folder, log })
  let server = await open()
  const address = (): URL => new URL(server.connectionString)
  return {
    get port() {
      return Number(address().port)
    },
    get url() {
      return server.connectionString
    },
    urlThrough: (port) => {
      const url = address()
      url.port = String(port)
      return url.href
    },
    stop: () => server.stop(),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await server.stop()
    },
    start: async () => {
      server = await open()
    },
    copyTo: async (target) => {
      await rm(target, { recursive: true, force: true })
      // Owners and times stay as they are, which Node's own copy does not do.
      await promisify(execFile)('cp', ['-a', folder, target])
    },
    useFolder: (next) => {
      folder = next
    },
  }
}
