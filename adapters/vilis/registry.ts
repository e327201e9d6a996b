import { canonicalSerial } from '../../src/model/dossier-code.js'
import type { LandRegistry, ParcelKey, RegistryCertificate, RegistryParcel, RegistryRead } from '../../src/ports/land-registry.js'
import type { SoapClient } from '../soap/client.js'
import { failedRead } from '../soap/failed-read.js'
import { localDate } from '../soap/wire-time.js'
import type { Codes } from './codes.js'
import { NotSendable } from './not-sendable.js'
import type { CertificatesReply, ParcelsReply, WireParcelKey } from './wire-replies.js'
import { readInstant, type WireZones } from './wire-times.js'

/**
 * Live reads of parcels and certificates, several in one call. A commune is named to ViLIS by its own code: a key's `communeCode`
 * is ours, with its day (`28594@2025-07-01`) or in the meaning of today. Without a mapping it is not asked for: the same digits are another commune
 * over there. Values come back under the key that was asked.
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
  const asked = new Map<string, { wire: WireParcelKey; key: ParcelKey }>()
  try {
    for (const key of keys) {
      const wire = await wireKey(key, options)
      asked.set(keyText(wire), { wire, key })
    }
  } catch (error) {
    if (error instanceof NotSendable) return { kind: 'FAILED', cause: error.reason, shows: 'SILENT', missing: error.field }
    throw error
  }
  const fields = { DanhSachThua: { KhoaThuaDat: [...asked.values()].map(({ wire }) => wire) } }
  const result = await options.client.call('TraCuuThuaDat', fields, { totalMs: options.readDeadlineMs })
  if (result.kind !== 'REPLY') return failedRead('VILIS', result)
  const reply = result.value as unknown as ParcelsReply
  const values = (reply.DanhSachThuaDat?.ThuaDat ?? []).flatMap((parcel): RegistryParcel[] => {
    const key = asked.get(keyText(parcel))?.key
    if (key === undefined) return []
    return [
      {
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
      },
    ]
  })
  return { kind: 'READ', values, asOf: asOf(reply.ThoiDiem, options) }
}

async function readCertificates(serials: readonly string[], options: VilisRegistryOptions): Promise<RegistryRead<RegistryCertificate>> {
  const asked = new Map(serials.map((serial) => [canonical(serial), serial]))
  const fields = { DanhSachSoPhatHanh: { SoPhatHanh: [...asked.keys()] } }
  const result = await options.client.call('TraCuuGiayChungNhan', fields, { totalMs: options.readDeadlineMs })
  if (result.kind !== 'REPLY') return failedRead('VILIS', result)
  const reply = result.value as unknown as CertificatesReply
  const today = localDate(options.now().toISOString(), options.zones.LOCAL)
  const values: RegistryCertificate[] = []
  for (const certificate of reply.DanhSachGiayChungNhan?.GiayChungNhan ?? []) {
    const serialNumber = asked.get(canonical(certificate.SoPhatHanh))
    if (serialNumber === undefined) continue
    const issuedOn = issueDate(certificate.NgayCap)
    const parcels: ParcelKey[] = []
    for (const wire of certificate.DanhSachThuaDat?.KhoaThuaDat ?? []) parcels.push(await ourKey(wire, today, options.codes))
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

async function wireKey(key: ParcelKey, { codes, now, zones }: VilisRegistryOptions): Promise<WireParcelKey> {
  const [code = '', validFrom] = key.communeCode.split('@')
  const today = localDate(now().toISOString(), zones.LOCAL)
  const commune =
    validFrom === undefined ? await codes.communeInForce(code, today) : await codes.communeThenOrNow({ code, validFrom, name: '' }, today)
  return { XaId: commune, SoHieuBanDo: key.mapSheetNumber, SoThuTuThua: key.parcelNumber }
}

async function ourKey(wire: WireParcelKey, today: string, codes: Codes): Promise<ParcelKey> {
  const communeCode = await codes.ourCommune(wire.XaId, today)
  return { communeCode, mapSheetNumber: wire.SoHieuBanDo, parcelNumber: wire.SoThuTuThua }
}

const keyText = ({ XaId, SoHieuBanDo, SoThuTuThua }: WireParcelKey): string => JSON.stringify([XaId, SoHieuBanDo, SoThuTuThua])

const canonical = (serial: string): string => canonicalSerial(serial) ?? serial

/** An xs:date may carry an offset (`2026-03-15+07:00`): the day is what stands there, whatever the offset. */
function issueDate(text: string | undefined): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text ?? '')?.[1]
  return day === undefined || day < FIRST_DATE ? undefined : day
}

function asOf(told: string | undefined, { zones, now }: VilisRegistryOptions): string {
  return (told === undefined ? null : readInstant('TraCuu.ThoiDiem', told, zones)) ?? now().toISOString()
}
