import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { push, pushedDossier } from '../support/pushed-dossier.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** Land that is joined or cleared by a whole commune comes as one dossier. */
let system: TestSystem
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, polls: false })
})
afterAll(() => system.close())

const CODE = 'H58.22-260316-0001'
const PARCELS = 4_000

test('a dossier of thousands of parcels is taken in, and found by its last one', async () => {
  const land = Array.from(
    { length: PARCELS },
    (_, place) => `<ThuaDat><SoHieuBanDo>3</SoHieuBanDo><SoThuTuThua>${10_001 + place}</SoThuTuThua><MaXa>28594</MaXa></ThuaDat>`,
  )
  expect(await push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE, DanhSachThuaDat: land.join('') } }))).toMatchObject({
    result: '1',
  })
  const asked = `{ dossiers(first: 2, filter: { text: "thửa ${10_000 + PARCELS}" }) { edges { node { code parcels { parcelNumber } } } } }`
  const { dossiers } = await system.gateway.query<{ dossiers: { edges: { node: { code: string; parcels: object[] } }[] } }>('admin', asked)
  expect(dossiers.edges.map(({ node }) => [node.code, node.parcels.length])).toEqual([[CODE, PARCELS]])
})
