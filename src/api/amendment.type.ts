import { ArrayMaxSize, ArrayMinSize, IsOptional, Length, MaxLength, ValidateNested } from 'class-validator'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AmendmentDecisionEnum, EarlierAmendment } from './earlier-amendment.type.js'
import { describedEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused, TransferActDone } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'
import { TransferActInput } from './transfer.input.js'

export const AMENDMENT_KINDS = ['FIXED', 'TEXT', 'INSTANT', 'CHOICE', 'COUNT', 'COMMUNE'] as const
export const AmendmentFieldKindEnum = describedEnum('AmendmentFieldKind', 'Kiểu của một trường nội dung', AMENDMENT_KINDS, {
  FIXED: 'Không sửa được',
  TEXT: 'Văn bản',
  INSTANT: 'Thời điểm, ISO-8601 with offset',
  CHOICE: 'Một trong các giá trị cho sẵn',
  COUNT: 'Số lượng, a whole number',
  COMMUNE: 'Mã xã, five digits, as valid on the day of reception',
})

@ObjectType({ simpleResolvers: true, description: 'Một giá trị chọn được' })
export class AmendmentChoice {
  @Field(() => String, { description: 'Giá trị' })
  value!: string

  @Field(() => String, { description: 'Tên' })
  label!: string
}

@ObjectType({ simpleResolvers: true, description: 'Một trường của nội dung liên thông, as a form shows it' })
export class AmendmentField {
  @Field(() => String, { description: 'Đường dẫn của trường, such as `dossier.applicant.idNumber`: what changes and refusals name' })
  field!: string

  @Field(() => String, { nullable: true, description: 'Nhóm, such as `Thửa đất 1`; null: at the top' })
  group!: string | null

  @Field(() => String, { description: 'Tên trường' })
  label!: string

  @Field(() => AmendmentFieldKindEnum, { description: 'Kiểu' })
  kind!: (typeof AMENDMENT_KINDS)[number]

  @Field(() => Boolean, { description: 'Được sửa' })
  amendable!: boolean

  @Field(() => Boolean, { description: 'Không được bỏ trống' })
  required!: boolean

  @Field(() => String, { nullable: true, description: 'Giá trị sẽ gửi nếu không sửa gì; masked for who may not see persons' })
  value!: string | null

  @Field(() => String, { nullable: true, description: 'Giá trị của nguồn hiện nay; masked in the same way' })
  sourceValue!: string | null

  @Field(() => Boolean, { description: 'Giá trị đang được che: to change it the whole value is given' })
  masked!: boolean

  @Field(() => [AmendmentChoice], { description: 'Các giá trị chọn được, of CHOICE' })
  choices!: AmendmentChoice[]

  @Field(() => Int, { nullable: true, description: 'Số ký tự ít nhất' })
  minLength!: number | null

  @Field(() => Int, { nullable: true, description: 'Số ký tự nhiều nhất; of COUNT the greatest number' })
  maxLength!: number | null

  @Field(() => String, { nullable: true, description: 'Biểu thức chính quy mà giá trị phải khớp' })
  pattern!: string | null

  @Field(() => String, { nullable: true, description: 'Yêu cầu bằng lời' })
  hint!: string | null
}

@ObjectType({
  simpleResolvers: true,
  description: 'Biểu mẫu sửa nội dung một lượt - the fields of its operation, from the types of its body',
})
export class AmendmentForm {
  @Field(() => [AmendmentField], { description: 'Các trường, in their order' })
  fields!: AmendmentField[]

  @Field(() => String, { nullable: true, description: 'Vì sao lúc này không sửa được; null: it can be amended' })
  reason!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Một trường đã sửa khác với nguồn' })
export class AmendmentDifference {
  @Field(() => String, { description: 'Đường dẫn của trường' })
  field!: string

  @Field(() => String, { nullable: true, description: 'Nhóm' })
  group!: string | null

  @Field(() => String, { description: 'Tên trường' })
  label!: string

  @Field(() => String, { nullable: true, description: 'Nguồn nói khi sửa; masked for who may not see persons' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'Giá trị đã sửa, masked in the same way' })
  after!: string | null

  @Field(() => String, { nullable: true, description: 'Nguồn nói bây giờ, masked in the same way' })
  sourceNow!: string | null

  @Field(() => Boolean, { description: 'Nguồn nay nói giống giá trị đã sửa: it is no difference any more' })
  settled!: boolean
}

@ObjectType({
  simpleResolvers: true,
  description: 'Nội dung sửa của một lượt - what a person has changed of what the sources say, and who has approved it',
})
export class Amendment {
  @Field(() => String, { description: 'Người sửa' })
  amendedBy!: string

  @Field(() => InstantScalar, { description: 'Sửa lúc' })
  amendedAt!: Date

  @Field(() => String, { description: 'Lý do sửa' })
  reason!: string

