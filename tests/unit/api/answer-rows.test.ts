import { beforeEach, describe, expect, it } from '@jest/globals'
import type { GraphQLSchema } from 'graphql'
import { buildSchema, execute, parse } from 'graphql'
import { VISITOR } from '../../../src/access/caller.js'
import { countRows } from '../../../src/api/count-rows.js'
import type { ApiDependencies } from '../../../src/api/dependencies.js'
import { RequestContext } from '../../../src/api/request-context.js'
import { parseConfiguration } from '../../../src/config/config.js'

const MOST_ROWS = 20_000
const SIBLINGS = 25

let asked: { lists: number; objects: number; rows: number }
let schema: GraphQLSchema

/** Twenty-five things each of which has all of them: what the transfers of a dossier are to each other. */
const things = async (): Promise<object[]> => {
  asked.lists++
  await Promise.resolve()
  asked.rows += SIBLINGS
  return Array.from({ length: SIBLINGS }, (_, n) => ({ id: n, name: async () => `${n}`, things, one }))
}
const one = async (): Promise<object> => {
  asked.objects++
  return { id: 0, one }
}

beforeEach(() => {
  asked = { lists: 0, objects: 0, rows: 0 }
  schema = countRows(buildSchema('type Query { things: [Thing!] } type Thing { id: Int! name: String things: [Thing!] one: Thing }'))
})

const answer = async (query: string) => {
  const { api } = parseConfiguration({})
  const deps = {
    db: { query: () => Promise.reject(new Error('nothing is read')) },
    limits: { ...api, query: { ...api.query, maxCost: MOST_ROWS } },
  }
  const contextValue = new RequestContext(deps as unknown as ApiDependencies, VISITOR, 'x', '')
  return execute({ schema, document: parse(query), contextValue, rootValue: { things } })
}

const nested = (times: number, end = 'id'): string => `{ ${'things { '.repeat(times)}${end}${' }'.repeat(times)} }`

describe('an answer with more rows than it may have', () => {
  it('is read no further: neither lists nor what hangs on the rows that came', async () => {
    const { errors } = await answer(nested(4, 'one { one { one { one { id } } } } things { id }'))
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('nhiều nhất là 20.000'), extensions: { maxCost: MOST_ROWS } })
    // 1 + 25 + 625 lists are fifteen thousand rows; of the fifteen thousand lists of the next level no more are read than at once.
    expect(asked.lists).toBeLessThan(1 + 25 + 625 + 1_001 + 1)
    expect(asked.rows).toBeLessThan(2 * MOST_ROWS + 1_001 * SIBLINGS)
    // Of the rows that came last, what was asked of them before the end.
    expect(asked.objects).toBeLessThan(2 * (MOST_ROWS - 25 - 625 - 15_625))
  })

  it('tells all that is missing with one error, and not with one made anew for each list', async () => {
    const { errors } = await answer(nested(6))
    expect(errors?.length).toBeGreaterThan(1_000)
    expect(new Set(errors).size).toBe(1)
  })
})

it('an answer within its rows is whole, though it has more lists than are read at once', async () => {
  const { data, errors } = await answer(nested(3, 'id name'))
  expect(errors).toBeUndefined()
  expect(JSON.stringify(data).match(/"name"/g)).toHaveLength(25 ** 3)
  const most = await answer(`{ things { things { a: things { id } } } b: things { things { id } } }`)
  expect(most.errors).toBeUndefined()
})
