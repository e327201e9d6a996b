import { Length, MaxLength } from 'class-validator'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { Origin } from '../model/system.js'
import type { InboxMessageState } from '../operator/inbox-search-repository.js'
import { PageInfo } from './connection.type.js'
import { InboxMessageStateEnum, OriginEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Thông điệp đến - what a system told us and what became of it, without its content' })
export class InboxMessage {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => OriginEnum, { description: 'Hệ thống gửi' })
  source!: Origin

  @Field(() => String, { description: 'Kênh đến: CALLBACK, POLL, PUSH or API' })
  channel!: string

  @Field(() => String, { description: 'Nghiệp vụ, the wire name' })
  operation!: string

  @Field(() => String, { description: 'Loại nội dung' })
  kind!: string

  @Field(() => InboxMessageStateEnum, { description: 'Tình trạng' })
  state!: InboxMessageState

  @Field(() => String, { nullable: true, description: 'Mã lý do, stable' })
  reasonCode!: string | null

  @Field(() => String, { nullable: true, description: 'Trường dữ liệu' })
  field!: string | null

  @Field(() => String, { nullable: true, description: 'Lý do, personal data masked' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: 'Mã hồ sơ; null: it could not be read' })
  dossierCode!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Thời điểm xảy ra, by the sender' })
  eventAt!: Date | null

  @Field(() => InstantScalar, { description: 'Nhận lúc' })
  receivedAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Xử lý xong lúc' })
  settledAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Người bỏ qua; null: not dismissed' })
  dismissedBy!: string | null

  @Field(() => String, { nullable: true, description: 'Vì sao bỏ qua' })
  dismissedBecause!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách thông điệp đến' })
export class InboxMessageEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => InboxMessage, { description: 'Thông điệp' })
  node!: InboxMessage
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách thông điệp đến' })
export class InboxMessageConnection {
  @Field(() => [InboxMessageEdge], { description: 'Các dòng' })
  edges!: readonly InboxMessageEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, 10000 at most' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác: false when there are more' })
  totalCountIsExact!: () => Promise<boolean>
}

@InputType({ description: 'Điều kiện tìm thông điệp đến - all that is given must hold' })
export class InboxMessageFilterInput {
  @Field(() => [InboxMessageStateEnum], { nullable: true, description: 'Tình trạng' })
  states?: InboxMessageState[] | null

  @Field(() => [OriginEnum], { nullable: true, description: 'Hệ thống gửi' })
  sources?: Origin[] | null

  @Field(() => String, { nullable: true, description: 'Mã hồ sơ' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  dossierCode?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Chỉ những thay đổi đã áp dụng mà hệ thống nguồn, sau khi được phục hồi, không còn',
  })
  lostAtSource?: boolean | null
}

@InputType({ description: 'Bỏ qua một thông điệp mâu thuẫn' })
export class DismissInboxMessageInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Thông điệp' })
  messageId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail and shown to other operators' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'Đã bỏ qua thông điệp' })
export class InboxMessageDismissed {
  constructor(answer: InboxMessageDismissed) {
    Object.assign(this, answer)
  }

  @Field(() => InboxMessage, { description: 'Thông điệp sau thao tác' })
  inboxMessage!: InboxMessage

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const DismissInboxMessageResult = createUnionType({
  name: 'DismissInboxMessageResult',
  description: 'Kết quả bỏ qua thông điệp',
  types: () => [InboxMessageDismissed, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type DismissInboxMessageAnswer = InboxMessageDismissed | InputRefused | ActRefused | ClientKeyReused
