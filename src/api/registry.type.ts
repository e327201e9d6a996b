import { Field, ObjectType } from 'type-graphql'
import { READ_STATES, type ReadState } from '../dossier/read-ask.js'
import type { SystemId } from '../model/system.js'
import { describedEnum, SystemIdEnum } from './enums.js'
import { InstantScalar, LocalDateScalar } from './scalars.js'

const STATE_TEXTS: Record<ReadState, string> = {
  LIVE: 'Vừa đọc cho câu trả lời này',
  CACHED: 'Đã đọc trước đây, còn trong thời hạn',
  REFRESHING: 'Đã quá thời hạn, đang được đọc lại',
  SNAPSHOT: 'Bản ghi đọc gần nhất, theo yêu cầu',
  STALE: 'Không đọc được hệ thống nguồn: the last value known, if there is one',
  LATE: 'Hệ thống nguồn chưa trả lời kịp: the last value known, if there is one',
}
const ReadStateEnum = describedEnum('ReadState', 'Tình trạng đọc - how a value came to be shown', READ_STATES, STATE_TEXTS)

@ObjectType({ simpleResolvers: true, description: 'Độ mới của dữ liệu - how fresh a part of an answer is that lives in another system' })
export class Freshness {
  @Field(() => SystemIdEnum, { description: 'Nguồn dữ liệu' })
  source!: SystemId

  @Field(() => ReadStateEnum, { description: 'Tình trạng đọc' })
  state!: ReadState

  @Field(() => InstantScalar, { nullable: true, description: 'Thời điểm đọc, by the clock of the source; null: never read' })
  asOf!: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Vì sao là dữ liệu cũ hoặc còn thiếu; null: read just now, or so lately that it counts as new',
  })
  staleBecause!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Mã lỗi: UPSTREAM_UNAVAILABLE when the source could not be read or is late, NOT_FOUND when no record of it is kept, MAPPING_FAILED when a code has no mapping: then it was not asked for, or what is shown stands partly in codes of the source (`VILIS:…`). With nothing to show, the first field asked for stands in `errors` too',
  })
  errorCode!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Mục đích sử dụng đất - land use' })
export class LandUse {
  @Field(() => String, { description: 'Mã loại đất, such as ONT, LUC' })
  code!: string

  @Field(() => String, { nullable: true, description: 'Diện tích, m², exact decimal' })
  areaM2?: string | null

  @Field(() => String, { nullable: true, description: 'Thời hạn sử dụng' })
  term?: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Số thửa, số tờ, mã xã - what names a parcel' })
export class ParcelName {
  @Field(() => String, { description: 'Mã xã hiện hành - in force today' })
  communeCode!: string

  @Field(() => String, { description: 'Số hiệu tờ bản đồ' })
  mapSheetNumber!: string

  @Field(() => String, { description: 'Số thứ tự thửa' })
  parcelNumber!: string
}

@ObjectType({ simpleResolvers: true, description: 'Thửa đất (LA_SpatialUnit) - a parcel as the land registry has it now' })
export class Parcel extends ParcelName {
  @Field(() => Boolean, { nullable: true, description: 'Phần mềm đất đai có thửa này; null: not known' })
  knownToRegistry!: () => boolean | null

  @Field(() => String, { nullable: true, description: 'Diện tích, m², exact decimal' })
  areaM2!: () => string | null

  @Field(() => String, {
    nullable: true,
    description: 'Địa chỉ thửa đất; masked unless a dossier that the caller handles refers to this land',
  })
  address!: () => string | null

  @Field(() => [LandUse], { nullable: true, description: 'Mục đích sử dụng; null: not read' })
  landUses!: () => readonly LandUse[] | null

  @Field(() => [String], { nullable: true, description: 'Số phát hành các giấy chứng nhận - of its certificates; null: not read' })
  certificateSerials!: () => readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Hạn chế, ngăn chặn; unless a dossier that the caller handles refers to this land its kind alone (Thế chấp, Kê biên, …), for the text may name people; null: not read',
  })
  restrictions!: () => readonly string[] | null

  @Field(() => Freshness, { description: 'Độ mới của dữ liệu' })
  freshness!: Freshness
}

@ObjectType({
  simpleResolvers: true,
  description: 'Giấy chứng nhận (LA_AdministrativeSource) - a title certificate as the land registry has it now',
})
export class Certificate {
  @Field(() => String, { description: 'Số phát hành, without spaces' })
  serialNumber!: string

  @Field(() => Boolean, { nullable: true, description: 'Phần mềm đất đai có giấy này; null: not known' })
  knownToRegistry!: () => boolean | null

  @Field(() => String, { nullable: true, description: 'Số vào sổ' })
  registerNumber!: () => string | null

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày cấp' })
  issuedOn!: () => string | null

  @Field(() => String, {
    nullable: true,
    description: 'Người sử dụng đất; masked unless a dossier that the caller handles refers to this land',
  })
  landUserName!: () => string | null

  @Field(() => [ParcelName], { nullable: true, description: 'Các thửa đất; null: not read' })
  parcels!: () => readonly ParcelName[] | null

  @Field(() => Freshness, { description: 'Độ mới của dữ liệu' })
  freshness!: Freshness
}
