import { readFile } from 'node:fs/promises'
import { describe, expect, it, test } from '@jest/globals'
import type { GraphQLField, GraphQLInputField, GraphQLNamedType, GraphQLObjectType } from 'graphql'
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql'
import { buildGatewaySchema, printGatewaySchema } from '../src/api/schema.js'
import { prismaSchemaFile, publishedSchemaFile } from '../src/platform/paths.js'
import { removalDayOf } from '../src/schema-diff/removal-day.js'
import { documentedParts, readDataModel } from './support/prisma-docs.js'
import { beginsInVietnamese } from './support/vietnamese-first.js'

/** What can be described, by its coordinate. */
interface Element {
  readonly name: string
  readonly description: string | null | undefined
  readonly deprecationReason?: string | null
}

const membersOf = (type: GraphQLNamedType): readonly Element[] => {
  if (isEnumType(type)) return type.getValues().map((value) => ({ ...value, name: `${type.name}.${value.name}` }))
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return []
  const fields: readonly (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields())
  return fields.flatMap((field) => {
    const name = `${type.name}.${field.name}`
    const args = 'args' in field ? field.args.map((argument) => ({ ...argument, name: `${name}(${argument.name})` })) : []
    return [{ ...field, name }, ...args]
  })
}

/** All but what GraphQL itself and the specification of federation define. */
const elementsOf = (types: readonly GraphQLNamedType[]): readonly Element[] =>
  types
    .filter((type) => !isSpecifiedScalarType(type) && !type.name.startsWith('_') && !type.name.includes('__'))
    .flatMap((type) => [type, ...membersOf(type)])
    .filter(({ name }) => !/\._(?:service|entities)\b/.test(name))

describe('the public schema', () => {
  it('is what the code says: run `npm run schema:emit` after a change and read the difference', async () => {
    expect(await printGatewaySchema()).toBe(await readFile(publishedSchemaFile, 'utf8'))
  })

  it('says in Vietnamese first what each type, field, argument and value is', async () => {
    const elements = elementsOf(Object.values((await buildGatewaySchema()).getTypeMap()))
    expect(elements.length).toBeGreaterThan(500)
    expect(elements.filter(({ description }) => !beginsInVietnamese(description)).map(({ name }) => name)).toEqual([])
  })

  it('counts a list only when its count is asked for: no field of a connection has a resolver that would give the function itself', async () => {
    const connections = Object.values((await buildGatewaySchema()).getTypeMap()).filter(
      (type): type is GraphQLObjectType => isObjectType(type) && type.name.endsWith('Connection'),
    )
    expect(connections.length).toBeGreaterThanOrEqual(3)
    const resolved = connections.flatMap((type) => Object.values(type.getFields()).filter(({ resolve }) => resolve))
    expect(resolved.map(({ name }) => name)).toEqual([])
  })

  it('says of all that is deprecated from which day on it may be gone', async () => {
    expect(undated(elementsOf(Object.values((await buildGatewaySchema()).getTypeMap())))).toEqual([])
  })
})

describe('the database schema', () => {
  it('says in Vietnamese first what each model, field and enum is', async () => {
    const parts = documentedParts(await readDataModel(await readFile(prismaSchemaFile, 'utf8')))
    expect(parts.length).toBeGreaterThan(500)
    expect(parts.filter(({ documentation }) => !beginsInVietnamese(documentation)).map(({ name }) => name)).toEqual([])
  })
})

/** Deprecated without a day of removal in its reason: nobody could ever take it away (`npm run schema:diff`). */
const undated = (elements: readonly Element[]): readonly string[] =>
  elements
    .filter(({ deprecationReason }) => typeof deprecationReason === 'string' && removalDayOf(deprecationReason) === undefined)
    .map(({ name }) => name)

describe('the rule convicts', () => {
  test('what is deprecated without a day of removal', () => {
    const dated = '@deprecated(reason: "Bỏ từ 2027-06-30: dùng `b`")'
    const schema = buildSchema(
      `type Query { a(x: Int @deprecated, y: E ${dated}): Int @deprecated(reason: "dùng b"), b(i: I): Int ${dated} } enum E { A @deprecated B } input I { c: Int @deprecated }`,
    )
    expect(
      undated(elementsOf(Object.values(schema.getTypeMap())))
        .slice()
        .sort(),
    ).toEqual(['E.A', 'I.c', 'Query.a', 'Query.a(x)'])
  })

  test('each place where a description can be missing', () => {
    const schema = buildSchema(
      'type Query { a(b: Int): C! } type C { d(e: In): E } enum E { F } input In { g: Int } scalar S union U = C interface I { h: S, u: U }',
    )
    const silent = elementsOf(Object.values(schema.getTypeMap())).filter(({ description }) => !beginsInVietnamese(description))
    expect(silent.map(({ name }) => name).sort()).toEqual(
      ['Query', 'Query.a', 'Query.a(b)', 'C', 'C.d', 'C.d(e)', 'E', 'E.F', 'In', 'In.g', 'S', 'U', 'I', 'I.h', 'I.u'].sort(),
    )
  })

  test('each place of the database where a doc can be missing', async () => {
    const schema = `datasource db {
      provider = "postgresql"
    }
    model A {
      id  Int @id
      b   Int @unique
      /// Của nó
      c   Int
      cs  C[]
      kind K
    }
    /// The C
    model C {
      key Int @id
      aId Int
      a   A   @relation(fields: [aId], references: [id])
    }
    enum K {
      X
      /// Có
      Y
    }`
    const silent = documentedParts(await readDataModel(schema)).filter(({ documentation }) => !beginsInVietnamese(documentation))
    expect(silent.map(({ name }) => name)).toEqual(['A', 'A.b', 'A.kind', 'C', 'C.key', 'C.aId', 'K', 'K.X'])
  })

  test.each(['Key within this gateway', 'Khóa within this gateway', 'The dossier - hồ sơ', 'ViLIS', '2 - accepted', '', 'Ma ho so'])(
    '%j does not begin in Vietnamese',
    (description) => {
      expect(beginsInVietnamese(description)).toBe(false)
    },
  )

  test.each([
    'Khóa - key within this gateway',
    '2 - Được tiếp nhận',
    'Mã HTTP',
    'Số hiệu tờ bản đồ',
    'Thời gian, ms',
    'Từ lúc; null: none',
  ])('%j does', (description) => {
    expect(beginsInVietnamese(description)).toBe(true)
  })
})
