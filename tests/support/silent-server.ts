import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/**
 * A server that takes every connection and says nothing by itself. What the product puts to it to learn whether it is silent
 * (`src/platform/server-silence.ts`) is counted, and can be answered.
 */
export interface SilentServer {
  /** As PostgreSQL. */
  readonly url: string
  readonly connections: () => number
  /** Questions so far whether it is silent. */
  readonly asked: () => number
  stop(): Promise<void>
}

export const startSilentServer = async (onAsked: (socket: Socket, asked: number) => void = () => undefined): Promise<SilentServer> => {
  const sockets: Socket[] = []
  let asked = 0
  const server = createServer((socket) => {
    sockets.push(socket)
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        if (!bytes.includes('lienthong-silence')) return
        asked += 1
        onAsked(socket, asked)
      })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/nothing`,
    connections: () => sockets.length,
    asked: () => asked,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
