import DataLoader from 'dataloader'
import { readForeignCode } from '../model/inbound.js'
import type { Sql } from '../platform/database.js'
import type { SharedCache } from '../platform/shared-cache.js'
import type { LandRegistry, ParcelKey, RegistryCertificate, RegistryParcel } from '../ports/land-registry.js'
import { createForgottenKeys, type ForgottenKeys } from './forgotten-keys.js'
import { createJoinedReads, type JoinedReadsOptions } from './joined-reads.js'
import type { SnapshotKeeper } from './keep-snapshots.js'
import type { CacheReading, Lifetimes } from './part-cache.js'
import { createPartReader, type PartReader } from './part-reader.js'
import type { FreshRead, MissingMapping, ReadAsk, ReadState } from './read-ask.js'
import { type RegistryKind, readSnapshots } from './registry-snapshot-repository.js'
import { createSharedParts } from './shared-parts.js'

/**
 * Đọc phần mềm đất đai cho mọi câu trả lời của tiến trình này, with few calls: what several requests want at once is one call, what was read is kept for a while, and
 * what cannot be read is given as it was known last, saying so.
 *
 * What is guaranteed of the cache: a change of a dossier that was committed is heeded by this process as soon as its event is read from the log (a poll of
 * 300 ms), and from then on nothing is given as CACHED, REFRESHING or LIVE of the parcels and certificates that the dossier names, or has named to another system, which was
 * read before. One that was made through this process is heeded before its answer goes out. LIVE depends on this only in that it shares a call that is under way
 * already: of a change that this process has not heard of yet it may miss what happened since that call began.
 */
export interface RegistryReads {
  parcel(key: ParcelKey, ask?: ReadAsk): Promise<FreshRead<RegistryParcel>>
  certificate(serialNumber: string, ask?: ReadAsk): Promise<FreshRead<RegistryCertificate>>
  /** `place`: in the log, behind the change. */
  forget(land: ChangedLand, place: string): void
  /** When it is not known what has changed; null: nor up to which place in the log. */
  forgetAll(place: string | null): void
  /** After `forgetAll(null)`, until it is told: nothing is believed that other gateways have read. */
  readonly isPlaceMissing: boolean
  /** Every change up to here is heeded. */
  heed(eventId: string): void
}

export interface ChangedLand {
  readonly parcels: readonly ParcelKey[]
  readonly serialNumbers: readonly string[]
}

/** Numbers of sheets and parcels may hold a slash themselves. */
const parcelKeyText = ({ communeCode, mapSheetNumber, parcelNumber }: ParcelKey): string =>
  [communeCode, mapSheetNumber, parcelNumber].map(encodeURIComponent).join('/')

/** What is counted of reading: for `platform/read-metrics.ts`. */
export interface ReadCounts {
  answered(kind: RegistryKind, how: ReadState | 'JOINED' | 'FAILED', ageMs: number | undefined): void
  called(kind: RegistryKind, outcome: 'READ' | 'FAILED', keys: number): void
  readCacheBy(read: () => readonly CacheReading[]): void
}

export interface RegistryReadsOptions {
  readonly registry: LandRegistry
  /** For the last values known. */
  readonly db: Sql
  readonly keeper: SnapshotKeeper
  readonly shared?: SharedCache | undefined
  readonly counts: ReadCounts
  readonly settings: {
    readonly parcels: Lifetimes
    readonly certificates: Lifetimes
    /** Of each kind. */
    readonly cacheEntries: number
    readonly cacheBytes: number
    readonly batchWindowMs: number
    /** So long it is believed, when the registry cannot be asked, that it has no such thing. */
    readonly snapshotAbsentHours: number
  }
}

const HOUR_MS = 3_600_000

/** A key's last value by the database, or one that is about to be written there; many keys of one turn in one statement. */
const lastKeptOf = <Value>(db: Sql, keeper: SnapshotKeeper, kind: RegistryKind, absentHours: number) => {
  const loader = new DataLoader<string, { readonly value: Value | null; readonly asOf: Date } | null>(
    async (keys) => {
      const found = new Map(
        (await readSnapshots(db, kind, keys, absentHours)).map((row) => [row.key, { value: row.value as Value | null, asOf: row.asOf }]),
      )
      return keys.map((key) => found.get(key) ?? null)
    },
    { cache: false },
  )
  return async (key: string) => {
    const waiting = keeper.waiting(kind, key)
    return waiting ? { value: waiting.value as Value | null, asOf: waiting.asOf } : loader.load(key)
  }
}

