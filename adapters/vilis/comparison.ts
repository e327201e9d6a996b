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
 * commune has no mapping on that day is told as unreadable, and a group of ours for which there is none is not asked for at all. A page is
 * asked for with fewer rows after one that did not come.
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

  const ask = async <T>(
    operation: string,
    fields: () => Record<string, unknown> | Promise<Record<string, unknown>>,
    read: (value: Record<string, unknown>) => Promise<ReadPage<T>>,
    rows?: PageRows,
  ): Promise<Compared<T>> => {
    try {
      const asked = await fields()
      return await askCompared<T>({
        system: 'VILIS',
        operation,
        isOffered: client.contract.operations.has(operation),
        ...(rows && { rows }),
        call: () => client.call(operation, { ...asked, ...(rows && { SoLuong: rows.most }) }, { totalMs: readDeadlineMs }),
        read,
      })
    } catch (error) {
      if (error instanceof NotSendable) return { kind: 'FAILED', cause: error.reason, shows: 'SILENT', missing: error.field }
      throw error
    }
  }
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
  const groupsAsked = async (groups: readonly ComparedGroup[], cursor?: string): Promise<Record<string, unknown>> => {
    const NhomHoi = []
    for (const { communeCode, receivedOn, bucket } of groups)
      NhomHoi.push({
        XaId: await codes.communeInForce(communeCode, receivedOn),
        NgayTiepNhan: receivedOn,
        ...(bucket !== undefined && { Nhom: bucket }),
      })
    return { DanhSachNhom: { NhomHoi }, ...positionOf(cursor) }
  }

  const refused = offersListsAlone('VILIS')
  const byDigests = style === 'DIGESTS'
  return {
    id: 'VILIS',
    style,
    fields: COMPARED_FIELDS,
    batchLimit: BATCH_LIMIT,
    days: byDigests ? (range, cursor) => ask('DoiSoatTheoNgay', () => rangeAsked(range, cursor), groupsOf, groupRows) : refused,
    buckets: byDigests ? (days) => ask('DoiSoatTheoNhom', () => groupsAsked(days), groupsOf) : refused,
    records: byDigests ? (groups, cursor) => ask('DoiSoatBanGhi', () => groupsAsked(groups, cursor), recordsOf, recordRows) : refused,
    list: (range, cursor) => ask('DoiSoatDanhSach', () => rangeAsked(range, cursor), recordsOf, recordRows),
    ofCodes: (dossierCodes) => ask('DoiSoatTheoMa', () => ({ SoBienNhan: dossierCodes }), recordsOf),
  }
}

const rangeAsked = ({ from, to }: ReceptionRange, cursor?: string): Record<string, unknown> => ({
  TuNgay: from,
  DenNgay: to,
  ...positionOf(cursor),
})

const positionOf = (cursor: string | undefined): { ViTri?: string } => (cursor === undefined ? {} : { ViTri: cursor })

const nextOf = (position: string | undefined): { next?: string } => (position ? { next: position } : {})
