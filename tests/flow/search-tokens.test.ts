import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { foldText } from '../../src/model/fold-text.js'
import { type SearchWord, searchWords } from '../../src/model/search-words.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

/** The index is asked for tokens, the text for patterns: what a pattern finds in a text, its tokens must have led to. */
let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const TEXTS = [
  'Đặng Thị Ngọc Ánh, Lê Ý',
  '082090012345 0912000456',
  'H58.22-260302-0001 CS00042 BX123456 CN-đất12b/ấp3',
  'tờ 5 thửa 203 xã Chợ Gạo',
  '50%_\\ "x" --1 a1 1a #abc ^x 7',
  `${'abcdefghij'.repeat(10)}k ${'z'.repeat(61)}9`,
  'ΟΔΟΣ 가나다12 ٣٤٥ 𠮷野家𠮷1',
]

/** Every part of every word, and every word with its neighbour. */
const partsOf = (text: string): string[] =>
  foldText(text)
    .split(' ')
    .flatMap((word) => {
      const characters = [...word]
      return characters.flatMap((_, from) =>
        [1, 2, 3, 4, 5, 7, 12, 29, 30, 31, 45, 61].map((length) => characters.slice(from, from + length).join('')),
      )
    })

const led = ({ tokens }: SearchWord) =>
  tokens.kind === 'ALL_OF' ? { all: tokens.tokens, like: null } : { all: null, like: tokens.pattern }

test('a text that holds a word has the tokens that the word is looked for by, whatever part of whatever word it is', async () => {
  const words = [...new Set(TEXTS.flatMap(partsOf))].flatMap(searchWords)
  const asked = words.map((word) => ({ pattern: word.pattern, ...led(word) }))
  const missed = await db.query<{ told: string; pattern: string }>(
    `WITH texts AS (SELECT told, search_tokens(1, ' ' || fold_text(told)) AS tokens FROM unnest($1::text[]) AS told),
      asked AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS a (pattern text, "all" text[], "like" text))
     SELECT told, pattern FROM texts CROSS JOIN asked WHERE ' ' || fold_text(told) LIKE pattern
       AND NOT coalesce(tokens @> "all", EXISTS (SELECT 1 FROM unnest(tokens) AS t WHERE t !~ '^[ \\t]' AND t LIKE "like"))`,
    [TEXTS, JSON.stringify(asked)],
  )
  expect(missed).toEqual([])
  expect(words.length).toBeGreaterThan(500)
})

test('a word of letters leads to no text without it', async () => {
  const words = ['Ngọc', 'đất', 'Gạo', 'hị', 'ngọc á'].flatMap(searchWords).filter(({ tokens }) => tokens.kind === 'ANY_LIKE')
  const asked = words.map((word) => ({ pattern: word.pattern, ...led(word) }))
  const tooMany = await db.query(
    `SELECT told, pattern FROM unnest($1::text[]) AS told CROSS JOIN jsonb_to_recordset($2::jsonb) AS a (pattern text, "like" text)
     WHERE EXISTS (SELECT 1 FROM unnest(search_tokens(1, ' ' || fold_text(told))) AS t WHERE t !~ '^[ \\t]' AND t LIKE "like")
       AND NOT ' ' || fold_text(told) LIKE pattern`,
    [TEXTS, JSON.stringify(asked)],
  )
  expect(tooMany).toEqual([])
})

test('a text of any length has tokens that an index takes', async () => {
  const [row] = await db.query<{ longest: number }>(
    'SELECT max(octet_length(token)) AS longest FROM unnest(search_tokens(1, $1::text)) AS token',
    [`${'가'.repeat(100_000)} ${'9'.repeat(10_000)} ${'а1'.repeat(10_000)}`],
  )
  expect(row?.longest).toBeLessThan(300)
})
