import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What PgBouncer takes as it comes. */
const TAKES = ['user', 'database', 'client_encoding', 'application_name']

/** Stands before PostgreSQL as PgBouncer does before anybody has changed its settings: a connection that asks for more at its start is refused. */
export interface StartPooler {
  readonly url: string
  close(): Promise<void>
}

/** After its length and the number of the protocol: names and values, by turns. */
const refusedIn = (first: Buffer): string | undefined =>
  first
    .subarray(8)
    .toString()
    .split('\0')
    .find((name, place) => place % 2 === 0 && name !== '' && !TAKES.includes(name))

const refusal = (name: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${name}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

export const startPooler = async (databaseUrl: string): Promise<StartPooler> => {
  const address = new URL(databaseUrl)
  const port = Number(address.port)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const listener = createServer((client) => {
    keep(client).once('data', (first) => {
      const refused = refusedIn(first)
      if (refused !== undefined) return client.end(refusal(refused))
      const server = keep(connect(port, '127.0.0.1'))
      server.write(first)
      client.pipe(server).pipe(client)
    })
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  address.port = String((listener.address() as AddressInfo).port)
  return {
    url: address.href,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
