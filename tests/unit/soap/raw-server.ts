import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A server on a socket, that can be as wrong as it likes. Each request that has come whole is handed to the script. */
export interface RawServer {
  readonly url: string
  /** Requests as they came, in their order. */
  readonly requests: string[]
  /** How many connections there have been. */
  connections: number
  close(): Promise<void>
}

export type Script = (socket: Socket, request: string, number: number) => void

export async function rawServer(script: Script): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const server = createServer((socket) => {
    state.connections++
    sockets.add(socket)
    let buffered = ''
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      buffered += chunk.toString('latin1')
      const head = buffered.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0)
      if (head < 0 || buffered.length < head + 4 + length) return
      const request = Buffer.from(buffered.slice(0, head + 4 + length), 'latin1').toString('utf8')
      buffered = buffered.slice(head + 4 + length)
      requests.push(request)
      script(socket, request, requests.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const state: RawServer = {
    url: `http://127.0.0.1:${port}/ws?x=1`,
    requests,
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return state
}

export function http(status: number, body: string, headers: Record<string, string> = {}): string {
  const all = { 'content-type': 'text/xml; charset=utf-8', 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n${body}`
}
