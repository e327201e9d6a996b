import type { DocumentContent } from '../../src/model/dossier-content.js'
import { openDatabase } from '../../src/platform/database.js'
import { prepareTables, seedDossiers } from '../delivery/seed.js'

/** Writes dossiers whose transfers ViLIS has refused, in a process of its own, so that the worker's memory is the worker's. */
export interface SeedFailedTask {
  readonly databaseUrl: string
  readonly document: DocumentContent
  readonly count: number
}

const BATCH = 5_000
const DAY_MS = 24 * 3_600_000

/** Due in five to 25 days, well mixed: nothing is alarmed meanwhile. */
const dueAtOf = (index: number): string => new Date(Date.now() + DAY_MS * (5 + ((index * 7_919) % 2_000) / 100)).toISOString()

const task = JSON.parse(process.env.BENCH_SEED ?? '{}') as SeedFailedTask
const db = openDatabase({
  url: task.databaseUrl,
  poolSize: 2,
  onError: (error) => {
    throw error
  },
})
const plan = await prepareTables(db, task.document)
for (let done = 0; done < task.count; done += BATCH)
  await seedDossiers(db, plan, String(260_601 + done / BATCH), Math.min(BATCH, task.count - done), (index) => dueAtOf(done + index))
await db.query(
  `WITH refused AS (
     UPDATE transfer SET state = 'REJECTED', attempt_count = 1, last_send_at = app_now(), next_attempt_at = NULL, settled_at = app_now(),
       last_error = 'ViLIS báo sai lược đồ (Client.SAI_LUOC_DO).' RETURNING 1
   ) SELECT count(*) AS refused FROM refused`,
)
// Whoever had this history has long published its wake-ups, and its statistics are not those of an empty table.
await db.query('TRUNCATE outbox_event')
await db.query('ANALYZE')
await db.close()
