import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SubscribePayload } from 'graphql-ws'
import { startApiServer } from '../../src/api/server.js'
import { seedDossier } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

const CODE = 'H58.22-260302-0001'
const DOSSIER = 'query HoSo($code: String!) { dossier(code: $code) { code } }'
const SYSTEMS = 'query HeThong { systems { id } }'
const FOLLOW = 'subscription TheoDoi($code: String!, $last: ID) { dossierChanged(code: $code, lastEventId: $last) { dossier { code } } }'
const PAUSE =
  'mutation TamNgung($key: String!) { pauseSystem(input: { clientKey: $key, systemId: VILIS, reason: "bảo trì" }) { __typename } }'
const UNLISTED = 'query Khac { procedures { code } }'

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The allow-list alone; and the same list where any other document runs too. */
let only: TestApi
let open: TestApi
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-persisted-'))
  const manifest = join(folder, 'persisted-documents.json')
  await writeFile(
    manifest,
    JSON.stringify(Object.fromEntries([DOSSIER, SYSTEMS, FOLLOW, PAUSE].map((text) => [`sha256:${idOf(text)}`, text]))),
  )
  only = await startTestApi({ persistedOperations: { manifest, only: true } })
  open = await startTestApi({ persistedOperations: { manifest, only: false } })
  for (const api of [only, open]) await seedDossier(api.db, { code: CODE, commune: { code: '28633', on: '2026-03-02' } })
})

afterAll(async () => {
  await only?.close()
  await open?.close()
  await rm(folder, { recursive: true })
})

type Body = Record<string, unknown>

const byId = (text: string, variables: Body = {}): Body => ({
  variables,
  extensions: { persistedQuery: { version: 1, sha256Hash: idOf(text) } },
})

/** As GraphQL over HTTP has it, and graphql-codegen writes the id. */
const byDocumentId = (text: string, variables: Body = {}): Body => ({ variables, documentId: `sha256:${idOf(text)}` })

const answerOf = async (response: Response) => {
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { message: string; extensions: Body }[] }
  return { status: response.status, data, error: errors?.[0] }
}

const post = async (api: TestApi, body: Body) =>
  answerOf(
    await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', authorization: `Bearer ${await api.token('admin')}` },
      body: JSON.stringify(body),
    }),
  )

const get = async (api: TestApi, parameters: Body) => {
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
  const headers = { 'apollo-require-preflight': 'true', connection: 'close', authorization: `Bearer ${await api.token('admin')}` }
  return answerOf(await fetch(`${api.url}/graphql?${search}`, { headers }))
}

/** First answer over a socket, or what it is refused with. */
const overSocket = async (api: TestApi, payload: SubscribePayload & { documentId?: string }) => {
  const client = api.subscribe(await api.token('admin'))
  try {
    const { value } = await client.iterate(payload).next()
    return { data: value?.data, error: value?.errors?.[0] }
  } catch (errors) {
    return { error: (errors as { message: string; extensions: Body }[])[0] }
  } finally {
    await client.dispose()
  }
}

const shown = { dossier: { code: CODE } }
const NOT_LISTED = {
  message: 'Cổng chỉ nhận những câu truy vấn đã đăng ký; câu này không có trong danh sách.',
  extensions: { code: 'FORBIDDEN', reason: 'OPERATION_NOT_LISTED' },
}

