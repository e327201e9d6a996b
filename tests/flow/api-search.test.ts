import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

const HERE = { code: '28633', on: '2026-03-02' }
let api: TestApi
let officer: string

beforeAll(async () => {
  api = await startTestApi()
  officer = await api.token('officer', ['28633'])
})

afterAll(() => api.close())

const codesOf = (connection: { edges: { node: { code: string } }[] }): string[] => connection.edges.map((edge) => edge.node.code)

const find = async (filter: object, token = officer): Promise<string[]> => {
  const answer = await api.query(
    token,
    'query ($filter: DossierFilterInput) { dossiers(filter: $filter, first: 100) { totalCount edges { node { code } } } }',
    { filter },
  )
  expect(answer.errors).toEqual([])
  expect(answer.data.dossiers.totalCount).toBe(answer.data.dossiers.edges.length)
  return codesOf(answer.data.dossiers).sort()
}

describe('a list read page by page', () => {
  it('shows every dossier that was there at the start exactly once while others come in, in each order', async () => {
    const early = Array.from({ length: 7 }, (_, index) => `H58.22-260105-10${String(index).padStart(2, '0')}`)
    // Equal instants, so that the id has to decide.
    for (const code of early)
      await seedDossier(api.db, { code, commune: HERE, receivedAt: '2026-01-05T02:00:00.000Z', dueAt: '2026-01-15T02:00:00.000Z' })
    for (const orderBy of ['RECEIVED_AT_DESC', 'RECEIVED_AT_ASC', 'DUE_AT_ASC', 'DUE_AT_DESC']) {
      const seen: string[] = []
      let after: string | null = null
      for (let page = 0; page < 50; page++) {
        const answer = await api.query(
          officer,
          'query ($after: String, $orderBy: DossierOrder!) { dossiers(first: 2, after: $after, orderBy: $orderBy) { edges { node { code } } pageInfo { hasNextPage endCursor } } }',
          { after, orderBy },
        )
        seen.push(...codesOf(answer.data.dossiers))
        // One on either side of what has been read, between the same instants.
        const day = page % 2 === 0 ? '2026-01-05T02:00:00.000Z' : '2026-01-04T02:00:00.000Z'
        if (page < 4)
          await seedDossier(api.db, {
            code: `H58.22-260105-${randomUUID().replace(/\D/g, '').padEnd(5, '0').slice(0, 5)}`,
            commune: HERE,
            receivedAt: day,
            dueAt: day,
          })
        if (!answer.data.dossiers.pageInfo.hasNextPage) break
        after = answer.data.dossiers.pageInfo.endCursor
      }
      expect(seen.filter((code) => early.includes(code)).sort()).toEqual(early)
      expect(new Set(seen).size).toBe(seen.length)
    }
  })

  it('refuses a cursor of another order and a page of more than 100 rows, naming the field', async () => {
    const first = await api.query(officer, '{ dossiers(first: 1) { pageInfo { endCursor } } }')
    const wrong = await api.query(officer, 'query ($after: String) { dossiers(after: $after, orderBy: DUE_AT_ASC) { totalCount } }', {
      after: first.data.dossiers.pageInfo.endCursor,
    })
    expect(wrong.errors[0]?.extensions).toEqual({ code: 'INVALID_INPUT', reason: 'CURSOR_INVALID', field: 'after' })
    const large = await api.query(officer, '{ dossiers(first: 101) { totalCount } }')
    expect(large.errors[0]).toMatchObject({
      message: 'Số dòng một trang phải từ 1 đến 100.',
      extensions: { code: 'INVALID_INPUT', field: 'first' },
    })
  })
})

