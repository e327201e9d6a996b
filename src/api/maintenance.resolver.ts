import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { windowStateOf } from '../model/maintenance.js'
import { EndMaintenanceInput, PlanMaintenanceInput } from './maintenance.input.js'
import { MaintenanceWindow } from './maintenance.type.js'
import type { SystemActAnswer } from './mutation-result.type.js'
import { SystemActResult } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { ForeignSystem } from './system.type.js'
import { actOnSystem } from './system-act.js'

@Resolver(() => ForeignSystem)
export class MaintenanceResolver {
  @FieldResolver(() => [MaintenanceWindow], {
    description: 'Các khung bảo trì đang chạy và sắp tới, in their order; at most one runs, and there are 50 at most',
  })
  async maintenance(@Root() { id }: ForeignSystem, @Ctx() { loaders }: RequestContext): Promise<MaintenanceWindow[]> {
    const rows = await loaders.maintenanceWindows.load(id)
    return rows.map(({ now, ...row }) => ({ ...row, state: windowStateOf(row, now) }))
  }

  @Mutation(() => SystemActResult, {
    description: 'Lập khung bảo trì của hệ thống - while it runs nothing is sent, asked or polled, and nobody is alarmed',
  })
  async planMaintenance(
    @Arg('input', () => PlanMaintenanceInput, { description: 'Nội dung' }) input: PlanMaintenanceInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return actOnSystem(context, 'planMaintenance', input, (request) =>
      context.deps.systemActs.planMaintenance({ ...request, from: input.from, until: input.until }),
    )
  }

  @Mutation(() => SystemActResult, { description: 'Kết thúc sớm khung bảo trì, hoặc bỏ khung chưa đến giờ - what waits goes on at once' })
  async endMaintenance(
    @Arg('input', () => EndMaintenanceInput, { description: 'Nội dung' }) input: EndMaintenanceInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return actOnSystem(context, 'endMaintenance', input, (request) =>
      context.deps.systemActs.endMaintenance({ ...request, windowId: input.windowId }),
    )
  }
}
