import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseConfiguration } from '../../src/config/config.js'
import { type Context, openContext } from '../../src/context.js'
import type { Database } from '../../src/platform/database.js'
import { keepHeapSmall } from '../../src/platform/heap.js'
import { createLogger } from '../../src/platform/logger.js'
import { startWorker } from '../../src/worker-process.js'
import { wakeDirectly, withoutGuards } from '../guarantees/without-guard.js'
import { type RoundTask, WARM_UP } from './round-task.js'
import type { SeedTask } from './seed-program.js'

/** The product: planned transfers → relay → BullMQ → claim → attempt → SOAP → settle, by the worker as it runs in production. */
const DOCUMENT_BYTES = 4_096

export const runGateway = async (task: RoundTask): Promise<number> => {
  const { count, concurrency } = task
  keepHeapSmall()
  const opened = await openContext({
    databaseUrl: task.databaseUrl,
    redisUrl: task.redisUrl,
    poolSize: 20,
    stateDir: task.stateDir,
    secrets: { VILIS_USERNAME: 'lienthong', VILIS_PASSWORD: 'mat-khau' },
    logger: createLogger({ name: 'bench', level: 'warn' }),
    configuration: parseConfiguration({
      reconciliation: { scheduled: false },
      systems: {
        VILIS: {
          endpoint: task.backendUrl,
          concurrency,
          connections: concurrency,
          limits: { maxPerSecond: 100_000 },
          poll: { enabled: false },
        },
        ONE_STOP: { enabled: false },
        PORTAL: { enabled: false },
      },
    }),
  })
  const without = task.without ?? []
  const context = task.without ? await withoutGuards(opened, without) : opened
  const { sha256 } = await context.keepDocument(Buffer.alloc(DOCUMENT_BYTES, 'x'))
  const document = {
    name: 'Đơn đăng ký',
    fileName: 'don.pdf',
    mediaType: 'application/pdf',
    sha256,
    sizeBytes: DOCUMENT_BYTES,
    originals: 1,
    copies: 0,
  }
  const { databaseUrl } = task
  await seed({ databaseUrl, document, batch: '260314', count: WARM_UP, fresh: true })
  const worker = await startWorker(context)
  if (without.includes('outbox')) await wakeDirectly(context)
  await untilDelivered(context, WARM_UP)
  // The clock runs from the commit that made the transfers visible.
  const startedAt = await seed({ databaseUrl, document, batch: '260315', count, fresh: false })
  if (without.includes('outbox')) await wakeDirectly(context)
  await untilDelivered(context, WARM_UP + count)
  const seconds = (Date.now() - startedAt) / 1000
  await worker.stop()
  await keepEnvelope(context.db)
  await context.close()
  return seconds
}

/** Returns when it was committed, in ms. */
const seed = async (task: SeedTask): Promise<number> => {
  const program = fileURLToPath(new URL('./seed-program.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...process.env, BENCH_SEED: JSON.stringify(task) } })
  return Number(stdout.trim())
}

const LOOK_EVERY_MS = 50

/** Waits by the worker's own count of settled transfers, which costs the database nothing; the table then says what they ended in. */
const untilDelivered = async ({ db, metrics }: Context, wanted: number): Promise<void> => {
  for (let settled = 0; settled < wanted; ) {
    await pause(LOOK_EVERY_MS)
    settled = (await metrics.transfersTotal.get()).values.reduce((sum, { value }) => sum + value, 0)
  }
  const [row] = await db.query<{ delivered: number }>(`SELECT count(*)::int AS delivered FROM transfer WHERE state = 'DELIVERED'`)
  if (row?.delivered !== wanted) throw new Error('a transfer was not accepted: the figures would mean nothing')
}

/** For the bare loop: the same bytes. */
const keepEnvelope = async (db: Database): Promise<void> => {
  await db.query('CREATE TABLE IF NOT EXISTS bench_envelope (envelope text)')
  await db.query('TRUNCATE bench_envelope')
  await db.query('INSERT INTO bench_envelope SELECT request_xml FROM attempt LIMIT 1')
}
