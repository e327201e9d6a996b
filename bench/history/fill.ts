import type pg from 'pg'
import { GIVEN_NAMES, MIDDLE_NAMES, SURNAMES } from './names.js'

/**
 * A district's history straight into the tables, made inside PostgreSQL: `count` dossiers of made-up people at the rate of ten years with 549,286, the last of
 * them today, with their parties, parcels, certificates, events and transfers. The same count gives the same rows, and each value depends on
 * the dossier's place alone. What triggers would write is written by the same SQL: the search text comes from the view that they read.
 *
 * Secondary indexes and foreign keys are made anew at the end, as after any bulk load. Reference data must be there; the tables must hold nothing else.
 */
export const TEN_YEARS = 549_286
const END = '2026-11-27T00:00:00Z'
const A_DAY = TEN_YEARS / 3_652
const TABLES = [
  'party',
  'dossier',
  'dossier_search',
  'dossier_identifier',
  'parcel_reference',
  'certificate_reference',
  'dossier_event',
  'transfer',
] as const

/** A number in 0..1 for the n-th dossier and a purpose, and an id whose first bits are its instant, as version 7 has them. */
const FUNCTIONS = `
  CREATE FUNCTION pg_temp.lot(n bigint, purpose int) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8extended(n, purpose) & 2147483647) / 2147483648.0::float8 $$;
  CREATE FUNCTION pg_temp.one_of(list anyarray, n bigint, purpose int) RETURNS anyelement LANGUAGE sql IMMUTABLE AS
    $$ SELECT list[1 + floor(pg_temp.lot(n, purpose) * cardinality(list))::int] $$;
  CREATE FUNCTION pg_temp.digits(n bigint, purpose int, places int) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT right(lpad((hashint8extended(n, purpose) & 9223372036854775807)::text, 19, '0'), places) $$;
  CREATE FUNCTION pg_temp.id_at(at timestamptz, n bigint, purpose int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n || ':' || purpose), 1, 3)
      || '8' || substr(md5(n || ':' || purpose), 4, 15))::uuid $$;`

/** Weights that fall from the first to the last, as places of a list. */
const falling = <Value>(values: readonly Value[]): Value[] =>
  values.flatMap((value, place) => Array.from({ length: Math.max(1, Math.round(60 / (place + 1))) }, () => value))

const PLAN = `
  CREATE TEMP TABLE plan AS
  SELECT n, received_at, pg_temp.id_at(received_at, n, 1) AS id, pg_temp.id_at(received_at, n, 2) AS applicant_id, days,
    received_at + days * interval '1.4 days' AS due_at, extract(epoch FROM $1::timestamptz - received_at) / 86400 / (days * 1.4) AS ripe,
    p.code AS procedure_code, p.name AS procedure_name, p.land_registration AS land, unit_id,
    'H58.22-' || to_char(received_at, 'YYMMDD') || '-' || lpad((1 + n % 9999)::text, 4, '0') AS code,
    pg_temp.one_of($6::text[], n, 5) || ' ' || pg_temp.one_of($7::text[], n, 6) || ' ' || pg_temp.one_of($8::text[], n, 7) AS name
  FROM (
    SELECT n, $1::timestamptz - (($2::int - n) + pg_temp.lot(n, 3)) * interval '1 day' / $3::float8 AS exact
    FROM generate_series(1, $2::int) AS n) AS born
  CROSS JOIN LATERAL (SELECT date_trunc('milliseconds', exact) AS received_at) AS at
  CROSS JOIN LATERAL (SELECT CASE WHEN received_at < '2025-07-01T00:00:00+07:00' THEN pg_temp.one_of($4::int[], n, 4) ELSE pg_temp.one_of($5::int[], n, 4) END AS unit_id) AS u
  JOIN procedure p ON p.code = pg_temp.one_of($9::text[], n, 8)
  CROSS JOIN LATERAL (SELECT coalesce(p.statutory_days, 3)::float8 AS days) AS d`

