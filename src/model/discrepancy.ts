import { type ComparedField, type ComparedRecord, textOfField } from './compared-record.js'

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

const STATE_WORDS: Readonly<Record<DiscrepancyState, string>> = {
  SUSPECTED: 'Nghi ngờ, chờ xem lại',
  OPEN: 'Đang lệch',
  REPAIRING: 'Đang sửa, chờ kiểm lại',
  IGNORED: 'Đã bỏ qua',
  VERIFIED: 'Đã sửa và kiểm lại',
  GONE: 'Tự hết',
}
export const describeDiscrepancyState = (state: DiscrepancyState): string => STATE_WORDS[state]

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

const CLASS_WORDS: Readonly<Record<DiscrepancyClass, { readonly vi: string; readonly meaning: string }>> = {
  MISSING_THERE: { vi: 'Bên kia thiếu hồ sơ', meaning: 'Bên kia đã nhận hoặc đã lập hồ sơ này, mà nay không còn.' },
  MISSING_HERE: { vi: 'Cổng thiếu hồ sơ', meaning: 'Bên kia có hồ sơ mà cổng liên thông chưa từng nhận được.' },
  DIFFERS: { vi: 'Nội dung khác nhau', meaning: 'Cả hai bên có hồ sơ, với giá trị khác nhau.' },
  DUPLICATE_THERE: { vi: 'Bên kia trùng hồ sơ', meaning: 'Bên kia giữ cùng một mã hồ sơ nhiều lần.' },
  STALE: { vi: 'Đứng yên quá lâu', meaning: 'Hai bên giống nhau, nhưng hồ sơ không có diễn biến nào quá thời gian của bước.' },
  RESULT_NOT_RETURNED: {
    vi: 'Đã xong một bên, còn mở bên kia',
    meaning: 'Hồ sơ đã giải quyết xong ở một bên mà bên còn lại chưa biết.',
  },
  LATE_APPLIED: {
    vi: 'Đến muộn, không khớp thứ tự',
    meaning: 'Một bên đã áp dụng điều mà bên còn lại nhận muộn, không áp dụng hoặc đã thôi gửi.',
  },
}
export const describeDiscrepancyClass = (of: DiscrepancyClass): { readonly vi: string; readonly meaning: string } => CLASS_WORDS[of]

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

const FIELD_WORDS: Readonly<Record<ComparedField, string>> = {
  STATUS: 'Trạng thái',
  DUE_DATE: 'Hạn trả',
  APPLICANT: 'Người nộp',
  PARCELS: 'Thửa đất',
  DOCUMENTS: 'Giấy tờ',
  AMOUNTS: 'Số tiền',
}
export const describeComparedField = (field: ComparedField): string => FIELD_WORDS[field]

/** A value as it is compared: lists in whatever order, names with whatever spaces. */
export const textOfValue = (field: ComparedField, value: FieldValue | undefined): string =>
  textOfField({ [KEY_OF[field]]: value } as unknown as ComparedRecord, field)

/** Nguyên nhân có thể: what most likely has brought it about, from what our own tables show. */
export const PROBABLE_CAUSES = [
  'ACKNOWLEDGED_NOT_KEPT',
  'REMOVED_THERE',
  'NEVER_TOLD',
  'TOLD_NOT_APPLIED',
  'TRANSFER_REFUSED',
  'TRANSFER_GIVEN_UP',
  'CHANGED_THERE_SILENTLY',
  'NOT_TOLD_THERE',
  'RESENT_NOT_DEDUPLICATED',
  'NOBODY_MOVED_IT',
] as const
export type ProbableCause = (typeof PROBABLE_CAUSES)[number]

const CAUSE_WORDS: Readonly<Record<ProbableCause, string>> = {
  ACKNOWLEDGED_NOT_KEPT: 'Bên kia đã báo nhận lượt liên thông, nhưng không lưu hoặc đã lưu nội dung khác.',
  REMOVED_THERE: 'Hồ sơ phát sinh ở bên kia đã bị xóa hoặc hệ thống bên kia được phục hồi từ bản sao lưu cũ.',
  NEVER_TOLD: 'Bên kia chưa từng báo sang cổng liên thông: mất thông báo, hoặc dòng thay đổi không có.',
  TOLD_NOT_APPLIED: 'Bên kia đã báo, nhưng cổng liên thông chưa áp dụng được: đến muộn, sai thứ tự, mâu thuẫn hoặc thiếu ánh xạ mã.',
  TRANSFER_REFUSED: 'Lượt liên thông mang thay đổi này đã bị bên kia từ chối hoặc hết hạn thử lại.',
  TRANSFER_GIVEN_UP: 'Lượt liên thông mang thay đổi này đã bị hủy hoặc ngừng, mà bên kia vẫn có nội dung.',
  CHANGED_THERE_SILENTLY: 'Bên kia đã sửa mà không báo.',
  NOT_TOLD_THERE: 'Thay đổi ở cổng liên thông chưa được gửi sang: tuyến khi đó chưa bật, hoặc sửa trực tiếp trong dữ liệu.',
  RESENT_NOT_DEDUPLICATED: 'Bên kia đã nhận một hồ sơ nhiều lần mà không nhận ra trùng.',
  NOBODY_MOVED_IT: 'Không bên nào có diễn biến mới: hồ sơ có thể đang bị bỏ quên ở bước này.',
}
export const describeProbableCause = (cause: ProbableCause): string => CAUSE_WORDS[cause]

/**
 * Đề xuất sửa. HERE: what they hold is taken as said by them, by the way of a poll. THERE: what we hold is sent to them as an ordinary transfer.
 * REREAD: their feed is read again from its start, for a record alone is too little to make a dossier of. PERSON: nobody but a person can decide.
 */
export const PROPOSED_REPAIRS = ['HERE', 'THERE', 'REREAD', 'PERSON'] as const
export type ProposedRepair = (typeof PROPOSED_REPAIRS)[number]

const REPAIR_WORDS: Readonly<Record<ProposedRepair, string>> = {
  HERE: 'Sửa ở cổng liên thông theo bên kia',
  THERE: 'Gửi lại cho bên kia theo cổng liên thông',
  REREAD: 'Đọc lại toàn bộ dòng thay đổi của bên kia',
  PERSON: 'Cần người quyết định',
}
export const describeProposedRepair = (repair: ProposedRepair): string => REPAIR_WORDS[repair]

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
