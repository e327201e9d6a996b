import type { TransferState } from '../model/transfer-state.js'
import { dossierIdsOfCode } from './dossier-of-code.js'
import { LOCAL_TODAY, type Parameters, type Scope, unitIdsInScope } from './scope.js'

/** What leads to few dossiers by an index, and in which communes: the same for lists of dossiers and lists of their transfers. */

/** A commune as a searcher means it: the last meaning of the code that has begun, with all that passed to it, or the meaning that it had on a day. */
export interface CommuneFilter {
  readonly code: string
  /** Local date `yyyy-MM-dd`. */
  readonly on?: string
  /** With all that had passed to it, also when a day is named. */
  readonly withPredecessors?: boolean
}

export interface ParcelFilter {
  readonly commune?: CommuneFilter
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

export interface DossierKeys {
  /** A dossier's own code, or one under which another system knows it. */
  readonly code?: string
  readonly parcel?: ParcelFilter
  /** Canonical: without spaces. */
  readonly certificateSerial?: string
  /** Exact identity number of the applicant. */
  readonly applicantIdNumber?: string
}

/** SQL: the unit that is meant. An old code that nobody bears any more is found by its last meaning. */
const unitOf = ({ code, on }: CommuneFilter, parameters: Parameters): string => {
  const bearers = `SELECT u.id, u.code, u.valid_from, u.valid_to, u.successor_code FROM administrative_unit u WHERE u.code = ${parameters.add(code)}::text`
  if (on === undefined) return `(${bearers} AND u.valid_from <= ${LOCAL_TODAY} ORDER BY u.valid_from DESC LIMIT 1)`
  const day = `${parameters.add(on)}::date`
  return `${bearers} AND u.valid_from <= ${day} AND (u.valid_to IS NULL OR u.valid_to >= ${day})`
}

const unitIdsOf = (commune: CommuneFilter, parameters: Parameters): string => {
  const unit = unitOf(commune, parameters)
  if (commune.on !== undefined && !commune.withPredecessors) return `SELECT id FROM (${unit}) meant`
  return `SELECT id FROM (WITH RECURSIVE ground AS (
      ${unit} UNION SELECT p.id, p.code, p.valid_from, p.valid_to, p.successor_code FROM administrative_unit p JOIN ground g
        ON p.successor_code = g.code AND p.valid_to + 1 >= g.valid_from AND (g.valid_to IS NULL OR g.valid_to >= p.valid_to + 1)
    ) SELECT id FROM ground) meant`
}

/**
 * SQL: the ids of units under which land of this commune may be kept: also of those that it has passed to since, for what was handed in under the new code may lie
 * in the old commune. The numbers of sheet and parcel say which.
 */
const unitIdsOfLand = (commune: CommuneFilter, parameters: Parameters): string =>
  `${unitIdsOf(commune, parameters)} UNION SELECT id FROM (WITH RECURSIVE heir AS (
      ${unitOf(commune, parameters)} UNION SELECT s.id, s.code, s.valid_from, s.valid_to, s.successor_code FROM administrative_unit s JOIN heir h
        ON s.code = h.successor_code AND s.valid_from <= h.valid_to + 1 AND (s.valid_to IS NULL OR s.valid_to > h.valid_to)
    ) SELECT id FROM heir) heirs`

/** SQL: the ids of the units that scope and filter leave. Null: all of them. */
export const unitIdsWithin = (scope: Scope, commune: CommuneFilter | undefined, parameters: Parameters): string | null => {
  const parts = [unitIdsInScope(scope, parameters), commune ? unitIdsOf(commune, parameters) : null].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.map((part) => `(${part})`).join(' INTERSECT ')
}

/** Transfers that lead to what is sought sooner than a walk through the newest of a list does. */
const FEW = 10_000

/**
 * SQL: `few`, whether few transfers are in these states, none of which is DELIVERED. They are counted state by state in the order of the index, which leaves
 * the planner no reason to read the table.
 */
export const fewUndelivered = (states: readonly TransferState[], atMost = FEW): string => `SELECT count(*) <= ${atMost} AS few FROM (
    SELECT part.* FROM unnest('{${states.join(',')}}'::text[]) AS st(state) CROSS JOIN LATERAL (
      SELECT 1 AS one FROM transfer t WHERE t.state = st.state AND t.state <> 'DELIVERED' ORDER BY t.created_at DESC, t.id LIMIT ${atMost + 1}
    ) part LIMIT ${atMost + 1}) counted`

/** SQL: for each key that is given, the ids of the dossiers that it leads to. */
export const dossierIdsOfKeys = (keys: DossierKeys, parameters: Parameters): string[] => {
  const found: string[] = []
  if (keys.code !== undefined) found.push(dossierIdsOfCode(parameters.add(keys.code)))
  if (keys.parcel) {
    const { commune, mapSheetNumber, parcelNumber } = keys.parcel
    const unit = commune ? `r.unit_id = ANY(ARRAY(${unitIdsOfLand(commune, parameters)}))` : 'TRUE'
    found.push(`(SELECT r.dossier_id FROM parcel_reference r WHERE r.map_sheet_number = ${parameters.add(mapSheetNumber)}::text
      AND r.parcel_number = ${parameters.add(parcelNumber)}::text AND ${unit})`)
  }
  if (keys.certificateSerial !== undefined)
    found.push(`(SELECT c.dossier_id FROM certificate_reference c WHERE c.serial_number = ${parameters.add(keys.certificateSerial)}::text)`)
  if (keys.applicantIdNumber !== undefined)
    found.push(`(SELECT o.id FROM dossier o WHERE o.applicant_id = ANY(ARRAY(
      SELECT p.id FROM party p WHERE p.id_number = ${parameters.add(keys.applicantIdNumber)}::text)))`)
  return found
}
