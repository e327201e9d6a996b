import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import type { SystemId } from '../model/system.js'
import type { TransferState } from '../model/transfer-state.js'
import { countByHour } from '../transfer/transfer-counts-repository.js'
import { SystemIdEnum, TransferStateEnum } from './enums.js'
import type { RequestContext } from './request-context.js'
import { InstantScalar } from './scalars.js'

const MOST_HOURS = 168

@ObjectType({
  simpleResolvers: true,
  description: 'Số lượt liên thông lập trong một giờ - of one system, planned within one hour, by their present state',
})
export class TransferCount {
  @Field(() => InstantScalar, { description: 'Giờ bắt đầu' })
  hour!: Date

  @Field(() => SystemIdEnum, { description: 'Hệ thống nhận' })
  systemId!: SystemId

  @Field(() => TransferStateEnum, { description: 'Trạng thái hiện tại' })
  state!: TransferState

  @Field(() => Int, { description: 'Số lượt' })
  count!: number
}

@Resolver()
export class TransferCountsResolver {
  @Query(() => [TransferCount], {
    description: 'Số lượt liên thông theo giờ lập - of dossiers that the caller may see; hours without a transfer are left out',
  })
  async transferCounts(
    @Arg('hours', () => Int, { defaultValue: 24, description: `Số giờ gần nhất, 1..${MOST_HOURS}: the running one included` })
    hours: number,
    @Ctx() { caller, deps, scope }: RequestContext,
  ): Promise<TransferCount[]> {
    requirePermission(caller, 'transferCounts')
    if (hours < 1 || hours > MOST_HOURS) throw invalidInput('HOURS_OUT_OF_RANGE', 'hours', `Số giờ phải từ 1 đến ${MOST_HOURS}.`)
    return countByHour(deps.db, scope, hours)
  }
}
