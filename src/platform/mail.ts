import { createTransport } from 'nodemailer'
import { errorCode } from './start-error.js'

/** Thư điện tử over SMTP, for notices to those who keep the interlink running. One connection a mail, closed with it. */
export interface Mailer {
  /** Behind the @ of our own address: message ids end in it. */
  readonly domain: string
  /** Throws a `MailRefusal` when nobody can be sent it. `refused`: addresses that the server would not take while it took others. */
  send(mail: Mail): Promise<{ readonly refused: number }>
  close(): void
}

export interface Mail {
  /** Without angle brackets. */
  readonly messageId: string
  readonly threadId: string
  readonly subject: string
  readonly text: string
}

export interface MailerSettings {
  readonly host: string
  readonly port: number
  readonly security: 'STARTTLS' | 'TLS' | 'NONE'
  readonly from: string
  readonly to: readonly string[]
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

/** A sentence for people; it holds neither an address nor the server's own words. */
export class MailRefusal extends Error {}

const CONNECT_MS = 5_000
const ANSWER_MS = 10_000
/** Of one mail in all: a server that answers a letter at a time keeps nobody waiting. */
const DEADLINE_MS = 20_000

const CAUSES: Record<string, string> = {
  ECONNECTION: 'Không kết nối được máy chủ thư',
  ECONNREFUSED: 'Máy chủ thư từ chối kết nối',
  ESOCKET: 'Mất kết nối với máy chủ thư',
  EDNS: 'Không tìm thấy máy chủ thư',
  ETIMEDOUT: 'Máy chủ thư không trả lời trong thời hạn',
  EABORT: 'Máy chủ thư quá chậm',
  ETLS: 'Không mã hóa được kết nối với máy chủ thư',
  EAUTH: 'Máy chủ thư không nhận tài khoản',
  EENVELOPE: 'Máy chủ thư không nhận địa chỉ gửi hoặc mọi địa chỉ nhận',
  EMESSAGE: 'Máy chủ thư không nhận nội dung thư',
}

const refusalOf = (error: unknown): MailRefusal => {
  const code = errorCode(error) ?? 'UNKNOWN'
  const status = error instanceof Error && 'responseCode' in error ? `, SMTP ${String(error.responseCode)}` : ''
  return new MailRefusal(`${CAUSES[code] ?? 'Không gửi được thư'} (${code}${status}).`)
}

export const openMailer = ({ host, port, security, from, to, credentials }: MailerSettings): Mailer => {
  const transport = createTransport({
    host,
    port,
    secure: security === 'TLS',
    requireTLS: security === 'STARTTLS',
    ignoreTLS: security === 'NONE',
    ...(credentials && { auth: { user: credentials.username, pass: credentials.password } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    dnsTimeout: CONNECT_MS,
    // What is sent is ours alone: no file and no address is read into a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    domain,
    send: async ({ messageId, threadId, subject, text }) => {
      try {
        const { rejected } = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${messageId}>`,
          references: `<${threadId}>`,
          signal: AbortSignal.timeout(DEADLINE_MS),
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { refused: rejected?.length ?? 0 }
      } catch (error) {
        throw refusalOf(error)
      }
    },
    close: () => transport.close(),
  }
}
