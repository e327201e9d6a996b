import type { ComparedRecord } from '../../src/model/compared-record.js'
import type { GroupDigest } from '../../src/ports/comparison-source.js'
import {
  type ReadRows,
  RowUnreadable,
  readAmount,
  readBucket,
  readCount,
  readDate,
  readInstant,
  readLocalDay,
  readRows,
  readSha256,
  readStatus,
  readWord,
  required,
  told,
} from '../soap/compared-row.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'

/** Rows of the desk's answers to reconciliation in our words. Its commune codes are ours, with the meaning of the day of reception. */
export const readGroups = (rows: readonly WireGroup[]): ReadRows<GroupDigest> =>
  readRows(
    rows,
    () => undefined,
    ({ MaDonViTiepNhan, NgayTiepNhan, Nhom, SoLuong, MaBam }) => ({
      communeCode: communeOf(MaDonViTiepNhan),
      receivedOn: readDate(NgayTiepNhan, 'NgayTiepNhan'),
      ...(told(Nhom) !== undefined && { bucket: readBucket(Nhom, 'Nhom') }),
      count: readCount(SoLuong, 'SoLuong'),
      digest: readSha256(MaBam, 'MaBam'),
    }),
  )

/** `timeZone`: of instants that say none. */
export const readRecords = (rows: readonly WireComparedDossier[], timeZone: string): ReadRows<ComparedRecord> =>
  readRows(
    rows,
    ({ MaHoSo }) => MaHoSo,
    (row) => recordOf(row, timeZone),
  )

function recordOf(row: WireComparedDossier, timeZone: string): ComparedRecord {
  const name = told(row.HoTen)
  const idNumber = told(row.SoGiayTo)
  return {
    dossierCode: readWord(row.MaHoSo, 'MaHoSo'),
    communeCode: communeOf(row.MaDonViTiepNhan),
    receivedOn: readLocalDay(row.NgayTiepNhan, 'NgayTiepNhan', timeZone),
    status: readStatus(row.MaTrangThai, 'MaTrangThai'),
    dueAt: readInstant(row.NgayHenTra, 'NgayHenTra', timeZone),
    ...(name !== undefined && { applicant: { name, ...(idNumber !== undefined && { idNumber }) } }),
    parcels: row.ThuaDat.map(({ SoHieuBanDo, SoThuTuThua }) => ({
      mapSheetNumber: required(SoHieuBanDo, 'ThuaDat.SoHieuBanDo'),
      parcelNumber: required(SoThuTuThua, 'ThuaDat.SoThuTuThua'),
    })),
    documents: row.GiayTo.map(({ TenGiayTo, MaBam }) => ({ name: told(TenGiayTo) ?? '', sha256: readSha256(MaBam, 'GiayTo.MaBam') })),
    amounts: row.KhoanThue.map(({ SoThongBao, LoaiThue, SoTien }) => ({
      notice: required(SoThongBao, 'KhoanThue.SoThongBao'),
      item: required(LoaiThue, 'KhoanThue.LoaiThue'),
      amount: readAmount(SoTien, 'KhoanThue.SoTien'),
    })),
    ...(told(row.NgaySua) !== undefined && { changedAt: readInstant(row.NgaySua, 'NgaySua', timeZone) }),
  }
}

function communeOf(text: string | undefined): string {
  const code = readWord(text, 'MaDonViTiepNhan')
  if (!/^\d{5}$/.test(code)) throw new RowUnreadable('MaDonViTiepNhan', 'không phải là mã đơn vị hành chính năm chữ số')
  return code
}
