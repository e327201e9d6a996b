import { z } from 'zod'
import type { ReferenceData } from '../dossier/reference-data.js'
import { resolveClaim } from '../dossier/resolve-claim.js'
import { CHANNELS, PARTY_KINDS } from '../model/dossier-content.js'
import { describeStatus, statusOfNationalCode } from '../model/dossier-status.js'
import {
  ACCOUNT,
  ADDRESS,
  AREA_M2,
  COMMUNE_CODE,
  EMAIL,
  FULL_NAME,
  MAP_SHEET_NUMBER,
  NOTE,
  PARCEL_NUMBER,
  PHONE,
  REGISTER_NUMBER,
  SERIAL_NUMBER,
  SUMMARY,
  type TextLimit,
} from '../model/field-limits.js'
import { readInstant } from '../model/read-instant.js'
import { ORIGINS } from '../model/system.js'
import { VIETNAMESE } from '../model/vietnamese-issues.js'
import type { HistoryDossier } from './history-dossier.js'

/**
 * Một dòng của tệp lịch sử: the form that the README documents, the same for a line of NDJSON and, flattened (`csv-row.ts`), a row of CSV. Nothing is guessed: what does not
 * fit is refused with a sentence that names the field and never quotes personal data. A misspelt field is refused, too.
 */
z.config(VIETNAMESE)

const text = ({ least, most, pattern, message }: TextLimit) =>
  z
    .string(message)
    .transform((told) => told.normalize('NFC').trim())
    .refine((told) => told.length >= least && told.length <= most && (pattern?.test(told) ?? true), message)
    .refine((told) => !/[\0\p{Cs}\uFFFD]/u.test(told), 'Có ký tự không lưu được; tệp phải là UTF-8.')

/** Older instants are defaults of broken systems (year 1, 1900, 1970). */
const FIRST_YEAR = 1990

const instant = z.string('Thiếu thời điểm, hoặc không phải là chữ.').transform((told, context) => {
  const at = readInstant(told.trim())
  const fault = typeof at === 'string' ? at : at.getUTCFullYear() < FIRST_YEAR ? `Thời điểm trước năm ${FIRST_YEAR}.` : undefined
  if (fault === undefined) return (at as Date).toISOString()
  context.addIssue({ code: 'custom', message: fault })
  return z.NEVER
})

const STATUS_SENTENCE = 'Trạng thái là một số từ 1 đến 10.'
const status = z.union([z.number(), z.string().regex(/^\d{1,2}$/, STATUS_SENTENCE)], STATUS_SENTENCE).transform((told, context) => {
  const known = statusOfNationalCode(Number(told))
  if (known) return known
  context.addIssue({ code: 'custom', message: STATUS_SENTENCE })
  return z.NEVER
})

const VERSION_SENTENCE = 'Phiên bản là số nguyên từ 1.'
/** A cell tells digits; nothing else is made a number of. */
const version = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,7}$/, VERSION_SENTENCE)
        .transform(Number),
    ],
    VERSION_SENTENCE,
  )
  .refine((told) => Number.isInteger(told) && told >= 1 && told <= 1_000_000, VERSION_SENTENCE)

const oneOf = <Value extends string>(values: readonly Value[]) =>
  z.enum(values as [Value, ...Value[]], `Phải là một trong: ${values.join(', ')}.`)

/** Số định danh or the older chứng minh nhân dân; a passport: letters and digits. */
const CITIZEN_NUMBER = /^(?:\d{9}|\d{12}|[A-Z]{1,2}\d{6,8})$/
/** Mã số thuế, with the number of a branch; mã quan hệ ngân sách; mã định danh. */
const BODY_NUMBER = /^(?:\d{7}|\d{10}(?:-?\d{3})?|\d{12})$/
const KEEP_ZEROS = 'Bảng tính hay làm mất số 0 ở đầu: định dạng cột là văn bản.'
const CITIZEN_SENTENCE = `Số giấy tờ của công dân gồm 9 hoặc 12 chữ số, hoặc là số hộ chiếu. ${KEEP_ZEROS}`
/** From abroad with +; the numbers of an exchange, too. */
const TOLD_PHONE = {
  ...PHONE,
  pattern: /^(?:0|\+|1[89]00)[0-9 .]+$/,
  message: `Số điện thoại bắt đầu bằng 0, +84, 1800 hoặc 1900, dài từ 8 đến 16 ký tự. ${KEEP_ZEROS}`,
} as const
const BODY_SENTENCE =
  'Số giấy tờ của tổ chức là mã số thuế (10 chữ số, chi nhánh thêm -001), mã quan hệ ngân sách 7 chữ số hoặc mã định danh 12 chữ số.'

