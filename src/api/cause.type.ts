import { IsOptional, Length, Min } from 'class-validator'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CauseSide } from '../model/cause-side.js'
import type { CauseKind } from '../model/failure-cause.js'
import type { Operation, SystemId } from '../model/system.js'
import { PageInfo } from './connection.type.js'
import { CauseKindEnum, CauseSideEnum, OperationEnum, SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Nguyên nhân lỗi - failures with the same fingerprint: one cause, however many dossiers it has hit',
})
export class FailureCause {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => String, { description: 'Dấu vân tay: system, operation, kind, code and field' })
  fingerprint!: string

  @Field(() => SystemIdEnum, { description: 'Hệ thống nhận' })
  systemId!: SystemId

  @Field(() => OperationEnum, { description: 'Nghiệp vụ' })
  operation!: Operation

  @Field(() => CauseKindEnum, { description: 'Loại' })
  kind!: CauseKind

  @Field(() => String, { description: 'Mã lỗi kỹ thuật: of the network, of HTTP, of the other side, or of our own judgement; stable' })
  code!: string

  @Field(() => String, { nullable: true, description: 'Trường dữ liệu có lỗi' })
  field!: string | null

  @Field(() => String, { description: 'Nguyên nhân bằng lời, with the operation that it befell and without personal data' })
  title!: string

  @Field(() => CauseSideEnum, { description: 'Thuộc bên nào' })
  side!: CauseSide

  @Field(() => String, { description: 'Thuộc bên nào, bằng lời' })
  sideLabel!: string

  @Field(() => String, { description: 'Việc cần làm' })
  nextStep!: string

  @Field(() => Int, { description: 'Số lượt chưa xong mà lần lỗi gần nhất do nguyên nhân này, exact to 10,000' })
  openCount!: number

  @Field(() => Boolean, { description: 'Số lượt chưa xong là chính xác; false: more than 10,000' })
  openCountIsExact!: boolean

  @Field(() => Int, { description: 'Số lần thử đã hỏng do nguyên nhân này, exact to 10,000' })
  totalCount!: number

  @Field(() => Boolean, { description: 'Số lần thử là chính xác; false: more than 10,000' })
  totalCountIsExact!: boolean

  @Field(() => InstantScalar, { description: 'Gặp lần đầu' })
  firstSeenAt!: Date

  @Field(() => InstantScalar, { description: 'Gặp lần gần nhất' })
  lastSeenAt!: Date

  @Field(() => String, { nullable: true, description: 'Ghi chú của người vận hành' })
  note!: string | null

  @Field(() => String, { nullable: true, description: 'Cách xử lý đã biết' })
  remedy!: string | null

  @Field(() => String, { nullable: true, description: 'Người ghi' })
  notedBy!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Ghi lúc' })
  notedAt!: Date | null

  @Field(() => Int, { description: 'Phiên bản ghi chú: give it with `noteCause`' })
  version!: number
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách nguyên nhân lỗi' })
export class FailureCauseEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => FailureCause, { description: 'Nguyên nhân lỗi' })
  node!: FailureCause
}

@ObjectType({
  simpleResolvers: true,
  description: 'Danh sách nguyên nhân lỗi. Its order is by counts that move: what has moved between two pages may be met twice',
})
export class FailureCauseConnection {
  @Field(() => [FailureCauseEdge], { description: 'Các dòng' })
  edges!: readonly FailureCauseEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số nguyên nhân' })
  totalCount!: number
}

@InputType({ description: 'Điều kiện tìm nguyên nhân lỗi - all that is given must hold' })
export class CauseFilterInput {
  @Field(() => [SystemIdEnum], { nullable: true, description: 'Hệ thống nhận' })
  systems?: SystemId[] | null

  @Field(() => [OperationEnum], { nullable: true, description: 'Nghiệp vụ' })
  operations?: Operation[] | null

  @Field(() => [CauseSideEnum], { nullable: true, description: 'Thuộc bên nào' })
  sides?: CauseSide[] | null

  @Field(() => Boolean, { nullable: true, description: 'Chỉ những nguyên nhân còn lượt chưa xong' })
  openOnly?: boolean | null
}

@InputType({ description: 'Ghi chú cho một nguyên nhân, seen by the next operator' })
export class NoteCauseInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Nguyên nhân' })
  causeId!: string

  @Field(() => String, { nullable: true, description: 'Ghi chú; null takes it away' })
  @IsOptional()
  @Length(1, 2_000, { message: 'Ghi chú dài từ 1 đến 2000 ký tự.' })
  note?: string | null

  @Field(() => String, { nullable: true, description: 'Cách xử lý; null takes it away' })
  @IsOptional()
  @Length(1, 2_000, { message: 'Cách xử lý dài từ 1 đến 2000 ký tự.' })
  remedy?: string | null

  @Field(() => Int, { description: 'Phiên bản ghi chú đã đọc: STALE_WRITE when somebody has noted something since' })
  @Min(0, { message: 'Phiên bản ghi chú không âm.' })
  version!: number
}

@ObjectType({ simpleResolvers: true, description: 'Đã ghi chú cho nguyên nhân' })
export class CauseNoted {
  constructor(answer: CauseNoted) {
    Object.assign(this, answer)
  }

  @Field(() => FailureCause, { description: 'Nguyên nhân sau khi ghi' })
  cause!: FailureCause

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const CauseNoteResult = createUnionType({
  name: 'CauseNoteResult',
  description: 'Kết quả ghi chú cho nguyên nhân',
  types: () => [CauseNoted, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type CauseNoteAnswer = CauseNoted | InputRefused | ActRefused | ClientKeyReused
