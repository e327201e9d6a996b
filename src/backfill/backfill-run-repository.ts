import { hostname } from 'node:os'
import { GatewayError } from '../errors.js'
import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'

/**
 * Lượt nạp lịch sử in its table. The position moves in the transaction of the dossiers that it stands for, and only from where this process believes it to be: of two processes
 * that work on one run the second is told, and has loaded nothing.
 */
export interface BackfillRun extends BackfillCounts {
  readonly id: string
  readonly source: 'FILE' | SystemId
  readonly place: string
  readonly fingerprint: string
  readonly rejectedPlace: string
  readonly state: 'RUNNING' | 'DONE' | 'FAILED'
  readonly startedBy: string
  readonly worker: string
  readonly error: string | null
  readonly startedAt: Date
  readonly advancedAt: Date
  readonly endedAt: Date | null
}

export interface BackfillCounts {
  readonly position: number
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly loaded: number
  readonly present: number
  readonly rejected: number
  readonly conflicting: number
  readonly rejectedBytes: number
}

const COLUMNS = `id::text, source, place, fingerprint, rejected_place AS "rejectedPlace", state, position::float8 AS position, bytes_done::float8 AS "bytesDone",
  bytes_total::float8 AS "bytesTotal", loaded, present, rejected, conflicting, rejected_bytes::float8 AS "rejectedBytes", started_by AS "startedBy", worker, error,
  started_at AS "startedAt", advanced_at AS "advancedAt", ended_at AS "endedAt"`

const thisWorker = (): string => `${hostname()}:${process.pid}`

export interface BackfillOrder {
  readonly source: BackfillRun['source']
  readonly place: string
  readonly fingerprint: string
  readonly rejectedPlace: string
  readonly bytesTotal: number
  readonly startedBy: string
}

/** One run of a file or a feed at a time is begun: whoever asks at the same moment waits, and finds the other's. */
export const lockBackfillOf = async (tx: Tx, fingerprint: string): Promise<void> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('backfill:' || $1, 0))`, [fingerprint])
}

export const createRun = async (tx: Tx, order: BackfillOrder): Promise<BackfillRun> => {
  const rows = await tx.query<BackfillRun>(
    `INSERT INTO backfill_run (id, source, place, fingerprint, rejected_place, bytes_total, started_by, worker)
     VALUES ($1::uuid, $2, $3, $4, $5, $6::bigint, $7, $8) RETURNING ${COLUMNS}`,
    [orderedId(), order.source, order.place, order.fingerprint, order.rejectedPlace, order.bytesTotal, order.startedBy, thisWorker()],
  )
  return rows[0] as BackfillRun
}

/** The one of this file or feed that has not come to its end; without a fingerprint the latest of all. */
export const unfinishedRun = async (sql: Sql, fingerprint?: string): Promise<BackfillRun | undefined> => {
  const rows = await sql.query<BackfillRun>(
    `SELECT ${COLUMNS} FROM backfill_run WHERE state = 'RUNNING' AND ($1::text IS NULL OR fingerprint = $1::text) ORDER BY started_at DESC LIMIT 1`,
    [fingerprint ?? null],
  )
  return rows[0]
}

const SHOWN = 20
export const latestRuns = (sql: Sql): Promise<BackfillRun[]> =>
  sql.query(`SELECT ${COLUMNS} FROM backfill_run ORDER BY started_at DESC LIMIT ${SHOWN}`)

/** After so long without a batch a process is taken for dead: it is on another machine, or its number is another program's by now. */
const SILENT_MINUTES = 2

/** Goes on with a run whose process is gone; refused while it may be alive. */
export const takeRun = async (tx: Tx, id: string): Promise<BackfillRun> => {
  const rows = await tx.query<BackfillRun & { silent: boolean }>(
    `SELECT ${COLUMNS}, advanced_at < app_now() - interval '${SILENT_MINUTES} minutes' AS silent FROM backfill_run WHERE id = $1::uuid FOR UPDATE`,
    [id],
  )
  const run = rows[0] as BackfillRun & { silent: boolean }
  if (run.worker !== thisWorker() && mayBeAlive(run))
    throw new GatewayError(
      'ILLEGAL_TRANSITION',
      `Lượt nạp này đang chạy ở ${run.worker}. Tiến trình đó đã chết thì chờ ${SILENT_MINUTES} phút rồi thử lại.`,
    )
  await tx.query(`UPDATE backfill_run SET worker = $2, advanced_at = app_now() WHERE id = $1::uuid RETURNING 1 AS done`, [id, thisWorker()])
  return { ...run, worker: thisWorker() }
}

const mayBeAlive = ({ worker, silent }: { readonly worker: string; readonly silent: boolean }): boolean => {
  if (silent) return false
  const place = worker.lastIndexOf(':')
  if (worker.slice(0, place) !== hostname()) return true
  try {
    process.kill(Number(worker.slice(place + 1)), 0)
    return true
  } catch {
    return false
  }
}

const OVERTAKEN = 'Một tiến trình khác đã nạp tiếp lượt này; tiến trình này dừng.'

/** Whoever is at a batch holds its run: nobody takes it meanwhile, and who has lost it writes nothing more, in no file either. */
export const holdRun = async (tx: Tx, id: string): Promise<void> => {
  const held = await tx.query(`SELECT 1 AS held FROM backfill_run WHERE id = $1::uuid AND worker = $2 AND state = 'RUNNING' FOR UPDATE`, [
    id,
    thisWorker(),
  ])
  if (held.length === 0) throw new GatewayError('ILLEGAL_TRANSITION', OVERTAKEN)
}

/** Only the process that owns the run moves it, and only on from `before`. */
export const advanceRun = async (tx: Tx, id: string, before: BackfillCounts, next: BackfillCounts): Promise<void> => {
  const moved = await tx.query(
    `UPDATE backfill_run SET position = $4::bigint, bytes_done = $5::bigint, loaded = $6::int, present = $7::int, rejected = $8::int, conflicting = $9::int,
       rejected_bytes = $10::bigint, advanced_at = app_now()
     WHERE id = $1::uuid AND worker = $2 AND position = $3::bigint AND state = 'RUNNING' RETURNING 1 AS done`,
    [
      id,
      thisWorker(),
      before.position,
      next.position,
      next.bytesDone,
      next.loaded,
      next.present,
      next.rejected,
      next.conflicting,
      next.rejectedBytes,
    ],
  )
  if (moved.length === 0) throw new GatewayError('ILLEGAL_TRANSITION', OVERTAKEN)
}

export const endRun = async (
  tx: Tx,
  id: string,
  end: { readonly state: 'DONE' | 'FAILED'; readonly error?: string },
): Promise<BackfillRun> => {
  const rows = await tx.query<BackfillRun>(
    `UPDATE backfill_run SET state = $2, error = $3, ended_at = app_now(), advanced_at = app_now()
     WHERE id = $1::uuid AND worker = $4 RETURNING ${COLUMNS}`,
    [id, end.state, end.error ?? null, thisWorker()],
  )
  if (!rows[0]) throw new GatewayError('ILLEGAL_TRANSITION', OVERTAKEN)
  return rows[0]
}
