import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isScalarType, isUnionType } from 'graphql'
import { buildGatewaySchema, printGatewaySchema } from '../src/api/schema.js'
import { publishedSchemaFile } from '../src/platform/paths.js'

describe('the public schema', () => {
  it('is what the code says: run `npm run schema:emit` after a change and read the difference', async () => {
    expect(await printGatewaySchema()).toBe(await readFile(publishedSchemaFile, 'utf8'))
  })

  it('says of every type and field what it is', async () => {
    const schema = await buildGatewaySchema()
    const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID'])
    const silent: string[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || builtIn.has(type.name)) continue
      const isRoot = type === schema.getQueryType() || type === schema.getMutationType() || type === schema.getSubscriptionType()
      if (!type.description && !isRoot) silent.push(type.name)
      if (isScalarType(type) || isUnionType(type) || isEnumType(type)) continue
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
        for (const field of Object.values(type.getFields())) {
          if (!field.description) silent.push(`${type.name}.${field.name}`)
          if ('args' in field)
            for (const argument of field.args) if (!argument.description) silent.push(`${type.name}.${field.name}(${argument.name})`)
        }
    }
    expect(silent).toEqual([])
  })
})
