import { COMPARED_FIELDS } from '../../src/model/compared-record.js'
import type { Compared, ComparedGroup, ComparisonSource, GroupDigest, ReceptionRange } from '../../src/ports/comparison-source.js'
import { askCompared, offersListsAlone, type ReadPage } from '../soap/ask-compared.js'
import type { SoapClient } from '../soap/client.js'
import { PageRows } from '../soap/page-rows.js'
import type { Codes } from './codes.js'
import { readGroups, readRecords } from './comparison-rows.js'
import { NotSendable } from './not-sendable.js'
import type { GroupsReply, RecordsReply } from './wire-comparison.js'
import type { WireZones } from './wire-times.js'

/**
 * Đối soát với ViLIS (modelled operations `DoiSoat…`): by digests, or by its list. Communes are mapped by the day of reception, both ways: a group of theirs whose
 * commune has no mapping on that day is told as unreadable, and a group of ours for which there is none is left out of the question: one gap in the mappings (old
 * communes of loaded history) must not keep all others from being compared. A page is asked for with fewer rows after one that did not come.
 */
export interface VilisComparisonOptions {
  readonly client: SoapClient
  readonly codes: Codes
  readonly zones: WireZones
  readonly readDeadlineMs: number
  readonly style: ComparisonSource['style']
}

/** Groups and codes that one question may name. */
const BATCH_LIMIT = 200
const GROUP_ROWS = 5_000
const RECORD_ROWS = 500

type Groups = { readonly groups: readonly GroupDigest[] }
type Records = Extract<Awaited<ReturnType<ComparisonSource['list']>>, { kind: 'READ' }>['records']

export function createVilisComparison({ client, codes, zones, readDeadlineMs, style }: VilisComparisonOptions): ComparisonSource {
  const groupRows = new PageRows(GROUP_ROWS)
  const recordRows = new PageRows(RECORD_ROWS)

  const ask = <T>(
    operation: string,
    fields: Record<string, unknown>,
    read: (value: Record<string, unknown>) => Promise<ReadPage<T>>,
    rows?: PageRows,
  ): Promise<Compared<T>> =>
    askCompared<T>({
      system: 'VILIS',
      operation,
      isOffered: client.contract.operations.has(operation),
      ...(rows && { rows }),
      call: () => client.call(operation, { ...fields, ...(rows && { SoLuong: rows.most }) }, { totalMs: readDeadlineMs }),
      read,
    })
  const groupsOf = async (value: Record<string, unknown>): Promise<ReadPage<Groups>> => {
    const reply = value as unknown as GroupsReply
    const { values, unreadable } = await readGroups(reply.DanhSachNhom?.NhomHoSo ?? [], codes)
    return { groups: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }
  const recordsOf = async (value: Record<string, unknown>): Promise<ReadPage<{ readonly records: Records }>> => {
    const reply = value as unknown as RecordsReply
    const { values, unreadable } = await readRecords(reply.DanhSachHoSo?.HoSo ?? [], codes, zones)
    return { records: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }
  /** Undefined: none of them can be named to ViLIS. */
  const groupsAsked = async (groups: readonly ComparedGroup[], cursor?: string): Promise<Record<string, unknown> | undefined> => {
    const NhomHoi = []
    for (const { communeCode, receivedOn, bucket } of groups) {
      const XaId = await theirCommune(codes, communeCode, receivedOn)
      if (XaId !== undefined) NhomHoi.push({ XaId, NgayTiepNhan: receivedOn, ...(bucket !== undefined && { Nhom: bucket }) })
    }
    return NhomHoi.length === 0 ? undefined : { DanhSachNhom: { NhomHoi }, ...positionOf(cursor) }
  }
  const bucketsOf = async (days: readonly ComparedGroup[]): Promise<Compared<Groups>> => {
    const asked = await groupsAsked(days)
    return asked ? ask('DoiSoatTheoNhom', asked, groupsOf) : { ...NOTHING_ASKED, groups: [] }
  }
  const recordsOfGroups = async (groups: readonly ComparedGroup[], cursor?: string): Promise<Compared<{ readonly records: Records }>> => {
    const asked = await groupsAsked(groups, cursor)
    return asked ? ask('DoiSoatBanGhi', asked, recordsOf, recordRows) : { ...NOTHING_ASKED, records: [] }
  }

  const refused = offersListsAlone('VILIS')
  const byDigests = style === 'DIGESTS'
  return {
    id: 'VILIS',
    style,
    fields: COMPARED_FIELDS,
    batchLimit: BATCH_LIMIT,
    days: byDigests ? (range, cursor) => ask('DoiSoatTheoNgay', rangeAsked(range, cursor), groupsOf, groupRows) : refused,
    buckets: byDigests ? bucketsOf : refused,
    records: byDigests ? recordsOfGroups : refused,
    list: (range, cursor) => ask('DoiSoatDanhSach', rangeAsked(range, cursor), recordsOf, recordRows),
    ofCodes: (dossierCodes) => ask('DoiSoatTheoMa', { SoBienNhan: dossierCodes }, recordsOf),
  }
}

const NOTHING_ASKED = { kind: 'READ', bytes: 0, unreadable: [] } as const

const theirCommune = async (codes: Codes, communeCode: string, onDate: string): Promise<string | undefined> => {
  try {
    return await codes.communeInForce(communeCode, onDate)
  } catch (error) {
    if (error instanceof NotSendable) return undefined
    throw error
  }
}

const rangeAsked = ({ from, to }: ReceptionRange, cursor?: string): Record<string, unknown> => ({
  TuNgay: from,
  DenNgay: to,
  ...positionOf(cursor),
})

const positionOf = (cursor: string | undefined): { ViTri?: string } => (cursor === undefined ? {} : { ViTri: cursor })

const nextOf = (position: string | undefined): { next?: string } => (position ? { next: position } : {})
