import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createVilisAdapter } from '../../../adapters/vilis/adapter.js'
import { createJoinedReads, ReadFailed } from '../../../src/dossier/joined-reads.js'
import type { ParcelKey, RegistryParcel } from '../../../src/ports/land-registry.js'
import { reportOfRead } from '../../../src/transfer/read-gate.js'
import { documentStore, mappings, readDocument, settings } from './fixtures.js'

/** A ViLIS that knows every parcel, and writes some of their rows wrong or refuses whoever names them, asked over HTTP. */
const ROW = (number: string, more: string): string =>
  `<ThuaDat><XaId>8228594</XaId><SoHieuBanDo>12</SoHieuBanDo><SoThuTuThua>${number}</SoThuTuThua>${more}</ThuaDat>`
const REPLY = (rows: string): string =>
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><TraCuuThuaDatResponse xmlns="urn:lien-thong:vilis:1">' +
  `<DanhSachThuaDat>${rows}</DanhSachThuaDat></TraCuuThuaDatResponse></s:Body></s:Envelope>`
const GOOD = '<DienTich>12.50</DienTich>'
const FAULT = (code: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:${code}</faultcode><faultstring>Không nhận</faultstring></s:Fault></s:Body></s:Envelope>`

let rowOf: (number: string) => string
let wholeReply: ((reply: string) => string) | undefined
/** The code of the fault by which it refuses what was asked. */
let refusal: ((asked: readonly string[]) => string | undefined) | undefined
let calls = 0
let server: Server
let adapter: Awaited<ReturnType<typeof createVilisAdapter>>
beforeEach(async () => {
  wholeReply = undefined
  refusal = undefined
  calls = 0
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const asked = [
        ...Buffer.concat(chunks)
          .toString('utf8')
          .matchAll(/SoThuTuThua>(\d+)</g),
      ].map(([, number]) => number ?? '')
      calls += 1
      const fault = refusal?.(asked)
      const reply = fault === undefined ? REPLY(asked.map(rowOf).join('')) : FAULT(fault)
      response.writeHead(fault === undefined ? 200 : 500, { 'content-type': 'text/xml; charset=utf-8' }).end(wholeReply?.(reply) ?? reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { keepDocument } = documentStore()
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vilis`
  adapter = await createVilisAdapter({ settings: settings(endpoint), mappings: mappings(), readDocument, keepDocument })
})
afterEach(async () => {
  await adapter.target.close()
  await new Promise((resolve) => server.close(resolve))
})

const keyOf = (parcelNumber: string): ParcelKey => ({
  communeCode: UNMAPPED[parcelNumber] ?? '28594',
  mapSheetNumber: '12',
  parcelNumber,
})
/** Parcels in communes that nobody has mapped. */
const UNMAPPED: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 10 }, (_none, at) => [String(5 * at), at % 2 === 0 ? '99991' : '99992']),
)

