import { databaseNow } from '../dossier/dossier-repository.js'
import type { Sql } from '../platform/database.js'
import { clearAlarms, raiseAlarms } from '../transfer/risk-alarm-repository.js'
import { readWorkingCalendar } from '../transfer/working-calendar-repository.js'

/**
 * Canh hạn trả: what would miss its due date is alarmed before it does, once: a transfer whose dossier is due within the horizon and that needs a person, stands
 * behind one that does, will not be tried before the date, or has been on its way for longer than the grace. Each alarm is a row, a line of the
 * log and part of a gauge; it ends when the transfer arrives, is given up or replaced, or the due date moves.
 */
export interface DueDateWatch {
  readonly sql: Sql
  readonly horizonWorkingDays: number
  readonly graceMs: number
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

const BATCH = 500

/** One look, by any worker at any time: of several at once, each alarm is raised and told of by one. */
export const watchDueDates = async ({ sql, horizonWorkingDays, graceMs, logger }: DueDateWatch): Promise<void> => {
  const until = (await readWorkingCalendar(sql)).addWorkingDays(await databaseNow(sql), horizonWorkingDays)
  for (const cleared of await clearAlarms(sql, until)) logger.info(cleared, 'hết nguy cơ trễ hạn trả hồ sơ')
  for (let full = true; full; ) {
    const raised = await raiseAlarms(sql, { until, graceMs }, BATCH)
    for (const alarm of raised) logger.warn(alarm, 'lượt liên thông có nguy cơ trễ hạn trả hồ sơ')
    full = raised.length === BATCH
  }
}

/** The same for a caller that comes more often than it is worth looking. */
export const watchDueDatesEvery = (watch: DueDateWatch, everyMs: number): (() => Promise<void>) => {
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - lookedAt < everyMs) return
    lookedAt = performance.now()
    await watchDueDates(watch)
  }
}
