import type { ComparedField, ComparedRecord } from '../model/compared-record.js'
import type { SystemId } from '../model/system.js'
import type { FailedRead } from './failed-read.js'

/**
 * Đối soát (reconciliation): what one side holds, asked for at the depth that is needed. Whoever offers digests is asked for those of each commune and day, then of
 * the buckets of the days that differ, then for the records of the buckets that differ; whoever offers lists alone is read page by page. All of it is
 * read anew at each call: nothing is taken for known from an earlier answer. How a digest is made stands in `model/compared-record.ts`.
 */
export interface ComparisonSource {
  readonly id: SystemId
  readonly style: 'DIGESTS' | 'LIST'
  /** What this side can say of a dossier, in the declared order; the digests of its groups are over these alone. */
  readonly fields: readonly ComparedField[]
  /** Most groups that one call of `buckets` or `records`, and most codes that one of `ofCodes`, may name. */
  readonly batchLimit: number
  /** Digests of the communes and days of a range that hold any dossier, by day and commune. LIST: refused by an exception, as a mistake of ours. */
  days(range: ReceptionRange, cursor?: string): Promise<Compared<{ readonly groups: readonly TheirGroupDigest[] }>>
  /** Digests of the buckets of some days that hold any dossier. LIST: as above. */
  buckets(days: readonly TheirGroup[]): Promise<Compared<{ readonly groups: readonly TheirGroupDigest[] }>>
  /** The records of some groups, in any order; a code that stands there twice comes twice. LIST: as above. */
  records(groups: readonly TheirGroup[], cursor?: string): Promise<Compared<{ readonly records: readonly ComparedRecord[] }>>
  /** All records of a range, by day of reception and code, however the system offers them. */
  list(range: ReceptionRange, cursor?: string): Promise<Compared<{ readonly records: readonly ComparedRecord[] }>>
  /** The records of these codes now: asked before anything is called a finding, and after a repair. A code that is not there is absent. */
  ofCodes(dossierCodes: readonly string[]): Promise<Compared<{ readonly records: readonly ComparedRecord[] }>>
}

/** Days of reception, local dates `yyyy-MM-dd`, both inclusive. */
export interface ReceptionRange {
  readonly from: string
  readonly to: string
}

interface Placed {
  /** Local date. */
  readonly receivedOn: string
  /** The first byte of the SHA-256 of the code, `00`..`ff`; left out: the whole day. */
  readonly bucket?: string
}

interface Digested {
  readonly count: number
  /** Hex SHA-256. */
  readonly digest: string
}

/** Nhóm của phía ta. */
export interface ComparedGroup extends Placed {
  /** Five digits, as valid on that day. */
  readonly communeCode: string
}

export interface GroupDigest extends ComparedGroup, Digested {}

/** Nhóm của bên kia, asked for by the name that it was told by. */
export interface TheirGroup extends Placed {
  /** What that side calls the commune. */
  readonly theirCommune: string
}

/**
 * `communeCode`: at which of our communes it stands. Undefined: no mapping is in force on its day. Several may stand at one of ours (communes that were merged, a code that is
 * used again), and one of theirs for several of ours: it stands at any of them.
 */
export interface TheirGroupDigest extends TheirGroup, Digested {
  readonly communeCode?: string
}

/**
 * `next`: where the following page begins, as that side wants it; left out at the end. `bytes`: of the answer, as it came. `unreadable`: rows of this page that
 * say something which cannot be taken for anything (a date of the year 1, a status outside the list, no code), told beside those that can.
 */
export type Compared<T> =
  | ({ readonly kind: 'READ'; readonly next?: string; readonly bytes: number; readonly unreadable: readonly UnreadableRow[] } & T)
  | FailedRead

/**
 * Dòng không đọc được: that side does hold something here, so a dossier that is told so is neither missing there nor the same; a whole group (`days`, `buckets`) is
 * told without a code. Such a row stands in its group's digest with what it says, and so makes the group differ for as long as it is spoilt.
 */
export interface UnreadableRow {
  readonly dossierCode?: string
  /** Vietnamese, with the name of the field, without personal data. */
  readonly reason: string
}
