import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type TwinControl, twinControl } from '../../adapters/soap/twin/control-client.js'
import type { RunningTwin, TwinStart } from '../../adapters/soap/twin/twin.js'
import { createVilisAdapter } from '../../adapters/vilis/adapter.js'
import { createVilisInbound } from '../../adapters/vilis/inbound.js'
import { createVilisTwin } from '../../adapters/vilis/sandbox/twin.js'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { InboundEndpoint, InboundReceipt } from '../../src/ports/inbound.js'
import type { InquiryStrength } from '../../src/ports/target-system.js'
import {
  BODIES,
  CALLBACK_CREDENTIALS,
  CODE,
  CREDENTIALS,
  DOCUMENTS,
  DOSSIER,
  documentStore,
  mappings,
  readDocument,
  sending,
  settings,
} from '../unit/vilis/fixtures.js'

type Adapter = Awaited<ReturnType<typeof createVilisAdapter>>

const closers: (() => Promise<unknown>)[] = []
let twin: ReturnType<typeof createVilisTwin>
let running: RunningTwin
let control: TwinControl

async function startTwin(options: TwinStart = {}): Promise<void> {
  twin = createVilisTwin()
  running = await twin.start({ ...CREDENTIALS, tickMs: 0, speed: 0, ...options })
  twin.clock.catchUpWith(new Date('2026-11-22T00:00:00.000Z'))
  control = twinControl(running.controlUrl)
  const started = running
  closers.push(() => started.stop())
}

async function adapterFor(strength: InquiryStrength = 'KEY_AND_DIGEST', port = 'ViLISSoap'): Promise<Adapter> {
  const { keepDocument } = documentStore()
  const adapter = await createVilisAdapter({
    settings: settings(running.url, strength),
    mappings: mappings(),
    readDocument,
    keepDocument,
    port,
  })
  closers.push(() => adapter.target.close())
  return adapter
}

const accepted = () => twin.ledger.deeds.filter(({ what }) => what === 'ACCEPTED').map(({ detail }) => detail)

