import type { Tx } from '../platform/database.js'

/** What a page of a feed is about, as our tables have it. */
export const countKnown = async (tx: Tx, codes: readonly string[]): Promise<number> => {
  const [row] = await tx.query<{ count: number }>(`SELECT count(*)::int AS count FROM dossier WHERE code = ANY($1::text[])`, [[...codes]])
  return row?.count ?? 0
}

export const countTransfers = async (tx: Tx, codes: readonly string[]): Promise<number> => {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = ANY($1::text[])`,
    [[...codes]],
  )
  return row?.count ?? 0
}

/** Those of the codes whose dossier was received within the days. */
export const knownCodes = async (
  tx: Tx,
  days: { readonly from: string; readonly to: string },
  codes: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ code: string }>(
    `SELECT code FROM dossier WHERE code = ANY($1::text[]) AND (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN $2::date AND $3::date`,
    [[...codes], days.from, days.to],
  )
  return new Set(rows.map(({ code }) => code))
}

/** What was told of these dossiers and is about to be applied, by whoever took it in. */
export const aboutToBeApplied = async (tx: Tx, codes: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ id: string }>(
    `SELECT id::text FROM inbox_message WHERE dossier_code = ANY($1::text[]) AND state = 'STORED'`,
    [[...codes]],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Those of the codes of whose dossier anything has been sent, or is to be. */
export const interlinkedCodes = async (tx: Tx, codes: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ code: string }>(
    `SELECT d.code FROM dossier d WHERE d.code = ANY($1::text[]) AND EXISTS (SELECT 1 FROM transfer t WHERE t.dossier_id = d.id)`,
    [[...codes]],
  )
  return new Set(rows.map(({ code }) => code))
}
