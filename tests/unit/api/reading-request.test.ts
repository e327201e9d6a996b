import { expect, test } from '@jest/globals'
import { isReading } from '../../../src/api/reading-request.js'

const LISTED: Readonly<Record<string, string>> = { q: '{ systems { id } }', m: 'mutation { pauseSystem }' }

const reads = (body: unknown, method = 'POST'): boolean => isReading({ method, body }, (id) => LISTED[id])

test.each([
  ['a query', { query: '{ systems { id } }' }],
  ['a listed one by its id', { documentId: 'q' }],
  ["a listed one by Apollo's id", { extensions: { persistedQuery: { sha256Hash: 'q' } } }],
])('%s changes nothing', (_what, body) => expect(reads(body)).toBe(true))

test('what comes by GET changes nothing', () => expect(reads(undefined, 'GET')).toBe(true))

test.each([
  ['a mutation', { query: 'mutation { pauseSystem }' }],
  ['one among queries', { query: 'query A { systems { id } } mutation B { pauseSystem }' }],
  ['a listed mutation', { documentId: 'm' }],
  ['an id that nobody knows', { documentId: 'x' }],
  ['what has no text', {}],
  ['what is no text', { query: { kind: 'Document' } }],
  ['nothing', null],
])('%s may change something', (_what, body) => expect(reads(body)).toBe(false))

test('an id may change something where none is listed', () => expect(isReading({ method: 'POST', body: { documentId: 'q' } })).toBe(false))
