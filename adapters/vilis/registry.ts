import { canonicalSerial } from '../../src/model/dossier-code.js'
import type { FailedRead } from '../../src/ports/failed-read.js'
import type { LandRegistry, ParcelKey, RegistryCertificate, RegistryParcel, RegistryRead } from '../../src/ports/land-registry.js'
import type { CallResult } from '../soap/call-result.js'
import type { SoapClient } from '../soap/client.js'
import { failedRows } from '../soap/failed-read.js'
import { localDate } from '../soap/wire-time.js'
import { AskedRows } from './asked-rows.js'
import type { Codes } from './codes.js'
import { NotSendable } from './not-sendable.js'
import type { CertificatesReply, ParcelsReply, WireParcel, WireParcelKey } from './wire-replies.js'
import { readInstant, type WireZones } from './wire-times.js'

/**
 * Live reads of parcels and certificates, several in one call. A commune is named to ViLIS by its own code: a key's `communeCode`
 * is ours, with its day (`28594@2025-07-01`) or in the meaning of today. Without a mapping it is not asked for: the same digits are another commune
 * over there. Values come back under the key that was asked; a reply about anything else is refused as a whole (`asked-rows.ts`).
 */
export interface VilisRegistryOptions {
  readonly client: SoapClient
  readonly codes: Codes
  readonly zones: WireZones
  readonly readDeadlineMs: number
  readonly now: () => Date
}

const BATCH_LIMIT = 50

/** Land registries write 1900-01-01 and the like for "no date". */
const FIRST_DATE = '1990-01-01'

export function createVilisRegistry(options: VilisRegistryOptions): LandRegistry {
  return {
    batchLimit: BATCH_LIMIT,
    readParcels: (keys) => readParcels(keys, options),
    readCertificates: (serials) => readCertificates(serials, options),
  }
}

async function readParcels(keys: readonly ParcelKey[], options: VilisRegistryOptions): Promise<RegistryRead<RegistryParcel>> {
  const asked = new AskedRows<ParcelKey>()
  const wires = new Map<string, WireParcelKey>()
  try {
    for (const key of keys) {
      const wire = await wireKey(key, options)
      asked.ask(nameOf(wire), key)
      wires.set(JSON.stringify(nameOf(wire)), wire)
    }
  } catch (error) {
    if (error instanceof NotSendable) return { kind: 'FAILED', cause: error.reason, shows: 'SILENT', missing: error.field }
    throw error
  }
  const fields = { DanhSachThua: { KhoaThuaDat: [...wires.values()] } }
  const result = await options.client.call('TraCuuThuaDat', fields, { totalMs: options.readDeadlineMs })
  if (result.kind !== 'REPLY') return failedRows('VILIS', result, 'ThuaDat')
  const reply = result.value as unknown as ParcelsReply
  const rows = asked.match(reply.DanhSachThuaDat?.ThuaDat ?? [], nameOf)
  if (typeof rows === 'string') return otherAnswer('ThuaDat', rows, result)
  const values = rows.flatMap(([parcel, keys]) => keys.map((key) => parcelOf(parcel, key)))
  return { kind: 'READ', values, asOf: asOf(reply.ThoiDiem, options) }
}

const parcelOf = (parcel: WireParcel, key: ParcelKey): RegistryParcel => ({
  key,
  ...(parcel.DienTich !== undefined && { areaM2: parcel.DienTich }),
  ...(parcel.DiaChiChiTiet !== undefined && { address: parcel.DiaChiChiTiet }),
  landUses: (parcel.DanhSachMucDichSuDung?.MucDich ?? []).map(({ MucDichSuDung, DienTich, ThoiHanSuDung }) => ({
    code: MucDichSuDung,
    ...(DienTich !== undefined && { areaM2: DienTich }),
    ...(ThoiHanSuDung !== undefined && { term: ThoiHanSuDung }),
  })),
  certificateSerials: parcel.SoPhatHanh.map(canonical),
  restrictions: parcel.HanChe,
})

