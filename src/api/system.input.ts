import { IsOptional, Length } from 'class-validator'
import { Field, Float, InputType, Int } from 'type-graphql'
import type { SystemId } from '../model/system.js'
import { SystemIdEnum } from './enums.js'

@InputType({ description: 'Thao tác của người vận hành trên một hệ thống' })
export class SystemActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => String, { description: 'Lý do, kept in the audit trail and shown to other operators' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string
}

@InputType({ description: 'Giới hạn mới của một hệ thống - what is left out stays as it is, null means no limit' })
export class SystemLimitsInput extends SystemActInput {
  @Field(() => Float, { nullable: true, description: 'Số yêu cầu nhiều nhất trong một giây, 0.1 to 100000' })
  @IsOptional()
  maxPerSecond?: number | null

  @Field(() => Int, { nullable: true, description: 'Số lượt gọi cùng lúc nhiều nhất, 1 to 10000' })
  @IsOptional()
  maxInFlight?: number | null
}
