import { COMPARED_FIELDS, type ComparedRecord } from '../../src/model/compared-record.js'
import type { Compared, ComparisonSource, ReceptionRange, TheirGroup, TheirGroupDigest } from '../../src/ports/comparison-source.js'
import { askCompared, offersListsAlone, type ReadPage } from './ask-compared.js'
import type { SoapClient } from './client.js'
import type { ReadRows } from './compared-row.js'
import type { FaultTable } from './fault-table.js'
import { PageRows } from './page-rows.js'

export interface DigestComparisonOptions {
  readonly client: SoapClient
  readonly readDeadlineMs: number
  readonly style: ComparisonSource['style']
}

/** What each contract calls its own way, and how its rows are read. */
export interface ComparedContract<Group, Dossier> {
  readonly faults: FaultTable
  /** Its element with the code of a dossier. */
  readonly codeName: string
  /** Its element with the commune of a group. */
  readonly communeName: string
  readGroups(rows: readonly Group[]): ReadRows<TheirGroupDigest> | Promise<ReadRows<TheirGroupDigest>>
  readRecords(rows: readonly Dossier[]): ReadRows<ComparedRecord> | Promise<ReadRows<ComparedRecord>>
}

type Wire = Record<string, unknown>

interface GroupsReply<Group> {
  readonly ViTriTiep?: string
  readonly DanhSachNhom?: { readonly NhomHoSo: readonly Group[] }
}

interface RecordsReply<Dossier> {
  readonly ViTriTiep?: string
  readonly DanhSachHoSo?: { readonly HoSo: readonly Dossier[] }
}

type Groups = { readonly groups: readonly TheirGroupDigest[] }
type Records = { readonly records: readonly ComparedRecord[] }

/** Groups and codes that one question may name. */
const BATCH_LIMIT = 200
const GROUP_ROWS = 5_000
const RECORD_ROWS = 500

/**
 * Đối soát by the operations `DoiSoat…` (modelled) of a contract that has digests: by them, or by its list alone. A page is asked for with fewer rows after one that did
 * not come.
 */
export function createDigestComparison<Group, Dossier>(
  { client, readDeadlineMs, style }: DigestComparisonOptions,
  { faults, codeName, communeName, readGroups, readRecords }: ComparedContract<Group, Dossier>,
): ComparisonSource {
  const groupRows = new PageRows(GROUP_ROWS)
  const recordRows = new PageRows(RECORD_ROWS)

  const ask = <T>(operation: string, fields: Wire, read: (value: Wire) => Promise<ReadPage<T>>, rows?: PageRows): Promise<Compared<T>> =>
    askCompared<T>({
      faults,
      operation,
      isOffered: client.contract.operations.has(operation),
      ...(rows && { rows }),
      call: () => client.call(operation, { ...fields, ...(rows && { SoLuong: rows.most }) }, { totalMs: readDeadlineMs }),
      read,
    })
  const groupsOf = async (value: Wire): Promise<ReadPage<Groups>> => {
    const reply = value as unknown as GroupsReply<Group>
    const { values, unreadable } = await readGroups(reply.DanhSachNhom?.NhomHoSo ?? [])
    return { groups: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }
  const recordsOf = async (value: Wire): Promise<ReadPage<Records>> => {
    const reply = value as unknown as RecordsReply<Dossier>
    const { values, unreadable } = await readRecords(reply.DanhSachHoSo?.HoSo ?? [])
    return { records: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }
  const groupsAsked = (groups: readonly TheirGroup[], cursor?: string): Wire => ({
    DanhSachNhom: {
      NhomHoi: groups.map(({ theirCommune, receivedOn, bucket }) => ({
        [communeName]: theirCommune,
        NgayTiepNhan: receivedOn,
        ...(bucket !== undefined && { Nhom: bucket }),
      })),
    },
    ...positionOf(cursor),
  })

  const refused = offersListsAlone(faults.system)
  const byDigests = style === 'DIGESTS'
  return {
    id: faults.system,
    style,
    fields: COMPARED_FIELDS,
    batchLimit: BATCH_LIMIT,
    days: byDigests ? (range, cursor) => ask('DoiSoatTheoNgay', rangeAsked(range, cursor), groupsOf, groupRows) : refused,
    buckets: byDigests ? (days) => ask('DoiSoatTheoNhom', groupsAsked(days), groupsOf) : refused,
    records: byDigests ? (groups, cursor) => ask('DoiSoatBanGhi', groupsAsked(groups, cursor), recordsOf, recordRows) : refused,
    list: (range, cursor) => ask('DoiSoatDanhSach', rangeAsked(range, cursor), recordsOf, recordRows),
    ofCodes: (dossierCodes) => ask('DoiSoatTheoMa', { [codeName]: dossierCodes }, recordsOf),
  }
}

const rangeAsked = ({ from, to }: ReceptionRange, cursor?: string): Wire => ({ TuNgay: from, DenNgay: to, ...positionOf(cursor) })

const positionOf = (cursor: string | undefined): { ViTri?: string } => (cursor === undefined ? {} : { ViTri: cursor })

const nextOf = (position: string | undefined): { next?: string } => (position ? { next: position } : {})
