import type { Scope } from '../access/scope.js'
import { dossierInScope, Parameters } from '../access/scope.js'
import type { Operation, SystemId } from '../model/system.js'
import type { HeldReason, InterlinkState, TransferOrigin, TransferState } from '../model/transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { IS_DELAYED } from './delayed-sql.js'

/** Lượt liên thông as readers get it: without its body and without what was on the wire. */
export interface TransferRow {
  readonly id: string
  readonly dossierId: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly sequence: number
  readonly idempotencyKey: string
  readonly dossierVersion: number
  readonly mode: 'LIVE' | 'ADOPT'
  readonly state: TransferState
  readonly heldReason: HeldReason | null
  readonly lastError: string | null
  readonly errorField: string | null
  readonly dueAt: Date
  readonly nextAttemptAt: Date | null
  readonly budgetUntil: Date | null
  readonly attemptCount: number
  readonly externalRef: string | null
  readonly supersedesId: string | null
  readonly correlationId: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly settledAt: Date | null
  readonly causeId: string | null
  readonly origin: TransferOrigin
  /** Name of the dossier's applicant, for masking it in free text. */
  readonly applicantName: string
}

export interface AttemptRow {
  readonly id: string
  readonly transferId: string
  readonly number: number
  readonly kind: 'SEND' | 'INQUIRE'
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly outcome: string | null
  readonly detail: string | null
  readonly late: boolean
  readonly httpStatus: number | null
  readonly elapsedMs: number | null
  readonly causeId: string | null
}

export const TRANSFER_COLUMNS = `t.id, t.dossier_id AS "dossierId", t.system_id AS "systemId", t.operation, t.sequence,
  t.idempotency_key AS "idempotencyKey", t.dossier_version AS "dossierVersion", t.mode, t.state, t.held_reason AS "heldReason",
  t.last_error AS "lastError", t.error_field AS "errorField", t.due_at AS "dueAt", t.next_attempt_at AS "nextAttemptAt",
  t.budget_until AS "budgetUntil", t.attempt_count AS "attemptCount", t.external_ref AS "externalRef",
  t.supersedes_id AS "supersedesId", t.correlation_id AS "correlationId", t.created_at AS "createdAt", t.updated_at AS "updatedAt",
  t.settled_at AS "settledAt", t.cause_id AS "causeId", t.origin, (SELECT p.full_name FROM party p WHERE p.id = d.applicant_id) AS "applicantName"`

