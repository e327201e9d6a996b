import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createOneStopInbound } from '../../adapters/one-stop/inbound.js'
import type { InboundMessage } from '../../src/model/inbound.js'
import { keepDocument } from '../contract/one-stop/bodies.js'
import { DeskUnderTest } from '../contract/one-stop/desk-under-test.js'
import { oneStopSettings } from '../contract/one-stop/settings.js'

let desk: DeskUnderTest

describe('pushed by the desk', () => {
  let gateway: Server
  let received: InboundMessage[]
  let answer: 'STORED' | 'REFUSED' | 'BROKEN'

  beforeEach(async () => {
    desk = await DeskUnderTest.start()
    received = []
    answer = 'STORED'
    const inbound = await createOneStopInbound({
      settings: oneStopSettings(desk.url),
      keepDocument,
      receive: (message) => {
        if (answer === 'BROKEN') return Promise.reject(new Error('the database is down'))
        if (answer === 'REFUSED')
          return Promise.resolve({ kind: 'REFUSED', messageId: 'm', reason: 'SAI_MA', message: 'Không có thủ tục này.', field: 'MaThuTuc' })
        const isKnown = received.some(({ externalEventId }) => externalEventId === message.externalEventId)
        received.push(message)
        return Promise.resolve({ kind: isKnown ? 'DUPLICATE' : 'STORED', messageId: 'm' })
      },
    })
    gateway = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        void inbound
          .handle({ headers: request.headers, body: Buffer.concat(chunks) })
          .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      })
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    desk.atEnd(async () => {
      gateway.closeAllConnections()
      await new Promise((resolve) => gateway.close(resolve))
    })
  })

  afterEach(() => desk.stop())

  const pushOn = (password = 'mat-khau-vao') => {
    const pushUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/soap/mot-cua`
    return desk.control.act('push', { on: true, pushUrl, username: 'mot-cua', password })
  }
  const callsOut = async () => (await desk.control.ledger()).deeds.filter(({ what }) => what === 'CALLED_OUT').map(({ detail }) => detail)

  test('every kind arrives, as the feed would tell it', async () => {
    await pushOn()
    const { code } = await desk.take()
    await desk.control.act('handInSupplement', { code })
    await desk.control.act('returnResult', { code })
    const other = await desk.take()
    await desk.control.act('withdraw', { code: other.code })
    await desk.control.advance({ ms: 1 })
    expect((await callsOut()).map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED'])
    expect(new Set(received.map(({ operation }) => operation))).toEqual(new Set(['DayHoSo', 'DayBoSung', 'DayTraKetQua', 'DayRutHoSo']))
    const essence = (messages: readonly InboundMessage[]) =>
      messages
        .map(({ externalEventId, dossierCode, eventAt, payload }) => ({ externalEventId, dossierCode, eventAt, payload }))
        .sort((a, b) => String(a.externalEventId).localeCompare(String(b.externalEventId)))
    expect(essence(received)).toEqual(essence((await desk.changes()).messages))
    expect(
      received.every(({ channel, raw }) => channel === 'PUSH' && raw.includes('Envelope') && !/Security|UsernameToken/.test(raw)),
    ).toBe(true)
  })

  test('a refusal is answered 0 with the sentence and the field, and pushed again', async () => {
    answer = 'REFUSED'
    await pushOn()
    await desk.take()
    await desk.control.advance({ ms: 1 })
    answer = 'STORED'
    await desk.control.advance({ ms: 1 })
    const calls = await callsOut()
    expect(calls.map(({ outcome }) => outcome)).toEqual(['REFUSED', 'ACCEPTED'])
    expect(calls[0]?.answer).toMatchObject({ Result: '0', Message: 'Không có thủ tục này.', MaLoi: 'SAI_MA', Truong: 'MaThuTuc' })
  })

  test('what cannot be stored is a fault, and arrives once later', async () => {
    answer = 'BROKEN'
    await pushOn()
    await desk.take()
    await desk.control.advance({ ms: 1 })
    expect((await callsOut()).map(({ outcome }) => outcome)).toEqual(['FAILED'])
    answer = 'STORED'
    await desk.control.advance({ ms: 1 })
    expect(received).toHaveLength(1)
  })

  test('with a wrong password nothing is received', async () => {
    await pushOn('sai')
    await desk.take()
    await desk.control.advance({ ms: 1 })
    expect((await callsOut()).map(({ outcome }) => outcome)).toEqual(['FAILED'])
    expect(received).toEqual([])
  })
})
