import { Field, ID, ObjectType } from 'type-graphql'
import { describedEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

export const AmendmentDecisionEnum = describedEnum('AmendmentDecision', 'Quyết định của người thứ hai', ['APPROVED', 'DECLINED'], {
  APPROVED: 'Được duyệt',
  DECLINED: 'Không được duyệt',
})

@ObjectType({ simpleResolvers: true, description: 'Lần sửa trước - of content that was amended again: who took part in it' })
export class EarlierAmendment {
  @Field(() => ID, { description: 'Lượt mang lần sửa đó' })
  transferId!: string

  @Field(() => String, { description: 'Người sửa' })
  amendedBy!: string

  @Field(() => InstantScalar, { description: 'Sửa lúc' })
  amendedAt!: Date

  @Field(() => AmendmentDecisionEnum, { nullable: true, description: 'Quyết định; null: none was made before it was amended again' })
  decision!: 'APPROVED' | 'DECLINED' | null

  @Field(() => String, { nullable: true, description: 'Người quyết định' })
  decidedBy!: string | null
}
