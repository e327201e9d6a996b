import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { describeBatchState } from '../model/discrepancy-batch.js'
import { type BatchRow, countBatchResults, findBatch, latestBatches, refusalsOfBatch } from '../operator/discrepancy-batch-repository.js'
import { isUuid } from '../platform/keyset.js'
import { actOnce } from './answer-once.js'
import { CreateDiscrepancyBatchInput, DiscrepancyBatchActInput, DiscrepancyFilterInput } from './discrepancy.input.js'
import { readDiscrepancyFilter } from './discrepancy.resolver.js'
import {
  BatchRefusalCount,
  BatchResultCount,
  DiscrepancyBatch,
  type DiscrepancyBatchAnswer,
  DiscrepancyBatchDone,
  DiscrepancyBatchResultUnion,
  DiscrepancyPreview,
} from './discrepancy-batch.type.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

/** Batches that are shown: those that wait for somebody, then the newest. */
const SHOWN = 50

const showBatch = (row: BatchRow, { caller, present, language }: RequestContext): DiscrepancyBatch => ({
  ...row,
  stateLabel: describeBatchState(row.state, language),
  reason: present.text(row.reason, ''),
  waitsFor: row.waitsFor.flatMap((sentence) => present.recorded(sentence) ?? []),
  createdBy: row.createdByName,
  isOwn: row.createdBy === caller.subject,
})

const requireBatch = async (context: RequestContext, id: string): Promise<DiscrepancyBatch> => {
  const row = await findBatch(context.deps.db, id)
  if (!row) throw notFound('đợt xử lý sai lệch này')
  return showBatch(row, context)
}

/** As JSON keeps it: instants are texts. */
const asAsked = (filter: DiscrepancyFilterInput): Record<string, unknown> =>
  JSON.parse(JSON.stringify(withoutNulls(filter))) as Record<string, unknown>

@Resolver(() => DiscrepancyBatch)
export class DiscrepancyBatchResolver {
  @Query(() => DiscrepancyPreview, { description: 'Xem trước xử lý hàng loạt: what each act would do with all that match' })
  async discrepancyPreview(
    @Arg('filter', () => DiscrepancyFilterInput, { description: 'Điều kiện' }) input: DiscrepancyFilterInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyPreview> {
    requirePermission(context.caller, 'discrepancyPreview')
    const { present, scope, deps } = context
    const preview = await deps.reconciliation.foresee({ filter: readDiscrepancyFilter(input, context), scope })
    const acts = preview.acts.map((act) => ({
      ...act,
      refusals: act.refusals.map((refusal) => ({ ...refusal, message: present.recorded(refusal.message) ?? '' })),
    }))
    return { ...preview, acts }
  }

  @Query(() => [DiscrepancyBatch], {
    description: 'Các đợt xử lý sai lệch: those that wait for somebody or are under way first, then the newest, 50 at most',
  })
  async discrepancyBatches(@Ctx() context: RequestContext): Promise<DiscrepancyBatch[]> {
    requirePermission(context.caller, 'discrepancyBatches')
    return (await latestBatches(context.deps.db, SHOWN)).map((row) => showBatch(row, context))
  }

  @FieldResolver(() => [BatchResultCount], { description: 'Số sai lệch theo kết quả' })
  async results(@Root() { id }: DiscrepancyBatch, @Ctx() { deps }: RequestContext): Promise<BatchResultCount[]> {
    return countBatchResults(deps.db, id)
  }

  @FieldResolver(() => [BatchRefusalCount], { description: 'Vì sao không làm được, most first' })
  async refusals(@Root() { id }: DiscrepancyBatch, @Ctx() { deps, present }: RequestContext): Promise<BatchRefusalCount[]> {
    return (await refusalsOfBatch(deps.db, id)).map((row) => ({ ...row, because: present.recorded(present.text(row.because, '')) ?? '' }))
  }

  @Mutation(() => DiscrepancyBatchResultUnion, {
    description:
      'Xử lý hàng loạt - one act on all that the filter matches now, each as it is now; many of them are approved by a second person first',
  })
  async createDiscrepancyBatch(
    @Arg('input', () => CreateDiscrepancyBatchInput, { description: 'Nội dung' }) input: CreateDiscrepancyBatchInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyBatchAnswer> {
    const { clientKey, filter, act, reason, expectedCount } = input
    const asked = asAsked(filter)
    return actOnce(
      context,
      { operation: 'createDiscrepancyBatch', clientKey, body: { act, reason, expectedCount, filter: asked } },
      {
        perform: (by) =>
          context.deps.reconciliation.createBatch({
            act,
            filter: readDiscrepancyFilter(filter, context),
            asked,
            expectedCount,
            reason,
            scope: context.scope,
            ...by,
          }),
        keep: ({ batchId }) => ({ batchId }),
        answer: async (repeated, { batchId }) => new DiscrepancyBatchDone({ batch: await requireBatch(context, batchId), repeated }),
      },
    )
  }

  @Mutation(() => DiscrepancyBatchResultUnion, { description: 'Duyệt hoặc hủy một đợt xử lý sai lệch' })
  async actOnDiscrepancyBatch(
    @Arg('input', () => DiscrepancyBatchActInput, { description: 'Nội dung' }) input: DiscrepancyBatchActInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyBatchAnswer> {
    const { clientKey, batchId, act, reason, expectedVersion } = input
    if (!isUuid(batchId)) throw invalidInput('BATCH_ID_INVALID', 'batchId', 'Mã đợt xử lý không đúng dạng.')
    return actOnce(
      context,
      { operation: 'actOnDiscrepancyBatch', clientKey, body: { batchId, act, reason, expectedVersion } },
      {
        perform: (by) => context.deps.reconciliation.actOnBatch({ batchId, reason, version: expectedVersion, ...by }, act),
        answer: async (repeated) => new DiscrepancyBatchDone({ batch: await requireBatch(context, batchId), repeated }),
      },
    )
  }
}