/** Those of the ids whose dossiers lie within the scope, in no order. */
export const findTransfersById = async (db: Sql, scope: Scope, ids: readonly string[]): Promise<TransferRow[]> => {
  const parameters = new Parameters()
  return db.query<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE t.id = ANY(${parameters.add([...ids])}::uuid[]) AND ${dossierInScope(scope, 'd', parameters)}`,
    parameters.values,
  )
}

/** All transfers of dossiers that were reached under a scope, each system's in its order. */
export const readTransfersOf = (db: Sql, dossierIds: readonly string[]): Promise<TransferRow[]> =>
  db.query(
    `SELECT ${TRANSFER_COLUMNS} FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE t.dossier_id = ANY($1::uuid[]) ORDER BY t.system_id, t.sequence, t.created_at, t.id`,
    [[...dossierIds]],
  )

const ATTEMPT_COLUMNS = `id, transfer_id AS "transferId", number, kind, started_at AS "startedAt", ended_at AS "endedAt", outcome, detail, late,
  http_status AS "httpStatus", elapsed_ms AS "elapsedMs", cause_id AS "causeId"`

export const readAttempts = (db: Sql, transferIds: readonly string[]): Promise<AttemptRow[]> =>
  db.query(`SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE transfer_id = ANY($1::uuid[]) ORDER BY transfer_id, number`, [[...transferIds]])

export const findAttemptsById = (db: Sql, ids: readonly string[]): Promise<AttemptRow[]> =>
  db.query(`SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE id = ANY($1::uuid[])`, [[...ids]])

export interface EvidenceRow {
  readonly id: string
  readonly requestXml: string | null
  readonly responseText: string | null
}

/** Chứng cứ: what was on the wire, as it was. It goes to nobody before it was masked, or its reading audited. */
export const readEvidence = (db: Sql, attemptIds: readonly string[]): Promise<EvidenceRow[]> =>
  db.query(`SELECT id, request_xml AS "requestXml", response_text AS "responseText" FROM attempt WHERE id = ANY($1::uuid[])`, [
    [...attemptIds],
  ])

/**
 * Bị chặn bởi: an earlier transfer of the same dossier and system that does not let a later one pass: the NEAREST, or the FIRST in the order, which has to
 * be settled before anything else moves.
 */
export const readBlockers = (
  db: Sql,
  transferIds: readonly string[],
  which: 'NEAREST' | 'FIRST',
): Promise<(TransferRow & { blockedId: string })[]> =>
  db.query(
    `SELECT DISTINCT ON (b.id) b.id AS "blockedId", ${TRANSFER_COLUMNS}
     FROM transfer b JOIN transfer t ON t.dossier_id = b.dossier_id AND t.system_id = b.system_id AND t.sequence < b.sequence
       JOIN dossier d ON d.id = t.dossier_id
     WHERE b.id = ANY($1::uuid[]) AND b.state NOT IN ('DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED')
       AND t.state <> ALL($2::text[])
     ORDER BY b.id, t.sequence ${which === 'NEAREST' ? 'DESC' : 'ASC'}`,
    [[...transferIds], [...PASSABLE_STATES]],
  )

/** Các lượt đứng sau: later transfers of the same dossier and system that are not settled, in their order. */
export const readFollowers = (db: Sql, transferIds: readonly string[]): Promise<(TransferRow & { aheadId: string })[]> =>
  db.query(
    `SELECT ahead.id AS "aheadId", ${TRANSFER_COLUMNS}
     FROM transfer ahead JOIN transfer t ON t.dossier_id = ahead.dossier_id AND t.system_id = ahead.system_id AND t.sequence > ahead.sequence
       JOIN dossier d ON d.id = t.dossier_id
     WHERE ahead.id = ANY($1::uuid[]) AND t.state <> ALL($2::text[]) ORDER BY ahead.id, t.sequence`,
    [[...transferIds], [...PASSABLE_STATES]],
  )

/** Được thay bởi: what a person's act or a newer version has put in the place of each. */
export const readSuccessors = (db: Sql, transferIds: readonly string[]): Promise<{ id: string; supersedesId: string }[]> =>
  db.query(
    `SELECT DISTINCT ON (old.id) t.id::text, old.id::text AS "supersedesId"
     FROM transfer old JOIN transfer t ON t.dossier_id = old.dossier_id AND t.supersedes_id = old.id
     WHERE old.id = ANY($1::uuid[]) ORDER BY old.id, t.created_at DESC`,
    [[...transferIds]],
  )

export interface InterlinkRow {
  readonly dossierId: string
  readonly state: InterlinkState
  /** The transfer that decides the state; null when all are settled. */
  readonly waitingTransferId: string | null
  readonly since: Date
}

/**
 * Trạng thái liên thông of each dossier that has transfers, decided by its weightiest one (the earliest of equals). `since` is when that
 * transfer was put before a person (attention), when it was planned (delayed, in flight), or when the last one was settled (in sync).
 */
export const readInterlinks = (db: Sql, dossierIds: readonly string[]): Promise<InterlinkRow[]> =>
  db.query(
    `SELECT DISTINCT ON (dossier_id) dossier_id AS "dossierId", weight AS state,
       CASE WHEN weight = 'IN_SYNC' THEN NULL ELSE id END AS "waitingTransferId",
       CASE weight WHEN 'IN_SYNC' THEN COALESCE(settled_at, updated_at) WHEN 'NEEDS_ATTENTION' THEN updated_at ELSE created_at END AS since
     FROM (
       SELECT t.*, CASE WHEN t.state = ANY($2::text[]) THEN 'NEEDS_ATTENTION' WHEN ${IS_DELAYED} THEN 'DELAYED'
         WHEN t.state = ANY($3::text[]) THEN 'IN_SYNC' ELSE 'IN_FLIGHT' END AS weight
       FROM transfer t WHERE t.dossier_id = ANY($1::uuid[]) OFFSET 0
     ) AS weighed
     ORDER BY dossier_id, array_position(ARRAY['NEEDS_ATTENTION', 'DELAYED', 'IN_FLIGHT', 'IN_SYNC'], weight),
       CASE WHEN weight = 'IN_SYNC' THEN COALESCE(settled_at, updated_at) END DESC, created_at, sequence, id`,
    [[...dossierIds], [...ATTENTION_STATES], [...PASSABLE_STATES]],
  )

export interface AcknowledgementRow {
  readonly dossierId: string
  readonly systemId: SystemId
  readonly version: number
  readonly at: Date
}

/** Phiên bản đã được xác nhận: the highest version of each dossier that each system has taken. */
export const readAcknowledgements = (db: Sql, dossierIds: readonly string[]): Promise<AcknowledgementRow[]> =>
  db.query(
    `SELECT DISTINCT ON (dossier_id, system_id) dossier_id AS "dossierId", system_id AS "systemId", dossier_version AS version,
       COALESCE(settled_at, updated_at) AS at
     FROM transfer WHERE dossier_id = ANY($1::uuid[]) AND state = 'DELIVERED'
     ORDER BY dossier_id, system_id, dossier_version DESC, settled_at`,
    [[...dossierIds]],
  )
