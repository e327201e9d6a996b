import { isLocalDate } from './calendar-data.js'
import { dayAfter } from './calendar-day.js'
import { DOSSIER_STATUSES } from './dossier-status.js'

/**
 * Quy tắc tính hạn trả, as dated data: how long a procedure may take, what stops the clock, and what a supplement does to it. Practice
 * differs between offices and over the years, so each row has its days and says what it stands on; correcting one needs no code.
 */
interface Dated {
  /** Local dates, both inclusive; null: open. */
  readonly validFrom: string
  readonly validTo: string | null
  /** What it stands on: C public document, code, I inferred, B background knowledge. */
  readonly standing: string
}

/** Thời hạn giải quyết, in working days. Chosen by the day on which the dossier was received. */
export interface StatutoryTime extends Dated {
  /** First eight characters of the procedure's code. */
  readonly procedure: string
  readonly days: number
}

/**
 * Quy tắc tạm dừng: a national status or a step at the registry stops the clock, or lets it run. Chosen by the day on which the dossier
 * came into it, the most specific procedure first. `calendarDays`: it stops for so many days at most, also when nobody tells of its end.
 */
export interface PauseRule extends Dated {
  readonly subject: 'STATUS' | 'STEP'
  readonly value: string
  /** First eight characters of a procedure's code, LAND (every land procedure) or *. */
  readonly procedure: string
  readonly effect: 'STOPS' | 'RUNS'
  readonly calendarDays: number | null
  /** As an officer calls it. */
  readonly name: string
}

/** RESTART: the time begins anew when the supplement is complete. EXTEND: what was left of it goes on. */
export const SUPPLEMENT_POLICIES = ['RESTART', 'EXTEND'] as const
/** HANDED_IN: the wait ends when the applicant has handed the papers in; RESUMED: when the registry says that it works on. */
export const SUPPLEMENT_ENDS = ['HANDED_IN', 'RESUMED'] as const

/** Chính sách bổ sung. Chosen by the day on which the wait ends. */
export interface SupplementPolicy extends Dated {
  readonly procedure: string
  readonly policy: (typeof SUPPLEMENT_POLICIES)[number]
  readonly endsWhen: (typeof SUPPLEMENT_ENDS)[number]
}

export interface DeadlineRules {
  readonly statutoryTimes: readonly StatutoryTime[]
  readonly pauseRules: readonly PauseRule[]
  readonly supplementPolicies: readonly SupplementPolicy[]
}

export interface ProcedureInQuestion {
  readonly procedureKey: string
  readonly landRegistration: boolean
}

const isInForce = ({ validFrom, validTo }: Dated, on: string): boolean => validFrom <= on && (validTo === null || on <= validTo)

const specificity = (procedure: string): number => (procedure === '*' ? 0 : procedure === 'LAND' ? 1 : 2)

const best = <Row extends Dated & { readonly procedure: string }>(
  rows: readonly Row[],
  { procedureKey, landRegistration }: ProcedureInQuestion,
  on: string,
): Row | undefined =>
  rows
    .filter(({ procedure }) => procedure === '*' || procedure === procedureKey || (procedure === 'LAND' && landRegistration))
    .filter((row) => isInForce(row, on))
    .sort((a, b) => specificity(b.procedure) - specificity(a.procedure))[0]

export const statutoryTimeOf = ({ statutoryTimes }: DeadlineRules, procedureKey: string, on: string): StatutoryTime | undefined =>
  statutoryTimes.find((row) => row.procedure === procedureKey && isInForce(row, on))

export const pauseRuleOf = (
  { pauseRules }: DeadlineRules,
  subject: PauseRule['subject'],
  value: string,
  procedure: ProcedureInQuestion,
  on: string,
): PauseRule | undefined =>
  best(
    pauseRules.filter((rule) => rule.subject === subject && rule.value === value),
    procedure,
    on,
  )

export const supplementPolicyOf = (
  { supplementPolicies }: DeadlineRules,
  procedure: ProcedureInQuestion,
  on: string,
): SupplementPolicy | undefined => best(supplementPolicies, procedure, on)

/** Statuses that stop the clock by the national list: without a rule of their own nothing could be computed. */
export const STOPPING_STATUSES: readonly string[] = DOSSIER_STATUSES.filter(({ clock }) => clock === 'STOPPED').map(({ status }) => status)

