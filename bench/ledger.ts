import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { parseConfiguration } from '../src/config/config.js'
import { ledgerRulesOf } from '../src/ledger.js'
import { REPORT_DIMENSIONS, readMonths } from '../src/model/month-report.js'
import { openDatabase } from '../src/platform/database.js'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.js'
import { openReadPool } from '../src/platform/read-pool.js'
import { prepareDatabase } from '../src/prepare.js'
import { readDriftedSince, readDriftWaits } from '../src/reconciliation/drift-waits-repository.js'
import { keepLedger } from '../src/reporting/keep-ledger.js'
import { readMonthReport } from '../src/reporting/month-report-repository.js'
import { rounded } from './delivery/run-round.js'
import { fillHistory, TEN_YEARS } from './history/fill.js'

/**
 * `npm run bench:ledger [-- size]`: the time ledger of a district's ten years, worked out from nothing, and the month's report over it: every dimension, a month and all ten
 * years, as an operator and as an officer of one commune. One transfer in a hundred has failed first and was delivered some hours later.
 */
const SIZE = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? TEN_YEARS)
const RUNS = 30
const GOALS = { monthP99Ms: 100, tenYearsP99Ms: 3_000 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const ATTEMPTS = `
  INSERT INTO attempt (id, transfer_id, number, kind, lease_token, started_at, ended_at, outcome, worker)
  SELECT gen_random_uuid(), id, 1, 'SEND', 1, created_at, created_at + interval '1 second',
    CASE WHEN hashtext(id::text) % 100 = 0 THEN 'UNAVAILABLE' ELSE 'ACCEPTED' END, 'bench' FROM transfer WHERE state = 'DELIVERED';
  UPDATE transfer SET settled_at = created_at + (1 + abs(hashtext(id::text)) % 47) * interval '1 hour'
    WHERE state = 'DELIVERED' AND hashtext(id::text) % 100 = 0`

const quantile = (times: readonly number[], part: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN

const folder = await mkdtemp(join(tmpdir(), 'lienthong-ledger-'))
await chmod(folder, 0o711)
const postgres = await startEmbeddedPostgres({ stateDir: join(folder, 'db'), log: { info: () => undefined, warn: say } })
try {
  await prepareDatabase(postgres.connectionString, 'SANDBOX')
  const filler = new pg.Client({ connectionString: postgres.connectionString })
  await filler.connect()
  await fillHistory(filler, SIZE)
  await filler.query('ALTER TABLE transfer DISABLE TRIGGER USER')
  await filler.query(ATTEMPTS)
  await filler.query('ALTER TABLE transfer ENABLE TRIGGER USER')
  await filler.query('VACUUM (ANALYZE)')
  await filler.end()
  say(`${SIZE} hồ sơ, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`)

  const db = openDatabase({ url: postgres.connectionString, poolSize: 2, onError: (error) => say(error.message) })
  const reads = openReadPool({
    url: postgres.connectionString,
    size: 1,
    statementTimeoutMs: 60_000,
    onError: (error) => say(error.message),
  })
  try {
    const drift = { waitsOf: (ids: readonly string[]) => readDriftWaits(db, ids), changedSince: (at: Date) => readDriftedSince(db, at) }
    const rules = ledgerRulesOf(parseConfiguration({}), db)
    const begun = performance.now()
    const kept = await keepLedger({ db, rules, drift })
    const walkS = (performance.now() - begun) / 1_000
    const peakMb = process.resourceUsage().maxRSS / 1_024
    say(`tính ${kept} hồ sơ trong ${walkS.toFixed(0)} s: ${(kept / walkS).toFixed(0)} hồ sơ/s, nhiều nhất ${peakMb.toFixed(0)} MB`)
    await reads.query('VACUUM (ANALYZE) dossier_ledger').catch(() => undefined)

    const figures: Record<string, { p50: number; p99: number }> = {}
    const measure = async (name: string, run: () => Promise<unknown>): Promise<void> => {
      const times: number[] = []
      for (let turn = 0; turn < RUNS + 2; turn += 1) {
        const started = performance.now()
        await run()
        if (turn >= 2) times.push(performance.now() - started)
      }
      figures[name] = { p50: rounded(quantile(times, 0.5), 1), p99: rounded(quantile(times, 0.99), 1) }
      say(`${name.padEnd(50)} p50 ${quantile(times, 0.5).toFixed(1).padStart(7)}  p99 ${quantile(times, 0.99).toFixed(1).padStart(7)} ms`)
    }
    for (const [span, from, to] of [
      ['month', '2026-10', '2026-10'],
      ['tenYears', '2017-01', '2026-12'],
    ] as const)
      for (const [who, communes] of [
        ['operator', null],
        ['officer', ['28594']],
      ] as const)
        for (const dimension of REPORT_DIMENSIONS) {
          const months = readMonths(from, to)
          if (!months) throw new Error('no months')
          await measure(`${span} ${dimension} ${who}`, () => readMonthReport(reads, { communes }, { basis: 'DUE', ...months }, [dimension]))
        }
    const worst = (span: string): number =>
      Math.max(...Object.entries(figures).flatMap(([name, { p99 }]) => (name.startsWith(span) ? [p99] : [])))
    const atMost = (goal: number, got: number) => ({ goal, got: rounded(got, 1), met: got <= goal })
    say(
      JSON.stringify({
        bench: 'ledger',
        figures: {
          cpu: cpus()[0]?.model,
          cores: cpus().length,
          node: process.versions.node,
          dossiers: SIZE,
          walkSeconds: rounded(walkS, 1),
          dossiersPerSecond: rounded(kept / walkS, 0),
          peakMb: rounded(peakMb, 0),
          reports: figures,
        },
        goals: {
          monthP99Ms: atMost(GOALS.monthP99Ms, worst('month')),
          tenYearsP99Ms: atMost(GOALS.tenYearsP99Ms, worst('tenYears')),
        },
      }),
    )
  } finally {
    await reads.close()
    await db.close()
  }
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