describe('a search', () => {
  beforeAll(async () => {
    await seedDossier(api.db, {
      code: 'H58.22-260210-0001',
      commune: HERE,
      applicant: 'Đặng Thị Ngọc Ánh',
      idNumber: '082188000777',
      status: 'IN_PROGRESS',
      procedureCode: '1.012784',
      dueAt: '2026-02-20T09:00:00.000Z',
      parcel: { mapSheetNumber: '15', parcelNumber: '203' },
      certificate: 'CD98765432',
    })
    await seedDossier(api.db, {
      code: 'H58.22-260210-0002',
      commune: HERE,
      applicant: 'Đặng Văn 100% Thử',
      dueAt: '2026-02-25T09:00:00.000Z',
    })
  })

  it.each([
    ['words without diacritics, in any order', { text: 'anh dang ngoc' }, ['H58.22-260210-0001']],
    ['words with diacritics', { text: 'NGỌC ÁNH' }, ['H58.22-260210-0001']],
    ['a percent sign as itself', { text: 'dang 100%' }, ['H58.22-260210-0002']],
    ['an underscore as itself', { text: 'd_ng' }, []],
    ['a name', { applicant: 'dang thi' }, ['H58.22-260210-0001']],
    ['an identity number', { applicant: '082188000777' }, ['H58.22-260210-0001']],
    ['a part of an identity number: not at all', { applicant: '082188' }, []],
    ['a code', { code: 'H58.22-260210-0002' }, ['H58.22-260210-0002']],
    ['a parcel', { parcel: { commune: { code: '28633' }, mapSheetNumber: '15', parcelNumber: '203' } }, ['H58.22-260210-0001']],
    ['the same numbers in another commune', { parcel: { commune: { code: '28615' }, mapSheetNumber: '15', parcelNumber: '203' } }, []],
    ['a serial with a space', { certificateSerial: 'CD 98765432' }, ['H58.22-260210-0001']],
    ['a status', { statuses: ['IN_PROGRESS'] }, ['H58.22-260210-0001']],
    ['a procedure by its long code', { procedureCode: '1.012784.000.00.00.H58' }, ['H58.22-260210-0001']],
    ['a due window', { dueFrom: '2026-02-20T00:00:00+07:00', dueTo: '2026-02-21T00:00:00+07:00' }, ['H58.22-260210-0001']],
    ['a commune as its code was meant before', { commune: { code: '28633', on: '2025-01-01' }, text: 'dang' }, []],
    ['a commune as its code is meant now', { commune: { code: '28633' }, text: 'dang' }, ['H58.22-260210-0001', 'H58.22-260210-0002']],
  ])('finds by %s', async (_what, filter, expected) => {
    expect(await find(filter)).toEqual(expected)
  })

  it("reports of a known dossier under another system's code", async () => {
    const { id } = await seedDossier(api.db, { code: 'H58.22-260210-0009', commune: HERE })
    await api.db.query(`INSERT INTO dossier_identifier (dossier_id, system_id, value) VALUES ($1, 'PORTAL', 'H58.22-260210-77777')`, [id])
    const answer = await api.query(officer, '{ dossier(code: "H58.22-260210-77777") { code externalIdentifiers { systemId value } } }')
    expect(answer.data.dossier).toEqual({
      code: 'H58.22-260210-0009',
      externalIdentifiers: [{ systemId: 'PORTAL', value: 'H58.22-260210-77777' }],
    })
  })
})

describe('the interlink state', () => {
  const STATES = {
    NONE: [],
    IN_SYNC: [{ state: 'DELIVERED', dossierVersion: 3 }, { state: 'ABANDONED' }],
    IN_FLIGHT: [{ state: 'DELIVERED' }, { state: 'PLANNED' }],
    DELAYED: [{ state: 'WAITING_RETRY', lastError: 'Không kết nối được' }, { state: 'PLANNED' }],
    NEEDS_ATTENTION: [{ state: 'HELD', heldReason: 'MAPPING_MISSING' }, { state: 'PLANNED' }],
  } as const

  beforeAll(async () => {
    for (const [index, [name, transfers]] of Object.entries(STATES).entries()) {
      const dossier = await seedDossier(api.db, {
        code: `H58.22-260301-000${index}`,
        commune: HERE,
        applicant: `Lê Mẫu ${name}`,
        summary: 'liên thông',
      })
      for (const [position, transfer] of transfers.entries()) await seedTransfer(api.db, { dossier, sequence: position + 1, ...transfer })
    }
  })

  it('is filtered as it is shown', async () => {
    for (const [index, state] of Object.keys(STATES).entries()) {
      const found = await find({ interlink: [state], receivedFrom: '2026-03-01T00:00:00Z', text: 'Le Mau' })
      expect([state, found]).toEqual([state, [`H58.22-260301-000${index}`]])
      const answer = await api.query(officer, 'query ($code: String!) { dossier(code: $code) { interlink { state } } }', { code: found[0] })
      expect(answer.data.dossier.interlink.state).toBe(state)
    }
  })

  it.each([
    ['PAUSE', `UPDATE system_gate SET paused_at = app_now() WHERE system_id = 'VILIS'`, `UPDATE system_gate SET paused_at = NULL`],
    [
      'MAINTENANCE',
      `INSERT INTO maintenance_window (id, system_id, starts_at, ends_at, reason, planned_by)
       VALUES ('${randomUUID()}', 'VILIS', app_now() - interval '1 hour', app_now() + interval '1 hour', 'nâng cấp', 'quản trị')`,
      `UPDATE maintenance_window SET ended_at = app_now(), ended_by = 'quản trị'`,
    ],
    [
      'BREAKER',
      `UPDATE system_breaker SET open_until = app_now() + interval '1 hour' WHERE system_id = 'VILIS' AND class = 'SEND'`,
      `UPDATE system_breaker SET open_until = NULL`,
    ],
  ])('of what was never tried is delayed while its system is not called: %s', async (kind, shut, opened) => {
    await api.db.query(`${shut} RETURNING 1 AS done`)
    const within = { receivedFrom: '2026-03-01T00:00:00Z', text: 'Le Mau' }
    const both = ['H58.22-260301-0002', 'H58.22-260301-0003']
    expect(await find({ ...within, interlink: ['DELAYED'] })).toEqual(both)
    expect(await find({ ...within, interlink: ['IN_FLIGHT'] })).toEqual([])
    expect(await find({ ...within, interlink: ['IN_SYNC'] })).toEqual(['H58.22-260301-0001'])
    const ranked = await api.query(
      officer,
      '{ dossiers(first: 9, orderBy: DUE_AT_ASC, filter: { interlink: [DELAYED] }) { edges { node { code interlink { state waitingFor { kind } } } } } }',
    )
    const [neverTried] = ranked.data.dossiers.edges.filter(({ node }: { node: { code: string } }) => node.code === both[0])
    expect(neverTried.node.interlink).toEqual({ state: 'DELAYED', waitingFor: { kind } })
    await api.db.query(`${opened} RETURNING 1 AS done`)
    expect(await find({ ...within, interlink: ['IN_FLIGHT'] })).toEqual(['H58.22-260301-0002'])
  })

  it('says what is waited for, what is blocked by what, and which version each system has', async () => {
    const query = `query ($code: String!) { dossier(code: $code) {
      interlink { state since waitingFor { systemId reason transfer { sequence } } }
      acknowledgements { systemId version }
      transfers { sequence state stateLabel blockedBy { sequence } attempts { number } } } }`
    const delayed = (await api.query(officer, query, { code: 'H58.22-260301-0003' })).data.dossier
    expect(delayed.interlink).toMatchObject({
      state: 'DELAYED',
      since: expect.stringMatching(/\+07:00$/),
      waitingFor: {
        systemId: 'VILIS',
        reason: 'Hệ thống nhận chưa sẵn sàng, sẽ tự gửi lại: Không kết nối được',
        transfer: { sequence: 1 },
      },
    })
    expect(delayed.transfers.map((transfer: { blockedBy: unknown }) => transfer.blockedBy)).toEqual([null, { sequence: 1 }])
    const inSync = (await api.query(officer, query, { code: 'H58.22-260301-0001' })).data.dossier
    expect(inSync.acknowledgements).toEqual([{ systemId: 'VILIS', version: 3 }])
    expect(inSync.interlink.waitingFor).toBeNull()
  })
})

