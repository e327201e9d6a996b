import type { ComparedRecord } from '../../src/model/compared-record.js'
import type { TheirGroupDigest } from '../../src/ports/comparison-source.js'
import { groupDigestOf, recordOf } from '../soap/compared-content.js'
import { type ReadRows, RowUnreadable, readCode, readLocalDay, readRows, readStatus, readWord } from '../soap/compared-row.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'

/** Rows of the desk's answers to reconciliation in our words. Its commune codes are ours, with the meaning of the day of reception. */
export const readGroups = (rows: readonly WireGroup[]): ReadRows<TheirGroupDigest> =>
  readRows(
    rows,
    () => undefined,
    (row) => {
      const communeCode = communeOf(row.MaDonViTiepNhan)
      return groupDigestOf(row, { theirCommune: communeCode, communeCode })
    },
  )

/** `timeZone`: of instants that say none. */
export const readRecords = (rows: readonly WireComparedDossier[], timeZone: string): ReadRows<ComparedRecord> =>
  readRows(
    rows,
    ({ MaHoSo }) => MaHoSo,
    (row) =>
      recordOf(row, {
        dossier: {
          dossierCode: readCode(row.MaHoSo, 'MaHoSo'),
          communeCode: communeOf(row.MaDonViTiepNhan),
          receivedOn: readLocalDay(row.NgayTiepNhan, 'NgayTiepNhan', timeZone),
          status: readStatus(row.MaTrangThai, 'MaTrangThai'),
        },
        idNumber: row.SoGiayTo,
        notice: 'SoThongBao',
        zones: { due: timeZone, changed: timeZone },
      }),
  )

function communeOf(text: string | undefined): string {
  const code = readWord(text, 'MaDonViTiepNhan')
  if (!/^\d{5}$/.test(code)) throw new RowUnreadable('MaDonViTiepNhan', 'không phải là mã đơn vị hành chính năm chữ số')
  return code
}
