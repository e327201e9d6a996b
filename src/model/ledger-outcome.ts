import type { InterlinkWait } from './interlink-wait.js'
import type { SystemId } from './system.js'
import type { TimeLedger } from './time-ledger.js'
import type { WorkingCalendar } from './working-calendar.js'

/**
 * Đúng hạn hay trễ hạn, và vì sao. Late: the result was at the desk after the due date in force, or is not there yet though that date has passed. Late because of
 * the interlink: it would have been on time without the working time that it waited on the interlink, that is, it is late by no more working time than that.
 */
export const LEDGER_OUTCOMES = ['ON_TIME', 'LATE', 'LATE_BY_INTERLINK', 'OPEN', 'LEFT'] as const
/** OPEN: under way and not yet due. LEFT: withdrawn or not accepted, counted as neither. */
export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number]

const SENTENCES: Record<LedgerOutcome, string> = {
  ON_TIME: 'Đúng hạn',
  LATE: 'Trễ hạn',
  LATE_BY_INTERLINK: 'Trễ hạn vì liên thông',
  OPEN: 'Đang giải quyết, chưa đến hạn',
  LEFT: 'Đã rút, không tiếp nhận',
}

export const describeOutcome = (outcome: LedgerOutcome): string => SENTENCES[outcome]

export interface Judged {
  readonly outcome: LedgerOutcome
  /** Working time after the due date. */
  readonly lateMs: number
}

export const judgeLedger = (
  { closedAt, leftWithoutResult }: Pick<TimeLedger, 'closedAt' | 'leftWithoutResult'>,
  { dueAt, interlinkMs }: { readonly dueAt: Date; readonly interlinkMs: number },
  calendar: Pick<WorkingCalendar, 'workingMsBetween'>,
  now: Date,
): Judged => {
  if (leftWithoutResult) return { outcome: 'LEFT', lateMs: 0 }
  const end = closedAt ?? now
  if (end <= dueAt) return { outcome: closedAt ? 'ON_TIME' : 'OPEN', lateMs: 0 }
  const lateMs = calendar.workingMsBetween(dueAt, end)
  return { outcome: interlinkMs > 0 && lateMs <= interlinkMs ? 'LATE_BY_INTERLINK' : 'LATE', lateMs }
}

/**
 * Thời gian tiết kiệm nhờ tự gửi lại: how much longer a dossier would have waited if a person had to send again by hand. Compared is an office in which somebody
 * looks through what failed once in every `everyMs` of working time (one working day, by configuration) after the first failure and sends it again, until it is taken.
 * So a wait of `w` working time that the machine has ended saved what was left of the round in which it was ended: everyMs × max(1, ⌈w / everyMs⌉) − w. Only waits that held the
 * dossier up, ended by the machine alone: what a person mended, replayed or confirmed saved nothing.
 */
export const savedByRetries = (
  waits: readonly InterlinkWait[],
  calendar: Pick<WorkingCalendar, 'workingMsBetween'>,
  everyMs: number,
): ReadonlyMap<SystemId, number> => {
  const saved = new Map<SystemId, number>()
  for (const { kind, holds, endedBy, from, to, systemId } of waits) {
    if (kind !== 'SENDING' || !holds || endedBy !== 'MACHINE' || !to) continue
    const waited = calendar.workingMsBetween(from, to)
    const byHand = everyMs * Math.max(1, Math.ceil(waited / everyMs))
    saved.set(systemId, (saved.get(systemId) ?? 0) + byHand - waited)
  }
  return saved
}
