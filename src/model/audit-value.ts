import { describeHeld } from './cause-words.js'
import {
  DISCREPANCY_CLASSES,
  DISCREPANCY_STATES,
  describeDiscrepancyClass,
  describeDiscrepancyState,
  describeProposedRepair,
  PROPOSED_REPAIRS,
} from './discrepancy.js'
import { BATCH_STATES, describeBatchState } from './discrepancy-batch.js'
import { upperFirst } from './first-letter.js'
import { describeTransferState } from './interlink-state.js'
import type { InEach, Language } from './language.js'
import { describeReconciliationState, RECONCILIATION_STATES } from './reconciliation-run.js'
import { describePlanState, REPLAY_PLAN_STATES } from './replay-plan.js'
import { SYSTEM_IDS, systemInSentence } from './system.js'
import { HELD_REASONS, TRANSFER_STATES } from './transfer-state.js'
import { describeInstant } from './working-calendar.js'

/** Giá trị trước và sau một thao tác, as the audit keeps them: what each is called, and what one that is a code or an instant says. What is not known is shown as it is stored. */
const NAMES: Readonly<Record<string, InEach<string>>> = {
  state: { vi: 'Trạng thái', en: 'State' },
  heldReason: { vi: 'Lý do giữ lại', en: 'Why held' },
  lastError: { vi: 'Lỗi gần nhất', en: 'Last error' },
  replacedBy: { vi: 'Lượt thay nó', en: 'Superseded by' },
  key: { vi: 'Khóa chống gửi lặp', en: 'Idempotency key' },
  digest: { vi: 'Mã kiểm tra', en: 'Digest' },
  dossierVersion: { vi: 'Phiên bản hồ sơ', en: 'Version of the dossier' },
  changed: { vi: 'Đã đổi', en: 'What changed' },
  amended: { vi: 'Trường đã sửa', en: 'Fields amended' },
  followersHeld: { vi: 'Lượt sau bị giữ lại', en: 'Followers held' },
  externalRef: { vi: 'Mã bên nhận', en: 'Their reference' },
  version: { vi: 'Phiên bản', en: 'Version' },
  kind: { vi: 'Loại', en: 'Kind' },
  rows: { vi: 'Số dòng', en: 'Rows' },
  needsApproval: { vi: 'Cần duyệt', en: 'Needs approval' },
  filter: { vi: 'Điều kiện', en: 'Filter' },
  stoppedBecause: { vi: 'Vì sao dừng', en: 'Why it stopped' },
  delivered: { vi: 'Đã nhận', en: 'Delivered' },
  failed: { vi: 'Không thành', en: 'Failed' },
  attemptId: { vi: 'Lần thử', en: 'Attempt' },
  messageId: { vi: 'Thông điệp', en: 'Message' },
  why: { vi: 'Vì sao', en: 'Why' },
  alertId: { vi: 'Cảnh báo', en: 'Alert' },
  rule: { vi: 'Quy tắc', en: 'Rule' },
  acknowledgedBy: { vi: 'Người nhận xử lý', en: 'Taken by' },
  channel: { vi: 'Kênh báo', en: 'Channel' },
  notices: { vi: 'Thông báo', en: 'Notices' },
  systemId: { vi: 'Hệ thống', en: 'System' },
  alarm: { vi: 'Cảnh báo', en: 'Alarm' },
  lostChanges: { vi: 'Thay đổi không còn ở nguồn', en: 'Changes lost at the source' },
  maxPerSecond: { vi: 'Nhiều nhất trong một giây', en: 'Most in a second' },
  maxInFlight: { vi: 'Nhiều nhất cùng lúc', en: 'Most at once' },
  setBy: { vi: 'Người đặt', en: 'Set by' },
  pausedAt: { vi: 'Tạm dừng từ', en: 'Paused since' },
  pausedBy: { vi: 'Người tạm dừng', en: 'Paused by' },
  pauseReason: { vi: 'Vì sao tạm dừng', en: 'Why paused' },
  maintenance: { vi: 'Khung bảo trì', en: 'Maintenance window' },
  causeId: { vi: 'Nguyên nhân lỗi', en: 'Cause' },
  note: { vi: 'Ghi chú', en: 'Note' },
  remedy: { vi: 'Cách xử lý', en: 'Remedy' },
  batch: { vi: 'Đợt xử lý', en: 'Batch' },
  act: { vi: 'Thao tác', en: 'Act' },
  repair: { vi: 'Hướng sửa', en: 'Repair' },
  transfers: { vi: 'Lượt liên thông', en: 'Transfers' },
  class: { vi: 'Loại sai lệch', en: 'Class' },
  scope: { vi: 'Phạm vi', en: 'Scope' },
  from: { vi: 'Từ', en: 'From' },
  to: { vi: 'Đến', en: 'To' },
  systems: { vi: 'Các hệ thống', en: 'Systems' },
  dueAt: { vi: 'Ngày hẹn trả', en: 'Due date' },
  newDueAt: { vi: 'Ngày hẹn trả mới', en: 'New due date' },
  letterId: { vi: 'Phiếu xin lỗi', en: 'Letter' },
  number: { vi: 'Số', en: 'Number' },
  epoch: { vi: 'Đợt khôi phục', en: 'Recovery' },
  backupAt: { vi: 'Bản sao lưu lúc', en: 'Backup of' },
  inquired: { vi: 'Lượt phải hỏi lại', en: 'To be inquired' },
  remaining: { vi: 'Chưa hỏi xong', en: 'Not inquired yet' },
  found: { vi: 'Bên nhận đã có', en: 'Found there' },
  notThere: { vi: 'Bên nhận chưa có', en: 'Not there' },
  held: { vi: 'Đang giữ lại', en: 'Held' },
  unread: { vi: 'Chưa đọc lại hết', en: 'Feeds not read again' },
  forced: { vi: 'Đóng dù chưa xong', en: 'Forced' },
  mode: { vi: 'Chế độ', en: 'Mode' },
  modes: { vi: 'Chế độ trước đó', en: 'Modes before' },
  operations: { vi: 'Nghiệp vụ', en: 'Operations' },
  sha256: { vi: 'Mã băm SHA-256', en: 'SHA-256 hash' },
  run: { vi: 'Lượt', en: 'Run' },
  loaded: { vi: 'Đã nạp', en: 'Loaded' },
  present: { vi: 'Đã có sẵn', en: 'Present already' },
  rejected: { vi: 'Bị từ chối', en: 'Rejected' },
  conflicting: { vi: 'Mâu thuẫn', en: 'Conflicting' },
  text: { vi: 'Từ cần tìm', en: 'Words looked for' },
  actor: { vi: 'Người thực hiện', en: 'Who' },
  acts: { vi: 'Các thao tác', en: 'Acts' },
  dossierCode: { vi: 'Mã hồ sơ', en: 'Dossier code' },
}

