import type { DocumentContent } from '../../src/model/dossier-content.js'
import { openDatabase } from '../../src/platform/database.js'
import { prepareTables, seedDossiers } from './seed.js'

/** Writes dossiers in a process of its own, so that the worker's memory is the worker's; prints when they were committed, in ms. */
export interface SeedTask {
  readonly databaseUrl: string
  readonly document: DocumentContent
  readonly batch: string
  readonly count: number
  /** Empties the tables first. */
  readonly fresh: boolean
}

const task = JSON.parse(process.env.BENCH_SEED ?? '{}') as SeedTask
const db = openDatabase({
  url: task.databaseUrl,
  poolSize: 2,
  onError: (error) => {
    throw error
  },
})
const plan = await prepareTables(db, task.document, task.fresh)
await seedDossiers(db, plan, task.batch, task.count)
process.stdout.write(`${Date.now()}\n`)
await db.close()
