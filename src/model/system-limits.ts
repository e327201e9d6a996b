/**
 * Giới hạn của một hệ thống: how fast, and with how many calls at once, it may be called by all processes together. Null: no limit. The bounds are
 * the same for the configuration and for what an operator sets while it runs.
 */
export interface SystemLimits {
  /** Requests in a second; below one is allowed. */
  readonly maxPerSecond: number | null
  readonly maxInFlight: number | null
}

export const MAX_PER_SECOND = { least: 0.1, most: 100_000 } as const
export const MAX_IN_FLIGHT = { least: 1, most: 10_000 } as const

export interface LimitFault {
  readonly reason: 'LIMITS_MISSING' | 'LIMIT_OUT_OF_RANGE' | 'LIMIT_NOT_WHOLE'
  readonly field: keyof SystemLimits
  /** A sentence in Vietnamese. */
  readonly message: string
}

/** What is wrong with limits that somebody wants to set; a field that is left out stays as it is, and one of them must be given. */
export const limitFaultOf = ({ maxPerSecond, maxInFlight }: Partial<SystemLimits>): LimitFault | null => {
  if (maxPerSecond === undefined && maxInFlight === undefined)
    return {
      reason: 'LIMITS_MISSING',
      field: 'maxPerSecond',
      message: 'Hãy cho ít nhất một giới hạn: số yêu cầu mỗi giây hoặc số lượt cùng lúc.',
    }
  if (!isWithin(maxPerSecond, MAX_PER_SECOND))
    return { reason: 'LIMIT_OUT_OF_RANGE', field: 'maxPerSecond', message: 'Số yêu cầu mỗi giây phải từ 0,1 đến 100.000.' }
  if (!isWithin(maxInFlight, MAX_IN_FLIGHT))
    return { reason: 'LIMIT_OUT_OF_RANGE', field: 'maxInFlight', message: 'Số lượt cùng lúc phải từ 1 đến 10.000.' }
  if (typeof maxInFlight === 'number' && !Number.isInteger(maxInFlight))
    return { reason: 'LIMIT_NOT_WHOLE', field: 'maxInFlight', message: 'Số lượt cùng lúc phải là số nguyên.' }
  return null
}

/** Not a number lies within nothing. */
const isWithin = (value: number | null | undefined, { least, most }: { readonly least: number; readonly most: number }): boolean =>
  value === null || value === undefined || (value >= least && value <= most)
