import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readReferenceData } from '../../src/dossier/reference-repository.js'
import { setRouteMode } from '../../src/dossier/routing-repository.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { type Program, peakMemoryMb, startProgram } from '../drill/program.js'
import { processorSeconds } from '../reconcile/processor-time.js'
import type { PushTask } from './push-program.js'
import { type RoundResult, type RoundTask, WARM_UP } from './round-task.js'
import { here } from './run-round.js'
import { emptyTables } from './seed.js'

/**
 * The whole path, by the programs `gateway` and `worker` as they run in a district: a one-stop system pushes dossiers over SOAP → inbox → dossier and planned transfer → outbox → relay →
 * queue → claim → SOAP call to ViLIS → settled. The clock is the database's: from the first message in the inbox to the last settlement.
 */
export interface WholePathResult extends RoundResult {
  readonly gatewayPeakMemoryMb: number
  /** Processor time of one dossier, ms; null where the machine does not tell. */
  readonly processorMs: Readonly<Record<ProcessName, number | null>>
  /** Of one dossier, ms, at the median; they follow one another. */
  readonly medianMs: Steps
}

type ProcessName = 'client' | 'gateway' | 'worker' | 'postgresql' | 'backend'

interface Steps {
  /** From the stored message to the stored dossier with its planned transfer. */
  readonly applied: number
  /** Until a worker has claimed it: outbox, relay, queue and the turn. */
  readonly waited: number
  /** Until its settlement: mappings, message, SOAP call. */
  readonly delivered: number
}

export interface WholePathTask extends Omit<RoundTask, 'contestant' | 'without'> {
  readonly backendPid: number
  readonly postgresPid: number
}

const ENTRIES = { gateway: '../../src/gateway.js', worker: '../../src/worker.js' } as const
const AT_WORK = { gateway: /cổng liên thông đang chạy/, worker: /tiến trình chuyển đang chạy/ } as const
const SECRETS = {
  VILIS_USERNAME: 'lienthong',
  VILIS_PASSWORD: 'mat-khau',
  ONE_STOP_INBOUND_USERNAME: 'motcua',
  ONE_STOP_INBOUND_PASSWORD: 'mat-khau-mot-cua',
}
const LOOK_EVERY_MS = 200
/** Of one that would never end. */
const MOST_MS = 20 * 60_000

export const runWholePath = async (task: WholePathTask): Promise<WholePathResult> => {
  const db = openDatabase({
    url: task.databaseUrl,
    poolSize: 2,
    onError: (error) => {
      throw error
    },
  })
  const programs: Program[] = []
  try {
    await emptyTables(db)
    await setRouteMode(db, { mode: 'LIVE', from: '2000-01-01', operations: ['RECEIVE'] })
    const communeCode = (await readReferenceData(db)).units.find((row) => row.validTo === null)?.code
    if (communeCode === undefined) throw new Error('the reference data has no unit in force')
    const environment = await environmentOf(task)
    const start = (kind: keyof typeof ENTRIES): Program => {
      const entry = fileURLToPath(new URL(ENTRIES[kind], import.meta.url))
      const program = startProgram(kind, entry, environment, join(task.stateDir, `${kind}.log`))
      programs.push(program)
      return program
    }
    const gateway = start('gateway')
    const worker = start('worker')
    const { url } = JSON.parse(await gateway.said(AT_WORK.gateway)) as { url: string }
    await worker.said(AT_WORK.worker)
    const push = (batch: string, count: number): Promise<number> =>
      pushDossiers({
        url: new URL(url).origin,
        username: SECRETS.ONE_STOP_INBOUND_USERNAME,
        password: SECRETS.ONE_STOP_INBOUND_PASSWORD,
        communeCode,
        batch,
        count,
        concurrency: task.concurrency,
      })
    await push('260314', WARM_UP)
    await untilAcknowledged(db, programs, WARM_UP)

    const pids = { gateway: gateway.pid, worker: worker.pid, postgresql: task.postgresPid, backend: task.backendPid }
    const before = await processorOf(pids)
    const clientMs = await push('260315', task.count)
    await untilAcknowledged(db, programs, WARM_UP + task.count)
    const after = await processorOf(pids)
    const { seconds, ...medianMs } = await stepsOf(db, '260315')
    const msOf = (name: keyof typeof pids): number | null => {
      const [from, to] = [before[name], after[name]]
      return from === undefined || to === undefined ? null : ((to - from) * 1000) / task.count
    }
    return {
      perSecond: task.count / seconds,
      peakMemoryMb: (await peakMemoryMb(worker.pid)) ?? Number.NaN,
      gatewayPeakMemoryMb: (await peakMemoryMb(gateway.pid)) ?? Number.NaN,
      processorMs: {
        client: clientMs / task.count,
        gateway: msOf('gateway'),
        worker: msOf('worker'),
        postgresql: msOf('postgresql'),
        backend: msOf('backend'),
      },
      medianMs,
    }
  } finally {
    await Promise.all(programs.map((program) => program.stop()))
    await db.close()
  }
}

