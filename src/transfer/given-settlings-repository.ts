import { MOST_NEW_CAUSES, OTHER_CODES } from '../model/failure-cause.js'
import { causeId } from './cause-repository.js'

/** The settlings that a turn is given (`turn-repository.ts`), as rows: two forms, of which the one without failures does not name the table of causes. */

/** Of what `g` failed by; null: it has not failed. */
export const CAUSE_ID = `CASE WHEN g.cause_code IS NOT NULL THEN ${causeId({
  operation: 'g.operation',
  kind: 'g.cause_kind',
  code: 'g.cause_code',
  field: 'g.cause_field',
})} END`

/** In the order of `settlingValues`. */
const GIVEN = `id, token, next_state, wait_ms, held_reason, last_error, error_field, external_ref, retry_count, absent_count, outcome, detail, http_status,
  elapsed_ms, request_xml, response_text, states_before, attempt_number, operation, cause_kind`
const UNNESTED = `unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[],
    $10::int[], $11::text[], $12::text[], $13::int[], $14::int[], $15::text[], $16::text[], $17::text[], $18::int[],
    $19::text[], $20::text[], $21::text[], $22::text[], $23::text[]) AS g(${GIVEN}, cause_code, cause_field, cause_side)`

export const ALL_GIVEN = `given AS MATERIALIZED (SELECT * FROM ${UNNESTED})`

/**
 * A peer that makes up a code for each failure makes no cause of each: beyond so many new ones of an operation within an hour they are one, with the code
 * OTHER_CODES. Those that are known already stay as they are, and so does what we could not prepare, whose codes are our own. Exact, as the turns of one system go
 * one after the other.
 */
export const BOUNDED_GIVEN = `told AS MATERIALIZED (
  SELECT *, ${CAUSE_ID} AS told_cause FROM ${UNNESTED}
), fresh AS MATERIALIZED (
  SELECT told_cause, row_number() OVER (PARTITION BY operation ORDER BY told_cause) + (
    SELECT count(*) FROM (SELECT 1 FROM failure_cause k WHERE k.system_id = $24::text AND k.operation = n.operation
      AND k.first_seen_at > (SELECT now FROM clock) - interval '1 hour' LIMIT ${MOST_NEW_CAUSES}) AS recent) > ${MOST_NEW_CAUSES} AS crowded
  FROM (SELECT DISTINCT told_cause, operation FROM told WHERE told_cause IS NOT NULL AND cause_kind <> 'NOT_SENT'
    AND NOT EXISTS (SELECT 1 FROM failure_cause k WHERE k.id = told.told_cause)) AS n
), given AS MATERIALIZED (
  SELECT ${GIVEN}, CASE WHEN crowded THEN '${OTHER_CODES}' ELSE cause_code END AS cause_code, CASE WHEN NOT coalesce(crowded, false) THEN cause_field END AS cause_field,
    CASE WHEN NOT coalesce(crowded, false) THEN cause_side END AS cause_side
  FROM told LEFT JOIN fresh USING (told_cause)
)`
