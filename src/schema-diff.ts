import { readFile } from 'node:fs/promises'
import { buildSchema } from 'graphql'
import { localDateOf } from './model/working-calendar.js'
import { projectRoot, publishedSchemaFile } from './platform/paths.js'
import { compareSchemas } from './schema-diff/compare-schemas.js'
import { NothingToCompareError, readEarlierSchema } from './schema-diff/earlier-schema.js'
import { reportLines } from './schema-diff/report.js'

/**
 * `npm run schema:diff [-- <git ref | file>]`: what the schema of the working tree changes for those who use an earlier one. Exit 0: nothing that
 * works today fails; 1: something does; 2: there is nothing to compare with.
 */
try {
  const earlier = await readEarlierSchema(projectRoot, process.argv[2])
  const changes = await compareSchemas(
    buildSchema(earlier.text, { assumeValidSDL: true }),
    buildSchema(await readFile(publishedSchemaFile, 'utf8'), { assumeValidSDL: true }),
    localDateOf(new Date()),
  )
  process.stdout.write(`${[`So với ${earlier.from}:`, '', ...reportLines(changes)].join('\n')}\n`)
  if (changes.some(({ severity }) => severity === 'BREAKING')) process.exitCode = 1
} catch (error) {
  if (!(error instanceof NothingToCompareError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
