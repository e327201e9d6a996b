import { CAUSE_CLASSES, type CauseClass } from './cause-classes.js'
import { ENGLISH_CLASSES } from './cause-words-english.js'
import { COMPARED_FIELDS } from './compared-record.js'
import {
  DISCREPANCY_CLASSES,
  DISCREPANCY_STATES,
  describeComparedField,
  describeDiscrepancyClass,
  describeDiscrepancyState,
  describeProposedRepair,
  PROPOSED_REPAIRS,
} from './discrepancy.js'
import { BATCH_STATES, describeBatchState } from './discrepancy-batch.js'
import { DOSSIER_STATUSES } from './dossier-status.js'
import { lowerFirst, upperFirst } from './first-letter.js'
import { describeTransferState } from './interlink-state.js'
import type { Language } from './language.js'
import { describeReconciliationState, describeScope, RECONCILIATION_SCOPES, RECONCILIATION_STATES } from './reconciliation-run.js'
import { RECORDED_ACTS } from './recorded-acts-english.js'
import { RECORDED_ANSWERS } from './recorded-answers-english.js'
import { INPUTS, REFUSAL_SENTENCES, THINGS } from './recorded-refusals-english.js'
import { describeForecast, describePlanState, REPLAY_FORECASTS, REPLAY_PLAN_STATES } from './replay-plan.js'
import { ALL_OPERATIONS, describeOperation, SYSTEM_IDS, SYSTEM_IN_SENTENCE, systemInSentence } from './system.js'
import { describeDone, TRANSFER_ACTS } from './transfer-acts.js'
import { TRANSFER_STATES } from './transfer-state.js'

/**
 * Câu đã ghi, told in English: what became of an attempt, of a row of a plan, what a run waits for. They are written once, in Vietnamese, and stay as they were written; here each is known again by its
 * words. The names of `NESTED` stand for another recorded sentence or phrase, `{at}` and `{until}` for an instant, `{when}` for nothing or for an instant, `{place}`, `{many}` and `{most}` for a number, `{because}` for nothing or for words in brackets, a name of `WORDS` for one of its words, any other name for what stays as it is: codes, numbers, the other side's words.
 */
const RECORDED = [...RECORDED_ANSWERS, ...RECORDED_ACTS]

const NETWORK = {
  'máy chủ từ chối kết nối': 'the server refuses connections',
  'kết nối bị ngắt': 'the connection was broken',
  'không tìm thấy địa chỉ máy chủ': 'the address of the server was not found',
  'chưa tra được địa chỉ máy chủ': 'the address of the server could not be looked up',
  'không có đường mạng tới máy chủ': 'there is no route to the server',
  'quá thời gian chờ kết nối': 'connecting took too long',
  'chứng thư số của máy chủ không được tin cậy': 'the server’s certificate is not trusted',
  'không lập được kênh mã hóa': 'no secure channel could be opened',
  'lỗi mạng': 'a fault of the network',
}

/** What somebody cannot do with a transfer, and with a discrepancy. */
const DEEDS = {
  'gửi lại': 'replay',
  'xác nhận đã nhận cho': 'confirm',
  hủy: 'give up',
  thay: 'supersede',
  'thay bằng lượt khác': 'supersede',
}
const REPAIRED = { 'sửa ở cổng liên thông': 'repaired here', 'gửi lại cho bên kia': 'sent again to them', 'bỏ qua': 'ignored' }

/** What somebody cannot do with a plan, a batch or a run, and what was done with a plan. */
const PLAN_DEEDS = {
  'chạy thử': 'dry-run',
  duyệt: 'approve',
  'cho chạy': 'start',
  'tạm dừng': 'pause',
  'cho chạy tiếp': 'resume',
  hủy: 'cancel',
}
const PLAN_DONE = {
  'lập kế hoạch': 'made it',
  'chạy thử': 'began the dry run',
  'chạy thử xong': 'ended the dry run',
  duyệt: 'approved it',
  'cho chạy': 'started it',
  'tạm dừng': 'paused it',
  'cho chạy tiếp': 'resumed it',
  hủy: 'cancelled it',
  'tự dừng vì nhiều lượt lỗi': 'stopped it, for many have failed',
  'chạy xong': 'ended it',
}
const BEFORE_THAT = {
  '': '',
  ': hãy chạy thử trước': ': run the dry run first',
  ': một người khác phải duyệt trước': ': another person has to approve it first',
}

