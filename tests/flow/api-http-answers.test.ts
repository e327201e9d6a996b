import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { PassThrough } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import compress from '@fastify/compress'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { answerHeaders, COMPRESSED } from '../../src/api/answer-headers.js'
import { seedDossier } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

let api: TestApi
let admin: string
let officer: string
const CODE = 'H58.22-260302-0001'

beforeAll(async () => {
  api = await startTestApi({
    endpoints: [
      {
        path: '/soap/thu',
        handle: async () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: `<a>${'x'.repeat(5_000)}</a>` }),
        wsdl: () => '<definitions/>',
      },
    ],
  })
  admin = await api.token('admin')
  officer = await api.token('officer', ['28633'])
  await seedDossier(api.db, { code: CODE, commune: { code: '28633', on: '2026-03-02' } })
})

afterAll(() => api.close())

interface Told {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

/** As it is told, and what comes back as it came: `fetch` would ask for compression, and undo it, by itself. */
const send = async (method: string, path: string, headers: Record<string, string>, body = ''): Promise<Told> => {
  const call = request(`${api.url}${path}`, { method, headers: { connection: 'close', ...headers } })
  call.end(body)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }
}

const get = (query: string, token: string, headers: Record<string, string> = {}) =>
  send('GET', `/graphql?query=${encodeURIComponent(query)}`, {
    authorization: `Bearer ${token}`,
    'apollo-require-preflight': 'true',
    ...headers,
  })

const post = (query: string, headers: Record<string, string> = {}) =>
  send('POST', '/graphql', { authorization: `Bearer ${admin}`, 'content-type': 'application/json', ...headers }, JSON.stringify({ query }))

const codeOf = ({ bytes }: Told): unknown => JSON.parse(bytes.toString()).errors?.[0]?.extensions.code

describe('a page of another site', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'cannot have a browser that knows a token post as "%s"',
    async (type) => {
      const body = JSON.stringify({ query: '{ systems { id } }' })
      const told = await send('POST', '/graphql', { authorization: `Bearer ${admin}`, ...(type && { 'content-type': type }) }, body)
      expect([told.status >= 400 && told.status < 500, codeOf(told)]).toEqual([true, 'INVALID_INPUT'])
      expect(told.bytes.toString()).not.toContain('"data"')
    },
  )

  it('cannot ask by a link, and nobody can change anything by one', async () => {
    const link = await send('GET', `/graphql?query=${encodeURIComponent('{ systems { id } }')}`, { authorization: `Bearer ${admin}` })
    expect([link.status, codeOf(link)]).toEqual([400, 'INVALID_INPUT'])
    expect((await get('{ systems { id } }', admin)).status).toBe(200)
    const change = await get(
      'mutation { pauseSystem(input: { clientKey: "tam-ngung-1", systemId: VILIS, reason: "thử" }) { __typename } }',
      admin,
    )
    expect([change.status, change.headers.allow]).toEqual([405, 'POST'])
    const [row] = await api.db.query<{ count: string }>('SELECT count(*)::text AS count FROM audit_entry')
    expect(row?.count).toBe('0')
  })
})

describe('an answer', () => {
  it('that is reference data alone may be kept by anyone, for an hour', async () => {
    for (const query of ['{ procedures { code name } }', '{ administrativeUnits { code } procedures { name } __typename }'])
      expect((await get(query, officer)).headers['cache-control']).toBe('max-age=3600, public')
  })

  it.each([
    ['shows a dossier', `{ dossier(code: "${CODE}") { code } }`],
    ['shows reference data by way of a dossier', `{ dossier(code: "${CODE}") { procedure { name } } }`],
    ['shows a dossier beside reference data', `{ procedures { name } dossier(code: "${CODE}") { statusCode } }`],
    ['hides a dossier in a fragment', `{ ...F } fragment F on Query { dossier(code: "${CODE}") { code } }`],
    ['lists', '{ dossiers { totalCount } }'],
    ['shows land', '{ parcel(key: { communeCode: "28633", mapSheetNumber: "1", parcelNumber: "1" }) { knownToRegistry } }'],
    ['shows entities', `{ _entities(representations: [{ __typename: "Dossier", code: "${CODE}" }]) { ... on Dossier { code } } }`],
    ['shows systems', '{ systems { id } }'],
    ['holds an error', '{ procedures { code } dossier(code: "H58.22-260302-9999") { code } }'],
    ['refuses', '{ nothing }'],
  ])('that %s is kept by nobody', async (_what, query) => {
    expect((await get(query, officer)).headers['cache-control']).toBe('no-store')
  })

  it('to nobody known is kept by nobody', async () => {
    const told = await get('{ procedures { code } }', 'x')
    expect([told.status, told.headers['cache-control'], told.headers.etag]).toEqual([401, 'no-store', undefined])
  })

  it('varies with the token, whatever else it varies with', async () => {
    const { headers } = await get('{ procedures { code name fieldName } }', officer, {
      origin: 'https://nop-ho-so.vi-du.vn',
      'accept-encoding': 'gzip',
    })
    expect(headers.vary?.split(', ').sort()).toEqual(['Authorization', 'Origin', 'X-Language', 'accept-encoding'])
    expect((await post('{ systems { id } }')).headers.vary).toContain('Authorization')
  })
})

