import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SeededDossier } from '../support/seed-dossiers.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

let api: TestApi
let admin: string
let dossier: SeededDossier

beforeAll(async () => {
  api = await startTestApi()
  admin = await api.token('admin')
  dossier = await seedDossier(api.db, {
    code: 'H58.22-260302-0666',
    commune: { code: '28633', on: '2026-03-02' },
    applicant: 'Trần Thị Mẫu',
    parcel: { mapSheetNumber: '7', parcelNumber: '12' },
    certificate: 'BX666666',
  })
})

afterAll(() => api.close())

const firstError = async (query: string, variables: object = {}, token = admin) => {
  const { errors } = await api.query(token, query, variables)
  return errors[0]?.extensions
}

describe('text that nothing can store', () => {
  it('is refused in a variable with its field, and in the query', async () => {
    const query = 'query ($filter: DossierFilterInput) { dossiers(filter: $filter) { totalCount } }'
    for (const text of ['a\u0000b', 'a\u0007b', 'a\ud800b'])
      expect(await firstError(query, { filter: { text } })).toEqual({ code: 'INVALID_INPUT', reason: 'TEXT_UNREADABLE', field: 'text' })
    expect(await firstError('{ dossier(code: "H58\\u0000") { code } }')).toMatchObject({
      code: 'INVALID_INPUT',
      reason: 'QUERY_TEXT_UNREADABLE',
    })
  })
})

describe('a forged cursor', () => {
  it.each(['2026', '1', 'Tue Mar 01 2026 (x)', '+275760-09-13T00:00:00.000Z', '0000-01-01T00:00:00.000Z'])(
    'that names the instant %s is refused as one',
    async (at) => {
      const after = Buffer.from(`rd|${at}|${dossier.id}`).toString('base64url')
      expect(await firstError('query ($after: String) { dossiers(after: $after) { edges { cursor } } }', { after })).toEqual({
        code: 'INVALID_INPUT',
        reason: 'CURSOR_INVALID',
        field: 'after',
      })
    },
  )
})

