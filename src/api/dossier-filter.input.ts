import { IsOptional, Length, Matches, MaxLength, ValidateNested } from 'class-validator'
import { Field, InputType, registerEnumType } from 'type-graphql'
import type { DossierOrder } from '../dossier/dossier-search-repository.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { InterlinkState } from '../model/transfer-state.js'
import { DossierStatusEnum, InterlinkStateEnum } from './enums.js'
import { InstantScalar, LocalDateScalar } from './scalars.js'

const ORDERS: { readonly [K in DossierOrder]: K } = {
  RECEIVED_AT_DESC: 'RECEIVED_AT_DESC',
  RECEIVED_AT_ASC: 'RECEIVED_AT_ASC',
  DUE_AT_ASC: 'DUE_AT_ASC',
  DUE_AT_DESC: 'DUE_AT_DESC',
}
export const DossierOrderEnum = ORDERS
registerEnumType(DossierOrderEnum, {
  name: 'DossierOrder',
  description: 'Thứ tự hồ sơ',
  valuesConfig: {
    RECEIVED_AT_DESC: { description: 'Mới tiếp nhận trước' },
    RECEIVED_AT_ASC: { description: 'Tiếp nhận lâu nhất trước' },
    DUE_AT_ASC: { description: 'Sắp đến hạn trước' },
    DUE_AT_DESC: { description: 'Hạn xa nhất trước' },
  },
})

@InputType({
  description:
    'Xã - a commune by code, by name, or by both. A code alone means what it means today, or meant last, with all that passed to it; with a day what it meant then. INVALID_INPUT with the reason COMMUNE_AMBIGUOUS and the candidates when a name means several (see `resolveAdministrativeUnit`).',
})
export class CommuneInput {
  @Field(() => String, { nullable: true, description: 'Mã xã, five digits, old or new' })
  @Matches(/^\d{5}$/, { message: 'Mã xã phải có năm chữ số.' })
  code?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Tên xã, old or new: with or without its rank, wherever the tone mark is placed, and without diacritics in all or some of its words',
  })
  @Length(2, 100, { message: 'Tên xã dài từ 2 đến 100 ký tự.' })
  name?: string | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Theo nghĩa của mã, của tên vào ngày này' })
  on?: string | null
}

@InputType({ description: 'Thửa đất cần tìm' })
export class ParcelFilterInput {
  @Field(() => CommuneInput, { nullable: true, description: 'Xã' })
  @IsOptional()
  @ValidateNested()
  commune?: CommuneInput | null

  @Field(() => String, { description: 'Số hiệu tờ bản đồ' })
  @Length(1, 20, { message: 'Số hiệu tờ bản đồ dài từ 1 đến 20 ký tự.' })
  mapSheetNumber!: string

  @Field(() => String, { description: 'Số thứ tự thửa' })
  @Length(1, 20, { message: 'Số thứ tự thửa dài từ 1 đến 20 ký tự.' })
  parcelNumber!: string
}

@InputType({ description: 'Điều kiện tìm hồ sơ - all that is given must hold' })
export class DossierFilterInput {
  @Field(() => String, { nullable: true, description: 'Mã hồ sơ, or a code under which another system knows it' })
  @MaxLength(64, { message: 'Mã hồ sơ dài nhất 64 ký tự.' })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'Người nộp: name without regard to diacritics, or an exact identity number' })
  @Length(2, 100, { message: 'Tên hoặc số giấy tờ cần tìm dài từ 2 đến 100 ký tự.' })
  applicant?: string | null

  @Field(() => ParcelFilterInput, { nullable: true, description: 'Thửa đất' })
  @IsOptional()
  @ValidateNested()
  parcel?: ParcelFilterInput | null

  @Field(() => String, { nullable: true, description: 'Số phát hành giấy chứng nhận, with or without spaces' })
  @MaxLength(20, { message: 'Số phát hành dài nhất 20 ký tự.' })
  certificateSerial?: string | null

  @Field(() => CommuneInput, { nullable: true, description: 'Xã tiếp nhận' })
  @IsOptional()
  @ValidateNested()
  commune?: CommuneInput | null

  @Field(() => String, { nullable: true, description: 'Mã thủ tục, compared on its first eight characters' })
  @Matches(/^\d\.\d{6}/, { message: 'Mã thủ tục không đúng dạng, ví dụ 1.012783.' })
  procedureCode?: string | null

  @Field(() => [DossierStatusEnum], { nullable: true, description: 'Trạng thái' })
  statuses?: DossierStatus[] | null

  @Field(() => InstantScalar, { nullable: true, description: 'Hạn trả từ' })
  dueFrom?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Hạn trả đến' })
  dueTo?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Tiếp nhận từ' })
  receivedFrom?: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Tiếp nhận đến' })
  receivedTo?: Date | null

  @Field(() => [InterlinkStateEnum], { nullable: true, description: 'Trạng thái liên thông' })
  interlink?: InterlinkState[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'Tìm theo từ, without regard to diacritics: codes, applicant, summary, parcels, serials and register numbers. Every word must be found: anywhere, or where a word begins when it is shorter than three characters. Persons and the summary are searched only for roles that see them.',
  })
  @Length(2, 200, { message: 'Nội dung cần tìm dài từ 2 đến 200 ký tự.' })
  text?: string | null
}
