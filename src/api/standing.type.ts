import { Field, ObjectType } from 'type-graphql'
import type { CauseSide } from '../model/cause-side.js'
import type { ActName } from '../model/transfer-acts.js'
import { CauseSideEnum, TransferActEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Giải thích một lượt liên thông, in plain words, whatever its state' })
export class TransferExplanation {
  @Field(() => String, { description: 'Chuyện gì đã xảy ra' })
  what!: string

  @Field(() => CauseSideEnum, { nullable: true, description: 'Thuộc bên nào; null: nothing is wrong' })
  side!: CauseSide | null

  @Field(() => String, { nullable: true, description: 'Thuộc bên nào, bằng lời; null: nothing is wrong' })
  sideLabel!: string | null

  @Field(() => String, { description: 'Việc cần làm' })
  nextStep!: string
}

@ObjectType({ simpleResolvers: true, description: 'Một thao tác, và có được phép lúc này không - judged by the rules of the act itself' })
export class AllowedAct {
  @Field(() => TransferActEnum, { description: 'Thao tác' })
  act!: ActName

  @Field(() => Boolean, { description: 'Được phép lúc này' })
  allowed!: boolean

  @Field(() => String, { nullable: true, description: 'Mã lý do không được phép, as `ActRefused.reason` would say' })
  reasonCode!: string | null

  @Field(() => String, { nullable: true, description: 'Vì sao không được phép, a sentence' })
  reason!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Thực hiện được từ; null: waiting does not help' })
  possibleFrom!: Date | null
}
