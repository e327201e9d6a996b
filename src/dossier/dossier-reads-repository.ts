import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import type { Scope } from '../access/scope.js'
import { dossierInScope, LOCAL_TODAY, Parameters } from '../access/scope.js'
import type { Sql } from '../platform/database.js'
import type {
  CertificateReferenceRow,
  DocumentRow,
  DossierEventRow,
  DossierRow,
  IdentifierRow,
  ParcelReferenceRow,
  PartyRow,
  TaxNoticeRow,
} from './dossier-row.js'

/**
 * Reads of the unified dossier. A dossier is reached under a scope; what hangs on it is read by the ids of dossiers that
 * were reached so, many at a time, and needs no scope of its own.
 */
export const DOSSIER_COLUMNS = `
  d.id, d.code, d.version, d.source_version AS "sourceVersion", d.origin, d.procedure_code AS "procedureCode",
  d.receiving_unit_id AS "receivingUnitId", d.channel, d.applicant_id AS "applicantId",
  (SELECT p.full_name FROM party p WHERE p.id = d.applicant_id) AS "applicantName", d.summary,
  d.received_by AS "receivedBy", d.status, d.status_at AS "statusAt", d.received_at AS "receivedAt", d.due_at AS "dueAt",
  d.finished_at AS "finishedAt", d.returned_at AS "returnedAt", d.supplement_count AS "supplementCount",
  d.created_at AS "createdAt", d.updated_at AS "updatedAt"`

/**
 * By a dossier's own code, or by a code under which another system knows it. Null: there is none within the scope, or two systems give the code to two
 * dossiers, of which neither may be taken for the other.
 */
export const findDossierByCode = async (db: Sql, scope: Scope, code: string): Promise<DossierRow | null> => {
  const parameters = new Parameters()
  const wanted = parameters.add(code)
  const rows = await db.query<DossierRow>(
    `SELECT ${DOSSIER_COLUMNS} FROM dossier d
     WHERE d.id IN ${dossierIdsOfCode(wanted)} AND ${dossierInScope(scope, 'd', parameters)}
     ORDER BY (d.code = ${wanted}::text) DESC LIMIT 2`,
    parameters.values,
  )
  const [first, another] = rows
  return first && (first.code === code || !another) ? first : null
}

/** Those of the codes, each a dossier's own, that exist within the scope, in no order. */
export const findDossiersByCode = async (db: Sql, scope: Scope, codes: readonly string[]): Promise<DossierRow[]> => {
  const parameters = new Parameters()
  return db.query<DossierRow>(
    `SELECT ${DOSSIER_COLUMNS} FROM dossier d
     WHERE d.code = ANY(${parameters.add([...codes])}::text[]) AND ${dossierInScope(scope, 'd', parameters)}`,
    parameters.values,
  )
}

/** Whether the message that made this dossier came through our own mutations under an event id that begins so. */
export const wasMadeByMessage = async (db: Sql, dossierCode: string, eventIdBegins: string): Promise<boolean> => {
  const [first] = await db.query<{ own: boolean }>(
    `SELECT source = 'GATEWAY' AND starts_with(identity, 'event:' || $2::text) AS own FROM inbox_message
     WHERE dossier_code = $1::text AND kind = 'DOSSIER' AND state = 'APPLIED' ORDER BY received_at, id LIMIT 1`,
    [dossierCode, eventIdBegins],
  )
  return first?.own ?? false
}

/** Those of the ids that exist within the scope, in no order. */
export const findDossiersById = async (db: Sql, scope: Scope, ids: readonly string[]): Promise<DossierRow[]> => {
  const parameters = new Parameters()
  return db.query<DossierRow>(
    `SELECT ${DOSSIER_COLUMNS} FROM dossier d
     WHERE d.id = ANY(${parameters.add([...ids])}::uuid[]) AND ${dossierInScope(scope, 'd', parameters)}`,
    parameters.values,
  )
}

export const readParties = (db: Sql, ids: readonly string[]): Promise<PartyRow[]> =>
  db.query(
    `SELECT id, kind, full_name AS "fullName", id_number AS "idNumber", phone, email, address FROM party WHERE id = ANY($1::uuid[])`,
    [[...ids]],
  )

