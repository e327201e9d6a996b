import { Length, MaxLength, Min } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { ComparedField } from '../model/compared-record.js'
import type { DiscrepancyAct, DiscrepancyClass, DiscrepancyState, ProbableCause, ProposedRepair } from '../model/discrepancy.js'
import type { BatchAct } from '../model/discrepancy-batch.js'
import type { SystemId } from '../model/system.js'
import { SystemIdEnum } from './enums.js'
import {
  BatchActEnum,
  ComparedFieldEnum,
  DiscrepancyActEnum,
  DiscrepancyClassEnum,
  DiscrepancyStateEnum,
  ProbableCauseEnum,
  ProposedRepairEnum,
} from './reconciliation-enums.js'
import { InstantScalar, LocalDateScalar } from './scalars.js'

@InputType({ description: 'Điều kiện tra cứu sai lệch - all that is given must hold' })
export class DiscrepancyFilterInput {
  @Field(() => [DiscrepancyStateEnum], { nullable: true, description: 'Trạng thái; left out: OPEN, REPAIRING and IGNORED' })
  states?: DiscrepancyState[] | null

  @Field(() => [DiscrepancyClassEnum], { nullable: true, description: 'Loại' })
  classes?: DiscrepancyClass[] | null

  @Field(() => [SystemIdEnum], { nullable: true, description: 'Hệ thống bên kia' })
  systems?: SystemId[] | null

  @Field(() => [ComparedFieldEnum], { nullable: true, description: 'Trường khác nhau: any of these' })
  fields?: ComparedField[] | null

  @Field(() => [ProbableCauseEnum], { nullable: true, description: 'Nguyên nhân có thể' })
  causes?: ProbableCause[] | null

  @Field(() => [ProposedRepairEnum], { nullable: true, description: 'Đề xuất sửa' })
  proposedRepairs?: ProposedRepair[] | null

  @Field(() => String, { nullable: true, description: 'Đầu mã hồ sơ' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  dossierCode?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Mã xã tiếp nhận, as it was on the day of reception; of today: also what passed to it',
  })
  @MaxLength(10, { message: 'Mã xã dài nhất 10 ký tự.' })
  communeCode?: string | null

  @Field(() => String, { nullable: true, description: 'Mã thủ tục' })
  @MaxLength(64, { message: 'Mã thủ tục dài nhất 64 ký tự.' })
  procedureCode?: string | null

  @Field(() => ID, { nullable: true, description: 'Lượt đối soát: found, seen, repaired or closed in it' })
  runId?: string | null

  @Field(() => ID, { nullable: true, description: 'Đợt xử lý: those in it' })
  batchId?: string | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày tiếp nhận từ' })
  receivedFrom?: string | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày tiếp nhận đến' })
  receivedTo?: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Xác nhận lệch từ' })
  foundFrom?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Xác nhận lệch đến' })
  foundTo?: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Từ trong hồ sơ, without diacritics, every one must be found; among persons only for who may see them',
  })
  @Length(1, 200, { message: 'Lời tra cứu dài từ 1 đến 200 ký tự.' })
  text?: string | null
}

@InputType({ description: 'Thao tác trên một sai lệch' })
export class DiscrepancyActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Sai lệch' })
  discrepancyId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => Int, { description: 'Phiên bản đã xem: refused as STALE_WRITE when it has changed since' })
  expectedVersion!: number
}

@InputType({ description: 'Xử lý hàng loạt - one act on all the discrepancies that the filter matches now' })
export class CreateDiscrepancyBatchInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => DiscrepancyActEnum, { description: 'Thao tác trên từng sai lệch' })
  act!: DiscrepancyAct

  @Field(() => DiscrepancyFilterInput, { description: 'Điều kiện, as in the list' })
  filter!: DiscrepancyFilterInput

  @Field(() => Int, { description: 'Số sai lệch đã thấy khi xem trước: refused as STALE_WRITE when there are others by now' })
  @Min(1, { message: 'Số sai lệch phải từ 1.' })
  expectedCount!: number

  @Field(() => String, { description: 'Lý do, kept in the audit trail of the batch and of each discrepancy' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@InputType({ description: 'Duyệt hoặc hủy một đợt xử lý sai lệch' })
export class DiscrepancyBatchActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Đợt xử lý' })
  batchId!: string

  @Field(() => BatchActEnum, { description: 'Thao tác' })
  act!: BatchAct

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => Int, { description: 'Phiên bản đã xem' })
  expectedVersion!: number
}
