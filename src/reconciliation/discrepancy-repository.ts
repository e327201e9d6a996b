import type { DiscrepancyClass, DiscrepancyField, DiscrepancyState, ProbableCause, ProposedRepair } from '../model/discrepancy.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'
import type { ReceptionRange } from '../ports/comparison-source.js'

/** Sai lệch in the table `discrepancy`, as runs and acts write it. */
export interface DiscrepancyRow {
  readonly id: string
  readonly class: DiscrepancyClass
  readonly systemId: SystemId
  readonly dossierCode: string
  readonly dossierId: string | null
  readonly state: DiscrepancyState
  readonly version: number
  readonly fields: readonly DiscrepancyField[]
  readonly fingerprint: string
  readonly ourStatus: DossierStatus | null
  readonly theirStatus: DossierStatus | null
  readonly theirChangedAt: Date | null
  readonly probableCause: ProbableCause
  readonly proposedRepair: ProposedRepair
  readonly suspectedAt: Date
  /** The latest look at it began then. */
  readonly seenAt: Date
  readonly foundAt: Date | null
  readonly repair: ProposedRepair | null
  /** With these values their feed was read again from its start. */
  readonly rereadFingerprint: string | null
  readonly repairCount: number
  readonly repairedAt: Date | null
  readonly repairRunId: string | null
  readonly lastAct: string
  readonly lastActBy: string
  readonly lastActAt: Date
}

export const DISCREPANCY_COLUMNS = `id::text, class, system_id AS "systemId", dossier_code AS "dossierCode", dossier_id::text AS "dossierId", state, version, fields,
  fingerprint, our_status AS "ourStatus", their_status AS "theirStatus", their_changed_at AS "theirChangedAt", probable_cause AS "probableCause",
  proposed_repair AS "proposedRepair", suspected_at AS "suspectedAt", seen_at AS "seenAt", found_at AS "foundAt", repair,
  reread_fingerprint AS "rereadFingerprint", repair_count AS "repairCount",
  repaired_at AS "repairedAt", repair_run_id::text AS "repairRunId", last_act AS "lastAct", last_act_by AS "lastActBy", last_act_at AS "lastActAt"`

const LIVE = `live_key IS NOT NULL`

/** Confirmed once, with other values than it has now. */
const CHANGED_SINCE = `state = 'OPEN' AND found_at < suspected_at`

/** The live ones of some dossiers at a system, under their row locks, in the order in which everybody locks them. */
export const lockLiveOf = (tx: Tx, systemId: SystemId, codes: readonly string[]): Promise<DiscrepancyRow[]> =>
  tx.query<DiscrepancyRow>(
    `SELECT ${DISCREPANCY_COLUMNS} FROM discrepancy WHERE system_id = $1 AND dossier_code = ANY($2::text[]) AND ${LIVE} ORDER BY id FOR UPDATE`,
    [systemId, [...codes]],
  )

export const lockDiscrepancy = async (tx: Tx, id: string): Promise<DiscrepancyRow | undefined> =>
  (await tx.query<DiscrepancyRow>(`SELECT ${DISCREPANCY_COLUMNS} FROM discrepancy WHERE id = $1::uuid FOR UPDATE`, [id]))[0]

export const findDiscrepancy = async (sql: Sql, id: string): Promise<DiscrepancyRow | undefined> =>
  (await sql.query<DiscrepancyRow>(`SELECT ${DISCREPANCY_COLUMNS} FROM discrepancy WHERE id = $1::uuid`, [id]))[0]

/** What a look has seen. */
export interface Seen {
  readonly class: DiscrepancyClass
  readonly systemId: SystemId
  readonly dossierCode: string
  readonly dossierId?: string
  readonly communeCode: string
  readonly receivedOn: string
  readonly receivingUnitId?: number
  readonly fields: readonly DiscrepancyField[]
  readonly fingerprint: string
  readonly ourStatus?: DossierStatus
  readonly theirStatus?: DossierStatus
  readonly ourChangedAt?: Date
  readonly theirChangedAt?: string
  readonly cause: ProbableCause
  readonly repair: ProposedRepair
  readonly transferId?: string
  readonly messageId?: string
  /** Of what they have told of this dossier and we have not applied. */
  readonly unappliedMessageId?: string
}

const liveKeyOf = ({ systemId, dossierCode, class: of }: Pick<Seen, 'systemId' | 'dossierCode' | 'class'>): string =>
  `${systemId}|${dossierCode}|${of}`

/** `$1`… of what was seen, in the order of `seenValues`. */
const seenValues = (seen: Seen, runId: string | null, at: Date): unknown[] => [
  JSON.stringify(seen.fields),
  seen.fingerprint,
  seen.ourStatus ?? null,
  seen.theirStatus ?? null,
  seen.ourChangedAt ?? null,
  seen.theirChangedAt ?? null,
  seen.cause,
  seen.repair,
  seen.transferId ?? null,
  seen.messageId ?? null,
  runId,
  at,
]

