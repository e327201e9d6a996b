import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { MappingRow } from '../../src/transfer/mapping-repository.js'
import { loadMappings } from '../../src/transfer/mapping-repository.js'
import { lookUpsOf } from '../support/held-reads.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/**
 * ViLIS has a commune 28594 of its own, and so have we; that they are the same nobody has said, for the mapping is not loaded. The digits alone say
 * nothing: codes were given anew in 2025.
 */
const OURS = /^28594@/
let system: TestSystem
let lookUps: ReturnType<typeof lookUpsOf>
let missing: readonly MappingRow[] = []
beforeAll(async () => {
  system = await openTestSystem({
    gateway: true,
    polls: false,
    reads: { certificates: { freshMs: 0, staleMs: 0 } },
    mappings: (rows) => {
      missing = rows.filter(({ kind, ourCode }) => kind === 'COMMUNE' && OURS.test(ourCode))
      return rows.filter((row) => !missing.includes(row))
    },
  })
  lookUps = lookUpsOf(system)
})
afterAll(() => system.close())
beforeEach(() => lookUps.mark())

const FRESHNESS = 'freshness { state staleBecause errorCode }'
const key = (communeCode: string): string => `key: { communeCode: "${communeCode}", mapSheetNumber: "3", parcelNumber: "44" }`
const CERTIFICATE = `{ certificate(serialNumber: "CA 00300044", read: LIVE) { knownToRegistry landUserName parcels { communeCode } ${FRESHNESS} } }`
const UNMAPPED = 'Chưa có ánh xạ đơn vị hành chính “VILIS:28594”'

test('a parcel is not looked up by our own code, and says which mapping is missing; one beside it is read', async () => {
  const { data, errors } = await system.gateway.ask(
    'admin',
    `{ a: parcel(${key('28594')}) { knownToRegistry areaM2 ${FRESHNESS} } b: parcel(${key('28633')}) { areaM2 ${FRESHNESS} } }`,
  )
  expect(errors).toMatchObject([
    {
      path: ['a', 'knownToRegistry'],
      message: expect.stringMatching(/^Chưa có ánh xạ đơn vị hành chính “28594” sang ViLIS cho ngày [-\d]+\.$/),
      extensions: { code: 'MAPPING_FAILED', system: 'VILIS', field: 'COMMUNE:28594' },
    },
  ])
  expect(data).toMatchObject({
    a: { knownToRegistry: null, areaM2: null, freshness: { state: 'STALE', errorCode: 'MAPPING_FAILED' } },
    b: { areaM2: expect.any(String), freshness: { state: 'LIVE', errorCode: null } },
  })
  const { requests } = await system.twins.VILIS.ledger()
  expect(requests.filter(({ operation }) => operation === 'TraCuuThuaDat').every(({ raw }) => !raw.includes('>28594<'))).toBe(true)
})

test('a certificate shows that its land stands in a code of theirs, to who may see all land', async () => {
  expect(await system.gateway.query('admin', CERTIFICATE)).toMatchObject({
    certificate: {
      knownToRegistry: true,
      parcels: [{ communeCode: 'VILIS:28594' }],
      freshness: { state: 'LIVE', staleBecause: UNMAPPED, errorCode: 'MAPPING_FAILED' },
    },
  })
})

test('an officer of our commune with those digits is shown nothing of it but why, until the mapping is loaded', async () => {
  const { data, errors } = await system.gateway.ask('officer', CERTIFICATE)
  expect(errors).toMatchObject([
    { message: `${UNMAPPED}.`, extensions: { code: 'MAPPING_FAILED', system: 'VILIS', field: 'COMMUNE:VILIS:28594' } },
  ])
  expect(data).toMatchObject({ certificate: { knownToRegistry: null, landUserName: null, parcels: null } })

  await loadMappings(system.context.db, missing)
  expect(await system.gateway.query('officer', CERTIFICATE)).toMatchObject({
    certificate: { knownToRegistry: true, parcels: [{ communeCode: '28594' }], freshness: { staleBecause: null, errorCode: null } },
  })
  const parcel = await system.gateway.query('officer', `{ parcel(${key('28594')}) { areaM2 ${FRESHNESS} } }`)
  expect(parcel).toMatchObject({ parcel: { areaM2: expect.any(String), freshness: { state: 'LIVE', errorCode: null } } })
})
