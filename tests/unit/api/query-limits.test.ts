import { beforeAll, describe, expect, it } from '@jest/globals'
import type { GraphQLSchema } from 'graphql'
import { extendSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql'
import { limitRules } from '../../../src/api/query-limits.js'
import { buildGatewaySchema } from '../../../src/api/schema.js'
import { asSubgraph, noSubgraphSdl } from '../../../src/api/subgraph.js'
import { parseConfiguration } from '../../../src/config/config.js'

const DEFER = parse('directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT')

let schema: GraphQLSchema

beforeAll(async () => {
  const subgraph = asSubgraph(await buildGatewaySchema())
  schema = subgraph.getDirective('defer') ? subgraph : extendSchema(subgraph, DEFER)
})

const limits = parseConfiguration({}).api.query

/** Reasons, or messages where GraphQL itself refuses. */
const refusals = (query: string, given: Partial<typeof limits> = {}): unknown[] =>
  validate(schema, parse(query), [...specifiedRules, ...limitRules({ ...limits, ...given })]).map(
    ({ message, extensions }) => extensions.reason ?? message,
  )

const chain = (field: string, times: number, end: string): string => `${`${field} { `.repeat(times)}${end}${' }'.repeat(times)}`

describe('the depth of a query', () => {
  it('is counted through fragments, deferred parts and entities', () => {
    const deep = chain('blockedBy', 14, 'id')
    const asked = '_entities(representations: []) { ... on Dossier'
    expect(refusals(`{ transfer(id: "1") { ${deep} } }`)).toEqual(['QUERY_TOO_DEEP'])
    expect(refusals(`{ transfer(id: "1") { ...F } } fragment F on Transfer { ${deep} }`)).toEqual(['QUERY_TOO_DEEP'])
    expect(refusals(`{ transfer(id: "1") { ... @defer { ${deep} } } }`)).toEqual(['QUERY_TOO_DEEP'])
    expect(refusals(`{ ${asked} { transfers { ${deep} } } } }`)).toEqual(['QUERY_TOO_DEEP'])
    expect(refusals(`{ ${asked} { transfers { ${chain('blockedBy', 8, 'id')} } } } }`)).toEqual([])
  })
})

describe('the cost of a query', () => {
  const rows = (first: number) => `dossiers(first: ${first}) { edges { node { code summary status dueAt receivedAt } } }`
  const part = `parcels { live { ${rows(10)} } }`

  it('is counted through fragments, deferred parts and entities', () => {
    const within = `dossier(code: "x") { ${part} }`
    const node = (body: string) => `{ dossiers(first: 100) { edges { node { ${body} } } } }`
    expect(refusals(`{ ${within} }`)).toEqual([])
    for (const query of [
      node(part),
      node(`... @defer { ${part} }`),
      `${node('...F @defer(label: "a")')} fragment F on Dossier { ${part} }`,
      `{ _entities(representations: []) { ... on Parcel { dossiers(first: 100) { edges { node { ${part} } } } } } }`,
    ])
      expect(refusals(query)).toEqual(['QUERY_TOO_COSTLY'])
  })

  it('is more for what was on the wire and for what may be done than for a field, so that these are asked of a few transfers', () => {
    const evidence = 'attempts { number requestXml responseText }'
    const acts = 'acts { act allowed reason }'
    const list = (body: string) => `transfers(first: 100) { edges { node { id ${body} } } }`
    expect(refusals(`{ transfer(id: "1") { ${evidence} ${acts} followers { ${acts} } } }`)).toEqual([])
    expect(refusals(`{ ${list(evidence)} }`)).toEqual(['QUERY_TOO_COSTLY'])
    expect(refusals(`{ ${list(acts)} }`)).toEqual([])
    expect(refusals(`{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: ${list(acts)}`).join(' ')} }`)).toEqual(['QUERY_TOO_COSTLY'])
  })

  it('takes lists that lead back into each other for the many rows that they are', () => {
    const back = (times: number) => chain('transfers { dossier', times, 'code').concat(' }'.repeat(times))
    expect(refusals(`{ dossiers(first: 20) { edges { node { ${back(2)} } } } }`)).toEqual([])
    expect(refusals(`{ dossiers(first: 20) { edges { node { ${back(4)} } } } }`)).toEqual(['QUERY_TOO_COSTLY'])
    const inFragments = 'fragment F on Dossier { transfers { dossier { ...G } } } fragment G on Dossier { transfers { dossier { ...H } } }'
    const last = `fragment H on Dossier { ${back(2)} }`
    expect(refusals(`{ dossiers(first: 20) { edges { node { ...F } } } } ${inFragments} ${last}`)).toEqual(['QUERY_TOO_COSTLY'])
    expect(refusals('{ dossiers { edges { node { ...F } } } } fragment F on Dossier { transfers { dossier { ...F } } }')).toContain(
      'Cannot spread fragment "F" within itself.',
    )
  })

  it('is what an operator has set', () => {
    expect(refusals(`{ ${rows(20)} }`, { maxCost: 100 })).toEqual(['QUERY_TOO_COSTLY'])
    expect(refusals('{ transfer(id: "1") { blockedBy { id } } }', { maxDepth: 2 })).toEqual(['QUERY_TOO_DEEP'])
    const changed = parseConfiguration({ api: { query: { maxDepth: 9, maxRepresentations: 50 } } }).api.query
    expect(changed).toEqual({ ...limits, maxDepth: 9, maxRepresentations: 50 })
    expect(() => parseConfiguration({ api: { query: { maxDepth: 0 } } })).toThrow('api.query.maxDepth')
  })

  it('of fragments within fragments takes no time to work out', () => {
    const doubled = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Transfer { ${n === 39 ? 'id' : `blockedBy { ...F${n + 1} } followers { ...F${n + 1} }`} }`,
    )
    expect(refusals(`{ transfer(id: "1") { ...F0 } } ${doubled.join(' ')}`, { maxTokens: 100_000 })).toContain('QUERY_TOO_COSTLY')
  })
})

