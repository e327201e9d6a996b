import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SeededDossier } from '../support/seed-dossiers.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import type { TestApi, TestRole } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

/**
 * Four dossiers: two of today's communes, one of the old Bình Phan (28633 until June 2025, passed to the new An Thạnh Thủy, which took over
 * that code), and one of the old Thanh Bình's code 28615's neighbour Phú Kiết (28609, passed to the new Lương Hòa Lạc, 28615).
 */
const AN_THANH_THUY = '28633'
const LUONG_HOA_LAC = '28615'
const NOW = '2026-03-02'
const BEFORE = '2025-03-02'

let api: TestApi
const dossiers: Record<'anThanhThuy' | 'binhPhan' | 'luongHoaLac' | 'phuKiet', SeededDossier> = {} as never
const transfers: Record<keyof typeof dossiers, string> = {} as never

beforeAll(async () => {
  api = await startTestApi()
  const seeds = {
    anThanhThuy: { code: 'H58.22-260302-0001', commune: { code: '28633', on: NOW } },
    binhPhan: { code: 'H58.22-250302-0002', commune: { code: '28633', on: BEFORE } },
    luongHoaLac: { code: 'H58.22-260302-0003', commune: { code: '28615', on: NOW } },
    phuKiet: { code: 'H58.22-250302-0004', commune: { code: '28609', on: BEFORE } },
  } as const
  for (const [name, seed] of Object.entries(seeds) as [keyof typeof dossiers, (typeof seeds)[keyof typeof dossiers]][]) {
    dossiers[name] = await seedDossier(api.db, { ...seed, parcel: { mapSheetNumber: '7', parcelNumber: '12' }, certificate: 'BX123456' })
    transfers[name] = await seedTransfer(api.db, { dossier: dossiers[name] })
  }
  const at = (communeCode: string, mapSheetNumber: string) => [{ communeCode, mapSheetNumber, parcelNumber: '12' }]
  const landUserName = 'Lê Thị Thử'
  api.registry.certificates.push(
    { serialNumber: 'BX123456', landUserName, parcels: at(AN_THANH_THUY, '7') },
    { serialNumber: 'BX777777', landUserName, parcels: at(AN_THANH_THUY, '7') },
    { serialNumber: 'BX999999', landUserName, parcels: at(AN_THANH_THUY, '9') },
  )
  for (const mapSheetNumber of ['7', '9'])
    api.registry.parcels.push({
      key: { communeCode: AN_THANH_THUY, mapSheetNumber, parcelNumber: '12' },
      address: 'Số 1 đường Thử, Xã Mẫu',
      landUses: [],
      certificateSerials: [],
      restrictions: ['Thế chấp của ông Lê Văn Thử'],
    })
})

afterAll(() => api.close())

const codes = (names: readonly (keyof typeof dossiers)[]): string[] => names.map((name) => dossiers[name].code).sort()

const ALL = ['anThanhThuy', 'binhPhan', 'luongHoaLac', 'phuKiet'] as const
const MATRIX: readonly [role: TestRole, communes: readonly string[] | undefined, sees: readonly (keyof typeof dossiers)[]][] = [
  ['admin', undefined, ALL],
  ['operator', undefined, ALL],
  ['officer', [AN_THANH_THUY], ['anThanhThuy', 'binhPhan']],
  ['officer', [LUONG_HOA_LAC], ['luongHoaLac', 'phuKiet']],
  ['officer', [AN_THANH_THUY, LUONG_HOA_LAC], ALL],
  ['officer', ['28594'], []],
  // A code that nobody bears today names nothing, though it once did.
  ['officer', ['28609'], []],
]

describe.each(MATRIX)('%s of %j', (role, communes, sees) => {
  it('lists, counts, opens and finds through transfers and parcels exactly what is theirs', async () => {
    const token = await api.token(role, communes)
    const answer = await api.query(
      token,
      `{ dossiers(first: 10) { totalCount edges { node { code } } }
         transfers(first: 10) { totalCount edges { node { id dossier { code } } } }
         systems { id queueDepth } }`,
    )
    expect(answer.errors).toEqual([])
    expect(answer.data.dossiers.edges.map((edge: { node: { code: string } }) => edge.node.code).sort()).toEqual(codes(sees))
    expect(answer.data.dossiers.totalCount).toBe(sees.length)
    expect(answer.data.transfers.edges.map((edge: { node: { dossier: { code: string } } }) => edge.node.dossier.code).sort()).toEqual(
      codes(sees),
    )
    expect(answer.data.transfers.totalCount).toBe(sees.length)
    expect(answer.data.systems.find((system: { id: string }) => system.id === 'VILIS').queueDepth).toBe(sees.length)
    for (const name of ALL) {
      const node = await api.query(token, 'query ($code: String!, $id: ID!) { dossier(code: $code) { code } transfer(id: $id) { id } }', {
        code: dossiers[name].code,
        id: transfers[name],
      })
      const visible = sees.includes(name)
      expect(node.data).toEqual(
        visible ? { dossier: { code: dossiers[name].code }, transfer: { id: transfers[name] } } : { dossier: null, transfer: null },
      )
      expect(node.errors.map((error) => error.extensions.code)).toEqual(visible ? [] : ['NOT_FOUND', 'NOT_FOUND'])
    }
  })

  it('reaches through a parcel and a certificate no dossier that is not theirs', async () => {
    const token = await api.token(role, communes)
    const answer = await api.query(
      token,
      `{ parcel(key: { communeCode: "28633", mapSheetNumber: "7", parcelNumber: "12" }) { dossiers { totalCount edges { node { code } } } }
         certificate(serialNumber: "BX 123456") { dossiers { totalCount edges { node { code } } } } }`,
    )
    const here = sees.filter((name) => name === 'anThanhThuy' || name === 'binhPhan')
    expect(answer.data.parcel?.dossiers.edges.map((edge: { node: { code: string } }) => edge.node.code).sort() ?? []).toEqual(codes(here))
    expect(answer.data.certificate?.dossiers.edges.map((edge: { node: { code: string } }) => edge.node.code).sort() ?? []).toEqual(
      codes(sees),
    )
  })
})