const STATUS = `CASE
  WHEN ripe > 1.2 THEN (ARRAY['RESULT_RETURNED','COMPLETED','WITHDRAWN_BY_APPLICANT','NOT_ACCEPTED','STOPPED'])[
    CASE WHEN lot < 0.93 THEN 1 WHEN lot < 0.97 THEN 2 WHEN lot < 0.985 THEN 3 WHEN lot < 0.995 THEN 4 ELSE 5 END]
  WHEN ripe < 0.05 THEN 'SUBMITTED' WHEN ripe < 0.15 THEN 'ACCEPTED'
  ELSE (ARRAY['IN_PROGRESS','FINANCIAL_OBLIGATION_REQUIRED','SUPPLEMENT_REQUIRED','COMPLETED','RESULT_RETURNED'])[
    CASE WHEN lot < 0.55 THEN 1 WHEN lot < 0.68 THEN 2 WHEN lot < 0.76 THEN 3 WHEN lot < 0.88 THEN 4 ELSE 5 END] END`

/** One in fifty has never been told to any system. */
const INTERLINKED = 'pg_temp.lot(n, 20) >= 0.02'

/** Nearly all are delivered; of the last month some hundreds stand in each other state. */
const TRANSFER_STATE = `CASE
  WHEN lot < 0.003 THEN 'SUPERSEDED' WHEN lot < 0.004 THEN 'ABANDONED'
  WHEN age > interval '30 days' THEN 'DELIVERED'
  WHEN lot < 0.18 THEN (ARRAY['PLANNED','QUEUED','SENDING','WAITING_RETRY','INDETERMINATE','HELD','REJECTED','EXHAUSTED'])[1 + floor((lot - 0.004) / 0.022)::int]
  ELSE 'DELIVERED' END`

/** Twelve digits as the State gives them: the province, one for century and sex, two of the year of birth (1941 to 2008), six by lot. */
const ID_NUMBER = `(SELECT '082' || CASE WHEN born >= 2000 THEN 2 ELSE 0 END + floor(pg_temp.lot(n, 25) * 2)::int || to_char(born % 100, 'FM00') || pg_temp.digits(n, 9, 6)
     FROM (SELECT 1941 + floor(pg_temp.lot(n, 26) * 68)::int AS born) AS year)`

