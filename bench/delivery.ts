import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { applyMigrations } from '../src/platform/migrations.js'
import { projectRoot } from '../src/platform/paths.js'
import type { RoundResult, RoundTask } from './delivery/round-task.js'
import { here, median, rounded, runRound, startServer } from './delivery/run-round.js'
import { runWholePath, type WholePathResult } from './delivery/whole-path.js'

/**
 * `npm run bench:delivery [dossiers] [rounds]`: how fast dossiers go the whole path, from the first message that a one-stop system pushes to the last settlement
 * (`delivery/whole-path.ts`), and how fast planned transfers go from their outbox rows through relay, queue, claim, call and settlement
 * (`delivery/gateway-path.ts`), beside bare BullMQ on the same store and a bare loop that only writes, posts and writes. All in one run, on an embedded
 * PostgreSQL that is as durable as in production, each round in processes of its own; the figures are medians. The peak memory is that of the worker's process.
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

interface Measured extends Readonly<Record<Contestant, RoundResult>> {
  readonly wholePath: WholePathResult
}

const say = (store: Store, round: number, name: string, text: string): void =>
  void process.stdout.write(`${store.padEnd(11)} vòng ${round}  ${name.padEnd(16)} ${text}\n`)
const perSecondOf = ({ perSecond }: RoundResult): string => `${perSecond.toFixed(0).padStart(6)}/s`
const NAMES: Readonly<Record<Contestant, string>> = { gateway: 'từ lượt đã lập', 'bare-bullmq': 'bare-bullmq', 'bare-loop': 'bare-loop' }

const describeWholePath = ({ processorMs, medianMs, peakMemoryMb, gatewayPeakMemoryMb }: WholePathResult): string => {
  const parts = Object.entries(processorMs).map(([name, ms]) => `${name} ${ms?.toFixed(2) ?? '?'}`)
  const { applied, waited, delivered } = medianMs
  return (
    `processor ms a dossier: ${parts.join(', ')}; median ms: applied ${applied.toFixed(0)}, waited ${waited.toFixed(0)}, delivered ${delivered.toFixed(0)}; ` +
    `MB: worker ${peakMemoryMb.toFixed(0)}, gateway ${gatewayPeakMemoryMb.toFixed(0)}`
  )
}

const medianRound = <Result extends RoundResult>(rounds: readonly Result[]): Result => {
  const perSecond = median(rounds.map((round) => round.perSecond))
  const found = rounds.find((round) => round.perSecond === perSecond)
  if (!found) throw new Error('no round was run')
  return { ...found, peakMemoryMb: Math.max(...rounds.map(({ peakMemoryMb }) => peakMemoryMb)) }
}

const measure = async (store: Store): Promise<Measured> => {
  const results: Record<Contestant, RoundResult[]> = { gateway: [], 'bare-bullmq': [], 'bare-loop': [] }
  const wholePaths: WholePathResult[] = []
  const task = {
    databaseUrl: postgres.connectionString,
    redisUrl: store === 'redis' ? redisUrl : undefined,
    backendUrl: `http://127.0.0.1:${backend?.port}/`,
    stateDir: join(stateDir, 'state'),
    count: COUNT,
    concurrency: CONCURRENCY,
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    const wholePath = await runWholePath({ ...task, backendPid: backend?.pid ?? 0, postgresPid: postgres.pid })
    wholePaths.push(wholePath)
    say(store, round, 'cả chặng đường', `${perSecondOf(wholePath)}  ${describeWholePath(wholePath)}`)
    for (const contestant of ['gateway', 'bare-bullmq', 'bare-loop'] as const) {
      const result = await runRound({ ...task, contestant })
      results[contestant].push(result)
      say(store, round, NAMES[contestant], perSecondOf(result))
    }
  }
  return {
    wholePath: medianRound(wholePaths),
    gateway: medianRound(results.gateway),
    'bare-bullmq': medianRound(results['bare-bullmq']),
    'bare-loop': medianRound(results['bare-loop']),
  }
}

const goal = (wanted: number, got: number, met: boolean) => ({ goal: wanted, got: rounded(got, 2), met })

const roundedAll = (values: object, digits: number): Record<string, number | null> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? rounded(value, digits) : null]))

try {
  await applyMigrations(postgres.connectionString)
  process.stdout.write(
    `${COUNT} hồ sơ, ${CONCURRENCY} lượt cùng lúc, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}\n`,
  )
  const figures: Record<string, unknown> = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, dossiers: COUNT }
  const goals: Record<string, unknown> = {}
  for (const store of redisUrl ? (['postgresql', 'redis'] as const) : (['postgresql'] as const)) {
    const { wholePath, gateway, 'bare-bullmq': queue, 'bare-loop': loop } = await measure(store)
    figures[store] = {
      wholePathPerSecond: rounded(wholePath.perSecond),
      fromPlannedRowPerSecond: rounded(gateway.perSecond),
      bareBullmqPerSecond: rounded(queue.perSecond),
      bareLoopPerSecond: rounded(loop.perSecond),
      wholePathProcessorMs: roundedAll(wholePath.processorMs, 2),
      wholePathMedianMs: roundedAll(wholePath.medianMs, 0),
      wholePathGatewayPeakMemoryMb: rounded(wholePath.gatewayPeakMemoryMb),
    }
    for (const [name, of] of [
      ['wholePath', wholePath],
      ['fromPlannedRow', gateway],
    ] as const) {
      const [ofQueue, ofLoop] = [of.perSecond / queue.perSecond, of.perSecond / loop.perSecond]
      // On PostgreSQL alone is there a goal beside BullMQ.
      if (store === 'postgresql')
        goals[`${name}OfBareBullmqOn_${store}`] = goal(GOALS.ofBareBullmqOnPostgres, ofQueue, ofQueue >= GOALS.ofBareBullmqOnPostgres)
      else figures[`${name}OfBareBullmqOn_${store}`] = rounded(ofQueue, 2)
      goals[`${name}OfBareLoopOn_${store}`] = goal(GOALS.ofBareLoop, ofLoop, ofLoop >= GOALS.ofBareLoop)
      goals[`${name}WorkerPeakMemoryMbOn_${store}`] = goal(GOALS.peakMemoryMb, of.peakMemoryMb, of.peakMemoryMb < GOALS.peakMemoryMb)
    }
  }
  process.stdout.write(`${JSON.stringify({ bench: 'delivery', figures, goals })}\n`)
} finally {
  await valkey?.stop()
  await backend?.stop()
  await postgres.stop()
  await rm(stateDir, { recursive: true, force: true })
}
