import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Pool } from 'undici'
import { createOneStopAdapter } from '../../../adapters/one-stop/adapter.js'
import { exchange } from '../../../adapters/soap/http-exchange.js'
import { resettingConnector } from '../../../adapters/soap/resetting-connector.js'
import { createVilisAdapter } from '../../../adapters/vilis/adapter.js'
import type { Sending, TargetSystem } from '../../../src/ports/target-system.js'
import { keepDocument, sending as oneStopSending, statusBody } from '../../contract/one-stop/bodies.js'
import { noMappings, oneStopSettings } from '../../contract/one-stop/settings.js'
import { portalAdapter, portalSettings, progressBody, sendingOf } from '../../contract/portal/portal-fixtures.js'
import { BODIES, documentStore, mappings, readDocument, sending, settings } from '../vilis/fixtures.js'
import { type RawServer, rawServer } from './raw-server.js'
import { selfSigned } from './self-signed.js'

let server: RawServer
beforeEach(async () => {
  server = await rawServer((socket) => socket.destroy())
})
afterEach(() => server.close())

const ADAPTERS: Record<string, (url: string) => Promise<{ target: TargetSystem; sending: Sending }>> = {
  VILIS: async (url) => {
    const { target } = await createVilisAdapter({ settings: settings(url), mappings: mappings(), readDocument, ...documentStore() })
    return { target, sending: sending(BODIES.RECEIVE) }
  },
  ONE_STOP: async (url) => {
    const options = { settings: oneStopSettings(url), mappings: noMappings, readDocument: async () => null, keepDocument }
    return { target: (await createOneStopAdapter(options)).target, sending: oneStopSending(statusBody('H58.22-260316-0007')) }
  },
  PORTAL: async (url) => ({ target: (await portalAdapter(portalSettings(url), [])).target, sending: sendingOf(progressBody()) }),
}

test.each(Object.keys(ADAPTERS))('%s is sent nothing when the right to send has run too far, and is not blamed for it', async (name) => {
  const opened = await ADAPTERS[name]?.(server.url)
  if (!opened) throw new Error(name)
  const { outcome } = await opened.target.send({ ...opened.sending, beginBefore: performance.now() - 1 })
  expect(outcome).toMatchObject({ kind: 'UNAVAILABLE', cause: expect.stringContaining('(STALLED)'), shows: 'SILENT' })
  await opened.target.close()
  expect(server.connections).toBe(0)
})

/** Takes connections and reads nothing until it is told to. */
const identity = await selfSigned()

const SERVERS: Record<string, (take: (socket: Socket) => void) => Server> = {
  http: (take) => createServer({ pauseOnConnect: true }, take),
  https: (take) =>
    createTlsServer(identity, (socket) => {
      socket.pause()
      take(socket)
    }),
}
const BODY_BYTES = 1_500_000

const readAll = async (socket: Socket): Promise<number> => {
  let bytes = 0
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    bytes += chunk.length
  })
  if (!socket.destroyed) await once(socket.resume(), 'close').catch(() => undefined)
  return bytes
}

test.each(Object.keys(SERVERS))(
  'what a peer (%s) did not read before our deadline never reaches it: it does not process later what we have given up',
  async (protocol) => {
    let taken: (socket: Socket) => void = () => undefined
    const connected = new Promise<Socket>((resolve) => {
      taken = resolve
    })
    const hanging = SERVERS[protocol]?.((socket) => {
      socket.on('error', () => undefined)
      taken(socket)
    }) as Server
    await once(hanging.listen(0, '127.0.0.1'), 'listening')
    const pool = new Pool(`${protocol}://127.0.0.1:${(hanging.address() as AddressInfo).port}`, {
      connections: 1,
      connect: resettingConnector({ timeout: 10_000, ca: identity.cert }),
    })
    const call = { path: '/', headers: {}, body: Buffer.alloc(BODY_BYTES, 'x'), totalMs: 2_000, maxReplyBytes: 1_000 }
    expect(await exchange(pool, call)).toMatchObject({ kind: 'FAILED', sent: true, failure: 'TIMEOUT' })
    expect(await readAll(await connected)).toBeLessThan(BODY_BYTES)
    await pool.destroy()
    await new Promise((resolve) => hanging.close(resolve))
  },
)