const applicant = z
  .strictObject({
    kind: oneOf(PARTY_KINDS),
    fullName: text(FULL_NAME),
    // How long it is, is a matter of whose it is: below.
    idNumber: text({ least: 0, most: Number.POSITIVE_INFINITY, message: CITIZEN_SENTENCE }).optional(),
    phone: text(TOLD_PHONE).optional(),
    email: text({ ...EMAIL, pattern: /^[^\s@]+@[^\s@]+$/ }).optional(),
    address: text(ADDRESS).optional(),
  })
  .superRefine(({ kind, idNumber }, context) => {
    if (idNumber === undefined || (kind === 'CITIZEN' ? CITIZEN_NUMBER : BODY_NUMBER).test(idNumber)) return
    context.addIssue({ code: 'custom', path: ['idNumber'], message: kind === 'CITIZEN' ? CITIZEN_SENTENCE : BODY_SENTENCE })
  })

const UNIT_NAME = { least: 1, most: 100, message: 'Tên xã dài từ 1 đến 100 ký tự.' } as const
const row = z.strictObject({
  /** Written beside a row that was refused, so that the mended file can be loaded as it is. */
  dong: z.unknown().optional(),
  ly_do: z.unknown().optional(),
  code: z.string('Thiếu mã hồ sơ.').trim(),
  version: version.default(1),
  origin: oneOf(ORIGINS),
  procedureCode: z.string('Thiếu mã thủ tục.').trim(),
  communeCode: text(COMMUNE_CODE),
  communeName: text(UNIT_NAME).optional(),
  channel: oneOf(CHANNELS),
  applicant,
  summary: text(SUMMARY).default(''),
  receivedBy: text(ACCOUNT),
  receivedAt: instant,
  dueAt: instant,
  status,
  statusAt: instant,
  finishedAt: instant.optional(),
  returnedAt: instant.optional(),
  parcels: z
    .array(
      z.strictObject({
        mapSheetNumber: text(MAP_SHEET_NUMBER),
        parcelNumber: text(PARCEL_NUMBER),
        communeCode: text(COMMUNE_CODE).optional(),
        communeName: text(UNIT_NAME).optional(),
        areaM2: text(AREA_M2).optional(),
        address: text(ADDRESS).optional(),
      }),
    )
    .max(200)
    .default([]),
  certificates: z
    .array(z.strictObject({ serialNumber: text(SERIAL_NUMBER), registerNumber: text(REGISTER_NUMBER).optional() }))
    .max(200)
    .default([]),
  events: z
    .array(z.strictObject({ at: instant, status, officer: text(ACCOUNT).optional(), note: text(NOTE).optional() }))
    .max(500)
    .default([]),
})

type Row = z.output<typeof row>

export type ReadRow = { readonly kind: 'READ'; readonly dossier: HistoryDossier } | { readonly kind: 'REFUSED'; readonly reason: string }

