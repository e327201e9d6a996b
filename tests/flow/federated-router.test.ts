import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { FeeSubgraph } from '../support/fee-subgraph.js'
import { startFeeSubgraph } from '../support/fee-subgraph.js'
import type { TestRouter } from '../support/router.js'
import { startRouter } from '../support/router.js'
import { seedDossier } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

/** Our graph and that of another service, composed and queried through a router that is neither ours nor of the maker of our server. */
const AN_THANH_THUY = '28633'
const LUONG_HOA_LAC = '28615'
const HERE = ['H58.22-260302-0001', 'H58.22-260302-0002']
const THERE = 'H58.22-260302-0003'

let api: TestApi
let fees: FeeSubgraph
let router: TestRouter
let officer: string

beforeAll(async () => {
  api = await startTestApi({ limits: { introspection: true } })
  officer = await api.token('officer', [AN_THANH_THUY])
  const on = '2026-03-02'
  for (const [n, code] of HERE.entries())
    await seedDossier(api.db, {
      code,
      commune: { code: AN_THANH_THUY, on },
      parcel: { mapSheetNumber: String(n + 1), parcelNumber: '12' },
      receivedAt: `2026-03-0${n + 1}T01:00:00.000Z`,
    })
  await seedDossier(api.db, { code: THERE, commune: { code: LUONG_HOA_LAC, on } })
  fees = await startFeeSubgraph(
    [...HERE, THERE].map((dossierCode, n) => ({ number: `LP-${n}`, amountVnd: '9007199254740993', dossierCode })),
  )
  router = await startRouter(await api.token('admin'), [
    { name: 'lienthong', url: `${api.url}/graphql` },
    { name: 'le-phi', url: fees.url },
  ])
})

afterAll(async () => {
  await router?.stop()
  await fees?.stop()
  await api.close()
})

beforeEach(() => {
  fees.asked.length = 0
  api.logged.length = 0
  api.statements.length = 0
  api.registry.calls.length = 0
})

const answered = (): number => api.logged.filter((line) => line.includes('"route":"/graphql"')).length

const FEES = '{ fees { number amountVnd dossier { code statusCode applicant { fullName } } } }'

describe('fees of another service', () => {
  it('show, for an officer, the dossiers of their communes, and of no other', async () => {
    const { data, errors } = await router.ask(officer, FEES)
    const seen = (code: string, n: number) => ({
      number: `LP-${n}`,
      amountVnd: '9007199254740993',
      dossier: { code, statusCode: 2, applicant: { fullName: 'Trần Thị Mẫu' } },
    })
    expect(data.fees).toEqual([...HERE.map(seen), { number: 'LP-2', amountVnd: '9007199254740993', dossier: null }])
    // The router's own: it had a field of ours for certain, and is told that there is no such dossier.
    expect(errors.map(({ path }) => path)).toEqual([['fees', 2, 'dossier', 'statusCode']])
  })

  it('ask us for all their dossiers once: one request, one statement', async () => {
    await router.ask(officer, FEES)
    expect(answered()).toBe(1)
    expect(api.statements.filter((text) => /WHERE d\.code = ANY/.test(text))).toHaveLength(1)
  })

  it('show them masked to an operator and to the application of citizens', async () => {
    for (const role of ['operator', 'citizen-app'] as const) {
      const { data } = await router.ask(await api.token(role), FEES)
      expect(data.fees.map((fee: { dossier: object }) => fee.dossier)).toEqual(
        [...HERE, THERE].map((code) => ({ code, statusCode: 2, applicant: { fullName: 'T*** T*** M***' } })),
      )
    }
  })

  it('show nothing of ours to a caller whom we do not know', async () => {
    const { data, errors } = await router.ask(await api.token('officer', [AN_THANH_THUY], -60), FEES)
    expect(JSON.stringify(data)).not.toMatch(/Mẫu|statusCode":\d/)
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' })
  })
})

describe('our dossiers and land', () => {
  it('carry what the other service adds to them, asked once a kind', async () => {
    const { data, errors } = await router.ask(
      officer,
      '{ dossiers(first: 10, orderBy: RECEIVED_AT_ASC) { edges { node { code fees { number } parcels { live { mapSheetNumber priceVndPerM2 } } } } } }',
    )
    expect(errors).toEqual([])
    expect(data.dossiers.edges.map(({ node }: { node: object }) => node)).toEqual(
      HERE.map((code, n) => ({
        code,
        fees: [{ number: `LP-${n}` }],
        parcels: [{ live: { mapSheetNumber: String(n + 1), priceVndPerM2: `${n + 1}000000` } }],
      })),
    )
    expect(fees.asked).toHaveLength(2)
    // Hive asks for the parcels by their dossiers' keys once more, after the fees: two requests of ours, never one a dossier.
    expect(answered()).toBeLessThanOrEqual(2)
    expect(api.registry.calls.every(({ count }) => count === HERE.length)).toBe(true)
  })
})
