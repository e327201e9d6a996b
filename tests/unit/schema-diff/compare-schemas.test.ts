import { describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { compareSchemas } from '../../../src/schema-diff/compare-schemas.js'
import { reportLines } from '../../../src/schema-diff/report.js'

const TODAY = '2026-11-27'
const past = '@deprecated(reason: "Bỏ từ 2026-11-27: dùng khác")'
const later = '@deprecated(reason: "Bỏ từ 2026-11-28: dùng khác")'
const undated = '@deprecated(reason: "dùng khác")'

const gravest = async (before: string, after: string): Promise<string | undefined> => {
  const [first] = await compareSchemas(buildSchema(before), buildSchema(after), TODAY)
  return first && `${first.severity} ${first.path}`
}

describe('what fails for a client that works today is breaking', () => {
  test.each([
    ['a field that is gone', 'type Query { a: Int, b: Int }', 'type Query { a: Int }', 'BREAKING Query.b'],
    ['a field that may be null now', 'type Query { a: Int! }', 'type Query { a: Int }', 'BREAKING Query.a'],
    ['an argument that must be given now', 'type Query { a(b: Int): Int }', 'type Query { a(b: Int!): Int }', 'BREAKING Query.a.b'],
    [
      'an enum value that is gone',
      'enum E { A B } type Query { a(e: E): Int }',
      'enum E { A } type Query { a(e: E): Int }',
      'BREAKING E.B',
    ],
    [
      'an input field that must be given now',
      'input I { a: Int } type Query { a(i: I): Int }',
      'input I { a: Int, b: Int! } type Query { a(i: I): Int }',
      'BREAKING I.b',
    ],
    [
      'a member of a result union that is gone',
      'type A { a: Int } type B { b: Int } union U = A | B type Query { u: U, b: B }',
      'type A { a: Int } type B { b: Int } union U = A type Query { u: U, b: B }',
      'BREAKING U',
    ],
  ])('%s', async (_name, before, after, expected) => {
    expect(await gravest(before, after)).toBe(expected)
  })
})

describe('what was deprecated with a day of removal', () => {
  test.each([
    ['a field', `type Query { a: Int, b: Int ${past} }`, 'type Query { a: Int }', 'ANNOUNCED Query.b'],
    ['an argument', `type Query { a(b: Int ${past}): Int }`, 'type Query { a: Int }', 'ANNOUNCED Query.a.b'],
    ['an enum value', `enum E { A B ${past} } type Query { a: E }`, 'enum E { A } type Query { a: E }', 'ANNOUNCED E.B'],
    [
      'an input field',
      `input I { a: Int, b: Int ${past} } type Query { a(i: I): Int }`,
      'input I { a: Int } type Query { a(i: I): Int }',
      'ANNOUNCED I.b',
    ],
  ])('may go from that day on: %s', async (_name, before, after, expected) => {
    expect(await gravest(before, after)).toBe(expected)
  })

  test('takes along the types that nothing else leads to, and no other', async () => {
    const before = `type Query { a: Int, old: Old ${past}, b: Kept } type Old { x: Part, k: Kept } type Part { y: Int } type Kept { z: Int }`
    const changes = await compareSchemas(buildSchema(before), buildSchema('type Query { a: Int }'), TODAY)
    expect(changes.map(({ severity, path }) => `${severity} ${path}`).sort()).toEqual(
      ['ANNOUNCED Old', 'ANNOUNCED Part', 'ANNOUNCED Query.old', 'BREAKING Kept', 'BREAKING Query.b'].sort(),
    )
  })

  test.each([
    ['before that day', later],
    ['without a day', undated],
  ])('may not go %s', async (_name, deprecated) => {
    expect(await gravest(`type Query { a: Int, b: Int ${deprecated} }`, 'type Query { a: Int }')).toBe('BREAKING Query.b')
  })

  test('may not change its type in place of going', async () => {
    expect(await gravest(`type Query { a: Int, b: Int ${past} }`, 'type Query { a: Int, b: String }')).toBe('BREAKING Query.b')
  })
})

test('an addition breaks nothing, a new enum value is to be looked at, a description is no change', async () => {
  expect(await gravest('type Query { a: Int }', '"Truy vấn" type Query { a: Int, b(c: Int): Int }')).toBe('SAFE Query.b')
  expect(await gravest('enum E { A } type Query { a: E }', 'enum E { A B } type Query { a: E }')).toBe('DANGEROUS E.B')
  expect(await gravest('type Query { a: Int }', '"Truy vấn" type Query { a: Int }')).toBeUndefined()
})

test('what is new hides nothing that is gone', async () => {
  const before = 'interface I { x: Int } type Query { a(b: Int, c: Int): Int, x: Int }'
  const after = `interface I { x: Int } "Truy vấn" type Query implements I { a(b: Int): Int ${later}, x: Int, n: N } type N { y: E } enum E { A }`
  const changes = await compareSchemas(buildSchema(before), buildSchema(after), TODAY)
  expect(changes.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
    'BREAKING Query.a.c',
    'DANGEROUS Query',
    'SAFE E',
    'SAFE N',
    'SAFE Query.a.@deprecated',
    'SAFE Query.n',
  ])
})

test('the report says what to do when something breaks', async () => {
  const changes = await compareSchemas(buildSchema('type Query { a: Int, b: Int }'), buildSchema('type Query { a: Int, c: Int }'), TODAY)
  const text = reportLines(changes).join('\n')
  expect(text).toMatch(/breaking\): 1\n {2}Query\.b: .*\n[\s\S]*safe\): 1\n {2}Query\.c: /)
  expect(text).toContain('@deprecated(reason: "Bỏ từ <yyyy-MM-dd>')
})
