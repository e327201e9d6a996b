import { type ComparedField, type ComparedRecord, textOfField } from './compared-record.js'
import type { InEach, Language } from './language.js'

/**
 * Sai lệch (discrepancy): what one run of reconciliation has found to be otherwise over there than here, of one dossier at one system.
 *
 *   SUSPECTED ─ seen again after the grace time, nothing in flight ─► OPEN ─ repair ─► REPAIRING ─ no longer seen ─► VERIFIED
 *       │                                                              │ ▲                │
 *       │ no longer seen                                               │ └─ still seen ───┘
 *       ▼                                                              ├─ ignore, with a reason ─► IGNORED
 *     GONE ◄──────────── no longer seen, and nobody repaired it ───────┴──────────────────────────────┘
 *
 * Of one class there is at most one live discrepancy of a dossier and system: found again it is the same one, seen once more. VERIFIED and GONE are its
 * ends; both are written by a later look alone, never by whoever has repaired it. One that comes back after its end is a new one.
 */
export const DISCREPANCY_STATES = ['SUSPECTED', 'OPEN', 'REPAIRING', 'IGNORED', 'VERIFIED', 'GONE'] as const
export type DiscrepancyState = (typeof DISCREPANCY_STATES)[number]

const STATE_WORDS: Readonly<Record<DiscrepancyState, InEach<string>>> = {
  SUSPECTED: { vi: 'Nghi ngờ, chờ xem lại', en: 'Suspected' },
  OPEN: { vi: 'Đang lệch', en: 'Open' },
  REPAIRING: { vi: 'Đang sửa, chờ kiểm lại', en: 'Being repaired' },
  IGNORED: { vi: 'Đã bỏ qua', en: 'Ignored' },
  VERIFIED: { vi: 'Đã sửa và kiểm lại', en: 'Repaired and verified' },
  GONE: { vi: 'Tự hết', en: 'Went by itself' },
}
export const describeDiscrepancyState = (state: DiscrepancyState, language: Language = 'vi'): string => STATE_WORDS[state][language]

/** The closed list. */
export const DISCREPANCY_CLASSES = [
  'MISSING_THERE',
  'MISSING_HERE',
  'DIFFERS',
  'DUPLICATE_THERE',
  'STALE',
  'RESULT_NOT_RETURNED',
  'LATE_APPLIED',
] as const
export type DiscrepancyClass = (typeof DISCREPANCY_CLASSES)[number]

const CLASS_WORDS: Readonly<Record<DiscrepancyClass, InEach<string> & { readonly meaning: string }>> = {
  MISSING_THERE: { vi: 'Bên kia thiếu hồ sơ', en: 'Missing there', meaning: 'Bên kia đã nhận hoặc đã lập hồ sơ này, mà nay không còn.' },
  MISSING_HERE: { vi: 'Cổng thiếu hồ sơ', en: 'Missing here', meaning: 'Bên kia có hồ sơ mà cổng liên thông chưa từng nhận được.' },
  DIFFERS: { vi: 'Nội dung khác nhau', en: 'Values differ', meaning: 'Cả hai bên có hồ sơ, với giá trị khác nhau.' },
  DUPLICATE_THERE: { vi: 'Bên kia trùng hồ sơ', en: 'Stands there twice', meaning: 'Bên kia giữ cùng một mã hồ sơ nhiều lần.' },
  STALE: {
    vi: 'Đứng yên quá lâu',
    en: 'No movement for too long',
    meaning: 'Hai bên giống nhau, nhưng hồ sơ không có diễn biến nào quá thời gian của bước.',
  },
  RESULT_NOT_RETURNED: {
    vi: 'Đã xong một bên, còn mở bên kia',
    en: 'Finished on one side alone',
    meaning: 'Hồ sơ đã giải quyết xong ở một bên mà bên còn lại chưa biết.',
  },
  LATE_APPLIED: {
    vi: 'Đến muộn, không khớp thứ tự',
    en: 'Came late, out of order',
    meaning: 'Một bên đã áp dụng điều mà bên còn lại nhận muộn, không áp dụng hoặc đã thôi gửi.',
  },
}
export const describeDiscrepancyClass = (of: DiscrepancyClass): InEach<string> & { readonly meaning: string } => CLASS_WORDS[of]

