import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type CalendarData, calendarProblems, DAY_OFF_KINDS } from '../model/calendar-data.js'
import { type DeadlineRules, deadlineRuleProblems, SUPPLEMENT_ENDS, SUPPLEMENT_POLICIES } from '../model/deadline-rules.js'
import { formProblems, VIETNAMESE } from '../model/vietnamese-issues.js'
import type { Tx } from '../platform/database.js'
import {
  DEADLINE_KINDS,
  type DeadlineContents,
  type DeadlineDocument,
  type DeadlineKind,
  insertDocument,
  newestDocument,
  procedureCodes,
} from './deadline-document-repository.js'

/**
 * Nạp lịch làm việc và quy tắc tính hạn trả: a file is checked as a whole and replaces the whole of what was in force; nothing of a wrong one is
 * loaded. Those that come with the gateway are loaded at start, and follow its new versions until somebody has loaded his own.
 */
z.config(VIETNAMESE)

const date = z.string()
const dated = {
  validFrom: date,
  validTo: date.nullable().default(null),
  standing: z.string().trim().min(1, 'phải nói rõ nguồn và mức tin cậy'),
}

const calendarFile = z.strictObject({
  from: date,
  to: date,
  hoursPerDay: z.number(),
  officeHours: z.array(
    z.strictObject({ ...dated, weekdays: z.array(z.number()).min(1), hours: z.array(z.tuple([z.string(), z.string()])) }),
  ),
  daysOff: z.array(z.strictObject({ date, kind: z.enum(DAY_OFF_KINDS), name: z.string().min(1), standing: dated.standing })),
  compensatingDays: z.array(z.strictObject({ date, inPlaceOf: date, standing: dated.standing })).default([]),
  gaps: z.array(z.strictObject({ from: date, to: date, reason: z.string().min(1) })).default([]),
})

const procedure = z.string().default('*')
const rulesFile = z.strictObject({
  statutoryTimes: z.array(z.strictObject({ ...dated, procedure: z.string(), days: z.number() })),
  pauseRules: z.array(
    z.strictObject({
      ...dated,
      procedure,
      subject: z.enum(['STATUS', 'STEP']),
      value: z.string().min(1),
      effect: z.enum(['STOPS', 'RUNS']),
      calendarDays: z.number().nullable().default(null),
      name: z.string().min(1),
    }),
  ),
  supplementPolicies: z.array(
    z.strictObject({ ...dated, procedure, policy: z.enum(SUPPLEMENT_POLICIES), endsWhen: z.enum(SUPPLEMENT_ENDS).default('HANDED_IN') }),
  ),
})

export type CheckedContent<Kind extends DeadlineKind> =
  | { readonly kind: 'VALID'; readonly content: DeadlineContents[Kind] }
  | { readonly kind: 'INVALID'; readonly problems: readonly string[] }

/** `procedures`: the codes that the gateway knows. */
export const checkDeadlineFile = <Kind extends DeadlineKind>(
  kind: Kind,
  json: unknown,
  procedures: readonly string[],
): CheckedContent<Kind> => {
  const parsed = (kind === 'CALENDAR' ? calendarFile : rulesFile).safeParse(json)
  if (!parsed.success) return { kind: 'INVALID', problems: formProblems(parsed.error, json) }
  const content = parsed.data as CalendarData | DeadlineRules
  const problems =
    kind === 'CALENDAR' ? calendarProblems(content as CalendarData) : deadlineRuleProblems(content as DeadlineRules, procedures)
  return problems.length > 0 ? { kind: 'INVALID', problems } : { kind: 'VALID', content: content as DeadlineContents[Kind] }
}

const sha256OfContent = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex')

/** Who has loaded what came with the gateway. */
export const INSTALLATION = 'INSTALLATION'
const FILES: Readonly<Record<DeadlineKind, string>> = { CALENDAR: 'working-calendar.json', RULES: 'deadline-rules.json' }

/** At start. What a district has loaded is left as it is. */
export const installDeadlines = async (tx: Tx, folder: string): Promise<void> => {
  const procedures = await procedureCodes(tx)
  for (const kind of DEADLINE_KINDS) {
    const newest = await newestDocument(tx, kind)
    if (newest && newest.loadedBy !== INSTALLATION) continue
    const checked = checkDeadlineFile(kind, JSON.parse(await readFile(join(folder, FILES[kind]), 'utf8')), procedures)
    if (checked.kind === 'INVALID') throw new Error(`${FILES[kind]}: ${checked.problems.join('; ')}`)
    const sha256 = sha256OfContent(checked.content)
    if (newest?.sha256 !== sha256) await insertDocument(tx, kind, { content: checked.content, sha256, loadedBy: INSTALLATION })
  }
}

/** Returns what was in force before; undefined content: the same was in force already, and nothing was written. */
export const replaceDeadlines = async <Kind extends DeadlineKind>(
  tx: Tx,
  kind: Kind,
  content: DeadlineContents[Kind],
  loadedBy: string,
): Promise<{ readonly changed: boolean; readonly sha256: string; readonly before?: DeadlineDocument<Kind> }> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtext('lienthong-reference-data'))`)
  const before = await newestDocument(tx, kind)
  const sha256 = sha256OfContent(content)
  const changed = before?.sha256 !== sha256 || before.loadedBy === INSTALLATION
  if (changed) await insertDocument(tx, kind, { content, sha256, loadedBy })
  return { changed, sha256, ...(before && { before }) }
}
