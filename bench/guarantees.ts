import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { applyMigrations } from '../src/platform/migrations.js'
import { here, median, rounded, runRound, startServer } from './delivery/run-round.js'
import { GUARDS, type Guard } from './guarantees/without-guard.js'

/**
 * `npm run bench:guarantees [dossiers] [rounds]`: what the guards of the delivery cost. The whole path against the static backend of
 * `bench:delivery`, with all guards, without each of them, and without any: medians of several rounds in the same run, in turn.
 */
const COUNT = Number(process.argv[2] ?? 2_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const CONCURRENCY = 16
const GOAL = 0.25

const VARIANTS: readonly (readonly [name: string, without: readonly Guard[]])[] = [
  ['all', []],
  ...GUARDS.map((guard) => [`without ${guard}`, [guard]] as const),
  ['none', GUARDS],
]

const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-guarantees-'))
await chmod(stateDir, 0o711)
const log = { info: () => undefined, warn: (message: string) => process.stderr.write(`${message}\n`) }
const postgres = await startEmbeddedPostgres({ stateDir, log })
const backend = await startServer(here('soap-backend.js'))
try {
  await applyMigrations(postgres.connectionString)
  process.stdout.write(`${COUNT} hồ sơ, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}\n`)
  const speeds = new Map<string, number[]>(VARIANTS.map(([name]) => [name, []]))
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [name, without] of VARIANTS) {
      const { perSecond } = await runRound({
        contestant: 'gateway',
        databaseUrl: postgres.connectionString,
        backendUrl: `http://127.0.0.1:${backend?.port}/`,
        stateDir: join(stateDir, 'state'),
        count: COUNT,
        concurrency: CONCURRENCY,
        without,
      })
      speeds.get(name)?.push(perSecond)
      process.stdout.write(`vòng ${round}  ${name.padEnd(18)} ${perSecond.toFixed(0).padStart(6)}/s\n`)
    }
  }
  const medians = Object.fromEntries([...speeds].map(([name, values]) => [name, rounded(median(values))]))
  const cost = 1 - (medians.all ?? 0) / (medians.none ?? 1)
  const goals = { costOfAllTogether: { goal: GOAL, got: rounded(cost, 2), met: cost <= GOAL } }
  const figures = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.versions.node, dossiers: COUNT, perSecond: medians }
  process.stdout.write(`${JSON.stringify({ bench: 'guarantees', figures, goals })}\n`)
} finally {
  await backend?.stop()
  await postgres.stop()
  await rm(stateDir, { recursive: true, force: true })
}
