import { type LedgerAccount, reportedDeskMs } from '../model/ledger-account.js'
import { isBeyondReach } from '../outbox/outbox-repository.js'
import type { Sql, Tx } from '../platform/database.js'
import type { DossierFacts } from './ledger-facts-repository.js'

/** Sổ thời gian in its tables: the rows of dossiers, and the mark up to which they are kept. */
export interface LedgerMark {
  readonly rules: string
  readonly txid: string
  readonly eventId: string
  readonly walkedTo: string | null
  readonly walkedAt: Date | null
  readonly lookedAt: Date
}

const BEFORE_ALL = '-9223372036854775807'
/** Behind every event of what is finished, and before every event of what goes on. */
const LATEST = `pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1`

/**
 * The mark, locked to the end of the transaction: one worker at a time keeps the ledger. Null: another one does. When the rules are others, or the log has been pruned
 * behind the mark, it begins anew.
 */
export const lockMark = async (tx: Tx, rules: string): Promise<LedgerMark | null> => {
  await tx.query(
    `INSERT INTO ledger_mark (id, rules, txid, event_id, looked_at) VALUES (1, $1, ${LATEST}, ${BEFORE_ALL}, app_now()) ON CONFLICT DO NOTHING RETURNING 1 AS made`,
    [rules],
  )
  const [mark] = await tx.query<LedgerMark>(
    `SELECT rules, txid::text, event_id::text AS "eventId", walked_to::text AS "walkedTo", walked_at AS "walkedAt", looked_at AS "lookedAt"
     FROM ledger_mark WHERE id = 1 FOR UPDATE SKIP LOCKED`,
  )
  if (!mark) return null
  if (mark.rules === rules && !(await isBeyondReach(tx, mark.txid, mark.eventId))) return mark
  const [anew] = await tx.query<LedgerMark>(
    `UPDATE ledger_mark SET rules = $1, txid = ${LATEST}, event_id = ${BEFORE_ALL}, walked_to = NULL, walked_at = NULL WHERE id = 1
     RETURNING rules, txid::text, event_id::text AS "eventId", walked_to::text AS "walkedTo", walked_at AS "walkedAt", looked_at AS "lookedAt"`,
    [rules],
  )
  return anew ?? null
}

export const moveMark = async (tx: Tx, { txid, eventId, walkedTo, walkedAt, lookedAt }: Omit<LedgerMark, 'rules'>): Promise<void> => {
  await tx.query(
    `UPDATE ledger_mark SET txid = $1::bigint, event_id = $2::bigint, walked_to = $3::uuid, walked_at = $4::timestamptz, looked_at = $5::timestamptz
     WHERE id = 1 RETURNING 1 AS done`,
    [txid, eventId, walkedTo, walkedAt, lookedAt],
  )
}

export interface ChangedDossiers {
  readonly ids: readonly string[]
  readonly last: Pick<LedgerMark, 'txid' | 'eventId'> | null
  /** There may be more. */
  readonly full: boolean
}

/** Dossiers of which the log tells something after the mark. */
export const changedAfter = async (tx: Tx, { txid, eventId }: LedgerMark, limit: number): Promise<ChangedDossiers> => {
  const rows = await tx.query<{ dossierId: string; txid: string; eventId: string }>(
    `SELECT dossier_id::text AS "dossierId", txid::text, id::text AS "eventId" FROM outbox_event
     WHERE (txid, id) > ($1::bigint, $2::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY outbox_event.txid, outbox_event.id LIMIT $3::int`,
    [txid, eventId, limit],
  )
  return { ids: [...new Set(rows.map(({ dossierId }) => dossierId))], last: rows.at(-1) ?? null, full: rows.length === limit }
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id)

export const dueForRevisit = async (tx: Tx, limit: number): Promise<string[]> =>
  idsOf(
    await tx.query<{ id: string }>(
      `SELECT dossier_id::text AS id FROM dossier_ledger WHERE revisit_at <= (SELECT app_now()) ORDER BY revisit_at LIMIT $1::int`,
      [limit],
    ),
  )

export const nextOfWalk = async (tx: Tx, { walkedTo }: LedgerMark, limit: number): Promise<string[]> =>
  idsOf(
    await tx.query<{ id: string }>(
      `SELECT id::text FROM dossier WHERE $1::uuid IS NULL OR id > $1::uuid ORDER BY dossier.id LIMIT $2::int`,
      [walkedTo, limit],
    ),
  )