async function readCertificates(serials: readonly string[], options: VilisRegistryOptions): Promise<RegistryRead<RegistryCertificate>> {
  const asked = new AskedRows<string>()
  for (const serial of serials) asked.ask([canonical(serial)], serial)
  const fields = { DanhSachSoPhatHanh: { SoPhatHanh: [...new Set(serials.map(canonical))] } }
  const result = await options.client.call('TraCuuGiayChungNhan', fields, { totalMs: options.readDeadlineMs })
  if (result.kind !== 'REPLY') return failedRows('VILIS', result, 'GiayChungNhan')
  const reply = result.value as unknown as CertificatesReply
  const today = localDate(options.now().toISOString(), options.zones.LOCAL)
  const rows = asked.match(reply.DanhSachGiayChungNhan?.GiayChungNhan ?? [], ({ SoPhatHanh }) => [canonical(SoPhatHanh)])
  if (typeof rows === 'string') return otherAnswer('GiayChungNhan', rows, result)
  const values: RegistryCertificate[] = []
  for (const [certificate, serialNumbers] of rows) {
    const issuedOn = issueDate(certificate.NgayCap)
    const parcels: ParcelKey[] = []
    for (const wire of certificate.DanhSachThuaDat?.KhoaThuaDat ?? []) parcels.push(await ourKey(wire, today, options.codes))
    for (const serialNumber of serialNumbers)
      values.push({
        serialNumber,
        ...(certificate.SoVaoSo !== undefined && { registerNumber: certificate.SoVaoSo }),
        ...(issuedOn !== undefined && { issuedOn }),
        ...(certificate.TenNguoiSuDung !== undefined && { landUserName: certificate.TenNguoiSuDung }),
        parcels,
      })
  }
  return { kind: 'READ', values, asOf: asOf(reply.ThoiDiem, options) }
}

/** The reply has a row that does not fit what was asked: nothing of it is believed. */
const otherAnswer = (row: 'ThuaDat' | 'GiayChungNhan', why: string, { evidence }: CallResult): FailedRead =>
  failedRows('VILIS', { kind: 'NO_ANSWER', cause: 'OTHER_ANSWER', detail: `a ${row} ${why}`, evidence }, row)

async function wireKey(key: ParcelKey, { codes, now, zones }: VilisRegistryOptions): Promise<WireParcelKey> {
  const [code = '', validFrom] = key.communeCode.split('@')
  const today = localDate(now().toISOString(), zones.LOCAL)
  const commune =
    validFrom === undefined ? await codes.communeInForce(code, today) : await codes.communeThenOrNow({ code, validFrom, name: '' }, today)
  return { XaId: commune, SoHieuBanDo: key.mapSheetNumber.trim(), SoThuTuThua: key.parcelNumber.trim() }
}

async function ourKey(wire: WireParcelKey, today: string, codes: Codes): Promise<ParcelKey> {
  const communeCode = await codes.ourCommune(wire.XaId, today)
  return { communeCode, mapSheetNumber: wire.SoHieuBanDo, parcelNumber: wire.SoThuTuThua }
}

const nameOf = ({ XaId, SoHieuBanDo, SoThuTuThua }: WireParcelKey): readonly string[] => [XaId, SoHieuBanDo, SoThuTuThua]

const canonical = (serial: string): string => canonicalSerial(serial) ?? serial

/** An xs:date may carry an offset (`2026-03-15+07:00`): the day is what stands there, whatever the offset. */
function issueDate(text: string | undefined): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text ?? '')?.[1]
  return day === undefined || day < FIRST_DATE ? undefined : day
}

function asOf(told: string | undefined, { zones, now }: VilisRegistryOptions): string {
  return (told === undefined ? null : readInstant('TraCuu.ThoiDiem', told, zones)) ?? now().toISOString()
}
