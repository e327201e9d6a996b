import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Channel } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Origin } from '../model/system.js'
import type { ParcelKey } from '../ports/land-registry.js'
import { PageInfo } from './connection.type.js'
import { ChannelEnum, DossierStatusEnum, OriginEnum } from './enums.js'
import { AdministrativeUnit } from './reference.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description:
    'Hồ sơ - dossier: one view of a dossier that lives in several systems at once. What hangs on it is read when it is asked for.',
})
export class Dossier {
  @Field(() => ID, { description: 'Khóa trong cổng này - key within this gateway' })
  id!: string

  @Field(() => String, { description: 'Mã hồ sơ (số biên nhận)' })
  code!: string

  @Field(() => Int, { description: 'Phiên bản hồ sơ hợp nhất, counted up at each change' })
  version!: number

  @Field(() => OriginEnum, { description: 'Nơi phát sinh' })
  origin!: Origin

  @Field(() => ChannelEnum, { description: 'Kênh nộp' })
  channel!: Channel

  @Field(() => String, { description: 'Trích yếu' })
  summary!: string

  @Field(() => String, { description: 'Cán bộ tiếp nhận' })
  receivedBy!: string

  @Field(() => DossierStatusEnum, { description: 'Trạng thái quốc gia' })
  status!: DossierStatus

  @Field(() => Int, { description: 'Mã trạng thái quốc gia, 1..10' })
  statusCode!: number

  @Field(() => String, { description: 'Tên trạng thái' })
  statusLabel!: string

  @Field(() => InstantScalar, { description: 'Thời điểm của trạng thái' })
  statusAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày tiếp nhận' })
  receivedAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày hẹn trả' })
  dueAt!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày kết thúc xử lý' })
  finishedAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày trả kết quả' })
  returnedAt!: Date | null

  @Field(() => Int, { description: 'Số lần bổ sung: the highest number that was told' })
  supplementCount!: number

  @Field(() => InstantScalar, { description: 'Thay đổi gần nhất' })
  updatedAt!: Date

  /** Keys of what hangs on it; not part of the schema. */
  procedureCode!: string
  receivingUnitId!: number
  applicantId!: string
  applicantName!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Thửa đất của hồ sơ - a parcel as the dossier names it, with what the registry says of it now',
})
export class DossierParcel {
  @Field(() => String, { description: 'Số hiệu tờ bản đồ' })
  mapSheetNumber!: string

  @Field(() => String, { description: 'Số thứ tự thửa' })
  parcelNumber!: string

  @Field(() => AdministrativeUnit, { description: 'Xã, as it was named in the dossier' })
  unit!: AdministrativeUnit

  @Field(() => String, { nullable: true, description: 'Diện tích kê khai, m², exact decimal' })
  areaM2!: string | null

  @Field(() => String, { nullable: true, description: 'Địa chỉ kê khai; masked for roles that need not see it' })
  address!: string | null

  /** Under which key the registry knows it now; not part of the schema. `live` is in `live-part.resolver.ts`. */
  liveKey!: ParcelKey
}

@ObjectType({
  simpleResolvers: true,
  description: 'Giấy chứng nhận của hồ sơ - as the dossier names it, with what the registry says of it now',
})
export class DossierCertificate {
  @Field(() => String, { description: 'Số phát hành, without spaces' })
  serialNumber!: string

  @Field(() => String, { nullable: true, description: 'Số vào sổ kê khai' })
  registerNumber!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của danh sách hồ sơ' })
export class DossierEdge {
  @Field(() => String, { description: 'Con trỏ' })
  cursor!: string

  @Field(() => Dossier, { description: 'Hồ sơ' })
  node!: Dossier
}

@ObjectType({ simpleResolvers: true, description: 'Danh sách hồ sơ' })
export class DossierConnection {
  @Field(() => [DossierEdge], { description: 'Các dòng' })
  edges!: readonly DossierEdge[]

  @Field(() => PageInfo, { description: 'Thông tin trang' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Tổng số, exact to 10,000' })
  totalCount!: () => Promise<number>

  @Field(() => Boolean, { description: 'Tổng số là chính xác; false: more than 10,000' })
  totalCountIsExact!: () => Promise<boolean>
}
