import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { currentCorrelationId } from '../../src/platform/correlation.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

let api: TestApi
let admin: string

beforeAll(async () => {
  api = await startTestApi({
    endpoints: [
      {
        path: '/soap/thu',
        handle: async ({ body }) => ({
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: `<len>${body.length}</len><id>${currentCorrelationId()}</id>`,
        }),
        wsdl: (url) => `<definitions location="${url}"/>`,
      },
    ],
  })
  admin = await api.token('admin')
})

afterAll(() => api.close())

const refusal = async (query: string, token: string | undefined = admin) => {
  const { status, errors } = await api.query(token, query)
  const [error] = errors
  return { status, code: error?.extensions.code, reason: error?.extensions.reason, message: error?.message }
}

describe('a token', () => {
  it('that is missing, expired, made for others or without a role is refused with 401 and a sentence', async () => {
    expect(await refusal('{ systems { id } }', '')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' })
    expect(await refusal('{ systems { id } }', await api.token('admin', undefined, -60))).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_EXPIRED',
      message: 'Phiên đăng nhập đã hết hạn, vui lòng đăng nhập lại.',
    })
    expect(await refusal('{ systems { id } }', `${admin.slice(0, -6)}AAAAAA`)).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_INVALID',
    })
    expect(await refusal('{ systems { id } }', await api.token('officer'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_INVALID',
    })
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${admin.split('.')[1]}.`
    expect(await refusal('{ systems { id } }', unsigned)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' })
  })
})

describe('a query', () => {
  it('for land under a blank sheet or a code that is none is refused with the field of its key, and nobody is asked', async () => {
    const ask = (sheet: string, commune: string) =>
      api.query(admin, `{ parcel(key: { communeCode: "${commune}", mapSheetNumber: "${sheet}", parcelNumber: "1" }) { areaM2 } }`)
    for (const [sheet, commune, field] of [
      ['  ', '28633', 'key.mapSheetNumber'],
      ['1', '2863', 'key.communeCode'],
    ] as const) {
      const { data, errors } = await ask(sheet, commune)
      expect(data).toEqual({ parcel: null })
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'RULE_VIOLATED', field } }])
    }
  })

  const nested = (depth: number): string => {
    const inner = Array.from({ length: depth }, () => 'blockedBy {').join(' ')
    return `{ transfers { edges { node { ${inner} id ${'}'.repeat(depth)} } } } }`
  }

  it('that is too deep is refused', async () => {
    expect(await refusal(nested(20))).toMatchObject({ status: 400, code: 'INVALID_INPUT', reason: 'QUERY_TOO_DEEP' })
  })

  it('that is too deep by way of fragments is refused', async () => {
    const fragments = Array.from(
      { length: 20 },
      (_, n) => `fragment F${n} on Transfer { blockedBy { ${n === 19 ? 'id' : `...F${n + 1}`} } }`,
    ).join('\n')
    expect(await refusal(`{ transfers { edges { node { ...F0 } } } } ${fragments}`)).toMatchObject({
      code: 'INVALID_INPUT',
      reason: 'QUERY_TOO_DEEP',
    })
  })

  it('that would cost too much is refused, with the size in a variable too', async () => {
    const body =
      'edges { node { code transfers { id attempts { id } } parcels { live { dossiers(first: 100) { edges { node { code dueAt } } } } } } }'
    expect(await refusal(`{ dossiers(first: 100) { ${body} } }`)).toMatchObject({
      message: expect.stringMatching(/^Câu truy vấn có thể lấy đến [\d.]+ trường, nhiều nhất là 20\.000: hãy giảm/),
      code: 'INVALID_INPUT',
      reason: 'QUERY_TOO_COSTLY',
    })
    const asked = (type: string, n?: number) => api.query(admin, `query ($n: ${type}) { dossiers(first: $n) { ${body} } }`, { n })
    for (const { status, errors } of [await asked('Int!', 100), await asked('Int! = 100')]) {
      expect(status).toBe(400)
      expect(errors[0]?.extensions).toMatchObject({ reason: 'QUERY_TOO_COSTLY', cost: expect.any(Number), maxCost: 20_000 })
    }
    for (const { errors } of [await asked('Int!', 1), await asked('Int! = 1')]) expect(errors).toEqual([])
  })

  it('with many aliases is refused, and with 10,000 before it is looked at', async () => {
    const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, n) => `a${n}: systems { id }`).join(' ')} }`
    expect(await refusal(aliases(100))).toMatchObject({ code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_ALIASES' })
    expect(await refusal(aliases(10_000))).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      reason: 'QUERY_TOO_MANY_TOKENS',
      message: 'Câu truy vấn quá dài.',
    })
  })

  it('that asks for the schema is refused while introspection is off', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ _service { sdl } }'])
      expect(await refusal(query)).toEqual({
        status: 400,
        code: 'INVALID_INPUT',
        reason: 'QUERY_INTROSPECTION_OFF',
        message: 'Cổng này không cho đọc lược đồ.',
      })
  })

  it('that a page of another site could have sent without being asked is refused, and told what it lacks', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'text/plain', connection: 'close' },
      body: JSON.stringify({ query: '{ systems { id } }' }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.stringContaining('Content-Type: application/json'),
          extensions: { code: 'INVALID_INPUT', reason: 'REQUEST_FROM_ANOTHER_PAGE' },
        },
      ],
    })
  })

  it('with an unknown field, a broken text or a bad value gets INVALID_INPUT', async () => {
    expect(await refusal('{ hoso { id } }')).toMatchObject({ code: 'INVALID_INPUT', reason: 'GRAPHQL_VALIDATION_FAILED' })
    expect(await refusal('{ systems {')).toMatchObject({ code: 'INVALID_INPUT', reason: 'GRAPHQL_PARSE_FAILED' })
    const { errors } = await api.query(admin, 'query ($on: Date) { administrativeUnits(on: $on) { code } }', { on: '2026-02-30' })
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('Ngày 2026-02-30 không có trong lịch.'),
      extensions: { code: 'INVALID_INPUT' },
    })
  })

  it('for a wrong code is told what is wrong with it', async () => {
    const { data, errors } = await api.query(
      admin,
      '{ bad: dossier(code: "hồ sơ 1") { code } absent: dossier(code: "H58.22-260302-9999") { code } transfer(id: "1") { id } }',
    )
    expect(data).toEqual({ bad: null, absent: null, transfer: null })
    expect(errors.map(({ path, extensions }) => [path?.[0], extensions.code, extensions.reason])).toEqual(
      expect.arrayContaining([
        ['bad', 'INVALID_INPUT', 'DOSSIER_CODE_INVALID'],
        ['absent', 'NOT_FOUND', undefined],
        ['transfer', 'INVALID_INPUT', 'TRANSFER_ID_INVALID'],
      ]),
    )
  })

  it('that fails inside tells a reference that stands in the log, and nothing of the cause', async () => {
    await api.db.query('ALTER TABLE procedure RENAME TO procedure_away')
    const { errors } = await api.query(admin, '{ procedures { code } }')
    await api.db.query('ALTER TABLE procedure_away RENAME TO procedure')
    const [error] = errors
    expect(error?.extensions).toEqual({ code: 'INTERNAL', referenceId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(JSON.stringify(errors)).not.toMatch(/relation|procedure_away|pg/)
    expect(api.logged.filter((line) => line.includes(String(error?.extensions.referenceId)))).toHaveLength(1)
  })
})