/** The commune of a code on a day. */
const UNIT_OF = (code: string, onDate: string): string => `(SELECT u.id FROM administrative_unit u
  WHERE u.code = ${code} AND u.valid_from <= ${onDate}::date AND (u.valid_to IS NULL OR u.valid_to >= ${onDate}::date) LIMIT 1)`

/** SUSPECTED, or OPEN at once when nothing could lift the suspicion any more. Two runs that see it at the same time see one. */
export const insertSeen = async (tx: Tx, seen: Seen, state: 'SUSPECTED' | 'OPEN', runId: string, at: Date): Promise<void> => {
  await tx.query(
    `INSERT INTO discrepancy (id, class, system_id, dossier_code, dossier_id, receiving_unit_id, commune_code, received_on, state, live_key, fields,
       fingerprint, our_status, their_status, our_changed_at, their_changed_at, probable_cause, proposed_repair, transfer_id, message_id,
       suspected_at, suspected_run_id, seen_at, seen_run_id, checked_run_id, found_at, found_run_id, repair_transfer_ids)
     VALUES ($13::uuid, $14, $15, $16, $17::uuid, coalesce($18::int, ${UNIT_OF('$19', '$20')}),
       $19, $20::date, $21, $22, $1::jsonb, $2, $3, $4, $5::timestamptz, $6::timestamptz, $7, $8, $9::uuid, $10::uuid,
       $12::timestamptz, $11::uuid, $12::timestamptz, $11::uuid, $11::uuid, CASE WHEN $21 = 'OPEN' THEN $12::timestamptz END,
       CASE WHEN $21 = 'OPEN' THEN $11::uuid END, '{}')
     ON CONFLICT (live_key) DO NOTHING RETURNING 1 AS done`,
    [
      ...seenValues(seen, runId, at),
      orderedId(),
      seen.class,
      seen.systemId,
      seen.dossierCode,
      seen.dossierId ?? null,
      seen.receivingUnitId ?? null,
      seen.communeCode,
      seen.receivedOn,
      state,
      liveKeyOf(seen),
    ],
  )
}

/**
 * A feed that was read again from its start to its end, and has changed nothing about these values, changes nothing the next time either: what it tells is not applied, or it does not
 * tell of them, and a person asks the other side, or lets them be.
 */
const judgedAnew = ({ rereadFingerprint }: DiscrepancyRow, seen: Seen, to: DiscrepancyState): Seen => {
  if (seen.repair !== 'REREAD' || seen.fingerprint !== rereadFingerprint || to === 'REPAIRING') return seen
  const { unappliedMessageId: messageId } = seen
  return messageId === undefined
    ? { ...seen, cause: 'FEED_DOES_NOT_TELL', repair: 'PERSON' }
    : { ...seen, cause: 'TOLD_NOT_APPLIED', repair: 'PERSON', messageId }
}

/** REPAIR_HERE of it has their feed read again from its start; also where that has not helped yet, should a person want it once more. */
export const isReread = ({ proposedRepair, probableCause }: DiscrepancyRow): boolean =>
  proposedRepair === 'REREAD' || probableCause === 'FEED_DOES_NOT_TELL'

/**
 * Seen again; `to`: the state that it has then. Another state, other values, or another proposal make another version. What is but suspected, be it anew, has not been found yet. A commune that
 * nobody could tell is told once somebody can.
 */
export const updateSeen = async (
  tx: Tx,
  row: DiscrepancyRow,
  look: Seen,
  to: 'SUSPECTED' | 'OPEN' | 'REPAIRING' | 'IGNORED',
  /** `runId` null: a person's click has looked. */
  { runId, at, repairError }: { readonly runId: string | null; readonly at: Date; readonly repairError?: string },
): Promise<void> => {
  const seen = judgedAnew(row, look, to)
  const changed = row.fingerprint !== seen.fingerprint
  await tx.query(
    `UPDATE discrepancy SET fields = $1::jsonb, fingerprint = $2, our_status = $3, their_status = $4, our_changed_at = $5::timestamptz,
       their_changed_at = $6::timestamptz, probable_cause = $7, proposed_repair = $8, transfer_id = $9::uuid, message_id = coalesce($10::uuid, message_id),
       seen_run_id = coalesce($11::uuid, seen_run_id), checked_run_id = coalesce($11::uuid, checked_run_id), seen_at = $12::timestamptz, seen_count = seen_count + 1, state = $14,
       version = version + CASE WHEN $15::boolean THEN 1 ELSE 0 END,
       suspected_at = CASE WHEN $16::boolean THEN $12::timestamptz ELSE suspected_at END,
       found_at = CASE $14 WHEN 'OPEN' THEN coalesce(found_at, $12::timestamptz) WHEN 'SUSPECTED' THEN NULL ELSE found_at END,
       found_run_id = CASE $14 WHEN 'OPEN' THEN coalesce(found_run_id, $11::uuid) WHEN 'SUSPECTED' THEN NULL ELSE found_run_id END,
       repair_error = coalesce($17, repair_error),
       commune_code = CASE commune_code WHEN '' THEN $18::text ELSE commune_code END,
       receiving_unit_id = coalesce(receiving_unit_id, $19::int, ${UNIT_OF('$18', '$20')})
     WHERE id = $13::uuid RETURNING 1 AS done`,
    [
      ...seenValues(seen, runId, at),
      row.id,
      to,
      to !== row.state || changed || row.proposedRepair !== seen.repair,
      changed,
      repairError ?? null,
      seen.communeCode,
      seen.receivingUnitId ?? null,
      seen.receivedOn,
    ],
  )
}