  @Field(() => Boolean, { description: 'Cần người thứ hai duyệt' })
  needsApproval!: boolean

  @Field(() => AmendmentDecisionEnum, { nullable: true, description: 'Quyết định; null: none yet, or none needed' })
  decision!: 'APPROVED' | 'DECLINED' | null

  @Field(() => String, { nullable: true, description: 'Người quyết định' })
  decidedBy!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Quyết định lúc' })
  decidedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Lý do của quyết định' })
  decisionReason!: string | null

  @Field(() => [AmendmentDifference], { description: 'Các trường khác với nguồn, in the order of the body' })
  differences!: AmendmentDifference[]

  @Field(() => [EarlierAmendment], { description: 'Các lần sửa trước mà lần này sửa tiếp, oldest first' })
  earlier!: EarlierAmendment[]

  @Field(() => Boolean, {
    description: 'Người đang xem đã sửa ở một lần trước: he may approve what another has amended since, and the page says so',
  })
  viewerAmendedEarlier!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'Lỗi của một trường' })
export class FieldFault {
  @Field(() => String, { nullable: true, description: 'Đường dẫn của trường; null: of the content as a whole' })
  field!: string | null

  @Field(() => String, { description: 'Mã lý do, stable: UNKNOWN_FIELD, FIELD_FIXED, GIVEN_TWICE, INVALID or NOT_SENDABLE' })
  reason!: string

  @Field(() => String, { description: 'Giải thích' })
  message!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Kết quả kiểm tra nội dung sửa - what would come of it; nothing is changed and nobody is called',
})
export class AmendmentCheck {
  @Field(() => [FieldFault], { description: 'Các lỗi; none: it can be sent' })
  faults!: FieldFault[]

  @Field(() => [AmendmentDifference], { description: 'Các trường sẽ khác với nguồn' })
  differences!: AmendmentDifference[]

  @Field(() => String, { nullable: true, description: 'Vì sao không sửa được; null: nothing but `faults` stands in the way' })
  reason!: string | null
}

@InputType({ description: 'Giá trị mới của một trường' })
export class AmendmentChangeInput {
  @Field(() => String, { description: 'Đường dẫn của trường, as `AmendmentField.field` names it' })
  @MaxLength(200, { message: 'Đường dẫn của trường dài nhất 200 ký tự.' })
  field!: string

  @Field(() => String, { nullable: true, description: 'Giá trị mới; null or empty takes an optional one out' })
  @IsOptional()
  @MaxLength(2_000, { message: 'Giá trị dài nhất 2000 ký tự.' })
  value?: string | null
}

@InputType({ description: 'Sửa nội dung một lượt liên thông rồi gửi lại' })
export class AmendTransferInput extends TransferActInput {
  @Field(() => [AmendmentChangeInput], { description: 'Các giá trị mới; what is not named stays as its source says' })
  @ArrayMinSize(1, { message: 'Phải sửa ít nhất một trường.' })
  @ArrayMaxSize(100, { message: 'Một lần sửa nhiều nhất 100 trường.' })
  @ValidateNested({ each: true })
  changes!: AmendmentChangeInput[]
}

@InputType({ description: 'Xem rõ nội dung sửa của một lượt; each look is audited' })
export class RevealAmendmentInput {
  @Field(() => ID, { description: 'Lượt liên thông' })
  transferId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'Nội dung sửa không hợp lệ - nothing is changed' })
export class AmendmentInvalid {
  constructor(answer: AmendmentInvalid) {
    Object.assign(this, answer)
  }

  @Field(() => [FieldFault], { description: 'Các lỗi' })
  faults!: FieldFault[]

  @Field(() => String, { description: 'Các lỗi trong một câu' })
  message!: string
}

export const AmendTransferResult = createUnionType({
  name: 'AmendTransferResult',
  description: 'Kết quả sửa nội dung một lượt liên thông',
  types: () => [TransferActDone, AmendmentInvalid, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type AmendTransferAnswer = TransferActDone | AmendmentInvalid | InputRefused | ActRefused | ClientKeyReused

@ObjectType({ simpleResolvers: true, description: 'Nội dung sửa không che; who has looked and why is audited' })
export class AmendmentRevealed {
  constructor(answer: AmendmentRevealed) {
    Object.assign(this, answer)
  }

  @Field(() => ID, { description: 'Lượt liên thông' })
  transferId!: string

  @Field(() => [AmendmentDifference], { description: 'Các trường khác với nguồn, in clear' })
  differences!: AmendmentDifference[]
}

export const RevealAmendmentResult = createUnionType({
  name: 'RevealAmendmentResult',
  description: 'Kết quả xem rõ nội dung sửa',
  types: () => [AmendmentRevealed, InputRefused, ActRefused] as const,
})
export type RevealAmendmentAnswer = AmendmentRevealed | InputRefused | ActRefused
