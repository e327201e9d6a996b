import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { openReadPool } from '../src/platform/read-pool.js'
import { prepareDatabase } from '../src/prepare.js'
import { median, rounded } from './delivery/run-round.js'
import { fillHistory, TEN_YEARS } from './history/fill.js'
import { askGateway } from './search/ask-gateway.js'
import { type Case, casesOf } from './search/cases.js'
import { takeSamples } from './search/samples.js'

/**
 * `npm run bench:search [-- sizes…] [--only text] [--runs n]`: every filter of the lists of dossiers and transfers, as an administrator and as an officer of one
 * commune, page and count, each with ever other values, at growing sizes on one embedded PostgreSQL; a few of them through the real gateway
 * at the last size. Each size is the last so many dossiers of a district's history (`history/fill.ts`).
 */
const RUNS_WANTED = /--runs (\d+)/.exec(process.argv.join(' '))?.[1]
const ONLY = /--only (.+?)(?= --|$)/.exec(process.argv.join(' '))?.[1]
const RUNS = Number(RUNS_WANTED ?? 200)
const WARM_UP = Math.min(20, RUNS)
const given = process.argv.slice(2).filter((argument, place, all) => /^\d+$/.test(argument) && all[place - 1] !== '--runs')
const SIZES = given.length > 0 ? given.map(Number) : [5_000, 50_000, TEN_YEARS]
const GOALS = { selectiveP99Ms: 10, commonP99Ms: 50, growth: 2 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)

export interface Figure {
  readonly name: string
  readonly kind: Case['kind']
  readonly p50: number
  readonly p99: number
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

const measure = async (name: string, kind: Case['kind'], run: (turn: number) => Promise<unknown>): Promise<Figure> => {
  const times: number[] = []
  for (let turn = 0; turn < WARM_UP + RUNS; turn += 1) {
    const started = performance.now()
    await run(turn)
    if (turn >= WARM_UP) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  return { name, kind, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

const folder = await mkdtemp(join(tmpdir(), 'lienthong-search-'))
await chmod(folder, 0o711)
const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
try {
  say(`${RUNS} lần mỗi dòng, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const bySize = new Map<number, Figure[]>()
  for (const size of SIZES) {
    const url = new URL(postgres.connectionString)
    url.pathname = '/postgres'
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query(`CREATE DATABASE search_${size} TEMPLATE lienthong`)
    await client.end()
    url.pathname = `/search_${size}`
    const filler = new pg.Client({ connectionString: url.href })
    await filler.connect()
    const started = performance.now()
    await fillHistory(filler, size)
    await filler.end()
    say(`${size} hồ sơ: nạp trong ${((performance.now() - started) / 1000).toFixed(0)} s`)
    const db = openReadPool({ url: url.href, size: 1, statementTimeoutMs: 15_000, onError: (error) => say(error.message) })
    try {
      const samples = await takeSamples(db)
      const figures: Figure[] = []
      for (const { name, kind, run } of casesOf(samples).filter((one) => ONLY === undefined || one.name.includes(ONLY)))
        figures.push(await measure(name, kind, (turn) => run(db, turn)))
      if (size === SIZES.at(-1) && ONLY === undefined)
        await askGateway(
          { databaseUrl: url.href, folder, samples },
          async (name, kind, run) => void figures.push(await measure(name, kind, run)),
        )
      bySize.set(size, figures)
      for (const { name, p50, p99 } of figures)
        say(`${name.padEnd(70)} p50 ${p50.toFixed(1).padStart(7)}  p99 ${p99.toFixed(1).padStart(7)} ms`)
    } finally {
      await db.close()
    }
  }

  const [first, last] = [bySize.get(SIZES[0] as number) ?? [], bySize.get(SIZES.at(-1) as number) ?? []]
  const worst = (kind: Case['kind']) => Math.max(...last.filter((figure) => figure.kind === kind).map(({ p99 }) => p99))
  const within = (kind: Case['kind'], goal: number) => {
    const of = last.filter((figure) => figure.kind === kind)
    return rounded(of.filter(({ p99 }) => p99 <= goal).length / of.length, 3)
  }
  const medianOf = (figures: readonly Figure[]) => median(figures.map(({ p50 }) => p50))
  const growths = first
    .map(({ name, p50 }) => ({ name, times: (last.find((figure) => figure.name === name)?.p50 ?? Number.NaN) / p50 }))
    .sort((a, b) => b.times - a.times)
  const growth = median(growths.map(({ times }) => times))
  const atMost = (goal: number, got: number) => ({ goal, got: rounded(got, 1), met: got <= goal })
  say(
    JSON.stringify({
      bench: 'search',
      figures: {
        cpu: cpus()[0]?.model,
        cores: cpus().length,
        node: process.versions.node,
        sizes: SIZES,
        shareWithinGoal: { selective: within('SELECTIVE', GOALS.selectiveP99Ms), common: within('COMMON', GOALS.commonP99Ms) },
        medianP50Ms: Object.fromEntries([...bySize].map(([size, figures]) => [size, rounded(medianOf(figures), 2)])),
        growthOfMedians: rounded(medianOf(last) / medianOf(first), 1),
        worstGrowths: growths.slice(0, 3).map(({ name, times }) => `${name}: ${times.toFixed(1)}`),
        medianP99Ms: Object.fromEntries([...bySize].map(([size, figures]) => [size, rounded(median(figures.map(({ p99 }) => p99)), 2)])),
      },
      goals: {
        worstSelectiveP99Ms: atMost(GOALS.selectiveP99Ms, worst('SELECTIVE')),
        worstCommonP99Ms: atMost(GOALS.commonP99Ms, worst('COMMON')),
        medianGrowth: atMost(GOALS.growth, growth),
      },
    }),
  )
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
