import { createUnionType, Field, ObjectType } from 'type-graphql'
import type { LastAct } from '../model/transfer-acts.js'
import { Dossier } from './dossier.type.js'
import { InstantScalar } from './scalars.js'
import { ForeignSystem } from './system.type.js'
import { Transfer } from './transfer.type.js'

/** Expected answers of mutations are members of unions; what is thrown is for what nobody could expect (see `error-mapping.ts`). */
@ObjectType({ simpleResolvers: true, description: 'Đã tiếp nhận - stored; what it changes is applied and sent on from here' })
export class DossierAccepted {
  constructor(answer: DossierAccepted) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Mã hồ sơ' })
  dossierCode!: string

  @Field(() => String, { description: 'Mã thông điệp đã lưu' })
  messageId!: string

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean

  @Field(() => Dossier, { nullable: true, description: 'Hồ sơ sau khi tiếp nhận; null: stored and not applied yet' })
  dossier!: Dossier | null
}

@ObjectType({ simpleResolvers: true, description: 'Bị từ chối - the content cannot be taken; nothing is changed' })
export class InputRefused {
  constructor(answer: InputRefused) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Mã lý do, stable' })
  reason!: string

  @Field(() => String, { nullable: true, description: 'Trường dữ liệu' })
  field!: string | null

  @Field(() => String, { description: 'Giải thích' })
  message!: string
}

@ObjectType({ simpleResolvers: true, description: 'Khóa chống gửi lặp đã dùng cho một nội dung khác' })
export class ClientKeyReused {
  @Field(() => String, { description: 'Giải thích' })
  message: string = 'Khóa chống gửi lặp này đã được dùng cho một yêu cầu có nội dung khác.'
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên lượt liên thông' })
export class TransferActDone {
  constructor(answer: TransferActDone) {
    Object.assign(this, answer)
  }

  @Field(() => Transfer, { description: 'Lượt liên thông sau thao tác, or the one that has taken its place' })
  transfer!: Transfer

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'Đã thực hiện thao tác trên hệ thống' })
export class SystemActDone {
  constructor(answer: SystemActDone) {
    Object.assign(this, answer)
  }

  @Field(() => ForeignSystem, { description: 'Hệ thống sau thao tác' })
  system!: ForeignSystem

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'Thao tác không được phép ở trạng thái này, hoặc chưa đến lúc' })
export class ActRefused {
  constructor(answer: ActRefused) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Mã lý do, stable' })
  reason!: string

  @Field(() => String, { description: 'Giải thích' })
  message!: string

  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Thực hiện được từ: not refused for this reason from then on, with a new clientKey; null: waiting does not help',
  })
  possibleFrom!: Date | null

  /** Not part of the schema: of these the English sentence is made (`spoken.resolver.ts`). */
  by?: LastAct | null
  successor?: string | null
}

const dossierMembers = [DossierAccepted, InputRefused, ClientKeyReused] as const
const actMembers = [TransferActDone, InputRefused, ActRefused, ClientKeyReused] as const
const systemMembers = [SystemActDone, InputRefused, ActRefused, ClientKeyReused] as const

export const SubmitDossierResult = createUnionType({
  name: 'SubmitDossierResult',
  description: 'Kết quả nộp hồ sơ',
  types: () => dossierMembers,
})
export const SupplementDossierResult = createUnionType({
  name: 'SupplementDossierResult',
  description: 'Kết quả nộp bổ sung',
  types: () => dossierMembers,
})
export const WithdrawDossierResult = createUnionType({
  name: 'WithdrawDossierResult',
  description: 'Kết quả rút hồ sơ',
  types: () => dossierMembers,
})
export const ConfirmResultReturnedResult = createUnionType({
  name: 'ConfirmResultReturnedResult',
  description: 'Kết quả xác nhận đã trả kết quả',
  types: () => dossierMembers,
})
export const TransferActResult = createUnionType({
  name: 'TransferActResult',
  description: 'Kết quả thao tác trên lượt liên thông',
  types: () => actMembers,
})
export const SystemActResult = createUnionType({
  name: 'SystemActResult',
  description: 'Kết quả thao tác trên hệ thống',
  types: () => systemMembers,
})

export type DossierChangeAnswer = DossierAccepted | InputRefused | ClientKeyReused
export type TransferActAnswer = TransferActDone | InputRefused | ActRefused | ClientKeyReused
export type SystemActAnswer = SystemActDone | InputRefused | ActRefused | ClientKeyReused
