import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { PartyKind } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Origin, SystemId } from '../model/system.js'
import { DossierStatusEnum, OriginEnum, PartyKindEnum, SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Người nộp hồ sơ (LA_Party) - applicant. Masked for roles that need not see personal data.',
})
export class Party {
  @Field(() => PartyKindEnum, { description: 'Loại đối tượng' })
  kind!: PartyKind

  @Field(() => String, { description: 'Họ và tên, tên tổ chức' })
  fullName!: string

  @Field(() => String, { nullable: true, description: 'Số giấy tờ, số định danh' })
  idNumber!: string | null

  @Field(() => String, { nullable: true, description: 'Số điện thoại' })
  phone!: string | null

  @Field(() => String, { nullable: true, description: 'Thư điện tử' })
  email!: string | null

  @Field(() => String, { nullable: true, description: 'Địa chỉ' })
  address!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Diễn biến hồ sơ - one line of the timeline' })
export class DossierEvent {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => String, { description: 'Loại sự kiện' })
  kind!: string

  @Field(() => OriginEnum, { description: 'Hệ thống phát sinh' })
  origin!: Origin

  @Field(() => Int, { description: 'Phiên bản hồ sơ sau sự kiện' })
  version!: number

  @Field(() => InstantScalar, { description: 'Thời điểm xảy ra, by the clock of the system that told it' })
  eventAt!: Date

  @Field(() => Boolean, { description: 'Đã áp dụng; false: kept and not applied (late, illegal), the note says why' })
  applied!: boolean

  @Field(() => DossierStatusEnum, { nullable: true, description: 'Trạng thái trước' })
  statusFrom!: DossierStatus | null

  @Field(() => DossierStatusEnum, { nullable: true, description: 'Trạng thái sau' })
  statusTo!: DossierStatus | null

  @Field(() => String, { nullable: true, description: 'Tên trạng thái sau' })
  statusLabel!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày hẹn trả trước' })
  dueAtFrom!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Ngày hẹn trả sau' })
  dueAtTo!: Date | null

  @Field(() => String, { nullable: true, description: 'Cán bộ xử lý' })
  officer!: string | null

  @Field(() => String, { description: 'Nội dung' })
  note!: string

  @Field(() => String, { nullable: true, description: 'Bước tại cơ quan đất đai, by its own code' })
  step!: string | null

  @Field(() => Int, { nullable: true, description: 'Lần bổ sung: the one that the event is about' })
  supplementNo!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'Giấy tờ của hồ sơ - one line of the manifest' })
export class Document {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => String, { description: 'Vai trò: SUBMITTED (nộp), SUPPLEMENT (bổ sung), REQUEST (kèm yêu cầu), RESULT (kết quả)' })
  role!: string

  @Field(() => Int, { description: 'Lần bổ sung, 0 for the first submission' })
  round!: number

  @Field(() => String, { description: 'Tên giấy tờ' })
  name!: string

  @Field(() => String, { description: 'Tên tập tin' })
  fileName!: string

  @Field(() => String, { description: 'Kiểu tập tin' })
  mediaType!: string

  @Field(() => String, { description: 'Mã băm SHA-256, hex' })
  sha256!: string

  @Field(() => Int, { description: 'Kích thước, bytes' })
  sizeBytes!: number

  @Field(() => Int, { description: 'Số bản chính' })
  originals!: number

  @Field(() => Int, { description: 'Số bản sao' })
  copies!: number
}

@ObjectType({ simpleResolvers: true, description: 'Thông báo thuế - one sub-item of a tax notice' })
export class TaxNotice {
  @Field(() => String, { description: 'Số thông báo' })
  noticeNumber!: string

  @Field(() => String, { description: 'Loại thuế, tiểu mục' })
  taxKind!: string

  @Field(() => String, { description: 'Người nộp; masked for roles that need not see it' })
  payerName!: string

  @Field(() => String, { nullable: true, description: 'Số tiền, đồng, exact integer; null: the sender did not say' })
  amountVnd!: string | null

  @Field(() => String, { nullable: true, description: 'Đường dẫn thông báo; only for roles that see personal data' })
  documentUrl!: string | null

  @Field(() => InstantScalar, { description: 'Thời điểm nhận thông báo' })
  issuedAt!: Date
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Mã hồ sơ khác - the number that a system gave the dossier when it took it from us (MaTiepNhan): ViLIS and the desk for a dossier that was registered there, the portal for each version',
})
export class ExternalIdentifier {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => String, { description: 'Mã' })
  value!: string
}

@ObjectType({ simpleResolvers: true, description: 'Xác nhận phiên bản - the highest version that a system has taken' })
export class Acknowledgement {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => Int, { description: 'Phiên bản hồ sơ' })
  version!: number

  @Field(() => InstantScalar, { description: 'Thời điểm xác nhận' })
  at!: Date
}
