import { Length, MaxLength } from 'class-validator'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { AlertRule, NoticeKind, NoticeState } from '../model/alert.js'
import { ALERT_RULES, NOTICE_KINDS, NOTICE_STATES } from '../model/alert.js'
import type { SystemId } from '../model/system.js'
import { PageInfo } from './connection.type.js'
import { describedEnum, SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

const RULE_TEXTS: Record<AlertRule, string> = {
  SYSTEM_DOWN: 'Hệ thống không trả lời; minutes',
  SYSTEM_REFUSING: 'Hệ thống trả lời nhưng không phục vụ: closed, refuses our account, or fails; minutes',
  QUEUE_AWAY: 'Hàng đợi không tới được: Redis, of the gateway and of no system; minutes',
  OLDEST_WAITING: 'Có lượt liên thông chờ quá lâu; minutes',
  FAILURE_SHARE: 'Tỷ lệ gửi không thành quá cao; percent',
  DUE_DATE_RISK: 'Hồ sơ có nguy cơ trễ hạn trả; dossiers',
  HELD_TRANSFERS: 'Nhiều lượt liên thông chờ người xử lý: held, refused or out of time; transfers',
  FEED_STALLED: 'Dòng thay đổi chưa đọc hoặc chưa áp dụng được hết; minutes',
  FEED_ALARM: 'Dòng thay đổi chạy lùi',
  DISCREPANCIES: 'Nhiều sai lệch đối soát đang mở; discrepancies',
  RECONCILIATION_STOPPED: 'Lượt đối soát không tiến thêm hoặc đã bỏ dở; minutes',
  COMMUNES_UNMAPPED: 'Mã đơn vị hành chính bên kia chưa có ánh xạ; codes',
}
export const AlertRuleEnum = describedEnum('AlertRule', 'Quy tắc cảnh báo, and what its value counts', ALERT_RULES, RULE_TEXTS)

const KIND_TEXTS: Record<NoticeKind, string> = {
  OPENED: 'Báo mở: the rule is broken',
  RENEWED: 'Báo nặng thêm: twice as bad as when people were told last',
  CLOSED: 'Báo đã hết',
  TEST: 'Thông báo thử: of no alert',
}
export const NoticeKindEnum = describedEnum('AlertNoticeKind', 'Loại thông báo', NOTICE_KINDS, KIND_TEXTS)

const STATE_TEXTS: Record<NoticeState, string> = {
  WAITING: 'Chờ gửi, or waiting for its next attempt',
  SENT: 'Đã gửi: the receiving server has taken it',
  GIVEN_UP: 'Đã thôi: its time is over, `lastError` says why',
}
export const NoticeStateEnum = describedEnum('AlertNoticeState', 'Tình trạng thông báo', NOTICE_STATES, STATE_TEXTS)

@ObjectType({ simpleResolvers: true, description: 'Thông báo của cảnh báo, over one channel' })
export class AlertNotice {
  @Field(() => ID, { description: 'Khóa: the same in each attempt, and known to the receiver' })
  id!: string

  @Field(() => NoticeKindEnum, { description: 'Loại thông báo' })
  kind!: NoticeKind

  @Field(() => String, { description: 'Kênh: `mail`, or `webhook:` and its name' })
  channel!: string

  @Field(() => NoticeStateEnum, { description: 'Tình trạng' })
  state!: NoticeState

  @Field(() => Int, { description: 'Số lần đã thử' })
  attempts!: number

  @Field(() => InstantScalar, { description: 'Tạo lúc' })
  createdAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Lần thử kế tiếp; null: it is not tried any more' })
  nextAttemptAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Gửi được lúc' })
  sentAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Lỗi lần gần nhất' })
  lastError!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Cảnh báo vận hành - a rule that is or was broken for a system' })
export class Alert {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => AlertRuleEnum, { description: 'Quy tắc' })
  rule!: AlertRule

  @Field(() => SystemIdEnum, { description: 'Hệ thống; VILIS where the rule is of no system (QUEUE_AWAY)' })
  systemId!: SystemId

  @Field(() => String, { description: 'Nội dung, a sentence without personal data' })
  title!: string

  @Field(() => Int, { description: 'Giá trị đo được lần gần nhất' })
  value!: number

  @Field(() => Int, { description: 'Ngưỡng cảnh báo, as it was when this one was opened' })
  threshold!: number

  @Field(() => Boolean, { description: 'Đang mở' })
  isOpen!: boolean

  @Field(() => InstantScalar, { description: 'Mở lúc' })
  openedAt!: Date

  @Field(() => InstantScalar, { description: 'Lần cuối còn thấy' })
  seenAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Hết lúc; null: still open' })
  closedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Người đã nhận xử lý; null: nobody has said so' })
  acknowledgedBy!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Nhận xử lý lúc: since then people are told only that it is over' })
  acknowledgedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Lời của người nhận xử lý, personal data masked' })
  acknowledgedWhy!: string | null

  @Field(() => [AlertNotice], { description: 'Các thông báo đã và sẽ gửi, oldest first' })
  notices!: readonly AlertNotice[]
}

@ObjectType({ simpleResolvers: true, description: 'Kênh báo - a channel over which people hear of alerts' })
export class AlertChannel {
  @Field(() => String, { description: 'Kênh: `mail`, or `webhook:` and its name' })
  name!: string

  @Field(() => AlertNotice, { nullable: true, description: 'Thông báo thử gần nhất; null: it was never tried' })
  lastTest!: AlertNotice | null

  @Field(() => InstantScalar, { nullable: true, description: 'Lần gần nhất gửi được, of whatever notice' })
  lastSentAt!: Date | null
}

@InputType({ description: 'Nhận xử lý một cảnh báo' })
export class AcknowledgeAlertInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Cảnh báo' })
  alertId!: string

  @Field(() => String, { description: 'Lý do: what is being done; shown to the others and kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'Đã nhận xử lý cảnh báo' })
export class AlertAcknowledged {
  constructor(answer: AlertAcknowledged) {
    Object.assign(this, answer)
  }

  @Field(() => Alert, { description: 'Cảnh báo sau thao tác' })
  alert!: Alert

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const AcknowledgeAlertResult = createUnionType({
  name: 'AcknowledgeAlertResult',
  description: 'Kết quả nhận xử lý cảnh báo',
  types: () => [AlertAcknowledged, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type AcknowledgeAlertAnswer = AlertAcknowledged | InputRefused | ActRefused | ClientKeyReused

@InputType({ description: 'Gửi thông báo thử' })
export class TestAlertChannelsInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => String, { nullable: true, description: 'Kênh; null: every channel' })
  @MaxLength(60, { message: 'Tên kênh dài nhất 60 ký tự.' })
  channel?: string | null

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'Đã xếp hàng thông báo thử - a worker sends it as it sends every notice' })
export class AlertTestQueued {
  constructor(answer: AlertTestQueued) {
    Object.assign(this, answer)
  }

  @Field(() => [AlertNotice], { description: 'Các thông báo thử, one a channel' })
  notices!: readonly AlertNotice[]

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const TestAlertChannelsResult = createUnionType({
  name: 'TestAlertChannelsResult',
  description: 'Kết quả gửi thông báo thử',
  types: () => [AlertTestQueued, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type TestAlertChannelsAnswer = AlertTestQueued | InputRefused | ActRefused | ClientKeyReused

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách cảnh báo' })
export class AlertEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => Alert, { description: 'Cảnh báo' })
  node!: Alert
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách cảnh báo' })
export class AlertConnection {
  @Field(() => [AlertEdge], { description: 'Các dòng' })
  edges!: readonly AlertEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, 10000 at most' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác: false when there are more' })
  totalCountIsExact!: () => Promise<boolean>

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Lần xét gần nhất: when it is long ago no worker is running; null: never yet',
  })
  lookedAt!: () => Promise<Date | null>
}

@ObjectType({ simpleResolvers: true, description: 'Một cảnh báo vừa mở, vừa có người nhận hoặc vừa hết' })
export class AlertChange {
  @Field(() => String, { description: 'Mã sự kiện: give it as `lastEventId` when connecting again' })
  eventId!: string

  @Field(() => Alert, { description: 'Cảnh báo hiện tại - as it is now' })
  alert!: Alert
}
