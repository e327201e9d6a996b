import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { may } from '../access/permissions.js'
import { readPoll } from '../operator/poll-alarm-repository.js'
import { actOnce } from './answer-once.js'
import { type ClearPollAlarmAnswer, ClearPollAlarmInput, ClearPollAlarmResult, Poll, PollAlarmCleared } from './poll.type.js'
import type { RequestContext } from './request-context.js'
import { ForeignSystem } from './system.type.js'

@Resolver(() => ForeignSystem)
export class PollResolver {
  @FieldResolver(() => Poll, {
    nullable: true,
    description: 'Đọc thay đổi; null for a system without a feed, and for who does not keep the interlink running',
  })
  async poll(@Root() system: ForeignSystem, @Ctx() { caller, deps, present }: RequestContext): Promise<Poll | null> {
    if (!may(caller, 'systems.poll')) return null
    const poll = await readPoll(deps.db, system.id)
    return poll ? { ...poll, alarm: present.recorded(poll.alarm), stalled: present.recorded(poll.stalled) } : null
  }

  @Mutation(() => ClearPollAlarmResult, { description: 'Xóa cảnh báo của dòng thay đổi đã chạy lùi, once it has been read again' })
  async clearPollAlarm(
    @Arg('input', () => ClearPollAlarmInput, { description: 'Nội dung' }) input: ClearPollAlarmInput,
    @Ctx() context: RequestContext,
  ): Promise<ClearPollAlarmAnswer> {
    const { clientKey, systemId, reason } = input
    return actOnce(
      context,
      { operation: 'clearPollAlarm', clientKey, body: { systemId, reason } },
      {
        perform: (by) => context.deps.operator.clearPollAlarm({ systemId, reason, ...by }),
        answer: async (repeated) => new PollAlarmCleared({ systemId, repeated }),
      },
    )
  }
}
