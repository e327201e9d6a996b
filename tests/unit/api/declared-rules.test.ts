import 'reflect-metadata'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import { getMetadataStorage } from 'class-validator'
import { projectRoot } from '../../../src/platform/paths.js'

/** What is no rule of its own: "may be left out", and "look into this object". */
const WITHOUT_SENTENCE: readonly string[] = ['conditionalValidation', 'nestedValidation']

test('every declared rule of an input has a sentence of ours: what the library says by itself is English', async () => {
  const folder = join(projectRoot, 'src/api')
  const files = (await readdir(folder)).filter((name) => /\.(input|type|resolver)\.ts$/.test(name))
  const exported: unknown[] = []
  for (const name of files) exported.push(...Object.values((await import(pathToFileURL(join(folder, name)).href)) as object))
  const classes = exported.filter((one): one is new () => unknown => typeof one === 'function' && one.prototype !== undefined)
  const rules = classes.flatMap((one) => getMetadataStorage().getTargetValidationMetadatas(one, '', true, false))
  const declared = rules.filter(({ type }) => !WITHOUT_SENTENCE.includes(type))
  expect(declared.length).toBeGreaterThan(50)
  const speechless = declared.filter(({ message }) => typeof message !== 'string')
  expect(speechless.map(({ target, propertyName, name }) => `${(target as { name: string }).name}.${propertyName}: ${name}`)).toEqual([])
})
