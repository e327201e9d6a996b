import { registerEnumType } from 'type-graphql'
import type { CauseSide } from '../model/cause-side.js'
import { CAUSE_SIDES } from '../model/cause-side.js'
import type { BreakerState, OperationClass } from '../model/circuit-breaker.js'
import { BREAKER_STATES, OPERATION_CLASSES } from '../model/circuit-breaker.js'
import { CHANNELS, PARTY_KINDS } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { DOSSIER_STATUSES } from '../model/dossier-status.js'
import type { CauseKind } from '../model/failure-cause.js'
import { CAUSE_KINDS } from '../model/failure-cause.js'
import { describeTransferState } from '../model/interlink-state.js'
import {
  describeForecast,
  describePlanState,
  describeResult,
  REPLAY_FORECASTS,
  REPLAY_PLAN_KINDS,
  REPLAY_PLAN_STATES,
  REPLAY_RESULTS,
} from '../model/replay-plan.js'
import type { RiskEnd, RiskReason } from '../model/risk.js'
import { describeRisk, RISK_ENDS, RISK_REASONS } from '../model/risk.js'
import { ALL_OPERATIONS, describeOperation, ORIGINS, SYSTEM_IDS, SYSTEM_NAMES } from '../model/system.js'
import { SYSTEM_HEALTHS } from '../model/system-health.js'
import type { ActName } from '../model/transfer-acts.js'
import { TRANSFER_ACTS } from '../model/transfer-acts.js'
import type { HeldReason, InterlinkState, TransferState } from '../model/transfer-state.js'
import { HELD_REASONS, INTERLINK_STATES, TRANSFER_ORIGINS, TRANSFER_STATES } from '../model/transfer-state.js'
import type { InboxMessageState } from '../operator/inbox-search-repository.js'
import { INBOX_STATES } from '../operator/inbox-search-repository.js'

/** The enums of the API are the closed lists of the model: each name is its own value. */
const enumOf = <Name extends string>(names: readonly Name[]): { readonly [K in Name]: K } =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [K in Name]: K }

const described = <Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, { description: string }> =>
  Object.fromEntries(Object.entries<string>(texts).map(([name, description]) => [name, { description }])) as Record<
    Name,
    { description: string }
  >

export const textsOf = <Name extends string>(names: readonly Name[], text: (name: Name) => string): Record<Name, string> =>
  Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>

/** An enum that stands beside the types that use it. */
export const describedEnum = <Name extends string>(
  name: string,
  description: string,
  names: readonly Name[],
  texts: Readonly<Record<Name, string>>,
): { readonly [K in Name]: K } => {
  const made = enumOf(names)
  registerEnumType(made, { name, description, valuesConfig: described(texts) })
  return made
}

export const SystemIdEnum = enumOf(SYSTEM_IDS)
registerEnumType(SystemIdEnum, {
  name: 'SystemId',
  description: 'Hệ thống liên thông - foreign system',
  valuesConfig: described(SYSTEM_NAMES),
})

export const OriginEnum = enumOf(ORIGINS)
registerEnumType(OriginEnum, {
  name: 'Origin',
  description: 'Nơi phát sinh - where a change was made first',
  valuesConfig: described({ ...SYSTEM_NAMES, GATEWAY: 'Trục liên thông, through its own mutations' }),
})

export const DossierStatusEnum = enumOf(DOSSIER_STATUSES.map((row) => row.status))
registerEnumType(DossierStatusEnum, {
  name: 'DossierStatus',
  description: 'Trạng thái hồ sơ - the closed national list 1..10',
  valuesConfig: described(
    Object.fromEntries(DOSSIER_STATUSES.map((row) => [row.status, `${row.code} - ${row.vi}`])) as Record<DossierStatus, string>,
  ),
})

export const TransferStateEnum = enumOf(TRANSFER_STATES)
registerEnumType(TransferStateEnum, {
  name: 'TransferState',
  description: 'Trạng thái lượt liên thông - state of a transfer',
  valuesConfig: described<TransferState>(textsOf(TRANSFER_STATES, describeTransferState)),
})

