import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'graphql'
import {
  OneDossierDocument,
  type OneDossierQuery,
  type SubmitDossierMutation,
} from '../../../examples/dossier-tracker/generated/graphql.js'
import { projectRoot } from '../../../src/platform/paths.js'

const readGenerated = (name: string): Promise<string> => readFile(join(projectRoot, 'examples/dossier-tracker/generated', name), 'utf8')

test('every operation of the app stands in the list to register, under the SHA-256 of its text', async () => {
  const list = Object.entries(JSON.parse(await readGenerated('persisted-documents.json')) as Record<string, string>)
  const operations = await readFile(join(projectRoot, 'examples/dossier-tracker/operations.graphql'), 'utf8')
  expect(list).toHaveLength([...operations.matchAll(/^(?:query|mutation|subscription) /gm)].length)
  for (const [id, text] of list) {
    expect(createHash('sha256').update(text).digest('hex')).toBe(id)
    expect(parse(text).definitions.some(({ kind }) => kind === 'OperationDefinition')).toBe(true)
  }
  expect(list.map(([id]) => id)).toContain(OneDossierDocument.__meta__?.hash)
})

test('exact values are text, a deferred field may not have come yet, and the members of a result are told apart by type', async () => {
  type Dossier = NonNullable<OneDossierQuery['dossier']>
  // Each of these is checked by the compiler: it stops the build when a type is wider or narrower.
  const dueAt: Dossier['dueAt'] extends string ? true : never = true
  const mayStillCome: undefined extends Dossier['parcels'][number]['live'] ? true : never = true
  const members: SubmitDossierMutation['submitDossier']['__typename'][] = ['DossierAccepted', 'InputRefused', 'ClientKeyReused']
  expect([dueAt, mayStillCome, members.length]).toEqual([true, true, 3])
  const generated = await readGenerated('graphql.ts')
  expect(generated.split('export class TypedDocumentString')[0]).not.toMatch(/: (?:any|unknown)\b(?! })/)
})
