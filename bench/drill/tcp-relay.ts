import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * A wire that can be broken: every program of the drill reaches PostgreSQL, and the drill reaches the gateways, through one of
 * these. It passes bytes and knows nothing of what they mean, but can be given a word of the client's to wait for.
 */
export interface TcpRelay {
  readonly port: number
  /** Cuts every connection, and refuses new ones until `heal`. */
  cut(): void
  /** Keeps back what one side sends, or both, unread, until `heal`: the connection looks alive to both. */
  hold(...what: readonly Side[]): void
  /** What is open now is swallowed for good: neither side hears of the other again, nor that it has gone. New connections are let through. */
  swallow(): void
  /** From the next piece on in which a client says `word`: it is passed on, and all that servers say is kept back. Resolves then; `heal` takes it back. */
  holdAnswerTo(word: string): Promise<void>
  /** Cuts the connections that are open now; what was kept back in them is lost. New ones are let through. */
  reset(): void
  heal(): void
  close(): Promise<void>
}

export type Side = 'FROM_SERVER' | 'FROM_CLIENT'

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/** One that is being shut already cannot be reset: Node would leave its handle open. */
const cutOff = (socket: Socket): void => void (socket.readableEnded || socket.writableEnded ? socket.destroy() : socket.resetAndDestroy())

/** `targets` is asked at every connection: the first port that answers is taken, beginning with the next one in turn. `hear` gets all that clients say. */
export const openRelay = async (targets: () => readonly number[], hear: (bytes: Buffer) => void = () => undefined): Promise<TcpRelay> => {
  const pairs = new Set<Pair>()
  const swallowed = new Set<Pair>()
  let turn = 0
  let refusing = false
  let held: readonly Side[] = []
  let awaited: { readonly word: string; readonly heard: () => void } | undefined

  const hold = (...what: readonly Side[]): void => {
    held = what
    for (const { client, server } of pairs) for (const side of what) (side === 'FROM_SERVER' ? server : client).pause()
  }

  const keep = (pair: Pair): void => {
    pairs.add(pair)
    const { client, server } = pair
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', end).on('close', end)
    client.on('data', (bytes) => {
      hear(bytes)
      if (awaited && bytes.includes(awaited.word)) {
        hold('FROM_SERVER')
        awaited.heard()
        awaited = undefined
      }
      if (!server.write(bytes)) client.pause()
    })
    server.on('data', (bytes) => void (client.write(bytes) || server.pause()))
    server.on('drain', () => held.includes('FROM_CLIENT') || client.resume())
    client.on('drain', () => held.includes('FROM_SERVER') || server.resume())
    if (!held.includes('FROM_CLIENT')) client.resume()
    if (held.includes('FROM_SERVER')) server.pause()
  }

  const open = (client: Socket, ports: readonly number[]): void => {
    const [port, ...others] = ports
    if (port === undefined || client.destroyed) return void client.destroy()
    const server = connect(port, '127.0.0.1')
    const failed = (): void => open(client, others)
    server.once('error', failed).once('connect', () => {
      server.off('error', failed)
      // A client that was killed meanwhile has said so already, and says it no more.
      if (refusing || client.destroyed) {
        server.destroy()
        client.destroy()
      } else keep({ client, server })
    })
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy())
    if (refusing) return void client.resetAndDestroy()
    const ports = targets()
    turn += 1
    const first = ports.length === 0 ? 0 : turn % ports.length
    open(client, [...ports.slice(first), ...ports.slice(0, first)])
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(0, '127.0.0.1', resolve)
  })

  const swallow = (): void => {
    for (const pair of pairs) {
      swallowed.add(pair)
      for (const socket of [pair.client, pair.server]) socket.removeAllListeners('drain').pause()
    }
    pairs.clear()
  }
  const reset = (): void => {
    for (const { client, server } of [...pairs, ...swallowed]) {
      cutOff(client)
      cutOff(server)
    }
    pairs.clear()
    swallowed.clear()
  }
  return {
    port: (listener.address() as AddressInfo).port,
    cut: () => {
      refusing = true
      reset()
    },
    hold,
    swallow,
    holdAnswerTo: (word) =>
      new Promise<void>((heard) => {
        awaited = { word, heard }
      }),
    reset,
    heal: () => {
      refusing = false
      held = []
      awaited = undefined
      for (const { client, server } of pairs) {
        client.resume()
        server.resume()
      }
    },
    close: async () => {
      refusing = true
      reset()
      await new Promise<void>((resolve) => {
        listener.close(() => resolve())
      })
    },
  }
}
