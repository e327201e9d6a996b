import type { InEach, Language } from './language.js'

/**
 * Lượt đối soát: one comparison of some days, or of all that is open, with some systems.
 *
 *   QUEUED ──► RUNNING ──► DONE
 *      │        │  ▲   └─► FAILED (its time was over; its report says what was not looked at)
 *      │  pause │  │ resume
 *      │        ▼  │
 *      │       PAUSED
 *      └── cancel ──► CANCELLED
 *
 * Of one scope at most one is active over all processes. One that waits (a system does not answer, quiet hours, the grace time) stays RUNNING, and says
 * for what it waits and until when.
 */
export const RECONCILIATION_SCOPES = ['RECENT', 'OPEN', 'ALL', 'RANGE'] as const
export type ReconciliationScope = (typeof RECONCILIATION_SCOPES)[number]

const SCOPE_WORDS: Readonly<Record<ReconciliationScope, InEach<string>>> = {
  RECENT: { vi: 'Những ngày gần đây', en: 'The last days' },
  OPEN: { vi: 'Hồ sơ đang giải quyết', en: 'Open dossiers' },
  ALL: { vi: 'Toàn bộ', en: 'All' },
  RANGE: { vi: 'Khoảng ngày tự chọn', en: 'A range of days' },
}
export const describeScope = (scope: ReconciliationScope, language: Language = 'vi'): string => SCOPE_WORDS[scope][language]

export const RECONCILIATION_STATES = ['QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'CANCELLED', 'FAILED'] as const
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number]

const STATE_WORDS: Readonly<Record<ReconciliationState, InEach<string>>> = {
  QUEUED: { vi: 'Chờ chạy', en: 'Queued' },
  RUNNING: { vi: 'Đang chạy', en: 'Running' },
  PAUSED: { vi: 'Đang tạm dừng', en: 'Paused' },
  DONE: { vi: 'Đã xong', en: 'Done' },
  CANCELLED: { vi: 'Đã hủy', en: 'Cancelled' },
  FAILED: { vi: 'Chưa xong, đã quá thời gian', en: 'Not done in time' },
}
export const describeReconciliationState = (state: ReconciliationState, language: Language = 'vi'): string => STATE_WORDS[state][language]

const RECONCILIATION_ACTS = ['PAUSE', 'RESUME', 'CANCEL'] as const
export type ReconciliationAct = (typeof RECONCILIATION_ACTS)[number]

export const RECONCILIATION_MOVES: Readonly<
  Record<ReconciliationAct, { readonly from: readonly ReconciliationState[]; readonly to: ReconciliationState; readonly words: string }>
> = {
  PAUSE: { from: ['QUEUED', 'RUNNING'], to: 'PAUSED', words: 'tạm dừng' },
  RESUME: { from: ['PAUSED'], to: 'RUNNING', words: 'cho chạy tiếp' },
  CANCEL: { from: ['QUEUED', 'RUNNING', 'PAUSED'], to: 'CANCELLED', words: 'hủy' },
}

/**
 * Các bước with each system: SCAN finds the dossiers that differ, day by day; SETTLE lets the grace time pass and reads the feed to its end; CHECK looks again at
 * each live discrepancy, after what was on its way before was looked at and settled once more; REPAIR does what the policy allows.
 */
export const RECONCILIATION_PHASES = ['SCAN', 'STALE', 'SETTLE', 'CHECK', 'REPAIR', 'DONE'] as const
export type ReconciliationPhase = (typeof RECONCILIATION_PHASES)[number]

/** How far a run has come with one system. */
export interface SystemProgress {
  readonly phase: ReconciliationPhase
  /** SCAN: the local date at which the next window begins, or the last dossier's id (OPEN, STALE); CHECK, REPAIR: the last discrepancy's id. */
  readonly at?: string
  /** SCAN: codes of windows before that differ and have not been looked at yet, fewer than one question may name. */
  readonly suspected?: readonly string[]
  /** Codes that were on their way when they were looked at, so many as are kept: looked at again once the grace time is over. RECENT keeps none, for its like follows soon. */
  readonly moving?: readonly string[]
  /** Instant before which it is not gone on with, ISO-8601, and why. */
  readonly waitUntil?: string
  readonly waitsFor?: string
  /** Why nothing, or no more, was repaired by itself: sentences. */
  readonly halts?: readonly string[]
  /** Records under communes of theirs for which no mapping is in force on their days, so that they were compared one by one; by their code. */
  readonly unmapped?: UnmappedCommunes
  /** Records of theirs that could not be read. */
  readonly spoilt?: SpoiltRecords
  /** DONE: how many discrepancies of each class it had seen there. */
  readonly seen?: Readonly<Record<string, number>>
  /** When its first look began, ISO-8601. */
  readonly begunAt?: string
  readonly counts: ReconciliationCounts
}

