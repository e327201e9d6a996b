import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { InboundMessage } from '../../src/model/inbound.js'
import { VilisSide } from '../support/vilis-side.js'
import { BODIES, CALLBACK_CREDENTIALS, CODE, sending } from '../unit/vilis/fixtures.js'

let side: VilisSide
beforeEach(async () => {
  side = await VilisSide.open()
})
afterEach(() => side.close())

describe('what ViLIS tells', () => {
  test('comes by callback and by poll with the same identity, time and content', async () => {
    const received: InboundMessage[] = []
    const callbackUrl = await side.gateway(async (message) => {
      received.push(message)
      return { kind: 'STORED', messageId: String(received.length) }
    })
    await side.control.set({
      callbackUrl,
      callbackUsername: CALLBACK_CREDENTIALS.username,
      callbackPassword: CALLBACK_CREDENTIALS.password,
    })
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await side.control.act('forward', { code: CODE })
    await side.control.act('requireSupplement', { code: CODE, pause: false, note: 'Thiếu bản sao' })
    await target.send(sending(BODIES.SUPPLEMENT))
    await side.control.act('forward', { code: CODE, step: 'PENDING_TAX_PAYMENT' })
    await side.control.act('finish', { code: CODE, ending: 0 })
    await side.control.act('takeAtDesk', { code: 'H58.22.9-261122-9001', commune: '8228594' })
    await side.control.advance({ ms: 0 })

    const page = await polled.readChanges(0n, 100)
    if (page.kind !== 'PAGE') throw new Error(page.cause)
    expect(page.unreadable).toEqual([])
    const known = ({ externalEventId, operation, dossierCode, eventAt, payload }: InboundMessage) => ({
      externalEventId,
      operation,
      dossierCode,
      eventAt,
      payload,
    })
    const byEvent = (a: { externalEventId?: string | undefined }, b: { externalEventId?: string | undefined }) =>
      String(a.externalEventId).localeCompare(String(b.externalEventId))
    expect(received.map(known).sort(byEvent)).toEqual(page.messages.map(known).sort(byEvent))
    expect(page.messages.map(({ operation }) => operation)).toEqual([
      'ChuyenHoSo',
      'YeuCauBoSungHoSo',
      'NhanBoSungHoSo',
      'ChuyenHoSo',
      'GuiKetQuaThue',
      'YeuCauBoSungHoSo',
      'KetThucHoSo',
      'TiepNhanHoSoChoMotCua',
    ])
    expect(page.messages.map(({ payload }) => ('status' in payload ? payload.status : payload.kind))).toEqual([
      'IN_PROGRESS',
      'SUPPLEMENT_REQUIRED',
      'IN_PROGRESS',
      'IN_PROGRESS',
      'TAX_NOTICES',
      'FINANCIAL_OBLIGATION_REQUIRED',
      'COMPLETED',
      'DOSSIER',
    ])
    expect(page.messages[2]?.payload).toMatchObject({ dueAt: '2026-03-27T10:00:00.000Z' })
    expect(page.messages[6]?.payload).toMatchObject({ documents: [{ name: 'Giấy chứng nhận', mediaType: 'application/pdf' }] })
    expect(page.messages[7]?.payload).toMatchObject({
      dossier: { procedureCode: '1.012783', receivingUnit: { code: '28594' }, version: 1 },
    })
  })

  test('a receiver that cannot store answers with a fault, and the call comes again', async () => {
    let tries = 0
    const callbackUrl = await side.gateway(async () => {
      tries += 1
      if (tries === 1) throw new Error('the database is away')
      return { kind: 'STORED', messageId: '1' }
    })
    await side.control.set({
      callbackUrl,
      callbackUsername: CALLBACK_CREDENTIALS.username,
      callbackPassword: CALLBACK_CREDENTIALS.password,
    })
    await side.control.act('takeAtDesk', { commune: '8228594' })
    await side.control.advance({ ms: 0 })
    await side.control.advance({ ms: 0 })
    const outcomes = side.twin.ledger.deeds.filter(({ what }) => what === 'CALLED_OUT').map(({ detail }) => detail.outcome)
    expect(outcomes).toEqual(['FAILED', 'ACCEPTED'])
  })

  test('pages by a position beyond 2^53, out of order or not, and shows a cursor that ran backwards', async () => {
    await side.control.set({ firstPosition: '9007199254740993' })
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    for (const step of ['APPRAISAL', 'PENDING_CHECK', 'PENDING_SIGN']) await side.control.act('forward', { code: CODE, step })
    const first = await polled.readChanges(0n, 2)
    expect(first).toMatchObject({ nextPosition: 9007199254740994n, more: true })
    await side.control.misbehave({ kind: 'CHANGES_OUT_OF_ORDER' })
    expect(await polled.readChanges(0n, 3)).toMatchObject({ nextPosition: 9007199254740995n, more: false })
    await side.control.act('restoreBackup', { toPosition: '9007199254740993' })
    expect(await polled.readChanges(9007199254740995n, 10)).toMatchObject({ messages: [], nextPosition: 9007199254740993n, more: false })
  })

  test('a row that cannot be read is handed on raw and stops nothing', async () => {
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await side.control.act('tell', {
      kind: 'KetThucHoSo',
      code: CODE,
      fields: { NgayKetThuc: '0001-01-01T00:00:00', TrangThaiKetThuc: '0' },
    })
    await side.control.act('forward', { code: CODE })
    const page = await polled.readChanges(0n, 10)
    expect(page).toMatchObject({
      messages: [{ operation: 'ChuyenHoSo' }],
      unreadable: [{ externalEventId: 'SK-1', reason: 'Trường NgayKetThuc của KetThucHoSo không phải là thời điểm hợp lệ.' }],
    })
  })

  test('an event told again is the same event at another position', async () => {
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await side.control.act('forward', { code: CODE })
    await side.control.act('repeatEvent', { eventId: 'SK-1' })
    const page = await polled.readChanges(0n, 10)
    expect(page.kind === 'PAGE' && page.messages.map(({ externalEventId }) => externalEventId)).toEqual(['SK-1', 'SK-1'])
  })

  test('a twin that was stopped goes on with its dossiers, changes and clock', async () => {
    const folder = await mkdtemp(`${tmpdir()}/vilis-twin-`)
    const ledgerFile = `${folder}/ledger.jsonl`
    const first = await VilisSide.open({ ledgerFile })
    await (await first.adapterFor()).target.send(sending(BODIES.RECEIVE))
    await first.control.act('forward', { code: CODE })
    const before = (await first.control.state()).state
    await first.close()
    const second = await VilisSide.open({ ledgerFile })
    expect((await second.control.state()).state).toEqual(before)
    await second.close()
    await rm(folder, { recursive: true })
  })

  test('left to itself, a dossier goes through the whole workflow on the twin’s clock', async () => {
    const { target, polled } = await side.adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await side.control.act('autoAdvance', { on: true })
    for (let step = 0; step < 12; step++) await side.control.advance({ ms: 8 * 3_600_000 })
    const page = await polled.readChanges(0n, 100)
    expect(page.kind === 'PAGE' && page.messages.at(-1)?.payload).toMatchObject({ kind: 'RESULT_ISSUED', status: 'COMPLETED' })
  })
})

