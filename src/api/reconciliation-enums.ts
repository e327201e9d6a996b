import { COMPARED_FIELDS } from '../model/compared-record.js'
import {
  DISCREPANCY_ACTS,
  DISCREPANCY_CLASSES,
  DISCREPANCY_STATES,
  describeComparedField,
  describeDiscrepancyClass,
  describeDiscrepancyState,
  describeProbableCause,
  describeProposedRepair,
  PROBABLE_CAUSES,
  PROPOSED_REPAIRS,
} from '../model/discrepancy.js'
import { BATCH_ACTS, BATCH_RESULTS, BATCH_STATES, describeBatchResult, describeBatchState } from '../model/discrepancy-batch.js'
import {
  describeReconciliationState,
  describeScope,
  RECONCILIATION_PHASES,
  RECONCILIATION_SCOPES,
  RECONCILIATION_STATES,
  type ReconciliationPhase,
} from '../model/reconciliation-run.js'
import { describedEnum } from './enums.js'

const texts = <Name extends string>(names: readonly Name[], of: (name: Name) => string): Record<Name, string> =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, string>

export const DiscrepancyClassEnum = describedEnum(
  'DiscrepancyClass',
  'Loại sai lệch',
  DISCREPANCY_CLASSES,
  texts(DISCREPANCY_CLASSES, (of) => `${describeDiscrepancyClass(of).vi}: ${describeDiscrepancyClass(of).meaning}`),
)

export const DiscrepancyStateEnum = describedEnum(
  'DiscrepancyState',
  'Trạng thái sai lệch',
  DISCREPANCY_STATES,
  texts(DISCREPANCY_STATES, describeDiscrepancyState),
)

export const ComparedFieldEnum = describedEnum(
  'ComparedField',
  'Trường được đối soát',
  COMPARED_FIELDS,
  texts(COMPARED_FIELDS, describeComparedField),
)

export const ProbableCauseEnum = describedEnum(
  'ProbableCause',
  'Nguyên nhân có thể của sai lệch',
  PROBABLE_CAUSES,
  texts(PROBABLE_CAUSES, describeProbableCause),
)

export const ProposedRepairEnum = describedEnum(
  'ProposedRepair',
  'Cách sửa được đề xuất',
  PROPOSED_REPAIRS,
  texts(PROPOSED_REPAIRS, describeProposedRepair),
)

export const DiscrepancyActEnum = describedEnum('DiscrepancyAct', 'Thao tác trên sai lệch', DISCREPANCY_ACTS, {
  REPAIR_HERE: 'Sửa ở cổng liên thông: `repairHere`',
  REPAIR_THERE: 'Gửi lại cho bên kia: `repairThere`',
  IGNORE: 'Bỏ qua, có lý do: `ignoreDiscrepancy`',
})

export const ReconciliationScopeEnum = describedEnum(
  'ReconciliationScope',
  'Phạm vi đối soát',
  RECONCILIATION_SCOPES,
  texts(RECONCILIATION_SCOPES, describeScope),
)

export const ReconciliationStateEnum = describedEnum(
  'ReconciliationState',
  'Trạng thái lượt đối soát',
  RECONCILIATION_STATES,
  texts(RECONCILIATION_STATES, describeReconciliationState),
)

const PHASE_WORDS: Readonly<Record<ReconciliationPhase, string>> = {
  SCAN: 'Đang so sánh',
  STALE: 'Đang tìm hồ sơ đứng yên',
  SETTLE: 'Chờ những gì đang trên đường đi',
  CHECK: 'Đang xem lại từng sai lệch',
  REPAIR: 'Đang tự sửa theo quy tắc',
  DONE: 'Đã xong',
}
export const ReconciliationPhaseEnum = describedEnum(
  'ReconciliationPhase',
  'Bước của lượt đối soát với một hệ thống',
  RECONCILIATION_PHASES,
  PHASE_WORDS,
)

export const BatchStateEnum = describedEnum(
  'DiscrepancyBatchState',
  'Trạng thái đợt xử lý sai lệch',
  BATCH_STATES,
  texts(BATCH_STATES, describeBatchState),
)

export const BatchActEnum = describedEnum('DiscrepancyBatchAct', 'Thao tác trên đợt xử lý sai lệch', BATCH_ACTS, {
  APPROVE: 'Duyệt, by another person than who has made it',
  CANCEL: 'Hủy: what is done by then stays done',
})

export const BatchResultEnum = describedEnum(
  'DiscrepancyBatchResult',
  'Kết quả của một sai lệch trong đợt xử lý',
  BATCH_RESULTS,
  texts(BATCH_RESULTS, describeBatchResult),
)