const INTERLINK_TEXTS: Record<InterlinkState, string> = {
  NONE: 'Không có lượt liên thông nào',
  IN_SYNC: 'Các hệ thống đã nhận đủ',
  IN_FLIGHT: 'Đang chuyển',
  DELAYED: 'Bị chậm: hệ thống tự gửi lại, tra cứu lại, hoặc chờ vì bên nhận đang không được gọi (tạm dừng, bảo trì, ngắt)',
  NEEDS_ATTENTION: 'Cần người xử lý',
}
export const InterlinkStateEnum = enumOf(INTERLINK_STATES)
registerEnumType(InterlinkStateEnum, {
  name: 'InterlinkState',
  description: 'Trạng thái liên thông của hồ sơ - derived from its transfers, apart from the national status',
  valuesConfig: described(INTERLINK_TEXTS),
})

export const HELD_TEXTS: Record<HeldReason, string> = {
  MAPPING_MISSING: 'Thiếu ánh xạ mã',
  ATTACHMENT_MISSING: 'Thiếu tập tin đính kèm',
  ATTACHMENT_TOO_LARGE: 'Tập tin đính kèm quá lớn',
  BODY_INVALID: 'Nội dung không hợp lệ',
  CONFLICT: 'Bên nhận có nội dung khác',
  UNCERTAIN: 'Không xác định được bên nhận đã có hay chưa',
  PREDECESSOR_MISSING: 'Thiếu lượt đứng trước: bên nhận chưa có hồ sơ',
  ADOPT_ABSENT: 'Đối chiếu: bên nhận không có',
  ADOPT_DIFFERS: 'Đối chiếu: bên nhận có nội dung khác',
  AWAITING_APPROVAL: 'Nội dung đã sửa, chờ người thứ hai duyệt',
  AMENDMENT_DECLINED: 'Nội dung sửa không được duyệt',
}

export const TransferOriginEnum = describedEnum('TransferOrigin', 'Nguồn nội dung của một lượt liên thông', TRANSFER_ORIGINS, {
  SOURCE: 'Các nguồn nói: what the sources say',
  AMENDED: 'Có trường do người vận hành sửa',
})

export const HeldReasonEnum = enumOf(HELD_REASONS)
registerEnumType(HeldReasonEnum, {
  name: 'HeldReason',
  description: 'Lý do giữ lại - why a transfer is held',
  valuesConfig: described(HELD_TEXTS),
})

export const OperationEnum = enumOf(ALL_OPERATIONS)
registerEnumType(OperationEnum, {
  name: 'TransferOperation',
  description: 'Nghiệp vụ liên thông - what a transfer asks the other side to do',
  valuesConfig: described(textsOf(ALL_OPERATIONS, describeOperation)),
})

export const RiskReasonEnum = enumOf(RISK_REASONS)
registerEnumType(RiskReasonEnum, {
  name: 'RiskReason',
  description: 'Lý do nguy cơ trễ hạn - why a transfer may miss the due date of its dossier',
  valuesConfig: described<RiskReason>(textsOf(RISK_REASONS, describeRisk)),
})

const RISK_END_TEXTS: Record<RiskEnd, string> = {
  DELIVERED: 'Bên nhận đã nhận',
  ABANDONED: 'Người vận hành đã hủy',
  SUPERSEDED: 'Đã thay bằng lượt khác',
  DUE_DATE_MOVED: 'Hạn trả đã lùi',
}
export const RiskEndEnum = enumOf(RISK_ENDS)
registerEnumType(RiskEndEnum, {
  name: 'RiskEnd',
  description: 'Vì sao hết nguy cơ trễ hạn',
  valuesConfig: described(RISK_END_TEXTS),
})

export const ChannelEnum = enumOf(CHANNELS)
registerEnumType(ChannelEnum, {
  name: 'SubmissionChannel',
  description: 'Kênh nộp - how a dossier was handed in',
  valuesConfig: described({ DIRECT: 'Trực tiếp', ONLINE: 'Trực tuyến', POST: 'Bưu chính' }),
})

export const PartyKindEnum = enumOf(PARTY_KINDS)
registerEnumType(PartyKindEnum, {
  name: 'PartyKind',
  description: 'Loại đối tượng - kind of applicant',
  valuesConfig: described({ CITIZEN: 'Công dân', ENTERPRISE: 'Doanh nghiệp', STATE_BODY: 'Cơ quan nhà nước', ORGANISATION: 'Tổ chức' }),
})