/** Sends as it is told, without what `fetch` adds. */
const send = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const call = request(`${api.url}${path}`, { method, headers: { connection: 'close', ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }))
    })
    call.on('error', reject)
    call.end(body)
  })

describe('what a client has got wrong', () => {
  const missing = (field: string) => ({ code: 'INVALID_INPUT', reason: 'BAD_USER_INPUT', field })
  const list = (type: string, argument: string) => `query ($v: ${type}) { dossiers(${argument}: $v) { totalCount } }`
  const key = '{ communeCode: "28633", mapSheetNumber: "7", parcelNumber: "1" }'
  const told: readonly (readonly [body: object, message: string, extensions: object])[] = [
    [{ query: list('Int', 'first'), variables: { v: null } }, 'Thiếu giá trị bắt buộc "first".', missing('first')],
    [{ query: list('DossierOrder', 'orderBy'), variables: { v: null } }, 'Thiếu giá trị bắt buộc "orderBy".', missing('orderBy')],
    [
      { query: `query ($v: ReadMode) { parcel(key: ${key}, read: $v) { areaM2 } }`, variables: { v: null } },
      'Thiếu giá trị bắt buộc "read".',
      missing('read'),
    ],
    [
      { query: 'query ($v: Int) { transferCounts(hours: $v) { __typename } }', variables: { v: null } },
      'Thiếu giá trị bắt buộc "hours".',
      missing('hours'),
    ],
    [
      { query: 'query ($v: Boolean = true) { procedures @include(if: $v) { code } }', variables: { v: null } },
      'Thiếu giá trị bắt buộc "if".',
      missing('if'),
    ],
    [{ query: list('Int!', 'first') }, 'Thiếu giá trị bắt buộc "v".', missing('v')],
    [{ query: list('Int!', 'first'), variables: { v: null } }, 'Thiếu giá trị bắt buộc "v".', missing('v')],
    [{ query: list('Int', 'first'), variables: { v: 3_000_000_000 } }, 'Giá trị của "v" không đúng kiểu.', missing('v')],
    [
      { query: list('DossierFilterInput', 'filter'), variables: { v: { statuses: ['Lê Văn Mẫu'] } } },
      'Giá trị của "statuses.0" không đúng kiểu.',
      missing('statuses.0'),
    ],
    [
      { query: list('DossierFilterInput', 'filter'), variables: { v: { statuses: [null] } } },
      'Thiếu giá trị bắt buộc "statuses.0".',
      missing('statuses.0'),
    ],
    [
      { query: '{ procedures @nope { code } }' },
      'Câu truy vấn không hợp lệ: Unknown directive "@nope".',
      { code: 'INVALID_INPUT', reason: 'GRAPHQL_VALIDATION_FAILED' },
    ],
    ...[{ query: '' }, { query: null }, { query: '', documentId: 5 }].map(
      (body) =>
        [
          body,
          'Yêu cầu không có câu truy vấn: hãy đặt "query" (hoặc "documentId" của một câu đã đăng ký).',
          { code: 'INVALID_INPUT', reason: 'BAD_REQUEST' },
        ] as const,
    ),
    [
      {},
      'Yêu cầu không có nội dung: hãy gửi JSON có "query", với Content-Type: application/json.',
      { code: 'INVALID_INPUT', reason: 'BAD_REQUEST' },
    ],
    [
      [{ query: '{ procedures { code } }' }],
      'Cổng không nhận nhiều yêu cầu trong một: hãy gửi từng yêu cầu.',
      { code: 'INVALID_INPUT', reason: 'BAD_REQUEST' },
    ],
  ]

  it.each(told)('%j is told so, and not as a fault of ours', async (body, message, extensions) => {
    const answer = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify(body),
    })
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: object }[] }
    expect(errors).toMatchObject([{ message, extensions }])
    expect(Object.keys(errors[0]?.extensions ?? {})).toEqual(Object.keys(extensions))
  })

  it('is told so of a part that comes later, and over a socket', async () => {
    const variables = { v: null }
    const inParts = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed; deferSpec=20220824, application/json',
        authorization: `Bearer ${admin}`,
      },
      body: JSON.stringify({ query: 'query ($v: Int) { ... @defer { dossiers(first: $v) { totalCount } } }', variables }),
    })
    expect(await inParts.text()).toContain('"extensions":{"code":"INVALID_INPUT","reason":"BAD_USER_INPUT","field":"first"}')
    const client = api.subscribe(admin)
    const { value } = await client.iterate({ query: list('Int', 'first'), variables }).next()
    expect(value?.errors).toMatchObject([{ message: 'Thiếu giá trị bắt buộc "first".', extensions: missing('first') }])
    await client.dispose()
  })
})

