import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { lienthong, lienthongProcess } from '../support/command-line.js'
import {
  BEFORE,
  groundOf,
  NAMES,
  NOW,
  newDossier,
  OLD,
  OTHER_DISTRICT,
  oldDossier,
  seedCommunes,
  unit,
} from '../support/communes-of-2025.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

/** Sắp xếp đơn vị hành chính 1/7/2025, as it is searched for, answered and loaded. */
let api: TestApi
let admin: string
let folder: string
beforeAll(async () => {
  api = await startTestApi()
  admin = await api.token('admin')
  folder = await mkdtemp(join(tmpdir(), 'lienthong-units-'))
  await seedCommunes(api)
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

const ask = (filter: object) =>
  api.query(
    admin,
    `query ($d: DossierFilterInput, $t: TransferFilterInput) {
      dossiers(filter: $d, first: 100) { totalCount edges { node { code } } } transfers(filter: $t, first: 100) { edges { node { dossier { code } } } } }`,
    { d: filter, t: filter },
  )

/** The same of both lists. */
const find = async (filter: object): Promise<string[]> => {
  const { data, errors } = await ask(filter)
  expect(errors).toEqual([])
  const codes = data.dossiers.edges.map((edge: { node: { code: string } }) => edge.node.code).sort()
  expect(data.dossiers.totalCount).toBe(codes.length)
  expect(data.transfers.edges.map((edge: { node: { dossier: { code: string } } }) => edge.node.dossier.code).sort()).toEqual(codes)
  return codes
}

const RESOLVE = `query ($code: String, $name: String, $on: Date) { resolveAdministrativeUnit(code: $code, name: $name, on: $on) { __typename
  ... on AdministrativeUnitFound { unit { code name validFrom } today { code name } }
  ... on AdministrativeUnitAmbiguous { reason candidates { code name validFrom validTo } }
  ... on AdministrativeUnitUnknown { message } } }`
const resolve = async (variables: object) => {
  const { data, errors } = await api.query(admin, RESOLVE, variables)
  expect(errors).toEqual([])
  return data.resolveAdministrativeUnit
}

describe.each(Object.entries(OLD))('the new commune %s', (code, olds) => {
  const name = NAMES[code] as string

  it('is found by its code and by its name, with all that the old ones received', async () => {
    expect(await find({ commune: { code } })).toEqual(groundOf(code))
    expect(await find({ commune: { code, name: `Xã ${name}` } })).toEqual(groundOf(code))
    expect(await find({ commune: { code, on: NOW } })).toEqual([newDossier(code)])
  })

  it.each(olds)('was %s %s too, which is found by its own code and name', async (old, oldName) => {
    expect(await find({ commune: { code: old, on: BEFORE } })).toEqual([oldDossier(old)])
    expect(await find({ commune: { name: oldName, on: BEFORE } })).toEqual([oldDossier(old)])
    // Whose name is borne by the new one means that one, which holds the old one's.
    expect(await find({ commune: { name: oldName } })).toEqual(oldName === name ? groundOf(code) : [oldDossier(old)])
    if (!(old in OLD)) expect(await find({ commune: { code: old } })).toEqual([oldDossier(old)])
    expect(await resolve({ code: old, on: BEFORE })).toMatchObject({
      unit: { code: old, validFrom: '2000-01-01' },
      today: [{ code, name: `Xã ${name}` }],
    })
  })

  it.each(olds)('has the parcels of %s %s, which are found from both sides', async (old) => {
    const numbers = { mapSheetNumber: '1', parcelNumber: old.slice(2) }
    const kept = old === code ? [newDossier(code), oldDossier(old)].sort() : [oldDossier(old)]
    expect(await find({ parcel: { ...numbers, commune: { code } } })).toEqual(kept)
    expect(await find({ parcel: { ...numbers, commune: { code: old, on: BEFORE } } })).toEqual(kept)
    const other = code === '28594' ? '28603' : '28594'
    expect(await find({ parcel: { ...numbers, commune: { code: other } } })).toEqual([])
    // By an old code that nobody bears any more, without a day.
    if (!(old in OLD)) {
      expect(await find({ parcel: { ...numbers, commune: { code: old } } })).toEqual(kept)
      const key = { communeCode: old, ...numbers }
      const { data } = await api.query(
        admin,
        'query ($key: ParcelKeyInput!) { parcel(key: $key) { communeCode dossiers { edges { node { code } } } } }',
        { key },
      )
      expect(data.parcel).toEqual({ communeCode: code, dossiers: { edges: kept.map((one) => ({ node: { code: one } })) } })
    }
  })

  it('shows what it was formed from', async () => {
    const { data } = await api.query(
      admin,
      '{ administrativeUnits(on: "2026-03-02") { code successors { unit { code } } predecessors { rule unit { code name validTo successors { unit { code validFrom } } } } } }',
    )
    const shown = data.administrativeUnits.find((one: { code: string }) => one.code === code)
    expect(shown.successors).toEqual([])
    expect(shown.predecessors.map((one: { unit: { code: string } }) => one.unit.code)).toEqual(olds.map(([old]) => old).sort())
    for (const { rule, unit } of shown.predecessors)
      expect({ rule, ...unit }).toMatchObject({
        rule: null,
        validTo: '2025-06-30',
        successors: [{ unit: { code, validFrom: '2025-07-01' } }],
      })
  })
})

describe('a name', () => {
  it.each([
    ['with the tone mark on the other vowel', 'Lương Hoà Lạc', '28615'],
    ['with the tone mark on the other vowel, decomposed', 'xã An Thạnh Thuỷ'.normalize('NFD'), '28633'],
    ['without diacritics', 'an thanh thuy', '28633'],
    ['with diacritics in one word alone', 'an thanh thuỷ', '28633'],
  ])('is found %s', async (_how, name, code) => {
    expect(await find({ commune: { name } })).toEqual(groundOf(code))
    expect(await resolve({ name, on: NOW })).toMatchObject({ unit: { code, name: `Xã ${NAMES[code]}` } })
  })

  it('that nobody bears is said, and one code or name is needed', async () => {
    const reasonOf = async (filter: object) => (await ask(filter)).errors.map(({ extensions }: { extensions: object }) => extensions)[0]
    expect(await reasonOf({ commune: { name: 'Bình Phán' } })).toEqual({
      code: 'INVALID_INPUT',
      reason: 'COMMUNE_UNKNOWN',
      field: 'commune',
    })
    // A code that was mistyped, and one that nobody bore on that day, are no empty list.
    expect(await reasonOf({ commune: { code: '99999' } })).toMatchObject({ reason: 'COMMUNE_UNKNOWN', field: 'commune' })
    expect(await reasonOf({ commune: { code: '28597', on: '2026-03-02' } })).toMatchObject({ reason: 'COMMUNE_UNKNOWN' })
    expect(await reasonOf({ parcel: { commune: { code: '99999' }, mapSheetNumber: '1', parcelNumber: '1' } })).toMatchObject({
      reason: 'COMMUNE_UNKNOWN',
      field: 'parcel.commune',
    })
    expect(await reasonOf({ commune: {} })).toMatchObject({ reason: 'COMMUNE_MISSING' })
    expect(await resolve({ name: 'Bình Phán' })).toMatchObject({ __typename: 'AdministrativeUnitUnknown' })
  })
})

describe('a code that was used again', () => {
  it.each([
    ['28615', 'Xã Thanh Bình', 'Xã Lương Hòa Lạc'],
    ['28633', 'Xã Bình Phan', 'Xã An Thạnh Thủy'],
  ])('%s: without a day both %s and %s are the answer, and the caller chooses', async (code, was, is) => {
    expect(await resolve({ code })).toEqual({
      __typename: 'AdministrativeUnitAmbiguous',
      reason: 'SEVERAL_MEANINGS',
      candidates: [
        { code, name: is, validFrom: '2025-07-01', validTo: null },
        { code, name: was, validFrom: '2000-01-01', validTo: '2025-06-30' },
      ],
    })
    expect(await resolve({ code, on: BEFORE })).toMatchObject({ unit: { name: was }, today: [{ name: is }] })
    expect(await resolve({ code, on: NOW })).toMatchObject({ unit: { name: is } })
    expect(await resolve({ code, name: was })).toMatchObject({ unit: { name: was } })
    expect(await find({ commune: { code, name: was } })).toEqual([oldDossier(code)])
  })
})

describe('lienthong units', () => {
  const units = (...words: string[]) => lienthong(['units', ...words], { DATABASE_URL: api.databaseUrl })
  const write = async (rows: readonly object[], source = 'Nghị quyết thử'): Promise<string> => {
    const file = join(folder, 'don-vi.json')
    await writeFile(file, JSON.stringify({ source, units: rows }))
    return file
  }
  const listed = async () => (await units('list', '--json')).out
  const audited = () =>
    api.db.query<{ reason: string; after: Record<string, unknown> }>(
      `SELECT reason, after FROM audit_entry WHERE act = 'LOAD_UNITS' ORDER BY at`,
    )

  test('what is kept is listed as it can be loaded again, which changes nothing', async () => {
    const before = await listed()
    expect(JSON.parse(before).units).toHaveLength(25)
    const file = join(folder, 'dang-giu.json')
    await writeFile(file, before)
    expect(await units('load', file)).toMatchObject({ exitCode: 0, out: expect.stringContaining('không đổi gì') })
    expect(await listed()).toBe(before)
    expect(await audited()).toEqual([])
    expect((await units('list', '--code', '28615')).out).toMatch(
      /28615 +Xã Thanh Bình +82 Tiền Giang +2000-01-01 +2025-06-30 +28615\n28615 +Xã Lương Hòa Lạc/,
    )
  })

  test('a wrong map is refused with every fault, and nothing of it is loaded', async () => {
    const before = await listed()
    const wrong = [...OTHER_DISTRICT.slice(1), unit('29009', 'Xã Cuối', '2000-01-01', { validTo: '2025-06-30' })]
    const refused = await units('load', await write([...wrong, unit('28597', 'Xã Chen Vào', '2024-01-01')]))
    expect(refused).toMatchObject({ exitCode: 1, out: '' })
    expect(refused.err).toMatch(/^Tệp có 2 lỗi, chưa nạp gì:\n/)
    expect(refused.err).toContain('28597 Xã Chen Vào (từ 2024-01-01): chồng thời gian với 28597 Xã Trung Hòa')
    expect(refused.err).toContain('29009 Xã Cuối (từ 2000-01-01): hết hiệu lực 2025-06-30 mà không có đơn vị kế thừa')
    const malformed = await units('check', await write([{ code: '29001' }, unit('2900', 'Xã Ngắn', '2000-01-01')]))
    expect(malformed.err).toContain('  units, mục 1 (29001), name: thiếu\n')
    // What is wrong with the rows whose form is right is told in the same answer.
    expect(malformed.err).toContain('  2900 Xã Ngắn (từ 2000-01-01): mã phải có năm chữ số\n')
    expect(await listed()).toBe(before)
    expect(await audited()).toEqual([])
  })

  test('another district is loaded whole, once, with its audit entry; a split is answered with its parts', async () => {
    const file = await write(OTHER_DISTRICT)
    expect((await units('check', file)).out).toBe('Tệp đúng: thêm 5, sửa 0, giữ nguyên 0 đơn vị.\n')
    expect(JSON.parse((await lienthongProcess(['units', 'load', file, '--json'], { DATABASE_URL: api.databaseUrl })).out)).toEqual({
      added: 5,
      changed: 0,
      unchanged: 0,
      reopened: 0,
    })
    expect(JSON.parse((await units('load', file, '--json')).out)).toMatchObject({ added: 0, changed: 0, unchanged: 5 })
    expect(await audited()).toMatchObject([
      { reason: 'units load don-vi.json', after: { added: expect.arrayContaining(['29001@2000-01-01 Xã Thử Một']) } },
    ])

    const parts = [
      { code: '29001', name: 'Xã Thử Nhất' },
      { code: '29003', name: 'Xã Thử Ba' },
    ]
    expect(await resolve({ name: 'Thử Một' })).toMatchObject({ reason: 'SPLIT', candidates: parts })
    expect(await resolve({ name: 'Thử Một', on: BEFORE })).toMatchObject({ unit: { code: '29001' }, today: parts })
    const { data } = await api.query(admin, '{ administrativeUnits(on: "2025-06-30") { name successors { rule unit { code } } } }')
    expect(data.administrativeUnits.find((one: { name: string }) => one.name === 'Xã Thử Một').successors).toEqual([
      { rule: 'tờ bản đồ 1–20', unit: { code: '29001' } },
      { rule: 'các tờ còn lại', unit: { code: '29003' } },
    ])
  })

  test('a parcel of a commune that was split is not read from either part, and its dossiers are in the list of neither', async () => {
    const parcel = { mapSheetNumber: '31', parcelNumber: '7' }
    for (const communeCode of ['29001', '29003'])
      api.registry.parcels.push({ key: { communeCode, ...parcel }, areaM2: '99', landUses: [], certificateSerials: [], restrictions: [] })
    await seedDossier(api.db, {
      code: 'H58.22-250302-0031',
      commune: { code: '29001', on: BEFORE },
      receivedAt: '2025-03-02T01:00:00.000Z',
      parcel,
    })
    const { data } = await api.query(
      admin,
      `{ parcel(key: { communeCode: "29001", on: "${BEFORE}", mapSheetNumber: "31", parcelNumber: "7" }) { areaM2 }
         dossier(code: "H58.22-250302-0031") { parcels { unit { name } live { freshness { state } areaM2 } } } }`,
    )
    expect(data.parcel).toBeNull()
    expect(data.dossier.parcels).toMatchObject([{ unit: { name: 'Xã Thử Một' }, live: { areaM2: null } }])
    expect(await find({ commune: { code: '29001', on: NOW } })).toEqual([])
    const { data: kept } = await api.query(admin, '{ dossiers(filter: { commune: { name: "Thử Một" } }) { edges { node { code } } } }')
    expect(kept.dossiers.edges).toEqual([{ node: { code: 'H58.22-250302-0031' } }])
  })

  test('a name of two districts is refused with both', async () => {
    const { errors } = await ask({ commune: { name: 'Xuân Đông' } })
    expect(errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', reason: 'COMMUNE_AMBIGUOUS', field: 'commune' } })
    expect(errors[0]?.message).toMatch(/29002.*28642|28642.*29002/)
    expect(await find({ commune: { name: 'Xuân Đông', code: '28642' } })).toEqual([oldDossier('28642')])
  })

  test('what dossiers refer to does not come to mean something else, unless told; it may end after the last of them', async () => {
    const before = await listed()
    const heir = {
      code: '28597',
      name: 'Xã Trung Hòa',
      province: { code: '82', name: 'Tiền Giang' },
      validFrom: '2000-01-01',
      validTo: '2025-06-30',
    }
    const file = await write([{ ...heir, successors: [{ code: '28594' }] }])
    const refused = await units('load', file)
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('28597 Xã Trung Hòa (từ 2000-01-01): đã có hồ sơ') })
    expect(await listed()).toBe(before)
    expect((await units('load', await write([{ ...heir, name: 'Xã Trung Hoà', successors: [{ code: '28603' }] }]))).exitCode).toBe(0)

    const province = { code: '82', name: 'Đồng Tháp' }
    const end = (validTo: string, from: string) =>
      write([
        { code: '28648', name: 'Xã Bình Ninh', province, validFrom: '2025-07-01', validTo, successors: [{ code: '28648' }] },
        { code: '28648', name: 'Phường Bình Ninh', province, validFrom: from },
      ])
    expect((await units('load', await end('2026-01-31', '2026-02-01'))).err).toContain('gần nhất 2026-03-02')
    expect((await units('load', await end('2026-06-30', '2026-07-01'))).exitCode).toBe(0)
    expect(await find({ commune: { name: 'Phường Bình Ninh' } })).toEqual(groundOf('28648'))
    expect((await units('load', await write([{ ...heir, successors: [{ code: '28594' }] }]), '--change-meaning')).exitCode).toBe(0)
    expect(await resolve({ code: '28597' })).toMatchObject({ today: [{ code: '28594' }] })
  })
})
