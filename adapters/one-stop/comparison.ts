import { COMPARED_FIELDS } from '../../src/model/compared-record.js'
import type { Compared, ComparedGroup, ComparisonSource, ReceptionRange } from '../../src/ports/comparison-source.js'
import { askCompared, offersListsAlone, type ReadPage } from '../soap/ask-compared.js'
import type { SoapClient } from '../soap/client.js'
import { PageRows } from '../soap/page-rows.js'
import { readGroups, readRecords } from './comparison-rows.js'
import type { WireGroupsReply, WireRecordsReply } from './wire-comparison.js'

/**
 * Đối soát với một cửa (modelled operations `DoiSoat…`): by digests, or by its list. A page is asked for with fewer rows after one that did not come.
 */
export interface OneStopComparisonOptions {
  readonly client: SoapClient
  readonly timeZone: string
  readonly readDeadlineMs: number
  readonly style: ComparisonSource['style']
}

/** Groups and codes that one question may name. */
const BATCH_LIMIT = 200
const GROUP_ROWS = 5_000
const RECORD_ROWS = 500

export function createOneStopComparison({ client, timeZone, readDeadlineMs, style }: OneStopComparisonOptions): ComparisonSource {
  const groupRows = new PageRows(GROUP_ROWS)
  const recordRows = new PageRows(RECORD_ROWS)

  const ask = <T>(
    operation: string,
    fields: Record<string, unknown>,
    read: (value: Record<string, unknown>) => ReadPage<T>,
    rows?: PageRows,
  ): Promise<Compared<T>> =>
    askCompared<T>({
      system: 'ONE_STOP',
      operation,
      isOffered: client.contract.operations.has(operation),
      ...(rows && { rows }),
      call: () => client.call(operation, { ...fields, ...(rows && { SoLuong: rows.most }) }, { totalMs: readDeadlineMs }),
      read,
    })
  const groupsOf = (value: Record<string, unknown>) => {
    const reply = value as unknown as WireGroupsReply
    const { values, unreadable } = readGroups(reply.DanhSachNhom?.NhomHoSo ?? [])
    return { groups: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }
  const recordsOf = (value: Record<string, unknown>) => {
    const reply = value as unknown as WireRecordsReply
    const { values, unreadable } = readRecords(reply.DanhSachHoSo?.HoSo ?? [], timeZone)
    return { records: values, unreadable, ...nextOf(reply.ViTriTiep) }
  }

  const refused = offersListsAlone('ONE_STOP')
  const byDigests = style === 'DIGESTS'
  return {
    id: 'ONE_STOP',
    style,
    fields: COMPARED_FIELDS,
    batchLimit: BATCH_LIMIT,
    days: byDigests ? (range, cursor) => ask('DoiSoatTheoNgay', rangeAsked(range, cursor), groupsOf, groupRows) : refused,
    buckets: byDigests ? (days) => ask('DoiSoatTheoNhom', groupsAsked(days), groupsOf) : refused,
    records: byDigests ? (groups, cursor) => ask('DoiSoatBanGhi', groupsAsked(groups, cursor), recordsOf, recordRows) : refused,
    list: (range, cursor) => ask('DoiSoatDanhSach', rangeAsked(range, cursor), recordsOf, recordRows),
    ofCodes: (dossierCodes) => ask('DoiSoatTheoMa', { MaHoSo: dossierCodes }, recordsOf),
  }
}

const rangeAsked = ({ from, to }: ReceptionRange, cursor?: string): Record<string, unknown> => ({
  TuNgay: from,
  DenNgay: to,
  ...positionOf(cursor),
})

const groupsAsked = (groups: readonly ComparedGroup[], cursor?: string): Record<string, unknown> => ({
  DanhSachNhom: {
    NhomHoi: groups.map(({ communeCode, receivedOn, bucket }) => ({
      MaDonViTiepNhan: communeCode,
      NgayTiepNhan: receivedOn,
      ...(bucket !== undefined && { Nhom: bucket }),
    })),
  },
  ...positionOf(cursor),
})

const positionOf = (cursor: string | undefined): { ViTri?: string } => (cursor === undefined ? {} : { ViTri: cursor })

const nextOf = (position: string | undefined): { next?: string } => (position ? { next: position } : {})
