import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { applyMigrations } from '../src/platform/migrations.js'
import { projectRoot } from '../src/platform/paths.js'
import type { RoundResult, RoundTask } from './delivery/round-task.js'
import { here, median, rounded, runRound, startServer } from './delivery/run-round.js'

/**
 * `npm run bench:delivery`: how fast planned transfers go from their outbox rows through relay, queue, claim, call and settlement, beside
 * bare BullMQ on the same store and a bare loop that only writes, posts and writes. All in one run, on an embedded PostgreSQL that is as
 * durable as in production, each round in a process of its own; the figures are medians. The peak memory is that of the worker's process.
 */
const COUNT = Number(process.argv[2] ?? 2_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const CONCURRENCY = 16
const GOALS = { ofBareBullmqOnPostgres: 0.3, ofBareLoop: 0.6, peakMemoryMb: 300 }

type Contestant = RoundTask['contestant']
type Store = 'postgresql' | 'redis'

const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-bench-'))
// PostgreSQL runs as another account when we are root.
await chmod(stateDir, 0o711)
const log = { info: () => undefined, warn: (message: string) => process.stderr.write(`${message}\n`) }
const postgres = await startEmbeddedPostgres({ stateDir, log })
const backend = await startServer(here('soap-backend.js'))
const givenRedis = process.env.TEST_REDIS_URL
const valkey = givenRedis ? undefined : await startServer(join(projectRoot, 'tests/support/valkey-server.mjs'))
const redisUrl = givenRedis ?? (valkey && `redis://127.0.0.1:${valkey.port}`)

const measure = async (store: Store): Promise<Record<Contestant, RoundResult>> => {
  const results: Record<Contestant, RoundResult[]> = { gateway: [], 'bare-bullmq': [], 'bare-loop': [] }
  const task = {
    databaseUrl: postgres.connectionString,
    redisUrl: store === 'redis' ? redisUrl : undefined,
    backendUrl: `http://127.0.0.1:${backend?.port}/`,
    stateDir: join(stateDir, 'state'),
    count: COUNT,
    concurrency: CONCURRENCY,
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const contestant of ['gateway', 'bare-bullmq', 'bare-loop'] as const) {
      const result = await runRound({ ...task, contestant })
      results[contestant].push(result)
      process.stdout.write(`${store.padEnd(11)} vòng ${round}  ${contestant.padEnd(12)} ${result.perSecond.toFixed(0).padStart(6)}/s\n`)
    }
  }
  const summary = (list: readonly RoundResult[]): RoundResult => ({
    perSecond: median(list.map(({ perSecond }) => perSecond)),
    peakMemoryMb: Math.max(...list.map(({ peakMemoryMb }) => peakMemoryMb)),
  })
  return { gateway: summary(results.gateway), 'bare-bullmq': summary(results['bare-bullmq']), 'bare-loop': summary(results['bare-loop']) }
}

const goal = (wanted: number, got: number, met: boolean) => ({ goal: wanted, got: rounded(got, 2), met })

try {
  await applyMigrations(postgres.connectionString)
  process.stdout.write(
    `${COUNT} hồ sơ, ${CONCURRENCY} lượt cùng lúc, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}\n`,
  )
  const figures: Record<string, unknown> = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, dossiers: COUNT }
  const goals: Record<string, unknown> = {}
  for (const store of redisUrl ? (['postgresql', 'redis'] as const) : (['postgresql'] as const)) {
    const { gateway, 'bare-bullmq': queue, 'bare-loop': loop } = await measure(store)
    const [ofQueue, ofLoop] = [gateway.perSecond / queue.perSecond, gateway.perSecond / loop.perSecond]
    figures[store] = {
      gatewayPerSecond: rounded(gateway.perSecond),
      bareBullmqPerSecond: rounded(queue.perSecond),
      bareLoopPerSecond: rounded(loop.perSecond),
      ofBareBullmq: rounded(ofQueue, 2),
      ofBareLoop: rounded(ofLoop, 2),
      workerPeakMemoryMb: rounded(gateway.peakMemoryMb),
    }
    if (store === 'postgresql')
      goals.ofBareBullmqOnPostgresql = goal(GOALS.ofBareBullmqOnPostgres, ofQueue, ofQueue >= GOALS.ofBareBullmqOnPostgres)
    goals[`ofBareLoopOn_${store}`] = goal(GOALS.ofBareLoop, ofLoop, ofLoop >= GOALS.ofBareLoop)
    goals[`workerPeakMemoryMbOn_${store}`] = goal(GOALS.peakMemoryMb, gateway.peakMemoryMb, gateway.peakMemoryMb < GOALS.peakMemoryMb)
  }
  process.stdout.write(`${JSON.stringify({ bench: 'delivery', figures, goals })}\n`)
} finally {
  await valkey?.stop()
  await backend?.stop()
  await postgres.stop()
  await rm(stateDir, { recursive: true, force: true })
}