describe('parts that live in the land registry', () => {
  const QUERY = `query ($code: String!) { dossier(code: $code) { code
    parcels { mapSheetNumber areaM2 live(read: LIVE) { areaM2 knownToRegistry landUses { code } freshness { source asOf staleBecause errorCode } } }
    certificates { serialNumber live(read: LIVE) { registerNumber landUserName freshness { asOf staleBecause } } } } }`
  const code = 'H58.22-260303-0001'

  beforeAll(async () => {
    await seedDossier(api.db, { code, commune: HERE, parcel: { mapSheetNumber: '9', parcelNumber: '88' }, certificate: 'AB111222' })
    api.registry.parcels.push({
      key: { communeCode: '28633', mapSheetNumber: '9', parcelNumber: '88' },
      areaM2: '119.80',
      landUses: [{ code: 'ONT' }],
      certificateSerials: ['AB111222'],
      restrictions: [],
    })
    api.registry.certificates.push({ serialNumber: 'AB111222', registerNumber: 'CS 00042', landUserName: 'Phạm Thị Thử', parcels: [] })
  })

  it('are null with the reason while it has never been read, live when it answers, and the last known when it is down again', async () => {
    api.registry.down = true
    const never = await api.query(officer, QUERY, { code })
    expect(new Map(never.errors.map(({ path, extensions }) => [path?.join('.'), extensions]))).toEqual(
      new Map([
        ['dossier.parcels.0.live.areaM2', { code: 'UPSTREAM_UNAVAILABLE', system: 'VILIS' }],
        ['dossier.certificates.0.live.registerNumber', { code: 'UPSTREAM_UNAVAILABLE', system: 'VILIS' }],
      ]),
    )
    expect(never.errors).toHaveLength(2)
    expect(never.data.dossier.parcels[0]).toEqual({
      mapSheetNumber: '9',
      areaM2: '120.50',
      live: {
        areaM2: null,
        knownToRegistry: null,
        landUses: null,
        freshness: {
          source: 'VILIS',
          asOf: null,
          staleBecause: 'Chưa đọc được phần mềm đất đai (ViLIS)',
          errorCode: 'UPSTREAM_UNAVAILABLE',
        },
      },
    })
    api.registry.down = false
    const live = await api.query(officer, QUERY, { code })
    expect(live.data.dossier.parcels[0].live).toMatchObject({
      areaM2: '119.80',
      knownToRegistry: true,
      freshness: { staleBecause: null, asOf: '2026-03-05T09:00:00.000+07:00' },
    })
    expect(live.data.dossier.certificates[0].live).toMatchObject({ registerNumber: 'CS 00042', landUserName: 'Phạm Thị Thử' })
    api.registry.down = true
    const stale = await api.query(officer, QUERY, { code })
    expect(stale.errors).toEqual([])
    expect(stale.data.dossier.parcels[0].live).toMatchObject({
      areaM2: '119.80',
      freshness: { asOf: '2026-03-05T09:00:00.000+07:00', staleBecause: 'Chưa đọc được phần mềm đất đai (ViLIS)' },
    })
    api.registry.down = false
    const masked = await api.query(await api.token('operator'), QUERY, { code })
    expect(masked.data.dossier.certificates[0].live.landUserName).toBe('P*** T*** T***')
  })

  it('that are asked for by themselves carry a typed error once when they were never read, and the rest of the answer comes', async () => {
    api.registry.down = true
    const { data, errors } = await api.query(
      officer,
      `{ parcel(key: { communeCode: "28633", mapSheetNumber: "9", parcelNumber: "4040" }) { mapSheetNumber landUses { code } areaM2
           knownToRegistry freshness { errorCode } dossiers { totalCount } } procedures { code } }`,
    )
    api.registry.down = false
    expect(errors).toMatchObject([{ path: ['parcel', 'landUses'], extensions: { code: 'UPSTREAM_UNAVAILABLE', system: 'VILIS' } }])
    expect(data.parcel).toEqual({
      mapSheetNumber: '9',
      landUses: null,
      areaM2: null,
      knownToRegistry: null,
      freshness: { errorCode: 'UPSTREAM_UNAVAILABLE' },
      dossiers: { totalCount: 0 },
    })
    expect(data.procedures.length).toBeGreaterThan(0)
    const absent = await api.query(
      officer,
      '{ parcel(key: { communeCode: "28633", mapSheetNumber: "9", parcelNumber: "4040" }) { areaM2 knownToRegistry } }',
    )
    expect([absent.errors, absent.data.parcel]).toEqual([[], { areaM2: null, knownToRegistry: false }])
  })

  it('are read in one call each for a whole list', async () => {
    for (let index = 0; index < 5; index++)
      await seedDossier(api.db, {
        code: `H58.22-260304-000${index}`,
        commune: HERE,
        parcel: { mapSheetNumber: '9', parcelNumber: `${index}` },
        certificate: `AC00000${index}`,
      })
    api.registry.calls.length = 0
    const answer = await api.query(
      officer,
      '{ dossiers(filter: { text: "260304" }) { edges { node { parcels { live { areaM2 } } certificates { live { registerNumber } } } } } }',
    )
    expect(answer.data.dossiers.edges).toHaveLength(5)
    expect(api.registry.calls).toEqual(
      expect.arrayContaining([
        { kind: 'PARCELS', count: 5 },
        { kind: 'CERTIFICATES', count: 5 },
      ]),
    )
    expect(api.registry.calls).toHaveLength(2)
  })
})