type Words = (code: string, language: Language) => string

/** Of the codes of a list. */
const told =
  <Code extends string>(codes: readonly Code[], words: (code: Code, language: Language) => string): Words =>
  (code, language) =>
    (codes as readonly string[]).includes(code) ? words(code as Code, language) : code

/** Whose states they are, by the end of the act's name; an act on a transfer ends in none of these. */
const STATES: readonly (readonly [ending: string, words: Words])[] = [
  ['_REPLAY_PLAN', told(REPLAY_PLAN_STATES, describePlanState)],
  ['_DISCREPANCY_BATCH', told(BATCH_STATES, describeBatchState)],
  ['_DISCREPANCY', told(DISCREPANCY_STATES, describeDiscrepancyState)],
  ['_RECONCILIATION', told(RECONCILIATION_STATES, describeReconciliationState)],
]
const OF_TRANSFER = told(TRANSFER_STATES, describeTransferState)
const RECEIVER: InEach<string> = { vi: 'bên nhận', en: 'the receiver' }

const CODED: Readonly<Record<string, Words>> = {
  heldReason: told(HELD_REASONS, (reason, language) => describeHeld(reason, RECEIVER[language], language).what.replace(/\.$/, '')),
  class: told(DISCREPANCY_CLASSES, (of, language) => describeDiscrepancyClass(of)[language]),
  repair: told(PROPOSED_REPAIRS, describeProposedRepair),
  systemId: told(SYSTEM_IDS, (id, language) => upperFirst(systemInSentence(id, language))),
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

export const nameAuditValue = (name: string, language: Language = 'vi'): string => own(NAMES, name)?.[language] ?? name

/** `act`: by which it was changed; `isOfTransfer`: upon a transfer. */
export const describeAuditValue = (
  { act, isOfTransfer }: { readonly act: string; readonly isOfTransfer: boolean },
  name: string,
  value: string,
  language: Language = 'vi',
): string => {
  if (INSTANT.test(value)) return describeInstant(new Date(value), language)
  const states = STATES.find(([ending]) => act.endsWith(ending))?.[1] ?? (isOfTransfer ? OF_TRANSFER : undefined)
  return (name === 'state' ? states : own(CODED, name))?.(value, language) ?? value
}
