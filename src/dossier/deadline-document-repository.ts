import type { CalendarData } from '../model/calendar-data.js'
import type { DeadlineRules } from '../model/deadline-rules.js'
import type { WorkingCalendar } from '../model/working-calendar.js'
import type { Sql, Tx } from '../platform/database.js'
import { readWorkingCalendar } from '../transfer/working-calendar-repository.js'

/** Dữ liệu tính hạn trả in the tables: whole documents, of which the newest of a kind is in force. They were checked before they were written. */
export const DEADLINE_KINDS = ['CALENDAR', 'RULES'] as const
export type DeadlineKind = (typeof DEADLINE_KINDS)[number]

export interface DeadlineContents {
  readonly CALENDAR: CalendarData
  readonly RULES: DeadlineRules
}

export interface DeadlineDocument<Kind extends DeadlineKind = DeadlineKind> {
  readonly id: number
  readonly content: DeadlineContents[Kind]
  readonly sha256: string
  readonly loadedBy: string
  readonly loadedAt: Date
}

export const newestDocument = async <Kind extends DeadlineKind>(sql: Sql, kind: Kind): Promise<DeadlineDocument<Kind> | undefined> => {
  const [newest] = await sql.query<DeadlineDocument<Kind>>(
    `SELECT id, content, sha256, loaded_by AS "loadedBy", loaded_at AS "loadedAt" FROM deadline_document
     WHERE kind = $1 ORDER BY id DESC LIMIT 1`,
    [kind],
  )
  return newest
}

export const insertDocument = async <Kind extends DeadlineKind>(
  tx: Tx,
  kind: Kind,
  document: Pick<DeadlineDocument<Kind>, 'content' | 'sha256' | 'loadedBy'>,
): Promise<void> => {
  await tx.query(`INSERT INTO deadline_document (kind, content, sha256, loaded_by) VALUES ($1, $2::jsonb, $3, $4) RETURNING 1 AS done`, [
    kind,
    JSON.stringify(document.content),
    document.sha256,
    document.loadedBy,
  ])
}

export const procedureCodes = async (sql: Sql): Promise<string[]> =>
  (await sql.query<{ code: string }>(`SELECT code FROM procedure ORDER BY code`)).map(({ code }) => code)

/** What a due date is computed by. */
export interface DeadlineBasis {
  readonly calendar: WorkingCalendar
  readonly rules: DeadlineRules
}

const NO_RULES: DeadlineRules = { statutoryTimes: [], pauseRules: [], supplementPolicies: [] }

export const readDeadlineBasis = async (sql: Sql): Promise<DeadlineBasis> => ({
  calendar: await readWorkingCalendar(sql),
  rules: (await newestDocument(sql, 'RULES'))?.content ?? NO_RULES,
})
