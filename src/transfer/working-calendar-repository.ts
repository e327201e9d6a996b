import { type CalendarData, WEEKDAYS_ALONE } from '../model/calendar-data.js'
import { buildWorkingCalendar, type WorkingCalendar } from '../model/working-calendar.js'
import type { Sql } from '../platform/database.js'

/** Calendars by the hash of what they were built from: the same content is the same calendar, whichever database holds it. */
const built = new Map<string, WorkingCalendar>()
const MOST_KEPT = 20
const withoutCalendar = buildWorkingCalendar(WEEKDAYS_ALONE)

export interface CalendarInForce {
  readonly calendar: WorkingCalendar
  /** Of what it was built from; null: none was loaded. */
  readonly sha256: string | null
}

export const readCalendarInForce = async (sql: Sql): Promise<CalendarInForce> => {
  const [newest] = await sql.query<{ id: number; sha256: string }>(
    `SELECT id, sha256 FROM deadline_document WHERE kind = 'CALENDAR' ORDER BY id DESC LIMIT 1`,
  )
  if (!newest) return { calendar: withoutCalendar, sha256: null }
  const { sha256 } = newest
  const known = built.get(sha256)
  if (known) return { calendar: known, sha256 }
  const [document] = await sql.query<{ content: CalendarData }>(`SELECT content FROM deadline_document WHERE id = $1::int`, [newest.id])
  const calendar = buildWorkingCalendar(document?.content ?? WEEKDAYS_ALONE)
  if (built.size >= MOST_KEPT) built.clear()
  built.set(sha256, calendar)
  return { calendar, sha256 }
}

/** Lịch làm việc in force: the newest that was loaded. It was checked before it was written. */
export const readWorkingCalendar = async (sql: Sql): Promise<WorkingCalendar> => (await readCalendarInForce(sql)).calendar
