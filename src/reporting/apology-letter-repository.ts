import { dossierInScope, Parameters, type Scope } from '../access/scope.js'
import type { Sql, Tx } from '../platform/database.js'

/** Phiếu xin lỗi as it was given: everything that is printed, in words. */
export interface LetterContent {
  readonly parentAgency: string | null
  readonly agency: string
  readonly place: string
  readonly symbol: string
  readonly dossierCode: string
  readonly procedureName: string
  readonly applicantName: string
  /** Null: not known. */
  readonly applicantAddress: string | null
  readonly receivedAt: string
  readonly dueAt: string
  readonly newDueAt: string
  readonly reason: string
  readonly signedBy: string
}

export interface LetterRow {
  readonly id: string
  readonly dossierId: string
  readonly year: number
  readonly number: number
  readonly symbol: string
  readonly issuedAt: Date
  readonly issuedByName: string
  readonly dueAt: Date
  readonly newDueAt: Date
  readonly reason: string
}

const COLUMNS = `l.id::text, l.dossier_id::text AS "dossierId", l.year, l.number, l.content->>'symbol' AS symbol, l.issued_at AS "issuedAt", l.issued_by_name AS "issuedByName",
  l.due_at AS "dueAt", l.new_due_at AS "newDueAt", l.reason`

/** Of dossiers that were reached under a scope, the newest first. */
export const readLettersOf = (sql: Sql, dossierIds: readonly string[]): Promise<LetterRow[]> =>
  sql.query(`SELECT ${COLUMNS} FROM apology_letter l WHERE l.dossier_id = ANY($1::uuid[]) ORDER BY l.issued_at DESC, l.id`, [
    [...dossierIds],
  ])

/** Null: there is none within the scope. */
export const findLetter = async (sql: Sql, scope: Scope, id: string): Promise<(LetterRow & { readonly content: LetterContent }) | null> => {
  const parameters = new Parameters()
  const [row] = await sql.query<LetterRow & { content: LetterContent }>(
    `SELECT ${COLUMNS}, l.content FROM apology_letter l JOIN dossier d ON d.id = l.dossier_id
     WHERE l.id = ${parameters.add(id)}::uuid AND ${dossierInScope(scope, 'd', parameters)}`,
    parameters.values,
  )
  return row ?? null
}

/** Numbers follow each other without a gap: the lock is held to the end of the transaction. */
export const nextLetterNumber = async (tx: Tx, year: number): Promise<number> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('apology-letter', 0))`)
  const [row] = await tx.query<{ next: number }>(`SELECT coalesce(max(number), 0) + 1 AS next FROM apology_letter WHERE year = $1::int`, [
    year,
  ])
  return row?.next ?? 1
}

/** The letter that was issued under this key, though its answer may have been lost. */
export const letterOfRequest = async (tx: Tx, actor: string, requestKey: string): Promise<string | null> => {
  const [row] = await tx.query<{ letterId: string }>(
    `SELECT after->>'letterId' AS "letterId" FROM audit_entry WHERE act = 'ISSUE_APOLOGY_LETTER' AND actor = $1 AND after->>'request' = $2 LIMIT 1`,
    [actor, requestKey],
  )
  return row?.letterId ?? null
}

/** What a letter says of a dossier beside its ledger. Locked: two who write at once get two numbers and know of each other's. */
export interface LetterSubject {
  readonly applicantName: string
  readonly applicantAddress: string | null
  readonly procedureName: string
  /** Of the unit that its ground belongs to today. */
  readonly unitName: string
}

export const readLetterSubject = async (tx: Tx, dossierId: string): Promise<LetterSubject | null> => {
  const [row] = await tx.query<LetterSubject>(
    `WITH RECURSIVE line AS (
       SELECT u.name, u.valid_to, u.successor_code, 0 AS hops FROM dossier d JOIN administrative_unit u ON u.id = d.receiving_unit_id WHERE d.id = $1::uuid
       UNION ALL
       SELECT s.name, s.valid_to, s.successor_code, l.hops + 1 FROM line l JOIN administrative_unit s
         ON s.code = l.successor_code AND s.valid_from <= l.valid_to + 1 AND (s.valid_to IS NULL OR s.valid_to > l.valid_to)
       WHERE l.valid_to IS NOT NULL AND l.hops < 8
     )
     SELECT p.full_name AS "applicantName", p.address AS "applicantAddress", c.name AS "procedureName",
       (SELECT name FROM line ORDER BY hops DESC LIMIT 1) AS "unitName"
     FROM dossier d JOIN party p ON p.id = d.applicant_id JOIN procedure c ON c.code = d.procedure_code WHERE d.id = $1::uuid`,
    [dossierId],
  )
  return row ?? null
}
