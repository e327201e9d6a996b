import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { NoticeChannel } from '../../src/alerting/send-notices.js'
import { openWebhookChannel } from '../../src/alerting/webhook-channel.js'
import type { NoticeMessage } from '../../src/model/alert.js'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js'

/** A webhook’s faults are values with a sentence, and end in time. */
let receiver: WebhookReceiver
let channel: NoticeChannel | undefined
beforeEach(async () => {
  receiver = await startWebhookReceiver()
})
afterEach(async () => {
  await channel?.close()
  await receiver.stop()
})

const MESSAGE: NoticeMessage = {
  alertId: 'a',
  kind: 'OPENED',
  rule: 'SYSTEM_DOWN',
  systemId: 'VILIS',
  systemName: 'Phần mềm đất đai ViLIS',
  value: 6,
  threshold: 5,
  openedAt: '2026-11-27T03:00:00.000Z',
  closedAt: null,
  title: 'Cảnh báo',
  text: 'Cảnh báo.',
  link: null,
}
/** However busy the machine is: an answer comes within it. */
const LONG_MS = 60_000
const send = (url: string, deadlineMs = LONG_MS) => {
  channel = openWebhookChannel({ name: 'thu', url, key: Buffer.alloc(32) }, { deadlineMs })
  return channel.send({ id: 'mot', message: MESSAGE })
}

test('one that takes the request and says nothing is left after the deadline', async () => {
  receiver.answerNext('HANG')
  expect(await send(receiver.url, 1_000)).toEqual({ kind: 'FAILED', why: 'Máy nhận không trả lời trong thời hạn (ABORT_ERR).' })
  expect(receiver.requests).toHaveLength(1)
})

test.each(['http://169.254.169.254/latest/meta-data', 'http://[::ffff:169.254.169.254]/', 'http://0.0.0.0:1/'])(
  '%s is not connected to, whatever the configuration says',
  async (url) => {
    expect(await send(url)).toEqual({ kind: 'FAILED', why: 'Địa chỉ máy nhận không được phép (ADDRESS_FORBIDDEN).' })
  },
)

test('a name is connected to when its address may be', async () => {
  expect(await send(receiver.url.replace('127.0.0.1', 'localhost'))).toEqual({ kind: 'SENT' })
})

test('one that is not there is told as that', async () => {
  await receiver.stop()
  expect(await send(receiver.url)).toEqual({ kind: 'FAILED', why: 'Máy nhận từ chối kết nối (ECONNREFUSED).' })
})

test('how long it asks to be left alone is heeded', async () => {
  receiver.answerNext({ status: 503, headers: { 'retry-after': '120' } })
  expect(await send(receiver.url)).toEqual({ kind: 'FAILED', why: 'Máy nhận trả lời HTTP 503.', retryAfterMs: 120_000 })
})
