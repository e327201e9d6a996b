import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'

const ENVELOPES = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' }

export const envelope = (body: string, { version = '1.1', header = '' }: { version?: '1.1' | '1.2'; header?: string } = {}): string =>
  `<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="${ENVELOPES[version]}"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`

export const register = (code: string, more = ''): string =>
  envelope(`<Register xmlns="urn:test:tiny"><Code>${code}</Code>${more}</Register>`)
export const lookUp = (code: string): string => envelope(`<LookUp xmlns="urn:test:tiny"><Code>${code}</Code></LookUp>`)

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Posts over a connection of its own; rejects when the connection ends before the answer does. */
export const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: 'POST', agent: false, headers: { 'Content-Type': 'text/xml; charset=utf-8', ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })

/** A bare socket with one request written to it: what has come back so far, and whether it is still open. */
export const openSocket = (url: string, body: string): { socket: Socket; received: () => string; isOpen: () => boolean } => {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect(Number(port), hostname)
  let received = ''
  let open = true
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {
    open = false
  })
  socket.on('close', () => {
    open = false
  })
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return { socket, received: () => received, isOpen: () => open }
}

/** Waits for what must come, without a clock; a test that waits for ever is ended by the runner. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise<void>((resolve) => setImmediate(resolve))
}
