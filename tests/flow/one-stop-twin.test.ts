import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { TransferBody } from '../../src/model/transfer-body.js'
import { dueAt, registerBody, resultBody, sending, statusBody, supplementBody, taxBody } from '../contract/one-stop/bodies.js'
import { DeskUnderTest } from '../contract/one-stop/desk-under-test.js'

/** The adapter against the sandbox desk, over real HTTP. The desk's ledger, written by its own reading of XML, is the judge. */
let desk: DeskUnderTest

/** One body of each operation, for a dossier that the desk has (REGISTER: for one that it has not). */
const everyBody: [string, () => Promise<TransferBody>][] = [
  ['TiepNhanHoSoLienThong', () => registerBody('H58.22.07-260316-0001')],
  ['TiepNhanBoSungLienThong', async () => supplementBody((await desk.take()).code)],
  ['CapNhatTrangThai', async () => statusBody((await desk.take()).code)],
  ['CapNhatNghiaVuTaiChinh', async () => taxBody((await desk.take()).code)],
  ['CapNhatKetQua', async () => resultBody((await desk.take()).code)],
]

beforeEach(async () => {
  desk = await DeskUnderTest.start()
})

afterEach(() => desk.stop())

describe.each(everyBody)('%s', (operation, makeBody) => {
  test('is one deed at the desk, with its key, digest and version', async () => {
    const { target } = await desk.adapt()
    const one = sending(await makeBody())
    const { outcome, evidence } = await target.send(one)
    expect(outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: false, externalRef: expect.stringMatching(/^MC-\d+$/) })
    expect(await desk.accepted()).toMatchObject([
      { operation, dossierCode: one.dossierCode, key: one.idempotencyKey, digest: one.digest, version: 4 },
    ])
    expect(evidence.requestXml).toContain(one.idempotencyKey)
    expect(evidence.requestXml).not.toMatch(/Security|mat-khau/)
  })

  test.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS'] as const)(
    'is ABSENT before and SAME after a lost answer, inquired by %s',
    async (strength) => {
      await desk.control.act('inquiryStrength', { strength })
      const { target } = await desk.adapt(strength)
      const one = sending(await makeBody())
      expect((await target.inquire(one)).answer).toEqual({ kind: 'ABSENT' })
      await desk.control.misbehave({ kind: 'DROP_AFTER', operation })
      expect((await target.send(one)).outcome.kind).toBe('INDETERMINATE')
      expect((await target.inquire(one)).answer.kind).toBe('SAME')
      expect(await desk.accepted()).toHaveLength(1)
    },
  )

  test('sent twice is two deeds, and one with de-duplication', async () => {
    const { target } = await desk.adapt()
    const one = sending(await makeBody())
    await target.send(one)
    await target.send(one)
    expect(await desk.accepted()).toHaveLength(2)
    await desk.control.act('deduplicate', { on: true })
    expect((await target.send(one)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: true })
    await desk.control.act('deduplicate', { on: true, tellDigest: false })
    expect((await target.send(one)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: true })
    expect(await desk.accepted()).toHaveLength(2)
  })

  test('with other content under a key that the desk has is a conflict', async () => {
    const { target } = await desk.adapt()
    const one = sending(await makeBody())
    await target.send(one)
    await desk.control.act('deduplicate', { on: true })
    expect((await target.send({ ...one, digest: 'f'.repeat(64) })).outcome.kind).toBe('CONFLICT')
  })

  test('of a suspended desk is UNAVAILABLE and leaves nothing there', async () => {
    const { target } = await desk.adapt()
    const one = sending(await makeBody())
    await desk.control.act('suspended', { on: true })
    expect((await target.send(one)).outcome.kind).toBe('UNAVAILABLE')
    expect(await desk.accepted()).toEqual([])
  })

  test('answered for another one is never taken as ours', async () => {
    const { target } = await desk.adapt()
    await target.send(sending(await makeBody()))
    await desk.control.misbehave({ kind: 'OTHER_ANSWER', operation })
    expect((await target.send(sending(await makeBody()))).outcome.kind).toBe('INDETERMINATE')
  })
})

