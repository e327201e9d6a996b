import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { may, requirePermission } from '../access/permissions.js'
import { inDoubt, notFound } from '../errors.js'
import { digestOf } from '../model/digest.js'
import type { SystemActResult as Acted, SystemAct } from '../operator/act-on-system.js'
import { readGates } from '../transfer/gate-reads-repository.js'
import { listSystems } from '../transfer/system-reads-repository.js'
import type { SystemActAnswer } from './mutation-result.type.js'
import { ActRefused, ClientKeyReused, InputRefused, SystemActDone, SystemActResult } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { SystemActInput, SystemLimitsInput } from './system.input.js'
import { ForeignSystem } from './system.type.js'

const systemsFor = async ({ caller, deps, scope, present }: RequestContext): Promise<ForeignSystem[]> => {
  const [rows, gates] = await Promise.all([listSystems(deps.db, scope), may(caller, 'systems.gate') ? readGates(deps.db) : []])
  return rows.map((row) =>
    present.system(
      row,
      gates.find(({ systemId }) => systemId === row.id),
    ),
  )
}

/** One act of a named person on a system, once for the client's key. */
const act = async (
  context: RequestContext,
  operation: 'setSystemLimits' | 'pauseSystem' | 'resumeSystem',
  input: SystemActInput,
  perform: (request: SystemAct) => Promise<Acted>,
): Promise<SystemActAnswer> => {
  requirePermission(context.caller, operation)
  const { clientKey, ...body } = input
  const { systemId, reason } = body
  const once = await context.deps.once(
    { caller: context.caller.subject, key: clientKey, digest: digestOf({ operation, ...body }) },
    async () => {
      const result = await perform({ systemId, reason, actor: context.caller, requestKey: clientKey })
      if (result.kind === 'DONE') return { reason: null, message: null, field: null }
      return { reason: result.reason, message: result.message, field: result.field ?? null }
    },
  )
  if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
  const { reason: why, message, field } = once.answer
  if (why !== null && message !== null)
    return field === null ? new ActRefused({ reason: why, message, possibleFrom: null }) : new InputRefused({ reason: why, message, field })
  const systems = await systemsFor(context).catch((error: unknown) => {
    throw inDoubt(error)
  })
  const system = systems.find(({ id }) => id === systemId)
  if (!system) throw notFound(`hệ thống ${systemId}`)
  return new SystemActDone({ system, repeated: once.repeated })
}

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
    return act(context, 'setSystemLimits', input, (request) =>
      context.deps.systemActs.setLimits({ ...request, limits: { maxPerSecond, maxInFlight } }),
    )
  }

  @Mutation(() => SystemActResult, { description: 'Tạm dừng hệ thống - nothing more is sent to it; what is under way ends by itself' })
  async pauseSystem(
    @Arg('input', () => SystemActInput, { description: 'Nội dung' }) input: SystemActInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return act(context, 'pauseSystem', input, (request) => context.deps.systemActs.pause(request))
  }

  @Mutation(() => SystemActResult, { description: 'Cho hệ thống chạy lại - what waits goes on at once' })
  async resumeSystem(
    @Arg('input', () => SystemActInput, { description: 'Nội dung' }) input: SystemActInput,
    @Ctx() context: RequestContext,
  ): Promise<SystemActAnswer> {
    return act(context, 'resumeSystem', input, (request) => context.deps.systemActs.resume(request))
  }
}
