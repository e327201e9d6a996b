import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { describeRisk } from '../model/risk.js'
import { isUuid } from '../platform/keyset.js'
import {
  countTransfers,
  isOfUndelivered,
  MOST_DUE_DAYS,
  searchTransfers,
  TRANSFER_ORDER,
  type TransferFilter,
} from '../transfer/transfer-search-repository.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { Dossier } from './dossier.type.js'
import { readCommunes } from './read-communes.js'
import { readDossierConditions } from './read-dossier-conditions.js'
import type { RequestContext } from './request-context.js'
import { waitingForGate } from './standing.js'
import { TransferFilterInput } from './transfer.input.js'
import { AtRisk, Attempt, RiskAlarm, Transfer, TransferConnection, WaitingFor } from './transfer.type.js'
import { withoutNulls } from './without-nulls.js'

/** The transfer of an id within the caller's scope. `field`: the caller's own name of the id. */
export const requireTransfer = async (context: RequestContext, id: string, field = 'id'): Promise<Transfer> => {
  if (!isUuid(id)) throw invalidInput('TRANSFER_ID_INVALID', field, 'Mã lượt liên thông không đúng dạng.')
  const row = await context.loaders.transfers.load(id.toLowerCase())
  if (!row) throw notFound(`lượt liên thông ${id}`)
  return context.present.transfer(row)
}

const DAY_MS = 86_400_000

const checkDueDates = ({
  dueFrom,
  dueTo,
  ...filter
}: Pick<TransferFilter, 'dueFrom' | 'dueTo' | 'states' | 'heldReasons' | 'causes'>): void => {
  if ((dueFrom ?? dueTo) === undefined || isOfUndelivered(filter)) return
  if (dueFrom !== undefined && dueTo !== undefined && +dueTo - +dueFrom <= MOST_DUE_DAYS * DAY_MS) return
  throw invalidInput(
    'DUE_RANGE_TOO_WIDE',
    dueFrom === undefined ? 'dueFrom' : 'dueTo',
    `Tìm theo hạn trả: nêu cả ngày đầu và ngày cuối, cách nhau nhiều nhất ${MOST_DUE_DAYS} ngày, hoặc chỉ chọn các trạng thái chưa chuyển xong.`,
  )
}

/** A filter in the form that is searched for. */
export const readTransferFilter = async (input: TransferFilterInput, context: RequestContext): Promise<TransferFilter> => {
  const given = withoutNulls(input)
  const conditions = readDossierConditions(given, context)
  checkDueDates(given)
  return {
    ...given,
    ...conditions,
    ...(await readCommunes(given, context)),
    dossierCode: given.dossierCode?.trim(),
  }
}

const alarmsOf = async (transfer: Transfer, { loaders, language }: RequestContext): Promise<RiskAlarm[]> =>
  (await loaders.alarms.load(transfer.id)).map(({ raisedAt, ...alarm }) => ({
    ...alarm,
    since: raisedAt,
    reasonLabel: describeRisk(alarm.reason, language),
  }))

@Resolver(() => Transfer)
export class TransferResolver {
  @Query(() => Transfer, {
    nullable: true,
    description: 'Lượt liên thông theo khóa. NOT_FOUND when there is none that the caller may see.',
  })
  async transfer(@Arg('id', () => ID, { description: 'Khóa' }) id: string, @Ctx() context: RequestContext): Promise<Transfer> {
    requirePermission(context.caller, 'transfer')
    return requireTransfer(context, id)
  }

  @Query(() => TransferConnection, { description: 'Danh sách lượt liên thông - newest first, of dossiers that the caller may see' })
  async transfers(
    @Arg('filter', () => TransferFilterInput, { nullable: true, description: 'Điều kiện' }) input: TransferFilterInput | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<TransferConnection> {
    requirePermission(context.caller, 'transfers')
    const { db } = context.deps
    const filter = await readTransferFilter(input ?? new TransferFilterInput(), context)
    const page = await searchTransfers(db, context.scope, filter, { first, after: after ?? undefined })
    return connectionOf({
      page,
      order: TRANSFER_ORDER,
      at: (row) => row.createdAt,
      after,
      node: (row) => context.present.transfer(row),
      count: () => countTransfers(db, context.scope, filter),
    })
  }

  @FieldResolver(() => Dossier, { description: 'Hồ sơ' })
  async dossier(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<Dossier> {
    const row = await context.loaders.dossiers.load(transfer.dossierId)
    if (!row) throw notFound('hồ sơ của lượt liên thông')
    return context.present.dossier(row)
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Được thay bởi: the transfer that has its place now; null: none has' })
  async supersededById(@Root() transfer: Transfer, @Ctx() { loaders }: RequestContext): Promise<string | null> {
    return transfer.state === 'SUPERSEDED' ? ((await loaders.successors.load(transfer.id))?.id ?? null) : null
  }

  @FieldResolver(() => [Attempt], { description: 'Các lần thử' })
  async attempts(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<Attempt[]> {
    const rows = await context.loaders.attempts.load(transfer.id)
    return rows.map((row) => context.present.attempt(row, transfer))
  }

  @FieldResolver(() => Transfer, { nullable: true, description: 'Bị chặn bởi: the earlier transfer that must be settled first' })
  async blockedBy(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<Transfer | null> {
    const row = await context.loaders.blockers.load(transfer.id)
    return row && context.present.transfer(row)
  }

  @FieldResolver(() => WaitingFor, {
    nullable: true,
    description:
      'Đang chờ: the first transfer in the order that is not settled, its state in words and since when; else the maintenance, pause or open breaker of its system; null: nothing stands before it',
  })
  async waitingFor(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<WaitingFor | null> {
    const row = await context.loaders.firstBlockers.load(transfer.id)
    return row ? context.present.waitingFor(row) : waitingForGate(transfer, context)
  }

  @FieldResolver(() => AtRisk, { nullable: true, description: 'Nguy cơ trễ hạn; null: there is no open alarm' })
  async atRisk(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<AtRisk | null> {
    return (await alarmsOf(transfer, context)).find(({ clearedAt }) => clearedAt === null) ?? null
  }

  @FieldResolver(() => [RiskAlarm], { description: 'Các lần cảnh báo nguy cơ trễ hạn, oldest first, also those that are over' })
  async riskAlarms(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<RiskAlarm[]> {
    return alarmsOf(transfer, context)
  }

  @FieldResolver(() => [Transfer], { description: 'Các lượt đứng sau, of the same dossier and system and not settled, in their order' })
  async followers(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<Transfer[]> {
    const rows = await context.loaders.followers.load(transfer.id)
    return rows.map((row) => context.present.transfer(row))
  }
}
