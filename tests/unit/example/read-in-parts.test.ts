import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { execute } from '@graphql-tools/executor'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Fastify from 'fastify'
import { buildSchema } from 'graphql'
import { type Answer, type Gateway, RequestRefused, TryAgainLater } from '../../../examples/dossier-tracker/gateway.js'
import { readInParts } from '../../../examples/dossier-tracker/read-in-parts.js'

const SCHEMA = `
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { dossier: Dossier! }
  type Dossier { code: String!, parcels: [Parcel!]! }
  type Parcel { number: String!, live: String, broken: String! }
`
const DEFERRED = '{ dossier { code parcels { number ...Live @defer } } } fragment Live on Parcel { live }'

interface Asked {
  readonly dossier: { readonly code: string; readonly parcels: readonly { readonly number: string; readonly live?: string | null }[] }
}

/** Opens when told to. */
const gate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

let slow = gate()
const parcel = (number: string) => ({
  number,
  live: () => slow.opened.then(() => `live ${number}`),
  broken: () => {
    throw new Error('ViLIS is down')
  },
})

/** Apollo Server as it defers, over HTTP. */
const apollo = new ApolloServer({
  schema: buildSchema(SCHEMA),
  rootValue: () => ({ dossier: { code: 'H58', parcels: [parcel('1'), parcel('2')] } }),
  legacyExperimentalExecuteIncrementally: (args) => execute(args) as never,
})
const app = Fastify({ forceCloseConnections: true })
let gateway: Gateway
beforeAll(async () => {
  await apollo.start()
  app.route({ method: ['POST'], url: '/graphql', handler: fastifyApolloHandler(apollo) })
  gateway = { url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`, token: 'x' }
})
afterAll(async () => {
  await app.close()
  await apollo.stop()
})

const collect = async (asked: AsyncIterable<Answer<Asked>>): Promise<Answer<Asked>[]> => {
  const all: Answer<Asked>[] = []
  for await (const answer of asked) all.push(answer)
  return all
}

/** Asks a server that answers once, as told. */
const against = async (answer: (response: ServerResponse, asked: string) => void, work: (gateway: Gateway) => Promise<void>) => {
  const server: Server = createServer(async (request, response) =>
    answer(response, (JSON.parse(Buffer.concat(await request.toArray()).toString()) as { query: string }).query),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'x' })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('an answer in parts', () => {
  test('shows what is quick before what is slow has come, and all in the end', async () => {
    slow = gate()
    const parts = readInParts<Asked, object>(gateway, DEFERRED, {})
    const first = await parts.next()
    expect(first.value).toEqual({ data: { dossier: { code: 'H58', parcels: [{ number: '1' }, { number: '2' }] } }, faults: [] })
    slow.open()
    const rest = await collect(parts)
    expect(rest.at(-1)).toEqual({
      data: {
        dossier: {
          code: 'H58',
          parcels: [
            { number: '1', live: 'live 1' },
            { number: '2', live: 'live 2' },
          ],
        },
      },
      faults: [],
    })
    // What was shown before is left as it was: a user interface compares.
    expect(first.value.data.dossier.parcels[0]).toEqual({ number: '1' })
  })

  test('leaves out a part that failed, with a fault for each place', async () => {
    const asked = '{ dossier { code parcels { number ... @defer { broken } } } }'
    const last = (await collect(readInParts<Asked, object>(gateway, asked, {}))).at(-1)
    expect(last?.data).toEqual({ dossier: { code: 'H58', parcels: [{ number: '1' }, { number: '2' }] } })
    expect(last?.faults.map(({ path }) => path?.join('.')).sort()).toEqual(['dossier.parcels.0.broken', 'dossier.parcels.1.broken'])
  })

  test('that is cut off before its last part is not taken for whole', async () => {
    const cut = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary="-"; deferSpec=20220824' })
      response.end(
        '\r\n---\r\ncontent-type: application/json\r\n\r\n{"hasNext":true,"data":{"dossier":{"code":"H58","parcels":[]}}}\r\n---\r\n',
      )
    }
    await against(cut, async (there) => {
      const parts = readInParts<Asked, object>(there, DEFERRED, {})
      expect((await parts.next()).value).toMatchObject({ data: { dossier: { code: 'H58' } } })
      await expect(parts.next()).rejects.toThrow(TryAgainLater)
    })
  })
})

describe('a gateway that does not defer', () => {
  const json = (response: ServerResponse, status: number, body: object): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const whole = { dossier: { code: 'H58', parcels: [] } }

  test('answers whole, once', async () => {
    await against(
      (response) => json(response, 200, { data: whole }),
      async (there) => {
        expect(await collect(readInParts<Asked, object>(there, DEFERRED, {}))).toEqual([{ data: whole, faults: [] }])
      },
    )
  })

  test('and has never heard of @defer is asked without it', async () => {
    const refuses = (response: ServerResponse, asked: string): void =>
      asked.includes('@defer')
        ? json(response, 400, { errors: [{ message: 'Unknown directive', extensions: { reason: 'GRAPHQL_VALIDATION_FAILED' } }] })
        : json(response, 200, { data: whole })
    await against(refuses, async (there) => {
      expect(await collect(readInParts<Asked, object>(there, DEFERRED, {}))).toEqual([{ data: whole, faults: [] }])
      const wrong = '{ dossier { nothing } }'
      await against(
        (response) => json(response, 400, { errors: [{ message: 'x', extensions: { reason: 'GRAPHQL_VALIDATION_FAILED' } }] }),
        async (elsewhere) => {
          await expect(collect(readInParts<Asked, object>(elsewhere, wrong, {}))).rejects.toThrow(RequestRefused)
        },
      )
    })
  })
})