/** What each of these parcels' readers gets, all asked for at once: its area, or why it could not be read; and what the calls showed of ViLIS's health. */
const reader = (spoiltMs: number) => {
  const health = new Set<string>()
  const joined = createJoinedReads<ParcelKey, RegistryParcel>({
    read: async (keys) => {
      const read = await adapter.registry.readParcels(keys)
      health.add(reportOfRead(read).kind)
      return read
    },
    keyText: ({ parcelNumber }) => parcelNumber,
    valueText: ({ key }) => key.parcelNumber,
    batchLimit: 50,
    windowMs: 0,
    spoiltMs,
    moment: () => ({ moment: 0, heeded: '0-0' }),
    isForgottenSince: () => false,
    onCall: () => undefined,
  })
  return async (numbers: readonly string[]) => {
    const answers = await Promise.allSettled(numbers.map((number) => joined.load(keyOf(number))))
    const told = answers.map((answer) => {
      if (answer.status === 'fulfilled') return answer.value.value?.areaM2
      if (!(answer.reason instanceof ReadFailed)) return 'thrown'
      const { missing, cause, code } = answer.reason.read
      return missing ?? /\((\w+):/.exec(cause)?.[1] ?? code
    })
    return { told, health: [...health] }
  }
}
const readTogether = (numbers: readonly string[]) => reader(0)(numbers)

test.each([
  ['an empty area', ROW('3', '<DienTich/>'), 'BROKEN_REPLY'],
  ['a missing number', ROW('3', GOOD).replace('<SoThuTuThua>3</SoThuTuThua>', ''), 'BROKEN_REPLY'],
  ['an area twice', ROW('3', GOOD + GOOD), 'BROKEN_REPLY'],
  ['a character that XML cannot carry', ROW('3', `${GOOD}<DiaChiChiTiet>\x0b</DiaChiChiTiet>`), 'BROKEN_REPLY'],
  ['another parcel in its place', ROW('999', GOOD), 'OTHER_ANSWER'],
  ['two of it', ROW('3', GOOD) + ROW('3', '<DienTich>99</DienTich>'), 'OTHER_ANSWER'],
])('a row with %s fails its own parcel alone, and says nothing against ViLIS', async (_what, spoilt, cause) => {
  rowOf = (number) => (number === '3' ? spoilt : ROW(number, GOOD))
  expect(await readTogether(['1', '2', '3', '4', '6'])).toEqual({
    told: ['12.50', '12.50', cause, '12.50', '12.50'],
    health: ['ANSWERED'],
  })
})

test.each([
  ['cut off behind a row', (reply: string) => reply.slice(0, reply.indexOf('</ThuaDat>') + 20)],
  ['garbage', () => '<<&'],
  ['a page that is no envelope', () => '<html><body>ThuaDat</body></html>'],
  ['an envelope without a row, and broken', () => REPLY('').replace('</DanhSachThuaDat>', '\x0b</DanhSachThuaDat>')],
])('a reply that is broken as a whole (%s) is a failure of ViLIS', async (_what, change) => {
  rowOf = (number) => ROW(number, GOOD)
  wholeReply = change
  expect(await readTogether(['1', '2', '3'])).toEqual({ told: ['BROKEN_REPLY', 'BROKEN_REPLY', 'BROKEN_REPLY'], health: ['FAILED'] })
})

test('parcels in communes that nobody has mapped, all over a batch, are told so each for itself, and the others are read in one call', async () => {
  rowOf = (number) => ROW(number, GOOD)
  const numbers = Array.from({ length: 50 }, (_none, at) => String(at))
  const { told } = await readTogether(numbers)
  expect(told).toEqual(numbers.map((number) => (UNMAPPED[number] ? `COMMUNE:${UNMAPPED[number]}` : '12.50')))
  expect(calls).toBe(1)
})

const FIFTY = Array.from({ length: 50 }, (_none, at) => String(at + 100))

const refuse = (bad: readonly string[]): void => {
  rowOf = (number) => ROW(number, GOOD)
  refusal = (asked) => (asked.some((number) => bad.includes(number)) ? 'Client.SO_THUA_SAI' : undefined)
}
const toldOfFifty = (bad: readonly string[]) => FIFTY.map((number) => (bad.includes(number) ? 'FAULT_Client.SO_THUA_SAI' : '12.50'))

test.each([
  ['far apart', ['103', '141']],
  ['side by side', ['124', '125']],
  ['the first and the last', ['100', '149']],
])('two keys that ViLIS refuses with a fault of the Client (%s) fail alone in a batch of fifty, in few calls', async (_where, bad) => {
  refuse(bad)
  expect(await readTogether(FIFTY)).toEqual({ told: toldOfFifty(bad), health: ['ANSWERED'] })
  expect(calls).toBeLessThanOrEqual(24)
})

test('of many such keys some are found by each batch, until all the others are read', async () => {
  const bad = ['100', '112', '125', '133', '149']
  refuse(bad)
  const read = reader(60_000)
  let wanted: readonly string[] = FIFTY
  for (let views = 0; wanted.length > bad.length && views < 3; views += 1) {
    calls = 0
    const { told } = await read(wanted)
    expect(calls).toBeLessThanOrEqual(24)
    wanted = wanted.filter((_number, at) => told[at] !== '12.50')
  }
  expect(wanted).toEqual(bad)
  calls = 0
  expect((await read(FIFTY)).told).toEqual(toldOfFifty(bad))
  expect(calls).toBe(1)
})

test.each(['Client.KHONG_CO_QUYEN', 'Client.BAO_TRI'])(
  'a fault of the Client that is about whoever asks (%s) is asked for once',
  async (code) => {
    refusal = () => code
    const { told } = await readTogether(FIFTY)
    expect([new Set(told).size, calls]).toEqual([1, 1])
  },
)
