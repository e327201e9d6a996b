import type { SystemId } from '../../../src/model/system.js'
import type { LedgerFile } from './ledger-file.js'

/**
 * What the judge looks at: our tables, read by plain SQL, and the twins' ledgers, read from their files. Nothing of the product is
 * asked, but for names of states, which the judge has its own list of.
 */
export interface TransferFact {
  readonly id: string
  readonly code: string
  readonly systemId: SystemId
  readonly operation: string
  readonly sequence: number
  readonly key: string
  readonly state: string
  readonly heldReason: string | null
  /** Lần bổ sung, of a supplement. */
  readonly supplementNo: number | null
  /** That it carries. */
  readonly files: number
}

export interface AttemptFact {
  readonly transferId: string
  readonly number: number
  readonly kind: 'SEND' | 'INQUIRE'
  readonly startedMs: number
  /** When the transaction that began it was about to commit; null: begun before anybody observed. */
  readonly committedMs: number | null
  readonly endedMs: number | null
  readonly outcome: string | null
  readonly detail: string | null
  readonly late: boolean
}

export interface MoveFact {
  readonly transferId: string
  readonly from: string
  readonly to: string
  readonly audited: boolean
  /** Of the attempt that was closed in the same commit, though its right to send was no longer this one. A claim is no such move. */
  readonly staleAttempt: number | null
}

export interface AuditFact {
  readonly transferId: string
  readonly act: string
  readonly atMs: number
}

/** Between a backup and its restore: what our tables said of it is lost, what the ledgers say is not. */
export interface LostTime {
  readonly fromMs: number
  readonly toMs: number
}

/** What people were told is taken, or the desk was handed, by dossier: none of it may be lost. */
export interface Taken {
  readonly accepted: readonly string[]
  readonly withdrawn: readonly string[]
  /** By front ends alone: of what the desk does its own ledger tells. */
  readonly supplemented: readonly string[]
  readonly returned: readonly string[]
}

/** On a dossier's timeline, applied, so often. */
export interface EventCount {
  readonly code: string
  readonly kind: string
  readonly count: number
}

export interface Facts extends Taken {
  readonly dossiers: ReadonlySet<string>
  /** Dossiers whose withdrawal stands on their timeline: applied, or kept there with the reason why not. */
  readonly withdrawals: ReadonlyMap<string, 'APPLIED' | 'KEPT'>
  readonly transfers: readonly TransferFact[]
  readonly attempts: ReadonlyMap<string, readonly AttemptFact[]>
  readonly moves: readonly MoveFact[]
  readonly audits: ReadonlyMap<string, readonly AuditFact[]>
  readonly ledgers: Readonly<Record<SystemId, LedgerFile>>
  /** The state of all that is in the inbox, by `source identity`. */
  readonly inbox: ReadonlyMap<string, string>
  /** Of what happens once, or once under its number. */
  readonly events: readonly EventCount[]
  /** In order. */
  readonly lostTimes: readonly LostTime[]
}

type Sql = <Row>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>

/**
 * Every change of state, written by the database itself at the moment of the change: what a row says at the end does not tell how it
 * came there. When an attempt was committed, by a trigger that waits for the commit: its own `started_at` is the beginning of its statement. And every job
 * that came into the queue, which forgets it once it is done. Observation alone: nothing in the product reads it.
 */
export const installObserver = async (sql: Sql): Promise<void> => {
  for (const statement of [
    'CREATE SCHEMA IF NOT EXISTS drill',
    `CREATE TABLE IF NOT EXISTS drill.move (
       transfer_id uuid NOT NULL, from_state text NOT NULL, to_state text NOT NULL, lease_token bigint NOT NULL,
       txid xid8 NOT NULL DEFAULT pg_current_xact_id())`,
    `CREATE TABLE IF NOT EXISTS drill.closed (
       transfer_id uuid NOT NULL, number int NOT NULL, lease_token bigint NOT NULL, txid xid8 NOT NULL DEFAULT pg_current_xact_id())`,
    `CREATE TABLE IF NOT EXISTS drill.opened (
       transfer_id uuid NOT NULL, number int NOT NULL, committed_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (transfer_id, number))`,
    'CREATE TABLE IF NOT EXISTS drill.job (id bigserial PRIMARY KEY, text text NOT NULL)',
    'CREATE TABLE IF NOT EXISTS drill.audit (transfer_id uuid NOT NULL, txid xid8 NOT NULL DEFAULT pg_current_xact_id())',
    `CREATE OR REPLACE FUNCTION drill.note_move() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO drill.move (transfer_id, from_state, to_state, lease_token) VALUES (NEW.id, OLD.state, NEW.state, NEW.lease_token);
       RETURN NULL;
     END $$`,
    `CREATE OR REPLACE FUNCTION drill.note_closed() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO drill.closed (transfer_id, number, lease_token) VALUES (NEW.transfer_id, NEW.number, NEW.lease_token);
       RETURN NULL;
     END $$`,
    `CREATE OR REPLACE FUNCTION drill.note_audit() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.transfer_id IS NOT NULL THEN INSERT INTO drill.audit (transfer_id) VALUES (NEW.transfer_id); END IF;
       RETURN NULL;
     END $$`,
    `CREATE OR REPLACE FUNCTION drill.note_opened() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO drill.opened (transfer_id, number) VALUES (NEW.transfer_id, NEW.number) ON CONFLICT DO NOTHING;
       RETURN NULL;
     END $$`,
    `CREATE OR REPLACE FUNCTION drill.note_job() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO drill.job (text) VALUES (NEW::text);
       RETURN NULL;
     END $$`,
    'DROP TRIGGER IF EXISTS drill_opened ON attempt',
    `CREATE CONSTRAINT TRIGGER drill_opened AFTER INSERT ON attempt
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION drill.note_opened()`,
    'CREATE OR REPLACE TRIGGER drill_job AFTER INSERT OR UPDATE OF data ON bullmq.job FOR EACH ROW EXECUTE FUNCTION drill.note_job()',
    `CREATE OR REPLACE TRIGGER drill_move AFTER UPDATE ON transfer
       FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.dispatch_no <> NEW.dispatch_no) EXECUTE FUNCTION drill.note_move()`,
    `CREATE OR REPLACE TRIGGER drill_closed AFTER UPDATE ON attempt
       FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION drill.note_closed()`,
    'CREATE OR REPLACE TRIGGER drill_audit AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION drill.note_audit()',
  ])
    await sql(statement)
}

const groupBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** `pattern`: of dossier codes, as LIKE has them. */
export const gatherFacts = async (
  sql: Sql,
  ledgers: Readonly<Record<SystemId, LedgerFile>>,
  taken: Taken,
  pattern: string,
  lostTimes: readonly LostTime[],
): Promise<Facts> => {
  await Promise.all(Object.values(ledgers).map((ledger) => ledger.read()))
  const ofThese = 'JOIN transfer t ON t.id = x.transfer_id JOIN dossier d ON d.id = t.dossier_id WHERE d.code LIKE $1'
  const dossiers = await sql<{ code: string }>('SELECT code FROM dossier WHERE code LIKE $1', [pattern])
  const withdrawals = await sql<{ code: string; applied: boolean }>(
    `SELECT d.code, bool_or(d.status = 'WITHDRAWN_BY_APPLICANT' OR e.applied) AS applied
     FROM dossier d LEFT JOIN dossier_event e ON e.dossier_id = d.id AND e.kind = 'WITHDRAWN'
     WHERE d.code LIKE $1 AND (e.id IS NOT NULL OR d.status = 'WITHDRAWN_BY_APPLICANT') GROUP BY d.code`,
    [pattern],
  )
  const transfers = await sql<TransferFact>(
    `SELECT t.id::text, d.code, t.system_id AS "systemId", t.operation, t.sequence, t.idempotency_key AS key, t.state,
       t.held_reason AS "heldReason", (t.body->>'supplementNo')::int AS "supplementNo",
       jsonb_array_length(coalesce(t.body->'dossier'->'documents', t.body->'documents', '[]')) AS files
     FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code LIKE $1 ORDER BY t.sequence`,
    [pattern],
  )
  const attempts = await sql<AttemptFact>(
    `SELECT x.transfer_id::text AS "transferId", x.number, x.kind, (extract(epoch FROM x.started_at) * 1000)::float8 AS "startedMs",
       (extract(epoch FROM x.ended_at) * 1000)::float8 AS "endedMs", x.outcome, x.detail, x.late,
       (SELECT (extract(epoch FROM o.committed_at) * 1000)::float8 FROM drill.opened o
        WHERE o.transfer_id = x.transfer_id AND o.number = x.number) AS "committedMs"
     FROM attempt x ${ofThese} ORDER BY x.number`,
    [pattern],
  )
  const moves = await sql<MoveFact>(
    `SELECT x.transfer_id::text AS "transferId", x.from_state AS "from", x.to_state AS "to",
       EXISTS (SELECT 1 FROM drill.audit a WHERE a.transfer_id = x.transfer_id AND a.txid = x.txid) AS audited,
       (SELECT max(c.number) FROM drill.closed c
        WHERE c.transfer_id = x.transfer_id AND c.txid = x.txid AND c.lease_token <> x.lease_token AND x.to_state <> 'SENDING') AS "staleAttempt"
     FROM drill.move x ${ofThese}`,
    [pattern],
  )
  const audits = await sql<AuditFact>(
    `SELECT x.transfer_id::text AS "transferId", x.act, (extract(epoch FROM x.at) * 1000)::float8 AS "atMs" FROM audit_entry x ${ofThese}`,
    [pattern],
  )
  const inbox = await sql<{ identity: string; state: string }>(
    `SELECT source || ' ' || identity AS identity, state FROM inbox_message WHERE dossier_code LIKE $1`,
    [pattern],
  )
  const events = await sql<EventCount>(
    `SELECT d.code, e.kind, count(*)::int AS count FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id
     WHERE d.code LIKE $1 AND e.applied AND e.kind IN ('SUPPLEMENT_HANDED_IN', 'WITHDRAWN', 'RESULT_RETURNED')
     GROUP BY d.code, e.kind, e.supplement_no`,
    [pattern],
  )
  return {
    ...taken,
    dossiers: new Set(dossiers.map(({ code }) => code)),
    withdrawals: new Map(withdrawals.map(({ code, applied }) => [code, applied ? 'APPLIED' : 'KEPT'])),
    transfers,
    attempts: groupBy(attempts, ({ transferId }) => transferId),
    moves,
    audits: groupBy(audits, ({ transferId }) => transferId),
    ledgers,
    inbox: new Map(inbox.map(({ identity, state }) => [identity, state])),
    events,
    lostTimes: [...lostTimes],
  }
}
