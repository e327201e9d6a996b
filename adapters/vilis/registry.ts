import type { FailedRead } from '../../src/ports/failed-read.js'
import type { LandRegistry, ParcelKey, RegistryCertificate, RegistryParcel, RegistryRead } from '../../src/ports/land-registry.js'
import type { SoapClient } from '../soap/client.js'
import { failedRows } from '../soap/failed-read.js'
import { localDate } from '../soap/wire-time.js'
import { AskedRows, OtherAnswer } from './asked-rows.js'
import type { Codes } from './codes.js'
import { VILIS_FAULTS } from './faults.js'
import { canonical, certificateOf, parcelOf } from './land-rows.js'
import { NotSendable } from './not-sendable.js'
import { Unreadable } from './wire-fields.js'
import type { CertificatesReply, ParcelsReply, WireParcelKey } from './wire-replies.js'
import { readInstant, type WireZones } from './wire-times.js'

/**
 * Live reads of parcels and certificates, several in one call. A commune is named to ViLIS by its own code: a key's `communeCode`
 * is ours, with its day (`28594@2025-07-01`) or in the meaning of today. Without a mapping it is not asked for, and the others are: the same digits are another commune
 * over there. Values come back under the key that was asked; a reply about anything else is refused as a whole (`asked-rows.ts`).
 */
export interface VilisRegistryOptions {
  readonly client: SoapClient
  readonly codes: Codes
  readonly zones: WireZones
  readonly readDeadlineMs: number
  readonly now: () => Date
  /** How far ahead of ours ViLIS's clock may be. */
  readonly clockToleranceMs: number
}

const BATCH_LIMIT = 50

export function createVilisRegistry(options: VilisRegistryOptions): LandRegistry {
  return {
    batchLimit: BATCH_LIMIT,
    readParcels: (keys) => readParcels(keys, options),
    readCertificates: (serials) => readCertificates(serials, options),
  }
}

async function readParcels(keys: readonly ParcelKey[], options: VilisRegistryOptions): Promise<RegistryRead<RegistryParcel>> {
  const asked = new AskedRows<ParcelKey>('ThuaDat')
  const wires = new Map<string, WireParcelKey>()
  const notAsked = new Map<number, FailedRead>()
  for (const [place, key] of keys.entries()) {
    try {
      const wire = await wireKey(key, options)
      asked.ask(nameOf(wire), key)
      wires.set(JSON.stringify(nameOf(wire)), wire)
    } catch (error) {
      if (!(error instanceof NotSendable)) throw error
      notAsked.set(place, {
        kind: 'FAILED',
        cause: error.reason,
        shows: 'SILENT',
        ...(error.field !== undefined && { missing: error.field }),
      })
    }
  }
  const [unasked] = notAsked.values()
  if (unasked && wires.size === 0) return { ...unasked, notAsked }
  const fields = { DanhSachThua: { KhoaThuaDat: [...wires.values()] } }
  const read = await readRows<ParcelsReply, RegistryParcel>('TraCuuThuaDat', 'ThuaDat', fields, options, async ({ DanhSachThuaDat }) =>
    asked.match(DanhSachThuaDat?.ThuaDat ?? [], nameOf).flatMap(([parcel, keysOfIt]) => keysOfIt.map((key) => parcelOf(parcel, key))),
  )
  return unasked ? { ...read, notAsked } : read
}

async function readCertificates(serials: readonly string[], options: VilisRegistryOptions): Promise<RegistryRead<RegistryCertificate>> {
  const asked = new AskedRows<string>('GiayChungNhan')
  for (const serial of serials) asked.ask([canonical(serial)], serial)
  const fields = { DanhSachSoPhatHanh: { SoPhatHanh: [...new Set(serials.map(canonical))] } }
  return readRows<CertificatesReply, RegistryCertificate>('TraCuuGiayChungNhan', 'GiayChungNhan', fields, options, async (reply) => {
    const today = localDate(options.now().toISOString(), options.zones.LOCAL)
    const values: RegistryCertificate[] = []
    for (const [row, asSerials] of asked.match(reply.DanhSachGiayChungNhan?.GiayChungNhan ?? [], ({ SoPhatHanh }) => [
      canonical(SoPhatHanh),
    ])) {
      const parcels: ParcelKey[] = []
      for (const wire of row.DanhSachThuaDat?.KhoaThuaDat ?? []) parcels.push(await ourKey(wire, today, options.codes))
      for (const serialNumber of asSerials) values.push(certificateOf(row, serialNumber, parcels))
    }
    return values
  })
}

/**
 * One call, and its rows in our words. A reply that does not answer what was asked, or holds what is no area, day or instant, fails as a whole: nothing of it is
 * believed. ViLIS has answered all the same, and where it is about a row, the others can be asked for without it.
 */
async function readRows<Reply extends { readonly ThoiDiem?: string }, Value>(
  operation: string,
  row: string,
  fields: Record<string, unknown>,
  options: VilisRegistryOptions,
  valuesOf: (reply: Reply) => Promise<readonly Value[]>,
): Promise<RegistryRead<Value>> {
  const begunAt = options.now()
  const result = await options.client.call(operation, fields, { totalMs: options.readDeadlineMs })
  if (result.kind !== 'REPLY') return failedRows(VILIS_FAULTS, result, row)
  const reply = result.value as unknown as Reply
  try {
    const toldAt = asOf(reply.ThoiDiem, begunAt, options)
    return { kind: 'READ', values: await valuesOf(reply), asOf: toldAt }
  } catch (error) {
    if (error instanceof ClockAhead) return CLOCK_AHEAD
    const cause = error instanceof OtherAnswer ? 'OTHER_ANSWER' : error instanceof Unreadable ? 'BROKEN_REPLY' : undefined
    if (cause === undefined) throw error
    const { message: detail } = error as Error
    return { ...failedRows(VILIS_FAULTS, { kind: 'NO_ANSWER', cause, detail, evidence: result.evidence }, row), shows: 'ANSWERED' }
  }
}

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

class ClockAhead extends Error {}

/** It has answered; no key and no row is to blame, and whoever mends its clock has to be told just that. */
const CLOCK_AHEAD: FailedRead = {
  kind: 'FAILED',
  cause: 'Đồng hồ của phần mềm đất đai (ViLIS) chạy trước giờ hiện tại.',
  why: 'CLOCK_AHEAD',
  shows: 'ANSWERED',
}

/**
 * When ViLIS read its book, by its own clock; where it does not say, when we began to ask. As in its messages, an instant that cannot be read or lies
 * further ahead of us than clocks may differ is not believed, nor the reply that holds it: nothing becomes now.
 */
function asOf(told: string | undefined, begunAt: Date, { zones, now, clockToleranceMs }: VilisRegistryOptions): string {
  if (told === undefined || told.trim() === '') return begunAt.toISOString()
  const instant = readInstant('TraCuu.ThoiDiem', told, zones)
  if (instant === null) throw new Unreadable('ThoiDiem', 'Trường ThoiDiem của trả lời tra cứu không phải là thời điểm tin được.')
  if (Date.parse(instant) > now().getTime() + clockToleranceMs) throw new ClockAhead()
  return instant
}
