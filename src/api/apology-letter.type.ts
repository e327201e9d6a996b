import { IsOptional, Length, MaxLength } from 'class-validator'
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Phiếu xin lỗi và hẹn lại ngày trả kết quả; printed at `pdfPath`' })
export class ApologyLetter {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => String, { description: 'Số phiếu' })
  number!: string

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  issuedAt!: Date

  @Field(() => String, { description: 'Người lập' })
  issuedBy!: string

  @Field(() => InstantScalar, { description: 'Ngày hẹn trả đã lỡ' })
  dueAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày hẹn lại' })
  newDueAt!: Date

  @Field(() => String, { description: 'Lý do, as it stands on the letter' })
  reason!: string

  @Field(() => String, { description: 'Địa chỉ của bản in (PDF) on this gateway, with the same token; each printing is audited' })
  pdfPath!: string
}

@ObjectType({ simpleResolvers: true, description: 'Đề xuất cho phiếu xin lỗi - what the time ledger says for it' })
export class ApologyProposal {
  @Field(() => String, { nullable: true, description: 'Lý do; null: the ledger knows no fault of the interlink' })
  reason!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày hẹn lại; null: no time was lost' })
  newDueAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Vì sao không lập phiếu; null: one may be issued' })
  refusedBecause!: string | null
}

@InputType({ description: 'Lập phiếu xin lỗi' })
export class IssueApologyLetterInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp: the same key does it once' })
  @Length(8, 128, { message: 'Khóa chống gửi lặp dài từ 8 đến 128 ký tự.' })
  clientKey!: string

  @Field(() => String, { description: 'Mã hồ sơ' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  code!: string

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày hẹn lại; absent: as proposed' })
  newDueAt?: Date | null

  @Field(() => String, { nullable: true, description: 'Lý do; absent: as proposed' })
  @IsOptional()
  @Length(5, 1_000, { message: 'Lý do dài từ 5 đến 1000 ký tự.' })
  reason?: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Đã lập phiếu' })
export class ApologyLetterIssued {
  constructor(answer: ApologyLetterIssued) {
    Object.assign(this, answer)
  }

  @Field(() => ApologyLetter, { description: 'Phiếu' })
  letter!: ApologyLetter

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const IssueApologyLetterResult = createUnionType({
  name: 'IssueApologyLetterResult',
  description: 'Kết quả lập phiếu xin lỗi',
  types: () => [ApologyLetterIssued, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type IssueApologyLetterAnswer = ApologyLetterIssued | InputRefused | ActRefused | ClientKeyReused
