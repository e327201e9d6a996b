import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { may, requirePermission } from '../access/permissions.js'
import { digestOf } from '../model/digest.js'
import { readPoll } from '../operator/poll-alarm-repository.js'
import { ActRefused, ClientKeyReused } from './mutation-result.type.js'
import { type ClearPollAlarmAnswer, ClearPollAlarmInput, ClearPollAlarmResult, Poll, PollAlarmCleared } from './poll.type.js'
import type { RequestContext } from './request-context.js'
import { ForeignSystem } from './system.type.js'

@Resolver(() => ForeignSystem)
export class PollResolver {
  @FieldResolver(() => Poll, {
    nullable: true,
    description: 'Đọc thay đổi; null for a system without a feed, and for who does not keep the interlink running',
  })
  async poll(@Root() system: ForeignSystem, @Ctx() { caller, deps }: RequestContext): Promise<Poll | null> {
    if (!may(caller, 'systems.poll')) return null
    return (await readPoll(deps.db, system.id)) ?? null
  }

  @Mutation(() => ClearPollAlarmResult, { description: 'Xóa cảnh báo của dòng thay đổi đã chạy lùi, once it has been read again' })
  async clearPollAlarm(
    @Arg('input', () => ClearPollAlarmInput, { description: 'Nội dung' }) input: ClearPollAlarmInput,
    @Ctx() { caller, deps }: RequestContext,
  ): Promise<ClearPollAlarmAnswer> {
    requirePermission(caller, 'clearPollAlarm')
    const { clientKey, systemId, reason } = input
    const once = await deps.once(
      { caller: caller.subject, key: clientKey, digest: digestOf({ operation: 'clearPollAlarm', systemId, reason }) },
      async () => {
        const result = await deps.operator.clearPollAlarm({ systemId, reason, actor: caller, requestKey: clientKey })
        return result.kind === 'DONE' ? { reason: null, message: null } : { reason: result.reason, message: result.message }
      },
    )
    if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
    const refused = once.answer
    if (refused.reason !== null && refused.message !== null)
      return new ActRefused({ reason: refused.reason, message: refused.message, possibleFrom: null })
    return new PollAlarmCleared({ systemId, repeated: once.repeated })
  }
}
