import { parseConfiguration } from '../../src/config/config.js'
import { type Context, openContext } from '../../src/context.js'
import { type ComparedRecord, digestRecord } from '../../src/model/compared-record.js'
import { keepHeapSmall } from '../../src/platform/heap.js'
import { createLogger } from '../../src/platform/logger.js'
import type { ComparisonSource } from '../../src/ports/comparison-source.js'
import { ownByReception } from '../../src/reconciliation/own-record-repository.js'
import { findRun } from '../../src/reconciliation/run-repository.js'
import { startRun } from '../../src/reconciliation/start-run.js'
import { workOnRuns } from '../../src/reconciliation/work-on-runs.js'
import { reconciliationOf } from '../../src/reconciling.js'
import { pollOnce } from '../../src/worker-process.js'

/**
 * One round of `bench:reconcile`, in a process of its own so that its memory is its own. RUN: a whole run as a worker does it. DIGESTS: what the registry's digests
 * of all communes and days take alone, asked for one page after the other. FLOOR: a bare script that reads the records of both sides and compares them in
 * memory. What to do comes by the environment, the result goes to standard output as JSON.
 */
export interface RoundTask {
  readonly what: 'RUN' | 'DIGESTS' | 'FLOOR'
  readonly databaseUrl: string
  readonly endpoint: string
  readonly stateDir: string
  readonly style: 'DIGESTS' | 'LIST'
  readonly callsPerSecond: number
  /** Days of reception, both inclusive. */
  readonly range: { readonly from: string; readonly to: string }
}

export interface RoundResult {
  readonly seconds: number
  /** Processor time of this process alone. */
  readonly processorSeconds: number
  readonly calls: number
  readonly bytes: number
  /** Of the process, at its highest. */
  readonly peakMemoryMb: number
  /** Codes that were found to differ, each as often as it was found. */
  readonly found: readonly string[]
}

const task = JSON.parse(process.env.BENCH_TASK ?? '{}') as RoundTask
keepHeapSmall()

const open = (): Promise<Context> =>
  openContext({
    databaseUrl: task.databaseUrl,
    poolSize: 6,
    stateDir: task.stateDir,
    secrets: { VILIS_USERNAME: 'lienthong', VILIS_PASSWORD: 'mat-khau-thu' },
    logger: createLogger({ name: 'bench', level: 'warn' }),
    configuration: parseConfiguration({
      systems: {
        VILIS: { endpoint: task.endpoint, comparison: task.style, readDeadlineMs: 60_000 },
        ONE_STOP: { enabled: false },
        PORTAL: { enabled: false },
      },
      reconciliation: { graceMs: 0, quietHours: null, callsPerSecond: task.callsPerSecond, repairs: { rules: [] } },
    }),
  })

type Measured = Omit<RoundResult, 'seconds' | 'processorSeconds' | 'peakMemoryMb'>

const run = async (context: Context): Promise<Measured> => {
  const id = await startRun(context.db, {
    scope: 'RANGE',
    systems: ['VILIS'],
    recentDays: 1,
    range: task.range,
    reason: 'bench',
    by: { subject: 'bench', name: 'bench' },
  })
  if (id === undefined) throw new Error('a run is active')
  await workOnRuns(
    reconciliationOf(context, (systemId) => pollOnce(context, systemId)),
    () => false,
  )
  const done = await findRun(context.db, id)
  if (done?.state !== 'DONE') throw new Error(`the run is ${done?.state}: ${done?.waitsFor}`)
  const found = await context.db.query<{ code: string }>(`SELECT dossier_code AS code FROM discrepancy WHERE state = 'OPEN'`)
  const { calls = 0, bytes = 0 } = done.progress.VILIS?.counts ?? {}
  return { calls, bytes, found: found.map(({ code }) => code) }
}

const digestsAlone = async (source: ComparisonSource): Promise<Measured> => {
  let [calls, bytes] = [0, 0]
  for (let cursor: string | undefined; ; ) {
    const page = await source.days(task.range, cursor)
    if (page.kind === 'FAILED') throw new Error(page.cause)
    calls += 1
    bytes += page.bytes
    cursor = page.next
    if (cursor === undefined) return { calls, bytes, found: [] }
  }
}

const floor = async (context: Context, source: ComparisonSource): Promise<Measured> => {
  let [calls, bytes] = [0, 0]
  const theirs = new Map<string, string>()
  const twice: string[] = []
  const keep = (record: ComparedRecord): void => {
    if (theirs.has(record.dossierCode)) twice.push(record.dossierCode)
    else theirs.set(record.dossierCode, digestRecord(record, source.fields))
  }
  for (let cursor: string | undefined; ; ) {
    const page = await source.list(task.range, cursor)
    if (page.kind === 'FAILED') throw new Error(page.cause)
    calls += 1
    bytes += page.bytes
    for (const record of page.records) keep(record)
    cursor = page.next
    if (cursor === undefined) break
  }
  const found = [...twice]
  for await (const page of ownByReception(context.db, { system: 'VILIS', fields: source.fields }, task.range))
    for (const record of page) {
      if (theirs.get(record.dossierCode) !== digestRecord(record, source.fields)) found.push(record.dossierCode)
      theirs.delete(record.dossierCode)
    }
  return { calls, bytes, found: [...found, ...theirs.keys()] }
}

const context = await open()
const source = context.systems.comparisonSources.get('VILIS')
if (!source) throw new Error('ViLIS offers no comparison')
const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()]
const measured = await (task.what === 'RUN' ? run(context) : task.what === 'FLOOR' ? floor(context, source) : digestsAlone(source))
const seconds = (performance.now() - startedAt) / 1000
const { user, system } = process.cpuUsage(usedBefore)
await context.close()
const peakMemoryMb = process.resourceUsage().maxRSS / 1024
const result: RoundResult = { ...measured, seconds, processorSeconds: (user + system) / 1e6, peakMemoryMb }
process.stdout.write(`${JSON.stringify(result)}\n`)
