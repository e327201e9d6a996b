import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { applyMigrations } from '../src/platform/migrations.js'
import { median, rounded, runRound, startServer } from './delivery/run-round.js'
import type { ReplayRound, ReplayTask } from './replay/replay-round.js'

/**
 * `npm run bench:replay [transfers] [rounds]`: a plan of so many refused transfers from its creation through the dry run to delivered, beside the rate at
 * which `bench:delivery` delivers new ones through the same worker to the same registry, in the same run. The dry run asks the registry about each.
 */
const COUNT = Number(process.argv[2] ?? 20_000)
const ROUNDS = Number(process.argv[3] ?? 1)
const DELIVERED = 2_000
const CONCURRENCY = 16
const GOALS = { ofDelivery: 0.5, peakMemoryMb: 300 }

const here = (file: string): string => fileURLToPath(new URL(`./replay/${file}`, import.meta.url))
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const replay = async (task: ReplayTask): Promise<ReplayRound> => {
  const child = spawn(process.execPath, [here('replay-round.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_TASK: JSON.stringify(task) },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`a round ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ReplayRound
}

const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-replay-'))
// PostgreSQL runs as another account when we are root.
await chmod(stateDir, 0o711)
const postgres = await startEmbeddedPostgres({ stateDir, log: { info: () => undefined, warn: say } })
const backend = await startServer(here('soap-backend.js'))
try {
  await applyMigrations(postgres.connectionString)
  say(`${COUNT} lượt, ${CONCURRENCY} lượt cùng lúc, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  const task = {
    databaseUrl: postgres.connectionString,
    backendUrl: `http://127.0.0.1:${backend?.port}/`,
    stateDir: join(stateDir, 'state'),
    concurrency: CONCURRENCY,
  }
  const rounds: (ReplayRound & { readonly deliveryPerSecond: number })[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { perSecond } = await runRound({ ...task, contestant: 'gateway', count: DELIVERED })
    const replayed = await replay({ ...task, count: COUNT })
    rounds.push({ ...replayed, deliveryPerSecond: perSecond })
    say(
      `vòng ${round}  lập ${replayed.createSeconds.toFixed(1)} s  chạy thử ${(COUNT / replayed.dryRunSeconds).toFixed(0)}/s  ` +
        `chạy ${(COUNT / replayed.runSeconds).toFixed(0)}/s  bench:delivery ${perSecond.toFixed(0)}/s  ${replayed.peakMemoryMb.toFixed(0)} MB`,
    )
  }
  const of = (value: (round: (typeof rounds)[number]) => number): number => median(rounds.map(value))
  const runPerSecond = of(({ runSeconds }) => COUNT / runSeconds)
  const ofDelivery = of(({ runSeconds, deliveryPerSecond }) => COUNT / runSeconds / deliveryPerSecond)
  const peakMemoryMb = Math.max(...rounds.map((round) => round.peakMemoryMb))
  const figures = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.versions.node,
    transfers: COUNT,
    createSeconds: rounded(
      of(({ createSeconds }) => createSeconds),
      2,
    ),
    dryRunPerSecond: rounded(of(({ dryRunSeconds }) => COUNT / dryRunSeconds)),
    runPerSecond: rounded(runPerSecond),
    deliveryPerSecond: rounded(of(({ deliveryPerSecond }) => deliveryPerSecond)),
    wholeSeconds: rounded(of(({ createSeconds, dryRunSeconds, runSeconds }) => createSeconds + dryRunSeconds + runSeconds)),
    workerPeakMemoryMb: rounded(peakMemoryMb),
  }
  const goals = {
    ofDelivery: { goal: GOALS.ofDelivery, got: rounded(ofDelivery, 2), met: ofDelivery >= GOALS.ofDelivery },
    workerPeakMemoryMb: { goal: GOALS.peakMemoryMb, got: rounded(peakMemoryMb), met: peakMemoryMb < GOALS.peakMemoryMb },
  }
  say(JSON.stringify({ bench: 'replay', figures, goals }))
} finally {
  await backend?.stop()
  await postgres.stop()
  await rm(stateDir, { recursive: true, force: true })
}