const FACTS = {
  'việc nộp bổ sung': 'a supplement',
  'việc rút hồ sơ': 'a withdrawal',
  'việc trả kết quả': 'the handing out of a result',
  'kết quả giải quyết': 'a result',
}

const SHUT = {
  'hệ thống nhận đang được tạm dừng': 'it is paused',
  'hệ thống nhận không trả lời, cầu dao đang mở': 'it does not answer, and its breaker is open',
  'hệ thống nhận nhiều lần liền không phục vụ, cầu dao đang mở': 'it has not served several times over, and its breaker is open',
}

const MAPPED = { 'thủ tục': 'procedure', 'đơn vị hành chính': 'administrative unit', 'cán bộ': 'officer' }

/** Of a row that cannot be read. */
const ROW_FAULTS = {
  'không có giá trị': 'has no value',
  'dài quá 60 ký tự': 'is longer than 60 characters',
  'không phải là thời điểm hợp lệ, hoặc trước năm 1990': 'is no valid instant, or lies before 1990',
  'không phải là ngày hợp lệ, hoặc trước năm 1990': 'is no valid day, or lies before 1990',
  'ngoài danh mục trạng thái 1 đến 10': 'is none of the statuses 1 to 10',
  'không phải là mã băm SHA-256': 'is no SHA-256 hash',
  'không phải là số nguyên không âm': 'is no whole number from 0',
  'không phải là số tiền': 'is no amount',
  'không phải là 00 đến ff': 'is not 00 to ff',
  'không phải là mã đơn vị hành chính năm chữ số': 'is no code of an administrative unit, five digits',
}

type Words = Readonly<Record<string, string>>

/** Of each of these, the English by the Vietnamese. */
const inEnglish = <Of>(all: readonly Of[], describe: (one: Of, language: Language) => string): Words =>
  Object.fromEntries(all.map((one) => [describe(one, 'vi'), describe(one, 'en')]))

const STATUSES = Object.fromEntries(DOSSIER_STATUSES.map(({ vi, en }) => [vi, en]))
const FIELDS = inEnglish(COMPARED_FIELDS, (field, language) => lowerFirst(describeComparedField(field, language)))

/** By the Vietnamese words that a place may hold. */
const WORDS: Readonly<Record<string, Words>> = {
  system: Object.fromEntries(
    SYSTEM_IDS.flatMap((id) => {
      const [vietnamese, english] = [SYSTEM_IN_SENTENCE[id], systemInSentence(id, 'en')]
      return [vietnamese, upperFirst(vietnamese)].map((name) => [name, english])
    }),
  ),
  why: NETWORK,
  trouble: Object.fromEntries(
    Object.entries(CAUSE_CLASSES).map(([of, { what }]) => [
      what(SYSTEM_IN_SENTENCE.VILIS),
      ENGLISH_CLASSES[of as CauseClass].what(systemInSentence('VILIS', 'en')),
    ]),
  ),
  deed: DEEDS,
  repair: REPAIRED,
  fact: FACTS,
  shut: SHUT,
  kind: MAPPED,
  fault: ROW_FAULTS,
  standing: STATUSES,
  before: STATUSES,
  after: STATUSES,
  state: inEnglish(TRANSFER_STATES, describeTransferState),
  done: inEnglish([...TRANSFER_ACTS, 'OTHER'], describeDone),
  found: inEnglish(DISCREPANCY_STATES, describeDiscrepancyState),
  class: inEnglish(DISCREPANCY_CLASSES, (of, language) => describeDiscrepancyClass(of)[language]),
  proposed: inEnglish(PROPOSED_REPAIRS, (repair, language) => lowerFirst(describeProposedRepair(repair, language))),
  route: inEnglish(ALL_OPERATIONS, describeOperation),
  forecast: inEnglish(REPLAY_FORECASTS, (forecast, language) => lowerFirst(describeForecast(forecast, language))),
  plan: inEnglish(REPLAY_PLAN_STATES, describePlanState),
  planDeed: PLAN_DEEDS,
  planDone: PLAN_DONE,
  first: BEFORE_THAT,
  tryAgain: { 'hãy chạy thử lại': 'run it again' },
  next: { '': '', ', rồi nhờ người thứ hai duyệt': ', then have a second person approve it' },
  over: { '': '', 'hơn ': 'more than ' },
  batch: inEnglish(BATCH_STATES, describeBatchState),
  run: inEnglish(RECONCILIATION_STATES, describeReconciliationState),
  scope: inEnglish(RECONCILIATION_SCOPES, describeScope),
  input: INPUTS,
  thing: THINGS,
}