/** BX123456: dossiers name it. BX777777: they name its parcel alone. BX999999: nobody has handed anything in about it. */
const LAND_USERS: readonly [role: TestRole, communes: readonly string[] | undefined, named: string, byParcel: string, neither: string][] = [
  ['admin', undefined, 'CLEAR', 'CLEAR', 'CLEAR'],
  ['operator', undefined, 'MASKED', 'MASKED', 'MASKED'],
  ['officer', [AN_THANH_THUY], 'CLEAR', 'CLEAR', 'MASKED'],
  // Their own dossier names this certificate of land that lies elsewhere.
  ['officer', [LUONG_HOA_LAC], 'CLEAR', 'NOT_FOUND', 'NOT_FOUND'],
  ['officer', ['28594'], 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  ['citizen-app', undefined, 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
]

describe.each(LAND_USERS)('the land user, to %s of %j', (role, communes, named, byParcel, neither) => {
  const shown = async (query: string, clear: RegExp): Promise<unknown> => {
    const { data, errors } = await api.query(await api.token(role, communes), query)
    if (errors[0]) return errors[0].extensions.code
    const text = JSON.stringify(data)
    return clear.test(text) ? 'CLEAR' : /\*\*\*/.test(text) ? 'MASKED' : text
  }

  it(`of a certificate that dossiers name is ${named}, whose parcel they name ${byParcel}, of any other ${neither}`, async () => {
    const land = (serial: string) => shown(`{ certificate(serialNumber: "${serial}") { landUserName } }`, /Lê Thị Thử/)
    expect([await land('BX 123456'), await land('BX 777777'), await land('BX 999999')]).toEqual([named, byParcel, neither])
  })

  it('of a parcel is in clear only where a dossier of theirs refers to it', async () => {
    const land = (sheet: string) =>
      shown(
        `{ parcel(key: { communeCode: "28633", mapSheetNumber: "${sheet}", parcelNumber: "12" }) { address restrictions } }`,
        /Số 1 đường Thử.*Lê Văn Thử/,
      )
    expect([await land('7'), await land('9')]).toEqual([byParcel, neither])
  })
})

describe('citizen-app', () => {
  it('reaches a dossier by its exact code, masked, and nothing beyond it', async () => {
    const token = await api.token('citizen-app')
    const one = await api.query(
      token,
      'query ($code: String!) { dossier(code: $code) { code applicant { fullName idNumber phone address } summary } }',
      {
        code: dossiers.luongHoaLac.code,
      },
    )
    expect(one.errors).toEqual([])
    expect(one.data.dossier.applicant).toEqual({
      fullName: 'T*** T*** M***',
      idNumber: '*********123',
      phone: '*******456',
      address: '***, Xã Mẫu',
    })
    expect(one.data.dossier.summary).toBe('Cấp đổi giấy chứng nhận cho T*** T*** M***')
    for (const query of [
      '{ dossiers { totalCount } }',
      '{ transfers { totalCount } }',
      '{ systems { id } }',
      `{ transfer(id: "${transfers.anThanhThuy}") { id } }`,
      '{ parcel(key: { communeCode: "28633", mapSheetNumber: "7", parcelNumber: "12" }) { areaM2 } }',
      '{ certificate(serialNumber: "BX 123456") { registerNumber } }',
    ]) {
      const answer = await api.query(token, query)
      expect([query, answer.errors.map((error) => error.extensions.code)]).toEqual([query, ['FORBIDDEN']])
    }
    const beyond = await api.query(
      token,
      'query ($code: String!) { dossier(code: $code) { parcels { live { dossiers { totalCount } } } } }',
      {
        code: dossiers.luongHoaLac.code,
      },
    )
    expect(beyond.data.dossier.parcels[0].live.dossiers).toBeNull()
    expect(beyond.errors.map((error) => error.extensions.code)).toEqual(['FORBIDDEN'])
  })
})

describe('personal data', () => {
  const QUERY = 'query ($code: String!) { dossier(code: $code) { applicant { fullName idNumber phone } summary } }'

  it('is shown in clear to the officer of the commune and to an administrator, masked to an operator', async () => {
    const shown = async (token: string) => (await api.query(token, QUERY, { code: dossiers.anThanhThuy.code })).data.dossier.applicant
    const clear = { fullName: 'Trần Thị Mẫu', idNumber: '082199000123', phone: '0900000456' }
    expect(await shown(await api.token('officer', [AN_THANH_THUY]))).toEqual(clear)
    expect(await shown(await api.token('admin'))).toEqual(clear)
    expect(await shown(await api.token('operator'))).toEqual({ fullName: 'T*** T*** M***', idNumber: '*********123', phone: '*******456' })
  })

  it('cannot be guessed by searching with a role that does not see it', async () => {
    const operator = await api.token('operator')
    const byName = await api.query(operator, '{ dossiers(filter: { applicant: "Trần Thị Mẫu" }) { totalCount } }')
    expect(byName.errors.map((error) => error.extensions.code)).toEqual(['FORBIDDEN'])
    const byText = await api.query(operator, '{ dossiers(filter: { text: "tran thi mau" }) { totalCount } }')
    expect(byText.data.dossiers.totalCount).toBe(0)
    const byCode = await api.query(operator, '{ dossiers(filter: { text: "260302-0001" }) { totalCount } }')
    expect(byCode.data.dossiers.totalCount).toBe(1)
  })
})
