import { expect } from '@jest/globals'
import { bucketOf, type ComparedRecord, digestGroup, digestRecord } from '../../src/model/compared-record.js'
import type { Compared, ComparisonSource, ReceptionRange, TheirGroupDigest, UnreadableRow } from '../../src/ports/comparison-source.js'
import type { TestSystem } from './test-system.js'

/** All pages of one question, each a readable answer. */
export const allPages = async <T>(ask: (cursor?: string) => Promise<Compared<T>>): Promise<Extract<Compared<T>, { kind: 'READ' }>[]> => {
  const pages: Extract<Compared<T>, { kind: 'READ' }>[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask(cursor)
    if (page.kind === 'FAILED') throw new Error(page.cause)
    pages.push(page)
    cursor = page.next
    if (cursor === undefined) return pages
  }
}

export const listOf = async (source: ComparisonSource, range: ReceptionRange): Promise<ComparedRecord[]> =>
  (await allPages((cursor) => source.list(range, cursor))).flatMap(({ records }) => records)

export const daysOf = async (source: ComparisonSource, range: ReceptionRange): Promise<TheirGroupDigest[]> =>
  (await allPages((cursor) => source.days(range, cursor))).flatMap(({ groups }) => groups)

/** What these codes are now, and what of them cannot be read. */
export const nowOf = async (
  source: ComparisonSource,
  codes: readonly string[],
): Promise<{ records: readonly ComparedRecord[]; unreadable: readonly UnreadableRow[] }> => {
  const [page] = await allPages(() => source.ofCodes(codes))
  return { records: page?.records ?? [], unreadable: page?.unreadable ?? [] }
}

/** The digests that the model makes of these records, by day and commune; with `buckets` also by bucket. Communes are called there as here. */
const digestsOf = (records: readonly ComparedRecord[], source: ComparisonSource, buckets = false): TheirGroupDigest[] => {
  const groups = new Map<string, ComparedRecord[]>()
  for (const record of records) {
    const key = [record.receivedOn, record.communeCode, ...(buckets ? [bucketOf(record.dossierCode)] : [])].join(' ')
    groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const [receivedOn = '', communeCode = '', bucket] = key.split(' ')
      return {
        theirCommune: communeCode,
        communeCode,
        receivedOn,
        ...(bucket !== undefined && { bucket }),
        count: members.length,
        digest: digestGroup(members.map((record) => digestRecord(record, source.fields))),
      }
    })
}

/** Their digests, at both depths, are those of the records that they list; and the records of the groups are the same records. */
export const expectDigestsOfList = async (source: ComparisonSource, range: ReceptionRange): Promise<ComparedRecord[]> => {
  const records = await listOf(source, range)
  expect(await daysOf(source, range)).toEqual(digestsOf(records, source))
  const groups = digestsOf(records, source).slice(0, source.batchLimit)
  const inGroups = digestsOf(records, source, true).filter(({ communeCode, receivedOn }) =>
    groups.some((group) => group.communeCode === communeCode && group.receivedOn === receivedOn),
  )
  const buckets = (await allPages(() => source.buckets(groups))).flatMap((page) => page.groups)
  const byPlace = (a: TheirGroupDigest, b: TheirGroupDigest) => (placeOf(a) < placeOf(b) ? -1 : 1)
  expect([...buckets].sort(byPlace)).toEqual([...inGroups].sort(byPlace))
  const read = (await allPages((cursor) => source.records(groups, cursor))).flatMap((page) => page.records)
  const sought = records.filter((record) =>
    groups.some((group) => group.communeCode === record.communeCode && group.receivedOn === record.receivedOn),
  )
  expect(byCode(read)).toEqual(byCode(sought))
  return records
}

const placeOf = ({ receivedOn, communeCode, bucket }: TheirGroupDigest): string => `${receivedOn} ${communeCode} ${bucket ?? ''}`

const byCode = (records: readonly ComparedRecord[]): ComparedRecord[] =>
  [...records].sort((a, b) => (a.dossierCode < b.dossierCode ? -1 : Number(a.dossierCode > b.dossierCode)))

/** Our own side of these dossiers, read out of the tables by the test: papers handed in are those of role SUBMITTED and SUPPLEMENT. */
export const ourRecords = async (system: TestSystem): Promise<ComparedRecord[]> =>
  (
    await system.context.db.query<Omit<ComparedRecord, 'amounts'> & { amounts: { notice: string; item: string; amount: string | null }[] }>(
      `SELECT d.code AS "dossierCode", u.code AS "communeCode", to_char(d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD') AS "receivedOn", d.status,
         to_char(d.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "dueAt",
         jsonb_strip_nulls(jsonb_build_object('name', p.full_name, 'idNumber', p.id_number)) AS applicant,
         coalesce((SELECT jsonb_agg(jsonb_build_object('mapSheetNumber', map_sheet_number, 'parcelNumber', parcel_number)) FROM parcel_reference WHERE dossier_id = d.id), '[]') AS parcels,
         coalesce((SELECT jsonb_agg(jsonb_build_object('name', name, 'sha256', sha256)) FROM document WHERE dossier_id = d.id AND role IN ('SUBMITTED', 'SUPPLEMENT')), '[]') AS documents,
         coalesce((SELECT jsonb_agg(jsonb_build_object('notice', notice_number, 'item', tax_kind, 'amount', amount_vnd::text)) FROM tax_notice WHERE dossier_id = d.id), '[]') AS amounts
       FROM dossier d JOIN administrative_unit u ON u.id = d.receiving_unit_id JOIN party p ON p.id = d.applicant_id ORDER BY d.code`,
    )
  ).map((row) => ({ ...row, amounts: row.amounts.map(({ amount, ...item }) => ({ ...item, amount: amount ?? '' })) }))
