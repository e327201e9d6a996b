import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { readPersistedOperations } from '../../../src/api/persisted-operations.js'
import { limitRules } from '../../../src/api/query-limits.js'
import { parseConfiguration } from '../../../src/config/config.js'

const schema = buildSchema('type Query { systems: [System!]! } type System { id: ID! part: System }')
const rules = limitRules(parseConfiguration({}).api.query)
const SYSTEMS = 'query HeThong { systems { id } }'

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const list = (...texts: string[]): string => JSON.stringify(Object.fromEntries(texts.map((text) => [idOf(text), text])))

let manifest: string

beforeAll(async () => {
  manifest = join(await mkdtemp(join(tmpdir(), 'lienthong-manifest-')), 'persisted-documents.json')
})

afterAll(() => rm(join(manifest, '..'), { recursive: true }))

const OLD = 'query Cu { hoSoCu { id } }'
const DEEP = `{ systems { ${'part { '.repeat(20)} id ${'} '.repeat(20)} } }`
const SHAPE = 'phải là JSON dạng { "mã SHA-256": "câu truy vấn" } và có ít nhất một câu.'
const UNFIT = (text: string): string => `câu có mã ${idOf(text)} không chạy được trên lược đồ này:`

test.each([
  ['is no JSON', '{', SHAPE],
  ['is a list', '[]', SHAPE],
  ['is empty', '{}', SHAPE],
  ['holds no text', '{"a":1}', SHAPE],
  ['has an id that is not the hash of its document', JSON.stringify({ abc: SYSTEMS }), 'mã "abc" không phải SHA-256 của câu đi cùng.'],
  ['holds what the schema does not have', list(SYSTEMS, OLD), `${UNFIT(OLD)} Cannot query field "hoSoCu" on type "Query".`],
  ['holds what is no document', list('{ a'), `${UNFIT('{ a')} Syntax Error: Expected Name, found <EOF>.`],
  ['holds what the limits refuse', list(DEEP), `${UNFIT(DEEP)} Câu truy vấn lồng quá nhiều tầng.`],
])('a manifest that %s is refused with a sentence', async (_what, content, sentence) => {
  await writeFile(manifest, content)
  const message: string = await readPersistedOperations({ manifest, only: true }, schema, rules, 'none').then(
    () => 'read',
    (error: Error) => error.message,
  )
  expect(message.replace(/^Danh sách câu truy vấn \S+?:? (?=phải|mã|câu)/, '')).toBe(sentence)
})

test('whole ones are read, one a front end', async () => {
  const other = join(manifest, '..', 'other.json')
  await writeFile(manifest, list(SYSTEMS))
  await writeFile(other, list('{ systems { id } }', SYSTEMS))
  const operations = await readPersistedOperations({ manifest: [manifest, other], only: true }, schema, rules, 'none')
  expect(() => operations.admit('{ systems { id } }')).not.toThrow()
  expect(operations.documentOf({ query: '', extensions: { persistedQuery: { sha256Hash: idOf(SYSTEMS) } } })).toBe(SYSTEMS)
  expect(() => operations.admit(SYSTEMS)).not.toThrow()
  expect(() => operations.admit(`${SYSTEMS} `)).toThrow('Cổng chỉ nhận những câu truy vấn đã đăng ký')
})

test("the gateway's own operations are admitted however a client lays them out, those of others as they are listed", async () => {
  const own = join(manifest, '..', 'documents.json')
  const OWN = 'query Rieng {\n  systems {\n    id\n  }\n}'
  await writeFile(manifest, list(SYSTEMS))
  await writeFile(own, list(OWN))
  const operations = await readPersistedOperations({ manifest, only: true }, schema, rules, own)
  for (const text of [OWN, OWN.replace(/\s+/g, ' '), `# Rieng\n${OWN}`]) expect(() => operations.admit(text)).not.toThrow()
  expect(operations.documentOf({ query: '', documentId: `sha256:${idOf(OWN)}` })).toBe(OWN)
  for (const text of [`${SYSTEMS} `, OWN.replace('id', 'i: id'), '{ a', '']) expect(() => operations.admit(text)).toThrow('Cổng chỉ nhận')
})
