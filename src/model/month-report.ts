import { localInstant } from './working-calendar.js'

/**
 * Báo cáo tháng: which dossiers belong to a month. DUE: those whose due date in force lies in it, so that each dossier belongs to exactly one month and one that
 * never ends is late in its own. FINISHED: those whose result was at the desk in it, as reports of finished dossiers count.
 */
export const REPORT_BASES = ['DUE', 'FINISHED'] as const
export type ReportBasis = (typeof REPORT_BASES)[number]

export const REPORT_DIMENSIONS = ['MONTH', 'COMMUNE', 'PROCEDURE', 'SYSTEM'] as const
/** SYSTEM: a dossier that waited on two systems stands in both; it was late because of the one on which it waited longest. */
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number]

const MONTH = /^(20\d\d)-(0[1-9]|1[0-2])$/
/** Ten years. */
const MOST_MONTHS = 120

/** First instant of the first month, and of the month after the last. Null: these are no months, or too many. */
export const readMonths = (from: string, to: string): { readonly from: Date; readonly before: Date } | null => {
  const [first, last] = [MONTH.exec(from), MONTH.exec(to)]
  if (!first || !last) return null
  const months = (Number(last[1]) - Number(first[1])) * 12 + Number(last[2]) - Number(first[2]) + 1
  if (months < 1 || months > MOST_MONTHS) return null
  const next = Number(last[2]) === 12 ? `${Number(last[1]) + 1}-01` : `${last[1]}-${String(Number(last[2]) + 1).padStart(2, '0')}`
  return { from: localInstant(`${from}-01`, '00:00'), before: localInstant(`${next}-01`, '00:00') }
}
