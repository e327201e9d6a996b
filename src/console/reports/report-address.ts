import type { MonthReportFilterInput, ReportBasis, ReportDimension, SystemId } from '../generated/graphql.js'
import { SYSTEMS } from '../transfers/filter-address.js'

/** What the report is asked for, as it stands in the page's address. */
export interface ReportAsked {
  readonly from: string
  readonly to: string
  readonly basis: ReportBasis
  readonly by: ReportDimension
  readonly system?: SystemId
}

export const BASES = ['DUE', 'FINISHED'] as const satisfies readonly ReportBasis[]
export const DIMENSIONS = ['MONTH', 'COMMUNE', 'PROCEDURE', 'SYSTEM'] as const satisfies readonly ReportDimension[]

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/
const OFFSET_MS = 7 * 3_600_000
/** The month of an instant in Viet Nam, or one some months before. */
export const monthOf = (now: number, monthsBefore = 0): string => {
  const at = new Date(now + OFFSET_MS)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - monthsBefore, 1)).toISOString().slice(0, 7)
}

/**
 * Without months: this year, in January the last one as well, which is then being reported on. By due date it goes to the end of next month: what is due
 * then waits on the interlink today.
 */
export const readReportAsked = (search: URLSearchParams, now: number): ReportAsked => {
  const month = (name: string, otherwise: string): string => {
    const given = search.get(name) ?? ''
    return MONTH.test(given) ? given : otherwise
  }
  const basis = BASES.find((one) => one === search.get('basis')) ?? 'DUE'
  const to = month('to', basis === 'DUE' ? monthOf(now, -1) : monthOf(now))
  const from = month('from', `${monthOf(now, 1).slice(0, 4)}-01`)
  const system = SYSTEMS.find((one) => one === search.get('system'))
  return {
    from: from <= to ? from : to,
    to,
    basis,
    by: DIMENSIONS.find((one) => one === search.get('by')) ?? 'MONTH',
    ...(system && { system }),
  }
}

/** First and last day of the months, as instants of Viet Nam. */
export const daysOf = ({ from, to }: ReportAsked): { readonly first: string; readonly last: string } => {
  const [year = 0, month = 0] = to.split('-').map(Number)
  return { first: `${from}-01T00:00:00+07:00`, last: `${new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)}T00:00:00+07:00` }
}

export const writeReportAsked = ({ from, to, basis, by, system }: ReportAsked): string =>
  new URLSearchParams({ from, to, basis, by, ...(system && { system }) }).toString()

export const toReportFilter = ({ from, to, basis, system }: ReportAsked): MonthReportFilterInput => ({
  from,
  to,
  basis,
  ...(system && { systemId: system }),
})

/** Address of the same as a file. */
export const reportFile = ({ from, to, basis, by, system }: ReportAsked): string =>
  `/export/month-report.csv?${new URLSearchParams({
    from,
    to,
    basis,
    ...(system && { systemId: system }),
    ...(by === 'SYSTEM' && { by }),
  }).toString()}`

export const recordFile = ({ from, to }: ReportAsked): string =>
  `/export/process-record.csv?${new URLSearchParams({ from, to }).toString()}`
