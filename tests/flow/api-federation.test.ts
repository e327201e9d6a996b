import { buildSubgraphSchema } from '@apollo/subgraph'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { parse } from 'graphql'
import type { SeededDossier } from '../support/seed-dossiers.js'
import { seedDossier } from '../support/seed-dossiers.js'
import type { Answer, TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

/** Two communes with a dossier each; land of An Thạnh Thủy that a dossier refers to (sheet 7) and that none does (sheet 9). */
const AN_THANH_THUY = '28633'
const LUONG_HOA_LAC = '28615'

let api: TestApi
let admin: string
let officer: string
let here: SeededDossier
let there: SeededDossier

beforeAll(async () => {
  api = await startTestApi({ limits: { introspection: true } })
  admin = await api.token('admin')
  officer = await api.token('officer', [AN_THANH_THUY])
  const on = '2026-03-02'
  const land = { parcel: { mapSheetNumber: '7', parcelNumber: '12' }, certificate: 'BX123456' }
  here = await seedDossier(api.db, { code: 'H58.22-260302-0001', commune: { code: AN_THANH_THUY, on }, ...land })
  there = await seedDossier(api.db, { code: 'H58.22-260302-0002', commune: { code: LUONG_HOA_LAC, on } })
  for (const [mapSheetNumber, serialNumber] of [
    ['7', 'BX123456'],
    ['9', 'BX999999'],
  ] as const) {
    api.registry.parcels.push({
      key: { communeCode: AN_THANH_THUY, mapSheetNumber, parcelNumber: '12' },
      areaM2: '120.50',
      address: 'Số 1 đường Thử, Xã Mẫu',
      landUses: [],
      certificateSerials: [serialNumber],
      restrictions: [],
    })
    api.registry.certificates.push({
      serialNumber,
      landUserName: 'Lê Thị Thử',
      parcels: [{ communeCode: AN_THANH_THUY, mapSheetNumber, parcelNumber: '12' }],
    })
  }
})

afterAll(() => api.close())

beforeEach(() => {
  api.statements.length = 0
  api.registry.calls.length = 0
})

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename
  ... on Dossier { code applicant { fullName } } ... on Parcel { mapSheetNumber address } ... on Certificate { serialNumber landUserName } } }`

const entities = (token: string, representations: readonly unknown[], query = ENTITIES) => api.query(token, query, { representations })

const dossier = ({ code }: SeededDossier) => ({ __typename: 'Dossier', code })
const parcel = (mapSheetNumber: string, communeCode = AN_THANH_THUY) => ({
  __typename: 'Parcel',
  communeCode,
  mapSheetNumber,
  parcelNumber: '12',
})
const certificate = (serialNumber: string) => ({ __typename: 'Certificate', serialNumber })

describe('_service', () => {
  it('tells a schema that composes: keys on dossiers and land, what a page says shared', async () => {
    const { data } = await api.query(admin, '{ _service { sdl } }')
    const schema = buildSubgraphSchema([{ typeDefs: parse(data._service.sdl) }])
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(expect.arrayContaining(['dossier', '_entities']))
    for (const keyed of [
      'type Dossier\n  @key(fields: "code")\n  @key(fields: "id")',
      'type Parcel\n  @key(fields: "communeCode mapSheetNumber parcelNumber")',
      'type Certificate\n  @key(fields: "serialNumber")',
      'type PageInfo\n  @shareable',
    ])
      expect(data._service.sdl).toContain(`\n${keyed}`)
  })
})

describe('_entities', () => {
  it('are, for an officer, those of their communes, in the order asked, and null otherwise', async () => {
    const { data, errors } = await entities(officer, [
      dossier(there),
      dossier(here),
      { __typename: 'Dossier', id: here.id.toUpperCase() },
      { __typename: 'Dossier', id: there.id },
      { __typename: 'Dossier', code: 'H58.22-260302-9999' },
      parcel('7'),
      parcel('7', LUONG_HOA_LAC),
      certificate('BX123456'),
    ])
    expect(errors).toEqual([])
    const own = { __typename: 'Dossier', code: here.code, applicant: { fullName: 'Trần Thị Mẫu' } }
    expect(data._entities).toEqual([
      null,
      own,
      own,
      null,
      null,
      { __typename: 'Parcel', mapSheetNumber: '7', address: 'Số 1 đường Thử, Xã Mẫu' },
      null,
      { __typename: 'Certificate', serialNumber: 'BX123456', landUserName: 'Lê Thị Thử' },
    ])
    const elsewhere = await entities(await api.token('officer', [LUONG_HOA_LAC]), [parcel('7'), certificate('BX123456'), dossier(here)])
    expect([elsewhere.data._entities, elsewhere.errors]).toEqual([[null, null, null], []])
  })

  it('are masked as the queries are: land that no dossier of theirs names, and everything for an operator', async () => {
    const land = [parcel('7'), parcel('9'), certificate('BX123456'), certificate('BX999999')]
    const shown = async (token: string) =>
      (await entities(token, land)).data._entities.map(
        (one: { address?: string; landUserName?: string }) => one.address ?? one.landUserName,
      )
    const [address, masked, name, initials] = ['Số 1 đường Thử, Xã Mẫu', '***, Xã Mẫu', 'Lê Thị Thử', 'L*** T*** T***']
    expect(await shown(officer)).toEqual([address, masked, name, initials])
    expect(await shown(await api.token('operator'))).toEqual([masked, masked, initials, initials])
    expect(await shown(admin)).toEqual([address, address, name, name])
  })

  it('of a kind that the caller may not look up are refused one by one, and the others come', async () => {
    const { data, errors } = await entities(await api.token('citizen-app'), [dossier(here), parcel('7'), certificate('BX123456')])
    expect(data._entities).toEqual([{ __typename: 'Dossier', code: here.code, applicant: { fullName: 'T*** T*** M***' } }, null, null])
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['_entities', 1], 'FORBIDDEN'],
      [['_entities', 2], 'FORBIDDEN'],
    ])
  })

  it('that cannot be read are told in the extension with their place, as by any other road', async () => {
    api.registry.down = true
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ query: ENTITIES, variables: { representations: [dossier(here), parcel('55'), certificate('BX555555')] } }),
    })
    api.registry.down = false
    const { extensions } = (await response.json()) as { extensions?: { parts: readonly object[] } }
    const failed = { system: 'VILIS', state: 'FAILED', asOf: null, because: expect.stringContaining('ViLIS') }
    expect(extensions?.parts).toHaveLength(2)
    for (const place of [1, 2]) expect(extensions?.parts).toContainEqual({ ...failed, path: ['_entities', place] })
  })

  it('cost one statement of a kind and one call to the registry of a kind, however many they are', async () => {
    const sheets = Array.from({ length: 40 }, (_, n) => String(n))
    const { errors } = await entities(officer, [
      ...sheets.flatMap(() => [dossier(here), dossier(there)]),
      ...sheets.map((sheet) => parcel(sheet)),
      ...sheets.map((sheet) => certificate(`BX${sheet.padStart(6, '0')}`)),
      certificate('BX999999'),
    ])
    expect(errors).toEqual([])
    // Fewer keys than were asked for: what an earlier answer has read is still kept.
    expect(api.registry.calls.map(({ kind }) => kind)).toEqual(['CERTIFICATES', 'PARCELS'])
    const read = (pattern: RegExp) => api.statements.filter((text) => pattern.test(text)).length
    expect(read(/FROM dossier d\s+WHERE d\.code = ANY/)).toBe(1)
    // Of parcels' and of certificates' communes and land: what is known at one moment is read together, first what was kept, then what was called for.
    expect(read(/jsonb_to_recordset.*administrative_unit u ON u\.code/s)).toBeLessThanOrEqual(2)
    expect(read(/SELECT DISTINCT l\.place/)).toBeLessThanOrEqual(4)
    expect(api.statements.length).toBeLessThanOrEqual(8)
  })

  it.each([
    ['no kind of ours', { __typename: 'Fee', id: '1' }, 'REPRESENTATION_INVALID', '__typename'],
    ['a part that has no key', { __typename: 'Party', fullName: 'x' }, 'REPRESENTATION_INVALID', '__typename'],
    ['a name of JavaScript', { __typename: 'constructor' }, 'REPRESENTATION_INVALID', '__typename'],
    ['text', 'Dossier', 'REPRESENTATION_INVALID', '__typename'],
    ['a key that is missing', { __typename: 'Dossier' }, 'REPRESENTATION_INVALID', 'code'],
    ['a key that is a number', { __typename: 'Dossier', code: 12 }, 'REPRESENTATION_INVALID', 'code'],
    ['a key that is a list', { ...parcel('7'), communeCode: [AN_THANH_THUY] }, 'REPRESENTATION_INVALID', 'communeCode'],
    ['an endless key', { __typename: 'Dossier', code: 'H'.repeat(100) }, 'REPRESENTATION_INVALID', 'code'],
    ['an id that is none', { __typename: 'Dossier', id: '1; DROP TABLE dossier' }, 'REPRESENTATION_INVALID', 'id'],
    ['a code that is none', { __typename: 'Dossier', code: 'hồ sơ 1' }, 'DOSSIER_CODE_INVALID', 'code'],
    ['a commune that is none', parcel('7', '2859'), 'RULE_VIOLATED', 'communeCode'],
    ['a commune with its day', parcel('7', `${AN_THANH_THUY}@2025-07-01`), 'RULE_VIOLATED', 'communeCode'],
    ['a sheet that is none', parcel('7'.repeat(21)), 'RULE_VIOLATED', 'mapSheetNumber'],
    ['a parcel that is none', { ...parcel('7'), parcelNumber: '12'.repeat(11) }, 'RULE_VIOLATED', 'parcelNumber'],
    ['a serial that is none', certificate('x'), 'SERIAL_INVALID', 'serialNumber'],
  ])('by %s is refused alone, with what is wrong', async (_what, reference, reason, field) => {
    const { data, errors } = await entities(admin, [reference, dossier(here)])
    expect(data._entities).toMatchObject([null, { code: here.code }])
    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual([[['_entities', 0], { code: 'INVALID_INPUT', reason, field }]])
  })

  it.each([
    { communeCode: '2859', mapSheetNumber: '7', parcelNumber: '12' },
    { communeCode: AN_THANH_THUY, mapSheetNumber: '7'.repeat(21), parcelNumber: '12' },
    { communeCode: AN_THANH_THUY, mapSheetNumber: '7', parcelNumber: '1'.repeat(70) },
    { communeCode: AN_THANH_THUY, mapSheetNumber: ' ', parcelNumber: '12' },
  ])('of a parcel are refused as the query of that key is: %j', async (key) => {
    const told = ({ errors }: Answer) => errors.map(({ message, extensions: { code, reason } }) => ({ message, code, reason }))
    const asked = await api.query(admin, 'query ($key: ParcelKeyInput!) { parcel(key: $key) { address } }', { key })
    expect(told(await entities(admin, [{ __typename: 'Parcel', ...key }]))).toEqual(told(asked))
  })

  it('show a part as unread, and do not fail, while the registry is down', async () => {
    api.registry.down = true
    const { data } = await entities(
      admin,
      [{ ...parcel('77') }, dossier(here)],
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Dossier { code } ... on Parcel { mapSheetNumber freshness { errorCode } } } }`,
    )
    api.registry.down = false
    expect(data._entities).toEqual([{ mapSheetNumber: '77', freshness: { errorCode: 'UPSTREAM_UNAVAILABLE' } }, { code: here.code }])
  })
})