const STATEMENTS: readonly string[] = [
  `INSERT INTO party (id, kind, full_name, id_number, phone, address)
   SELECT applicant_id, 'CITIZEN', name, ${ID_NUMBER}, '09' || pg_temp.digits(n, 10, 8), 'Ấp Thử ' || 1 + n % 9 FROM plan`,
  `INSERT INTO dossier (id, code, version, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary,
     received_by, status, status_at, received_at, due_at, finished_at, returned_at, interlinked, created_at, updated_at)
   SELECT id, code, 4, 1, md5(code), 'ONE_STOP', procedure_code, unit_id, CASE WHEN lot < 0.6 THEN 'DIRECT' ELSE 'ONLINE' END, applicant_id,
     procedure_name || CASE WHEN lot < 0.3 THEN ' cho ' || pg_temp.one_of($1::text[], n, 11) || ' ' || pg_temp.one_of($2::text[], n, 12) ELSE '' END,
     'mc.' || unit_id || '.1', status, least(due_at, $3::timestamptz), received_at, due_at,
     CASE WHEN status IN ('COMPLETED', 'RESULT_RETURNED') THEN due_at END, CASE WHEN status = 'RESULT_RETURNED' THEN due_at END,
     ${INTERLINKED}, received_at, least(due_at, $3::timestamptz)
   FROM (SELECT plan.*, ${STATUS} AS status FROM (SELECT *, pg_temp.lot(n, 13) AS lot FROM plan) AS plan) AS plan`,
  `INSERT INTO dossier_identifier (dossier_id, system_id, value)
   SELECT id, 'PORTAL', 'H58.22-' || to_char(received_at, 'YYMMDD') || '-' || 10000 + n % 89999 FROM plan WHERE pg_temp.lot(n, 14) < 0.2
   ON CONFLICT DO NOTHING`,
  `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id, area_m2)
   SELECT pg_temp.id_at(received_at, n, 30 + k), id, (1 + floor(pg_temp.lot(n, 40) * 60)::int)::text, (1 + (floor(pg_temp.lot(n, 50) * 900)::int + k) % 900)::text,
     unit_id, pg_temp.digits(n, 15, 3) || '.50'
   FROM plan CROSS JOIN generate_series(1, 2) AS k WHERE k = 1 OR pg_temp.lot(n, 16) < 0.1`,
  `INSERT INTO certificate_reference (dossier_id, serial_number, register_number)
   SELECT id, pg_temp.one_of(ARRAY['BX','CD','BM','CK','CS','DA'], n, 17) || pg_temp.digits(n, 18, 6), 'CS' || pg_temp.digits(n, 19, 5)
   FROM plan WHERE pg_temp.lot(n, 21) < 0.85`,
  `INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, officer, note, created_at)
   SELECT pg_temp.id_at(at, n, 100 + k), id, CASE k WHEN 1 THEN 'RECEIVED' ELSE 'STATUS_CHANGED' END, CASE WHEN k % 2 = 1 THEN 'ONE_STOP' ELSE 'VILIS' END,
     k, at, true, 'canbo.thu', 'Chuyển bước xử lý', at
   FROM plan CROSS JOIN LATERAL generate_series(1, 3 + floor(pg_temp.lot(n, 22) * 6)::int) AS k
   CROSS JOIN LATERAL (SELECT received_at + k * interval '1.3 days' AS at) AS moment`,
  `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state, held_reason,
     last_error, due_at, urgent_at, next_attempt_at, attempt_count, correlation_id, created_at, updated_at, settled_at, receiving_unit_id, procedure_code)
   SELECT pg_temp.id_at(at, n, 200 + k), id, system_id, operation, k, code || '.' || operation || '.' || k, k, jsonb_build_object('operation', operation),
     md5(code || k), 1, state, CASE WHEN state = 'HELD' THEN pg_temp.one_of(ARRAY['MAPPING_MISSING','UNCERTAIN','CONFLICT','BODY_INVALID'], n, 24) END,
     CASE WHEN state IN ('REJECTED', 'WAITING_RETRY') THEN 'Không kết nối được' END, due_at, least(due_at, at + interval '10 days'),
     CASE WHEN state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE') THEN at + interval '1 day' END, 1,
     pg_temp.id_at(at, n, 300)::text, at, at + interval '3 seconds', CASE WHEN state IN ('DELIVERED', 'REJECTED', 'EXHAUSTED', 'HELD') THEN at + interval '3 seconds' END,
     unit_id, procedure_code
   FROM plan CROSS JOIN LATERAL generate_series(1, 2 + floor(pg_temp.lot(n, 23) * 3)::int) AS k
   CROSS JOIN LATERAL (SELECT received_at + k * interval '1.3 days' AS planned) AS moment
   CROSS JOIN LATERAL (SELECT least(planned, $1::timestamptz - interval '1 minute') AS at, $1::timestamptz - planned AS age, pg_temp.lot(n, 60 + k) AS lot) AS drawn
   CROSS JOIN LATERAL (SELECT CASE WHEN k = 1 THEN CASE WHEN land THEN 'RECEIVE' ELSE 'SYNC_DOSSIER' END
     WHEN k = 2 AND land THEN 'SYNC_DOSSIER'
     WHEN lot > 0.997 THEN 'WITHDRAW' WHEN lot > 0.98 THEN 'SUPPLEMENT' WHEN lot > 0.95 THEN 'POST_TAX_NOTICES'
     WHEN k = 4 THEN 'POST_RESULT' WHEN lot > 0.5 THEN 'SYNC_PROGRESS' ELSE 'UPDATE_STATUS' END AS operation) AS what
   CROSS JOIN LATERAL (SELECT CASE WHEN operation IN ('RECEIVE', 'SUPPLEMENT', 'WITHDRAW') THEN 'VILIS' WHEN operation LIKE 'SYNC%' THEN 'PORTAL' ELSE 'ONE_STOP' END
     AS system_id, ${TRANSFER_STATE} AS state) AS where_to
   WHERE ${INTERLINKED}`,
  `INSERT INTO risk_alarm (id, transfer_id, due_at, reason, raised_at)
   SELECT pg_temp.id_at(t.created_at, row_number() OVER (ORDER BY t.id), 400), t.id, t.due_at, t.state, t.created_at + interval '1 hour'
   FROM transfer t WHERE t.state IN ('HELD', 'REJECTED', 'EXHAUSTED') AND t.state <> 'DELIVERED'`,
]
const FILL_SEARCH = `INSERT INTO dossier_search SELECT * FROM dossier_search_text;
  INSERT INTO search_word SELECT DISTINCT token FROM dossier_search s CROSS JOIN unnest(search_tokens(s.unit_id, s.persons || s.papers)) AS token
    WHERE token !~ '^[ \\t]'`