/** Mã đơn vị hành chính của bên kia chưa có ánh xạ: how many of their records stand under each. */
export type UnmappedCommunes = Readonly<Record<string, number>>

/** Codes that are told one by one; of a system that invents them by the hundred the rest is summed up. */
const MOST_CODES = 100
export const OTHER_CODES = '…'

export const addUnmapped = (one: UnmappedCommunes = {}, more: UnmappedCommunes = {}): UnmappedCommunes => {
  const sum: Record<string, number> = { ...one }
  for (const [code, records] of Object.entries(more)) {
    const key = Object.hasOwn(sum, code) || Object.keys(sum).length < MOST_CODES ? code : OTHER_CODES
    sum[key] = (sum[key] ?? 0) + records
  }
  return sum
}

/** Bản ghi không đọc được: why, by the code of the dossier that it says. */
export type SpoiltRecords = Readonly<Record<string, string>>

/** Whether one more is told by its code: of a system that spoils them by the thousand the first ones are, the rest are counted. */
export const isToldByCode = (known: SpoiltRecords): boolean => Object.keys(known).length < MOST_CODES

export interface ReconciliationCounts {
  /** Records of ours that were looked at. */
  readonly compared: number
  readonly calls: number
  readonly bytes: number
  /** Communes and days of which the digests differed. */
  readonly groupsDiffering: number
  /** Dossiers that were read one by one on both sides. */
  readonly examined: number
  /** Of these, on their way: not judged. */
  readonly inFlight: number
  readonly unreadable: number
  readonly repairsBegun: number
}

export const NO_COUNTS: ReconciliationCounts = {
  compared: 0,
  calls: 0,
  bytes: 0,
  groupsDiffering: 0,
  examined: 0,
  inFlight: 0,
  unreadable: 0,
  repairsBegun: 0,
}

export const addCounts = (one: ReconciliationCounts, more: Partial<ReconciliationCounts>): ReconciliationCounts =>
  Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, value + (more[name as keyof ReconciliationCounts] ?? 0)]),
  ) as unknown as ReconciliationCounts

/** RANGE: days of reception at most, twenty years. More is a slip of the pen, which would ask every system for each of its days. */
const MOST_RANGE_DAYS = 7_305

/** Why no run can go over such a range: reason, field and sentence. Local dates, both inclusive. */
export const rangeFault = ({
  from,
  to,
}: {
  readonly from: string
  readonly to: string
}): readonly [reason: string, field: 'from' | 'to', sentence: string] | undefined => {
  if (from > to) return ['RANGE_REVERSED', 'to', 'Ngày bắt đầu sau ngày kết thúc.']
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  if (days <= MOST_RANGE_DAYS) return undefined
  return [
    'RANGE_TOO_WIDE',
    'from',
    `Khoảng ngày tiếp nhận dài nhất 20 năm (${MOST_RANGE_DAYS} ngày), không phải ${days} ngày: hãy xem lại năm.`,
  ]
}

/** Until it is done something is left to be done, be it only to look again. */
const MOST_UNDONE = 0.99

/** Đã xong, 0..1. What is counted is the comparison; the grace time, the second look and the repairs come after it. */
export const shareOfRun = ({
  state,
  done,
  total,
}: {
  readonly state: ReconciliationState
  readonly done: number
  readonly total: number
}): number => (state === 'DONE' ? 1 : total === 0 ? 0 : Math.min(MOST_UNDONE, done / total))

/** Còn khoảng bao lâu, seconds, going on as until now; null: nobody can say, also once all is compared: then it waits, and looks again. */
export const remainingSecondsOfRun = ({
  state,
  done,
  total,
  elapsedS,
}: {
  readonly state: ReconciliationState
  readonly done: number
  readonly total: number
  readonly elapsedS: number
}): number | null => {
  if (state !== 'RUNNING' || done <= 0 || done >= total) return null
  return Math.ceil((elapsedS / done) * (total - done))
}
