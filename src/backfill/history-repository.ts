import { sourceDigestOf } from '../dossier/dossier-snapshot.js'
import type { ReferenceData } from '../dossier/reference-data.js'
import type { Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'
import type { KnownDossier } from './compare-known.js'
import { eventsOf, type HistoryDossier } from './history-dossier.js'

/**
 * Hồ sơ lịch sử into the tables, some hundred at once, a statement a table. No transfer is planned for any of them. The search text, which triggers write row by row for everybody
 * else, is written here in one statement by the same view and the same words: `lienthong.history` tells the triggers so (migration 0095), and ends with the transaction.
 */
export const knownDossiers = async (tx: Tx, codes: readonly string[]): Promise<ReadonlyMap<string, KnownDossier>> => {
  const rows = await tx.query<KnownDossier & { code: string }>(
    `SELECT d.code, d.origin, d.procedure_code AS "procedureCode", u.code || '@' || u.valid_from::text AS unit, d.channel, d.summary, d.received_by AS "receivedBy",
       d.received_at AS "receivedAt", d.due_at AS "dueAt", d.status, d.finished_at AS "finishedAt", d.returned_at AS "returnedAt",
       concat_ws('|', p.kind, p.full_name, p.id_number, p.phone, p.email, p.address) AS applicant,
       ARRAY(SELECT concat_ws('/', v.code, r.map_sheet_number, r.parcel_number, r.area_m2, r.address) FROM parcel_reference r
         JOIN administrative_unit v ON v.id = r.unit_id WHERE r.dossier_id = d.id) AS parcels,
       ARRAY(SELECT concat_ws('|', c.serial_number, c.register_number) FROM certificate_reference c WHERE c.dossier_id = d.id) AS certificates
     FROM dossier d JOIN party p ON p.id = d.applicant_id JOIN administrative_unit u ON u.id = d.receiving_unit_id
     WHERE d.code = ANY($1::text[])`,
    [[...codes]],
  )
  return new Map(rows.map((row) => [row.code, row]))
}

/** Somebody else has committed one of these dossiers meanwhile: the batch is rolled back and looked at again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

const idOf = (unit: { readonly code: string; readonly validFrom: string }): string => `${unit.code}@${unit.validFrom}`
export type UnitIds = ReadonlyMap<string, number>
export const unitIdsOf = ({ units }: ReferenceData): UnitIds => new Map(units.map((unit) => [idOf(unit), unit.id]))

const HISTORY_NOTE = 'Nạp từ dữ liệu lịch sử.'

/** Throws `Overtaken` when one of them is there by now. */
export const insertHistory = async (tx: Tx, unitIds: UnitIds, dossiers: readonly HistoryDossier[]): Promise<void> => {
  if (dossiers.length === 0) return
  const rows = dossiers.map((dossier) => ({ ...dossier, id: orderedId(), applicantId: orderedId(), events: eventsOf(dossier) }))
  await tx.query(`SELECT set_config('lienthong.history', 'on', true) AS set`)
  await insertRows(
    tx,
    'party',
    'id uuid, kind text, full_name text, id_number text, phone text, email text, address text',
    rows.map(({ applicantId, content: { applicant } }) => ({
      id: applicantId,
      kind: applicant.kind,
      full_name: applicant.fullName,
      id_number: applicant.idNumber,
      phone: applicant.phone,
      email: applicant.email,
      address: applicant.address,
    })),
  )
  const inserted = await insertRows(
    tx,
    'dossier',
    `id uuid, code text, version int, source_version int, source_digest text, origin text, procedure_code text, receiving_unit_id int, channel text, applicant_id uuid,
     summary text, received_by text, status text, status_at timestamptz, received_at timestamptz, due_at timestamptz, finished_at timestamptz, returned_at timestamptz`,
    rows.map(({ id, applicantId, content, events, origin, status, statusAt, finishedAt, returnedAt }) => ({
      id,
      code: content.code,
      version: events.length,
      source_version: content.version,
      source_digest: sourceDigestOf(content),
      origin,
      procedure_code: content.procedureCode,
      receiving_unit_id: unitIds.get(idOf(content.receivingUnit)),
      channel: content.channel,
      applicant_id: applicantId,
      summary: content.summary,
      received_by: content.receivedBy,
      status,
      status_at: statusAt,
      received_at: content.receivedAt,
      due_at: content.dueAt,
      finished_at: finishedAt,
      returned_at: returnedAt,
    })),
    'ON CONFLICT (code) DO NOTHING',
  )
  if (inserted < rows.length) throw new Overtaken('a dossier was committed by somebody else')
  await insertRows(
    tx,
    'parcel_reference',
    'id uuid, dossier_id uuid, map_sheet_number text, parcel_number text, unit_id int, area_m2 text, address text',
    rows.flatMap(({ id, content }) =>
      content.parcels.map((parcel) => ({
        id: orderedId(),
        dossier_id: id,
        map_sheet_number: parcel.mapSheetNumber,
        parcel_number: parcel.parcelNumber,
        unit_id: unitIds.get(idOf(parcel.unit)),
        area_m2: parcel.areaM2,
        address: parcel.address,
      })),
    ),
  )
  await insertRows(
    tx,
    'certificate_reference',
    'dossier_id uuid, serial_number text, register_number text',
    rows.flatMap(({ id, content }) =>
      content.certificates.map(({ serialNumber, registerNumber }) => ({
        dossier_id: id,
        serial_number: serialNumber,
        register_number: registerNumber,
      })),
    ),
  )
  await insertRows(
    tx,
    'dossier_event',
    'id uuid, dossier_id uuid, kind text, origin text, version int, event_at timestamptz, applied boolean, status_from text, status_to text, officer text, note text',
    rows.flatMap(({ id, origin, events }) =>
      events.map(({ kind, at, from, status, officer, note }, place) => ({
        id: orderedId(),
        dossier_id: id,
        kind,
        origin,
        version: place + 1,
        event_at: at,
        applied: true,
        status_from: from,
        status_to: status,
        officer,
        note: note ?? HISTORY_NOTE,
      })),
    ),
  )
  await writeSearch(
    tx,
    rows.map(({ id }) => id),
  )
}

/** `columns`: names and types. Returns how many went in. */
const insertRows = async (tx: Tx, table: string, columns: string, rows: readonly object[], onConflict = ''): Promise<number> => {
  if (rows.length === 0) return 0
  const names = columns.split(',').map((column) => column.trim().split(' ')[0])
  const done = await tx.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM json_to_recordset($1::text::json) AS told (${columns}) ${onConflict} RETURNING 1 AS done`,
    [JSON.stringify(rows)],
  )
  return done.length
}

/** A few hundred rows of tables that grow while the planner still takes them for small: read by their keys, never whole. */
const BY_KEYS = `SELECT set_config('enable_hashjoin', 'off', true) AS hash, set_config('enable_mergejoin', 'off', true) AS merge`

/** As `write_dossier_search` and `dossier_search_words` do for one; the words in their order, so that two writers do not wait for each other in a circle. */
const writeSearch = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  await tx.query(BY_KEYS)
  await tx.query(
    `INSERT INTO dossier_search SELECT * FROM dossier_search_text WHERE dossier_id = ANY($1::text[]::uuid[])
     ON CONFLICT (dossier_id) DO NOTHING RETURNING 1 AS done`,
    [[...ids]],
  )
  await tx.query(
    `INSERT INTO search_word SELECT DISTINCT token FROM dossier_search s CROSS JOIN unnest(search_tokens(s.unit_id, s.persons || s.papers)) AS token
     WHERE s.dossier_id = ANY($1::text[]::uuid[]) AND token !~ '^[ \\t]' ORDER BY token
     ON CONFLICT (word) DO NOTHING RETURNING 1 AS done`,
    [[...ids]],
  )
}