export const readTimelines = (db: Sql, dossierIds: readonly string[]): Promise<DossierEventRow[]> =>
  db.query(
    `SELECT id, dossier_id AS "dossierId", kind, origin, version, event_at AS "eventAt", applied, status_from AS "statusFrom",
       status_to AS "statusTo", due_at_from AS "dueAtFrom", due_at_to AS "dueAtTo", officer, note, step,
       supplement_no AS "supplementNo"
     FROM dossier_event WHERE dossier_id = ANY($1::uuid[]) ORDER BY event_at, id`,
    [[...dossierIds]],
  )

export const readParcelReferences = (db: Sql, dossierIds: readonly string[]): Promise<ParcelReferenceRow[]> =>
  db.query(
    `WITH RECURSIVE wanted AS (
       SELECT p.*, u.code AS unit_code, u.valid_from, u.valid_to, u.successor_code
       FROM parcel_reference p JOIN administrative_unit u ON u.id = p.unit_id WHERE p.dossier_id = ANY($1::uuid[])
     ), current_code AS (
       SELECT w.id, w.unit_code, w.valid_from, w.valid_to, w.successor_code, 0 AS hops FROM wanted w
       UNION ALL
       SELECT c.id, s.code, s.valid_from, s.valid_to, s.successor_code, c.hops + 1 FROM current_code c JOIN administrative_unit s
         ON s.code = c.successor_code AND s.valid_from <= c.valid_to + 1 AND (s.valid_to IS NULL OR s.valid_to > c.valid_to)
       WHERE c.valid_to IS NOT NULL AND c.hops < 8
     )
     SELECT w.dossier_id AS "dossierId", w.map_sheet_number AS "mapSheetNumber", w.parcel_number AS "parcelNumber",
       w.unit_id AS "unitId", w.area_m2 AS "areaM2", w.address,
       (SELECT CASE WHEN c.valid_to IS NULL OR c.valid_to >= ${LOCAL_TODAY} THEN c.unit_code ELSE c.unit_code || '@' || c.valid_from END FROM current_code c WHERE c.id = w.id ORDER BY c.hops DESC LIMIT 1) AS "currentCommuneCode"
     FROM wanted w ORDER BY w.map_sheet_number, w.parcel_number, w.id`,
    [[...dossierIds]],
  )

export const readCertificateReferences = (db: Sql, dossierIds: readonly string[]): Promise<CertificateReferenceRow[]> =>
  db.query(
    `SELECT dossier_id AS "dossierId", serial_number AS "serialNumber", register_number AS "registerNumber"
     FROM certificate_reference WHERE dossier_id = ANY($1::uuid[]) ORDER BY serial_number`,
    [[...dossierIds]],
  )

export const readDocuments = (db: Sql, dossierIds: readonly string[]): Promise<DocumentRow[]> =>
  db.query(
    `SELECT id, dossier_id AS "dossierId", role, round, name, file_name AS "fileName", media_type AS "mediaType", sha256,
       size_bytes AS "sizeBytes", originals, copies, created_at AS "createdAt"
     FROM document WHERE dossier_id = ANY($1::uuid[]) ORDER BY round, created_at, id`,
    [[...dossierIds]],
  )

export const readTaxNotices = (db: Sql, dossierIds: readonly string[]): Promise<TaxNoticeRow[]> =>
  db.query(
    `SELECT dossier_id AS "dossierId", notice_number AS "noticeNumber", tax_kind AS "taxKind", payer_name AS "payerName",
       amount_vnd::text AS "amountVnd", document_url AS "documentUrl", issued_at AS "issuedAt"
     FROM tax_notice WHERE dossier_id = ANY($1::uuid[]) ORDER BY issued_at, notice_number, tax_kind`,
    [[...dossierIds]],
  )

export const readIdentifiers = (db: Sql, dossierIds: readonly string[]): Promise<IdentifierRow[]> =>
  db.query(
    `SELECT dossier_id AS "dossierId", system_id AS "systemId", value FROM dossier_identifier
     WHERE dossier_id = ANY($1::uuid[]) ORDER BY system_id, value`,
    [[...dossierIds]],
  )
