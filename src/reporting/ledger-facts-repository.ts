import type { CauseSide } from '../model/cause-side.js'
import { describeCause } from '../model/cause-words.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { CauseKey } from '../model/failure-cause.js'
import type { InterlinkWait, SentTransfer } from '../model/interlink-wait.js'
import type { LedgerEvent, LedgerFacts } from '../model/ledger-facts.js'
import type { DossierEventKind } from '../model/routing.js'
import type { Origin } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/** What the time ledger of a dossier is worked out from, of many dossiers in three statements. */
export interface DossierFacts extends LedgerFacts {
  readonly id: string
  readonly code: string
  /** For masking: whom a text may name. */
  readonly applicantName: string
  readonly unitId: number
  readonly procedureCode: string
  readonly landRegistration: boolean
  /** Working days by law for its procedure; null: not known. */
  readonly statutoryDays: number | null
}

/** Sai lệch between us and a system, which reconciliation knows: this is where it joins the ledger, handed in. */
export interface DriftSource {
  /** From when it was found that a system holds something else to when it was repaired, of each of these dossiers. */
  waitsOf(dossierIds: readonly string[]): Promise<ReadonlyMap<string, readonly InterlinkWait[]>>
  /** Dossiers of which that has changed since then. */
  changedSince(at: Date): Promise<readonly string[]>
}

type DossierRow = Omit<DossierFacts, 'events' | 'transfers' | 'drift'>

const DOSSIERS = `SELECT d.id::text, d.code, a.full_name AS "applicantName", d.receiving_unit_id AS "unitId", d.procedure_code AS "procedureCode", p.statutory_days AS "statutoryDays", p.land_registration AS "landRegistration",
  d.origin, d.status, d.status_at AS "statusAt", d.received_at AS "receivedAt", d.created_at AS "knownAt", d.due_at AS "dueAt",
  d.finished_at AS "finishedAt", d.returned_at AS "returnedAt"
  FROM dossier d JOIN procedure p ON p.code = d.procedure_code JOIN party a ON a.id = d.applicant_id WHERE d.id = ANY($1::uuid[])`

const EVENTS = `SELECT e.dossier_id::text AS "dossierId", e.kind, e.origin, e.event_at AS at, e.created_at AS "toldAt", e.applied, e.status_to AS "statusTo", e.officer, e.note
  FROM dossier_event e WHERE e.dossier_id = ANY($1::uuid[]) AND e.applied ORDER BY e.event_at, e.id`

/** An attempt that was never closed, and is not the one in hand, ended with its worker. */
const FAILED = `(a.outcome NOT IN ('ACCEPTED', 'SAME') OR (a.outcome IS NULL AND (a.number < t.attempt_count OR t.state <> 'SENDING')))`
const ACTS = `'REPLAY', 'CONFIRM_DELIVERED', 'CONFIRM_ABSENT', 'SUPERSEDE'`

const TRANSFERS = `SELECT t.dossier_id::text AS "dossierId", t.id::text, t.system_id AS "systemId", t.operation, t.mode, t.state,
  CASE WHEN t.operation = 'UPDATE_STATUS' THEN t.body->>'status' END AS status, t.created_at AS "createdAt", t.settled_at AS "settledAt",
  t.supersedes_id::text AS "supersedesId", tried."firstAttemptAt", tried."firstFailedAt",
  t.origin = 'AMENDED' OR coalesce(tried.refused, false) OR (tried."firstFailedAt" IS NOT NULL AND EXISTS (
    SELECT 1 FROM audit_entry x WHERE x.transfer_id = t.id AND x.act IN (${ACTS}))) AS "neededPerson",
  c.operation AS "causeOperation", c.kind AS "causeKind", c.code AS "causeCode", c.field AS "causeField", c.side AS "causeSide"
  FROM transfer t LEFT JOIN LATERAL (
    SELECT min(a.started_at) AS "firstAttemptAt", min(a.started_at) FILTER (WHERE ${FAILED}) AS "firstFailedAt",
      bool_or(a.outcome IN ('REJECTED', 'CONFLICT', 'NOT_SENT', 'DIFFERENT')) AS refused,
      (array_agg(a.cause_id ORDER BY a.number) FILTER (WHERE a.cause_id IS NOT NULL))[1] AS cause_id
    FROM attempt a WHERE a.transfer_id = t.id) tried ON true
  LEFT JOIN failure_cause c ON c.id = coalesce(tried.cause_id, t.cause_id)
  WHERE t.dossier_id = ANY($1::uuid[])`

interface TransferRow extends Omit<SentTransfer, 'side'> {
  readonly dossierId: string
  readonly causeOperation: CauseKey['operation'] | null
  readonly causeKind: CauseKey['kind']
  readonly causeCode: string
  readonly causeField: string | null
  readonly causeSide: CauseSide | null
}

const sideOf = ({
  causeOperation: operation,
  causeKind: kind,
  causeCode: code,
  causeField: field,
  causeSide: side,
}: TransferRow): CauseSide | null => (operation === null ? null : describeCause({ operation, kind, code, field, side }).side)

const grouped = <Row extends { readonly dossierId: string }>(rows: readonly Row[]): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.dossierId)
    if (group) group.push(row)
    else groups.set(row.dossierId, [row])
  }
  return groups
}

/** In no order; ids that are no dossier's are left out. */
export const readLedgerFacts = async (sql: Sql, ids: readonly string[], drift: Pick<DriftSource, 'waitsOf'>): Promise<DossierFacts[]> => {
  const parameters = [[...ids]]
  const dossiers = await sql.query<DossierRow & { origin: Origin; status: DossierStatus }>(DOSSIERS, parameters)
  const events = grouped(await sql.query<LedgerEvent & { kind: DossierEventKind; dossierId: string }>(EVENTS, parameters))
  const transfers = grouped(await sql.query<TransferRow>(TRANSFERS, parameters))
  const driftOf = await drift.waitsOf(ids)
  return dossiers.map((dossier) => ({
    ...dossier,
    events: events.get(dossier.id) ?? [],
    transfers: (transfers.get(dossier.id) ?? []).map((row) => ({ ...row, side: sideOf(row) })),
    drift: driftOf.get(dossier.id) ?? [],
  }))
}
