import type { CauseKey, Failure } from '../model/failure-cause.js'
import { systemOf } from '../model/system.js'
import type { Tx } from '../platform/database.js'

/**
 * Nguyên nhân lỗi in the tables, as failures write them. The id is a hash of the fingerprint, so whoever fails knows the id of its cause without asking,
 * and the row is inserted by the first failure alone: later ones find it and write nothing, so that an outage has no hot row. Arguments are SQL
 * expressions.
 */
type CauseColumns = Readonly<Record<'operation' | 'kind' | 'code' | 'field', string>>

/** A UUID of version 8: the first bits of SHA-256. */
export const causeId = ({ operation, kind, code, field }: CauseColumns): string =>
  `overlay(overlay(left(encode(sha256(convert_to(concat_ws(E'\\n', ${operation}, ${kind}, ${code}, ${field}), 'UTF8')), 'hex'), 32)
    PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid`

/** Of a failure that is known beforehand, on the transfer `t`. */
export const causeIdOf = ({ kind, code }: Pick<Failure, 'kind' | 'code'>): string =>
  causeId({ operation: 't.operation', kind: `'${kind}'`, code: `'${code}'`, field: 'NULL' })

/** `rows`: SQL of `id, system_id, operation, kind, code, field, side`. In the order of their ids, so that of two who write some anew none waits for the other in turn. */
export const insertCauses = (rows: string): string =>
  `INSERT INTO failure_cause (id, system_id, operation, kind, code, field, side)
   SELECT DISTINCT id, system_id, operation, kind, code, field, side FROM (${rows}) AS c ORDER BY id ON CONFLICT (id) DO NOTHING`

/** Of transfers (SQL of `system_id, operation`) that all failed by one and the same. */
export const insertCausesOf = ({ kind, code }: Pick<Failure, 'kind' | 'code'>, transfers: string): string =>
  insertCauses(
    `SELECT ${causeIdOf({ kind, code })} AS id, t.system_id, t.operation, '${kind}' AS kind, '${code}' AS code, NULL AS field, NULL AS side FROM (${transfers}) AS t`,
  )

/** The lease ran out: whoever had it in hand died or stood still. */
export const LEASE_LOST = { kind: 'LOST', code: 'LEASE_LOST' } as const satisfies Failure
/** The database was restored from a backup. */
export const RESTORED = { kind: 'LOST', code: 'RESTORED' } as const satisfies Failure
export const PREDECESSOR_MISSING = { kind: 'HELD', code: 'PREDECESSOR_MISSING' } as const satisfies Failure

/** One that is planned into a hold. */
export const keepCause = async (tx: Tx, { operation, kind, code, field }: CauseKey): Promise<void> => {
  await tx.query(
    `${insertCauses(`SELECT ${causeId({ operation: '$2::text', kind: '$3::text', code: '$4::text', field: '$5::text' })} AS id,
       $1::text AS system_id, $2::text AS operation, $3::text AS kind, $4::text AS code, $5::text AS field, NULL AS side`)} RETURNING 1 AS done`,
    [systemOf(operation), operation, kind, code, field],
  )
}
