import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { RiskEnd, RiskReason } from '../model/risk.js'
import type { Operation, SystemId } from '../model/system.js'
import type { HeldReason, InterlinkState, TransferOrigin, TransferState } from '../model/transfer-state.js'
import { PageInfo } from './connection.type.js'
import {
  AttemptKindEnum,
  HeldReasonEnum,
  InterlinkStateEnum,
  OperationEnum,
  RiskEndEnum,
  RiskReasonEnum,
  SystemIdEnum,
  TransferModeEnum,
  TransferOriginEnum,
  TransferStateEnum,
  WaitingKindEnum,
} from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Lượt liên thông - transfer: one sending of one change of a dossier to one system' })
export class Transfer {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => SystemIdEnum, { description: 'Hệ thống nhận' })
  systemId!: SystemId

  @Field(() => OperationEnum, { description: 'Nghiệp vụ' })
  operation!: Operation

  @Field(() => Int, { description: 'Thứ tự gửi - per dossier and system' })
  sequence!: number

  @Field(() => String, { description: 'Khóa chống trùng' })
  idempotencyKey!: string

  @Field(() => Int, { description: 'Phiên bản hồ sơ được gửi - that it carries' })
  dossierVersion!: number

  @Field(() => TransferModeEnum, { description: 'Chế độ: LIVE sends, ADOPT only inquires' })
  mode!: 'LIVE' | 'ADOPT'

  @Field(() => TransferStateEnum, { description: 'Trạng thái' })
  state!: TransferState

  @Field(() => String, { description: 'Trạng thái bằng lời' })
  stateLabel!: string

  @Field(() => HeldReasonEnum, { nullable: true, description: 'Lý do giữ lại' })
  heldReason!: HeldReason | null

  @Field(() => String, { nullable: true, description: 'Chi tiết lỗi; not for the application of citizens' })
  lastError!: string | null

  @Field(() => String, { nullable: true, description: 'Trường dữ liệu có lỗi' })
  errorField!: string | null

  @Field(() => InstantScalar, { description: 'Hạn trả hồ sơ' })
  dueAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Lần thử kế tiếp' })
  nextAttemptAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Hết hạn thử lại' })
  budgetUntil!: Date | null

  @Field(() => Int, { description: 'Số lần thử' })
  attemptCount!: number

  @Field(() => String, { nullable: true, description: 'Mã tham chiếu của bên nhận - of the other side' })
  externalRef!: string | null

  @Field(() => ID, { nullable: true, description: 'Lượt bị thay thế' })
  supersedesId!: string | null

  @Field(() => String, { description: 'Mã vết, the same from the request to the foreign call' })
  correlationId!: string

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  createdAt!: Date

  @Field(() => InstantScalar, { description: 'Thay đổi gần nhất' })
  updatedAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc lúc' })
  settledAt!: Date | null

  @Field(() => TransferOriginEnum, { description: 'Nguồn nội dung: AMENDED, a person has changed fields of it (`amendment`)' })
  origin!: TransferOrigin

  @Field(() => Int, {
    description: 'Phiên bản: another one after each move; acts take it as `expectedVersion`. Only whether it is the same says anything',
  })
  version!: number

  /** Not part of the schema. */
  dossierId!: string
  applicantName!: string
  causeId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Lần thử - attempt: one call to the other side' })
export class Attempt {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => Int, { description: 'Lần thứ' })
  number!: number

  @Field(() => AttemptKindEnum, { description: 'Loại' })
  kind!: 'SEND' | 'INQUIRE'

  @Field(() => InstantScalar, { description: 'Bắt đầu' })
  startedAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc' })
  endedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Kết quả: kind of the outcome or of the answer' })
  outcome!: string | null

  @Field(() => String, { nullable: true, description: 'Chi tiết; not for the application of citizens' })
  detail!: string | null

  @Field(() => Boolean, { description: 'Về muộn: kept as evidence, changed nothing' })
  late!: boolean

  @Field(() => Int, { nullable: true, description: 'Mã HTTP' })
  httpStatus!: number | null

  @Field(() => Int, { nullable: true, description: 'Thời gian, ms' })
  elapsedMs!: number | null

  /** Not part of the schema. */
  causeId!: string | null
  systemId!: SystemId
  applicantName!: string
}

@ObjectType({ simpleResolvers: true, description: 'Nguy cơ trễ hạn - the transfer would miss the due date of its dossier' })
export class AtRisk {
  @Field(() => InstantScalar, { description: 'Cảnh báo từ lúc' })
  since!: Date

  @Field(() => InstantScalar, { description: 'Hạn trả hồ sơ khi phát cảnh báo - when the alarm was raised' })
  dueAt!: Date

  @Field(() => RiskReasonEnum, { description: 'Lý do khi phát cảnh báo - when the alarm was raised' })
  reason!: RiskReason

  @Field(() => String, { description: 'Lý do bằng lời' })
  reasonLabel!: string
}

@ObjectType({ simpleResolvers: true, description: 'Một lần cảnh báo nguy cơ trễ hạn, kept for ever' })
export class RiskAlarm extends AtRisk {
  @Field(() => InstantScalar, { nullable: true, description: 'Hết cảnh báo lúc; null: it lasts' })
  clearedAt!: Date | null

  @Field(() => RiskEndEnum, { nullable: true, description: 'Vì sao hết cảnh báo' })
  clearedBecause!: RiskEnd | null
}

@ObjectType({ simpleResolvers: true, description: 'Đang chờ - what a dossier, or a transfer behind another one, waits for' })
export class WaitingFor {
  @Field(() => WaitingKindEnum, { description: 'Chờ điều gì' })
  kind!: 'TRANSFER' | 'PAUSE' | 'BREAKER' | 'MAINTENANCE'

  @Field(() => Transfer, { description: 'Lượt liên thông; for PAUSE and BREAKER the one that waits itself' })
  transfer!: Transfer

  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => String, { description: 'Trạng thái của lượt đó bằng lời' })
  stateLabel!: string

  @Field(() => String, { description: 'Lý do, a sentence' })
  reason!: string

  @Field(() => InstantScalar, {
    description: 'Từ lúc: since when it waits for a person, or was planned when the machine still works on it',
  })
  since!: Date
}

@ObjectType({ simpleResolvers: true, description: 'Liên thông - the interlink state of a dossier, apart from its national status' })
export class Interlink {
  @Field(() => InterlinkStateEnum, { description: 'Trạng thái liên thông' })
  state!: InterlinkState

  @Field(() => WaitingFor, { nullable: true, description: 'Đang chờ; null: nothing is waited for' })
  waitingFor!: WaitingFor | null

  @Field(() => InstantScalar, { nullable: true, description: 'Từ lúc; null: there is no transfer' })
  since!: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách lượt liên thông' })
export class TransferEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => Transfer, { description: 'Lượt liên thông' })
  node!: Transfer
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách lượt liên thông' })
export class TransferConnection {
  @Field(() => [TransferEdge], { description: 'Các dòng' })
  edges!: readonly TransferEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, exact to 10,000' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác; false: more than 10,000' })
  totalCountIsExact!: () => Promise<boolean>
}
