import { IsOptional, Length, Matches, Max, Min, ValidateNested } from 'class-validator'
import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql'
import type { ReplayForecast, ReplayPlanKind, ReplayResult } from '../model/replay-plan.js'
import { PageArgs } from './connection.type.js'
import { ReplayPlanKindEnum, ReplayRowForecastEnum, ReplayRowResultEnum } from './enums.js'
import { TransferFilterInput } from './transfer.input.js'

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const TIME_MESSAGE = 'Giờ phải có dạng HH:mm, ví dụ 18:30.'

@InputType({ description: 'Lập kế hoạch gửi lại - freezes all that the filter matches now' })
export class CreateReplayPlanInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => String, { description: 'Tên, for people' })
  @Length(3, 120, { message: 'Tên kế hoạch dài từ 3 đến 120 ký tự.' })
  name!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail of the plan and of each transfer' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => ReplayPlanKindEnum, { defaultValue: 'REPLAY', description: 'Thao tác trên từng lượt' })
  kind!: ReplayPlanKind

  @Field(() => TransferFilterInput, { description: 'Điều kiện, as in the list of transfers' })
  @ValidateNested()
  filter!: TransferFilterInput

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Chốt mọi lượt: a filter without any condition is refused (NO_CONDITION) unless this is said',
  })
  everything!: boolean

  @Field(() => Float, { nullable: true, description: 'Số lượt nhiều nhất trong một giây; null: only the limits of the systems' })
  @IsOptional()
  @Min(0.01, { message: 'Nhịp gửi phải từ 0,01 đến 1000 lượt mỗi giây.' })
  @Max(1_000, { message: 'Nhịp gửi phải từ 0,01 đến 1000 lượt mỗi giây.' })
  perSecond?: number | null

  @Field(() => String, { nullable: true, description: 'Khung giờ chạy hằng ngày từ, HH:mm local; with `windowTo` or not at all' })
  @IsOptional()
  @Matches(TIME, { message: TIME_MESSAGE })
  windowFrom?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Khung giờ chạy hằng ngày đến, HH:mm local; another time than `windowFrom`, before it means over midnight',
  })
  @IsOptional()
  @Matches(TIME, { message: TIME_MESSAGE })
  windowTo?: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'Tự dừng khi tỷ lệ lỗi vượt mức này, 0..1; null: never. Default 0.2',
    defaultValue: 0.2,
  })
  @IsOptional()
  @Min(0, { message: 'Tỷ lệ lỗi phải từ 0 đến 1.' })
  @Max(1, { message: 'Tỷ lệ lỗi phải từ 0 đến 1.' })
  stopAtFailureShare?: number | null

  @Field(() => Int, { defaultValue: 20, description: 'Số lượt có kết quả ít nhất trước khi tính tỷ lệ lỗi' })
  @Min(1, { message: 'Số lượt phải từ 1 đến 10000.' })
  @Max(10_000, { message: 'Số lượt phải từ 1 đến 10000.' })
  stopAfterSettled!: number
}

@InputType({ description: 'Thao tác trên một kế hoạch gửi lại' })
export class ReplayPlanActInput {
  @Field(() => String, { description: 'Khóa chống gửi lặp của ứng dụng: the same key with another body is refused' })
  @Length(8, 100, { message: 'Khóa chống gửi lặp dài từ 8 đến 100 ký tự.' })
  clientKey!: string

  @Field(() => ID, { description: 'Kế hoạch' })
  planId!: string

  @Field(() => String, { description: 'Lý do, kept in the audit trail' })
  @Length(5, 500, { message: 'Lý do dài từ 5 đến 500 ký tự.' })
  reason!: string

  @Field(() => Int, { description: 'Phiên bản đã xem: refused as STALE_WRITE when somebody has acted meanwhile' })
  version!: number
}

@ArgsType()
export class ReplayPlanRowArgs extends PageArgs {
  @Field(() => ReplayRowForecastEnum, { nullable: true, description: 'Chỉ những lượt có dự báo này' })
  forecast?: ReplayForecast | null

  @Field(() => ReplayRowResultEnum, { nullable: true, description: 'Chỉ những lượt có kết quả này' })
  result?: ReplayResult | null
}
