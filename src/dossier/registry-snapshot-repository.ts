import { LOCAL_TODAY } from '../access/scope.js'
import type { Sql } from '../platform/database.js'

/** Bản ghi đọc gần nhất: what the land registry told last of each thing that was ever read, the same for all gateways. */
export type RegistryKind = 'PARCEL' | 'CERTIFICATE'

export interface SnapshotRow {
  readonly key: string
  /** Null: the registry said that there is no such thing. */
  readonly value: unknown
  readonly asOf: Date
}

export interface NewSnapshot extends SnapshotRow {
  readonly kind: RegistryKind
  /** How long ago it was read, ms: processes have different clocks, and the later reading stays. */
  readonly ageMs: number
}

/**
 * Those of the keys that were ever read, in no order. What was read before a reform of the communes came into force is not shown after it: a code may mean
 * another commune since. That there is no such thing is believed for so many hours: a value grows old, a "no" grows wrong, for any certificate and many
 * a parcel begins as one.
 */
export const readSnapshots = (db: Sql, kind: RegistryKind, keys: readonly string[], absentHours: number): Promise<SnapshotRow[]> =>
  db.query(
    `SELECT key, value, as_of AS "asOf" FROM registry_snapshot WHERE kind = $1::text AND key = ANY($2::text[])
       AND (value IS NOT NULL OR read_at >= app_now() - $3::int * interval '1 hour')
       AND read_at >= coalesce((SELECT max(valid_from) FROM administrative_unit WHERE valid_from <= ${LOCAL_TODAY}), '-infinity'::date)
         ::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'`,
    [kind, [...keys], absentHours],
  )

/** In one statement; in the order of the keys, so that gateways that write the same ones wait for each other and never cross. */
export const writeSnapshots = async (db: Sql, rows: readonly NewSnapshot[]): Promise<void> => {
  await db.query(
    `INSERT INTO registry_snapshot AS kept (kind, key, value, as_of, read_at)
     SELECT r.kind, r.key, r.value, r.as_of, app_now() - r.age_ms * interval '1 millisecond'
     FROM jsonb_to_recordset($1::jsonb) AS r(kind text, key text, value jsonb, as_of timestamptz, age_ms float8) ORDER BY r.kind, r.key
     ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, as_of = excluded.as_of, read_at = excluded.read_at
     WHERE kept.read_at <= excluded.read_at`,
    [JSON.stringify(rows.map(({ kind, key, value, asOf, ageMs }) => ({ kind, key, value, as_of: asOf.toISOString(), age_ms: ageMs })))],
  )
}

export interface SnapshotLifetimes {
  readonly days: number
  /** Of what the registry did not have. */
  readonly absentHours: number
}

/** Forgets what nobody has read for so long. */
export const pruneSnapshots = async (db: Sql, { days, absentHours }: SnapshotLifetimes): Promise<void> => {
  await db.query(
    `DELETE FROM registry_snapshot WHERE read_at < app_now() - $1::int * interval '1 day'
       OR value IS NULL AND read_at < app_now() - $2::int * interval '1 hour'`,
    [days, absentHours],
  )
}
