import { type Caller, personOf } from '../access/caller.js'
import type { Scope } from '../access/scope.js'
import { withoutPersons } from '../model/replay-plan.js'
import type { Database } from '../platform/database.js'
import { LONG_WORK } from '../platform/database.js'
import { countTransfersUpTo, type TransferFilter } from '../transfer/transfer-search-repository.js'
import { type ActRefusal, refused } from './perform-act.js'
import { insertPlan, type NewPlan, planOfRequest, writeSize } from './replay-plan-repository.js'
import { freezeRows } from './replay-row-repository.js'

/**
 * Lập kế hoạch gửi lại: what the filter matches now is frozen to a list, with each transfer's digest and state. What comes later is not part of it, and what
 * moves meanwhile is not acted upon. A filter that matches more than `maxRows` is refused with how many, before anything is written.
 */
export interface CreatePlan {
  readonly plan: Omit<NewPlan, 'filter'>
  readonly filter: TransferFilter
  /** The filter as it was asked, to be shown. What it asks of a person is kept with the plan and not in the audit, which is for ever. */
  readonly asked: Readonly<Record<string, unknown>>
  /** Said on purpose: without any condition all transfers are frozen. */
  readonly everything?: boolean
  readonly scope: Scope
  readonly actor: Caller
  /** The caller's idempotency key: a plan that was made under it, though its answer was lost, is not made again. */
  readonly requestKey?: string
}

export interface PlanSize {
  readonly maxRows: number
  /** Above so many transfers a second person approves. */
  readonly approvalAbove: number
}

export type CreatePlanResult = { readonly kind: 'DONE'; readonly planId: string } | ActRefusal

/** Counting goes on so much further than what is allowed, so that the refusal says how far off the filter is. */
const COUNTED_TIMES = 10

/** A plan over everything, by a condition forgotten, would be the widest slip of all. */
const NO_CONDITION =
  'Chưa có điều kiện nào: kế hoạch sẽ chốt mọi lượt liên thông. Hãy cho ít nhất một điều kiện, hoặc nói rõ là muốn chốt mọi lượt.'

const inWords = (count: number): string => new Intl.NumberFormat('vi-VN').format(count)

export const createReplayPlan = async (
  db: Database,
  request: CreatePlan,
  { maxRows, approvalAbove }: PlanSize,
): Promise<CreatePlanResult> => {
  const { plan, filter, asked, scope, actor, requestKey } = request
  const made = requestKey === undefined ? undefined : await planOfRequest(db, actor.subject, requestKey)
  if (made !== undefined) return { kind: 'DONE', planId: made }
  if (Object.keys(asked).length === 0 && request.everything !== true) return refused('NO_CONDITION', NO_CONDITION)
  const found = await countTransfersUpTo(db, scope, filter, maxRows * COUNTED_TIMES)
  const no = refusalOf(found, maxRows)
  if (no) return no
  const freezing = db.transaction(async (tx): Promise<CreatePlanResult> => {
    const planId = await insertPlan(tx, { ...plan, filter: asked }, actor, requestKey)
    const frozen = await freezeRows(tx, planId, scope, filter, maxRows)
    // They have become other many since they were counted: what was written so far is taken back with the transaction.
    if (refusalOf(frozen, maxRows)) throw new CountedAnew(frozen)
    const needsApproval = frozen > approvalAbove || plan.kind === 'SUPERSEDE'
    await writeSize(tx, planId, frozen, needsApproval)
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'CREATE_REPLAY_PLAN',
        planId,
        reason: plan.reason,
        before: {},
        after: {
          state: 'DRAFT',
          kind: plan.kind,
          rows: frozen,
          needsApproval,
          filter: withoutPersons(asked) as object,
          ...(requestKey !== undefined && { request: requestKey }),
        },
      },
    })
    return { kind: 'DONE', planId }
  }, LONG_WORK)
  return freezing.catch((error: unknown) => {
    const refusal = error instanceof CountedAnew ? refusalOf(error.found, maxRows) : undefined
    if (!refusal) throw error
    return refusal
  })
}

class CountedAnew extends Error {
  constructor(readonly found: number) {
    super(`the filter of a replay plan has come to match ${found}`)
  }
}

const refusalOf = (found: number, maxRows: number): ActRefusal | undefined => {
  if (found === 0) return refused('NOTHING_MATCHES', 'Không có lượt liên thông nào đúng điều kiện này.')
  if (found <= maxRows) return undefined
  const most = maxRows * COUNTED_TIMES
  const count = found > most ? `hơn ${inWords(most)}` : inWords(found)
  return refused(
    'TOO_MANY_MATCHED',
    `Điều kiện này khớp ${count} lượt liên thông, một kế hoạch chốt nhiều nhất ${inWords(maxRows)}: hãy thu hẹp, ví dụ theo hệ thống, trạng thái, xã hoặc khoảng ngày lập.`,
  )
}
