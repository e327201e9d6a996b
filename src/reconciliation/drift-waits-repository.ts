import type { DiscrepancyClass } from '../model/discrepancy.js'
import type { InterlinkWait } from '../model/interlink-wait.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { MACHINE } from './run-repository.js'

/**
 * Khoảng chờ vì sai lệch, for the time ledger: from when a look has confirmed that a system holds something else than we do, to when it was repaired (as a later look has
 * verified), went by itself, or a person said that it is none. What was merely suspected, and a dossier that stands still on both sides alike, is no wait
 * for the interlink.
 */
const COUNTED = `found_at IS NOT NULL AND class <> 'STALE'`

/** A person has said that it is none, and has not thought otherwise since: that it went away at last is no news. */
const LET_STAND = `(state = 'IGNORED' OR state = 'GONE' AND last_act = 'IGNORE' AND ignored_at >= found_at)`

/** Without these the next party cannot go on: the dossier, its end, or what has changed it. The portal holds nobody up. */
const HOLDING: readonly DiscrepancyClass[] = ['MISSING_THERE', 'RESULT_NOT_RETURNED', 'LATE_APPLIED']

interface DriftRow {
  readonly dossierId: string
  readonly systemId: SystemId
  readonly class: DiscrepancyClass
  readonly from: Date
  readonly to: Date | null
  readonly endedBy: 'MACHINE' | 'PERSON' | null
}

/** In the order in which they began. */
export const readDriftWaits = async (sql: Sql, dossierIds: readonly string[]): Promise<ReadonlyMap<string, readonly InterlinkWait[]>> => {
  const rows = await sql.query<DriftRow>(
    `SELECT dossier_id::text AS "dossierId", system_id AS "systemId", class, found_at AS "from",
       CASE WHEN ${LET_STAND} THEN ignored_at WHEN state = 'VERIFIED' THEN coalesce(repaired_at, closed_at) WHEN state = 'GONE' THEN closed_at END AS "to",
       CASE WHEN ${LET_STAND} THEN 'PERSON' WHEN state = 'VERIFIED' THEN CASE WHEN repaired_by = $2::text THEN 'MACHINE' ELSE 'PERSON' END
         WHEN state = 'GONE' THEN 'MACHINE' END AS "endedBy"
     FROM discrepancy WHERE dossier_id = ANY($1::uuid[]) AND ${COUNTED} ORDER BY found_at, id`,
    [[...dossierIds], MACHINE],
  )
  const waits = new Map<string, InterlinkWait[]>()
  for (const { dossierId, systemId, class: of, from, to, endedBy } of rows) {
    const holds = systemId !== 'PORTAL' && HOLDING.includes(of)
    const told = { kind: 'DRIFT', systemId, found: of, operation: null, transferId: null } as const
    const wait: InterlinkWait = { ...told, from, to, holds, side: 'UNKNOWN', endedBy }
    waits.set(dossierId, [...(waits.get(dossierId) ?? []), wait])
  }
  return waits
}

export const readDriftedSince = async (sql: Sql, at: Date): Promise<string[]> => {
  const rows = await sql.query<{ id: string }>(
    `SELECT DISTINCT dossier_id::text AS id FROM discrepancy WHERE greatest(found_at, closed_at, last_act_at) >= $1::timestamptz AND dossier_id IS NOT NULL AND ${COUNTED}`,
    [at.toISOString()],
  )
  return rows.map(({ id }) => id)
}