beforeEach(() => startTwin())

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('a dossier goes to ViLIS', () => {
  test.each(['ViLISSoap', 'ViLISSoap12'])('through all four writes over %s, each one deed with our key and digest', async (port) => {
    const { target } = await adapterFor('KEY_AND_DIGEST', port)
    const writes = [sending(BODIES.RECEIVE), sending(BODIES.SUPPLEMENT), sending(BODIES.CONFIRM_RETURN)]
    for (const write of writes.slice(0, 2))
      expect((await target.send(write)).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: false })
    await control.act('finish', { code: CODE, ending: 0 })
    expect((await target.send(writes[2] ?? sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'ACCEPTED' })
    expect(accepted()).toEqual(
      writes.map(({ idempotencyKey, digest, body }, index) =>
        expect.objectContaining({
          type: 'ACCEPTED',
          operation: ['TiepNhanHoSo', 'BoSungHoSo', 'XacNhanTraKetQua'][index],
          dossierCode: CODE,
          key: idempotencyKey,
          digest,
          version: body.dossierVersion,
        }),
      ),
    )
  })

  test('withdrawn there, the ending comes back as our own writing', async () => {
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    expect((await target.send(sending(BODIES.WITHDRAW))).outcome).toMatchObject({ kind: 'ACCEPTED' })
    const page = await polled.readChanges(0n, 10)
    expect(page).toMatchObject({
      kind: 'PAGE',
      messages: [{ operation: 'KetThucHoSo', causedByKey: 'key-WITHDRAW', payload: { status: 'WITHDRAWN_BY_APPLICANT' } }],
    })
  })

  test('the twin registers a second time what is sent a second time, unless it is told to recognise it', async () => {
    const { target } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await target.send(sending(BODIES.RECEIVE))
    expect(accepted()).toHaveLength(2)
    await control.act('deduplicate', { on: true })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'ACCEPTED', alreadyHad: true })
    expect((await target.send({ ...sending(BODIES.RECEIVE), digest: 'f'.repeat(64) })).outcome).toMatchObject({ kind: 'CONFLICT' })
    expect(accepted()).toHaveLength(2)
  })

  test.each([
    ['KEY_AND_DIGEST', 'ACCEPTED'],
    ['FIELDS', 'ACCEPTED'],
    ['EXISTS', 'ACCEPTED'],
    ['NONE', 'INDETERMINATE'],
  ] as const)('"đã tồn tại" without a digest is inquired at once, at strength %s it is %s', async (strength, kind) => {
    const { target } = await adapterFor(strength)
    await control.act('inquiryStrength', { strength })
    await target.send(sending(BODIES.RECEIVE))
    await control.act('deduplicate', { on: true, by: 'DOSSIER', tellDigest: false })
    expect((await target.send(sending(BODIES.RECEIVE, 'another-key'))).outcome).toMatchObject({ kind })
    expect(accepted()).toHaveLength(1)
  })

  test('a file that is lost over there is a conflict, not an acceptance', async () => {
    const { target } = await adapterFor()
    await control.misbehave({ kind: 'LOSE_ATTACHMENT' })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome).toMatchObject({ kind: 'CONFLICT' })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'DIFFERENT' })
  })

  test('a file whose hash is not its own is refused there', async () => {
    const [first, second] = DOCUMENTS
    if (!first || !second) throw new Error('two documents are needed')
    const wrong = { ...DOSSIER, documents: [{ ...first, sizeBytes: first.sizeBytes, sha256: second.sha256 }] }
    const bytes = await readDocument(first.sha256)
    const { keepDocument } = documentStore()
    const { target } = await createVilisAdapter({
      settings: settings(running.url),
      mappings: mappings(),
      readDocument: async () => bytes,
      keepDocument,
    })
    closers.push(() => target.close())
    const { outcome } = await target.send(sending({ ...BODIES.RECEIVE, dossier: wrong }))
    expect(outcome).toMatchObject({ kind: 'REJECTED', code: 'SAI_TEP_DINH_KEM', field: 'BangKe' })
    expect(accepted()).toEqual([])
  })

  test('a due date before the reception is refused with its field', async () => {
    const { target } = await adapterFor()
    const { outcome } = await target.send(sending({ ...BODIES.RECEIVE, dossier: { ...DOSSIER, dueAt: '2026-01-01T00:00:00.000Z' } }))
    expect(outcome).toMatchObject({ kind: 'REJECTED', code: 'SAI_DU_LIEU', field: 'NgayHenTra' })
  })

  test.each([
    ['HTTP_429', 'UNAVAILABLE', 0],
    ['HTTP_503_AFTER', 'INDETERMINATE', 1],
    ['DROP_AFTER', 'INDETERMINATE', 1],
    ['DROP_BEFORE', 'INDETERMINATE', 0],
    ['FAULT_UNKNOWN', 'INDETERMINATE', 0],
    ['GARBAGE', 'INDETERMINATE', 1],
    ['DTD_REPLY', 'INDETERMINATE', 1],
  ] as const)('%s is %s, and %i registrations stand behind it', async (kind, outcome, registrations) => {
    const { target } = await adapterFor()
    await control.misbehave({ kind })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe(outcome)
    expect(accepted()).toHaveLength(registrations)
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe(registrations === 1 ? 'SAME' : 'ABSENT')
  })

  test('a ViLIS that does not listen is UNAVAILABLE, for no byte left', async () => {
    const { target } = await adapterFor()
    await control.offline()
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('UNAVAILABLE')
    await control.online()
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('ACCEPTED')
    expect(accepted()).toHaveLength(1)
  })

  test('a wrong password is UNAVAILABLE, and no evidence shows any', async () => {
    const { keepDocument } = documentStore()
    const wrong = { ...settings(running.url), credentials: { username: 'lienthong', password: 'sai-mat-khau' } }
    const { target } = await createVilisAdapter({ settings: wrong, mappings: mappings(), readDocument, keepDocument })
    closers.push(() => target.close())
    const refused = await target.send(sending(BODIES.RECEIVE))
    expect(refused.outcome.kind).toBe('UNAVAILABLE')
    expect(refused.evidence.requestXml).toContain('TiepNhanHoSo')
    expect(JSON.stringify(refused)).not.toMatch(/sai-mat-khau|Security>|Password/)
    expect(accepted()).toEqual([])
  })

  test('the answer to another dossier is not taken for ours', async () => {
    const { target } = await adapterFor()
    await target.send(
      sending({ ...BODIES.RECEIVE, dossierCode: 'H58.22-260315-0002', dossier: { ...DOSSIER, code: 'H58.22-260315-0002' } }, 'key-2'),
    )
    await control.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER' })
    expect((await target.send(sending(BODIES.RECEIVE))).outcome.kind).toBe('INDETERMINATE')
    await target.inquire(sending({ ...BODIES.RECEIVE, dossierCode: 'H58.22-260315-0002' }))
    await control.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER' })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe('UNKNOWN')
  })
})