interface KindOf<Key, Value> extends Pick<JoinedReadsOptions<Key, Value>, 'read' | 'keyText' | 'valueText'> {
  readonly kind: RegistryKind
  readonly lifetimes: Lifetimes
}

const readerOf = <Key, Value>(
  { registry, db, keeper, shared, counts, settings }: RegistryReadsOptions,
  forgotten: ForgottenKeys,
  { kind, lifetimes, ...how }: KindOf<Key, Value>,
): PartReader<Key, Value> =>
  createPartReader({
    keyText: how.keyText,
    lifetimes,
    forgotten,
    maxEntries: settings.cacheEntries,
    maxBytes: settings.cacheBytes,
    joined: createJoinedReads({
      ...how,
      batchLimit: registry.batchLimit,
      windowMs: settings.batchWindowMs,
      spoiltMs: lifetimes.freshMs,
      moment: () => ({ moment: forgotten.now(), heeded: forgotten.heeded }),
      isForgottenSince: forgotten.isForgottenSince,
      onCall: (outcome, keys) => counts.called(kind, outcome, keys),
    }),
    shared: shared && createSharedParts<Value>(kind, shared, forgotten),
    keep: (key, { value, asOf, readAtMs }) => keeper.keep({ kind, key, value, asOf, readAtMs }),
    lastKept: lastKeptOf<Value>(db, keeper, kind, settings.snapshotAbsentHours),
    absentKnownMs: settings.snapshotAbsentHours * HOUR_MS,
    onAnswer: (answer, ageMs) => counts.answered(kind, answer, ageMs),
  })

/** A certificate's land that the registry names by a commune which nobody has mapped. */
const missingIn = ({ parcels }: RegistryCertificate): MissingMapping | undefined => {
  const code = parcels.map(({ communeCode }) => communeCode).find((communeCode) => readForeignCode(communeCode))
  return code === undefined ? undefined : { field: `COMMUNE:${code}`, sentence: `Chưa có ánh xạ đơn vị hành chính “${code}”` }
}

/** One for the whole process. */
export const createRegistryReads = (options: RegistryReadsOptions): RegistryReads => {
  const { registry, settings, counts } = options
  const forgotten = { parcels: createForgottenKeys(), certificates: createForgottenKeys() }
  const parcels = readerOf<ParcelKey, RegistryParcel>(options, forgotten.parcels, {
    kind: 'PARCEL',
    lifetimes: settings.parcels,
    read: (keys) => registry.readParcels(keys),
    keyText: parcelKeyText,
    valueText: (parcel) => parcelKeyText(parcel.key),
  })
  const certificates = readerOf<string, RegistryCertificate>(options, forgotten.certificates, {
    kind: 'CERTIFICATE',
    lifetimes: settings.certificates,
    read: (serials) => registry.readCertificates(serials),
    keyText: (serial) => serial,
    valueText: (certificate) => certificate.serialNumber,
  })
  counts.readCacheBy(() => [
    { kind: 'PARCEL', ...parcels.size },
    { kind: 'CERTIFICATE', ...certificates.size },
  ])
  const forgetIn = <Key>(reader: PartReader<Key, unknown>, marks: ForgottenKeys, keys: readonly string[], place: string): void => {
    marks.forget(keys, place)
    reader.forget(keys)
  }
  return {
    parcel: (key, ask) => parcels.read(key, ask),
    certificate: async (serialNumber, ask) => {
      const read = await certificates.read(serialNumber, ask)
      const missing = read.value === null ? undefined : missingIn(read.value)
      return missing && !read.missing ? { ...read, missing } : read
    },
    forget: (land, place) => {
      forgetIn(parcels, forgotten.parcels, land.parcels.map(parcelKeyText), place)
      forgetIn(certificates, forgotten.certificates, land.serialNumbers, place)
    },
    forgetAll: (place) => {
      for (const marks of [forgotten.parcels, forgotten.certificates]) marks.forgetAll(place)
      parcels.forgetAll()
      certificates.forgetAll()
    },
    get isPlaceMissing() {
      return forgotten.parcels.isPlaceMissing
    },
    heed: (eventId) => {
      for (const marks of [forgotten.parcels, forgotten.certificates]) marks.heed(eventId)
    },
  }
}
