import { IsOptional, Length } from 'class-validator'
import { Field, ID, InputType } from 'type-graphql'
import { InstantScalar } from './scalars.js'
import { SystemActInput } from './system.input.js'

@InputType({ description: 'Khung bảo trì cần lập - refused when it overlaps another one, is past, or lasts longer than 72 hours' })
export class PlanMaintenanceInput extends SystemActInput {
  @Field(() => InstantScalar, { nullable: true, description: 'Từ lúc; null: from now on' })
  @IsOptional()
  from?: Date | null

  @Field(() => InstantScalar, { description: 'Đến lúc' })
  @IsOptional()
  until!: Date
}

@InputType({ description: 'Khung bảo trì cần kết thúc sớm hoặc bỏ' })
export class EndMaintenanceInput extends SystemActInput {
  @Field(() => ID, { description: 'Khóa của khung' })
  @Length(1, 100, { message: 'Khóa của khung bảo trì không đúng dạng.' })
  windowId!: string
}
