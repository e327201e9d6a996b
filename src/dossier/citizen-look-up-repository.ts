import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import type { Stuck } from '../model/citizen-view.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { DELAYED_STATES } from '../model/interlink-state.js'
import { ATTENTION_STATES, PASSABLE_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { inMaintenance, isRunning } from '../transfer/maintenance-repository.js'

/** What may be told of a dossier to whoever knows its code and check. No column of it names a person, a parcel or a certificate. */
export interface LookedUpDossier {
  readonly id: string
  readonly code: string
  readonly status: DossierStatus
  readonly statusAt: Date
  readonly receivedAt: Date
  readonly dueAt: Date
  readonly procedureName: string
  readonly receivingUnitName: string
  readonly taxNoticeKnown: boolean
  /** The digits are the applicant's: else nothing of it is told. */
  readonly matches: boolean
  /** `app_now()`. */
  readonly now: Date
}

/**
 * Tra cứu bằng mã và bốn số cuối: one statement, and null for a code that is none; `matches` is false for digits that are not the applicant's, and for an applicant
 * without a number of at least four digits. The digits of a passport or tax number are those in it, whatever stands between them.
 */
export const findLookedUp = async (sql: Sql, code: string, lastDigits: string): Promise<LookedUpDossier | null> => {
  const [found] = await sql.query<LookedUpDossier>(
    `SELECT d.id::text, d.code, d.status, d.status_at AS "statusAt", d.received_at AS "receivedAt", d.due_at AS "dueAt", p.name AS "procedureName",
       u.name AS "receivingUnitName", EXISTS (SELECT 1 FROM tax_notice n WHERE n.dossier_id = d.id) AS "taxNoticeKnown", app_now() AS now,
       coalesce(right(regexp_replace(a.id_number, '[^0-9]', '', 'g'), 4) = $2::text, false) AS matches
     FROM dossier d JOIN party a ON a.id = d.applicant_id JOIN procedure p ON p.code = d.procedure_code
       JOIN administrative_unit u ON u.id = d.receiving_unit_id
     WHERE d.id IN ${dossierIdsOfCode('$1')}
     ORDER BY matches DESC, (d.code = $1::text) DESC LIMIT 1`,
    [code, lastDigits],
  )
  return found ?? null
}

/** What waits longer than this to be sent is late, though nothing has failed: its system may be paused. */
const LATE_AFTER = `interval '15 minutes'`

/** Of each system the oldest transfer that does not get through, most troublesome system first. */
export const readStuck = (sql: Sql, dossierId: string): Promise<Stuck[]> =>
  sql.query<Stuck>(
    `SELECT * FROM (
       SELECT DISTINCT ON (t.system_id) t.system_id AS "systemId", t.state = ANY($2::text[]) AS "needsPerson",
         CASE WHEN t.state = ANY($2::text[]) THEN t.updated_at ELSE t.created_at END AS since, (
           SELECT w.ends_at FROM maintenance_window w WHERE w.system_id = t.system_id AND ${isRunning('w')}) AS "maintenanceUntil"
       FROM transfer t WHERE t.dossier_id = $1::uuid AND t.state <> ALL($4::text[])
         AND (t.state = ANY($2::text[]) OR t.state = ANY($3::text[]) OR t.created_at < app_now() - ${LATE_AFTER} OR ${inMaintenance('t.system_id')})
       ORDER BY t.system_id, t.state = ANY($2::text[]) DESC, t.created_at) AS stuck
     ORDER BY "needsPerson" DESC, since`,
    [dossierId, [...ATTENTION_STATES], [...DELAYED_STATES], [...PASSABLE_STATES]],
  )
