import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { digestBody, digestOf } from '../../../src/model/digest.js'
import type { DocumentContent } from '../../../src/model/dossier-content.js'
import type { SupplementBody, UpdateStatusBody, WithdrawBody } from '../../../src/model/transfer-body.js'

const BASE = { dossierCode: 'H58.22-260315-0001', dossierVersion: 2, at: '2026-03-15T01:00:00.000Z', procedureCode: '1.012783' }

const document = (name: string, sha256: string): DocumentContent => ({
  name,
  fileName: `${name}.pdf`,
  mediaType: 'application/pdf',
  sha256: sha256.repeat(64),
  sizeBytes: 10,
  originals: 1,
  copies: 0,
})

const supplement = (changes: Partial<SupplementBody> = {}): SupplementBody => ({
  ...BASE,
  operation: 'SUPPLEMENT',
  supplementNo: 1,
  note: 'Bổ sung',
  documents: [document('Đơn', 'a'), document('Bản đồ', 'b')],
  ...changes,
})

describe('the canonical form', () => {
  test('is what it was when rows were written: a change of it needs a new version', () => {
    const canonical = '{"a":{"x":1,"y":[2,1]},"b":"Đơn"}'
    expect(digestOf({ b: 'Đơn', a: { y: [2, 1], x: 1, z: undefined } })).toBe(createHash('sha256').update(canonical).digest('hex'))
  })

  test('takes texts in NFC: the same words typed on another machine are the same', () => {
    const text = 'Chợ Gạo, Tiền Giang'
    expect(text.normalize('NFD')).not.toBe(text.normalize('NFC'))
    expect(digestOf({ text: text.normalize('NFD') })).toBe(digestOf({ text: text.normalize('NFC') }))
  })

  test('does not depend on the order of keys, at any depth', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      )
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(digestOf(reversed(value))).toBe(digestOf(value))))
  })

  test('leaves out what is undefined, and keeps null, empty text and zero apart from it', () => {
    expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }))
    const all = [digestOf({ a: 1 }), digestOf({ a: 1, b: null }), digestOf({ a: 1, b: '' }), digestOf({ a: 1, b: 0 }), digestOf({ a: '1' })]
    expect(new Set(all).size).toBe(all.length)
  })

  test('is the same after a journey through the database’s JSON', () => {
    const body = supplement({ newDueAt: undefined })
    expect(digestBody(JSON.parse(JSON.stringify(body)) as SupplementBody)).toBe(digestBody(body))
  })

  test('keeps every digit of a decimal', () => {
    expect(digestOf({ areaM2: '120.50' })).not.toBe(digestOf({ areaM2: '120.5' }))
  })
})

describe('the digest of a body', () => {
  const before = digestBody(supplement())

  test('does not depend on the order of attachments, and does on each of them and on their number', () => {
    const [first, second] = supplement().documents as [DocumentContent, DocumentContent]
    expect(digestBody(supplement({ documents: [second, first] }))).toBe(before)
    expect(digestBody(supplement({ documents: [first] }))).not.toBe(before)
    expect(digestBody(supplement({ documents: [first, second, second] }))).not.toBe(before)
    expect(digestBody(supplement({ documents: [first, { ...second, sha256: 'c'.repeat(64) }] }))).not.toBe(before)
    expect(
      digestBody(
        supplement({
          documents: [
            { ...first, sha256: second.sha256 },
            { ...second, sha256: first.sha256 },
          ],
        }),
      ),
    ).not.toBe(before)
  })

  test('leaves out our own version, and of a supplement the instant at which it was told', () => {
    expect(digestBody(supplement({ dossierVersion: 7, at: '2026-04-01T00:00:00.000Z' }))).toBe(before)
  })

  test.each([
    ['another dossier', { dossierCode: 'H58.22-260315-0002' }],
    ['another supplement', { supplementNo: 2 }],
    ['another note', { note: 'Khác' }],
    ['a due date', { newDueAt: '2026-04-01T00:00:00.000Z' }],
  ])('changes with %s', (_name, changes) => {
    expect(digestBody(supplement(changes))).not.toBe(before)
  })

  test('counts the instant where it is part of what is told', () => {
    const withdraw: WithdrawBody = { ...BASE, operation: 'WITHDRAW', reason: 'Xin rút' }
    expect(digestBody({ ...withdraw, at: '2026-03-16T01:00:00.000Z' })).not.toBe(digestBody(withdraw))
  })

  test('counts the due date of a status: it is part of the event', () => {
    const status: UpdateStatusBody = {
      ...BASE,
      operation: 'UPDATE_STATUS',
      status: 'IN_PROGRESS',
      dueAt: '2026-04-01T10:00:00.000Z',
      note: '',
    }
    expect(digestBody({ ...status, dueAt: '2026-04-02T10:00:00.000Z' })).not.toBe(digestBody(status))
  })
})
