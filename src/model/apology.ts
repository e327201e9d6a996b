import { describeSide } from './cause-words.js'
import { lowerFirst } from './first-letter.js'
import { describeDrift, type InterlinkWait } from './interlink-wait.js'
import type { LedgerAccount } from './ledger-account.js'
import { SYSTEM_IN_SENTENCE } from './system.js'
import type { LedgerStep } from './time-ledger.js'
import { describeInstant, localDateOf, localInstant, type WorkingCalendar } from './working-calendar.js'
import { describeWorkingTime } from './working-time-words.js'

/**
 * Phiếu xin lỗi và hẹn lại ngày trả kết quả: what the ledger has to say for it. The reason names the side on which the fault was, in words that a citizen
 * understands; the new date gives the dossier back the working time that it lost.
 */
export interface ApologyProposal {
  /** Null: the ledger knows no fault of the interlink; whoever signs says why. */
  readonly reason: string | null
  /** Null: it has lost no time; whoever signs knows when. */
  readonly newDueAt: Date | null
}

const WHAT: Record<InterlinkWait['kind'], (name: string, wait: InterlinkWait) => string> = {
  SENDING: (name) => `chưa chuyển được sang ${name}`,
  TOLD_LATE: (name) => `${name} thông tin đến chậm`,
  DRIFT: (_, wait) => `${describeDrift(wait)}, phải sửa lại`,
}

/** People are told minutes. */
const moment = (at: Date): string => describeInstant(at).replace(/^(\d\d:\d\d):\d\d/, '$1')

const whenOf = ({ from, to }: LedgerStep): string => (to ? `từ ${moment(from)} đến ${moment(to)}` : `từ ${moment(from)} đến nay`)

const partOf = (step: LedgerStep, wait: InterlinkWait): string => {
  const name = SYSTEM_IN_SENTENCE[wait.systemId]
  const side = wait.side === 'UNKNOWN' ? '' : ` (nguyên nhân: ${lowerFirst(describeSide(wait.side, name))})`
  return `${WHAT[wait.kind](name, wait)} ${whenOf(step)}${side}`
}

/** The longest of many stretches are named one by one. */
const NAMED = 3

export const apologyReasonOf = (
  account: LedgerAccount,
  calendar: Pick<WorkingCalendar, 'workingMsBetween' | 'hoursPerDay'>,
  now: Date,
): string | null => {
  const lostMs = account.parties.INTERLINK.workingMs
  if (lostMs === 0) return null
  const lasting = ({ from, to }: LedgerStep): number => calendar.workingMsBetween(from, to ?? now)
  const held = account.steps.flatMap((step) => (step.wait ? [{ step, wait: step.wait, ms: lasting(step) }] : [])).filter(({ ms }) => ms > 0)
  const longest = [...held].sort((a, b) => b.ms - a.ms).slice(0, NAMED)
  const named = longest.sort((a, b) => +a.step.from - +b.step.from).map(({ step, wait }) => partOf(step, wait))
  const others = held.length > named.length ? `; và ${held.length - named.length} lần khác ngắn hơn` : ''
  return `Việc liên thông hồ sơ giữa các hệ thống thông tin bị gián đoạn tổng cộng ${describeWorkingTime(lostMs, calendar.hoursPerDay)}: ${named.join('; ')}${others}. Việc chậm trễ này không do người nộp hồ sơ.`
}

/** The close of the office on the day of an instant. */
const closeOfDay = (at: Date, calendar: Pick<WorkingCalendar, 'workingMsBetween' | 'addWorkingMs'>): Date => {
  const begins = localInstant(localDateOf(at), '00:00')
  const worked = calendar.workingMsBetween(begins, new Date(+begins + 86_400_000))
  return worked === 0 ? at : calendar.addWorkingMs(begins, worked)
}

/**
 * From the due date, or from now when that has passed, as much working time later as the dossier lost to the interlink, until the office closes that day; and not before
 * `computed`, what the due date ought to be by the rules, when that is known. Nobody is promised a day of which the holidays are not known: null.
 */
export const proposeNewDate = (
  {
    lostMs,
    dueAt,
    computed,
    now,
  }: { readonly lostMs: number; readonly dueAt: Date; readonly computed?: Date | undefined; readonly now: Date },
  calendar: Pick<WorkingCalendar, 'workingMsBetween' | 'addWorkingMs' | 'to'>,
): Date | null => {
  const later = lostMs > 0 ? closeOfDay(calendar.addWorkingMs(dueAt > now ? dueAt : now, lostMs), calendar) : null
  const asComputed = computed && computed > now ? computed : null
  const proposed = !later || !asComputed || later > asComputed ? (later ?? asComputed) : asComputed
  return proposed && localDateOf(proposed) > calendar.to ? null : proposed
}

/** Số phiếu: `07/2026/PXL`. */
export const letterNumber = ({ number, year }: { readonly number: number; readonly year: number }, symbol: string): string =>
  `${String(number).padStart(2, '0')}/${year}/${symbol}`