/**
 * No longer seen: one that was never confirmed leaves no trace, what was repaired is VERIFIED, the rest went by itself; so did what differs still, under another class, and what a
 * repair had not mended when it was looked at.
 */
export const closeUnseen = async (
  tx: Tx,
  row: DiscrepancyRow,
  { runId, at, isMended }: { readonly runId: string; readonly at: Date; readonly isMended: boolean },
): Promise<'DROPPED' | 'VERIFIED' | 'GONE'> => {
  if (row.state === 'SUSPECTED' && row.foundAt === null && row.lastAct === 'SUSPECT') {
    await tx.query(`DELETE FROM discrepancy WHERE id = $1::uuid RETURNING 1 AS done`, [row.id])
    return 'DROPPED'
  }
  const to = row.state === 'REPAIRING' && isMended ? 'VERIFIED' : 'GONE'
  await tx.query(
    `UPDATE discrepancy SET state = $2, version = version + 1, live_key = NULL, closed_at = $4::timestamptz, closed_run_id = $3::uuid,
       checked_run_id = $3::uuid WHERE id = $1::uuid RETURNING 1 AS done`,
    [row.id, to, runId, at],
  )
  return to
}

/** A click has found it otherwise than it was confirmed: whatever run comes next looks at it, also where its days are not that run's. */
export const lookAgainSoon = async (tx: Tx, id: string, at: Date): Promise<void> => {
  await tx.query(
    `UPDATE discrepancy SET suspected_at = $2::timestamptz, seen_at = $2::timestamptz, version = version + 1 WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, at],
  )
}

/** Looked at, and nothing could be said of it: it was in flight. */
export const markChecked = async (tx: Tx, ids: readonly string[], runId: string): Promise<void> => {
  await tx.query(`UPDATE discrepancy SET checked_run_id = $2::uuid WHERE id = ANY($1::uuid[]) RETURNING 1 AS done`, [[...ids], runId])
}

/**
 * The next live ones that a run is to look at again: those of its days, without days all; and, wherever they are, those that are suspected, under repair, or seen but once as they are
 * now; apart from those that its scan has looked at already and found as they were.
 */
export const nextToCheck = (
  sql: Sql,
  of: {
    readonly systemId: SystemId
    readonly runId: string
    readonly days?: ReceptionRange
    readonly afterId?: string
    readonly limit: number
  },
): Promise<{ id: string; dossierCode: string }[]> =>
  sql.query(
    `SELECT id::text, dossier_code AS "dossierCode" FROM discrepancy
     WHERE system_id = $1 AND ${LIVE} AND (state IN ('SUSPECTED', 'REPAIRING') OR ${CHANGED_SINCE} AND seen_at = suspected_at
         OR ($2::date IS NULL OR received_on BETWEEN $2::date AND $3::date) AND checked_run_id IS DISTINCT FROM $6::uuid)
       AND ($4::uuid IS NULL OR id > $4::uuid)
     ORDER BY id LIMIT $5::int`,
    [of.systemId, of.days?.from ?? null, of.days?.to ?? null, of.afterId ?? null, of.limit, of.runId],
  )

/** Whether this run, or one before it, has left any suspicion at a system, and since when the latest stands. */
export const latestSuspicion = async (sql: Sql, systemId: SystemId): Promise<Date | undefined> =>
  (
    await sql.query<{ at: Date | null }>(
      `SELECT max(suspected_at) AS at FROM discrepancy
       WHERE system_id = $1 AND (state = 'SUSPECTED' OR ${CHANGED_SINCE} AND seen_at = suspected_at)`,
      [systemId],
    )
  )[0]?.at ?? undefined
