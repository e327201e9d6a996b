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
import type { Codes } from './codes.js'
import type { WireComparedDossier, WireGroup } from './wire-comparison.js'
import { FIELD_ZONES, type WireZones } from './wire-times.js'

/**
 * Rows of ViLIS's answers to reconciliation in our words. A group whose commune has no mapping on its day is refused: it has no place among ours. A record is compared all the
 * same, without its commune: a registry may keep old dossiers under the codes of a reform that came later.
 */
type CommuneOf = (commune: string | undefined, onDate: string) => string | undefined

export async function readGroups(rows: readonly WireGroup[], codes: Codes): Promise<ReadRows<GroupDigest>> {
  const communeOf = await mapped(rows, codes)
  return readRows(
    rows,
    () => undefined,
    ({ XaId, NgayTiepNhan, Nhom, SoLuong, MaBam }) => {
      const receivedOn = readDate(NgayTiepNhan, 'NgayTiepNhan')
      const communeCode = communeOf(XaId, receivedOn)
      if (communeCode === undefined) throw new RowUnreadable('XaId', `chưa có ánh xạ đơn vị hành chính cho ngày ${receivedOn}`)
      return {
        communeCode,
        receivedOn,
        ...(told(Nhom) !== undefined && { bucket: readBucket(Nhom, 'Nhom') }),
        count: readCount(SoLuong, 'SoLuong'),
        digest: readSha256(MaBam, 'MaBam'),
      }
    },
  )
}

export async function readRecords(rows: readonly WireComparedDossier[], codes: Codes, zones: WireZones): Promise<ReadRows<ComparedRecord>> {
  const communeOf = await mapped(rows, codes)
  return readRows(
    rows,
    ({ SoBienNhan }) => SoBienNhan,
    (row) => recordOf(row, communeOf, zones),
  )
}

async function mapped(rows: readonly { readonly XaId?: string }[], codes: Codes): Promise<CommuneOf> {
  const find = await codes.ourCommunesOf(rows.flatMap(({ XaId }) => told(XaId)?.trim() ?? []))
  return (commune, onDate) => find(readWord(commune, 'XaId'), onDate)
}

function recordOf(row: WireComparedDossier, communeOf: CommuneOf, zones: WireZones): ComparedRecord {
  const dossierCode = readWord(row.SoBienNhan, 'SoBienNhan')
  const receivedOn = readLocalDay(row.NgayTiepNhan, 'NgayTiepNhan', zones[FIELD_ZONES['DoiSoat.NgayTiepNhan']])
  const name = told(row.HoTen)
  const idNumber = told(row.SoChungMinh)
  return {
    dossierCode,
    communeCode: communeOf(row.XaId, receivedOn) ?? '',
    receivedOn,
    status: readStatus(row.TrangThai, 'TrangThai'),
    dueAt: readInstant(row.NgayHenTra, 'NgayHenTra', zones[FIELD_ZONES['DoiSoat.NgayHenTra']]),
    ...(name !== undefined && { applicant: { name, ...(idNumber !== undefined && { idNumber }) } }),
    parcels: row.ThuaDat.map(({ SoHieuBanDo, SoThuTuThua }) => ({
      mapSheetNumber: required(SoHieuBanDo, 'ThuaDat.SoHieuBanDo'),
      parcelNumber: required(SoThuTuThua, 'ThuaDat.SoThuTuThua'),
    })),
    documents: row.GiayTo.map(({ TenGiayTo, MaBam }) => ({ name: told(TenGiayTo) ?? '', sha256: readSha256(MaBam, 'GiayTo.MaBam') })),
    amounts: row.KhoanThue.map(({ SoThongBaoThue, LoaiThue, SoTien }) => ({
      notice: required(SoThongBaoThue, 'KhoanThue.SoThongBaoThue'),
      item: required(LoaiThue, 'KhoanThue.LoaiThue'),
      amount: readAmount(SoTien, 'KhoanThue.SoTien'),
    })),
    ...(told(row.NgaySua) !== undefined && { changedAt: readInstant(row.NgaySua, 'NgaySua', zones[FIELD_ZONES['DoiSoat.NgaySua']]) }),
  }
}