/** `now`: nothing has happened later than that, except what is promised (`dueAt`). */
export const readHistoryRow = (told: unknown, reference: ReferenceData, now: Date): ReadRow => {
  const parsed = row.safeParse(told)
  if (!parsed.success) {
    return { kind: 'REFUSED', reason: reasonOf(parsed.error.issues) }
  }
  const fault = faultOfTimes(parsed.data, now.toISOString()) ?? faultOfLists(parsed.data)
  if (fault !== undefined) return { kind: 'REFUSED', reason: fault }
  const {
    communeCode,
    communeName,
    parcels,
    origin,
    statusAt,
    finishedAt,
    returnedAt,
    events,
    dong: _row,
    ly_do: _why,
    ...rest
  } = parsed.data
  const receivingUnit = { code: communeCode, name: communeName }
  const claim = {
    ...rest,
    receivingUnit,
    documents: [],
    parcels: parcels.map(({ communeCode: code, communeName: name, ...parcel }) => ({
      ...parcel,
      unit: code === undefined ? receivingUnit : { code, name },
    })),
  }
  const resolved = resolveClaim(reference, claim)
  if (resolved.kind === 'REFUSED') return { kind: 'REFUSED', reason: `${resolved.field}: ${resolved.message}` }
  const serials = resolved.content.certificates.map(({ serialNumber }) => serialNumber)
  if (new Set(serials).size < serials.length) return { kind: 'REFUSED', reason: 'certificates: Một số phát hành được ghi hai lần.' }
  return {
    kind: 'READ',
    dossier: { content: resolved.content, origin, status: rest.status, statusAt, finishedAt, returnedAt, moves: events },
  }
}

const MOST_REASONS = 3

/** A field that is misspelt goes first: what is missing is often what it was meant to be. */
const reasonOf = (issues: readonly z.core.$ZodIssue[]): string => {
  const isStranger = ({ code }: z.core.$ZodIssue): boolean => code === 'unrecognized_keys'
  const sorted = [...issues.filter(isStranger), ...issues.filter((issue) => !isStranger(issue))]
  const told = sorted.slice(0, MOST_REASONS).map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
  const sentences = told.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
  return [...sentences, ...(issues.length > MOST_REASONS ? [`Còn ${issues.length - MOST_REASONS} lỗi khác.`] : [])].join(' ')
}

const faultOfTimes = (told: Row, now: string): string | undefined => {
  const { receivedAt, statusAt, finishedAt, returnedAt, events } = told
  const happened: readonly (readonly [string, string | undefined])[] = [
    ['receivedAt', receivedAt],
    ['statusAt', statusAt],
    ['finishedAt', finishedAt],
    ['returnedAt', returnedAt],
    ...events.map(({ at }, place) => [`events.${place}.at`, at] as const),
  ]
  for (const [field, at] of happened) {
    if (at === undefined) continue
    if (at > now) return `${field}: Thời điểm ở tương lai.`
    if (at < receivedAt) return `${field}: Thời điểm sớm hơn ngày tiếp nhận.`
  }
  if (finishedAt !== undefined && returnedAt !== undefined && returnedAt < finishedAt)
    return 'returnedAt: Trả kết quả sớm hơn ngày xử lý xong.'
  return undefined
}

const faultOfLists = ({ status: now, finishedAt, returnedAt, parcels, events, communeCode }: Row): string | undefined => {
  if (now === 'RESULT_RETURNED' && returnedAt === undefined) return 'returnedAt: Hồ sơ đã trả kết quả (10) phải có ngày trả.'
  if (now === 'COMPLETED' && finishedAt === undefined) return 'finishedAt: Hồ sơ đã xử lý xong (9) phải có ngày xong.'
  if (finishedAt !== undefined && describeStatus(now).clock !== 'ENDED')
    return 'finishedAt: Hồ sơ chưa kết thúc (trạng thái 1, 2, 4, 5, 6) không có ngày xong.'
  if (now !== 'RESULT_RETURNED' && returnedAt !== undefined) return 'returnedAt: Chỉ hồ sơ đã trả kết quả (10) có ngày trả.'
  const land = parcels.map((parcel) => [parcel.communeCode ?? communeCode, parcel.mapSheetNumber, parcel.parcelNumber].join('/'))
  if (new Set(land).size < land.length) return 'parcels: Một thửa đất được ghi hai lần.'
  const late = events.findIndex(({ at }, place) => place > 0 && at < (events[place - 1]?.at ?? ''))
  if (late > 0) return `events.${late}.at: Diễn biến phải theo thứ tự thời gian.`
  const last = events.at(-1)
  return last && last.status !== now ? 'events: Diễn biến cuối cùng phải là trạng thái của hồ sơ (status).' : undefined
}
