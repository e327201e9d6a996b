import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { countInboxMessages, findInboxMessage, INBOX_ORDER, searchInboxMessages } from '../operator/inbox-search-repository.js'
import { readRecovery } from '../operator/recover-from-backup.js'
import { isUuid } from '../platform/keyset.js'
import { listQueueOutages } from '../transfer/queue-outage-repository.js'
import { actOnce } from './answer-once.js'
import { connectionOf, PageArgs } from './connection.type.js'
import {
  type DismissInboxMessageAnswer,
  DismissInboxMessageInput,
  DismissInboxMessageResult,
  InboxMessageConnection,
  InboxMessageDismissed,
  InboxMessageFilterInput,
} from './inbox-message.type.js'
import { QueueOutage } from './queue-outage.type.js'
import { Recovery } from './recovery.type.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

const NO_RECOVERY: Recovery = {
  open: false,
  backupAt: null,
  openedAt: null,
  reason: null,
  remaining: 0,
  found: 0,
  notThere: 0,
  held: 0,
  unread: [],
}

/** What those who keep the interlink running look at, beside its transfers. */
@Resolver()
export class OperationResolver {
  @Query(() => InboxMessageConnection, { description: 'Danh sách thông điệp đến - newest first; content is never shown' })
  async inboxMessages(
    @Arg('filter', () => InboxMessageFilterInput, { nullable: true, description: 'Điều kiện' }) input: InboxMessageFilterInput | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<InboxMessageConnection> {
    requirePermission(context.caller, 'inboxMessages')
    const { db } = context.deps
    const filter = withoutNulls(input ?? new InboxMessageFilterInput())
    return connectionOf({
      page: await searchInboxMessages(db, filter, { first, after: after ?? undefined }),
      order: INBOX_ORDER,
      at: (row) => row.receivedAt,
      after,
      node: (row) => context.present.inboxMessage(row),
      count: () => countInboxMessages(db, filter),
    })
  }

  @Mutation(() => DismissInboxMessageResult, {
    description: 'Bỏ qua thông điệp mâu thuẫn - what is known stands; the message stays, as DISMISSED with who and why',
  })
  async dismissInboxMessage(
    @Arg('input', () => DismissInboxMessageInput, { description: 'Nội dung' }) input: DismissInboxMessageInput,
    @Ctx() context: RequestContext,
  ): Promise<DismissInboxMessageAnswer> {
    const { deps, present } = context
    const { clientKey, messageId, reason } = input
    if (!isUuid(messageId)) throw invalidInput('MESSAGE_ID_INVALID', 'messageId', 'Mã thông điệp không đúng dạng.')
    return actOnce(
      context,
      { operation: 'dismissInboxMessage', clientKey, body: { messageId, reason } },
      {
        perform: (by) => deps.operator.dismissMessage({ messageId, reason, ...by }),
        answer: async (repeated) => {
          const row = await findInboxMessage(deps.db, messageId)
          if (!row) throw notFound('thông điệp này')
          return new InboxMessageDismissed({ inboxMessage: present.inboxMessage(row), repeated })
        },
      },
    )
  }

  @Query(() => Recovery, { description: 'Đợt khôi phục đang mở, after a restore from a backup' })
  async recovery(@Ctx() { caller, deps }: RequestContext): Promise<Recovery> {
    requirePermission(caller, 'recovery')
    const status = await readRecovery(deps.db)
    return status.open ? status : NO_RECOVERY
  }

  @Query(() => [QueueOutage], {
    description:
      'Các tiến trình không tới được hàng đợi (Redis) - empty when all is well; what they have taken in is kept in the database and goes on by itself',
  })
  async queueOutages(@Ctx() { caller, deps }: RequestContext): Promise<QueueOutage[]> {
    requirePermission(caller, 'queueOutages')
    return listQueueOutages(deps.db)
  }
}
