import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { DiscrepancyAct, DiscrepancyClass } from '../model/discrepancy.js'
import type { BatchResult, BatchState } from '../model/discrepancy-batch.js'
import type { SystemId } from '../model/system.js'
import { SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { BatchResultEnum, BatchStateEnum, DiscrepancyActEnum, DiscrepancyClassEnum } from './reconciliation-enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Số sai lệch của một loại ở một hệ thống' })
export class DiscrepancyCount {
  @Field(() => DiscrepancyClassEnum, { description: 'Loại' })
  class!: DiscrepancyClass

  @Field(() => SystemIdEnum, { description: 'Hệ thống bên kia' })
  systemId!: SystemId

  @Field(() => Int, { description: 'Số sai lệch' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Số lượt sẽ gửi của một nghiệp vụ' })
export class ForeseenOperation {
  @Field(() => String, { description: 'Nghiệp vụ' })
  operation!: string

  @Field(() => Int, { description: 'Số lượt' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Không làm được, và vì sao' })
export class ForeseenRefusal {
  @Field(() => String, { description: 'Mã lý do, stable' })
  reason!: string

  @Field(() => String, { description: 'Giải thích' })
  message!: string

  @Field(() => Int, { description: 'Số sai lệch' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Một thao tác sẽ làm được gì với các sai lệch đã xét' })
export class ForeseenAct {
  @Field(() => DiscrepancyActEnum, { description: 'Thao tác' })
  act!: DiscrepancyAct

  @Field(() => Int, { description: 'Số sai lệch làm được, of the judged ones' })
  fit!: number

  @Field(() => [ForeseenOperation], { description: 'Sẽ gửi gì, of REPAIR_THERE' })
  operations!: readonly ForeseenOperation[]

  @Field(() => [ForeseenRefusal], { description: 'Không làm được gì, most first' })
  refusals!: readonly ForeseenRefusal[]
}

@ObjectType({
  simpleResolvers: true,
  description: 'Xem trước xử lý hàng loạt - what an act on all that match would do; nothing is changed',
})
export class DiscrepancyPreview {
  @Field(() => Int, { description: 'Số sai lệch khớp' })
  count!: number

  @Field(() => Boolean, { description: 'Số sai lệch là chính xác; false: there are more than a batch may hold' })
  countIsExact!: boolean

  @Field(() => Int, { description: 'Số sai lệch đã xét từng cái: fewer than `count` when there are many, the oldest of them' })
  judged!: number

  @Field(() => Boolean, { description: 'Cần người thứ hai duyệt' })
  needsApproval!: boolean

  @Field(() => [DiscrepancyCount], { description: 'Theo loại và hệ thống, most first' })
  groups!: readonly DiscrepancyCount[]

  @Field(() => [ForeseenAct], { description: 'Theo thao tác' })
  acts!: readonly ForeseenAct[]
}

@ObjectType({ simpleResolvers: true, description: 'Số sai lệch theo kết quả' })
export class BatchResultCount {
  @Field(() => BatchResultEnum, { description: 'Kết quả' })
  result!: BatchResult

  @Field(() => Int, { description: 'Số sai lệch' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Vì sao không làm được' })
export class BatchRefusalCount {
  @Field(() => String, { description: 'Giải thích' })
  because!: string

  @Field(() => Int, { description: 'Số sai lệch' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'Đợt xử lý sai lệch - one act on all that a filter matched, each as it was then' })
export class DiscrepancyBatch {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => DiscrepancyActEnum, { description: 'Thao tác trên từng sai lệch' })
  act!: DiscrepancyAct

  @Field(() => BatchStateEnum, { description: 'Trạng thái' })
  state!: BatchState

  @Field(() => String, { description: 'Trạng thái bằng lời' })
  stateLabel!: string

  @Field(() => Int, { description: 'Phiên bản: give it with each act' })
  version!: number

  @Field(() => Int, { description: 'Số sai lệch' })
  rowCount!: number

  @Field(() => String, { description: 'Lý do' })
  reason!: string

  @Field(() => String, { description: 'Người lập' })
  createdBy!: string

  @Field(() => Boolean, { description: 'Do chính người gọi lập: nobody approves his own' })
  isOwn!: boolean

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  createdAt!: Date

  @Field(() => Boolean, { description: 'Cần người thứ hai duyệt' })
  needsApproval!: boolean

  @Field(() => String, { nullable: true, description: 'Người duyệt' })
  approvedBy!: string | null

  @Field(() => [String], {
    description:
      'Đang chờ: a sentence for each system that cannot be read again now (paused, in maintenance, out of reach); it is tried again within a minute',
  })
  waitsFor!: readonly string[]

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc lúc' })
  finishedAt!: Date | null
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên đợt xử lý' })
export class DiscrepancyBatchDone {
  constructor(answer: DiscrepancyBatchDone) {
    Object.assign(this, answer)
  }

  @Field(() => DiscrepancyBatch, { description: 'Đợt xử lý sau thao tác' })
  batch!: DiscrepancyBatch

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const DiscrepancyBatchResultUnion = createUnionType({
  name: 'DiscrepancyBatchActResult',
  description: 'Kết quả thao tác trên đợt xử lý sai lệch',
  types: () => [DiscrepancyBatchDone, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type DiscrepancyBatchAnswer = DiscrepancyBatchDone | InputRefused | ActRefused | ClientKeyReused
