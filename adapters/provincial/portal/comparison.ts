import type { ComparedField, ComparedRecord } from '../../../src/model/compared-record.js'
import type { Compared, ComparisonSource } from '../../../src/ports/comparison-source.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import { askCompared, offersListsAlone, type ReadPage } from '../../soap/ask-compared.js'
import type { SoapClient } from '../../soap/client.js'
import { readCode, readInstant, readLocalDay, readRows, readStatus, told } from '../../soap/compared-row.js'
import { PageRows } from '../../soap/page-rows.js'
import { FAULTS } from './faults.js'
import { callPortal, type PortalAccount, type PortalExchange } from './portal-calls.js'
import type { HoSoDoiSoat, TraLoi } from './wire.js'

/**
 * Đối soát với Cổng (modelled operations `DoiSoat…`): by its list alone, and of what it surely has. Parcels and amounts it is never told, supplements' files neither,
 * and the receiving unit by its name alone: so `communeCode` is left empty.
 */
export interface PortalComparisonOptions {
  readonly settings: Pick<SystemSettings, 'timeZone' | 'readDeadlineMs'>
  readonly exchange: PortalExchange
  readonly account: PortalAccount
}

const FIELDS: readonly ComparedField[] = ['STATUS', 'DUE_DATE', 'APPLICANT']
const BATCH_LIMIT = 200
const RECORD_ROWS = 500

type Records = { readonly records: readonly ComparedRecord[] }

export function createPortalComparison(client: SoapClient, options: PortalComparisonOptions): ComparisonSource {
  const { timeZone, readDeadlineMs } = options.settings
  const rows = new PageRows(RECORD_ROWS)
  const ask = async (operation: string, fields: () => Record<string, unknown>, paged?: PageRows): Promise<Compared<Records>> => {
    let refusal: string | undefined
    const answer = await askCompared<Records>({
      faults: FAULTS,
      operation,
      isOffered: client.contract.operations.has(operation),
      ...(paged && { rows: paged }),
      call: () => callPortal(client, options, operation, fields(), { totalMs: readDeadlineMs }),
      read: (value) => {
        const reply = value as unknown as TraLoi<HoSoDoiSoat>
        const code = reply.error_code.trim()
        if (code !== '0') refusal = code
        return pageOf(reply, timeZone)
      },
    })
    if (refusal === undefined) return answer
    return { kind: 'FAILED', cause: `Cổng dịch vụ công từ chối cho đối soát (error_code ${refusal.slice(0, 40)}).`, shows: 'ANSWERED' }
  }
  const refused = offersListsAlone('PORTAL')
  return {
    id: 'PORTAL',
    style: 'LIST',
    fields: FIELDS,
    batchLimit: BATCH_LIMIT,
    days: refused,
    buckets: refused,
    records: refused,
    list: ({ from, to }, cursor) =>
      ask(
        'DoiSoatDanhSach',
        () => ({
          tungay: from.replaceAll('-', ''),
          denngay: to.replaceAll('-', ''),
          ...(cursor !== undefined && { vitri: cursor }),
          soluong: String(rows.most),
        }),
        rows,
      ),
    ofCodes: (dossierCodes) => ask('DoiSoatTheoMa', () => ({ mahoso: dossierCodes })),
  }
}

function pageOf(reply: TraLoi<HoSoDoiSoat>, timeZone: string): ReadPage<Records> {
  const { values, unreadable } = readRows(
    reply.result,
    ({ MaHoSo }) => MaHoSo,
    (row) => recordOf(row, timeZone),
  )
  const next = told(reply.vitritiep)
  return { records: values, unreadable, ...(next !== undefined && { next }) }
}

function recordOf(row: HoSoDoiSoat, timeZone: string): ComparedRecord {
  const name = told(row.ChuHoSo)
  const idNumber = told(row.SoGiayToChuHoSo)
  return {
    dossierCode: readCode(row.MaHoSo, 'MaHoSo'),
    communeCode: '',
    receivedOn: readLocalDay(row.NgayTiepNhan, 'NgayTiepNhan', timeZone),
    status: readStatus(row.TrangThaiHoSo, 'TrangThaiHoSo'),
    dueAt: readInstant(row.NgayHenTra, 'NgayHenTra', timeZone),
    ...(name !== undefined && { applicant: { name, ...(idNumber !== undefined && { idNumber }) } }),
    ...(told(row.ThoiDiemCapNhat) !== undefined && { changedAt: readInstant(row.ThoiDiemCapNhat, 'ThoiDiemCapNhat', timeZone) }),
  }
}
