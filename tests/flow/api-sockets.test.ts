import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Client } from 'graphql-ws'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

let api: TestApi
let client: Client

beforeAll(async () => {
  api = await startTestApi()
  client = api.subscribe(await api.token('admin'))
})

afterAll(async () => {
  await client.dispose()
  await api.close()
})

/** Asks to become a WebSocket; `gone`: and is away before the answer. */
const upgrade = (path: string, gone = false): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      )
      if (gone) socket.resetAndDestroy()
    })
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString()
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(answer))
  })

describe('an upgrade', () => {
  it('to anything but the endpoint is refused, and neither a bad address nor a peer that is gone ends the process', async () => {
    expect(await upgrade('/khac')).toMatch(/^HTTP\/1\.1 404 /)
    expect(await upgrade('//')).toMatch(/^HTTP\/1\.1 404 /)
    for (let n = 0; n < 50; n++) await upgrade('/khac', true)
    expect((await fetch(`${api.url}/health/live`, { headers: { connection: 'close' } })).status).toBe(200)
  })
})

/** What an operation over the socket is refused with, before it runs or in its first answer. */
const refusalOf = async (query: string, variables: Record<string, unknown> = {}, operationName?: string) => {
  const answers = client.iterate({ query, variables, operationName })
  try {
    const { value } = await answers.next()
    return value?.errors?.[0]
  } catch (errors) {
    return (errors as { message: string; extensions: Record<string, unknown> }[])[0]
  }
}

describe('an operation over the socket', () => {
  it('learns as little of the schema as over HTTP while introspection is off', async () => {
    expect(await refusalOf('{ _service { sdl } }')).toMatchObject({ extensions: { reason: 'QUERY_INTROSPECTION_OFF' } })
    expect(await refusalOf('{ __schema { queryType { name } } }')).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
    const unknown = await refusalOf('{ sytems { id } }')
    expect(unknown?.extensions.code).toBe('INVALID_INPUT')
    expect(unknown?.message).not.toContain('systems')
  })

  it('with a wrong, a missing or an unreadable value, or without a name to choose by, is told so', async () => {
    const units = 'query ($on: Date!) { administrativeUnits(on: $on) { code } }'
    expect(await refusalOf(units, { on: '2026-02-30' })).toMatchObject({
      message: 'Ngày 2026-02-30 không có trong lịch.',
      extensions: { code: 'INVALID_INPUT', field: 'on' },
    })
    expect(await refusalOf(units)).toMatchObject({ extensions: { code: 'INVALID_INPUT', reason: 'BAD_USER_INPUT' } })
    expect(await refusalOf('subscription ($id: ID) { transferChanged(lastEventId: $id) { eventId } }', { id: {} })).toMatchObject({
      extensions: { code: 'INVALID_INPUT', reason: 'BAD_USER_INPUT' },
    })
    expect(await refusalOf('query ($code: String!) { dossier(code: $code) { code } }', { code: 'a\u0000' })).toMatchObject({
      extensions: { code: 'INVALID_INPUT', reason: 'TEXT_UNREADABLE', field: 'code' },
    })
    expect(await refusalOf('query a { systems { id } } query b { systems { id } }', {}, 'c')).toMatchObject({
      extensions: { code: 'INVALID_INPUT', reason: 'OPERATION_RESOLUTION_FAILURE' },
    })
  })

  it('that goes on after an event which the log cannot have is refused', async () => {
    const query = 'subscription ($id: ID) { transferChanged(lastEventId: $id) { eventId } }'
    for (const id of ['99999999999999999999-0', '9999999999999999999-0', '1-99999999999999999999'])
      expect(await refusalOf(query, { id })).toMatchObject({ extensions: { code: 'INVALID_INPUT', reason: 'EVENT_ID_INVALID' } })
    expect(await refusalOf(query, { id: '9223372036854775807-0' })).toMatchObject({
      extensions: { code: 'INVALID_INPUT', reason: 'EVENT_ID_AHEAD', field: 'lastEventId' },
    })
  })

  it('is one of fifty at most', async () => {
    const crowd = Array.from({ length: 60 }, () => client.iterate({ query: 'subscription { transferChanged { eventId } }' }))
    const refused = await Promise.race(
      crowd.map((answers) =>
        answers.next().then(
          () => [],
          (errors: unknown) => errors,
        ),
      ),
    )
    expect(refused).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_OPERATIONS' } }])
    await Promise.all(crowd.map((answers) => answers.return?.()))
  })
})

describe('an answer over the socket', () => {
  const overHttp = async (query: string, language?: string) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        authorization: `Bearer ${await api.token('admin')}`,
        ...(language && { 'x-language': language }),
      },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as object
  }
  const overSocket = async (of: Client, query: string) => (await of.iterate({ query }).next()).value

  it('tells of parts that could not be read as over HTTP, each answer of its own', async () => {
    api.registry.down = true
    const query =
      '{ a: certificate(serialNumber: "BX 000777") { serialNumber } b: certificate(serialNumber: "BX 000778") { serialNumber } }'
    const parts = ['a', 'b'].map((name) => ({
      path: [name],
      system: 'VILIS',
      state: 'FAILED',
      asOf: null,
      because: 'Chưa đọc được phần mềm đất đai (ViLIS)',
    }))
    try {
      for (const answer of [await overHttp(query), await overSocket(client, query), await overSocket(client, query)])
        expect(answer).toMatchObject({ data: { a: { serialNumber: 'BX000777' } }, extensions: { parts } })
      expect(await overSocket(client, '{ systems { id } }')).not.toHaveProperty('extensions')
    } finally {
      api.registry.down = false
    }
  })

  it('has its errors told in the language that the connection asked for, as over HTTP', async () => {
    const query = '{ certificate(serialNumber: "x") { serialNumber } }'
    const english = api.subscribe(await api.token('admin'), { language: 'en' })
    const refused = await overSocket(english, query)
    const unknown = await english
      .iterate({ query: '{ administrativeUnits(on: "2026-02-30") { code } }' })
      .next()
      .catch((errors: unknown) => errors)
    await english.dispose()
    expect(refused).toEqual(await overHttp(query, 'en'))
    expect(refused).toMatchObject({ errors: [{ message: expect.stringMatching(/^Serial number/) }] })
    expect(unknown).toMatchObject([{ message: expect.stringMatching(/^The request cannot be taken/) }])
  })
})
