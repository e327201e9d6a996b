import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql'
import { ROLES, type Role } from '../../src/access/caller.js'
import { PERMISSIONS } from '../../src/access/permissions.js'
import { buildGatewaySchema } from '../../src/api/schema.js'
import { startTestApi, type TestApi, type TestRole } from '../support/test-api.js'

/** Every mutation that the schema has, asked for by every role that a token can bear, with an input that breaks every rule of it that an empty value breaks. */
const TEST_ROLES: Readonly<Record<(typeof ROLES)[number], TestRole>> = {
  CITIZEN_APP: 'citizen-app',
  OFFICER: 'officer',
  OPERATOR: 'operator',
  ADMIN: 'admin',
}
const NOTHING: Readonly<Record<string, unknown>> = {
  Int: 0,
  Float: 0,
  Boolean: false,
  Date: '2026-03-02',
  DateTime: '2026-03-02T08:00:00+07:00',
}

/** What GraphQL takes for a value of the type, and no rule of ours does where there is one. */
const emptyOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return emptyOf(type.ofType)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (!isInputObjectType(type)) return NOTHING[type.name] ?? ''
  const required = Object.values(type.getFields()).filter(isRequiredInputField)
  return Object.fromEntries(required.map((field) => [field.name, emptyOf(field.type)]))
}

const mutations = Object.values((await buildGatewaySchema()).getMutationType()?.getFields() ?? {}).map(({ name, args, type }) => {
  const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const shown = isCompositeType(getNamedType(type)) ? '{ __typename }' : ''
  return {
    name,
    text: args.length > 0 ? `mutation (${declared}) { ${name}(${given}) ${shown} }` : `mutation { ${name} ${shown} }`,
    variables: Object.fromEntries(args.map((arg) => [arg.name, emptyOf(arg.type)])),
  }
})

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

test('the schema has mutations, each with a permission of its name', () => {
  expect(mutations.length).toBeGreaterThan(30)
  expect(mutations.map(({ name }) => name).filter((name) => !Object.hasOwn(PERMISSIONS, name))).toEqual([])
})

describe.each(ROLES)('%s', (role) => {
  test.each(mutations)('is told first whether $name is theirs to do', async ({ name, text, variables }) => {
    const { data, errors } = await api.query(await api.token(TEST_ROLES[role], role === 'OFFICER' ? ['28594'] : undefined), text, variables)
    const told = { codes: errors.map(({ extensions }) => extensions.code), answered: data?.[name] ?? null }
    if ((PERMISSIONS[name as keyof typeof PERMISSIONS] as readonly Role[]).includes(role)) expect(told.codes).not.toContain('FORBIDDEN')
    else expect(told).toEqual({ codes: ['FORBIDDEN'], answered: null })
    expect(told.codes).not.toContain('INTERNAL')
  })
})