/** One thing in which they differ, both sides' values and times next to each other. Personal data where the field is the applicant. */
export interface DiscrepancyField {
  readonly field: ComparedField
  /** As in `ComparedRecord`; left out: that side does not know it. */
  readonly ours?: FieldValue
  readonly theirs?: FieldValue
}
export type FieldValue = NonNullable<ComparedRecord[FieldKey]>
type FieldKey = 'status' | 'dueAt' | 'applicant' | 'parcels' | 'documents' | 'amounts'

const KEY_OF: Readonly<Record<ComparedField, FieldKey>> = {
  STATUS: 'status',
  DUE_DATE: 'dueAt',
  APPLICANT: 'applicant',
  PARCELS: 'parcels',
  DOCUMENTS: 'documents',
  AMOUNTS: 'amounts',
}
export const valueOfField = (record: ComparedRecord | undefined, field: ComparedField): FieldValue | undefined => record?.[KEY_OF[field]]

const FIELD_WORDS: Readonly<Record<ComparedField, InEach<string>>> = {
  STATUS: { vi: 'Trạng thái', en: 'Status' },
  DUE_DATE: { vi: 'Hạn trả', en: 'Due date' },
  APPLICANT: { vi: 'Người nộp', en: 'Applicant' },
  PARCELS: { vi: 'Thửa đất', en: 'Parcels' },
  DOCUMENTS: { vi: 'Giấy tờ', en: 'Papers' },
  AMOUNTS: { vi: 'Số tiền', en: 'Amounts' },
}
export const describeComparedField = (field: ComparedField, language: Language = 'vi'): string => FIELD_WORDS[field][language]

/** A value as it is compared: lists in whatever order, names with whatever spaces. */
export const textOfValue = (field: ComparedField, value: FieldValue | undefined): string =>
  textOfField({ [KEY_OF[field]]: value } as unknown as ComparedRecord, field)

/** Nguyên nhân có thể: what most likely has brought it about, from what our own tables show. */
export const PROBABLE_CAUSES = [
  'ACKNOWLEDGED_NOT_KEPT',
  'REMOVED_THERE',
  'NEVER_TOLD',
  'FEED_DOES_NOT_TELL',
  'TOLD_NOT_APPLIED',
  'TRANSFER_REFUSED',
  'TRANSFER_GIVEN_UP',
  'CHANGED_THERE_SILENTLY',
  'NOT_TOLD_THERE',
  'RESENT_NOT_DEDUPLICATED',
  'NOBODY_MOVED_IT',
] as const
export type ProbableCause = (typeof PROBABLE_CAUSES)[number]

