import { newestDocument } from '../../dossier/deadline-document-repository.js'
import { databaseNow } from '../../dossier/dossier-repository.js'
import { describeDay } from '../../model/calendar-day.js'
import { localDateOf } from '../../model/working-calendar.js'
import type { Database } from '../../platform/database.js'
import { HOLIDAYS_AHEAD_DAYS } from '../deadlines-acts.js'
import type { Say } from '../language.js'
import { type Finding, ok, warn } from './finding.js'

/** The working calendar: due dates beyond its last day are provisional, and somebody has to be told before that day is near. Nothing of a database without our tables. */
export const checkCalendar = async (db: Database, say: Say): Promise<Finding[]> => {
  const [known] = await db.query<{ has: boolean }>(`SELECT to_regclass('deadline_document') IS NOT NULL AS has`)
  return known?.has ? [await findingOf(db, say)] : []
}

const findingOf = async (db: Database, say: Say): Promise<Finding> => {
  const check = say('lịch làm việc', 'working calendar')
  const todo = say(
    'lienthong deadlines show calendar > lich.json; thêm ngày nghỉ của năm sau; lienthong deadlines load calendar lich.json.',
    'lienthong deadlines show calendar > lich.json; add the holidays of the next year; lienthong deadlines load calendar lich.json.',
  )
  const document = await newestDocument(db, 'CALENDAR')
  if (!document) return warn(check, say('chưa nạp: không tính được hạn trả', 'not loaded: no due date can be computed'), todo)
  const { to } = document.content
  const until = describeDay(to)
  const ahead = localDateOf(new Date((await databaseNow(db)).getTime() + HOLIDAYS_AHEAD_DAYS * 86_400_000))
  const says = say(`có ngày nghỉ đến ${until}`, `holidays are known until ${until}`)
  if (to >= ahead) return ok(check, says)
  return warn(check, say(`${says}: hạn trả sau ngày đó chỉ là tạm tính`, `${says}: due dates behind it are provisional`), todo)
}