describe.each(['allow-list', 'open'])('with a manifest (%s)', (mode) => {
  const api = (): TestApi => (mode === 'open' ? open : only)

  it('a registered document runs by its id and by its text, by POST, GET and socket', async () => {
    const variables = { code: CODE }
    expect((await post(api(), byId(DOSSIER, variables))).data).toEqual(shown)
    expect((await post(api(), { query: DOSSIER, variables })).data).toEqual(shown)
    expect((await post(api(), { query: DOSSIER, ...byId(DOSSIER, variables) })).data).toEqual(shown)
    expect((await get(api(), byId(DOSSIER, variables))).data).toEqual(shown)
    expect((await get(api(), { query: DOSSIER, variables })).data).toEqual(shown)
    expect((await post(api(), byDocumentId(DOSSIER, variables))).data).toEqual(shown)
    expect((await get(api(), byDocumentId(DOSSIER, variables))).data).toEqual(shown)
    // An empty query beside an id is what some clients always send.
    for (const query of ['', null])
      for (const named of [byId(DOSSIER, variables), byDocumentId(DOSSIER, variables)])
        expect((await post(api(), { query, ...named })).data).toEqual(shown)
    expect((await get(api(), { query: '', ...byDocumentId(DOSSIER, variables) })).data).toEqual(shown)
    expect((await overSocket(api(), { query: '', ...byDocumentId(DOSSIER, variables) })).data).toEqual(shown)
    expect((await overSocket(api(), { query: '', ...byId(DOSSIER, variables) })).data).toEqual(shown)
    expect((await overSocket(api(), { query: DOSSIER, variables })).data).toEqual(shown)
  })

  it('a subscription runs by its id', async () => {
    const client = api().subscribe(await api().token('admin'))
    const changes = client.iterate({ query: '', ...byId(FOLLOW, { code: CODE, last: await api().dependencies.liveEvents.latest() }) })
    const next = changes.next()
    await api().db.query('UPDATE dossier SET version = version + 1 WHERE code = $1', [CODE])
    expect((await next).value?.data).toEqual({ dossierChanged: shown })
    await client.dispose()
  })

  it('an id that is not listed is refused with a sentence, and nobody can register one', async () => {
    const refusal = {
      message: 'Cổng không có câu truy vấn nào đăng ký dưới mã này.',
      extensions: { code: 'INVALID_INPUT', reason: 'PERSISTED_QUERY_NOT_FOUND' },
    }
    await post(api(), { query: UNLISTED, ...byId(UNLISTED) })
    expect((await post(api(), byId(UNLISTED))).error).toMatchObject(refusal)
    expect((await get(api(), byId(UNLISTED))).error).toMatchObject(refusal)
    expect((await post(api(), byDocumentId(UNLISTED))).error).toMatchObject(refusal)
    expect((await get(api(), byDocumentId(UNLISTED))).error).toMatchObject(refusal)
    expect((await overSocket(api(), { query: '', ...byId(UNLISTED) })).error).toMatchObject(refusal)
  })

  it('a text that is sent under the id of another is refused', async () => {
    const { status, error } = await post(api(), { query: UNLISTED, ...byId(SYSTEMS) })
    expect([status >= 400, error?.extensions.code]).toEqual([true, mode === 'open' ? 'INVALID_INPUT' : 'FORBIDDEN'])
    if (mode === 'open') return
    expect((await post(only, { query: UNLISTED, ...byDocumentId(SYSTEMS) })).error).toEqual(NOT_LISTED)
    expect((await get(only, { query: UNLISTED, ...byDocumentId(SYSTEMS) })).error).toEqual(NOT_LISTED)
    expect((await overSocket(only, { query: UNLISTED, ...byDocumentId(SYSTEMS) })).error).toEqual(NOT_LISTED)
  })

  it('a registered mutation is still none for a GET', async () => {
    expect((await get(api(), byId(PAUSE, { key: 'tam-ngung-1' }))).status).toBe(405)
  })
})

describe('any other document', () => {
  it('is refused by the allow-list, by POST, GET and socket, before it is read', async () => {
    for (const query of [
      UNLISTED,
      `${SYSTEMS} `,
      '{ __schema { types { name } } }',
      '{ _service { sdl } }',
      '{ broken',
      '{ a'.repeat(9_000),
    ]) {
      expect(await post(only, { query })).toEqual({ status: 403, data: undefined, error: NOT_LISTED })
      expect((await overSocket(only, { query })).error).toEqual(NOT_LISTED)
    }
    expect(await get(only, { query: UNLISTED })).toMatchObject({ status: 403, error: NOT_LISTED })
  })

  it('is refused also where a listed one stands beside it', async () => {
    expect((await post(only, { query: `${SYSTEMS} ${UNLISTED}`, operationName: 'HeThong' })).error).toEqual(NOT_LISTED)
    const token = await only.token('admin')
    const response = await fetch(`${only.url}/graphql?query=${encodeURIComponent(SYSTEMS)}&query=${encodeURIComponent(UNLISTED)}`, {
      headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'true', connection: 'close' },
    })
    expect([response.status, await response.text()]).toEqual([400, expect.not.stringContaining('"data"')])
  })

  it('tells an unknown caller nothing of what is listed', async () => {
    const { status, errors } = await only.query(undefined, UNLISTED)
    expect([status, errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('runs where the list is open', async () => {
    expect((await post(open, { query: UNLISTED })).data).toHaveProperty('procedures')
    expect((await overSocket(open, { query: UNLISTED })).data).toHaveProperty('procedures')
  })
})

describe('a manifest that cannot be served whole', () => {
  it('stops the gateway at its start with one sentence', async () => {
    const deps = { ...open.dependencies, persistedOperations: { manifest: join(folder, 'khong-co.json'), only: true } }
    await expect(startApiServer(deps, { host: '127.0.0.1', port: 0 })).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^Danh sách câu truy vấn: Không đọc được tệp .*khong-co\.json": không có tệp hoặc thư mục này\.$/),
    })
  })
})