describe('the inquiry', () => {
  test.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS'] as const)(
    'at strength %s is about the operation, never about the dossier alone',
    async (strength) => {
      const { target } = await adapterFor(strength)
      await control.act('inquiryStrength', { strength })
      expect((await target.inquire(sending(BODIES.RECEIVE))).answer.kind).toBe('ABSENT')
      await target.send(sending(BODIES.RECEIVE))
      expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'SAME', externalRef: 'VL-000001' })
      for (const body of [BODIES.SUPPLEMENT, BODIES.WITHDRAW, BODIES.CONFIRM_RETURN]) {
        expect((await target.inquire(sending(body))).answer.kind).toBe('ABSENT')
      }
      await target.send(sending(BODIES.SUPPLEMENT))
      expect((await target.inquire(sending(BODIES.SUPPLEMENT))).answer.kind).toBe('SAME')
      expect((await target.inquire(sending({ ...BODIES.SUPPLEMENT, supplementNo: 2 }, 'key-2'))).answer.kind).toBe('ABSENT')
      await target.send(sending(BODIES.WITHDRAW))
      expect((await target.inquire(sending(BODIES.WITHDRAW))).answer.kind).toBe('SAME')
    },
  )

  test.each(['KEY_AND_DIGEST', 'FIELDS'] as const)('at strength %s tells another content', async (strength) => {
    const { target } = await adapterFor(strength)
    await control.act('inquiryStrength', { strength })
    await target.send(sending(BODIES.RECEIVE))
    await target.send(sending(BODIES.SUPPLEMENT))
    const moved = { ...BODIES.RECEIVE, dossier: { ...DOSSIER, receivedAt: '2026-03-14T01:00:00.000Z' } }
    expect((await target.inquire(sending(moved))).answer.kind).toBe('DIFFERENT')
    expect((await target.inquire(sending({ ...BODIES.SUPPLEMENT, documents: DOCUMENTS }))).answer.kind).toBe('DIFFERENT')
  })

  test('an amendment is absent while only the version before it is there', async () => {
    const { target } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    const amended = { ...BODIES.RECEIVE, dossierVersion: 2, dossier: { ...DOSSIER, version: 2, summary: 'Nội dung sửa' } }
    expect((await target.inquire(sending(amended, 'key-2'))).answer.kind).toBe('ABSENT')
    expect((await target.send(sending(amended, 'key-2'))).outcome.kind).toBe('ACCEPTED')
    expect((await target.inquire(sending(amended, 'key-2'))).answer.kind).toBe('SAME')
    expect((await target.inquire(sending({ ...BODIES.RECEIVE, dossier: { ...DOSSIER, summary: 'Khác' } }, 'key-3'))).answer.kind).toBe(
      'DIFFERENT',
    )
  })

  test('a dossier from before the interlink is the same by its fields', async () => {
    const { target } = await adapterFor()
    const history = {
      code: CODE,
      process: 'QT-CAPDOI',
      commune: '8228594',
      receivedAt: DOSSIER.receivedAt,
      dueAt: DOSSIER.dueAt,
      step: 'APPRAISAL',
    }
    await control.act('knowHistory', { dossiers: [history] })
    expect((await target.inquire(sending(BODIES.RECEIVE))).answer).toMatchObject({ kind: 'SAME', externalRef: 'VL-000001' })
    const other = { ...BODIES.RECEIVE, dossier: { ...DOSSIER, receivedAt: '2026-03-01T01:00:00.000Z' } }
    expect((await target.inquire(sending(other))).answer.kind).toBe('DIFFERENT')
  })
})

