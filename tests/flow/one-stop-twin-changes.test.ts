import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { InboundMessage } from '../../src/model/inbound.js'
import { blobs, dueAt } from '../contract/one-stop/bodies.js'
import { DeskUnderTest } from '../contract/one-stop/desk-under-test.js'

let desk: DeskUnderTest

beforeEach(async () => {
  desk = await DeskUnderTest.start()
})

afterEach(() => desk.stop())

describe('the change feed', () => {
  test('tells a life at the desk in order, with files that are kept', async () => {
    const { code } = await desk.take({ procedureCode: '1.013831' })
    await desk.control.act('amend', { code, changes: { summary: 'Nội dung đã sửa' } })
    await desk.control.act('handInSupplement', { code, newDueAt: dueAt, documents: [{ name: 'Bản vẽ', text: 'ban ve' }] })
    await desk.control.act('returnResult', { code, method: 1 })
    const { messages, unreadable, nextPosition, more } = await desk.changes()
    expect(unreadable).toEqual([])
    expect([nextPosition, more]).toEqual([4n, false])
    expect(messages.map(({ payload }) => payload.kind)).toEqual(['DOSSIER', 'DOSSIER', 'SUPPLEMENT_HANDED_IN', 'RESULT_RETURNED'])
    expect(messages[1]?.payload).toMatchObject({ dossier: { version: 2, summary: 'Nội dung đã sửa' } })
    expect(messages[2]?.payload).toMatchObject({ supplementNo: 1, newDueAt: dueAt, documents: [{ name: 'Bản vẽ' }] })
    expect(messages[3]?.payload).toMatchObject({ method: 'POST' })
    const first = messages[0]?.payload
    for (const document of first?.kind === 'DOSSIER' ? first.dossier.documents : [])
      expect(blobs.get(document.sha256)?.length).toBe(document.sizeBytes)
    expect(messages.every(({ raw }) => !raw.includes('NoiDung'))).toBe(true)
  })

  test('read again gives the same, and in pages the whole', async () => {
    for (let index = 0; index < 5; index++) await desk.take()
    const { polled } = await desk.adapt()
    const paged: InboundMessage[] = []
    let after = 0n
    for (let more = true; more; ) {
      const page = await polled.readChanges(after, 2)
      if (page.kind === 'FAILED') throw new Error(page.cause)
      paged.push(...page.messages)
      after = page.nextPosition
      more = page.more
    }
    const again = (await desk.changes()).messages
    const told = (messages: readonly InboundMessage[]) => messages.map(({ correlationId, ...message }) => message)
    expect(told(paged)).toEqual(told(again))
    expect(paged).toHaveLength(5)
  })

  test('larger than a reply may be is read in smaller pages', async () => {
    for (let index = 0; index < 6; index++) await desk.take({ procedureCode: '1.013831' })
    const { polled } = await desk.adapt('NONE', { maxReplyBytes: 25_000 })
    const page = await polled.readChanges(0n, 6)
    expect(page.kind === 'PAGE' && [page.messages.length, page.nextPosition, page.more]).toEqual([3, 3n, true])
    const tooSmall = await desk.adapt('NONE', { maxReplyBytes: 2_000 })
    expect(await tooSmall.polled.readChanges(0n, 6)).toMatchObject({ kind: 'FAILED', cause: expect.stringContaining('TOO_LARGE') })
  })

  test('a page ends before its files weigh more than 8 MB, and has one row at least', async () => {
    const megabytes = 1024 * 1024
    for (const size of [3, 3, 3, 9, 1]) {
      const documents = [{ name: 'Bản vẽ', base64: Buffer.alloc(size * megabytes, 'a').toString('base64') }]
      await desk.control.act('takeDossier', { documents })
    }
    const { polled } = await desk.adapt('NONE', {
      maxReplyBytes: 20 * megabytes,
      maxAttachmentBytes: 20 * megabytes,
      readDeadlineMs: 60_000,
    })
    const pages: [number, boolean][] = []
    for (let after = 0n, more = true; more; ) {
      const page = await polled.readChanges(after, 5)
      if (page.kind === 'FAILED') throw new Error(page.cause)
      pages.push([page.messages.length, page.more])
      after = page.nextPosition
      more = page.more
    }
    expect(pages).toEqual([
      [2, true],
      [1, true],
      [1, true],
      [1, false],
    ])
  })

  test('a lost file makes the row unreadable and keeps the others', async () => {
    await desk.take({ procedureCode: '1.012786' })
    const withdrawn = await desk.take()
    await desk.control.act('withdraw', { code: withdrawn.code })
    await desk.control.misbehave({ kind: 'LOSE_ATTACHMENT', operation: 'LayThayDoi' })
    const { messages, unreadable } = await desk.changes()
    expect(unreadable).toHaveLength(2)
    expect(unreadable[0]?.reason).toContain('SAI_TEP_DINH_KEM')
    expect(messages.map(({ payload }) => payload.kind)).toEqual(['WITHDRAWN'])
  })

  test('same version with other content is a row of its own', async () => {
    const { code } = await desk.take()
    await desk.control.act('sameVersionOtherContent', { code })
    const { messages } = await desk.changes()
    expect(messages.map(({ payload }) => (payload.kind === 'DOSSIER' ? payload.dossier.version : 0))).toEqual([1, 1])
    expect(messages[0]?.externalEventId).not.toBe(messages[1]?.externalEventId)
  })

  test('out of order it loses nothing', async () => {
    for (let index = 0; index < 3; index++) await desk.take()
    await desk.control.misbehave({ kind: 'CHANGES_OUT_OF_ORDER', operation: 'LayThayDoi' })
    const { messages, nextPosition } = await desk.changes()
    expect(messages).toHaveLength(3)
    expect(nextPosition).toBe(3n)
  })

  test('ten years of history are finished dossiers of the communes of their day', async () => {
    const { codes } = await desk.control.act<{ codes: string[] }>('loadHistory', { count: 40 })
    expect(new Set(codes).size).toBe(40)
    const { messages } = await desk.changes()
    const dossiers = messages.map(({ payload }) => (payload.kind === 'DOSSIER' ? payload.dossier : undefined))
    expect(new Set(dossiers.map((dossier) => dossier?.status))).toEqual(new Set(['RESULT_RETURNED']))
    expect(new Set(dossiers.map((dossier) => dossier?.receivedAt.slice(0, 4))).size).toBeGreaterThan(8)
  })

  test('of a desk that is down is FAILED', async () => {
    await desk.control.offline()
    const { polled } = await desk.adapt()
    expect((await polled.readChanges(0n, 10)).kind).toBe('FAILED')
    await desk.control.online()
    expect((await polled.readChanges(0n, 10)).kind).toBe('PAGE')
  })
})