/** Everything that is wrong with a set of rules, in Vietnamese; an empty list is a valid set. `procedures`: the codes that the gateway knows. */
export const deadlineRuleProblems = (rules: DeadlineRules, procedures: readonly string[]): string[] => {
  const known = new Set(procedures)
  const named = [
    ...rules.statutoryTimes.map((row) => ({ row, key: row.procedure, name: `Thời hạn của thủ tục ${row.procedure}` })),
    ...rules.pauseRules.map((row) => ({
      row,
      key: `${row.subject} ${row.value} ${row.procedure}`,
      name: `Quy tắc «${row.name}» (${row.value}, ${row.procedure})`,
    })),
    ...rules.supplementPolicies.map((row) => ({ row, key: `SUPPLEMENT ${row.procedure}`, name: `Chính sách bổ sung (${row.procedure})` })),
  ]
  const problems = named.flatMap(({ row, name }) => [...datesOf(row, name), ...procedureOf(row.procedure, name, known)])
  if (problems.length > 0) return problems
  for (const [index, { row, key, name }] of named.entries()) {
    const other = named.slice(index + 1).find((one) => one.key === key && overlaps(row, one.row))
    if (other) problems.push(`${name}: hai dòng cùng có hiệu lực (từ ${row.validFrom} và từ ${other.row.validFrom})`)
  }
  for (const { procedure, days } of rules.statutoryTimes)
    if (!(days > 0)) problems.push(`Thời hạn của thủ tục ${procedure} phải lớn hơn 0 ngày, không phải ${days}`)
  for (const { subject, value, name, calendarDays } of rules.pauseRules) {
    if (subject === 'STATUS' && !DOSSIER_STATUSES.some(({ status }) => status === value))
      problems.push(`Quy tắc «${name}»: không có trạng thái ${value}`)
    if (calendarDays !== null && !(calendarDays > 0)) problems.push(`Quy tắc «${name}»: số ngày phải lớn hơn 0`)
  }
  return [...problems, ...coverageProblems(rules)]
}

const datesOf = ({ validFrom, validTo }: Dated, name: string): string[] => {
  const unreadable = [validFrom, ...(validTo === null ? [] : [validTo])].filter((date) => !isLocalDate(date))
  if (unreadable.length > 0) return unreadable.map((date) => `${name}: «${date}» không phải là ngày dạng yyyy-MM-dd`)
  return validTo !== null && validTo < validFrom ? [`${name}: hết hiệu lực (${validTo}) trước khi có hiệu lực (${validFrom})`] : []
}

const procedureOf = (procedure: string, name: string, known: ReadonlySet<string>): string[] =>
  procedure === '*' || procedure === 'LAND' || known.has(procedure) ? [] : [`${name}: cổng liên thông chưa có thủ tục này`]

const overlaps = (one: Dated, other: Dated): boolean =>
  one.validFrom <= (other.validTo ?? '9999-12-31') && other.validFrom <= (one.validTo ?? '9999-12-31')

/** From the first statutory time on, each day has a rule for all procedures on what supplement and payment do. */
const coverageProblems = ({ statutoryTimes, pauseRules, supplementPolicies }: DeadlineRules): string[] => {
  const first = statutoryTimes.map(({ validFrom }) => validFrom).sort()[0]
  if (first === undefined) return ['Không có thời hạn của thủ tục nào']
  const general = <Row extends { readonly procedure: string }>(rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ procedure }) => procedure === '*')
  const wanted: [string, readonly Dated[]][] = [
    ...STOPPING_STATUSES.map((status): [string, readonly Dated[]] => [
      `quy tắc chung (*) cho trạng thái ${status}`,
      general(pauseRules.filter(({ subject, value }) => subject === 'STATUS' && value === status)),
    ]),
    ['chính sách bổ sung chung (*)', general(supplementPolicies)],
  ]
  return wanted.flatMap(([name, rows]) => {
    const day = firstDayWithout(rows, first)
    return day === undefined ? [] : [`Không có ${name} từ ngày ${day}`]
  })
}

const firstDayWithout = (rows: readonly Dated[], from: string): string | undefined => {
  for (let day = from; ; ) {
    const row = rows.find((one) => isInForce(one, day))
    if (!row) return day
    if (row.validTo === null) return undefined
    day = dayAfter(row.validTo)
  }
}