describe('what the gateway wrote', () => {
  test.each(['LOSE_ATTACHMENT', 'SWAP_ATTACHMENT', 'DOUBLE_ATTACHMENT'] as const)(
    'is a CONFLICT when the desk keeps other files: %s',
    async (kind) => {
      const { target } = await desk.adapt()
      const { code } = await desk.take()
      for (const [operation, makeBody] of [
        ['CapNhatKetQua', resultBody],
        ['TiepNhanBoSungLienThong', supplementBody],
      ] as const) {
        await desk.control.misbehave({ kind, operation })
        const { outcome } = await target.send(sending(await makeBody(code)))
        expect({ operation, outcome: outcome.kind }).toEqual({ operation, outcome: 'CONFLICT' })
      }
    },
  )

  test('is refused with the field when the desk does not know the dossier', async () => {
    const { target } = await desk.adapt()
    const { outcome } = await target.send(sending(statusBody('H58.22-260316-0999')))
    expect(outcome).toMatchObject({ kind: 'REJECTED', code: 'KHONG_TIM_THAY', field: 'MaHoSo' })
  })

  test('is not processed with a wrong password', async () => {
    const { code } = await desk.take()
    const { target } = await desk.adapt('NONE', { credentials: { username: 'cong-lien-thong', password: 'sai' } })
    expect((await target.send(sending(statusBody(code)))).outcome).toMatchObject({ kind: 'UNAVAILABLE' })
    expect(await desk.accepted()).toEqual([])
  })

  test('comes back in the change feed under its own key and the old version', async () => {
    const { target } = await desk.adapt()
    const { code, position } = await desk.take()
    const one = sending(statusBody(code))
    await target.send(one)
    const { messages, unreadable } = await desk.changes(BigInt(position))
    expect(unreadable).toEqual([])
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ dossierCode: code, causedByKey: one.idempotencyKey })
    expect(messages[0]?.payload).toMatchObject({ kind: 'DOSSIER', dossier: { version: 1, status: 'SUPPLEMENT_REQUIRED', dueAt } })
  })

  test('a supplement comes back in the change feed as it was sent, under its own key and number', async () => {
    const { target } = await desk.adapt()
    const { code, position } = await desk.take()
    const one = sending(await supplementBody(code, 3))
    await target.send(one)
    const { messages } = await desk.changes(BigInt(position))
    expect(messages).toMatchObject([{ dossierCode: code, causedByKey: one.idempotencyKey }])
    const { note, documents } = one.body as { note: string; documents: unknown }
    expect(messages[0]?.payload).toEqual({ kind: 'SUPPLEMENT_HANDED_IN', supplementNo: 3, note, documents })
    expect(await desk.control.act('show', { code })).toMatchObject({ supplements: 3, handedIn: [{ no: 3, files: [{}, {}] }], results: [] })
  })

  test('a registered dossier comes back as it was sent', async () => {
    const { target } = await desk.adapt()
    const body = await registerBody('H58.22.07-260316-0002')
    await target.send(sending(body))
    const { messages } = await desk.changes()
    const dossier = body.operation === 'REGISTER' ? body.dossier : undefined
    const { receivingUnit, parcels, procedureName, ...same } = dossier as NonNullable<typeof dossier>
    expect(messages[0]?.payload).toMatchObject({ kind: 'DOSSIER', dossier: { ...same, receivingUnit: { code: '28633' } } })
  })
})

test('a desk that starts again has its dossiers, positions and writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mot-cua-'))
  try {
    await desk.stop()
    desk = await DeskUnderTest.start({ ledgerFile: join(folder, 'ledger.jsonl') })
    const { code } = await desk.take()
    const { target } = await desk.adapt()
    const one = sending(await resultBody(code))
    await target.send(one)
    const before = {
      shown: await desk.control.act('show', { code }),
      changes: (await desk.changes()).messages.map(({ correlationId, ...rest }) => rest),
    }
    await desk.stop()
    desk = await DeskUnderTest.start({ ledgerFile: join(folder, 'ledger.jsonl') })
    expect(await desk.control.act('show', { code })).toEqual(before.shown)
    expect((await desk.changes()).messages.map(({ correlationId, ...rest }) => rest)).toEqual(before.changes)
    expect((await (await desk.adapt()).target.inquire(one)).answer.kind).toBe('SAME')
    expect((await desk.take()).code).not.toBe(code)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('left alone, the automatic desk takes dossiers, hands in supplements and returns results', async () => {
  await desk.control.act('autoAdvance', { on: true })
  await desk.control.advance({ ms: 1 })
  const [taken] = (await desk.changes()).messages
  const code = taken?.dossierCode ?? ''
  const { target } = await desk.adapt()
  await target.send(sending(statusBody(code)))
  await desk.control.advance({ ms: 5 * 3_600_000 })
  await target.send(sending(await resultBody(code)))
  await desk.control.advance({ ms: 5 * 3_600_000 })
  const { messages } = await desk.changes()
  const life = messages.filter(({ dossierCode, causedByKey }) => dossierCode === code && causedByKey === undefined)
  expect(life.map(({ payload }) => payload.kind)).toEqual(['DOSSIER', 'SUPPLEMENT_HANDED_IN', 'RESULT_RETURNED'])
  expect(new Set(messages.map(({ dossierCode }) => dossierCode)).size).toBe(3)
})
