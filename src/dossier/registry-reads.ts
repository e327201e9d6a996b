import type { LandRegistry, ParcelKey, RegistryCertificate, RegistryParcel, RegistryRead } from '../ports/land-registry.js'

/**
 * One value of the land registry and how fresh it is. When the registry cannot be read, the last value that this process read is
 * given with the reason; a value that was never read is null. `known` is false when the registry answered that it has no such
 * thing, null when nothing is known.
 */
export interface FreshRead<Value> {
  readonly value: Value | null
  readonly known: boolean | null
  readonly asOf: Date | null
  readonly staleBecause: string | null
}

export interface RegistryReads {
  /** One answer a key, in the order of the keys. */
  parcels(keys: readonly ParcelKey[]): Promise<FreshRead<RegistryParcel>[]>
  certificates(serialNumbers: readonly string[]): Promise<FreshRead<RegistryCertificate>[]>
}

export const parcelKeyText = (key: ParcelKey): string => `${key.communeCode}/${key.mapSheetNumber}/${key.parcelNumber}`

interface Remembered<Value> {
  readonly value: Value | null
  readonly asOf: Date
}

/** Last values, the longest unused forgotten first. */
class LastKnown<Value> {
  private readonly entries = new Map<string, Remembered<Value>>()

  constructor(private readonly capacity: number) {}

  get(key: string): Remembered<Value> | undefined {
    const entry = this.entries.get(key)
    if (entry) {
      this.entries.delete(key)
      this.entries.set(key, entry)
    }
    return entry
  }

  set(key: string, entry: Remembered<Value>): void {
    this.entries.delete(key)
    this.entries.set(key, entry)
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.capacity) break
      this.entries.delete(oldest)
    }
  }
}

interface Kind<Key, Value> {
  readonly read: (keys: readonly Key[]) => Promise<RegistryRead<Value>>
  readonly keyText: (key: Key) => string
  readonly valueText: (value: Value) => string
}

const WORDS = 'Chưa đọc được phần mềm đất đai (ViLIS)'

const createReader = <Key, Value>(kind: Kind<Key, Value>, batchLimit: number, capacity: number) => {
  const lastKnown = new LastKnown<Value>(capacity)

  const readBatch = async (keys: readonly Key[]): Promise<FreshRead<Value>[]> => {
    const answer = await kind.read(keys)
    if (answer.kind === 'FAILED') {
      return keys.map((key) => {
        const last = lastKnown.get(kind.keyText(key))
        return { value: last?.value ?? null, known: last ? last.value !== null : null, asOf: last?.asOf ?? null, staleBecause: WORDS }
      })
    }
    const asOf = new Date(answer.asOf)
    const values = new Map(answer.values.map((value) => [kind.valueText(value), value]))
    return keys.map((key) => {
      const value = values.get(kind.keyText(key)) ?? null
      lastKnown.set(kind.keyText(key), { value, asOf })
      return { value, known: value !== null, asOf, staleBecause: null }
    })
  }

  return async (keys: readonly Key[]): Promise<FreshRead<Value>[]> => {
    const batches: Promise<FreshRead<Value>[]>[] = []
    for (let start = 0; start < keys.length; start += batchLimit) batches.push(readBatch(keys.slice(start, start + batchLimit)))
    return (await Promise.all(batches)).flat()
  }
}

/** One for the whole process: `capacity` values of each kind are remembered. */
export const createRegistryReads = (registry: LandRegistry, capacity = 10_000): RegistryReads => ({
  parcels: createReader(
    {
      read: (keys: readonly ParcelKey[]) => registry.readParcels(keys),
      keyText: parcelKeyText,
      valueText: (parcel: RegistryParcel) => parcelKeyText(parcel.key),
    },
    registry.batchLimit,
    capacity,
  ),
  certificates: createReader(
    {
      read: (serials: readonly string[]) => registry.readCertificates(serials),
      keyText: (serial: string) => serial,
      valueText: (certificate: RegistryCertificate) => certificate.serialNumber,
    },
    registry.batchLimit,
    capacity,
  ),
})
