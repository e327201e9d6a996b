import { ArrayMaxSize, Length, MaxLength } from 'class-validator'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { SystemId } from '../model/system.js'
import { PageInfo } from './connection.type.js'
import { SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Một giá trị trước và sau thao tác' })
export class AuditChange {
  @Field(() => String, { description: 'Tên giá trị, stable' })
  name!: string

  @Field(() => String, { description: 'Tên giá trị, in words' })
  label!: string

  @Field(() => String, { nullable: true, description: 'Trước thao tác, personal data masked' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'Sau thao tác, personal data masked' })
  after!: string | null

  @Field(() => String, { nullable: true, description: 'Trước thao tác, a code or an instant in words' })
  beforeLabel!: string | null

  @Field(() => String, { nullable: true, description: 'Sau thao tác, a code or an instant in words' })
  afterLabel!: string | null
}

@ObjectType({
  simpleResolvers: true,
  description: 'Nhật ký thao tác - an act of a named person, written in the same database transaction as the act and never changed',
})
export class AuditEntry {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => InstantScalar, { description: 'Thời điểm' })
  at!: Date

  @Field(() => String, { description: 'Người thực hiện, as their tokens name them' })
  actor!: string

  @Field(() => String, { description: 'Người thực hiện, by name and as their tokens name them' })
  actorLabel!: string

  @Field(() => String, { description: 'Vai trò khi thực hiện' })
  role!: string

  @Field(() => String, { description: 'Mã thao tác, stable' })
  act!: string

  @Field(() => String, { description: 'Thao tác, in words' })
  actLabel!: string

  @Field(() => SystemIdEnum, { nullable: true, description: 'Hệ thống: acted upon, or of the transfer' })
  systemId!: SystemId | null

  @Field(() => ID, { nullable: true, description: 'Lượt liên thông' })
  transferId!: string | null

  @Field(() => ID, { nullable: true, description: 'Kế hoạch gửi lại: acted upon, or of which this act was a part' })
  planId!: string | null

  @Field(() => ID, { nullable: true, description: 'Nguyên nhân lỗi: noted, or by which the transfer had failed when it was acted upon' })
  causeId!: string | null

  @Field(() => String, { nullable: true, description: 'Mã hồ sơ' })
  dossierCode!: string | null

  @Field(() => String, { description: 'Lý do, personal data masked' })
  reason!: string

  @Field(() => [AuditChange], { description: 'Các giá trị trước và sau thao tác' })
  changes!: readonly AuditChange[]
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của nhật ký thao tác' })
export class AuditEntryEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => AuditEntry, { description: 'Thao tác' })
  node!: AuditEntry
}

@ObjectType({ simpleResolvers: true, description: 'Nhật ký thao tác, một trang' })
export class AuditEntryConnection {
  @Field(() => [AuditEntryEdge], { description: 'Các dòng' })
  edges!: readonly AuditEntryEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, 10000 at most' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác: false when there are more' })
  totalCountIsExact!: () => Promise<boolean>
}

export const MOST_ACTS = 30

@InputType({ description: 'Điều kiện tra cứu nhật ký thao tác - all that is given must hold' })
export class AuditFilterInput {
  @Field(() => String, { nullable: true, description: 'Người thực hiện, exactly as it is written' })
  @MaxLength(200, { message: 'Người thực hiện dài nhất 200 ký tự.' })
  actor?: string | null

  @Field(() => [String], { nullable: true, description: 'Mã thao tác: any of these' })
  @ArrayMaxSize(MOST_ACTS, { message: `Nhiều nhất ${MOST_ACTS} mã thao tác.` })
  @MaxLength(64, { each: true, message: 'Mã thao tác dài nhất 64 ký tự.' })
  acts?: string[] | null

  @Field(() => ID, { nullable: true, description: 'Lượt liên thông' })
  transferId?: string | null

  @Field(() => String, { nullable: true, description: 'Mã hồ sơ, its own or the one of another system' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  dossierCode?: string | null

  @Field(() => SystemIdEnum, { nullable: true, description: 'Hệ thống: acted upon, or of the transfer that was acted upon' })
  systemId?: SystemId | null

  @Field(() => ID, { nullable: true, description: 'Kế hoạch gửi lại: acts on it, and on each transfer as a part of it' })
  planId?: string | null

  @Field(() => ID, { nullable: true, description: 'Nguyên nhân lỗi: its notes, and acts on transfers that had failed by it' })
  causeId?: string | null

  @Field(() => ID, { nullable: true, description: 'Sai lệch đối soát' })
  discrepancyId?: string | null

  @Field(() => ID, { nullable: true, description: 'Lượt đối soát: acts on it, and repairs that it has begun' })
  reconciliationRunId?: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Từ thời điểm' })
  from?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Đến thời điểm' })
  to?: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Lời trong lý do, without diacritics; every word must be found. Names and numbers of persons are not',
  })
  @Length(1, 200, { message: 'Lời tra cứu dài từ 1 đến 200 ký tự.' })
  text?: string | null
}
