import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../../src/platform/paths.js'

interface Documented {
  readonly name: string
  /** Its `///` lines. */
  readonly documentation?: string
}

/** What Prisma itself has read of a schema (its DMMF), as far as the docs need it. */
interface DataModel {
  readonly models: readonly (Documented & {
    readonly fields: readonly (Documented & { readonly kind: string; readonly isId: boolean })[]
  })[]
  readonly enums: readonly (Documented & { readonly values: readonly Documented[] })[]
}

/** The file of the generator by its path from the project, so that no shell has to quote where the project lies. */
const GENERATOR = 'generator docs {\n  provider = "node tests/support/prisma-docs-generator.mjs"\n  output   = "docs.json"\n}\n'

export const readDataModel = async (schema: string): Promise<DataModel> => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-docs-'))
  try {
    const file = join(folder, 'schema.prisma')
    await writeFile(file, `${schema}\n${GENERATOR}`)
    const prisma = join(projectRoot, 'node_modules/prisma/build/index.js')
    await promisify(execFile)(process.execPath, [prisma, 'generate', '--schema', file, '--generator', 'docs'], {
      cwd: projectRoot,
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    })
    return JSON.parse(await readFile(join(folder, 'docs.json'), 'utf8')) as DataModel
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * All that a person may read in the database, by its coordinate. Left out are relations, which are no column and stand documented at the other
 * side's model and at the column that holds the key, and the surrogate key `id`, of which there is nothing to tell.
 */
export const documentedParts = ({ models, enums }: DataModel): readonly Documented[] => [
  ...models.flatMap((model) => [
    model,
    ...model.fields
      .filter(({ kind, isId, name }) => kind !== 'object' && !(isId && name === 'id'))
      .map(({ name, documentation }) => ({ name: `${model.name}.${name}`, documentation })),
  ]),
  ...enums.flatMap((type) => [type, ...type.values.map((value) => ({ ...value, name: `${type.name}.${value.name}` }))]),
]
