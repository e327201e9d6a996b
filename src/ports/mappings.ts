import type { SystemId } from '../model/system.js'

/**
 * Bảng ánh xạ mã: how our codes read in a foreign system. PROCEDURE: thủ tục → quy trình; COMMUNE: đơn vị hành chính
 * (as `code@validFrom`) → mã xã of that system; USER: cán bộ → tài khoản.
 */
export const MAPPING_KINDS = ['PROCEDURE', 'COMMUNE', 'USER'] as const
export type MappingKind = (typeof MAPPING_KINDS)[number]

/** Systems that speak in codes of their own: each dossier that is sent there needs a row for its procedure, its communes and who received it. */
export const SYSTEMS_WITH_OWN_CODES: readonly SystemId[] = ['VILIS']

/**
 * Looks one code up for a day. Null when no row is in force then: the adapter answers NOT_SENT MAPPING_MISSING and the transfer
 * is held until the row is loaded; never a skip, never a default. A commune's code without its day has the meaning that is in force on the day asked for.
 */
export interface Mappings {
  toForeign(system: SystemId, kind: MappingKind, ourCode: string, onDate: string): Promise<string | null>
  toOurs(system: SystemId, kind: MappingKind, foreignCode: string, onDate: string): Promise<string | null>
  /** All that a foreign code has ever meant, the newest first: of two rows that are in force on a day the first counts; of two that began on the same day nobody knows which. For whoever has thousands of days to look up. */
  meaningsOf(system: SystemId, kind: MappingKind, foreignCode: string): Promise<readonly CodeMeaning[]>
}

export interface CodeMeaning {
  readonly ourCode: string
  /** Local dates `yyyy-MM-dd`, both inclusive; null: open. */
  readonly validFrom: string
  readonly validTo: string | null
}
