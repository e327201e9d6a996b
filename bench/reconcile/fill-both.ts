import pg from 'pg'
import type { HeldRow } from '../../adapters/soap/twin/held-row.js'
import { History, type HistoryOptions } from '../../adapters/soap/twin/history.js'
import { statusOfNationalCode } from '../../src/model/dossier-status.js'
import { orderedId } from '../../src/platform/ordered-id.js'

/**
 * Our side of a history that the registry's twin draws from the same seed: each dossier came from the desk and ViLIS has acknowledged it. Written past the
 * triggers, as a bulk load is; the texts that searches look in are left out, for nobody searches here.
 */
const BATCH = 5_000

const STATEMENTS = {
  party: `INSERT INTO party (id, kind, full_name, id_number) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
  dossier: `INSERT INTO dossier (id, code, version, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary,
      received_by, status, status_at, received_at, due_at, interlinked, created_at, updated_at)
    SELECT id, code, 1, 1, '', 'ONE_STOP', '1.012783', (SELECT u.id FROM administrative_unit u WHERE u.code = commune
        AND u.valid_from <= (received AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AND (u.valid_to IS NULL OR u.valid_to >= (received AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)),
      'DIRECT', party, '', 'mc', status, due, received, due, true, received, due
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[]) AS h(id, code, party, commune, status, received, due)`,
  parcel: `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id)
    SELECT gen_random_uuid(), h.id, h.sheet, h.number, d.receiving_unit_id FROM unnest($1::uuid[], $2::text[], $3::text[]) AS h(id, sheet, number) JOIN dossier d ON d.id = h.id`,
  document: `INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes)
    SELECT gen_random_uuid(), id, 'SUBMITTED', name, name, 'text/plain', sha256, 1 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS h(id, name, sha256)`,
  notice: `INSERT INTO tax_notice (dossier_id, notice_number, tax_kind, payer_name, amount_vnd, issued_at)
    SELECT id, number, kind, '', amount, now() FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) AS h(id, number, kind, amount)`,
  transfer: `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state,
      due_at, urgent_at, correlation_id, created_at, updated_at, settled_at, receiving_unit_id, procedure_code)
    SELECT gen_random_uuid(), d.id, 'VILIS', 'RECEIVE', 1, d.code || '.RECEIVE.1', 1, '{}', '', 1, 'DELIVERED', d.due_at, d.due_at, '', d.received_at,
      d.received_at, d.received_at, d.receiving_unit_id, d.procedure_code FROM dossier d WHERE d.id = ANY($1::uuid[])`,
} as const

export const fillBoth = async (url: string, options: HistoryOptions): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`SET session_replication_role = 'replica'; SET synchronous_commit = off`)
    const history = new History(options)
    for (let start = 0; start < history.count; start += BATCH)
      await fillBatch(
        client,
        Array.from({ length: Math.min(BATCH, history.count - start) }, (_, index) => history.row(start + index)),
      )
    await client.query('VACUUM (ANALYZE)')
  } finally {
    await client.end()
  }
}

const fillBatch = async (client: pg.Client, rows: readonly HeldRow[]): Promise<void> => {
  const held = rows.map((row) => ({ ...row, id: orderedId(), partyId: orderedId() }))
  const column = <Value>(value: (row: (typeof held)[number]) => Value): Value[] => held.map(value)
  const insert = (name: keyof typeof STATEMENTS, ...columns: readonly unknown[][]) => client.query(STATEMENTS[name], [...columns])
  await insert(
    'party',
    column(({ partyId }) => partyId),
    column(() => 'CITIZEN'),
    column(({ applicant }) => applicant?.name ?? ''),
    column(({ applicant }) => applicant?.idNumber ?? null),
  )
  await insert(
    'dossier',
    column(({ id }) => id),
    column(({ code }) => code),
    column(({ partyId }) => partyId),
    column(({ commune }) => commune),
    column(({ status }) => statusOfNationalCode(status)),
    column(({ receivedAt }) => receivedAt),
    column(({ dueAt }) => dueAt),
  )
  const parcels = held.flatMap(({ id, parcels: of }) => of.map((parcel) => ({ id, ...parcel })))
  await insert(
    'parcel',
    parcels.map(({ id }) => id),
    parcels.map(({ sheet }) => sheet),
    parcels.map(({ number }) => number),
  )
  const documents = held.flatMap(({ id, documents: of }) => of.map((document) => ({ id, ...document })))
  await insert(
    'document',
    documents.map(({ id }) => id),
    documents.map(({ name }) => name),
    documents.map(({ hash }) => hash),
  )
  const notices = held.flatMap(({ id, notices: of }) => of.map((notice) => ({ id, ...notice })))
  await insert(
    'notice',
    notices.map(({ id }) => id),
    notices.map(({ number }) => number),
    notices.map(({ kind }) => kind),
    notices.map(({ amount }) => amount ?? null),
  )
  await insert(
    'transfer',
    column(({ id }) => id),
  )
}