const PLACE = /\{(\w+)\}/g
const NESTED: ReadonlySet<string> = new Set(['said', 'seen', 'what', 'file', 'move', 'who', 'since'])
/** As `describeInstant` writes it. */
const INSTANT = '\\d\\d:\\d\\d:\\d\\d ngày \\d\\d/\\d\\d/\\d{4}'
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const HOLDS: Readonly<Record<string, string>> = {
  at: INSTANT,
  until: INSTANT,
  when: `(?: lúc ${INSTANT})?`,
  place: '\\d+',
  many: '[\\d.]+',
  most: '[\\d.]+',
  because: '(?: \\([^]+\\))?',
  replaced: '(?:, lượt thay nó là [^]+)?',
  which: '(?: \\S+)?',
}
const holds = (place: string): string => HOLDS[place] ?? (WORDS[place] ? Object.keys(WORDS[place]).map(escaped).join('|') : '[^]+?')

const known = (sentences: readonly (readonly [string, string])[]) =>
  sentences.map(([vietnamese, english]) => {
    const pattern = vietnamese.split(PLACE).map((part, at) => (at % 2 === 0 ? escaped(part) : `(?<${part}>${holds(part)})`))
    return { pattern: new RegExp(`^${pattern.join('')}$`, 'u'), english }
  })
type Sentences = ReturnType<typeof known>
const KNOWN = known(RECORDED)
const KNOWN_TOO = [...KNOWN, ...known(REFUSAL_SENTENCES)]

/** Longer ones are none of ours: a message may quote what a caller has sent, and two open places in one pattern take the square of its length. */
const LONGEST = 2_000

const SPOKEN: Readonly<Record<string, (held: string) => string>> = {
  at: (held) => held.replace(' ngày ', ' on '),
  until: (held) => held.replace(' ngày ', ' on '),
  when: (held) => held.replace(' lúc ', ' at ').replace(' ngày ', ' on '),
  many: (held) => held.replaceAll('.', ','),
  most: (held) => held.replaceAll('.', ','),
  replaced: (held) => held && `${held.replace(', lượt thay nó là', ';')} has its place now`,
  example: (held) => held.replace(' hoặc ', ' or '),
}

const spoken = (sentences: Sentences, place: string, held: string): string => {
  if (NESTED.has(place)) return withinSentence(sentences, held)
  if (place === 'because') return held && ` (${becauseOf(sentences, held.slice(2, -1))})`
  return SPOKEN[place]?.(held) ?? WORDS[place]?.[held] ?? held
}

/** In brackets behind a state: who has brought it about, in which fields it differs, or a name. */
const becauseOf = (sentences: Sentences, held: string): string => {
  const fields = held.split(', ')
  return fields.every((field) => Object.hasOwn(FIELDS, field))
    ? fields.map((field) => FIELDS[field]).join(', ')
    : withinSentence(sentences, held)
}

/** A sentence within another one may begin with a small letter. */
const withinSentence = (sentences: Sentences, held: string): string => {
  const told = tell(sentences, held)
  if (told !== held) return told
  const whole = tell(sentences, upperFirst(held))
  return whole === upperFirst(held) ? held : lowerFirst(whole)
}

const tell = (sentences: Sentences, sentence: string): string => {
  if (sentence.length > LONGEST) return sentence
  for (const { pattern, english } of sentences) {
    const found = pattern.exec(sentence)
    if (!found) continue
    const told = english.replace(PLACE, (_all, place: string) => spoken(sentences, place, found.groups?.[place] ?? ''))
    // A phrase begins small, and a person's account stays as it is.
    return /^\p{Lu}/u.test(sentence) ? upperFirst(told) : told
  }
  return sentence
}

/** One that is not known stays as it was written. */
export const recordedInEnglish = (sentence: string): string => tell(KNOWN, sentence)

/** What was refused, kept or not: more of our own sentences are known here than among what may be another system's words. */
export const refusalInWords = (sentence: string): string => tell(KNOWN_TOO, sentence)

/** For tests: the words of each that its source must have. */
export const RECORDED_WORDS: readonly string[] = [...RECORDED, ...REFUSAL_SENTENCES].flatMap(([vietnamese]) =>
  vietnamese.split(PLACE).filter((_part, at) => at % 2 === 0),
)
