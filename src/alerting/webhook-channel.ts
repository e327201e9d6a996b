import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import type { NoticeMessage } from '../model/alert.js'
import { allowedLookup, isForbiddenAddress } from '../platform/outbound-addresses.js'
import { errorCode } from '../platform/start-error.js'
import type { NoticeChannel, SendResult } from './send-notices.js'

/**
 * Kênh webhook: a POST of JSON, signed as the Standard Webhooks specification says (`webhook-id`, `webhook-timestamp`, `webhook-signature`), so that receivers check
 * it with a library of their language and know a repetition by the id. No redirect is followed, no forbidden address is connected to, and of the answer nothing but the status counts.
 */
export interface Webhook {
  readonly name: string
  readonly url: string
  readonly key: Buffer
}

const DEADLINE_MS = 10_000
/** Of an answer so much is read, that the connection can be used again. */
const MOST_ANSWER = 16 * 1_024

const TYPES: Record<NoticeMessage['kind'], string> = {
  OPENED: 'alert.opened',
  RENEWED: 'alert.renewed',
  CLOSED: 'alert.closed',
  TEST: 'alert.test',
}

const signatureOf = (key: Buffer, id: string, timestampS: number, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'Máy nhận từ chối kết nối',
  ENOTFOUND: 'Không tìm thấy tên máy nhận',
  EAI_AGAIN: 'Không phân giải được tên máy nhận',
  ECONNRESET: 'Máy nhận ngắt kết nối',
  UND_ERR_SOCKET: 'Máy nhận ngắt kết nối',
  UND_ERR_CONNECT_TIMEOUT: 'Máy nhận không nhận kết nối trong thời hạn',
  UND_ERR_HEADERS_TIMEOUT: 'Máy nhận không trả lời trong thời hạn',
  ABORT_ERR: 'Máy nhận không trả lời trong thời hạn',
  ADDRESS_FORBIDDEN: 'Địa chỉ máy nhận không được phép',
}

/** What a signal's own time-out is told by: it has no code. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError'

const failed = (error: unknown): SendResult => {
  const code = isTimeout(error) ? 'ABORT_ERR' : (errorCode(error) ?? 'UNKNOWN')
  return { kind: 'FAILED', why: `${CAUSES[code] ?? 'Không gửi được tới máy nhận'} (${code}).` }
}

const retryAfterOf = (header: string | string[] | undefined): number | undefined => {
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined
  return seconds === undefined ? undefined : seconds * 1_000
}

export const openWebhookChannel = ({ name, url, key }: Webhook, { deadlineMs = DEADLINE_MS } = {}): NoticeChannel => {
  const agent = new Agent({ connect: { lookup: allowedLookup, timeout: deadlineMs }, connections: 1, pipelining: 1 })
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return {
    name: `webhook:${name}`,
    send: async ({ id, message }) => {
      if (isForbiddenAddress(host)) return failed(Object.assign(new Error(host), { code: 'ADDRESS_FORBIDDEN' }))
      const timestampS = Math.floor(Date.now() / 1_000)
      const body = JSON.stringify({ type: TYPES[message.kind], timestamp: new Date(timestampS * 1_000).toISOString(), data: message })
      try {
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agent,
          signal: AbortSignal.timeout(deadlineMs),
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': 'lien-thong-dat-dai',
            'webhook-id': id,
            'webhook-timestamp': String(timestampS),
            'webhook-signature': signatureOf(key, id, timestampS, body),
          },
          body,
        })
        await answer.body.dump({ limit: MOST_ANSWER }).catch(() => undefined)
        if (answer.statusCode >= 200 && answer.statusCode < 300) return { kind: 'SENT' }
        const retryAfterMs = retryAfterOf(answer.headers['retry-after'])
        return { kind: 'FAILED', why: `Máy nhận trả lời HTTP ${answer.statusCode}.`, ...(retryAfterMs !== undefined && { retryAfterMs }) }
      } catch (error) {
        return failed(error)
      }
    },
    close: () => agent.destroy(),
  }
}
