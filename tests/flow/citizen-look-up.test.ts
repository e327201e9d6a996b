import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { consoleDir, projectRoot } from '../../src/platform/paths.js'
import { type SeededDossier, seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'
import { startValkey, type TestRedis } from '../support/valkey.js'

const HERE = { code: '28633', on: '2026-03-02' }
const DIGITS = '8321'
const CODE = 'H58.22-260302-0001'
const SHOWN = `__typename ... on CitizenDossier { code status statusLabel dueAt dueState waitingFor waitingText nextStep trouble procedureName receivingUnitName }
  ... on LookUpFailed { message } ... on LookUpTooOften { message retryAfterSeconds } ... on InputRefused { field message }`
const LOOK_UP = `query TraCuu($code: String!, $lastDigits: String!) { citizenLookUp(code: $code, lastDigits: $lastDigits) { ${SHOWN} } }`

let api: TestApi
let redis: TestRedis
let dossier: SeededDossier

beforeAll(async () => {
  api = await startTestApi()
  redis = await startValkey()
  dossier = await seedDossier(api.db, {
    code: CODE,
    commune: HERE,
    applicant: 'Phan Văn Kín',
    idNumber: `08209900${DIGITS}`,
    phone: '0912345678',
    summary: 'Đăng ký biến động cho ông Phan Văn Kín',
    parcel: { mapSheetNumber: '77', parcelNumber: '1234' },
    certificate: 'BX123456',
    status: 'IN_PROGRESS',
    dueAt: '2126-03-11T09:00:00.000Z',
  })
})

afterAll(async () => {
  await api?.close()
  await redis?.stop()
})

let addresses = 0
/** Somebody who has not looked anything up yet. */
const somebody = (): string => `198.51.100.${++addresses}`

interface Asked {
  readonly code?: string
  readonly lastDigits?: string
  readonly from?: string
  readonly of?: TestApi
}

const lookUp = async ({ code = CODE, lastDigits = DIGITS, from = somebody(), of = api }: Asked = {}) => {
  const answer = await of.query(undefined, LOOK_UP, { code, lastDigits }, { 'x-forwarded-for': from })
  return { ...answer, told: answer.data?.citizenLookUp, retryAfter: answer.headers.get('retry-after') }
}

describe('a citizen with the code and the last four digits', () => {
  it('is told how the dossier stands, without a token and without a word about a person or their land', async () => {
    const { status, errors, told } = await lookUp()
    expect([status, errors]).toEqual([200, []])
    expect(told).toMatchObject({
      __typename: 'CitizenDossier',
      code: CODE,
      statusLabel: 'Đang xử lý',
      dueAt: '2126-03-11T16:00:00.000+07:00',
      dueState: 'RUNNING',
      waitingFor: 'REGISTRY',
      waitingText: 'Cơ quan đăng ký đất đai đang giải quyết.',
      trouble: null,
    })
    expect(JSON.stringify(told)).not.toMatch(/Kín|8321|0912345678|BX|1234(?!56)|ông Phan/)
  })

  it('may type the code as it comes, and looks as often as the address allows: what is found is not counted against the code', async () => {
    for (const code of [CODE.toLowerCase(), ` ${CODE} `, 'h58.22 - 260302 - 0001', ...Array.from({ length: 6 }, () => CODE)])
      expect((await lookUp({ code })).told).toMatchObject({ code: CODE })
  })

  it.each([
    ['a passport', 'C1234567', '4567'],
    ['a branch of an enterprise', '1200123456-001', '6001'],
  ])('is known by the digits of %s', async (_what, idNumber, lastDigits) => {
    const { code } = await seedDossier(api.db, { code: `H58.22-260303-${lastDigits}`, commune: HERE, idNumber })
    expect((await lookUp({ code, lastDigits })).told).toMatchObject({ code })
  })

  it('is told honestly that the interlink does not get through', async () => {
    const stuck = await seedDossier(api.db, { code: 'H58.22-260304-0001', commune: HERE, status: 'ACCEPTED', idNumber: '082199000123' })
    await seedTransfer(api.db, { dossier: stuck, state: 'HELD', heldReason: 'MAPPING_MISSING', lastError: 'thiếu mã của ông Kín' })
    const { told } = await lookUp({ code: stuck.code, lastDigits: '0123' })
    expect(told).toMatchObject({
      waitingFor: 'INTERLINK',
      waitingText: expect.stringMatching(/chưa chuyển được tới cơ quan đăng ký đất đai/),
    })
    expect(JSON.stringify(told)).not.toContain('Kín')
    const waiting = await seedDossier(api.db, { code: 'H58.22-260304-0002', commune: HERE, status: 'ACCEPTED', idNumber: '082199000123' })
    const transfer = await seedTransfer(api.db, { dossier: waiting, state: 'QUEUED' })
    expect((await lookUp({ code: waiting.code, lastDigits: '0123' })).told).toMatchObject({ waitingFor: 'REGISTRY' })
    await api.db.query(`UPDATE transfer SET created_at = created_at - interval '1 hour' WHERE id = $1::uuid RETURNING 1 AS done`, [
      transfer,
    ])
    expect((await lookUp({ code: waiting.code, lastDigits: '0123' })).told).toMatchObject({ waitingFor: 'INTERLINK' })
  })

  it.each([
    ['code', { code: '  ' }],
    ['code', { code: 'x'.repeat(65) }],
    ['lastDigits', { lastDigits: '832' }],
    ['lastDigits', { lastDigits: '٨٣٢١' }],
    ['lastDigits', { lastDigits: '____' }],
  ])('is told which field has no such form: %s', async (field, asked) => {
    expect((await lookUp(asked)).told).toMatchObject({ __typename: 'InputRefused', field })
  })
})

describe('who guesses', () => {
  it('gets one and the same answer, by one and the same statement, for a wrong code and for wrong digits', async () => {
    const told = async (asked: Asked) => {
      const before = api.statements.length
      const { status, told } = await lookUp(asked)
      return { status, told, statements: api.statements.slice(before) }
    }
    const wrongDigits = await told({ lastDigits: '8322' })
    expect(wrongDigits.told.__typename).toBe('LookUpFailed')
    expect(wrongDigits.statements).toHaveLength(1)
    expect(await told({ code: 'H58.22-260302-9999' })).toEqual(wrongDigits)
    expect(await told({ code: 'khong-phai-ma' })).toEqual(wrongDigits)
    const without = await seedDossier(api.db, { code: 'H58.22-260305-0001', commune: HERE })
    for (const idNumber of [null, '', 'AB', '12']) {
      await api.db.query(
        `UPDATE party SET kind = 'ORGANISATION', id_number = $2 WHERE id = (SELECT applicant_id FROM dossier WHERE id = $1::uuid) RETURNING 1 AS done`,
        [without.id, idNumber],
      )
      expect(await told({ code: without.code, lastDigits: '0012' })).toEqual(wrongDigits)
    }
  })

  it('has five tries a code from wherever they come, after which the right digits are not heard either, of a code that is none too', async () => {
    const guessed = await seedDossier(api.db, { code: 'H58.22-260306-0001', commune: HERE, idNumber: '082199000123' })
    for (const code of [guessed.code, 'H58.22-260306-9999']) {
      for (let n = 0; n < 5; n++) expect((await lookUp({ code, lastDigits: `000${n}` })).told.__typename).toBe('LookUpFailed')
      const { status, told, retryAfter } = await lookUp({ code, lastDigits: '0123' })
      expect([status, told.__typename]).toEqual([429, 'LookUpTooOften'])
      expect(told.message).toMatch(/^Mã hồ sơ này đã bị tra cứu sai quá nhiều lần. Xin thử lại sau (60|59) phút\.$/)
      expect(Number(retryAfter)).toBe(told.retryAfterSeconds)
    }
  })

  it('has no more tries by the other codes under which systems know the dossier', async () => {
    const guessed = await seedDossier(api.db, { code: 'H58.22-260306-0002', commune: HERE, idNumber: '082199000123' })
    for (const [system, value] of [
      ['VILIS', 'VL-260306-2'],
      ['PORTAL', 'DVC-260306-2'],
    ])
      await api.db.query(`INSERT INTO dossier_identifier (dossier_id, system_id, value) VALUES ($1::uuid, $2, $3) RETURNING 1 AS done`, [
        guessed.id,
        system,
        value,
      ])
    for (let n = 0; n < 6; n++)
      expect((await lookUp({ code: 'VL-260306-2', lastDigits: '0123' })).told).toMatchObject({ code: guessed.code })
    const kinds: string[] = []
    for (const code of [guessed.code, 'VL-260306-2', 'DVC-260306-2'])
      for (let n = 0; n < 3; n++) kinds.push((await lookUp({ code, lastDigits: `000${n}` })).told.__typename)
    expect(kinds).toEqual([...Array.from({ length: 5 }, () => 'LookUpFailed'), ...Array.from({ length: 4 }, () => 'LookUpTooOften')])
    expect((await lookUp({ code: 'DVC-260306-2', lastDigits: '0123' })).told.__typename).toBe('LookUpTooOften')
  })

  it('gains nothing by asking many times in one request: each look-up counts', async () => {
    const code = 'H58.22-260307-0001'
    const many = (codes: readonly string[]) =>
      `{ ${codes.map((one, n) => `a${n}: citizenLookUp(code: "${one}", lastDigits: "000${n % 10}") { ${SHOWN} }`).join(' ')} }`
    const ofOneCode = await api.query(undefined, many(Array.from({ length: 10 }, () => code)), {}, { 'x-forwarded-for': somebody() })
    const kinds = Object.values<{ __typename: string }>(ofOneCode.data).map(({ __typename }) => __typename)
    expect(kinds.filter((kind) => kind === 'LookUpFailed')).toHaveLength(5)
    expect(kinds.filter((kind) => kind === 'LookUpTooOften')).toHaveLength(5)
    expect([ofOneCode.status, ofOneCode.headers.has('retry-after')]).toEqual([200, true])

    const from = somebody()
    const ten = Array.from({ length: 10 }, (_, n) => `H58.22-260308-000${n}`)
    for (let n = 0; n < 2; n++) {
      const { data } = await api.query(undefined, many(ten), {}, { 'x-forwarded-for': from })
      expect(Object.values<{ __typename: string }>(data).every(({ __typename }) => __typename === 'LookUpFailed')).toBe(true)
    }
    const { status, told } = await lookUp({ from })
    expect([status, told.message]).toEqual([
      429,
      expect.stringMatching(/^Nơi đang truy cập đã tra cứu quá nhiều lần. Xin thử lại sau \d+ giây\.$/),
    ])
    const all = await api.query(undefined, many(ten), {}, { 'x-forwarded-for': from })
    expect(all.status).toBe(429)
  })

  it('is one address however it is written, with whatever it claims to stand in for, and with a whole IPv6 network', async () => {
    for (const [first, then] of [
      ['203.0.113.7', '9.9.9.9, 203.0.113.7'],
      ['2001:db8:5:6::1', '2001:db8:5:6:ffff::2'],
    ] as const) {
      for (let n = 0; n < 20; n++) await lookUp({ from: n % 2 ? first : then })
      expect((await lookUp({ from: first })).told.__typename).toBe('LookUpTooOften')
      expect((await lookUp({ from: then })).told.__typename).toBe('LookUpTooOften')
    }
    expect((await lookUp({ from: '2001:db8:5:7::1' })).told.__typename).toBe('CitizenDossier')
  })

  it('is counted by all gateways together where there is a Redis', async () => {
    const two = [await startTestApi({ redisUrl: redis.url }), await startTestApi({ redisUrl: redis.url })] as const
    try {
      const code = `X-${randomUUID()}`
      // Until both are connected each counts for itself.
      for (const of of two) while ((await lookUp({ of, code: randomUUID() })).told.__typename !== 'LookUpFailed');
      const kinds: string[] = []
      for (let n = 0; n < 6; n++) kinds.push((await lookUp({ of: two[n % 2] as TestApi, code, lastDigits: `000${n}` })).told.__typename)
      expect(kinds).toEqual([...Array.from({ length: 5 }, () => 'LookUpFailed'), 'LookUpTooOften'])
    } finally {
      for (const one of two) await one.close()
    }
  })

  it('finds nothing else open without a token', async () => {
    const inside = 'citizenLookUp(code: "x", lastDigits: "0123") { __typename }'
    for (const query of [
      '{ systems { id } }',
      `{ ${inside} systems { id } }`,
      `{ ${inside} ...F } fragment F on Query { procedures { code } }`,
      `query A { ${inside} } query B { procedures { code } }`,
      `{ ${inside} __schema { queryType { name } } }`,
      `{ ${inside} _service { sdl } }`,
      'mutation { pauseSystem(input: { clientKey: "12345678", systemId: VILIS, reason: "không ai" }) { __typename } }',
      '{ __typename }',
    ]) {
      const { status, errors } = await api.query(undefined, query)
      expect([status, errors[0]?.extensions.reason]).toEqual([401, 'TOKEN_MISSING'])
    }
    const headers = { 'content-type': 'application/json', connection: 'close' }
    const batch = JSON.stringify([{ query: `{ ${inside} }` }, { query: `{ ${inside} }` }])
    expect((await fetch(`${api.url}/graphql`, { method: 'POST', headers, body: batch })).status).toBe(401)
    const get = await fetch(`${api.url}/graphql?query=${encodeURIComponent('{ systems { id } }')}`, {
      headers: { 'apollo-require-preflight': 'yes', connection: 'close' },
    })
    expect(get.status).toBe(401)
    // A token that is none is not the same as none.
    expect((await api.query('x.y.z', `{ ${inside} }`)).status).toBe(401)
    expect((await lookUp()).headers.get('cache-control')).toBe('no-store')
  })
})

describe('an application with a token', () => {
  it('looks up for many people from one address', async () => {
    const token = await api.token('citizen-app')
    const from = somebody()
    for (let n = 0; n < 22; n++) {
      const { data } = await api.query(token, LOOK_UP, { code: CODE, lastDigits: DIGITS }, { 'x-forwarded-for': from })
      expect(data.citizenLookUp.code).toBe(CODE)
    }
  })
})

describe('a gateway', () => {
  it('that runs registered operations alone runs those of its own pages, however they are laid out, and no look-up of another text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lienthong-own-'))
    const manifest = join(folder, 'persisted-documents.json')
    const other = 'query Khac { procedures { code } }'
    await writeFile(manifest, JSON.stringify({ [createHash('sha256').update(other).digest('hex')]: other }))
    const only = await startTestApi({ persistedOperations: { manifest, only: true } })
    try {
      const own = await readFile(join(projectRoot, 'src/console/citizen/look-up.graphql'), 'utf8')
      const asked = { code: 'x', lastDigits: '0000' }
      expect((await only.query(undefined, own, asked)).data.citizenLookUp.__typename).toBe('LookUpFailed')
      expect((await only.query(undefined, LOOK_UP, asked)).errors[0]?.extensions.reason).toBe('OPERATION_NOT_LISTED')
      const listed = Object.entries<string>(JSON.parse(await readFile(join(consoleDir, 'documents.json'), 'utf8')))
      const [id] = listed.find(([, text]) => text.includes('query CitizenLookUp(')) ?? []
      const byId = await fetch(`${only.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ documentId: id, variables: asked }),
      })
      expect(((await byId.json()) as { data: unknown }).data).toMatchObject({ citizenLookUp: { __typename: 'LookUpFailed' } })
      const admin = await only.token('admin')
      const [, overview = ''] = listed.find(([, text]) => text.includes('query Overview')) ?? []
      expect((await only.query(admin, overview.replace(/\s+/g, ' '))).errors).toEqual([])
      expect((await only.query(admin, '{ systems { id } }')).errors[0]?.extensions.reason).toBe('OPERATION_NOT_LISTED')
    } finally {
      await only.close()
      await rm(folder, { recursive: true })
    }
  })

  it('that does not offer it runs nothing without a token, and has no page', async () => {
    const shut = await startTestApi({ withoutLookUp: true })
    try {
      expect((await lookUp({ of: shut })).status).toBe(401)
      expect((await fetch(`${shut.url}/tra-cuu`, { headers: { connection: 'close' } })).status).toBe(404)
      const { errors } = await shut.query(await shut.token('admin'), LOOK_UP, { code: CODE, lastDigits: DIGITS })
      expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'LOOK_UP_OFF' })
    } finally {
      await shut.close()
    }
  })

  it('serves the page with a policy that lets in its own files alone, all of them within some kilobytes', async () => {
    const response = await fetch(`${api.url}/tra-cuu?ma=${dossier.code}`, { headers: { connection: 'close' } })
    const page = await response.text()
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; ")
    expect(policy).not.toMatch(/unsafe|nonce|https?:|\*/)
    expect(page).not.toMatch(/\{\{|nonce|<script(?![^>]* src=)|<style|https?:\/\/| on\w+=| style=/)
    const files = [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, address]) => address ?? '')
    let bytes = page.length
    for (const file of files) {
      const { status, headers } = await fetch(`${api.url}${file}`, { headers: { 'accept-encoding': 'gzip', connection: 'close' } })
      expect(status).toBe(200)
      bytes += Number(headers.get('content-length') ?? 0)
    }
    expect(files.length).toBeGreaterThanOrEqual(3)
    expect(bytes).toBeLessThan(20_000)
  })
})