export const SystemHealthEnum = enumOf(SYSTEM_HEALTHS)
registerEnumType(SystemHealthEnum, {
  name: 'SystemHealth',
  description: 'Tình trạng hệ thống',
  valuesConfig: described({
    UP: 'Đang trả lời',
    REFUSING: 'Trả lời nhưng không phục vụ: closed, refuses our account, or fails',
    DOWN: 'Không trả lời',
    UNKNOWN: 'Chưa rõ',
  }),
})

const BREAKER_TEXTS: Record<BreakerState, string> = {
  CLOSED: 'Đóng: gọi bình thường',
  OPEN: 'Mở: hệ thống được để yên đến hết thời gian này',
  HALF_OPEN: 'Đang thử: mỗi lần một lượt gọi',
}
export const BreakerStateEnum = enumOf(BREAKER_STATES)
registerEnumType(BreakerStateEnum, {
  name: 'BreakerState',
  description: 'Trạng thái cầu dao - whether a system is called',
  valuesConfig: described(BREAKER_TEXTS),
})

const OPERATION_CLASS_TEXTS: Record<OperationClass, string> = {
  SEND: 'Gửi',
  INQUIRE: 'Tra cứu kết quả gửi',
  READ: 'Đọc dữ liệu, đọc thay đổi',
}
export const OperationClassEnum = enumOf(OPERATION_CLASSES)
registerEnumType(OperationClassEnum, {
  name: 'OperationClass',
  description: 'Loại nghiệp vụ - calls that fail and recover together',
  valuesConfig: described(OPERATION_CLASS_TEXTS),
})

export const TransferModeEnum = enumOf(['LIVE', 'ADOPT'])
registerEnumType(TransferModeEnum, {
  name: 'TransferMode',
  description: 'Chế độ của lượt liên thông',
  valuesConfig: described({ LIVE: 'Gửi thật', ADOPT: 'Đối chiếu, không gửi' }),
})

export const AttemptKindEnum = enumOf(['SEND', 'INQUIRE'])
registerEnumType(AttemptKindEnum, {
  name: 'AttemptKind',
  description: 'Loại lần thử',
  valuesConfig: described({ SEND: 'Gửi', INQUIRE: 'Tra cứu' }),
})

export const InboxMessageStateEnum = enumOf(INBOX_STATES)
registerEnumType(InboxMessageStateEnum, {
  name: 'InboxMessageState',
  description: 'Tình trạng thông điệp đến',
  valuesConfig: described<InboxMessageState>({
    STORED: 'Đã lưu, chưa áp dụng',
    UNMATCHED: 'Chưa ghép được với hồ sơ nào',
    EARLY: 'Đến sớm, chờ diễn biến còn thiếu',
    APPLIED: 'Đã áp dụng',
    NO_CHANGE: 'Không làm thay đổi gì',
    LATE: 'Đến muộn, không áp dụng',
    ILLEGAL: 'Không hợp lệ với trạng thái hồ sơ',
    QUARANTINED: 'Bị cách ly: không đọc được hoặc không tin được',
    REFUSED: 'Bị từ chối',
    CONFLICT: 'Mâu thuẫn với nội dung đã có',
    DISMISSED: 'Mâu thuẫn, đã được người vận hành bỏ qua',
  }),
})

const CAUSE_SIDE_TEXTS: Record<CauseSide, string> = {
  OURS: 'Phía cổng liên thông',
  THEIRS: 'Phía hệ thống nhận',
  NETWORK: 'Đường truyền',
  DESK: 'Nơi tiếp nhận hồ sơ',
  DATA: 'Dữ liệu của hồ sơ',
  UNKNOWN: 'Chưa rõ của bên nào',
}
export const CauseSideEnum = enumOf(CAUSE_SIDES)
registerEnumType(CauseSideEnum, {
  name: 'CauseSide',
  description: 'Nguyên nhân thuộc bên nào - whose side it is on',
  valuesConfig: described(CAUSE_SIDE_TEXTS),
})

