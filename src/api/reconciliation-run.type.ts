import { Length } from 'class-validator'
import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { DiscrepancyClass } from '../model/discrepancy.js'
import type { ReconciliationPhase, ReconciliationScope, ReconciliationState } from '../model/reconciliation-run.js'
import type { SystemId } from '../model/system.js'
import { PageInfo } from './connection.type.js'
import { SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { DiscrepancyClassEnum, ReconciliationPhaseEnum, ReconciliationScopeEnum, ReconciliationStateEnum } from './reconciliation-enums.js'
import { InstantScalar, LocalDateScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Mã đơn vị hành chính bên kia chưa có ánh xạ - no mapping of it is in force on the days of reception of these records',
})
export class UnmappedCommune {
  @Field(() => String, { description: 'Mã của bên kia; `…`: all further codes' })
  code!: string

  @Field(() => Int, { description: 'Số hồ sơ bên kia giữ dưới mã này' })
  records!: number
}

@ObjectType({ simpleResolvers: true, description: 'Lượt đối soát đã đến đâu với một hệ thống' })
export class ReconciliationProgress {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => ReconciliationPhaseEnum, { description: 'Bước' })
  phase!: ReconciliationPhase

  @Field(() => String, { nullable: true, description: 'Đang chờ gì' })
  waitsFor!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Chờ đến lúc' })
  waitUntil!: Date | null

  @Field(() => Int, { description: 'Hồ sơ đã so sánh' })
  compared!: number

  @Field(() => Int, { description: 'Số lần gọi bên kia' })
  calls!: number

  @Field(() => Float, { description: 'Dung lượng đã nhận từ bên kia, bytes' })
  bytes!: number

  @Field(() => Int, { description: 'Nhóm (xã, ngày) có mã kiểm tra khác nhau' })
  groupsDiffering!: number

  @Field(() => Int, { description: 'Hồ sơ đã đọc từng cái ở hai bên' })
  examined!: number

  @Field(() => Int, { description: 'Trong số đó đang trên đường đi: not judged' })
  inFlight!: number

  @Field(() => Int, { description: 'Bản ghi không đọc được' })
  unreadable!: number

  @Field(() => Int, { description: 'Số lần sửa đã bắt đầu, by the policy' })
  repairsBegun!: number

  @Field(() => [UnmappedCommune], {
    description: 'Mã đơn vị hành chính bên kia chưa có ánh xạ: what stands under them was compared one by one, without its commune',
  })
  unmapped!: readonly UnmappedCommune[]

  @Field(() => [String], {
    description:
      'Điều chưa làm, và việc cần làm: in Vietnamese - what has no commune for want of a mapping, what cannot be read and was not compared, what has stopped the repairs of the policy',
  })
  notes!: readonly string[]
}

@ObjectType({ simpleResolvers: true, description: 'Kết quả của lượt đối soát: sai lệch của một loại ở một hệ thống' })
export class ReconciliationFinding {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => DiscrepancyClassEnum, { description: 'Loại' })
  class!: DiscrepancyClass

  @Field(() => Int, { description: 'Nghi ngờ trong lượt này' })
  suspected!: number

  @Field(() => Int, { description: 'Chính lượt này xác nhận lần đầu. What another run had confirmed before is in `seen` alone' })
  found!: number

  @Field(() => Int, { description: 'Lượt này thấy, whichever run has confirmed it' })
  seen!: number

  @Field(() => Int, { description: 'Đã sửa và kiểm lại' })
  verified!: number

  @Field(() => Int, { description: 'Tự hết' })
  gone!: number

  @Field(() => Int, { description: 'Lần sửa đã bắt đầu' })
  repairsBegun!: number
}

@ObjectType({
  simpleResolvers: true,
  description: 'Lượt đối soát - one comparison of some days, or of all that is open, with some systems',
})
export class ReconciliationRun {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => ReconciliationScopeEnum, { description: 'Phạm vi' })
  scope!: ReconciliationScope

  @Field(() => LocalDateScalar, { description: 'Ngày tiếp nhận từ' })
  from!: string

  @Field(() => LocalDateScalar, { description: 'Ngày tiếp nhận đến' })
  to!: string

  @Field(() => [SystemIdEnum], { description: 'Các hệ thống' })
  systems!: readonly SystemId[]

  @Field(() => ReconciliationStateEnum, { description: 'Trạng thái' })
  state!: ReconciliationState

  @Field(() => String, { description: 'Trạng thái bằng lời' })
  stateLabel!: string

  @Field(() => Int, { description: 'Phiên bản: acts take it as `expectedVersion`' })
  version!: number

  @Field(() => String, { description: 'Lý do' })
  reason!: string

  @Field(() => String, { description: 'Người khởi động, or the schedule' })
  startedBy!: string

  @Field(() => Float, { description: 'Đã xong, 0..1; less than 1 as long as it waits or looks again' })
  share!: number

  @Field(() => Int, {
    nullable: true,
    description: 'Còn khoảng bao lâu, seconds; null: nobody can say, or all is compared and it waits (`resumeAt`)',
  })
  remainingSeconds!: number | null

  @Field(() => [ReconciliationProgress], { description: 'Tiến độ theo hệ thống' })
  progress!: readonly ReconciliationProgress[]

  @Field(() => String, { nullable: true, description: 'Đang chờ gì' })
  waitsFor!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Chờ đến lúc' })
  resumeAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Vì sao kết thúc dở, or what was not done' })
  endedBecause!: string | null

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  createdAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Bắt đầu lúc' })
  begunAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc lúc' })
  finishedAt!: Date | null

  @Field(() => String, { description: 'Người thao tác gần nhất' })
  lastActBy!: string

  @Field(() => InstantScalar, { description: 'Thao tác gần nhất lúc' })
  lastActAt!: Date
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách lượt đối soát' })
export class ReconciliationRunEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => ReconciliationRun, { description: 'Lượt đối soát' })
  node!: ReconciliationRun
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách lượt đối soát, một trang' })
export class ReconciliationRunConnection {
  @Field(() => [ReconciliationRunEdge], { description: 'Các dòng' })
  edges!: readonly ReconciliationRunEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên lượt đối soát' })
export class ReconciliationActDone {
  constructor(answer: ReconciliationActDone) {
    Object.assign(this, answer)
  }

  @Field(() => ReconciliationRun, { description: 'Lượt đối soát sau thao tác' })
  run!: ReconciliationRun

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const ReconciliationActResult = createUnionType({
  name: 'ReconciliationActResult',
  description: 'Kết quả thao tác trên lượt đối soát',
  types: () => [ReconciliationActDone, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type ReconciliationActAnswer = ReconciliationActDone | InputRefused | ActRefused | ClientKeyReused

@InputType({ description: 'Mở một lượt đối soát' })
export class StartReconciliationInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ReconciliationScopeEnum, { description: 'Phạm vi; of one scope at most one run is active' })
  scope!: ReconciliationScope

  @Field(() => [SystemIdEnum], { nullable: true, description: 'Các hệ thống; left out: all that are compared here' })
  systems?: SystemId[] | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày tiếp nhận từ, with RANGE alone' })
  from?: string | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày tiếp nhận đến, with RANGE alone' })
  to?: string | null

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@InputType({ description: 'Thao tác trên một lượt đối soát' })
export class ReconciliationActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Lượt đối soát' })
  runId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => Int, { description: 'Phiên bản đã xem: refused as STALE_WRITE when somebody has acted meanwhile' })
  expectedVersion!: number
}