const CAUSE_WORDS: Readonly<Record<ProbableCause, InEach<string>>> = {
  ACKNOWLEDGED_NOT_KEPT: {
    vi: 'Bên kia đã báo nhận lượt liên thông, nhưng không lưu hoặc đã lưu nội dung khác.',
    en: 'They acknowledged it and did not keep it, or kept other content.',
  },
  REMOVED_THERE: {
    vi: 'Hồ sơ phát sinh ở bên kia đã bị xóa hoặc hệ thống bên kia được phục hồi từ bản sao lưu cũ.',
    en: 'A dossier born there was removed, or their system was restored from an old backup.',
  },
  NEVER_TOLD: {
    vi: 'Bên kia chưa từng báo sang cổng liên thông: mất thông báo, hoặc dòng thay đổi không có.',
    en: 'They have never told us.',
  },
  FEED_DOES_NOT_TELL: {
    vi: 'Đã đọc lại dòng thay đổi của bên kia từ đầu đến cuối, bên kia không kể điều này: cần hỏi người phụ trách bên kia.',
    en: 'Their whole feed was read again, and it does not tell of this: ask the people over there.',
  },
  TOLD_NOT_APPLIED: {
    vi: 'Bên kia đã báo, nhưng cổng liên thông chưa áp dụng được: đến muộn, sai thứ tự, mâu thuẫn hoặc thiếu ánh xạ mã.',
    en: 'They told us and it could not be applied here.',
  },
  TRANSFER_REFUSED: {
    vi: 'Lượt liên thông mang thay đổi này đã bị bên kia từ chối hoặc hết hạn thử lại.',
    en: 'The transfer that carried it was refused or ran out of retries.',
  },
  TRANSFER_GIVEN_UP: {
    vi: 'Lượt liên thông mang thay đổi này đã bị hủy hoặc ngừng, mà bên kia vẫn có nội dung.',
    en: 'The transfer that carried it was given up, and they hold it all the same.',
  },
  CHANGED_THERE_SILENTLY: { vi: 'Bên kia đã sửa mà không báo.', en: 'They changed it without telling.' },
  NOT_TOLD_THERE: {
    vi: 'Thay đổi ở cổng liên thông chưa được gửi sang: tuyến khi đó chưa bật, hoặc sửa trực tiếp trong dữ liệu.',
    en: 'A change here was never sent to them.',
  },
  RESENT_NOT_DEDUPLICATED: {
    vi: 'Bên kia đã nhận một hồ sơ nhiều lần mà không nhận ra trùng.',
    en: 'They took one dossier several times.',
  },
  NOBODY_MOVED_IT: { vi: 'Không bên nào có diễn biến mới: hồ sơ có thể đang bị bỏ quên ở bước này.', en: 'Neither side has moved it.' },
}
export const describeProbableCause = (cause: ProbableCause, language: Language = 'vi'): string => CAUSE_WORDS[cause][language]

/**
 * Đề xuất sửa. HERE: what they hold is taken as said by them, by the way of a poll. THERE: what we hold is sent to them as an ordinary transfer.
 * REREAD: their feed is read again from its start, for a record alone is too little to make a dossier of. PERSON: nobody but a person can decide.
 */
export const PROPOSED_REPAIRS = ['HERE', 'THERE', 'REREAD', 'PERSON'] as const
export type ProposedRepair = (typeof PROPOSED_REPAIRS)[number]

const REPAIR_WORDS: Readonly<Record<ProposedRepair, InEach<string>>> = {
  HERE: { vi: 'Sửa ở cổng liên thông theo bên kia', en: 'Repair here by what they hold' },
  THERE: { vi: 'Gửi lại cho bên kia theo cổng liên thông', en: 'Send again to them' },
  REREAD: { vi: 'Đọc lại toàn bộ dòng thay đổi của bên kia', en: 'Read their whole feed again' },
  PERSON: { vi: 'Cần người quyết định', en: 'A person has to decide' },
}
export const describeProposedRepair = (repair: ProposedRepair, language: Language = 'vi'): string => REPAIR_WORDS[repair][language]

export const DISCREPANCY_ACTS = ['REPAIR_HERE', 'REPAIR_THERE', 'IGNORE'] as const
export type DiscrepancyAct = (typeof DISCREPANCY_ACTS)[number]

/** From which states a person may do it; a repair that did not help may be tried again, and what was ignored may be repaired after all. */
export const DISCREPANCY_MOVES: Readonly<
  Record<DiscrepancyAct, { readonly from: readonly DiscrepancyState[]; readonly to: DiscrepancyState; readonly words: string }>
> = {
  REPAIR_HERE: { from: ['OPEN', 'IGNORED'], to: 'REPAIRING', words: 'sửa ở cổng liên thông' },
  REPAIR_THERE: { from: ['OPEN', 'IGNORED'], to: 'REPAIRING', words: 'gửi lại cho bên kia' },
  IGNORE: { from: ['SUSPECTED', 'OPEN'], to: 'IGNORED', words: 'bỏ qua' },
}
