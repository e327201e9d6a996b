import { type Caller, nameOf } from '../access/caller.js'
import type { DiscrepancyAct } from '../model/discrepancy.js'
import { BATCH_MOVES, type BatchAct, type BatchResult, type BatchState } from '../model/discrepancy-batch.js'
import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'

/** Đợt xử lý sai lệch in the tables `discrepancy_batch` and `discrepancy_batch_row`. One worker at a time has a batch, by a lease with a token. */
export interface BatchRow {
  readonly id: string
  readonly act: DiscrepancyAct
  /** As it was asked. */
  readonly filter: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly state: BatchState
  readonly version: number
  readonly needsApproval: boolean
  readonly rowCount: number
  readonly createdBy: string
  readonly createdByName: string
  readonly createdByRole: string
  readonly createdAt: Date
  readonly approvedBy: string | null
  readonly approvedAt: Date | null
  readonly finishedAt: Date | null
  /** RUNNING: why it goes on with none, or not with all of its rows, a sentence for each system that cannot be read. */
  readonly waitsFor: readonly string[]
  readonly lastActBy: string
  readonly lastActAt: Date
  readonly lastAct: string
  readonly lastRequestKey: string | null
}

const COLUMNS = `b.id::text, b.act, b.filter, b.reason, b.state, b.version, b.needs_approval AS "needsApproval", b.row_count AS "rowCount",
  b.created_by AS "createdBy", b.created_by_name AS "createdByName", b.created_by_role AS "createdByRole", b.created_at AS "createdAt",
  b.approved_by AS "approvedBy", b.approved_at AS "approvedAt", b.finished_at AS "finishedAt", b.waits_for AS "waitsFor", b.last_act AS "lastAct",
  b.last_act_by AS "lastActBy", b.last_act_at AS "lastActAt", b.last_request_key AS "lastRequestKey"`

export const findBatch = async (sql: Sql, id: string): Promise<BatchRow | undefined> =>
  (await sql.query<BatchRow>(`SELECT ${COLUMNS} FROM discrepancy_batch b WHERE b.id = $1::uuid`, [id]))[0]

export const lockBatch = async (tx: Tx, id: string): Promise<BatchRow | undefined> =>
  (await tx.query<BatchRow>(`SELECT ${COLUMNS} FROM discrepancy_batch b WHERE b.id = $1::uuid FOR UPDATE`, [id]))[0]

/** The newest, those that wait for somebody before all others. */
export const latestBatches = (sql: Sql, most: number): Promise<BatchRow[]> =>
  sql.query<BatchRow>(
    `SELECT ${COLUMNS} FROM discrepancy_batch b ORDER BY b.state IN ('AWAITING_APPROVAL', 'RUNNING') DESC, b.created_at DESC, b.id LIMIT ${most}`,
  )

export const batchOfRequest = async (sql: Sql, createdBy: string, requestKey: string): Promise<string | undefined> =>
  (
    await sql.query<{ id: string }>(`SELECT id::text FROM discrepancy_batch WHERE created_by = $1 AND request_key = $2`, [
      createdBy,
      requestKey,
    ])
  )[0]?.id

export interface NewBatch {
  readonly act: DiscrepancyAct
  readonly filter: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly needsApproval: boolean
  readonly rows: readonly { readonly id: string; readonly version: number }[]
  readonly requestKey?: string
}

export const insertBatch = async (
  tx: Tx,
  { act, filter, reason, needsApproval, rows, requestKey }: NewBatch,
  actor: Caller,
): Promise<string> => {
  const id = orderedId()
  await tx.query(
    `INSERT INTO discrepancy_batch (id, act, filter, reason, state, needs_approval, row_count, request_key, created_by, created_by_name, created_by_role, last_act_by)
     VALUES ($1::uuid, $2, $3::jsonb, $4, $5, $6::boolean, $7::int, $8, $9, $10, $11, $10) RETURNING 1 AS done`,
    [
      id,
      act,
      JSON.stringify(filter),
      reason,
      needsApproval ? 'AWAITING_APPROVAL' : 'RUNNING',
      needsApproval,
      rows.length,
      requestKey ?? null,
      actor.subject,
      nameOf(actor),
      actor.role,
    ],
  )
  await tx.query(
    `INSERT INTO discrepancy_batch_row (batch_id, discrepancy_id, seen_version)
     SELECT $1::uuid, r.id, r.version FROM unnest($2::uuid[], $3::int[]) AS r(id, version) RETURNING 1 AS done`,
    [id, rows.map((row) => row.id), rows.map((row) => row.version)],
  )
  return id
}