describe('HTTP', () => {
  it('refuses a form post and a body that is too large, and answers an unknown path with a sentence', async () => {
    const form = await send(
      'POST',
      '/graphql',
      { 'content-type': 'text/plain', authorization: `Bearer ${admin}` },
      '{"query":"{ systems { id } }"}',
    )
    expect(form.status).toBeGreaterThanOrEqual(400)
    const known = { authorization: `Bearer ${admin}` }
    const encoded = await send('POST', '/graphql', { ...known, 'content-type': 'application/x-www-form-urlencoded' }, 'query=x')
    expect([encoded.status, JSON.parse(encoded.body).errors[0]]).toEqual([
      415,
      {
        message: 'Cổng chỉ đọc yêu cầu dạng JSON: hãy đặt Content-Type: application/json.',
        extensions: { code: 'INVALID_INPUT', reason: 'REQUEST_UNREADABLE' },
      },
    ])
    const large = await send(
      'POST',
      '/graphql',
      { ...known, 'content-type': 'application/json' },
      JSON.stringify({ query: 'x'.repeat(500_000) }),
    )
    expect([large.status, JSON.parse(large.body).errors[0]]).toEqual([
      413,
      {
        message: expect.stringMatching(/mức cho phép \(\d+ (MB|KB)\)\.$/),
        extensions: { code: 'INVALID_INPUT', reason: 'REQUEST_TOO_LARGE' },
      },
    ])
    const broken = await send('POST', '/graphql', { ...known, 'content-type': 'application/json' }, '{')
    expect([broken.status, JSON.parse(broken.body).errors[0].extensions.code]).toEqual([400, 'INVALID_INPUT'])
    expect((await send('GET', '/khong-co', {})).status).toBe(404)
  })

  it('gives the request its correlation id back when it is a UUID, and a new one otherwise', async () => {
    const id = '0b7c3f9e-1111-4222-8333-444455556666'
    expect((await send('GET', '/health/live', { 'x-correlation-id': id })).headers['x-correlation-id']).toBe(id)
    expect(
      (await send('GET', '/health/live', { 'x-correlation-id': 'giả\u0301'.normalize('NFC').replace(/[^\x20-\x7e]/g, '') })).headers[
        'x-correlation-id'
      ],
    ).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('runs what it does for a request under that id, also after a body was read', async () => {
    const id = '0b7c3f9e-1111-4222-8333-444455556667'
    const answer = await send('POST', '/soap/thu', { 'content-type': 'text/xml', 'x-correlation-id': id }, '<a/>')
    expect(answer.body).toContain(`<id>${id}</id>`)
    expect(api.logged.filter((line) => line.includes(id) && line.includes('"status":200'))).toHaveLength(1)
  })

  it('tells health and numbers without a token', async () => {
    expect(JSON.parse((await send('GET', '/health/ready', {})).body)).toEqual({ ready: true, checks: { database: true } })
    expect((await send('GET', '/metrics', {})).body).toContain('lienthong_http_seconds_count')
  })

  it('hands inbound SOAP over as raw bytes and refuses what is too large with a fault', async () => {
    expect((await send('POST', '/soap/thu', { 'content-type': 'application/soap+xml' }, '<ổ/>')).body).toMatch(/^<len>6<\/len>/)
    const large = await send('POST', '/soap/thu', { 'content-type': 'text/xml' }, 'x'.repeat(3_000))
    expect([large.status, large.body]).toEqual([
      413,
      expect.stringContaining('<faultstring>Thông điệp lớn hơn mức cho phép (1 KB).</faultstring>'),
    ])
    expect((await send('GET', '/soap/thu?wsdl', {})).body).toMatch(/^<definitions location="http:\/\/127\.0\.0\.1:\d+\/soap\/thu"\/>$/)
  })

  it.each([
    ['/graphql', 'application/json', 413],
    ['/graphql', 'application/x-www-form-urlencoded', 415],
    ['/soap/thu', 'text/xml', 413],
  ])('hears who sends too much, or what cannot be read, to the end, so that the refusal arrives: %s, %s', async (path, type, status) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin}\r\ncontent-type: ${type}\r\ncontent-length: 500000\r\n\r\n`
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8')
    const heard: string[] = []
    const broken: Error[] = []
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('data', (piece: string) => heard.push(piece)).on('error', (error) => broken.push(error))
    socket.write(head + 'x'.repeat(1_000))
    // Answered by now, if anybody answers before he has heard all.
    expect((await send('GET', '/health/live', {})).status).toBe(200)
    expect(heard).toEqual([])
    socket.end('x'.repeat(499_000))
    await closed
    expect([heard.join(''), broken]).toEqual([expect.stringContaining(`HTTP/1.1 ${status} `), []])
  })

  it('answers who announces too much and waits for its word', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8')
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin}\r\ncontent-type: application/json\r\ncontent-length: 500000\r\n\r\n`,
    )
    const [answer] = await once(socket, 'data')
    expect(answer).toContain('HTTP/1.1 413 ')
    socket.destroy()
  })

  it('says in one sentence that its port is taken', async () => {
    const { startApiServer } = await import('../../src/api/server.js')
    const port = Number(new URL(api.url).port)
    await expect(startApiServer(api.dependencies, { host: '127.0.0.1', port })).rejects.toMatchObject({
      name: 'StartError',
      message: `Cổng ${port} trên 127.0.0.1 đang được dùng: hãy dừng chương trình kia hoặc chọn cổng khác bằng PORT.`,
    })
  })
})
