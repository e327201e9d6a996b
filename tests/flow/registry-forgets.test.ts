import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { push, pushedDossier, vilisSecurity } from '../support/pushed-dossier.js'
import { envelopeOf } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/**
 * Changes that come through this gateway, while a transaction that stays open keeps the log of changes from everybody: what was read before is not
 * shown after them all the same.
 */
let system: TestSystem
let writer: pg.Client
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, polls: false })
})
afterAll(() => system.close())
beforeEach(async () => {
  writer = new pg.Client({ connectionString: system.context.options.databaseUrl })
  await writer.connect()
  await writer.query('BEGIN')
  await writer.query('SELECT pg_current_xact_id()')
})
afterEach(() => writer.end())

const CODE = 'H58.22-260316-0001'
const landOf = (parcelNumber: string): string =>
  `<ThuaDat><SoHieuBanDo>3</SoHieuBanDo><SoThuTuThua>${parcelNumber}</SoThuTuThua><MaXa>28594</MaXa></ThuaDat>`
const state = async (parcelNumber = '71'): Promise<string> => {
  const query = `{ parcel(key: { communeCode: "28594", mapSheetNumber: "3", parcelNumber: "${parcelNumber}" }) { freshness { state } } }`
  return (await system.gateway.query<{ parcel: { freshness: { state: string } } }>('admin', query)).parcel.freshness.state
}

/** ViLIS tells that it has moved the dossier on. */
const tellStep = async (code: string): Promise<void> => {
  const { text } = await system.gateway.soap(
    '/soap/vilis',
    envelopeOf(
      vilisSecurity(),
      `<ChuyenHoSo xmlns="urn:lien-thong:mot-cua-callback:1"><SoBienNhan>${code}</SoBienNhan><MaTrangThai>APPRAISAL</MaTrangThai><NgayChuyen>2026-03-17T08:00:00</NgayChuyen></ChuyenHoSo>`,
    ),
  )
  expect(text).toMatch(/Result>1</)
}

test('by what ViLIS tells of a dossier, and not by a dossier that a desk hands in: ViLIS has yet to hear of it', async () => {
  await until('what was read is kept', async () => (await state()) === 'CACHED')
  const pushed = pushedDossier({ fields: { MaHoSo: CODE, DanhSachThuaDat: landOf('71') } })
  expect(await push(system.gateway, pushed)).toMatchObject({ result: '1' })
  expect(await state()).toBe('CACHED')
  await tellStep(CODE)
  expect(await state()).toBe('LIVE')
})

test('by a person who says that ViLIS has taken a transfer of it', async () => {
  await until('what was read is kept', async () => (await state()) === 'CACHED')
  const [transfer] = await system.context.db.query<{ id: string }>(
    `UPDATE transfer t SET state = 'HELD', held_reason = 'UNCERTAIN' FROM dossier d
     WHERE d.id = t.dossier_id AND d.code = $1 AND t.operation = 'RECEIVE' RETURNING t.id::text`,
    [CODE],
  )
  const input = { clientKey: 'khoa-quen-thua-dat', transferId: transfer?.id, reason: 'Đã thấy ở ViLIS', happened: true }
  const confirm = 'mutation ($input: ConfirmOutcomeInput!) { confirmOutcome(input: $input) { __typename } }'
  expect(await system.gateway.query('operator', confirm, { input })).toEqual({ confirmOutcome: { __typename: 'TransferActDone' } })
  expect(await state()).toBe('LIVE')
})

test('of land that an amendment takes out of a dossier: ViLIS was told of it', async () => {
  const code = 'H58.22-260316-0002'
  const told = (version: string, parcelNumber: string) =>
    push(
      system.gateway,
      pushedDossier({
        eventId: `MC-THU-SUA-${version}`,
        fields: { MaHoSo: code, PhienBan: version, DanhSachThuaDat: landOf(parcelNumber) },
      }),
    )
  expect(await told('1', '73')).toMatchObject({ result: '1' })
  await until('what was read is kept', async () => (await state('73')) === 'CACHED')
  expect(await told('2', '74')).toMatchObject({ result: '1' })
  const named = await system.context.db.query(
    'SELECT p.parcel_number AS named FROM parcel_reference p JOIN dossier d ON d.id = p.dossier_id WHERE d.code = $1',
    [code],
  )
  expect([named, await state('73')]).toEqual([[{ named: '74' }], 'CACHED'])
  await tellStep(code)
  expect(await state('73')).toBe('LIVE')
})