const CAUSE_KIND_TEXTS: Record<CauseKind, string> = {
  REJECTED: 'Bên nhận từ chối',
  UNAVAILABLE: 'Bên nhận chưa xử lý gì',
  INDETERMINATE: 'Không rõ bên nhận đã xử lý hay chưa',
  CONFLICT: 'Bên nhận có nội dung khác',
  NOT_SENT: 'Chưa gửi được vì thiếu điều kiện ở phía này',
  UNKNOWN: 'Tra cứu không cho biết kết quả',
  HELD: 'Giữ lại khi chưa gọi lần nào, hoặc khi đối chiếu lịch sử',
  LOST: 'Tiến trình gửi dừng giữa chừng, hoặc cơ sở dữ liệu được phục hồi',
}
export const CauseKindEnum = enumOf(CAUSE_KINDS)
registerEnumType(CauseKindEnum, {
  name: 'CauseKind',
  description: 'Loại nguyên nhân - kind of the outcome or answer that failed',
  valuesConfig: described(CAUSE_KIND_TEXTS),
})

const ACT_TEXTS: Record<ActName, string> = {
  REPLAY: 'Gửi lại: `replayTransfer`',
  CONFIRM_DELIVERED: 'Xác nhận là đã có ở bên nhận: `confirmOutcome(happened: true)`',
  CONFIRM_ABSENT: 'Xác nhận là chưa có ở bên nhận: `confirmOutcome(happened: false)`',
  ABANDON: 'Hủy: `abandonTransfer`',
  SUPERSEDE: 'Thay bằng lượt khác: `supersedeTransfer`',
  AMEND: 'Sửa nội dung và gửi lại: `amendTransfer`',
  APPROVE_AMENDMENT: 'Duyệt nội dung sửa: `approveAmendment`',
  DECLINE_AMENDMENT: 'Không duyệt nội dung sửa: `declineAmendment`',
}
export const TransferActEnum = enumOf(TRANSFER_ACTS)
registerEnumType(TransferActEnum, {
  name: 'TransferAct',
  description: 'Thao tác trên một lượt liên thông',
  valuesConfig: described(ACT_TEXTS),
})

export const WaitingKindEnum = enumOf(['TRANSFER', 'PAUSE', 'BREAKER', 'MAINTENANCE'])
registerEnumType(WaitingKindEnum, {
  name: 'WaitingKind',
  description: 'Chờ điều gì',
  valuesConfig: described({
    TRANSFER: 'Chờ một lượt liên thông',
    PAUSE: 'Chờ hệ thống nhận được cho chạy lại sau khi tạm dừng',
    BREAKER: 'Chờ cầu dao của hệ thống nhận đóng lại',
    MAINTENANCE: 'Chờ hệ thống nhận hết bảo trì',
  }),
})

export const ChangeTopicEnum = enumOf(['DOSSIER', 'TRANSFER'])
registerEnumType(ChangeTopicEnum, {
  name: 'ChangeTopic',
  description: 'Chủ đề của thay đổi',
  valuesConfig: described({ DOSSIER: 'Hồ sơ', TRANSFER: 'Lượt liên thông' }),
})

export const ReplayPlanStateEnum = enumOf(REPLAY_PLAN_STATES)
registerEnumType(ReplayPlanStateEnum, {
  name: 'ReplayPlanState',
  description: 'Trạng thái kế hoạch gửi lại',
  valuesConfig: described(textsOf(REPLAY_PLAN_STATES, describePlanState)),
})

export const ReplayPlanKindEnum = enumOf(REPLAY_PLAN_KINDS)
registerEnumType(ReplayPlanKindEnum, {
  name: 'ReplayPlanKind',
  description: 'Thao tác của kế hoạch trên từng lượt - what is done with each transfer',
  valuesConfig: described({
    REPLAY: 'Gửi lại nội dung đã chốt, under its own key',
    SUPERSEDE: 'Thay bằng lượt mới mang nội dung hồ sơ hiện tại; always approved by a second person',
  }),
})

export const ReplayRowForecastEnum = enumOf(REPLAY_FORECASTS)
registerEnumType(ReplayRowForecastEnum, {
  name: 'ReplayRowForecast',
  description: 'Dự báo của lần chạy thử cho một lượt',
  valuesConfig: described(textsOf(REPLAY_FORECASTS, describeForecast)),
})

export const ReplayRowResultEnum = enumOf(REPLAY_RESULTS)
registerEnumType(ReplayRowResultEnum, {
  name: 'ReplayRowResult',
  description: 'Kết quả của một lượt trong kế hoạch',
  valuesConfig: described(textsOf(REPLAY_RESULTS, describeResult)),
})
