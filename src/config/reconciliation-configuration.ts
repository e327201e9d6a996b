import { z } from 'zod'
import { COMPARED_FIELDS } from '../model/compared-record.js'
import { DISCREPANCY_CLASSES } from '../model/discrepancy.js'
import { DOSSIER_STATUSES, type DossierStatus } from '../model/dossier-status.js'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import { rule } from './rule.js'

/** Đối soát: when both sides are compared, how hard the other side may be asked, what counts as found and what is repaired without a person. */

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, rule('phải là giờ HH:mm, ví dụ 22:30', 'must be a time HH:mm, such as 22:30'))

/** Both the same would be all day: what the clock begins over all would never be done. */
const quietHours = z.strictObject({ from: timeOfDay, to: timeOfDay }).refine(({ from, to }) => from !== to, {
  path: ['to'],
  message: rule('phải khác giờ bắt đầu (from), hoặc đặt quietHours là null', 'must be another time than from, or set quietHours to null'),
})

/** As BullMQ's scheduler reads it: minute, hour, day, month, day of the week; times in Asia/Ho_Chi_Minh. */
const cron = z
  .string()
  .regex(/^(\S+ ){4}\S+$/, rule('phải là lịch gồm năm phần, ví dụ 0 1 * * *', 'must be a schedule of five parts, such as 0 1 * * *'))

const systems = z.array(z.enum(SYSTEM_IDS as [SystemId, ...SystemId[]])).min(1)

const localDate = z.iso.date()

const rate = z.number().min(0.01).max(1_000)

/** Runs of the last days follow each other all day: without a bound of its own a day would repair hundreds of times what a run may. */
const RUNS_A_DAY = 3

const repairRule = z
  .strictObject({
    /** Left out: any. */
    systems: systems.optional(),
    class: z.enum(DISCREPANCY_CLASSES),
    /** Nothing but these may differ; left out: any. */
    fields: z.array(z.enum(COMPARED_FIELDS)).min(1).optional(),
    /** Only what the table of authority proposes in this direction. */
    direction: z.enum(['HERE', 'THERE']),
    maxPerRun: z.number().int().min(1).max(10_000),
    /** At a system, in a local day, by all runs together; left out: three times `maxPerRun`. */
    maxPerDay: z.number().int().min(1).max(100_000).optional(),
  })
  .transform((rule) => ({ ...rule, maxPerDay: rule.maxPerDay ?? RUNS_A_DAY * rule.maxPerRun }))

/**
 * A mirror is told again what it is to show, and the desk the status and due date that the registry has decided; a due date or a further step that the
 * registry has and we have not is taken from it. Everything else waits for a person.
 */
const SAFE_REPAIRS = [
  { systems: ['PORTAL' as const], class: 'MISSING_THERE' as const, direction: 'THERE' as const, maxPerRun: 100 },
  { systems: ['PORTAL' as const], class: 'DIFFERS' as const, direction: 'THERE' as const, maxPerRun: 100 },
  { systems: ['PORTAL' as const], class: 'RESULT_NOT_RETURNED' as const, direction: 'THERE' as const, maxPerRun: 100 },
  {
    systems: ['ONE_STOP' as const],
    class: 'DIFFERS' as const,
    fields: ['STATUS' as const, 'DUE_DATE' as const],
    direction: 'THERE' as const,
    maxPerRun: 50,
  },
  {
    systems: ['VILIS' as const],
    class: 'DIFFERS' as const,
    fields: ['STATUS' as const, 'DUE_DATE' as const],
    direction: 'HERE' as const,
    maxPerRun: 50,
  },
]

const STALE_DAYS: Partial<Record<DossierStatus, number>> = {
  SUBMITTED: 3,
  ACCEPTED: 5,
  IN_PROGRESS: 20,
  SUPPLEMENT_REQUIRED: 22,
  FINANCIAL_OBLIGATION_REQUIRED: 22,
  COMPLETED: 22,
}

const statuses = DOSSIER_STATUSES.map(({ status }) => status) as [DossierStatus, ...DossierStatus[]]

export const reconciliationConfiguration = z
  .strictObject({
    /** Whether runs are begun by the clock; those that a person orders are worked on in any case. */
    scheduled: z.boolean().default(true),
    /** With whom; those that offer no comparison (`systems.X.comparison`) are left out in any case. */
    systems: systems.default([...SYSTEM_IDS]),
    schedules: z
      .strictObject({
        /** Dossiers of the last `recentDays`, so often; null: never. */
        recentEveryMs: z.number().int().min(1_000).max(86_400_000).nullable().default(300_000),
        recentDays: z.number().int().min(1).max(366).default(7),
        /** All that is not over; null: never. */
        open: cron.nullable().default('0 1 * * *'),
        /** All, from the first dossier on; null: never. */
        all: cron.nullable().default('0 3 * * 0'),
      })
      .prefault({}),
    /** Days of reception before this are not compared. */
    since: localDate.optional(),
    /** Local hours in which what was begun by the clock for what is open or for all stands still; null: none. */
    quietHours: quietHours.nullable().default({ from: '07:00', to: '17:30' }),
    /** Calls to a system in a second, by all runs of all processes together. */
    callsPerSecond: rate.default(5),
    callsPerSecondOf: z.partialRecord(z.enum(SYSTEM_IDS as [SystemId, ...SystemId[]]), rate).default({}),
    /** What has changed or was settled within this time is on its way; a difference must outlive it to count as found. Never less than a declared `maxProcessingMs`. */
    graceMs: z.number().int().min(0).max(86_400_000).default(120_000),
    /** Days of reception that are compared in one step, by digests or by a list: after a crash at most so much is done again. */
    windowDays: z.number().int().min(1).max(3_660).default(366),
    /** Of a commune and day that differs and holds more dossiers, digests of its parts are asked for before its records. */
    bucketsAbove: z.number().int().min(1).max(100_000).default(500),
    /** A run that is not done by then is given up, and says what it has not seen. */
    maxHours: z.number().min(0.1).max(720).default(48),
    /** A system that cannot be read is asked again after so long. */
    retryMs: z.number().int().min(100).max(3_600_000).default(30_000),
    /** How often each worker looks for runs to go on with. */
    everyMs: z.number().int().min(200).max(600_000).default(5_000),
    /** Working days without any movement after which a dossier of this status is stale: over Tết nothing is; null: never. */
    staleDays: z.partialRecord(z.enum(statuses), z.number().min(0).max(3_660).nullable()).default({}),
    repairs: z
      .strictObject({
        rules: z.array(repairRule).prefault(SAFE_REPAIRS),
        /** With more open discrepancies at a system than this a run repairs none of them there. */
        stopAbove: z.number().int().min(0).default(200),
      })
      .prefault({}),
  })
  .prefault({})

export type ReconciliationConfiguration = z.infer<typeof reconciliationConfiguration>

export const staleRulesOf = ({ staleDays }: ReconciliationConfiguration): { readonly status: DossierStatus; readonly days: number }[] =>
  Object.entries({ ...STALE_DAYS, ...staleDays }).flatMap(([status, days]) =>
    days === null || days === undefined ? [] : [{ status: status as DossierStatus, days }],
  )
