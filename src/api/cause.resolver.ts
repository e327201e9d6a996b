import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { may, requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { isUuid } from '../platform/keyset.js'
import { type CausePlace, listCauses } from '../transfer/cause-reads-repository.js'
import { actOnce } from './answer-once.js'
import {
  CauseFilterInput,
  type CauseNoteAnswer,
  CauseNoted,
  CauseNoteResult,
  FailureCause,
  FailureCauseConnection,
  NoteCauseInput,
} from './cause.type.js'
import { PageArgs } from './connection.type.js'
import type { RequestContext } from './request-context.js'
import { Transfer } from './transfer.type.js'
import { withoutNulls } from './without-nulls.js'

const requireCause = async ({ loaders, present }: RequestContext, id: string, field: string): Promise<FailureCause> => {
  if (!isUuid(id)) throw invalidInput('CAUSE_ID_INVALID', field, 'Mã nguyên nhân không đúng dạng.')
  const row = await loaders.causes.load(id.toLowerCase())
  if (!row) throw notFound(`nguyên nhân ${id}`)
  return present.cause(row)
}

const NAME = 'fc'

const cursorOf = ({ open, id }: CausePlace): string => Buffer.from(`${NAME}|${open}|${id}`).toString('base64url')

const placeOf = (cursor: string): CausePlace => {
  const [name, open = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split('|')
  if (name !== NAME || !/^\d{1,9}$/.test(open) || !isUuid(id))
    throw invalidInput('CURSOR_INVALID', 'after', 'Vị trí trang không hợp lệ hoặc thuộc thứ tự sắp xếp khác.')
  return { open: Number(open), id }
}

@Resolver(() => Transfer)
export class CauseResolver {
  @Query(() => FailureCauseConnection, { description: 'Các nguyên nhân lỗi - most open transfers first' })
  async causes(
    @Arg('filter', () => CauseFilterInput, { nullable: true, description: 'Điều kiện' }) filter: CauseFilterInput | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { caller, deps, present }: RequestContext,
  ): Promise<FailureCauseConnection> {
    requirePermission(caller, 'causes')
    const page = await listCauses(
      deps.db,
      withoutNulls(filter ?? new CauseFilterInput()),
      first,
      after == null ? undefined : placeOf(after),
    )
    const edges = page.rows.map((row) => ({ cursor: cursorOf(row), node: present.cause(row) }))
    return {
      edges,
      totalCount: page.totalCount,
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: after != null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }

  @Query(() => FailureCause, { nullable: true, description: 'Nguyên nhân lỗi theo khóa. NOT_FOUND when there is none.' })
  async cause(@Arg('id', () => ID, { description: 'Khóa' }) id: string, @Ctx() context: RequestContext): Promise<FailureCause> {
    requirePermission(context.caller, 'cause')
    return requireCause(context, id, 'id')
  }

  @FieldResolver(() => FailureCause, {
    name: 'cause',
    nullable: true,
    description:
      'Nguyên nhân của lần lỗi gần nhất; null: it has not failed, or was delivered since, and for who does not keep the interlink running',
  })
  async causeOf(@Root() { causeId }: Transfer, @Ctx() { caller, loaders, present }: RequestContext): Promise<FailureCause | null> {
    if (causeId === null || !may(caller, 'causes')) return null
    const row = await loaders.causes.load(causeId)
    return row && present.cause(row)
  }

  @Mutation(() => CauseNoteResult, {
    description: 'Ghi chú cho một nguyên nhân - what was found out and what helps, for the next operator',
  })
  async noteCause(
    @Arg('input', () => NoteCauseInput, { description: 'Nội dung' }) input: NoteCauseInput,
    @Ctx() context: RequestContext,
  ): Promise<CauseNoteAnswer> {
    const { deps } = context
    const { id: causeId } = await requireCause(context, input.causeId, 'causeId')
    const { clientKey, version } = input
    const told = { note: input.note ?? null, remedy: input.remedy ?? null }
    return actOnce(
      context,
      { operation: 'noteCause', clientKey, body: { causeId, version, ...told } },
      {
        perform: (by) => deps.operator.noteCause({ causeId, version, ...told, ...by }),
        answer: async (repeated) => new CauseNoted({ cause: await requireCause(context, causeId, 'causeId'), repeated }),
      },
    )
  }
}
