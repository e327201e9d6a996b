import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { twinControl } from '../adapters/soap/twin/control-client.js'
import { spawnTwin } from '../adapters/soap/twin/spawn-twin.js'
import { readReferenceData } from '../src/dossier/reference-repository.js'
import { openDatabase } from '../src/platform/database.js'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { prepareDatabase } from '../src/prepare.js'
import { sandboxMappings } from '../src/sandbox/sandbox-mappings.js'
import { loadMappings } from '../src/transfer/mapping-repository.js'
import { rounded } from './delivery/run-round.js'
import { fillBoth } from './reconcile/fill-both.js'
import { injectedDrifts } from './reconcile/injected.js'
import { processorSeconds } from './reconcile/processor-time.js'
import type { RoundResult, RoundTask } from './reconcile/reconcile-round.js'

/**
 * `npm run bench:reconcile [dossiers] [from] [to]`: ten years of a district's dossiers on both sides, ours in PostgreSQL and the registry's in a twin of its own process that
 * reckons every digest from its rows at each question. Compared by digests with no drift, 0.01 % and 1 %; by lists, as fast as both can and at five calls a second;
 * beside the registry's digests alone, and a bare script that compares both sides' records in memory. Everything in the same run; the processor time of ours, the twin
 * and PostgreSQL stands beside, so that a machine that does other work shows.
 */
