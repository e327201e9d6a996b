import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { type Permission, requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { notesOf } from '../model/reconciliation-notes.js'
import {
  describeReconciliationState,
  NO_COUNTS,
  type ReconciliationAct,
  type ReconciliationScope,
  type ReconciliationState,
  remainingSecondsOfRun,
  shareOfRun,
} from '../model/reconciliation-run.js'
import { isUuid } from '../platform/keyset.js'
import { findRun, type RunRow } from '../reconciliation/run-repository.js'
import { RUN_ORDER, searchRuns } from '../reconciliation/run-search-repository.js'
import { actOnce } from './answer-once.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { ReconciliationScopeEnum, ReconciliationStateEnum } from './reconciliation-enums.js'
import {
  type ReconciliationActAnswer,
  ReconciliationActDone,
  ReconciliationActInput,
  ReconciliationActResult,
  ReconciliationFinding,
  ReconciliationRun,
  ReconciliationRunConnection,
  StartReconciliationInput,
} from './reconciliation-run.type.js'
import type { RequestContext } from './request-context.js'

const showRun = (row: RunRow, { present, language }: RequestContext): ReconciliationRun => {
  const { state, unitsDone: done, unitsTotal: total } = row
  const elapsedS = row.begunAt === null ? 0 : (row.now.getTime() - row.begunAt.getTime()) / 1_000
  return {
    ...row,
    stateLabel: describeReconciliationState(state, language),
    reason: present.recorded(present.text(row.reason, '')) ?? '',
    startedBy: present.recorded(row.startedByName) ?? '',
    waitsFor: present.recorded(row.waitsFor),
    share: shareOfRun({ state, done, total }),
    remainingSeconds: remainingSecondsOfRun({ state, done, total, elapsedS }),
    progress: row.systems.map((systemId) => {
      const { phase = 'SCAN', waitsFor = null, waitUntil, unmapped = {}, counts = NO_COUNTS } = row.progress[systemId] ?? {}
      return {
        systemId,
        phase,
        waitsFor: present.recorded(waitsFor),
        waitUntil: waitUntil === undefined ? null : new Date(waitUntil),
        unmapped: Object.entries(unmapped).map(([code, records]) => ({ code, records })),
        notes: notesOf(systemId, row.progress[systemId], language),
        ...counts,
      }
    }),
  }
}

const requireRun = async (context: RequestContext, id: string, field = 'id'): Promise<ReconciliationRun> => {
  if (!isUuid(id)) throw invalidInput('RUN_ID_INVALID', field, 'Mã lượt đối soát không đúng dạng.')
  const row = await findRun(context.deps.db, id)
  if (!row) throw notFound(`lượt đối soát ${id}`)
  return showRun(row, context)
}

const act = async (
  context: RequestContext,
  operation: Permission,
  runAct: ReconciliationAct,
  { clientKey, runId, reason, expectedVersion }: ReconciliationActInput,
): Promise<ReconciliationActAnswer> => {
  await requireRun(context, runId, 'runId')
  return actOnce(
    context,
    { operation, clientKey, body: { runId, reason, expectedVersion } },
    {
      perform: (by) => context.deps.reconciliation.act({ runId, reason, version: expectedVersion, ...by }, runAct),
      answer: async (repeated) => new ReconciliationActDone({ run: await requireRun(context, runId), repeated }),
    },
  )
}

@Resolver(() => ReconciliationRun)
export class ReconciliationRunResolver {
  @Query(() => ReconciliationRunConnection, { description: 'Danh sách lượt đối soát - newest first' })
  async reconciliationRuns(
    @Arg('scopes', () => [ReconciliationScopeEnum], { nullable: true, description: 'Phạm vi' }) scopes: ReconciliationScope[] | null,
    @Arg('states', () => [ReconciliationStateEnum], { nullable: true, description: 'Trạng thái' }) states: ReconciliationState[] | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationRunConnection> {
    requirePermission(context.caller, 'reconciliationRuns')
    const filter = { ...(scopes && { scopes }), ...(states && { states }) }
    const { edges, pageInfo } = connectionOf({
      page: await searchRuns(context.deps.db, filter, { first, after: after ?? undefined }),
      order: RUN_ORDER,
      at: (row) => row.createdAt,
      after,
      node: (row) => showRun(row, context),
      count: async () => ({ count: 0, exact: false }),
    })
    return { edges, pageInfo }
  }

  @Query(() => ReconciliationRun, { nullable: true, description: 'Lượt đối soát theo khóa. NOT_FOUND when there is none.' })
  async reconciliationRun(
    @Arg('id', () => ID, { description: 'Khóa' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationRun> {
    requirePermission(context.caller, 'reconciliationRun')
    return requireRun(context, id)
  }

  @FieldResolver(() => [ReconciliationFinding], { description: 'Kết quả theo hệ thống và loại' })
  async findings(@Root() { id }: ReconciliationRun, @Ctx() { loaders }: RequestContext): Promise<readonly ReconciliationFinding[]> {
    return (await loaders.runFindings.load(id)) as readonly ReconciliationFinding[]
  }

  @Mutation(() => ReconciliationActResult, {
    description: 'Mở một lượt đối soát - a worker begins it; refused while one of its scope is active',
  })
  async startReconciliation(
    @Arg('input', () => StartReconciliationInput, { description: 'Nội dung' }) input: StartReconciliationInput,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationActAnswer> {
    const { clientKey, scope, systems, from, to, reason } = input
    if ((from == null) !== (to == null))
      throw invalidInput('RANGE_INCOMPLETE', 'from', 'Khoảng ngày tiếp nhận cần cả ngày bắt đầu và ngày kết thúc.')
    return actOnce(
      context,
      {
        operation: 'startReconciliation',
        clientKey,
        body: { scope, systems: systems ?? null, from: from ?? null, to: to ?? null, reason },
      },
      {
        perform: (by) =>
          context.deps.reconciliation.start({
            scope,
            reason,
            ...by,
            ...(systems && { systems }),
            ...(from != null && to != null && { range: { from, to } }),
          }),
        keep: ({ runId }) => ({ runId }),
        answer: async (repeated, { runId }) => new ReconciliationActDone({ run: await requireRun(context, runId), repeated }),
      },
    )
  }

  @Mutation(() => ReconciliationActResult, { description: 'Tạm dừng lượt đối soát - at most the call that is under way comes to its end' })
  async pauseReconciliation(
    @Arg('input', () => ReconciliationActInput, { description: 'Nội dung' }) input: ReconciliationActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationActAnswer> {
    return act(context, 'pauseReconciliation', 'PAUSE', input)
  }

  @Mutation(() => ReconciliationActResult, { description: 'Cho lượt đối soát chạy tiếp, from where it stood' })
  async resumeReconciliation(
    @Arg('input', () => ReconciliationActInput, { description: 'Nội dung' }) input: ReconciliationActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationActAnswer> {
    return act(context, 'resumeReconciliation', 'RESUME', input)
  }

  @Mutation(() => ReconciliationActResult, { description: 'Hủy lượt đối soát - what it has found by then stays' })
  async cancelReconciliation(
    @Arg('input', () => ReconciliationActInput, { description: 'Nội dung' }) input: ReconciliationActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationActAnswer> {
    return act(context, 'cancelReconciliation', 'CANCEL', input)
  }
}