/** What a district would set, with a registry that can bear anything; the rest as shipped. */
const environmentOf = async ({ databaseUrl, redisUrl, stateDir, backendUrl, concurrency }: WholePathTask) => {
  await mkdir(stateDir, { recursive: true })
  const configFile = join(stateDir, 'lienthong.json')
  const poll = { enabled: false }
  const systems = {
    VILIS: { endpoint: backendUrl, concurrency, connections: concurrency, limits: { maxPerSecond: 100_000 }, poll },
    ONE_STOP: { endpoint: backendUrl, poll },
    PORTAL: { enabled: false },
  }
  await writeFile(configFile, JSON.stringify({ systems, reconciliation: { scheduled: false } }))
  const { publicKeyPem } = await openDevelopmentKey(stateDir)
  return {
    ...SECRETS,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: configFile,
    PORT: '0',
    JWT_PUBLIC_KEY: publicKeyPem,
  }
}

/** Returns the client's processor time, ms. */
const pushDossiers = async (task: PushTask): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, [here('push-program.js')], {
    env: { ...process.env, BENCH_PUSH: JSON.stringify(task) },
  })
  return Number(stdout.trim())
}

const processorOf = async <Name extends string>(pids: Readonly<Record<Name, number>>): Promise<Record<Name, number | undefined>> => {
  const entries = Object.entries<number>(pids).map(async ([name, pid]) => [name, await processorSeconds(pid)] as const)
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, number | undefined>
}

/** ViLIS has acknowledged each dossier in its present version. */
const untilAcknowledged = async (db: Database, programs: readonly Program[], wanted: number): Promise<void> => {
  for (const until = Date.now() + MOST_MS; ; await pause(LOOK_EVERY_MS)) {
    const [row] = await db.query<{ acknowledged: number; failed: number }>(
      `SELECT count(*) FILTER (WHERE t.state = 'DELIVERED' AND t.dossier_version = d.version)::int AS acknowledged,
         count(*) FILTER (WHERE t.state IN ('HELD', 'REJECTED', 'EXHAUSTED', 'INDETERMINATE'))::int AS failed
       FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE t.operation = 'RECEIVE'`,
    )
    if (row?.acknowledged === wanted) return
    if (row?.failed !== 0) throw new Error('a transfer was not accepted: the figures would mean nothing')
    const dead = programs.find((program) => !program.isRunning())
    if (dead) throw new Error(`${dead.name} has ended: ${dead.logFile}`)
    if (Date.now() > until) throw new Error(`${row?.acknowledged} of ${wanted} dossiers were acknowledged`)
  }
}

const stepsOf = async (db: Database, batch: string): Promise<Steps & { readonly seconds: number }> => {
  const [row] = await db.query<Steps & { seconds: number }>(
    `WITH way AS (
       SELECT m.received_at, m.settled_at AS applied_at, a.started_at, t.settled_at
       FROM inbox_message m JOIN dossier d ON d.code = m.dossier_code JOIN transfer t ON t.dossier_id = d.id JOIN attempt a ON a.transfer_id = t.id
       WHERE m.dossier_code LIKE 'H58.22-' || $1::text || '-%' AND t.operation = 'RECEIVE'
     )
     SELECT extract(epoch FROM max(settled_at) - min(received_at))::float8 AS seconds,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM applied_at - received_at)::float8 * 1000) AS applied,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - applied_at)::float8 * 1000) AS waited,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - started_at)::float8 * 1000) AS delivered
     FROM way`,
    [batch],
  )
  if (!row) throw new Error('no dossier has come')
  return row
}
