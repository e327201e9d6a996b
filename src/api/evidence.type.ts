import { Length } from 'class-validator'
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { Attempt } from './transfer.type.js'

@InputType({ description: 'Xem nguyên văn một lần thử' })
export class RevealAttemptInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Lần thử' })
  attemptId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Nguyên văn một lần thử, with the personal data in it; who has looked and why is audited',
})
export class AttemptRevealed {
  constructor(answer: AttemptRevealed) {
    Object.assign(this, answer)
  }

  @Field(() => Attempt, { description: 'Lần thử' })
  attempt!: Attempt

  @Field(() => String, { nullable: true, description: 'Yêu cầu đã gửi' })
  requestXml!: string | null

  @Field(() => String, { nullable: true, description: 'Trả lời nhận được' })
  responseText!: string | null

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const RevealAttemptResult = createUnionType({
  name: 'RevealAttemptResult',
  description: 'Kết quả xem nguyên văn một lần thử',
  types: () => [AttemptRevealed, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type RevealAttemptAnswer = AttemptRevealed | InputRefused | ActRefused | ClientKeyReused
