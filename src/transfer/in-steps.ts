import type { Tx } from '../platform/database.js'

/** So many transfers a statement: about a second. */
const STEP = 5_000
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

export interface ChangeInSteps {
  /** `UPDATE transfer t SET …`, to which the condition is added. */
  readonly update: string
  /** Condition on the columns of `transfer`. */
  readonly which: string
  /** From `$2` on. */
  readonly values: readonly unknown[]
}

/**
 * Từng bước một: changes however many transfers in one transaction and yet in statements that are short. A statement that went through a whole backlog
 * would be taken for one that hangs, by the server and by its client. Each goes over a range of ids: a join with a list of them is planned for a
 * few and takes the square of their number. Returns how many were changed; their ids never leave the database.
 */
export const changeInSteps = async (tx: Tx, { update, which, values }: ChangeInSteps): Promise<number> => {
  const rest = `state <> 'DELIVERED' AND ${which} AND id > $1::uuid`
  let total = 0
  let after: string | null = BEFORE_ALL
  while (after !== null) {
    const rows: { changed: number; last: string | null }[] = await tx.query(
      `WITH step AS MATERIALIZED (
         SELECT id FROM transfer WHERE ${rest} ORDER BY id OFFSET ${STEP - 1} LIMIT 1
       ), changed AS (
         ${update} WHERE ${rest} AND id <= coalesce((SELECT step.id FROM step), '${AFTER_ALL}') RETURNING 1
       )
       SELECT (SELECT count(*) FROM changed)::int AS changed, (SELECT id::text FROM step) AS last`,
      [after, ...values],
    )
    total += rows[0]?.changed ?? 0
    after = rows[0]?.last ?? null
  }
  return total
}