const COUNT = Number(process.argv[2] ?? 549_286)
const RANGE = { from: process.argv[3] ?? '2011-01-01', to: process.argv[4] ?? '2020-12-31' }
const HISTORY = { count: COUNT, seed: 1, ...RANGE }
const LIST_PAGE = 500
const LIMIT = 5
const GOALS = { calls: 150, ofDigests: 1.5, smallOfNone: 1.5, ofFloor: 2, ofLimit: 1.1, peakMemoryMb: 300 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const account = { username: 'lienthong', password: 'mat-khau-thu' }
const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-reconcile-'))
// PostgreSQL runs as another account when we are root.
await chmod(stateDir, 0o711)
const postgres = await startEmbeddedPostgres({ stateDir, log: { info: () => undefined, warn: say } })

const runRound = async (task: Omit<RoundTask, 'databaseUrl' | 'stateDir' | 'range'>): Promise<RoundResult> => {
  const whole: RoundTask = { ...task, databaseUrl: postgres.connectionString, stateDir: join(stateDir, 'state'), range: RANGE }
  const child = spawn(process.execPath, [program('./reconcile/reconcile-round.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_TASK: JSON.stringify(whole) },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`a round ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as RoundResult
}

const missedAndInvented = (
  injected: readonly string[],
  found: readonly string[],
): { readonly missed: number; readonly invented: number } => ({
  missed: injected.filter((code) => !found.includes(code)).length,
  invented: found.length - new Set(found.filter((code) => injected.includes(code))).size,
})

interface Compared extends RoundResult {
  readonly missed: number
  readonly invented: number
  /** Of the registry's twin and of PostgreSQL meanwhile, where the machine tells. */
  readonly twinSeconds: number | undefined
  readonly databaseSeconds: number | undefined
  /** Calls that the twin has received in any second, at most. */
  readonly callsInASecond: number
}

const mostInASecond = (instants: readonly number[]): number =>
  Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at < from + 1_000).length))

const compared: Record<string, Compared> = {}
const measure = async (name: string, share: number, task: Pick<RoundTask, 'what' | 'style' | 'callsPerSecond'>): Promise<void> => {
  const drifts = injectedDrifts(HISTORY, share)
  const twin = await spawnTwin(program('../adapters/vilis/sandbox/main.js'), { ...account, tickMs: 0 })
  const db = openDatabase({ url: postgres.connectionString, poolSize: 1, onError: () => undefined })
  try {
    await twinControl(twin.controlUrl).act('keepHistory', { ...HISTORY, drifts })
    await db.query('DELETE FROM discrepancy RETURNING 1 AS done')
    await db.query('DELETE FROM reconciliation_run RETURNING 1 AS done')
    const pids = [twin.pid, postgres.pid]
    const usedBefore = await Promise.all(pids.map(processorSeconds))
    const result = await runRound({ ...task, endpoint: twin.url })
    const [twinSeconds, databaseSeconds] = (await Promise.all(pids.map(processorSeconds))).map((used, index) => {
      const before = usedBefore[index]
      return used === undefined || before === undefined ? undefined : rounded(used - before, 1)
    })
    const { requests } = await twinControl(twin.controlUrl).ledger()
    const callsInASecond = mostInASecond(requests.map(({ at }) => Date.parse(at)))
    const judged = missedAndInvented(task.what === 'DIGESTS' ? [] : drifts.map(({ code }) => code), result.found)
    compared[name] = { ...result, ...judged, twinSeconds, databaseSeconds, callsInASecond }
    say(
      `${name.padEnd(16)} ${result.seconds.toFixed(1).padStart(7)} s  ${String(result.calls).padStart(6)} lời gọi  ${(result.bytes / 1e6).toFixed(1).padStart(7)} MB  ` +
        `${result.peakMemoryMb.toFixed(0).padStart(4)} MB bộ nhớ  CPU ${result.processorSeconds.toFixed(1)} + ${twinSeconds} + ${databaseSeconds} s  lệch ${drifts.length}, sót ${judged.missed}, bịa ${judged.invented}`,
    )
  } finally {
    await db.close()
    await twin.stop()
  }
}

try {
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const setup = openDatabase({ url: postgres.connectionString, poolSize: 1, onError: () => undefined })
  await loadMappings(setup, sandboxMappings(await readReferenceData(setup)))
  await setup.close()
  const filledAt = performance.now()
  await fillBoth(postgres.connectionString, HISTORY)
  const filledIn = ((performance.now() - filledAt) / 1000).toFixed(0)
  say(`${COUNT} hồ sơ mỗi bên (chuẩn bị ${filledIn} s), ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)

  const fast = { callsPerSecond: 1_000 }
  await measure('digests alone', 0, { what: 'DIGESTS', style: 'DIGESTS', ...fast })
  await measure('none', 0, { what: 'RUN', style: 'DIGESTS', ...fast })
  await measure('0.01 %', 0.0001, { what: 'RUN', style: 'DIGESTS', ...fast })
  await measure('1 %', 0.01, { what: 'RUN', style: 'DIGESTS', ...fast })
  await measure('floor', 0.0001, { what: 'FLOOR', style: 'LIST', ...fast })
  await measure('list', 0.0001, { what: 'RUN', style: 'LIST', ...fast })
  await measure('list, 5 calls/s', 0.0001, { what: 'RUN', style: 'LIST', callsPerSecond: LIMIT })

  const of = (name: string): (typeof compared)[string] => compared[name] as (typeof compared)[string]
  const runs = Object.entries(compared).filter(([name]) => name !== 'digests alone' && name !== 'floor')
  const ratio = (name: string, to: string): number => of(name).seconds / of(to).seconds
  const ofLimit = of('list, 5 calls/s').seconds / (Math.ceil(COUNT / LIST_PAGE) / LIMIT)
  const peak = Math.max(...runs.map(([, { peakMemoryMb }]) => peakMemoryMb))
  const atMost = (goal: number, got: number, digits = 2) => ({ goal, got: rounded(got, digits), met: got <= goal })
  const figures = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.versions.node,
    dossiers: COUNT,
    ...RANGE,
    rounds: Object.fromEntries(
      Object.entries(compared).map(([name, { found, seconds, peakMemoryMb, ...rest }]) => [
        name,
        {
          ...rest,
          found: found.length,
          seconds: rounded(seconds, 1),
          processorSeconds: rounded(rest.processorSeconds, 1),
          peakMemoryMb: rounded(peakMemoryMb),
        },
      ]),
    ),
  }
  const goals = {
    callsWithoutDrift: atMost(GOALS.calls, of('none').calls, 0),
    withoutDriftOfDigestsAlone: atMost(GOALS.ofDigests, ratio('none', 'digests alone')),
    smallDriftOfNone: atMost(GOALS.smallOfNone, ratio('0.01 %', 'none')),
    listOfFloor: atMost(GOALS.ofFloor, ratio('list', 'floor')),
    limitedListOfItsMinimum: atMost(GOALS.ofLimit, ofLimit),
    callsInASecondOfTheLimited: atMost(LIMIT, of('list, 5 calls/s').callsInASecond, 0),
    peakMemoryMb: atMost(GOALS.peakMemoryMb, peak, 0),
    missed: atMost(0, Math.max(...runs.map(([, { missed }]) => missed)), 0),
    invented: atMost(0, Math.max(...runs.map(([, { invented }]) => invented)), 0),
  }
  say(JSON.stringify({ bench: 'reconcile', figures, goals }))
} finally {
  await postgres.stop()
  await rm(stateDir, { recursive: true, force: true })
}
