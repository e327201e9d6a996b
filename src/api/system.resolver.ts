import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import type { SystemActAnswer } from './mutation-result.type.js'
import { SystemActResult } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { SystemActInput, SystemLimitsInput } from './system.input.js'
import { ForeignSystem } from './system.type.js'
import { actOnSystem, systemsFor } from './system-act.js'

@Resolver()
export class SystemResolver {
  @Query(() => [ForeignSystem], {
    description: 'Các hệ thống liên thông: is it up, since when, queue depth, last success; for operators its breakers, limits and pause',
  })
  async systems(@Ctx() context: RequestContext): Promise<ForeignSystem[]> {
    requirePermission(context.caller, 'systems')
    return systemsFor(context)
  }

  @Mutation(() => SystemActResult, {
    description: 'Đặt giới hạn của hệ thống - in force at once in all processes, and kept instead of the configuration',
  })
  async setSystemLimits(
    @Arg('input', () => SystemLimitsInput, { description: 'Nội dung' }) input: SystemLimitsInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    const { maxPerSecond, maxInFlight } = input
    return actOnSystem(context, 'setSystemLimits', input, (request) =>
      context.deps.systemActs.setLimits({ ...request, limits: { maxPerSecond, maxInFlight } }),
    )
  }

  @Mutation(() => SystemActResult, { description: 'Tạm dừng hệ thống - nothing more is sent to it; what is under way ends by itself' })
  async pauseSystem(
    @Arg('input', () => SystemActInput, { description: 'Nội dung' }) input: SystemActInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return actOnSystem(context, 'pauseSystem', input, (request) => context.deps.systemActs.pause(request))
  }

  @Mutation(() => SystemActResult, { description: 'Cho hệ thống chạy lại - what waits goes on at once' })
  async resumeSystem(
    @Arg('input', () => SystemActInput, { description: 'Nội dung' }) input: SystemActInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return actOnSystem(context, 'resumeSystem', input, (request) => context.deps.systemActs.resume(request))
  }
}