describe('how many entities', () => {
  const deep = `query ($representations: [_Any!]!) { ...Asked } fragment Asked on Query { _entities(representations: $representations) {
    ... on Dossier { timeline { id kind note officer } transfers { id state attempts { id outcome detail } } parcels { live { address } } } } }`

  it('one operation may ask for is bounded, counted over all its lists', async () => {
    const many = Array.from({ length: 300 }, () => dossier(here))
    expect((await entities(admin, many)).errors).toEqual([])
    const twice =
      'query ($representations: [_Any!]!) { a: _entities(representations: $representations) { __typename } b: _entities(representations: $representations) { __typename } }'
    const { status, errors } = await entities(admin, many, twice)
    expect([status, errors[0]?.extensions]).toEqual([
      400,
      { code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_REPRESENTATIONS', asked: 600, maxRepresentations: 500 },
    ])
  })

  it('weighs in what the operation costs, also where they are asked for by way of a fragment', async () => {
    expect((await entities(admin, [dossier(here)], deep)).errors).toEqual([])
    const { errors } = await entities(
      admin,
      Array.from({ length: 490 }, () => dossier(here)),
      deep.replaceAll('id ', 'id: id '),
    )
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', reason: 'QUERY_TOO_COSTLY', maxCost: 20_000 })
  })

  it('is bounded over a socket too', async () => {
    const client = api.subscribe(admin)
    const answers = client.iterate({ query: ENTITIES, variables: { representations: Array.from({ length: 501 }, () => dossier(here)) } })
    await expect(answers.next()).rejects.toMatchObject([{ extensions: { reason: 'QUERY_TOO_MANY_REPRESENTATIONS' } }])
    await client.dispose()
  })
})