describe('the land book', () => {
  test('several parcels and certificates in one call each, areas exact, unknown ones absent', async () => {
    const { registry } = await side.adapterFor()
    const key = { communeCode: '28594@2025-07-01', mapSheetNumber: '12', parcelNumber: '345' }
    const parcels = await registry.readParcels([key, { ...key, parcelNumber: '346' }, { ...key, parcelNumber: '95000' }])
    if (parcels.kind !== 'READ') throw new Error(parcels.cause)
    expect(parcels.values.map((parcel) => parcel.key)).toEqual([key, { ...key, parcelNumber: '346' }])
    for (const { areaM2 = '', landUses } of parcels.values) {
      expect(areaM2).toMatch(/^\d+\.\d0$/)
      expect(landUses.length).toBeGreaterThan(0)
    }
    const serial = parcels.values.flatMap(({ certificateSerials }) => certificateSerials)[0] ?? ''
    const certificates = await registry.readCertificates([serial, 'ZZ12345678'])
    expect(certificates).toMatchObject({
      kind: 'READ',
      // The twin keeps its book under a code of its own that no mapping here names.
      values: [{ serialNumber: serial, parcels: [{ communeCode: 'VILIS:28594', mapSheetNumber: '12' }] }],
    })
    expect(side.twin.ledger.requests).toHaveLength(2)
  })

  test('a registry that is down is a value with its cause', async () => {
    const { registry } = await side.adapterFor()
    await side.control.misbehave({ kind: 'DROP_BEFORE' })
    expect(await registry.readParcels([{ communeCode: '28594@2025-07-01', mapSheetNumber: '1', parcelNumber: '2' }])).toEqual({
      kind: 'FAILED',
      code: 'RESET',
      cause: expect.stringContaining('(RESET: '),
      why: 'CUT',
    })
  })
})
