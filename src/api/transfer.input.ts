import { ArrayMaxSize, ArrayMinSize, IsOptional, Length, Matches, MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { Operation, SystemId } from '../model/system.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import { CommuneInput, ParcelFilterInput } from './dossier-filter.input.js'
import { HeldReasonEnum, OperationEnum, SystemIdEnum, TransferStateEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

@InputType({ description: 'Điều kiện tìm lượt liên thông - all that is given must hold' })
export class TransferFilterInput {
  @Field(() => [ID], { nullable: true, description: 'Chỉ những lượt này, as a person has picked them' })
  @IsOptional()
  @Matches(UUID, { each: true, message: 'Mã lượt liên thông không đúng dạng.' })
  @ArrayMinSize(1, { message: 'Hãy chọn ít nhất một lượt.' })
  @ArrayMaxSize(1_000, { message: 'Chọn nhiều nhất 1000 lượt; nhiều hơn thì dùng điều kiện.' })
  ids?: string[] | null

  @Field(() => String, { nullable: true, description: 'Mã hồ sơ' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  dossierCode?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Người nộp của hồ sơ: name without regard to diacritics, or an exact identity number',
  })
  @Length(2, 100, { message: 'Tên hoặc số giấy tờ cần tìm dài từ 2 đến 100 ký tự.' })
  applicant?: string | null

  @Field(() => ParcelFilterInput, { nullable: true, description: 'Thửa đất của hồ sơ' })
  @IsOptional()
  @ValidateNested()
  parcel?: ParcelFilterInput | null

  @Field(() => String, { nullable: true, description: 'Số phát hành giấy chứng nhận của hồ sơ, with or without spaces' })
  @MaxLength(20, { message: 'Số phát hành dài nhất 20 ký tự.' })
  certificateSerial?: string | null

  @Field(() => CommuneInput, { nullable: true, description: 'Xã tiếp nhận hồ sơ' })
  @IsOptional()
  @ValidateNested()
  commune?: CommuneInput | null

  @Field(() => String, { nullable: true, description: 'Mã thủ tục của hồ sơ, compared on its first eight characters' })
  @Matches(/^\d\.\d{6}/, { message: 'Mã thủ tục không đúng dạng, ví dụ 1.012783.' })
  procedureCode?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Tìm theo từ trong hồ sơ, without regard to diacritics, as in the list of dossiers. Names are searched only for roles that see them.',
  })
  @Length(2, 200, { message: 'Nội dung cần tìm dài từ 2 đến 200 ký tự.' })
  text?: string | null

  @Field(() => [SystemIdEnum], { nullable: true, description: 'Hệ thống nhận' })
  systems?: SystemId[] | null

  @Field(() => [TransferStateEnum], { nullable: true, description: 'Trạng thái' })
  states?: TransferState[] | null

  @Field(() => [OperationEnum], { nullable: true, description: 'Nghiệp vụ' })
  operations?: Operation[] | null

  @Field(() => [HeldReasonEnum], { nullable: true, description: 'Lý do giữ lại' })
  heldReasons?: HeldReason[] | null

  @Field(() => [ID], {
    nullable: true,
    description: 'Nguyên nhân của lần lỗi gần nhất: transfers that are not done, as `FailureCause.openCount` counts them',
  })
  @IsOptional()
  @Matches(UUID, { each: true, message: 'Mã nguyên nhân không đúng dạng.' })
  @ArrayMaxSize(100, { message: 'Tìm theo nhiều nhất 100 nguyên nhân.' })
  causes?: string[] | null

  @Field(() => String, { nullable: true, description: 'Mã vết' })
  @MaxLength(64, { message: 'Mã vết dài nhất 64 ký tự.' })
  correlationId?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Có nguy cơ trễ hạn: with an open alarm (true) or without one (false)' })
  atRisk?: boolean | null

  @Field(() => InstantScalar, { nullable: true, description: 'Lập từ' })
  createdFrom?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Lập đến' })
  createdTo?: Date | null

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Hạn trả của hồ sơ từ. Unless only states that are not DELIVERED are asked for, give both ends, 92 days apart at most',
  })
  dueFrom?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Hạn trả của hồ sơ đến' })
  dueTo?: Date | null
}

@InputType({ description: 'Điều kiện theo dõi lượt liên thông' })
export class TransferChangeFilterInput {
  @Field(() => String, { nullable: true, description: 'Mã hồ sơ' })
  dossierCode?: string | null

  @Field(() => [SystemIdEnum], { nullable: true, description: 'Hệ thống nhận' })
  systems?: SystemId[] | null

  @Field(() => [TransferStateEnum], { nullable: true, description: 'Trạng thái sau thay đổi' })
  states?: TransferState[] | null
}

@InputType({ description: 'Thao tác của người vận hành trên một lượt liên thông' })
export class TransferActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Lượt liên thông' })
  transferId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => Int, { nullable: true, description: 'Phiên bản đã xem (`Transfer.version`): STALE_WRITE when it has moved since' })
  expectedVersion?: number | null
}

@InputType({ description: 'Xác nhận kết quả của một lần gửi chưa rõ' })
export class ConfirmOutcomeInput extends TransferActInput {
  @Field(() => Boolean, { description: 'Bên nhận đã có (true) hay chưa có (false)' })
  happened!: boolean

  @Field(() => String, { nullable: true, description: 'Mã tham chiếu của bên nhận - of the other side' })
  @IsOptional()
  @Length(1, 100, { message: 'Mã tham chiếu dài từ 1 đến 100 ký tự.' })
  externalRef?: string | null
}
