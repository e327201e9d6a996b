import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import { timelineOf } from '../model/health-timeline.js'
import { SYSTEM_IDS } from '../model/system.js'
import { readSystemHistory } from '../operator/system-history-repository.js'
import type { RequestContext } from './request-context.js'
import { SystemHistory } from './system-history.type.js'

const MOST_HOURS = 168

@Resolver()
export class SystemHistoryResolver {
  @Query(() => [SystemHistory], {
    description: 'Diễn biến tình trạng các hệ thống - in the last hours, a week at most, each span of one state',
  })
  async systemHistory(
    @Arg('hours', () => Int, { defaultValue: 24, description: 'Số giờ gần đây, 1 to 168' }) hours: number,
    @Ctx() context: RequestContext,
  ): Promise<SystemHistory[]> {
    requirePermission(context.caller, 'systemHistory')
    if (hours < 1 || hours > MOST_HOURS) throw invalidInput('HOURS_INVALID', 'hours', `Số giờ phải từ 1 đến ${MOST_HOURS}.`)
    const { from, until, changes } = await readSystemHistory(context.deps.db, hours)
    return SYSTEM_IDS.map((systemId) => ({
      systemId,
      from,
      until,
      spans: timelineOf(
        changes.filter((change) => change.systemId === systemId),
        from,
        until,
      ),
    }))
  }
}