/** A person's move. The caller holds the batch's lock, has checked it and writes the audit. */
export const moveBatch = async (tx: Tx, id: string, act: BatchAct, by: string, requestKey: string | undefined): Promise<void> => {
  await tx.query(
    `UPDATE discrepancy_batch SET state = $2, version = version + 1, last_act = $3, last_act_by = $4, last_act_at = app_now(), last_request_key = $5,
       lease_token = lease_token + 1, lease_until = NULL, waits_for = '{}',
       approved_by = CASE WHEN $3 = 'APPROVE' THEN $4 ELSE approved_by END, approved_at = CASE WHEN $3 = 'APPROVE' THEN app_now() ELSE approved_at END,
       finished_at = CASE WHEN $3 = 'CANCEL' THEN app_now() END
     WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, BATCH_MOVES[act].to, act, by, requestKey ?? null],
  )
  if (act === 'CANCEL')
    await tx.query(
      `UPDATE discrepancy_batch_row SET result = 'LEFT_OUT', finished_at = app_now() WHERE batch_id = $1::uuid AND result = 'WAITING' RETURNING 1 AS done`,
      [id],
    )
}

export interface BatchLease {
  readonly batchId: string
  readonly token: string
}

const LEASE = `interval '60 seconds'`

export const claimBatch = async (sql: Sql): Promise<BatchLease | undefined> =>
  (
    await sql.query<BatchLease>(
      `UPDATE discrepancy_batch SET lease_token = lease_token + 1, lease_until = app_now() + ${LEASE}
       WHERE id = (SELECT b.id FROM discrepancy_batch b WHERE b.state = 'RUNNING' AND (b.lease_until IS NULL OR b.lease_until <= app_now())
         ORDER BY b.created_at LIMIT 1 FOR UPDATE OF b SKIP LOCKED)
       RETURNING id::text AS "batchId", lease_token::text AS token`,
    )
  )[0]

/** Undefined: the lease was lost, or the batch was cancelled. */
export const renewBatch = async (sql: Sql, { batchId, token }: BatchLease): Promise<BatchRow | undefined> =>
  (
    await sql.query<BatchRow>(
      `UPDATE discrepancy_batch b SET lease_until = app_now() + ${LEASE} WHERE b.id = $1::uuid AND b.lease_token = $2::bigint AND b.state = 'RUNNING'
       RETURNING ${COLUMNS}`,
      [batchId, token],
    )
  )[0]

export interface BatchRowToDo {
  readonly discrepancyId: string
  readonly seenVersion: number
  /** Null: it was a suspicion, and has gone away. */
  readonly systemId: SystemId | null
  readonly dossierCode: string | null
}

/** `after`: this one and those before it are left for another turn. */
export const nextBatchRows = (sql: Sql, batchId: string, most: number, after: string | null): Promise<BatchRowToDo[]> =>
  sql.query(
    `SELECT r.discrepancy_id::text AS "discrepancyId", r.seen_version AS "seenVersion", x.system_id AS "systemId", x.dossier_code AS "dossierCode"
     FROM discrepancy_batch_row r LEFT JOIN discrepancy x ON x.id = r.discrepancy_id
     WHERE r.batch_id = $1::uuid AND r.result = 'WAITING' AND ($2::uuid IS NULL OR r.discrepancy_id > $2::uuid) ORDER BY r.discrepancy_id LIMIT ${most}`,
    [batchId, after],
  )

export const writeBatchResult = async (
  sql: Sql,
  batchId: string,
  discrepancyId: string,
  result: 'DONE' | 'REFUSED',
  because: string | null,
): Promise<void> => {
  await sql.query(
    `UPDATE discrepancy_batch_row SET result = $3, because = $4, finished_at = app_now()
     WHERE batch_id = $1::uuid AND discrepancy_id = $2::uuid RETURNING 1 AS done`,
    [batchId, discrepancyId, result, because],
  )
}

export const endBatch = async (sql: Sql, { batchId, token }: BatchLease): Promise<void> => {
  await sql.query(
    `UPDATE discrepancy_batch SET state = 'DONE', version = version + 1, finished_at = app_now(), lease_until = NULL, waits_for = '{}'
     WHERE id = $1::uuid AND lease_token = $2::bigint AND state = 'RUNNING' RETURNING 1 AS done`,
    [batchId, token],
  )
}

/** Nothing, when the lease was lost meanwhile. */
export const writeBatchWaits = async (sql: Sql, { batchId, token }: BatchLease, waitsFor: readonly string[]): Promise<void> => {
  await sql.query(
    `UPDATE discrepancy_batch SET waits_for = $3::text[] WHERE id = $1::uuid AND lease_token = $2::bigint AND state = 'RUNNING' RETURNING 1 AS done`,
    [batchId, token, [...waitsFor]],
  )
}

export const releaseBatch = async (sql: Sql, { batchId, token }: BatchLease): Promise<void> => {
  await sql.query(`UPDATE discrepancy_batch SET lease_until = NULL WHERE id = $1::uuid AND lease_token = $2::bigint RETURNING 1 AS done`, [
    batchId,
    token,
  ])
}

export const countBatchResults = (sql: Sql, batchId: string): Promise<{ result: BatchResult; count: number }[]> =>
  sql.query(`SELECT result, count(*)::int AS count FROM discrepancy_batch_row WHERE batch_id = $1::uuid GROUP BY result ORDER BY result`, [
    batchId,
  ])

/** Why rows were not acted upon, the most frequent reason first. */
export const refusalsOfBatch = (sql: Sql, batchId: string): Promise<{ because: string; count: number }[]> =>
  sql.query(
    `SELECT because, count(*)::int AS count FROM discrepancy_batch_row
     WHERE batch_id = $1::uuid AND result = 'REFUSED' GROUP BY because ORDER BY count(*) DESC, because LIMIT 20`,
    [batchId],
  )
