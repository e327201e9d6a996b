import { ArrayMaxSize, IsEmail, IsOptional, Length, Matches, MaxLength, Min, ValidateNested } from 'class-validator'
import { Field, InputType, Int, registerEnumType } from 'type-graphql'
import type { Channel, PartyKind } from '../model/dossier-content.js'
import {
  ACCOUNT,
  ADDRESS,
  AREA_M2,
  COMMUNE_CODE,
  DOCUMENT_NAME,
  EMAIL,
  FILE_NAME,
  FULL_NAME,
  ID_NUMBER,
  MAP_SHEET_NUMBER,
  NOTE,
  PARCEL_NUMBER,
  PHONE,
  REGISTER_NUMBER,
  SERIAL_NUMBER,
  SUMMARY,
  WITHDRAWAL_REASON,
} from '../model/field-limits.js'
import { ChannelEnum, PartyKindEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

const KEY = 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.'
const KEY_DESCRIPTION = 'Khóa chống gửi lặp của ứng dụng: a repetition gets the same answer, the same key with another body is refused'

export const ReturnMethodEnum = { DESK: 'DESK', POST: 'POST' } as const
registerEnumType(ReturnMethodEnum, {
  name: 'ReturnMethod',
  description: 'Hình thức trả kết quả',
  valuesConfig: { DESK: { description: 'Tại quầy' }, POST: { description: 'Bưu chính' } },
})

@InputType({ description: 'Đơn vị hành chính như bên gửi ghi - as the sender names it: the code as it is meant on the day of reception' })
export class UnitInput {
  @Field(() => String, { description: 'Mã xã, five digits' })
  @Matches(COMMUNE_CODE.pattern, COMMUNE_CODE)
  code!: string

  @Field(() => String, { nullable: true, description: 'Tên; when given it must agree with the code' })
  @MaxLength(100, { message: 'Tên xã dài nhất 100 ký tự.' })
  name?: string | null
}

@InputType({ description: 'Người nộp hồ sơ' })
export class ApplicantInput {
  @Field(() => PartyKindEnum, { defaultValue: 'CITIZEN', description: 'Loại đối tượng' })
  kind!: PartyKind

  @Field(() => String, { description: 'Họ và tên, tên tổ chức' })
  @Length(FULL_NAME.least, FULL_NAME.most, FULL_NAME)
  @Matches(FULL_NAME.pattern, FULL_NAME)
  fullName!: string

  @Field(() => String, { nullable: true, description: 'Số giấy tờ, số định danh' })
  @Matches(ID_NUMBER.pattern, ID_NUMBER)
  idNumber?: string | null

  @Field(() => String, { nullable: true, description: 'Số điện thoại' })
  @Matches(PHONE.pattern, PHONE)
  phone?: string | null

  @Field(() => String, { nullable: true, description: 'Thư điện tử' })
  @IsOptional()
  @IsEmail({}, EMAIL)
  email?: string | null

  @Field(() => String, { nullable: true, description: 'Địa chỉ' })
  @MaxLength(ADDRESS.most, ADDRESS)
  address?: string | null
}

@InputType({ description: 'Thửa đất của hồ sơ' })
export class ParcelInput {
  @Field(() => String, { description: 'Số hiệu tờ bản đồ' })
  @Length(MAP_SHEET_NUMBER.least, MAP_SHEET_NUMBER.most, MAP_SHEET_NUMBER)
  mapSheetNumber!: string

  @Field(() => String, { description: 'Số thứ tự thửa' })
  @Length(PARCEL_NUMBER.least, PARCEL_NUMBER.most, PARCEL_NUMBER)
  parcelNumber!: string

  @Field(() => UnitInput, { description: 'Xã' })
  @ValidateNested()
  unit!: UnitInput

  @Field(() => String, { nullable: true, description: 'Diện tích, m², exact decimal' })
  @Matches(AREA_M2.pattern, AREA_M2)
  areaM2?: string | null

  @Field(() => String, { nullable: true, description: 'Địa chỉ thửa đất' })
  @MaxLength(ADDRESS.most, ADDRESS)
  address?: string | null
}

@InputType({ description: 'Giấy chứng nhận của hồ sơ' })
export class CertificateInput {
  @Field(() => String, { description: 'Số phát hành, with or without spaces' })
  @MaxLength(SERIAL_NUMBER.most, SERIAL_NUMBER)
  serialNumber!: string

  @Field(() => String, { nullable: true, description: 'Số vào sổ' })
  @MaxLength(REGISTER_NUMBER.most, REGISTER_NUMBER)
  registerNumber?: string | null
}

@InputType({ description: 'Giấy tờ kèm theo, with its bytes' })
export class DocumentInput {
  @Field(() => String, { description: 'Tên giấy tờ' })
  @Length(DOCUMENT_NAME.least, DOCUMENT_NAME.most, DOCUMENT_NAME)
  name!: string

  @Field(() => String, { description: 'Tên tập tin, without a path' })
  @Matches(FILE_NAME.pattern, FILE_NAME)
  fileName!: string

  @Field(() => String, { description: 'Kiểu tập tin, such as application/pdf' })
  @Matches(/^[\w.+-]+\/[\w.+-]+$/, { message: 'Kiểu tập tin không đúng dạng, ví dụ application/pdf.' })
  mediaType!: string

  @Field(() => Int, { defaultValue: 0, description: 'Số bản chính' })
  @Min(0, { message: 'Số bản chính không được âm.' })
  originals!: number

  @Field(() => Int, { defaultValue: 0, description: 'Số bản sao' })
  @Min(0, { message: 'Số bản sao không được âm.' })
  copies!: number

  @Field(() => String, { description: 'Nội dung tập tin, base64' })
  contentBase64!: string

  @Field(() => String, { nullable: true, description: 'Mã băm SHA-256 mà bên gửi tính, hex: checked when given' })
  @Matches(/^[0-9a-fA-F]{64}$/, { message: 'Mã băm SHA-256 phải có 64 chữ số thập lục phân.' })
  sha256?: string | null

  @Field(() => Int, { nullable: true, description: 'Kích thước mà bên gửi tính, bytes: checked when given' })
  sizeBytes?: number | null
}

@InputType({ description: 'Nộp hồ sơ' })
export class SubmitDossierInput {
  @Field(() => String, { description: KEY_DESCRIPTION })
  @Length(8, 100, { message: KEY })
  clientKey!: string

  @Field(() => String, { description: 'Mã hồ sơ' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  code!: string

  @Field(() => Int, { defaultValue: 1, description: 'Phiên bản tại nguồn, from 1; a newer one is an amendment' })
  @Min(1, { message: 'Phiên bản phải từ 1.' })
  version!: number

  @Field(() => String, { description: 'Mã thủ tục' })
  @MaxLength(40, { message: 'Mã thủ tục dài nhất 40 ký tự.' })
  procedureCode!: string

  @Field(() => UnitInput, { description: 'Đơn vị tiếp nhận' })
  @ValidateNested()
  receivingUnit!: UnitInput

  @Field(() => ChannelEnum, { description: 'Kênh nộp' })
  channel!: Channel

  @Field(() => ApplicantInput, { description: 'Người nộp' })
  @ValidateNested()
  applicant!: ApplicantInput

  @Field(() => String, { description: 'Trích yếu' })
  @MaxLength(SUMMARY.most, SUMMARY)
  summary!: string

  @Field(() => InstantScalar, { description: 'Ngày tiếp nhận' })
  receivedAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày hẹn trả' })
  dueAt!: Date

  @Field(() => String, { description: 'Cán bộ tiếp nhận: account name at the desk' })
  @Length(ACCOUNT.least, ACCOUNT.most, ACCOUNT)
  receivedBy!: string

  @Field(() => [ParcelInput], { defaultValue: [], description: 'Thửa đất' })
  @ArrayMaxSize(100, { message: 'Một hồ sơ có nhiều nhất 100 thửa đất.' })
  @ValidateNested({ each: true })
  parcels!: ParcelInput[]

  @Field(() => [CertificateInput], { defaultValue: [], description: 'Giấy chứng nhận' })
  @ArrayMaxSize(100, { message: 'Một hồ sơ có nhiều nhất 100 giấy chứng nhận.' })
  @ValidateNested({ each: true })
  certificates!: CertificateInput[]

  @Field(() => [DocumentInput], { defaultValue: [], description: 'Giấy tờ kèm theo' })
  @ArrayMaxSize(50, { message: 'Một lần gửi có nhiều nhất 50 giấy tờ.' })
  @ValidateNested({ each: true })
  documents!: DocumentInput[]
}

@InputType({ description: 'Nộp bổ sung' })
export class SupplementDossierInput {
  @Field(() => String, { description: KEY_DESCRIPTION })
  @Length(8, 100, { message: KEY })
  clientKey!: string

  @Field(() => String, { description: 'Mã hồ sơ' })
  dossierCode!: string

  @Field(() => Int, { nullable: true, description: 'Lần bổ sung, from 1' })
  @IsOptional()
  @Min(1, { message: 'Lần bổ sung phải từ 1.' })
  supplementNo?: number | null

  @Field(() => String, { description: 'Nội dung bổ sung' })
  @MaxLength(1000, { message: 'Nội dung bổ sung dài nhất 1000 ký tự.' })
  note!: string

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Ngày hẹn trả mới, after the reception. While the land registry holds the dossier, the date that it tells counts',
  })
  newDueAt?: Date | null

  @Field(() => [DocumentInput], { defaultValue: [], description: 'Giấy tờ bổ sung' })
  @ArrayMaxSize(50, { message: 'Một lần gửi có nhiều nhất 50 giấy tờ.' })
  @ValidateNested({ each: true })
  documents!: DocumentInput[]
}

@InputType({ description: 'Rút hồ sơ' })
export class WithdrawDossierInput {
  @Field(() => String, { description: KEY_DESCRIPTION })
  @Length(8, 100, { message: KEY })
  clientKey!: string

  @Field(() => String, { description: 'Mã hồ sơ' })
  dossierCode!: string

  @Field(() => String, { description: 'Lý do rút' })
  @Length(WITHDRAWAL_REASON.least, WITHDRAWAL_REASON.most, WITHDRAWAL_REASON)
  reason!: string
}

@InputType({ description: 'Xác nhận đã trả kết quả' })
export class ConfirmResultReturnedInput {
  @Field(() => String, { description: KEY_DESCRIPTION })
  @Length(8, 100, { message: KEY })
  clientKey!: string

  @Field(() => String, { description: 'Mã hồ sơ' })
  dossierCode!: string

  @Field(() => ReturnMethodEnum, { description: 'Hình thức trả' })
  method!: 'DESK' | 'POST'

  @Field(() => String, { defaultValue: '', description: 'Ghi chú' })
  @MaxLength(NOTE.most, NOTE)
  note!: string
}
