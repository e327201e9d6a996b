import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { findDossiersById } from '../dossier/dossier-reads-repository.js'
import { findTransfersById } from '../transfer/transfer-reads-repository.js'
import type { LiveEvent } from './dependencies.js'
import { Dossier } from './dossier.type.js'
import { requireDossier } from './dossier-query.resolver.js'
import { ChangeTopicEnum } from './enums.js'
import { followEvents } from './follow-events.js'
import type { RequestContext } from './request-context.js'
import { TransferChangeFilterInput } from './transfer.input.js'
import { Transfer } from './transfer.type.js'
import { withoutNulls } from './without-nulls.js'

const LAST_EVENT = 'Sự kiện cuối đã nhận: the subscription goes on after it and misses none'

@ObjectType({ simpleResolvers: true, description: 'Một thay đổi của lượt liên thông' })
export class TransferChange {
  @Field(() => String, { description: 'Mã sự kiện: give it as `lastEventId` when connecting again' })
  eventId!: string

  @Field(() => Transfer, { description: 'Lượt liên thông hiện tại - as it is now' })
  transfer!: Transfer
}

@ObjectType({ simpleResolvers: true, description: 'Một thay đổi của hồ sơ hoặc của lượt liên thông của hồ sơ' })
export class DossierChange {
  @Field(() => String, { description: 'Mã sự kiện: give it as `lastEventId` when connecting again' })
  eventId!: string

  @Field(() => ChangeTopicEnum, { description: 'Chủ đề' })
  topic!: 'DOSSIER' | 'TRANSFER'

  @Field(() => Dossier, { description: 'Hồ sơ hiện tại - as it is now' })
  dossier!: Dossier
}

interface TransferChangedArguments {
  readonly filter?: TransferChangeFilterInput | null
  readonly lastEventId?: string | null
}

interface DossierChangedArguments {
  readonly code: string
  readonly lastEventId?: string | null
}

interface Subscribing<Arguments> {
  readonly args: Arguments
  readonly context: RequestContext
}

/** What a caller may see is decided when an event is sent, by the scope in SQL, not when they subscribed. */
const followTransfers = async ({ args, context }: Subscribing<TransferChangedArguments>) => {
  requirePermission(context.caller, 'transferChanged')
  const { systems, states, dossierCode } = withoutNulls(args.filter ?? new TransferChangeFilterInput())
  const dossierId = dossierCode === undefined ? undefined : (await requireDossier(context, dossierCode, 'filter.dossierCode')).id
  return followEvents<TransferChange>(context.deps.liveEvents, args.lastEventId ?? null, {
    wants: (event) => event.topic === 'TRANSFER' && (dossierId === undefined || event.dossierId === dossierId),
    load: async (events) => {
      const ids = new Set(events.flatMap((event) => event.transferId ?? []))
      const rows = new Map((await findTransfersById(context.deps.db, context.scope, [...ids])).map((row) => [row.id, row]))
      return events.flatMap((event) => {
        const row = rows.get(event.transferId ?? '')
        if (!row || (systems && !systems.includes(row.systemId)) || (states && !states.includes(row.state))) return []
        return [{ eventId: event.id, transfer: context.present.transfer(row) }]
      })
    },
  })
}

const followDossier = async ({ args, context }: Subscribing<DossierChangedArguments>) => {
  requirePermission(context.caller, 'dossierChanged')
  const { id } = await requireDossier(context, args.code)
  return followEvents<DossierChange>(context.deps.liveEvents, args.lastEventId ?? null, {
    wants: (event: LiveEvent) => event.dossierId === id,
    load: async (events) => {
      const [row] = await findDossiersById(context.deps.db, context.scope, [id])
      return row ? events.map((event) => ({ eventId: event.id, topic: event.topic, dossier: context.present.dossier(row) })) : []
    },
  })
}

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => TransferChange, {
    description: 'Theo dõi lượt liên thông - each committed change of a transfer that the caller may see, from any process of the gateway',
    subscribe: (data) => followTransfers(data as Subscribing<TransferChangedArguments>),
  })
  transferChanged(
    @Root() change: TransferChange,
    @Arg('filter', () => TransferChangeFilterInput, { nullable: true, description: 'Điều kiện' }) _filter: TransferChangeFilterInput | null,
    @Arg('lastEventId', () => ID, { nullable: true, description: LAST_EVENT }) _lastEventId: string | null,
    @Ctx() context: RequestContext,
  ): TransferChange {
    context.renewLoaders()
    return change
  }

  @Subscription(() => DossierChange, {
    description: 'Theo dõi hồ sơ - each committed change of one dossier or of a transfer of it',
    subscribe: (data) => followDossier(data as Subscribing<DossierChangedArguments>),
  })
  dossierChanged(
    @Root() change: DossierChange,
    @Arg('code', () => String, { description: 'Mã hồ sơ' }) _code: string,
    @Arg('lastEventId', () => ID, { nullable: true, description: LAST_EVENT }) _lastEventId: string | null,
    @Ctx() context: RequestContext,
  ): DossierChange {
    context.renewLoaders()
    return change
  }
}
