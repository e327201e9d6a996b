import type { ComparedRecord } from '../../src/model/compared-record.js'
import type { TheirGroupDigest } from '../../src/ports/comparison-source.js'
import { readAmount, readBucket, readCount, readDate, readInstant, readSha256, required, told } from './compared-row.js'

/**
 * What the contracts with the operations `DoiSoat…` say in the same words: a system's own words (the code, the commune, the status) are read in its own folder. Every value is text
 * and may be absent, so that one that is spoilt spoils its row alone.
 */
export interface WireCounted {
  readonly NgayTiepNhan?: string
  readonly Nhom?: string
  readonly SoLuong?: string
  readonly MaBam?: string
}

/** `Notice`: what a tax notice's number is called. */
export interface WireContent<Notice extends string> {
  readonly NgayTiepNhan?: string
  readonly NgayHenTra?: string
  readonly HoTen?: string
  readonly ThuaDat: readonly { readonly SoHieuBanDo?: string; readonly SoThuTuThua?: string }[]
  readonly GiayTo: readonly { readonly TenGiayTo?: string; readonly MaBam?: string }[]
  readonly KhoanThue: readonly { readonly [name in Notice | 'LoaiThue' | 'SoTien']?: string }[]
  readonly NgaySua?: string
}

export const groupDigestOf = (
  { NgayTiepNhan, Nhom, SoLuong, MaBam }: WireCounted,
  commune: Pick<TheirGroupDigest, 'theirCommune' | 'communeCode'>,
): TheirGroupDigest => ({
  ...commune,
  receivedOn: readDate(NgayTiepNhan, 'NgayTiepNhan'),
  ...(told(Nhom) !== undefined && { bucket: readBucket(Nhom, 'Nhom') }),
  count: readCount(SoLuong, 'SoLuong'),
  digest: readSha256(MaBam, 'MaBam'),
})

/** What is read of a row in its system's own words. */
interface ReadOwn<Notice extends string> {
  readonly dossier: Pick<ComparedRecord, 'dossierCode' | 'communeCode' | 'receivedOn' | 'status'>
  readonly idNumber: string | undefined
  readonly notice: Notice
  /** Zones of instants that say none. */
  readonly zones: { readonly due: string; readonly changed: string }
}

export function recordOf<Notice extends string>(
  row: WireContent<Notice>,
  { dossier, idNumber, notice, zones }: ReadOwn<Notice>,
): ComparedRecord {
  const name = told(row.HoTen)
  const number = told(idNumber)
  return {
    ...dossier,
    dueAt: readInstant(row.NgayHenTra, 'NgayHenTra', zones.due),
    ...(name !== undefined && { applicant: { name, ...(number !== undefined && { idNumber: number }) } }),
    parcels: row.ThuaDat.map(({ SoHieuBanDo, SoThuTuThua }) => ({
      mapSheetNumber: required(SoHieuBanDo, 'ThuaDat.SoHieuBanDo'),
      parcelNumber: required(SoThuTuThua, 'ThuaDat.SoThuTuThua'),
    })),
    documents: row.GiayTo.map(({ TenGiayTo, MaBam }) => ({ name: told(TenGiayTo) ?? '', sha256: readSha256(MaBam, 'GiayTo.MaBam') })),
    amounts: row.KhoanThue.map((tax) => ({
      notice: required(tax[notice], `KhoanThue.${notice}`),
      item: required(tax.LoaiThue, 'KhoanThue.LoaiThue'),
      amount: readAmount(tax.SoTien, 'KhoanThue.SoTien'),
    })),
    ...(told(row.NgaySua) !== undefined && { changedAt: readInstant(row.NgaySua, 'NgaySua', zones.changed) }),
  }
}
