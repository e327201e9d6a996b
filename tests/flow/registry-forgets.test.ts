import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { push, pushedDossier } from '../support/pushed-dossier.js'
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
const state = async (): Promise<string> => {
  const query = '{ parcel(key: { communeCode: "28594", mapSheetNumber: "3", parcelNumber: "71" }) { freshness { state } } }'
  return (await system.gateway.query<{ parcel: { freshness: { state: string } } }>('admin', query)).parcel.freshness.state
}

test('by a dossier that the one-stop system pushes', async () => {
  await until('what was read is kept', async () => (await state()) === 'CACHED')
  const parcel = '<ThuaDat><SoHieuBanDo>3</SoHieuBanDo><SoThuTuThua>71</SoThuTuThua><MaXa>28594</MaXa></ThuaDat>'
  expect(await push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE, DanhSachThuaDat: parcel } }))).toMatchObject({ result: '1' })
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
