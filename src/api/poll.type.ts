import { Length } from 'class-validator'
import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql'
import type { SystemId } from '../model/system.js'
import { SystemIdEnum } from './enums.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Đọc thay đổi - how far the feed of a system has been read' })
export class Poll {
  @Field(() => InstantScalar, { nullable: true, description: 'Đọc gần nhất' })
  polledAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Đọc đến cuối dòng thay đổi, lần gần nhất' })
  readToEndAt!: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Cảnh báo: the feed ran backwards, its system was restored to an earlier state; it is read again from its start',
  })
  alarm!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Cảnh báo từ lúc' })
  alarmSince!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Đọc lại từ đầu xong lúc; null: never, or still under way' })
  rereadEndedAt!: Date | null

  @Field(() => Int, {
    nullable: true,
    description: 'Số thay đổi đã áp dụng mà dòng thay đổi không còn: see `inboxMessages(filter: {lostAtSource: true})`',
  })
  lostChanges!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Bị kẹt: one change alone cannot be read, and none behind it; tried again with each poll, over when it could be read',
  })
  stalled!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Bị kẹt từ lúc' })
  stalledSince!: Date | null
}

@InputType({ description: 'Xóa cảnh báo đọc thay đổi của một hệ thống' })
export class ClearPollAlarmInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@ObjectType({ simpleResolvers: true, description: 'Đã xóa cảnh báo' })
export class PollAlarmCleared {
  constructor(answer: PollAlarmCleared) {
    Object.assign(this, answer)
  }

  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => Boolean, { description: 'Đã trả lời trước đó: this repeats the answer to the same request' })
  repeated!: boolean
}

export const ClearPollAlarmResult = createUnionType({
  name: 'ClearPollAlarmResult',
  description: 'Kết quả xóa cảnh báo',
  types: () => [PollAlarmCleared, InputRefused, ActRefused, ClientKeyReused] as const,
})
export type ClearPollAlarmAnswer = PollAlarmCleared | InputRefused | ActRefused | ClientKeyReused