describe('a day that is none', () => {
  it.each([
    ['DateTime', '2026-02-30T00:00:00Z', 'Ngày 2026-02-30 không có trong lịch.'],
    ['DateTime', '0000-01-01T00:00:00Z', 'Năm phải từ 1900 đến 2199.'],
    ['DateTime', '9999-12-31T23:59:59-12:00', 'Năm phải từ 1900 đến 2199.'],
    ['DateTime', '2026-03-02T08:00:00', expect.stringContaining('có múi giờ')],
  ])('(%s %s) is refused with its field', async (_type, dueFrom, message) => {
    const { errors } = await api.query(admin, 'query ($filter: DossierFilterInput) { dossiers(filter: $filter) { totalCount } }', {
      filter: { dueFrom },
    })
    expect(errors).toMatchObject([{ message, extensions: { code: 'INVALID_INPUT', reason: 'BAD_USER_INPUT', field: 'dueFrom' } }])
  })

  it('is refused as a date of law', async () => {
    expect(await firstError('{ administrativeUnits(on: "0000-01-01") { code } }')).toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('cost', () => {
  const listing = (body: string): string => `{ dossiers(first: 100) { edges { node { parcels { live { ${body} } } } } } }`

  it('sees a connection whose edges stand in a fragment', async () => {
    const rows = 'edges { node { code summary status dueAt receivedAt statusLabel version id } }'
    expect(
      await firstError(`{ dossiers(first: 50) { ... on DossierConnection { edges { node { certificates { live { dossiers { ...Rows } } } } } } } }
      fragment Rows on DossierConnection { ${rows} }`),
    ).toMatchObject({ reason: 'QUERY_TOO_COSTLY' })
  })

  it('counts a search for each row of a list, however little it shows', async () => {
    expect(await firstError(listing('dossiers(first: 1) { totalCount }'))).toMatchObject({ reason: 'QUERY_TOO_COSTLY' })
  })

  it('leaves room for a screen of dossiers with all that hangs on them', async () => {
    const { errors } = await api.query(
      admin,
      `{ dossiers(first: 20) { totalCount edges { node { code summary status applicant { fullName idNumber } timeline { kind note eventAt }
        parcels { mapSheetNumber live { areaM2 freshness { asOf } } } documents { name sha256 }
        transfers { id state lastError attempts { number outcome detail } } interlink { state waitingFor { reason } } } } } }`,
    )
    expect(errors).toEqual([])
  })
})

describe('HTTP', () => {
  it('tells a caller without a token so before it has read a body', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', (bytes: Buffer) => resolve(bytes.toString()))
      socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n{')
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
    expect(answer).toContain('TOKEN_MISSING')
  })

  it('sends a subscription to the socket with a sentence', async () => {
    expect(await firstError('subscription { transferChanged { eventId } }')).toMatchObject({
      code: 'INVALID_INPUT',
      reason: 'QUERY_NEEDS_WEBSOCKET',
    })
  })

  it.each([
    ['two operations and no name', undefined],
    ['a name that none of them has', 'C'],
  ])('asks which operation is meant: %s', async (_what, operationName) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await api.token('admin')}`, connection: 'close' },
      body: JSON.stringify({ query: 'query A { procedures { code } } query B { procedures { code } }', operationName }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT', reason: 'QUERY_OPERATION_UNKNOWN' } }] })
  })

  it('names the field at fault as the caller does', async () => {
    const input = { clientKey: 'khoa-thao-tac', transferId: '1', reason: 'thử mã sai' }
    const query =
      'mutation ($input: TransferActInput!) { replayTransfer(input: $input) { __typename ... on InputRefused { reason field } } }'
    expect((await api.query(admin, query, { input })).data).toEqual({
      replayTransfer: { __typename: 'InputRefused', reason: 'TRANSFER_ID_INVALID', field: 'transferId' },
    })
  })
})

describe('personal data', () => {
  const QUERY = `query ($code: String!) { dossier(code: $code) {
    parcels { address live(read: LIVE) { address restrictions } } taxNotices { documentUrl } timeline { note } documents { name fileName }
    transfers { lastError attempts { detail } } interlink { waitingFor { reason } } } }`
  const SECRETS = /Mẫu|mau|Gia|0900|0912|0822|nhà 12|@vi-du|10\.0\.0\.5|ho-so-thue/i

  beforeAll(async () => {
    const transferId = await seedTransfer(api.db, {
      dossier,
      state: 'REJECTED',
      lastError: 'TRẦN THỊ MẪU, điện thoại 0912 345 678, mau@vi-du.vn: không hợp lệ (connect ECONNREFUSED 10.0.0.5:8080)',
    })
    await api.db.query(
      `INSERT INTO attempt (id, transfer_id, number, kind, started_at, outcome, detail, worker, lease_token)
       VALUES (gen_random_uuid(), $1, 1, 'SEND', app_now(), 'UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.5:8080', 'thử', 1)`,
      [transferId],
    )
    await api.db.query(
      `INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, note)
       VALUES (gen_random_uuid(), $1, 'STATUS_REPORTED', 'VILIS', 1, app_now(), true, 'Gọi bà Lê Thị Gia, 0900.000.456, CCCD 082 199 000 123')`,
      [dossier.id],
    )
    await api.db.query(
      `INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes)
       VALUES (gen_random_uuid(), $1, 'SUBMITTED', 'CCCD tran thi mau', 'CCCD_Tran_Thi_Mau.pdf', 'application/pdf', 'x', 1)`,
      [dossier.id],
    )
    await api.db.query(
      `INSERT INTO tax_notice (dossier_id, notice_number, tax_kind, payer_name, document_url, issued_at)
       VALUES ($1, '1', 'LPTB', 'Trần Thị Mẫu', 'https://thue.vi-du.vn/ho-so-thue?ma=1', app_now())`,
      [dossier.id],
    )
    await api.db.query(`UPDATE parcel_reference SET address = 'nhà 12, Xã Mới' WHERE dossier_id = $1`, [dossier.id])
    api.registry.parcels.push({
      key: { communeCode: '28633', mapSheetNumber: '7', parcelNumber: '12' },
      areaM2: '120.50',
      address: 'nhà 12, Xã Mới',
      landUses: [],
      certificateSerials: [],
      restrictions: ['Thế chấp theo đơn của LÊ GIA và hộ Út Tám, số 082199000777'],
    })
  })

  it('shows nowhere in what a citizens’ application gets, nor what our hosts are', async () => {
    const { data, errors } = await api.query(await api.token('citizen-app'), QUERY, { code: dossier.code })
    expect(errors).toEqual([])
    expect(JSON.stringify(data)).not.toMatch(SECRETS)
    expect(data.dossier.parcels[0]).toEqual({
      address: '***, Xã Mới',
      live: { address: '***, Xã Mới', restrictions: ['Thế chấp'] },
    })
    expect(data.dossier.transfers).toEqual([{ lastError: null, attempts: [{ detail: null }] }])
    expect(data.dossier.documents).toEqual([{ name: 'CCCD T*** T*** M***', fileName: 'CCCD_T*** T*** M***.pdf' }])
  })

  it('shows nowhere in what an operator gets, who sees what failed', async () => {
    const { data } = await api.query(await api.token('operator'), QUERY, { code: dossier.code })
    expect(JSON.stringify(data).replaceAll('10.0.0.5', '')).not.toMatch(SECRETS)
    expect(data.dossier.transfers[0].lastError).toContain('connect ECONNREFUSED 10.0.0.5:8080')
  })

  it('is in clear for the officer of the commune', async () => {
    const { data } = await api.query(await api.token('officer', ['28633']), QUERY, { code: dossier.code })
    expect(data.dossier.documents[0].fileName).toBe('CCCD_Tran_Thi_Mau.pdf')
    expect(data.dossier.taxNotices[0].documentUrl).toBe('https://thue.vi-du.vn/ho-so-thue?ma=1')
  })
})

const submit = async (token: string, clientKey: string, code: string, version = 1) => {
  const input = {
    clientKey,
    code,
    version,
    procedureCode: '1.012783',
    receivingUnit: { code: '28633' },
    channel: 'DIRECT',
    applicant: { fullName: 'Trần Thị Mẫu' },
    summary: `Cấp đổi, lần ${version}`,
    receivedAt: '2026-03-02T08:00:00+07:00',
    dueAt: '2026-03-11T16:00:00+07:00',
    receivedBy: 'mc.28633.1',
  }
  const { data } = await api.query(
    token,
    `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) {
       __typename ... on DossierAccepted { dossier { code } } ... on InputRefused { reason } } }`,
    { input },
  )
  return data.submitDossier
}

describe('two callers', () => {
  const accepted = (code: string) => ({ __typename: 'DossierAccepted', dossier: { code } })

  it('whose names and keys join to the same text are two', async () => {
    const one = await submit(await api.token('officer', ['28633', 'x/y']), 'khoa-cua-toi', 'H58.22-260302-0701')
    const other = await submit(await api.token('officer', ['28633', 'x']), 'y/khoa-cua-toi', 'H58.22-260302-0702')
    expect([one, other]).toEqual([accepted('H58.22-260302-0701'), accepted('H58.22-260302-0702')])
  })

  it('have dossiers of their own: the application of citizens amends what it handed in, and nothing that the desk did', async () => {
    const [app, officer] = [await api.token('citizen-app'), await api.token('officer', ['28633'])]
    const [theirs, desk] = ['H58.22-260302-0711', 'H58.22-260302-0712']
    expect(await submit(app, 'khoa-dan-mot', theirs)).toEqual(accepted(theirs))
    expect(await submit(app, 'khoa-dan-hai', theirs, 2)).toEqual(accepted(theirs))
    expect(await submit(officer, 'khoa-quay-mot', desk)).toEqual(accepted(desk))
    expect(await submit(app, 'khoa-dan-ba', desk, 2)).toEqual({ __typename: 'InputRefused', reason: 'DOSSIER_CODE_TAKEN' })
  })
})

describe('a range of time that ends before it begins', () => {
  it.each([
    ['dossiers', 'DossierFilterInput', 'due'],
    ['dossiers', 'DossierFilterInput', 'received'],
    ['transfers', 'TransferFilterInput', 'due'],
    ['transfers', 'TransferFilterInput', 'created'],
  ])('is refused in %s (%s, %s), and not answered with an empty list', async (list, type, name) => {
    const query = `query ($filter: ${type}) { ${list}(filter: $filter) { totalCount } }`
    const between = (from: string, to: string) => ({ filter: { [`${name}From`]: from, [`${name}To`]: to } })
    const [early, late] = ['2026-03-01T00:00:00+07:00', '2026-03-05T00:00:00+07:00']
    expect(await firstError(query, between(late, early))).toEqual({ code: 'INVALID_INPUT', reason: 'RANGE_REVERSED', field: `${name}To` })
    expect(await firstError(query, between(early, late))).toBeUndefined()
  })
})

describe('lists that lead back into each other', () => {
  it('end the answer when they have become more rows than an answer may have, however few the query seems to ask', async () => {
    const long = await seedDossier(api.db, {
      code: 'H58.22-260302-0667',
      commune: { code: '28633', on: '2026-03-02' },
      applicant: 'Lê Văn Mẫu',
    })
    for (const sequence of Array.from({ length: 28 }, (_, n) => n + 1))
      await seedTransfer(api.db, { dossier: long, sequence, state: 'DELIVERED' })
    const asked = (times: number) =>
      `{ dossier(code: "${long.code}") { ${'transfers { dossier { '.repeat(times)}code${' } }'.repeat(times)} } }`
    expect((await api.query(admin, asked(2))).data.dossier.transfers).toHaveLength(28)
    const { data, errors } = await api.query(admin, asked(4))
    expect(data).toEqual({ dossier: null })
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'INVALID_INPUT', reason: 'QUERY_TOO_COSTLY', rows: expect.any(Number), maxCost: 20_000 },
    ])
  })
})
