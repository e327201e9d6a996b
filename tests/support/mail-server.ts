import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server on loopback that keeps what it is sent. Stopped, it can be started again on the same port. */
export interface TestMailServer {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  start(): Promise<void>
  stop(): Promise<void>
}

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly subject: string
  readonly text: string
}

const decodeWords = (header: string): string =>
  header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, coded: string) =>
      how.toLowerCase() === 'b' ? Buffer.from(coded, 'base64').toString() : decodeQuoted(coded.replaceAll('_', ' ')).toString(),
    )

const decodeQuoted = (quoted: string): Buffer => {
  const parts = quoted.replace(/=\r?\n/g, '').split(/(=[0-9A-F]{2})/i)
  return Buffer.concat(parts.map((part) => (/^=[0-9A-F]{2}$/i.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))))
}

const readMail = (raw: string): Pick<ReceivedMail, 'headers' | 'subject' | 'text'> => {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const coded = body.join('\r\n\r\n')
  const encoding = headers['content-transfer-encoding']
  const plain =
    encoding === 'base64' ? Buffer.from(coded, 'base64') : encoding === 'quoted-printable' ? decodeQuoted(coded) : Buffer.from(coded)
  return { headers, subject: decodeWords(headers.subject ?? ''), text: plain.toString() }
}

/** `password`: the only one that it takes, of whatever account; without one it asks for none. */
export const startMailServer = async ({ password }: { readonly password?: string } = {}): Promise<TestMailServer> => {
  const mails: ReceivedMail[] = []
  let port = 0
  let server: SMTPServer | undefined
  const start = async (): Promise<void> => {
    server = new SMTPServer({
      disabledCommands: password === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (given, _session, done) =>
        given.password === password ? done(null, { user: given.username }) : done(new Error(`${given.password} is wrong`)),
      disableReverseLookup: true,
      onData: (stream, { envelope }, done) => {
        text(stream)
          .then((raw) => {
            const from = envelope.mailFrom ? envelope.mailFrom.address : ''
            mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), ...readMail(raw) })
            done()
          })
          .catch(done)
      },
    })
    // A client that will not go on over this connection is no fault of the server.
    server.on('error', () => undefined)
    const listening = server.listen(port, '127.0.0.1')
    await once(listening, 'listening')
    port = (listening.address() as AddressInfo).port
  }
  await start()
  return {
    get port() {
      return port
    },
    mails,
    start,
    stop: async () => {
      const running = server
      server = undefined
      if (running) await new Promise<void>((resolve) => running.close(() => resolve()))
    },
  }
}