export interface KeptAccount {
  readonly facts: DossierFacts
  readonly account: LedgerAccount
  readonly revisitAt: Date | null
}

const rowOf = ({ facts, account, revisitAt }: KeptAccount) => ({
  dossier_id: facts.id,
  unit_id: facts.unitId,
  procedure_code: facts.procedureCode,
  due_at: facts.dueAt,
  closed_at: account.closedAt,
  outcome: account.outcome,
  late_ms: account.lateMs,
  desk_ms: reportedDeskMs(facts, account),
  registry_ms: account.parties.REGISTRY.workingMs,
  tax_ms: account.parties.TAX.workingMs,
  applicant_ms: account.parties.APPLICANT.workingMs,
  interlink_ms: account.parties.INTERLINK.workingMs,
  saved_ms: account.savedMs,
  revisit_at: revisitAt,
})

const systemRowsOf = ({ facts, account }: KeptAccount) =>
  account.systems
    .map(({ systemId, waited, beside }) => ({
      dossier_id: facts.id,
      system_id: systemId,
      waited_ms: waited.workingMs,
      beside_ms: beside.workingMs,
      saved_ms: account.saved.get(systemId) ?? 0,
    }))
    .filter(({ waited_ms, beside_ms, saved_ms }) => waited_ms + beside_ms + saved_ms > 0)

const COLUMNS = [
  ['dossier_id', 'uuid'],
  ['unit_id', 'int'],
  ['procedure_code', 'text'],
  ['due_at', 'timestamptz'],
  ['closed_at', 'timestamptz'],
  ['outcome', 'text'],
  ...['late_ms', 'desk_ms', 'registry_ms', 'tax_ms', 'applicant_ms', 'interlink_ms', 'saved_ms'].map((name) => [name, 'bigint'] as const),
  ['revisit_at', 'timestamptz'],
] as const
const NAMES = COLUMNS.map(([name]) => name).join(', ')
const SYSTEM_COLUMNS = 'dossier_id uuid, system_id text, waited_ms bigint, beside_ms bigint, saved_ms bigint'

/** A row a dossier; of its systems those that have something to tell. */
const KEEP = `WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')})
  ), kept AS (
    INSERT INTO dossier_ledger AS l (${NAMES}, computed_at) SELECT ${NAMES}, (SELECT app_now()) FROM given
    ON CONFLICT (dossier_id) DO UPDATE SET ${COLUMNS.slice(1)
      .map(([name]) => `${name} = excluded.${name}`)
      .join(', ')}, computed_at = excluded.computed_at
  ), parts AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS p (${SYSTEM_COLUMNS})
  ), gone AS (
    DELETE FROM dossier_ledger_system s USING given g WHERE s.dossier_id = g.dossier_id
      AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.dossier_id = s.dossier_id AND p.system_id = s.system_id)
  ), put AS (
    INSERT INTO dossier_ledger_system (dossier_id, system_id, waited_ms, beside_ms, saved_ms) SELECT * FROM parts
    ON CONFLICT (dossier_id, system_id) DO UPDATE SET
      waited_ms = excluded.waited_ms, beside_ms = excluded.beside_ms, saved_ms = excluded.saved_ms
  ) SELECT count(*)::int AS kept FROM given`

export const keepAccounts = async (tx: Tx, accounts: readonly KeptAccount[]): Promise<void> => {
  if (accounts.length === 0) return
  await tx.query(KEEP, [JSON.stringify(accounts.map(rowOf)), JSON.stringify(accounts.flatMap(systemRowsOf))])
}

export interface LedgerStanding {
  /** Up to when changes are in it. */
  readonly asOf: Date | null
  /** All dossiers have been gone through. */
  readonly isWhole: boolean
}

export const readLedgerStanding = async (sql: Sql): Promise<LedgerStanding> => {
  const [row] = await sql.query<{ asOf: Date; isWhole: boolean }>(
    `SELECT looked_at AS "asOf", walked_at IS NOT NULL AS "isWhole" FROM ledger_mark WHERE id = 1`,
  )
  return row ?? { asOf: null, isWhole: false }
}
