import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { ComparedField } from '../model/compared-record.js'
import type { DiscrepancyAct, DiscrepancyClass, DiscrepancyState, ProbableCause, ProposedRepair } from '../model/discrepancy.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Operation, SystemId } from '../model/system.js'
import { PageInfo } from './connection.type.js'
import { DossierStatusEnum, OperationEnum, SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import {
  ComparedFieldEnum,
  DiscrepancyActEnum,
  DiscrepancyClassEnum,
  DiscrepancyStateEnum,
  ProbableCauseEnum,
  ProposedRepairEnum,
} from './reconciliation-enums.js'
import { InstantScalar, LocalDateScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Một trường khác nhau - both sides’ values next to each other; persons are masked for who may not see them',
})
export class DiscrepancyValues {
  @Field(() => ComparedFieldEnum, { description: 'Trường' })
  field!: ComparedField

  @Field(() => String, { description: 'Tên trường' })
  label!: string

  @Field(() => [String], { nullable: true, description: 'Ở cổng liên thông, a line each; null: not known here' })
  ours!: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'Ở bên kia, a line each; null: not known there' })
  theirs!: readonly string[] | null
}

@ObjectType({ simpleResolvers: true, description: 'Thao tác trên sai lệch, and whether it is allowed now; who acts is judged anew' })
export class AllowedDiscrepancyAct {
  @Field(() => DiscrepancyActEnum, { description: 'Thao tác' })
  act!: DiscrepancyAct

  @Field(() => Boolean, { description: 'Được phép lúc này' })
  allowed!: boolean

  @Field(() => String, { nullable: true, description: 'Mã lý do không được, stable' })
  reasonCode!: string | null

  @Field(() => String, { nullable: true, description: 'Vì sao không được' })
  reason!: string | null

  @Field(() => [OperationEnum], { description: 'Nghiệp vụ sẽ gửi, of REPAIR_THERE' })
  operations!: readonly Operation[]
}

@ObjectType({
  simpleResolvers: true,
  description: 'Sai lệch đối soát - discrepancy: what a run found to be otherwise over there than here, of one dossier at one system',
})
export class Discrepancy {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => DiscrepancyClassEnum, { description: 'Loại' })
  class!: DiscrepancyClass

  @Field(() => String, { description: 'Loại bằng lời' })
  classLabel!: string

  @Field(() => SystemIdEnum, { description: 'Hệ thống bên kia' })
  systemId!: SystemId

  @Field(() => String, { description: 'Mã hồ sơ' })
  dossierCode!: string

  @Field(() => DiscrepancyStateEnum, { description: 'Trạng thái' })
  state!: DiscrepancyState

  @Field(() => String, { description: 'Trạng thái bằng lời' })
  stateLabel!: string

  @Field(() => Int, { description: 'Phiên bản: acts take it as `expectedVersion`' })
  version!: number

  @Field(() => [DiscrepancyValues], { description: 'Các trường khác nhau' })
  fields!: readonly DiscrepancyValues[]

  @Field(() => DossierStatusEnum, { nullable: true, description: 'Trạng thái hồ sơ ở cổng liên thông' })
  ourStatus!: DossierStatus | null

  @Field(() => DossierStatusEnum, { nullable: true, description: 'Trạng thái hồ sơ ở bên kia' })
  theirStatus!: DossierStatus | null

  @Field(() => InstantScalar, { nullable: true, description: 'Thay đổi gần nhất ở cổng liên thông' })
  ourChangedAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Thay đổi gần nhất ở bên kia, as it tells; null: it does not tell' })
  theirChangedAt!: Date | null

  @Field(() => ProbableCauseEnum, { description: 'Nguyên nhân có thể' })
  probableCause!: ProbableCause

  @Field(() => String, { description: 'Nguyên nhân có thể, bằng lời' })
  causeLabel!: string

  @Field(() => ProposedRepairEnum, { description: 'Đề xuất sửa' })
  proposedRepair!: ProposedRepair

  @Field(() => String, { description: 'Đề xuất sửa, bằng lời' })
  repairLabel!: string

  @Field(() => String, { description: 'Mã xã tiếp nhận, as it was on the day of reception' })
  communeCode!: string

  @Field(() => LocalDateScalar, { description: 'Ngày tiếp nhận' })
  receivedOn!: string

  @Field(() => InstantScalar, { nullable: true, description: 'Xác nhận lệch lúc; null: a suspicion yet' })
  foundAt!: Date | null

  @Field(() => ID, { nullable: true, description: 'Lượt đối soát đã xác nhận' })
  foundRunId!: string | null

  @Field(() => InstantScalar, { description: 'Thấy lần đầu' })
  createdAt!: Date

  @Field(() => InstantScalar, { description: 'Thấy lần cuối' })
  seenAt!: Date

  @Field(() => Int, { description: 'Số lần thấy' })
  seenCount!: number

  @Field(() => ID, { nullable: true, description: 'Lượt liên thông liên quan, that points at the cause' })
  transferId!: string | null

  @Field(() => ProposedRepairEnum, { nullable: true, description: 'Cách đã sửa' })
  repair!: ProposedRepair | null

  @Field(() => InstantScalar, { nullable: true, description: 'Sửa lúc' })
  repairedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Người sửa' })
  repairedBy!: string | null

  @Field(() => [ID], { description: 'Các lượt liên thông đã lập để sửa' })
  repairTransferIds!: readonly string[]

  @Field(() => String, { nullable: true, description: 'Vì sao lần sửa không thành' })
  repairError!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Bỏ qua lúc' })
  ignoredAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Người bỏ qua' })
  ignoredBy!: string | null

  @Field(() => String, { nullable: true, description: 'Lý do bỏ qua' })
  ignoredBecause!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Đóng lúc, by a later run' })
  closedAt!: Date | null

  /** Not part of the schema. */
  dossierId!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách sai lệch' })
export class DiscrepancyEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => Discrepancy, { description: 'Sai lệch' })
  node!: Discrepancy
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách sai lệch, một trang' })
export class DiscrepancyConnection {
  @Field(() => [DiscrepancyEdge], { description: 'Các dòng' })
  edges!: readonly DiscrepancyEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, exact to 10,000' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác; false: more than 10,000' })
  totalCountIsExact!: () => Promise<boolean>
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên sai lệch; a later run verifies and closes it' })
export class DiscrepancyActDone {
  constructor(answer: DiscrepancyActDone) {
    Object.assign(this, answer)
  }

  @Field(() => Discrepancy, { description: 'Sai lệch sau thao tác' })
  discrepancy!: Discrepancy

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const DiscrepancyActResult = createUnionType({
  name: 'DiscrepancyActResult',
  description: 'Kết quả thao tác trên sai lệch',
  types: () => [DiscrepancyActDone, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type DiscrepancyActAnswer = DiscrepancyActDone | InputRefused | ActRefused | ClientKeyReused
