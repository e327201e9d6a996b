import type { FailedRead } from './failed-read.js'

/** Reads of the land registry (ViLIS): live, batched. A failure is a value, so that a part of an answer goes stale and never the whole query fails. */

export interface ParcelKey {
  /** Ours; of what the registry tells, its own with its name before it (`VILIS:…`) when no mapping is loaded for it. */
  readonly communeCode: string
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

/** Mục đích sử dụng đất: code of the 2013-law list (`ONT`, `LUC`), area an exact decimal in m². */
export interface LandUse {
  readonly code: string
  readonly areaM2?: string
  readonly term?: string
}

/** Thửa đất (LADM LA_SpatialUnit). Areas are exact decimals in m² as the registry wrote them. */
export interface RegistryParcel {
  readonly key: ParcelKey
  readonly areaM2?: string
  readonly address?: string
  readonly landUses: readonly LandUse[]
  readonly certificateSerials: readonly string[]
  readonly restrictions: readonly string[]
}

/** Giấy chứng nhận (LADM LA_AdministrativeSource). `landUserName` is personal data. */
export interface RegistryCertificate {
  readonly serialNumber: string
  readonly registerNumber?: string
  /** Local date `yyyy-MM-dd`. */
  readonly issuedOn?: string
  readonly landUserName?: string
  readonly parcels: readonly ParcelKey[]
}

/** What came of one call. */
export type RegistryRead<T> = ({ readonly kind: 'READ'; readonly values: readonly T[]; readonly asOf: string } | FailedRead) & {
  /** By their place: keys for which the registry was not asked, each for want of its own mapping. The others were asked for without them. */
  readonly notAsked?: ReadonlyMap<number, FailedRead>
}

export interface LandRegistry {
  /** Most keys in one call; longer lists are split by the caller. */
  readonly batchLimit: number
  /** A key that the registry does not know is absent from `values`. */
  readParcels(keys: readonly ParcelKey[]): Promise<RegistryRead<RegistryParcel>>
  readCertificates(serialNumbers: readonly string[]): Promise<RegistryRead<RegistryCertificate>>
}