/** As the migration leaves them: an index of tokens keeps no statistics. */
const WITHOUT_STATISTICS = ['dossier_search_all_idx', 'dossier_search_papers_idx']

/** Parameters of each statement that has any, by its place. */
const parametersOf = (statement: string): unknown[] => {
  if (statement.includes('INTO dossier (')) return [SURNAMES, GIVEN_NAMES, END]
  return statement.includes('INTO transfer (') ? [END] : []
}

export const fillHistory = async (client: pg.Client, count: number): Promise<void> => {
  const units = (
    await client.query<{ id: number; old: boolean }>('SELECT id, valid_to IS NOT NULL AS old FROM administrative_unit ORDER BY id')
  ).rows
  const procedures = (await client.query<{ code: string }>('SELECT code FROM procedure ORDER BY code')).rows.map(({ code }) => code)
  const ids = (old: boolean): number[] => falling(units.filter((unit) => unit.old === old).map(({ id }) => id))
  const { rows: indexes } = await client.query<{ name: string; table: string; definition: string }>(
    `SELECT indexname AS name, tablename AS table, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1::text[])
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = format('%I', indexname)::regclass)`,
    [TABLES],
  )
  const { rows: references } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY($1::regclass[])`,
    [TABLES],
  )
  await client.query('BEGIN')
  await client.query(
    `SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '64MB'; SET LOCAL synchronous_commit = off; ${FUNCTIONS}`,
  )
  for (const table of TABLES) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  for (const { table, name } of references) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  for (const { name } of indexes) await client.query(`DROP INDEX "${name}"`)
  await client.query(PLAN, [END, count, A_DAY, ids(true), ids(false), SURNAMES, MIDDLE_NAMES, GIVEN_NAMES, falling(procedures)])
  await client.query('ANALYZE plan')
  for (const statement of STATEMENTS) await client.query(statement, parametersOf(statement))
  for (const { table, definition } of indexes) if (table !== 'dossier_search') await client.query(definition)
  await client.query('ANALYZE')
  await client.query(FILL_SEARCH)
  for (const { table, definition } of indexes) if (table === 'dossier_search') await client.query(definition)
  for (const name of WITHOUT_STATISTICS) await client.query(`ALTER INDEX ${name} ALTER COLUMN 1 SET STATISTICS 0`)
  for (const { table, name, definition } of references) await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
  for (const table of TABLES) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
  await client.query('DROP TABLE plan')
  await client.query('COMMIT')
  await client.query('VACUUM (ANALYZE)')
}