describe('what ViLIS tells', () => {
  /** The gateway's side of the callbacks: the endpoint on real HTTP before a receiver that remembers. */
  async function gateway(receive: (message: InboundMessage) => Promise<InboundReceipt>): Promise<string> {
    const { keepDocument } = documentStore()
    const endpoint = await createVilisInbound({ settings: settings('http://unused'), mappings: mappings(), keepDocument, receive })
    const server = await listen(endpoint)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${endpoint.path}`
  }

  test('comes by callback and by poll with the same identity, time and content', async () => {
    const received: InboundMessage[] = []
    const callbackUrl = await gateway(async (message) => {
      received.push(message)
      return { kind: 'STORED', messageId: String(received.length) }
    })
    await control.set({ callbackUrl, callbackUsername: CALLBACK_CREDENTIALS.username, callbackPassword: CALLBACK_CREDENTIALS.password })
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await control.act('forward', { code: CODE })
    await control.act('requireSupplement', { code: CODE, pause: false, note: 'Thiếu bản sao' })
    await target.send(sending(BODIES.SUPPLEMENT))
    await control.act('forward', { code: CODE, step: 'PENDING_TAX_PAYMENT' })
    await control.act('finish', { code: CODE, ending: 0 })
    await control.act('takeAtDesk', { code: 'H58.22.9-261122-9001', commune: '8228594' })
    await control.advance({ ms: 0 })

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
    const callbackUrl = await gateway(async () => {
      tries += 1
      if (tries === 1) throw new Error('the database is away')
      return { kind: 'STORED', messageId: '1' }
    })
    await control.set({ callbackUrl, callbackUsername: CALLBACK_CREDENTIALS.username, callbackPassword: CALLBACK_CREDENTIALS.password })
    await control.act('takeAtDesk', { commune: '8228594' })
    await control.advance({ ms: 0 })
    await control.advance({ ms: 0 })
    const outcomes = twin.ledger.deeds.filter(({ what }) => what === 'CALLED_OUT').map(({ detail }) => detail.outcome)
    expect(outcomes).toEqual(['FAILED', 'ACCEPTED'])
  })

  test('pages by a position beyond 2^53, out of order or not, and shows a cursor that ran backwards', async () => {
    await control.set({ firstPosition: '9007199254740993' })
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    for (const step of ['APPRAISAL', 'PENDING_CHECK', 'PENDING_SIGN']) await control.act('forward', { code: CODE, step })
    const first = await polled.readChanges(0n, 2)
    expect(first).toMatchObject({ nextPosition: 9007199254740994n, more: true })
    await control.misbehave({ kind: 'CHANGES_OUT_OF_ORDER' })
    expect(await polled.readChanges(0n, 3)).toMatchObject({ nextPosition: 9007199254740995n, more: false })
    await control.act('restoreBackup', { toPosition: '9007199254740993' })
    expect(await polled.readChanges(9007199254740995n, 10)).toMatchObject({ messages: [], nextPosition: 9007199254740993n, more: false })
  })

  test('a row that cannot be read is handed on raw and stops nothing', async () => {
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await control.act('tell', { kind: 'KetThucHoSo', code: CODE, fields: { NgayKetThuc: '0001-01-01T00:00:00', TrangThaiKetThuc: '0' } })
    await control.act('forward', { code: CODE })
    const page = await polled.readChanges(0n, 10)
    expect(page).toMatchObject({
      messages: [{ operation: 'ChuyenHoSo' }],
      unreadable: [{ externalEventId: 'SK-1', reason: 'Trường NgayKetThuc của KetThucHoSo không phải là thời điểm hợp lệ.' }],
    })
  })

  test('an event told again is the same event at another position', async () => {
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await control.act('forward', { code: CODE })
    await control.act('repeatEvent', { eventId: 'SK-1' })
    const page = await polled.readChanges(0n, 10)
    expect(page.kind === 'PAGE' && page.messages.map(({ externalEventId }) => externalEventId)).toEqual(['SK-1', 'SK-1'])
  })

  test('a twin that was stopped goes on with its dossiers, changes and clock', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises')
    const { tmpdir } = await import('node:os')
    const folder = await mkdtemp(`${tmpdir()}/vilis-twin-`)
    const ledgerFile = `${folder}/ledger.jsonl`
    await startTwin({ ledgerFile })
    await (await adapterFor()).target.send(sending(BODIES.RECEIVE))
    await control.act('forward', { code: CODE })
    const before = (await control.state()).state
    await closers.pop()?.()
    await closers.pop()?.()
    await startTwin({ ledgerFile })
    expect((await control.state()).state).toEqual(before)
    closers.push(() => rm(folder, { recursive: true }))
  })

  test('left to itself, a dossier goes through the whole workflow on the twin’s clock', async () => {
    const { target, polled } = await adapterFor()
    await target.send(sending(BODIES.RECEIVE))
    await control.act('autoAdvance', { on: true })
    for (let step = 0; step < 12; step++) await control.advance({ ms: 8 * 3_600_000 })
    const page = await polled.readChanges(0n, 100)
    expect(page.kind === 'PAGE' && page.messages.at(-1)?.payload).toMatchObject({ kind: 'RESULT_ISSUED', status: 'COMPLETED' })
  })
})

describe('the land book', () => {
  test('several parcels and certificates in one call each, areas exact, unknown ones absent', async () => {
    const { registry } = await adapterFor()
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
    expect(twin.ledger.requests).toHaveLength(2)
  })

  test('a registry that is down is a value with its cause', async () => {
    const { registry } = await adapterFor()
    await control.misbehave({ kind: 'DROP_BEFORE' })
    expect(await registry.readParcels([{ communeCode: '28594@2025-07-01', mapSheetNumber: '1', parcelNumber: '2' }])).toEqual({
      kind: 'FAILED',
      cause: expect.stringContaining('(RESET: '),
    })
  })
})

/** A plain HTTP server before the endpoint, as the gateway mounts it. */
async function listen(endpoint: InboundEndpoint): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      endpoint.handle({ headers: request.headers, body: Buffer.concat(chunks) }).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  )
  return server
}