describe('transfers by the due date of their dossiers', () => {
  const dueIn = async (filter: object) =>
    api.query(
      officer,
      'query ($filter: TransferFilterInput) { transfers(filter: $filter, first: 100) { edges { node { dossier { code } } } } }',
      { filter },
    )

  it('finds those of a stretch, and what is not done by its latest day alone; a stretch without an end is refused with a sentence', async () => {
    const code = 'H58.22-260105-7001'
    const dossier = await seedDossier(api.db, {
      code,
      commune: HERE,
      receivedAt: '2026-01-05T02:00:00.000Z',
      dueAt: '2026-02-03T02:00:00.000Z',
    })
    await seedTransfer(api.db, { dossier, state: 'HELD', heldReason: 'UNCERTAIN' })
    const there = { transfers: { edges: [{ node: { dossier: { code } } }] } }
    const range = { dueFrom: '2026-02-03T00:00:00+07:00', dueTo: '2026-02-03T23:59:59+07:00' }
    expect((await dueIn(range)).data).toEqual(there)
    expect((await dueIn({ states: ['HELD'], dossierCode: code, dueFrom: range.dueFrom })).data).toEqual(there)
    expect((await dueIn({ states: ['HELD'], dossierCode: code, dueTo: '2026-02-02T23:59:59+07:00' })).data.transfers.edges).toEqual([])
    const { errors } = await dueIn({ dueFrom: range.dueFrom })
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/nhiều nhất 92 ngày/), extensions: { code: 'INVALID_INPUT', field: 'dueTo' } },
    ])
  })
})
