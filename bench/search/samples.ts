import type { Sql } from '../../src/platform/database.js'

/** What a searcher knows, taken from the rows themselves: so many of each kind, spread over all years. */
export interface Samples {
  readonly codes: readonly string[]
  readonly idNumbers: readonly string[]
  readonly phones: readonly string[]
  readonly names: readonly string[]
  readonly serials: readonly string[]
  readonly parcels: readonly { readonly commune: string; readonly mapSheetNumber: string; readonly parcelNumber: string }[]
  readonly correlationIds: readonly string[]
  readonly procedures: readonly string[]
  readonly communes: readonly string[]
  readonly first: Date
  readonly last: Date
}

const SAMPLE = 200

export const takeSamples = async (db: Sql): Promise<Samples> => {
  const column = async <Value>(sql: string): Promise<Value[]> => (await db.query<{ value: Value }>(sql)).map(({ value }) => value)
  const some = (what: string, from: string) =>
    column<string>(`SELECT ${what} AS value FROM (SELECT d.* FROM dossier d ORDER BY md5(d.code) LIMIT ${SAMPLE}) d ${from}`)
  const [range] = await db.query<{ first: Date; last: Date }>('SELECT min(received_at) AS first, max(received_at) AS last FROM dossier')
  const party = 'JOIN party p ON p.id = d.applicant_id'
  return {
    codes: await some('d.code', ''),
    idNumbers: await some('p.id_number', party),
    phones: await some('p.phone', party),
    names: await some('p.full_name', party),
    serials: await some('c.serial_number', 'JOIN certificate_reference c ON c.dossier_id = d.id'),
    parcels: await column(
      `SELECT jsonb_build_object('commune', u.code, 'mapSheetNumber', r.map_sheet_number, 'parcelNumber', r.parcel_number) AS value
       FROM parcel_reference r JOIN administrative_unit u ON u.id = r.unit_id WHERE u.valid_to IS NULL ORDER BY r.id LIMIT ${SAMPLE}`,
    ),
    correlationIds: await some('t.correlation_id', 'JOIN transfer t ON t.dossier_id = d.id AND t.sequence = 1'),
    procedures: await column('SELECT code AS value FROM procedure ORDER BY code'),
    communes: await column('SELECT code AS value FROM administrative_unit WHERE valid_to IS NULL ORDER BY code'),
    first: (range as { first: Date }).first,
    last: (range as { last: Date }).last,
  }
}
