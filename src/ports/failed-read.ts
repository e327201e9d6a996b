import type { ReadFailure, StoppedReading } from '../model/read-failure.js'

/** Đọc không được, as a value. */
export interface FailedRead {
  readonly kind: 'FAILED'
  readonly cause: string
  /** The technical code of a call without an answer that could be used; left out: of none. */
  readonly code?: string
  /** Of which kind it is, for who reads: the cause is for whoever has to mend it. */
  readonly why?: ReadFailure
  /** Of BREAKER_OPEN. */
  readonly stopped?: StoppedReading
  /**
   * Left out: the system is not well. ANSWERED: it has answered, and refused what was asked. SILENT: it was not asked at all, such as for
   * want of a mapping. Neither speaks against its health.
   */
  readonly shows?: 'ANSWERED' | 'SILENT'
  /** For want of this mapping it was not asked, as `KIND:code`. */
  readonly missing?: string
  /** Hỏng vì một dòng: something that was asked for spoilt the reply for all of it, or had all of it refused, or may have. The others may be read without it. */
  readonly spoiltByRow?: true
  /** So many rows of a feed were asked for, and they did not come in time or were too large: fewer may be read. */
  readonly tooManyRows?: number
}
