import { canonicalSerial } from '../../src/model/dossier-code.js'
import { isDay, LAST_YEAR } from '../../src/model/read-instant.js'
import type { ParcelKey, RegistryCertificate, RegistryParcel } from '../../src/ports/land-registry.js'
import { canonicalDecimal, Unreadable } from './wire-fields.js'
import type { WireCertificate, WireParcel } from './wire-replies.js'

/**
 * Rows of the land book in our words. What is there and is no area or no day throws {@link Unreadable}: the row is refused as a whole, as a message would be.
 * Blank is not there.
 */
export const parcelOf = (parcel: WireParcel, key: ParcelKey): RegistryParcel => ({
  key,
  ...areaOf(parcel.DienTich, 'ThuaDat.DienTich'),
  ...(parcel.DiaChiChiTiet !== undefined && { address: parcel.DiaChiChiTiet }),
  landUses: (parcel.DanhSachMucDichSuDung?.MucDich ?? []).map(({ MucDichSuDung, DienTich, ThoiHanSuDung }) => ({
    code: MucDichSuDung,
    ...areaOf(DienTich, 'ThuaDat.MucDich.DienTich'),
    ...(ThoiHanSuDung !== undefined && { term: ThoiHanSuDung }),
  })),
  certificateSerials: parcel.SoPhatHanh.map(canonical),
  restrictions: parcel.HanChe,
})

export const certificateOf = (certificate: WireCertificate, serialNumber: string, parcels: readonly ParcelKey[]): RegistryCertificate => {
  const issuedOn = issueDate(certificate.NgayCap?.trim() ?? '')
  return {
    serialNumber,
    ...(certificate.SoVaoSo !== undefined && { registerNumber: certificate.SoVaoSo }),
    ...(issuedOn !== undefined && { issuedOn }),
    ...(certificate.TenNguoiSuDung !== undefined && { landUserName: certificate.TenNguoiSuDung }),
    parcels,
  }
}

export const canonical = (serial: string): string => canonicalSerial(serial) ?? serial

/** Exact, every digit of it, also `153.70000000000002`; an area of less than nothing is none. */
const areaOf = (text: string | undefined, field: string): { areaM2?: string } => {
  if (text === undefined) return {}
  const areaM2 = canonicalDecimal(text)
  if (areaM2 === undefined) throw new Unreadable(field, `Trường ${field} của TraCuuThuaDat không phải là số thập phân.`)
  return { areaM2 }
}

/** Land registries write 1900-01-01, 0001-01-01, 9999-12-31 and the like for "no date". */
const FIRST_DATE = '1990-01-01'

/** An xs:date may carry an offset (`2026-03-15+07:00`): the day is what stands there, whatever the offset. */
const issueDate = (text: string): string | undefined => {
  if (text === '') return undefined
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text)?.[1] ?? ''
  if (!isDay(day))
    throw new Unreadable('GiayChungNhan.NgayCap', 'Trường GiayChungNhan.NgayCap của TraCuuGiayChungNhan không phải là ngày có trong lịch.')
  return day < FIRST_DATE || Number(day.slice(0, 4)) > LAST_YEAR ? undefined : day
}
