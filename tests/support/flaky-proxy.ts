import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A proxy before the gateway. NOT_NOW: 503 without asking it; LOST: the gateway does what was asked, and its answer is lost; PASS: as it should be.
 * Each request takes the next behaviour; then all pass.
 */
export type Behaviour = 'NOT_NOW' | 'LOST' | 'PASS'

export interface FlakyProxy {
  readonly url: string
  readonly requests: () => number
  next(...behaviours: Behaviour[]): void
  stop(): Promise<void>
}

export const startFlakyProxy = async (gatewayUrl: string): Promise<FlakyProxy> => {
  const coming: Behaviour[] = []
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    requests += 1
    const behaviour = coming.shift() ?? 'PASS'
    if (behaviour === 'NOT_NOW') {
      incoming.resume()
      outgoing.writeHead(503, { 'retry-after': '0', connection: 'close' }).end('upstream is away')
      return
    }
    const forwarded = request(
      new URL(incoming.url ?? '/', gatewayUrl),
      { method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        if (behaviour === 'LOST') {
          answer.resume().on('end', () => outgoing.destroy())
          return
        }
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' })
        answer.pipe(outgoing)
      },
    )
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    next: (...behaviours) => void coming.push(...behaviours),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