describe('a client that has the answer already', () => {
  const QUERY = `{ dossier(code: "${CODE}") { code version } }`

  it('is told so without it, as long as it is the same', async () => {
    const first = await get(QUERY, officer)
    const tag = String(first.headers.etag)
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/)
    for (const wanted of [tag, `"khac", ${tag}`, tag.slice(2), '*']) {
      const again = await get(QUERY, officer, { 'if-none-match': wanted, 'accept-encoding': 'gzip' })
      expect([again.status, again.bytes.length, again.headers.etag, again.headers['cache-control']]).toEqual([304, 0, tag, 'no-store'])
      expect(again.headers).not.toHaveProperty('content-length')
    }
    await api.db.query('UPDATE dossier SET version = version + 1 WHERE code = $1', [CODE])
    const changed = await get(QUERY, officer, { 'if-none-match': tag })
    expect([changed.status, JSON.parse(changed.bytes.toString()).data.dossier.version]).toEqual([200, 2])
  })

  it('is told nothing of what it may not see: the query runs for every caller', async () => {
    const tag = String((await get(QUERY, officer)).headers.etag)
    const stranger = await get(QUERY, await api.token('officer', ['28615']), { 'if-none-match': tag })
    expect([stranger.status, codeOf(stranger)]).toEqual([200, 'NOT_FOUND'])
    expect((await get(QUERY, 'x', { 'if-none-match': '*' })).status).toBe(401)
  })

  it('gets a tag for a query by GET alone', async () => {
    expect((await post(QUERY)).headers.etag).toBeUndefined()
  })
})

describe('compression', () => {
  const LONG = '{ procedures { code name fieldCode fieldName standing } }'

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('is %s for who asks for it', async (encoding, undo) => {
    const plain = await post(LONG)
    const packed = await post(LONG, { 'accept-encoding': encoding })
    expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, encoding])
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
    expect(undo(packed.bytes).toString()).toBe(plain.bytes.toString())
  })

  it('leaves alone what is small, SOAP and metrics', async () => {
    const asking = { 'accept-encoding': 'br, gzip' }
    for (const told of [
      await post('{ systems { id } }', asking),
      await send('POST', '/soap/thu', { ...asking, 'content-type': 'text/xml' }, '<a/>'),
      await send('GET', '/metrics', asking),
    ])
      expect([told.status, told.headers['content-encoding']]).toEqual([200, undefined])
  })

  it('opens no compressed request: what is small on the wire may be endless', async () => {
    const told = await post('{ systems { id } }', { 'content-encoding': 'gzip' })
    expect(told.status).toBe(200)
  })

  it('lets each part of a deferred answer leave at once', async () => {
    const app = Fastify({ forceCloseConnections: true })
    await app.register(compress, { global: false })
    app.addHook('onSend', answerHeaders)
    const parts = new PassThrough()
    app.post('/graphql', { compress: COMPRESSED }, (_request, reply) =>
      reply.type('multipart/mixed; boundary="-"; deferSpec=20220824').send(parts),
    )
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const call = request(`${url}/graphql`, { method: 'POST', headers: { 'accept-encoding': 'br, gzip' } })
    call.end()
    parts.write(`first${'x'.repeat(5_000)}`)
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    expect([response.headers['content-encoding'], response.headers['cache-control'], response.headers.etag]).toEqual([
      undefined,
      'no-store',
      undefined,
    ])
    // The second part is not made before the first one was read.
    expect(String((await once(response, 'data'))[0])).toMatch(/^first/)
    parts.end('second')
    let rest = ''
    for await (const part of response) rest += String(part)
    expect(rest).toMatch(/second$/)
    await app.close()
  })
})
