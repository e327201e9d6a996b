import { type Caller, personOf } from '../access/caller.js'
import type { Scope } from '../access/scope.js'
import type { DiscrepancyAct, DiscrepancyClass } from '../model/discrepancy.js'
import { DISCREPANCY_ACTS } from '../model/discrepancy.js'
import { withoutPersons } from '../model/replay-plan.js'
import type { SystemId } from '../model/system.js'
import { type Database, LONG_WORK, type Sql } from '../platform/database.js'
import { type DiscrepancyFilter, matchingDiscrepancies } from '../reconciliation/discrepancy-search-repository.js'
import { judgeDiscrepancies } from '../reconciliation/judge-discrepancies.js'
import type { RepairDependencies } from '../reconciliation/reconciliation-dependencies.js'
import { type ActRefusal, refused } from './act-rules.js'
import { batchOfRequest, insertBatch } from './discrepancy-batch-repository.js'

/**
 * Xử lý hàng loạt: one act on all that a filter matches now. Before it is ordered it is foreseen: how many of each class, what would be done with each, and what
 * cannot be done and why. Ordered, the matching ones are frozen with the versions that they have; a worker acts on them one by one, by the rules
 * that hold for one (`run-discrepancy-batch.ts`). Above so many a second person approves first.
 */
export interface BatchSize {
  readonly maxRows: number
  /** Above so many discrepancies a second person approves. */
  readonly approvalAbove: number
}

export interface CreateBatch {
  readonly act: DiscrepancyAct
  readonly filter: DiscrepancyFilter
  /** The filter as it was asked; what it asks of a person is not kept. */
  readonly asked: Readonly<Record<string, unknown>>
  /** How many the person has seen in the preview; others by now are refused. */
  readonly expectedCount: number
  readonly reason: string
  readonly scope: Scope
  readonly actor: Caller
  readonly requestKey?: string
}

export type CreateBatchResult = { readonly kind: 'DONE'; readonly batchId: string } | ActRefusal

const inWords = (count: number): string => new Intl.NumberFormat('vi-VN').format(count)

/** A refusal changes nothing and leaves no trace. */
export const createDiscrepancyBatch = (
  db: Database,
  request: CreateBatch,
  { maxRows, approvalAbove }: BatchSize,
): Promise<CreateBatchResult> =>
  db.transaction(async (tx) => {
    const { act, filter, asked, expectedCount, reason, scope, actor, requestKey } = request
    const known = requestKey === undefined ? undefined : await batchOfRequest(tx, actor.subject, requestKey)
    if (known !== undefined) return { kind: 'DONE', batchId: known }
    const rows = await matchingDiscrepancies(tx, filter, scope, maxRows + 1)
    if (rows.length === 0) return refused('NOTHING_MATCHES', 'Không có sai lệch nào đúng điều kiện này.')
    if (rows.length > maxRows)
      return refused('TOO_MANY_MATCHED', `Điều kiện này khớp hơn ${inWords(maxRows)} sai lệch, nhiều hơn một đợt được chứa: hãy thu hẹp.`)
    if (rows.length !== expectedCount)
      return refused(
        'STALE_WRITE',
        `Nay có ${inWords(rows.length)} sai lệch đúng điều kiện, khi xem trước là ${inWords(expectedCount)}: hãy xem trước lại rồi quyết định.`,
      )
    const needsApproval = rows.length > approvalAbove
    const batchId = await insertBatch(
      tx,
      { act, filter: withoutPersons(asked), reason, needsApproval, rows, ...(requestKey !== undefined && { requestKey }) },
      actor,
    )
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'CREATE_DISCREPANCY_BATCH',
        reason,
        before: {},
        after: { batch: batchId, act, rows: rows.length, needsApproval, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE', batchId }
  }, LONG_WORK)

export interface ForeseenGroup {
  readonly class: DiscrepancyClass
  readonly systemId: SystemId
  readonly count: number
}

export interface ForeseenAct {
  readonly act: DiscrepancyAct
  /** Of the judged ones. */
  readonly fit: number
  readonly operations: readonly { readonly operation: string; readonly count: number }[]
  readonly refusals: readonly { readonly reason: string; readonly message: string; readonly count: number }[]
}

export interface BatchForecast {
  readonly count: number
  /** False: there are more than a batch may hold. */
  readonly countIsExact: boolean
  /** So many of them, the oldest, were judged one by one. */
  readonly judged: number
  readonly needsApproval: boolean
  readonly groups: readonly ForeseenGroup[]
  readonly acts: readonly ForeseenAct[]
}

/** Judged one by one at most: what is foreseen of more is told as of these. */
const JUDGED = 100

const counted = <Key extends string>(keys: readonly Key[]): Map<Key, number> =>
  keys.reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<Key, number>())

/** Changes nothing. */
export const foreseeBatch = async (
  reads: Sql,
  deps: Pick<RepairDependencies, 'db' | 'graceMs' | 'reference'>,
  { filter, scope }: Pick<CreateBatch, 'filter' | 'scope'>,
  { maxRows, approvalAbove }: BatchSize,
): Promise<BatchForecast> => {
  const rows = await matchingDiscrepancies(reads, filter, scope, maxRows + 1)
  const found = rows.slice(0, maxRows)
  const looked = found.slice(0, JUDGED)
  const judged = await judgeDiscrepancies(
    deps,
    looked.map(({ id }) => id),
  )
  const groups = [...counted(found.map((row) => `${row.class}|${row.systemId}`))].map(([key, count]) => {
    const [of, systemId] = key.split('|') as [DiscrepancyClass, SystemId]
    return { class: of, systemId, count }
  })
  return {
    count: found.length,
    countIsExact: rows.length <= maxRows,
    judged: looked.length,
    needsApproval: found.length > approvalAbove,
    groups: groups.sort((one, other) => other.count - one.count),
    acts: DISCREPANCY_ACTS.map((act) => {
      const mine = judged.filter((one) => one.act === act)
      const messages = new Map(mine.flatMap(({ refusal }) => (refusal ? [[refusal.message, refusal.reason] as const] : [])))
      const refusals = [...counted(mine.flatMap(({ refusal }) => (refusal ? [refusal.message] : [])))]
      return {
        act,
        fit: mine.filter(({ refusal }) => refusal === undefined).length,
        operations: [...counted(mine.flatMap(({ operations }) => operations))].map(([operation, count]) => ({ operation, count })),
        refusals: refusals.map(([message, count]) => ({ reason: messages.get(message) ?? '', message, count })),
      }
    }),
  }
}
