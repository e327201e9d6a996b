import { expect, test } from '@jest/globals'
import { type GraphQLNamedType, getNamedType, isLeafType, isObjectType } from 'graphql'
import { buildGatewaySchema } from '../../../src/api/schema.js'
import { asSubgraph } from '../../../src/api/subgraph.js'

test('what may be kept by anyone is reference data alone, and leads nowhere else', async () => {
  const types = Object.values(asSubgraph(await buildGatewaySchema()).getTypeMap()).filter(isObjectType)
  const hinted = types.filter((type) => type.astNode?.directives?.some(({ name }) => name.value === 'cacheControl'))
  expect(hinted.map(({ name }) => name).sort()).toEqual(['AdministrativeUnit', 'Procedure', 'UnitSuccession'])
  const fields = types.flatMap((type) => Object.values(type.getFields()))
  expect(fields.filter((field) => field.astNode?.directives?.some(({ name }) => name.value === 'cacheControl'))).toEqual([])
  const leadsElsewhere = (type: GraphQLNamedType): boolean => !isLeafType(type) && !hinted.some((one) => one === type)
  for (const type of hinted)
    for (const field of Object.values(type.getFields()))
      expect([field.name, leadsElsewhere(getNamedType(field.type))]).toEqual([field.name, false])
})
