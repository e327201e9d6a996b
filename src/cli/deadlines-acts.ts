import { basename } from 'node:path'
import {
  DEADLINE_KINDS,
  type DeadlineContents,
  type DeadlineDocument,
  type DeadlineKind,
  newestDocument,
  procedureCodes,
} from '../dossier/deadline-document-repository.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import { checkDeadlineFile, INSTALLATION, replaceDeadlines } from '../dossier/load-deadlines.js'
import type { CalendarData } from '../model/calendar-data.js'
import type { DeadlineRules } from '../model/deadline-rules.js'
import { localDateOf } from '../model/working-calendar.js'
import { auditFromTerminal, terminalAccount } from '../operator/audit-from-terminal.js'
import type { Database, Sql } from '../platform/database.js'
import type { Answered } from './declare-command.js'
import { CommandFailed, EXIT } from './exit-code.js'
import { printerFor } from './printer.js'
import { readJsonFile } from './read-json-file.js'
import type { Session } from './session.js'

/** How a kind of deadline data is called at a terminal. */
export type DeadlineFile = 'calendar' | 'rules'

/** What `lienthong deadlines` does. A wrong file names each of its faults, and nothing of it is loaded. */
const KINDS: Readonly<Record<DeadlineFile, DeadlineKind>> = { calendar: 'CALENDAR', rules: 'RULES' }

/** Warned of when the holidays end sooner than this: a due date may lie months ahead. */
export const HOLIDAYS_AHEAD_DAYS = 120

/** The file is read before there is a database to ask for. */
const checkedOf = async <Kind extends DeadlineKind>(
  { say }: Session,
  sql: Sql,
  kind: Kind,
  file: unknown,
): Promise<DeadlineContents[Kind]> => {
  const checked = checkDeadlineFile(kind, file, await procedureCodes(sql))
  if (checked.kind === 'VALID') return checked.content
  throw new CommandFailed(
    EXIT.REFUSED,
    [
      say(`Tệp có ${checked.problems.length} lỗi, chưa nạp gì:`, `The file has ${checked.problems.length} faults, nothing was loaded:`),
      ...checked.problems.map((problem) => `  ${problem}`),
      say(
        'Sửa xong hãy kiểm tra lại: có lỗi chỉ xét được khi các lỗi trên đã hết.',
        'Check again when these are mended: some faults can be seen only then.',
      ),
    ].join('\n'),
  )
}

/** What of it is worth a line of the audit trail: how many of each, and of which days. */
const summaryOf = (content: CalendarData | DeadlineRules): Record<string, string | number> =>
  'officeHours' in content
    ? { from: content.from, to: content.to, daysOff: content.daysOff.length, compensatingDays: content.compensatingDays.length }
    : {
        statutoryTimes: content.statutoryTimes.length,
        pauseRules: content.pauseRules.length,
        supplementPolicies: content.supplementPolicies.length,
      }

const evidenceOf = (document: Pick<DeadlineDocument, 'content' | 'sha256'> | undefined): Record<string, string | number> =>
  document ? { ...summaryOf(document.content), sha256: document.sha256 } : {}

export const loadDeadlines = async (session: Session, which: DeadlineFile, path: string, { json }: Answered): Promise<void> => {
  const { say, terminal } = session
  const file = await readJsonFile(path, say)
  const db = await session.database()
  const kind = KINDS[which]
  const content = await checkedOf(session, db, kind, file)
  const done = await db.transaction(async (tx) => {
    const { changed, sha256, before } = await replaceDeadlines(tx, kind, content, terminalAccount())
    if (changed)
      await auditFromTerminal(tx, {
        act: 'LOAD_DEADLINES',
        reason: `deadlines load ${which} ${basename(path)}`,
        before: evidenceOf(before),
        after: evidenceOf({ content, sha256 }),
      })
    return { changed, ...summaryOf(content), sha256 }
  })
  printerFor(json, terminal).result(
    done,
    done.changed
      ? say('Đã nạp. Hạn trả được tính theo dữ liệu mới trong vài giây.', 'Loaded. Due dates are computed by it within seconds.')
      : say('Dữ liệu này đang được dùng rồi, không đổi gì.', 'This is in force already, nothing was changed.'),
  )
}

/** With a file: whether it could be loaded. Without: what is in force, and what should be looked at. */
export const checkDeadlines = async (
  session: Session,
  which: DeadlineFile | undefined,
  path: string | undefined,
  { json }: Answered,
): Promise<void> => {
  const { say, terminal } = session
  const file = path === undefined ? undefined : await readJsonFile(path, say)
  const db = await session.database()
  if (which && path) {
    const summary = summaryOf(await checkedOf(session, db, KINDS[which], file))
    return printerFor(json, terminal).result({ ok: true, ...summary }, say('Tệp đúng, nạp được.', 'The file is right and can be loaded.'))
  }
  const rows = await Promise.all(DEADLINE_KINDS.filter((kind) => !which || KINDS[which] === kind).map((kind) => inForce(session, db, kind)))
  printerFor(json, terminal).table(
    rows,
    [
      { heading: say('dữ liệu', 'data'), of: ({ kind }) => kind },
      { heading: say('người nạp', 'loaded by'), of: ({ loadedBy }) => loadedBy },
      { heading: say('nạp lúc', 'loaded'), of: ({ loadedAt }) => loadedAt },
      { heading: say('nội dung', 'content'), of: ({ summary }) => summary },
      { heading: say('cần xem', 'to look at'), of: ({ warnings }) => warnings.join('; ') },
    ],
    '',
  )
  if (rows.some(({ warnings }) => warnings.length > 0))
    throw new CommandFailed(EXIT.WARNED, say('Có điều cần xem lại.', 'Something should be looked at.'))
}

const inForce = async ({ say }: Session, db: Database, kind: DeadlineKind) => {
  const document = await newestDocument(db, kind)
  if (!document)
    return { kind, loadedBy: null, loadedAt: null, summary: '', warnings: [say('chưa nạp gì: không tính được hạn trả', 'nothing loaded')] }
  const checked = checkDeadlineFile(kind, document.content, await procedureCodes(db))
  const warnings = checked.kind === 'INVALID' ? [...checked.problems] : []
  if ('officeHours' in document.content) warnings.push(...calendarWarnings(document.content, localDateOf(await databaseNow(db))))
  if (document.loadedBy === INSTALLATION)
    warnings.push(say('dữ liệu kèm theo phần mềm, đơn vị chưa xác nhận', 'came with the gateway, nobody of this office has confirmed it'))
  return {
    kind,
    loadedBy: document.loadedBy,
    loadedAt: localDateOf(document.loadedAt),
    summary: Object.entries(summaryOf(document.content))
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    warnings,
  }
}

const calendarWarnings = ({ to, gaps }: CalendarData, today: string): string[] => {
  const soon = localDateOf(new Date(Date.parse(today) + HOLIDAYS_AHEAD_DAYS * 86_400_000))
  return [
    ...(to < soon ? [`lịch chỉ có ngày nghỉ đến ${to}`] : []),
    ...gaps.filter((gap) => gap.to >= today).map(({ from, reason }) => `${from}: ${reason}`),
  ]
}

export const showDeadlines = async ({ database, terminal, say }: Session, which: DeadlineFile): Promise<void> => {
  const document = await newestDocument(await database(), KINDS[which])
  if (!document) throw new CommandFailed(EXIT.REFUSED, say('Chưa nạp gì.', 'Nothing is loaded.'))
  terminal.write(JSON.stringify(document.content, null, 2))
}
