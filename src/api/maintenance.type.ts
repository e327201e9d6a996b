import { Field, ID, ObjectType } from 'type-graphql'
import { WINDOW_STATES, type WindowState } from '../model/maintenance.js'
import { describedEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

const WindowStateEnum = describedEnum('MaintenanceState', 'Trạng thái khung bảo trì', WINDOW_STATES, {
  PLANNED: 'Chưa đến giờ',
  RUNNING: 'Đang bảo trì',
  OVER: 'Đã qua, or ended by a person',
})

@ObjectType({
  simpleResolvers: true,
  description:
    'Khung bảo trì - maintenance window: while it runs nothing is sent to the system and nobody is alarmed; it begins and ends by itself',
})
export class MaintenanceWindow {
  @Field(() => ID, { description: 'Khóa' })
  id!: string

  @Field(() => WindowStateEnum, { description: 'Trạng thái' })
  state!: WindowState

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  from!: Date

  @Field(() => InstantScalar, { description: 'Đến lúc' })
  until!: Date

  @Field(() => String, { description: 'Lý do' })
  reason!: string

  @Field(() => String, { description: 'Người lập' })
  plannedBy!: string

  @Field(() => InstantScalar, { description: 'Lập lúc' })
  plannedAt!: Date
}