describe('directives and aliases', () => {
  it('are counted with @defer among them, and within fragments', () => {
    const parts = (count: number) => Array.from({ length: count }, () => '... @defer { id }').join(' ')
    expect(refusals(`{ transfer(id: "1") { ${parts(20)} } }`)).toEqual([])
    expect(refusals(`{ transfer(id: "1") { ${parts(21)} } }`)).toEqual(['QUERY_TOO_MANY_DIRECTIVES'])
    const aliases = Array.from({ length: 31 }, (_, n) => `a${n}: id`).join(' ')
    expect(refusals(`{ transfer(id: "1") { ...F } } fragment F on Transfer { ${aliases} }`)).toEqual(['QUERY_TOO_MANY_ALIASES'])
  })
})

describe('introspection where it is allowed', () => {
  it('is what tools ask', () => {
    expect(refusals(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }))).toEqual([])
  })

  it('is neither a maze nor a way to multiply the schema', () => {
    const maze = 'fields { type { fields { type { fields { name } } } } }'
    expect(refusals(`{ __schema { types { ${maze} } } }`)).toEqual(['Maximum introspection depth exceeded'])
    expect(refusals(`{ __schema { types { ...T } } } fragment T on __Type { ${maze} }`)).toEqual(['Maximum introspection depth exceeded'])
    const copies = Array.from({ length: 31 }, (_, n) => `a${n}: __schema { types { name } }`).join(' ')
    expect(refusals(`{ ${copies} }`)).toEqual(['QUERY_TOO_MANY_ALIASES'])
  })

  it('closes the SDL of the subgraph with it, at the root alone', () => {
    const closed = (query: string) => validate(schema, parse(query), [noSubgraphSdl]).map(({ extensions }) => extensions.reason)
    expect(closed('{ sdl: _service { sdl } }')).toEqual(['QUERY_INTROSPECTION_OFF'])
    expect(closed('{ ...F } fragment F on Query { _service { sdl } }')).toEqual(['QUERY_INTROSPECTION_OFF'])
    expect(closed('{ systems { id } }')).toEqual([])
  })
})
