/**
 * Khung bảo trì: what a planned window may be. Longer than three days is no maintenance but a pause, which ends by a person; and what lies more than a year ahead is a
 * slip of the keyboard.
 */
const HOUR_MS = 3_600_000
const LONGEST_HOURS = 72
const FARTHEST_DAYS = 366
/** A window that begins "now" was written down a moment ago. */
const PAST_TOLERANCE_MS = 300_000

export interface WindowAsked {
  readonly from: Date
  readonly until: Date
}

export interface WindowFault {
  readonly reason: 'WINDOW_EMPTY' | 'WINDOW_PAST' | 'WINDOW_TOO_LONG' | 'WINDOW_TOO_FAR'
  readonly field: 'from' | 'until'
  readonly message: string
}

/** Null: such a window may be planned. */
export const faultOfWindow = ({ from, until }: WindowAsked, now: Date): WindowFault | null => {
  if (until <= from) return { reason: 'WINDOW_EMPTY', field: 'until', message: 'Giờ kết thúc phải sau giờ bắt đầu.' }
  if (until <= now) return { reason: 'WINDOW_PAST', field: 'until', message: 'Khung bảo trì này đã qua.' }
  if (now.getTime() - from.getTime() > PAST_TOLERANCE_MS)
    return { reason: 'WINDOW_PAST', field: 'from', message: 'Giờ bắt đầu đã qua: hãy để trống nếu bảo trì từ lúc này.' }
  if (until.getTime() - from.getTime() > LONGEST_HOURS * HOUR_MS)
    return {
      reason: 'WINDOW_TOO_LONG',
      field: 'until',
      message: `Một khung bảo trì dài nhất ${LONGEST_HOURS} giờ. Lâu hơn thì hãy tạm dừng hệ thống, rồi cho chạy lại khi xong.`,
    }
  if (from.getTime() - now.getTime() > FARTHEST_DAYS * 24 * HOUR_MS)
    return { reason: 'WINDOW_TOO_FAR', field: 'from', message: 'Khung bảo trì chỉ lập trước nhiều nhất một năm.' }
  return null
}

export type WindowState = 'PLANNED' | 'RUNNING' | 'OVER'
export const WINDOW_STATES: readonly WindowState[] = ['PLANNED', 'RUNNING', 'OVER']

export const windowStateOf = ({ from, until, endedAt }: WindowAsked & { readonly endedAt: Date | null }, now: Date): WindowState => {
  if (endedAt || until <= now) return 'OVER'
  return from <= now ? 'RUNNING' : 'PLANNED'
}
