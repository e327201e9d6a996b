import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { invalidInput } from '../errors.js'
import { findNotices } from '../operator/alert-search-repository.js'
import { isUuid } from '../platform/keyset.js'
import { requireAlert } from './alert.resolver.js'
import {
  type AcknowledgeAlertAnswer,
  AcknowledgeAlertInput,
  AcknowledgeAlertResult,
  AlertAcknowledged,
  AlertTestQueued,
  type TestAlertChannelsAnswer,
  TestAlertChannelsInput,
  TestAlertChannelsResult,
} from './alert.type.js'
import { actOnce } from './answer-once.js'
import type { RequestContext } from './request-context.js'

@Resolver()
export class AlertActResolver {
  @Mutation(() => AcknowledgeAlertResult, {
    description: 'Nhận xử lý cảnh báo - who is on it and what is done; from then on people are told only that it is over',
  })
  async acknowledgeAlert(
    @Arg('input', () => AcknowledgeAlertInput, { description: 'Nội dung' }) { clientKey, alertId, reason }: AcknowledgeAlertInput,
    @Ctx() context: RequestContext,
  ): Promise<AcknowledgeAlertAnswer> {
    const { deps } = context
    if (!isUuid(alertId)) throw invalidInput('ALERT_ID_INVALID', 'alertId', 'Mã cảnh báo không đúng dạng.')
    return actOnce(
      context,
      { operation: 'acknowledgeAlert', clientKey, body: { alertId, reason } },
      {
        perform: (by) => deps.alertActs.acknowledge({ alertId, reason, ...by }),
        answer: async (repeated) => new AlertAcknowledged({ alert: await requireAlert(context, alertId, 'alertId'), repeated }),
      },
    )
  }

  @Mutation(() => TestAlertChannelsResult, {
    description: 'Gửi thông báo thử - by the road that an alert takes; `alertChannels` tells what became of it',
  })
  async testAlertChannels(
    @Arg('input', () => TestAlertChannelsInput, { description: 'Nội dung' }) { clientKey, channel, reason }: TestAlertChannelsInput,
    @Ctx() context: RequestContext,
  ): Promise<TestAlertChannelsAnswer> {
    const { deps } = context
    return actOnce(
      context,
      { operation: 'testAlertChannels', clientKey, body: { channel: channel ?? null, reason } },
      {
        perform: (by) => deps.alertActs.test({ channel: channel ?? undefined, reason, ...by }),
        keep: ({ noticeIds }) => ({ notices: noticeIds.join(',') }),
        answer: async (repeated, { notices }) => new AlertTestQueued({ notices: await findNotices(deps.db, notices.split(',')), repeated }),
      },
    )
  }
}
