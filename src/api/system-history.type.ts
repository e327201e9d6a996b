import { Field, ObjectType } from 'type-graphql'
import { TIMELINE_STATES, type TimelineState } from '../model/health-timeline.js'
import type { SystemId } from '../model/system.js'
import { describedEnum, SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

const TimelineStateEnum = describedEnum(
  'SystemTimelineState',
  'Tình trạng trong một khoảng - of several at once the later in this list',
  TIMELINE_STATES,
  {
    UP: 'Đang trả lời',
    UNKNOWN: 'Chưa rõ',
    BREAKER_OPEN: 'Cầu dao mở: some kind of call was left alone',
    REFUSING: 'Trả lời nhưng không phục vụ',
    DOWN: 'Không trả lời',
    PAUSED: 'Tạm dừng, by a person',
    MAINTENANCE: 'Bảo trì theo kế hoạch',
  },
)

@ObjectType({ simpleResolvers: true, description: 'Một khoảng trong diễn biến - a span of one state' })
export class SystemSpan {
  @Field(() => TimelineStateEnum, { description: 'Tình trạng' })
  state!: TimelineState

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  from!: Date

  @Field(() => InstantScalar, { description: 'Đến lúc' })
  until!: Date
}

@ObjectType({ simpleResolvers: true, description: 'Diễn biến tình trạng của một hệ thống' })
export class SystemHistory {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  from!: Date

  @Field(() => InstantScalar, { description: 'Đến lúc' })
  until!: Date

  @Field(() => [SystemSpan], {
    description:
      'Các khoảng - without a gap, oldest first. Of a system that came and went all the time short ones are joined under the worst state',
  })
  spans!: readonly SystemSpan[]
}
