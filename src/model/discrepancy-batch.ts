import type { InEach, Language } from './language.js'

/**
 * Đợt xử lý sai lệch: one act on all the discrepancies that a filter matched when it was made, each as it was then.
 *
 *   AWAITING_APPROVAL ─ another person approves ─► RUNNING ─ each row has its result ─► DONE
 *          │                                          │
 *          └──────────────── cancel ──────────────────┴─► CANCELLED (what was done by then stays done)
 *
 * A small one is RUNNING at once. A discrepancy that has changed since is not acted upon: its row says so.
 */
export const BATCH_STATES = ['AWAITING_APPROVAL', 'RUNNING', 'DONE', 'CANCELLED'] as const
export type BatchState = (typeof BATCH_STATES)[number]

const STATE_WORDS: Readonly<Record<BatchState, InEach<string>>> = {
  AWAITING_APPROVAL: { vi: 'Chờ người thứ hai duyệt', en: 'Awaits a second person’s approval' },
  RUNNING: { vi: 'Đang làm', en: 'Under way' },
  DONE: { vi: 'Đã xong', en: 'Done' },
  CANCELLED: { vi: 'Đã hủy', en: 'Cancelled' },
}
export const describeBatchState = (state: BatchState, language: Language = 'vi'): string => STATE_WORDS[state][language]

export const BATCH_ACTS = ['APPROVE', 'CANCEL'] as const
export type BatchAct = (typeof BATCH_ACTS)[number]

export const BATCH_MOVES: Readonly<
  Record<BatchAct, { readonly from: readonly BatchState[]; readonly to: BatchState; readonly words: string }>
> = {
  APPROVE: { from: ['AWAITING_APPROVAL'], to: 'RUNNING', words: 'duyệt' },
  CANCEL: { from: ['AWAITING_APPROVAL', 'RUNNING'], to: 'CANCELLED', words: 'hủy' },
}

/** LEFT_OUT: the batch was cancelled before its turn came. */
export const BATCH_RESULTS = ['WAITING', 'DONE', 'REFUSED', 'LEFT_OUT'] as const
export type BatchResult = (typeof BATCH_RESULTS)[number]

const RESULT_WORDS: Readonly<Record<BatchResult, string>> = {
  WAITING: 'Chờ đến lượt',
  DONE: 'Đã làm',
  REFUSED: 'Không làm được',
  LEFT_OUT: 'Không làm nữa vì đợt đã hủy',
}
export const describeBatchResult = (result: BatchResult): string => RESULT_WORDS[result]
