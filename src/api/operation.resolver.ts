import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { inDoubt, invalidInput, notFound } from '../errors.js'
import { digestOf } from '../model/digest.js'
import { countInboxMessages, findInboxMessage, INBOX_ORDER, searchInboxMessages } from '../operator/inbox-search-repository.js'
import { readRecovery } from '../operator/recover-from-backup.js'
import { isUuid } from '../platform/keyset.js'
import { connectionOf, PageArgs } from './connection.type.js'
import {
  type DismissInboxMessageAnswer,
  DismissInboxMessageInput,
  DismissInboxMessageResult,
  InboxMessageConnection,
  InboxMessageDismissed,
  InboxMessageFilterInput,
} from './inbox-message.type.js'
import { ActRefused, ClientKeyReused } from './mutation-result.type.js'
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
    @Ctx() { caller, deps, present }: RequestContext,
  ): Promise<DismissInboxMessageAnswer> {
    requirePermission(caller, 'dismissInboxMessage')
    const { clientKey, messageId, reason } = input
    if (!isUuid(messageId)) throw invalidInput('MESSAGE_ID_INVALID', 'messageId', 'Mã thông điệp không đúng dạng.')
    const digest = digestOf({ operation: 'dismissInboxMessage', messageId, reason })
    const once = await deps.once({ caller: caller.subject, key: clientKey, digest }, async () => {
      const result = await deps.operator.dismissMessage({ messageId, reason, actor: caller, requestKey: clientKey })
      return result.kind === 'DONE' ? { reason: null, message: null } : { reason: result.reason, message: result.message }
    })
    if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
    const refused = once.answer
    if (refused.reason !== null && refused.message !== null)
      return new ActRefused({ reason: refused.reason, message: refused.message, possibleFrom: null })
    const row = await findInboxMessage(deps.db, messageId).catch((error: unknown) => {
      throw inDoubt(error)
    })
    if (!row) throw notFound('thông điệp này')
    return new InboxMessageDismissed({ inboxMessage: present.inboxMessage(row), repeated: once.repeated })
  }

  @Query(() => Recovery, { description: 'Đợt khôi phục đang mở, after a restore from a backup' })
  async recovery(@Ctx() { caller, deps }: RequestContext): Promise<Recovery> {
    requirePermission(caller, 'recovery')
    const status = await readRecovery(deps.db)
    return status.open ? status : NO_RECOVERY
  }
}
