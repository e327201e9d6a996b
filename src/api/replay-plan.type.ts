import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import type { ReplayForecast, ReplayPlanKind, ReplayPlanState, ReplayResult } from '../model/replay-plan.js'
import type { TransferState } from '../model/transfer-state.js'
import { PageInfo } from './connection.type.js'
import { ReplayPlanKindEnum, ReplayPlanStateEnum, ReplayRowForecastEnum, ReplayRowResultEnum, TransferStateEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Số lượt theo dự báo' })
export class ReplayForecastCount {
  @Field(() => ReplayRowForecastEnum, { description: 'Dự báo' })
  forecast!: ReplayForecast

  @Field(() => Int, { description: 'Số lượt' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Số lượt theo kết quả' })
export class ReplayResultCount {
  @Field(() => ReplayRowResultEnum, { description: 'Kết quả' })
  result!: ReplayResult

  @Field(() => Int, { description: 'Số lượt' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Số lượt theo trạng thái' })
export class ReplayStateCount {
  @Field(() => TransferStateEnum, { description: 'Trạng thái' })
  state!: TransferState

  @Field(() => Int, { description: 'Số lượt' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Xem trước kế hoạch - what a filter would freeze, without freezing it' })
export class ReplayPlanPreview {
  @Field(() => Int, { description: 'Số lượt khớp, exact as long as a plan may hold them' })
  count!: number

  @Field(() => Boolean, { description: 'Số lượt là chính xác; false: there are more, and a plan would be refused' })
  countIsExact!: boolean

  @Field(() => Int, { description: 'Quá số lượt này thì cần người thứ hai duyệt; so does every plan that supersedes' })
  approvalAbove!: number

  @Field(() => [ReplayStateCount], { description: 'Theo trạng thái hiện tại, most first' })
  byOutcome!: readonly ReplayStateCount[]
}

@ObjectType({
  simpleResolvers: true,
  description: 'Kế hoạch gửi lại - a filter of transfers frozen to a list, dry run, and run under a throttle',
})
export class ReplayPlan {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => String, { description: 'Tên' })
  name!: string

  @Field(() => String, { description: 'Lý do' })
  reason!: string

  @Field(() => ReplayPlanKindEnum, { description: 'Thao tác trên từng lượt' })
  kind!: ReplayPlanKind

  @Field(() => ReplayPlanStateEnum, { description: 'Trạng thái' })
  state!: ReplayPlanState

  @Field(() => String, { description: 'Trạng thái bằng lời' })
  stateLabel!: string

  @Field(() => Int, { description: 'Phiên bản: give it with each act; another one means that somebody has acted meanwhile' })
  version!: number

  @Field(() => String, { description: 'Người lập' })
  createdBy!: string

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  createdAt!: Date

  @Field(() => Int, { description: 'Số lượt đã chốt' })
  rowCount!: number

  @Field(() => Float, { nullable: true, description: 'Số lượt nhiều nhất trong một giây; null: only the limits of the systems' })
  perSecond!: number | null

  @Field(() => String, { nullable: true, description: 'Khung giờ chạy hằng ngày từ, HH:mm local; null: at any time' })
  windowFrom!: string | null

  @Field(() => String, { nullable: true, description: 'Khung giờ chạy hằng ngày đến, HH:mm local; earlier than from: over midnight' })
  windowTo!: string | null

  @Field(() => Boolean, { description: 'Đang ngoài khung giờ: nothing goes until it begins' })
  outsideWindow!: boolean

  @Field(() => Float, { nullable: true, description: 'Tự dừng khi tỷ lệ lỗi vượt mức này, 0..1; null: never' })
  stopAtFailureShare!: number | null

  @Field(() => Int, { description: 'Số lượt có kết quả ít nhất trước khi tính tỷ lệ lỗi, since the start or the last resume' })
  stopAfterSettled!: number

  @Field(() => String, { nullable: true, description: 'Vì sao tự dừng' })
  stoppedBecause!: string | null

  @Field(() => Boolean, { description: 'Cần người thứ hai duyệt' })
  needsApproval!: boolean

  @Field(() => String, { nullable: true, description: 'Người duyệt' })
  approvedBy!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Duyệt lúc' })
  approvedAt!: Date | null

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Chạy thử xong lúc: what it foresaw and its approval hold for a set time from here; null: not tried yet',
  })
  forecastAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Bắt đầu chạy lúc' })
  startedAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc lúc' })
  finishedAt!: Date | null

  @Field(() => String, { description: 'Người thao tác gần nhất' })
  lastActBy!: string

  @Field(() => InstantScalar, { description: 'Thao tác gần nhất lúc' })
  lastActAt!: Date

  /** Not part of the schema. */
  now!: Date

  /** Not part of the schema: the causes that the filter names, and the filter in words once their titles are read. */
  causeIds!: readonly string[]
  filterIn!: (causes: readonly string[]) => string
}

@ObjectType({ simpleResolvers: true, description: 'Một lượt trong kế hoạch - as it was frozen, what was foreseen and what became of it' })
export class ReplayPlanRow {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => Int, { description: 'Thứ tự, from 1: by due date, a dossier\u2019s transfers in their sequence' })
  position!: number

  @Field(() => String, { description: 'Mã kiểm tra nội dung khi chốt danh sách' })
  bodyDigest!: string

  @Field(() => ReplayRowForecastEnum, { nullable: true, description: 'Dự báo; null: not looked at yet' })
  forecast!: ReplayForecast | null

  @Field(() => String, { nullable: true, description: 'Dự báo bằng lời' })
  forecastLabel!: string | null

  @Field(() => ReplayRowResultEnum, { description: 'Kết quả' })
  result!: ReplayResult

  @Field(() => String, { description: 'Kết quả bằng lời' })
  resultLabel!: string

  @Field(() => InstantScalar, { nullable: true, description: 'Xếp hàng lúc' })
  queuedAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Có kết quả lúc' })
  finishedAt!: Date | null

  /** Not part of the schema. */
  transferId!: string
  told!: { readonly forecast: string | null; readonly result: string | null }
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách kế hoạch' })
export class ReplayPlanEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => ReplayPlan, { description: 'Kế hoạch' })
  node!: ReplayPlan
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách kế hoạch gửi lại' })
export class ReplayPlanConnection {
  @Field(() => [ReplayPlanEdge], { description: 'Các dòng' })
  edges!: readonly ReplayPlanEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, exact to 10,000' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác; false: more than 10,000' })
  totalCountIsExact!: () => Promise<boolean>
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách lượt trong kế hoạch' })
export class ReplayPlanRowEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => ReplayPlanRow, { description: 'Lượt trong kế hoạch' })
  node!: ReplayPlanRow
}

@ObjectType({
  simpleResolvers: true,
  description: 'Danh sách lượt trong kế hoạch; how many there are stands in `results` and `forecasts` of the plan',
})
export class ReplayPlanRowConnection {
  @Field(() => [ReplayPlanRowEdge], { description: 'Các dòng' })
  edges!: readonly ReplayPlanRowEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên kế hoạch' })
export class ReplayPlanActDone {
  constructor(answer: ReplayPlanActDone) {
    Object.assign(this, answer)
  }

  @Field(() => ReplayPlan, { description: 'Kế hoạch sau thao tác' })
  plan!: ReplayPlan

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const ReplayPlanActResult = createUnionType({
  name: 'ReplayPlanActResult',
  description: 'Kết quả thao tác trên kế hoạch',
  types: () => [ReplayPlanActDone, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type ReplayPlanActAnswer = ReplayPlanActDone | InputRefused | ActRefused | ClientKeyReused
