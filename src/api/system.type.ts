import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import type { BreakerState, OperationClass } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { Health } from '../model/system-health.js'
import { BreakerStateEnum, OperationClassEnum, SystemHealthEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Cầu dao - keeps a system that does not answer from being called in vain; shared by all processes',
})
export class SystemBreaker {
  @Field(() => OperationClassEnum, { description: 'Loại nghiệp vụ' })
  operationClass!: OperationClass

  @Field(() => BreakerStateEnum, { description: 'Trạng thái' })
  state!: BreakerState

  @Field(() => InstantScalar, { nullable: true, description: 'Mở từ lúc; null: closed' })
  since!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Mở đến lúc: from then on one call at a time tries; null: closed' })
  until!: Date | null

  @Field(() => Int, { description: 'Số lần hỏng liên tiếp' })
  failures!: number

  @Field(() => String, { nullable: true, description: 'Vì sao mở' })
  cause!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Giới hạn - what a system may be asked by all processes together' })
export class SystemLimits {
  @Field(() => Float, { nullable: true, description: 'Số yêu cầu nhiều nhất trong một giây; null: no limit' })
  maxPerSecond!: number | null

  @Field(() => Int, { nullable: true, description: 'Số lượt gọi cùng lúc nhiều nhất; null: no limit' })
  maxInFlight!: number | null

  @Field(() => String, { nullable: true, description: 'Người đặt; null: from the configuration' })
  setBy!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Đặt lúc' })
  setAt!: Date | null

  @Field(() => Boolean, { description: 'Theo cấu hình: nobody has set anything else' })
  fromConfiguration!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'Tạm dừng - nothing is sent to the system until somebody resumes it' })
export class SystemPause {
  @Field(() => InstantScalar, { description: 'Từ lúc' })
  since!: Date

  @Field(() => String, { nullable: true, description: 'Người tạm dừng' })
  by!: string | null

  @Field(() => String, { nullable: true, description: 'Lý do' })
  reason!: string | null
}

@ObjectType({ simpleResolvers: true, description: 'Hệ thống liên thông - a foreign system as all processes of the gateway know it' })
export class ForeignSystem {
  @Field(() => ID, { description: 'Mã hệ thống' })
  id!: SystemId

  @Field(() => String, { description: 'Tên' })
  name!: string

  @Field(() => Boolean, { description: 'Đang bật' })
  enabled!: boolean

  @Field(() => SystemHealthEnum, { description: 'Tình trạng' })
  health!: Health

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  healthSince!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Lần thành công gần nhất' })
  lastSuccessAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Lần lỗi gần nhất' })
  lastFailureAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Nội dung lỗi gần nhất; only for who keeps the interlink running' })
  lastFailure!: string | null

  @Field(() => Int, { description: 'Số lượt đang chờ, of dossiers that the caller may see' })
  queueDepth!: number

  @Field(() => Int, { description: 'Số lượt cần người xử lý, of dossiers that the caller may see' })
  attentionCount!: number

  @Field(() => InstantScalar, { nullable: true, description: 'Lượt chờ lâu nhất, chờ từ lúc: planned, or put in line again' })
  oldestWaitingAt!: Date | null

  @Field(() => [SystemBreaker], { nullable: true, description: 'Các cầu dao; only for who keeps the interlink running, like all below' })
  breakers!: SystemBreaker[] | null

  @Field(() => SystemLimits, { nullable: true, description: 'Giới hạn' })
  limits!: SystemLimits | null

  @Field(() => SystemPause, { nullable: true, description: 'Tạm dừng; null: not paused' })
  paused!: SystemPause | null

  @Field(() => Int, { nullable: true, description: 'Số lượt đang gọi, of all processes' })
  inFlight!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Số yêu cầu được phép trong một giây lúc này: after an outage it grows to the limit; null: no limit',
  })
  ratePerSecond!: number | null
}
