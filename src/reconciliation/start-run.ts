import { databaseNow } from '../dossier/dossier-repository.js'
import type { ReconciliationScope } from '../model/reconciliation-run.js'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Sql } from '../platform/database.js'
import { countOwnOpen, ownRange } from './own-record-repository.js'
import { insertRun, MACHINE, unitsOf } from './run-repository.js'

/**
 * Mở một lượt đối soát. RECENT: the days of reception up to today; ALL, and OPEN for what stands still: from the first dossier that we know of. Of one scope at
 * most one is active: then nothing is begun.
 */
export interface StartRun {
  readonly scope: ReconciliationScope
  readonly systems: readonly SystemId[]
  readonly recentDays: number
  /** The earliest day of reception that is compared at all, where the districts' systems hold older ones that nobody loads here. */
  readonly since?: string
  readonly range?: { readonly from: string; readonly to: string }
  readonly reason: string
  readonly by: { readonly subject: string; readonly name: string }
  readonly requestKey?: string
}

const DAY_MS = 86_400_000

/** The id of the new run; undefined: one of this scope is active. */
export const startRun = async (sql: Sql, order: StartRun): Promise<string | undefined> => {
  const today = await databaseNow(sql)
  const own = await ownRange(sql)
  const to = localDateOf(today)
  const earliest = order.since ?? own?.from ?? to
  const recent = localDateOf(new Date(today.getTime() - (order.recentDays - 1) * DAY_MS))
  const range = order.range ?? {
    from: order.scope === 'RECENT' ? recent : earliest,
    to: own && own.to > to ? own.to : to,
  }
  const systems = SYSTEM_IDS.filter((id) => order.systems.includes(id))
  return insertRun(sql, {
    scope: order.scope,
    ...range,
    systems,
    unitsTotal: order.scope === 'OPEN' ? await countOpen(sql, systems) : unitsOf(range) * systems.length,
    reason: order.reason,
    startedBy: order.by.subject,
    startedByName: order.by.name,
    ...(order.requestKey !== undefined && { requestKey: order.requestKey }),
  })
}

const countOpen = async (sql: Sql, systems: readonly SystemId[]): Promise<number> => {
  let open = 0
  for (const id of systems) open += await countOwnOpen(sql, id)
  return open
}

export const BY_SCHEDULE = { reason: 'Theo lịch.', by: { subject: MACHINE, name: 'Lịch đối soát' } } as const
