import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { inDoubt, invalidInput } from '../errors.js'
import { digestOf } from '../model/digest.js'
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
import { ActRefused, ClientKeyReused } from './mutation-result.type.js'
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
    const { caller, deps } = context
    requirePermission(caller, 'acknowledgeAlert')
    if (!isUuid(alertId)) throw invalidInput('ALERT_ID_INVALID', 'alertId', 'Mã cảnh báo không đúng dạng.')
    const digest = digestOf({ operation: 'acknowledgeAlert', alertId, reason })
    const done = await deps.once({ caller: caller.subject, key: clientKey, digest }, async () => {
      const result = await deps.alertActs.acknowledge({ alertId, reason, actor: caller, requestKey: clientKey })
      return result.kind === 'DONE' ? { reason: null, message: null } : { reason: result.reason, message: result.message }
    })
    if (done.kind === 'KEY_REUSED') return new ClientKeyReused()
    const { reason: refusal, message } = done.answer
    if (refusal !== null && message !== null) return new ActRefused({ reason: refusal, message, possibleFrom: null })
    const alert = await requireAlert(context, alertId, 'alertId').catch((error: unknown) => {
      throw inDoubt(error)
    })
    return new AlertAcknowledged({ alert, repeated: done.repeated })
  }

  @Mutation(() => TestAlertChannelsResult, {
    description: 'Gửi thông báo thử - by the road that an alert takes; `alertChannels` tells what became of it',
  })
  async testAlertChannels(
    @Arg('input', () => TestAlertChannelsInput, { description: 'Nội dung' }) { clientKey, channel, reason }: TestAlertChannelsInput,
    @Ctx() { caller, deps }: RequestContext,
  ): Promise<TestAlertChannelsAnswer> {
    requirePermission(caller, 'testAlertChannels')
    const asked = { channel: channel ?? undefined, reason }
    const digest = digestOf({ operation: 'testAlertChannels', channel: channel ?? null, reason })
    const done = await deps.once({ caller: caller.subject, key: clientKey, digest }, async () => {
      const result = await deps.alertActs.test({ ...asked, actor: caller, requestKey: clientKey })
      return result.kind === 'DONE'
        ? { notices: result.noticeIds.join(','), reason: null, message: null }
        : { notices: null, reason: result.reason, message: result.message }
    })
    if (done.kind === 'KEY_REUSED') return new ClientKeyReused()
    const { notices, reason: refusal, message } = done.answer
    if (notices === null) return new ActRefused({ reason: refusal ?? '', message: message ?? '', possibleFrom: null })
    return new AlertTestQueued({ notices: await findNotices(deps.db, notices.split(',')), repeated: done.repeated })
  }
}
