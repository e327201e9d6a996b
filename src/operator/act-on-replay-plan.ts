import { type Caller, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import { describePlanState, isPast, PLAN_MOVES, type PlanAct } from '../model/replay-plan.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { LONG_WORK } from '../platform/database.js'
import { type ActRefusal, refused } from './perform-act.js'
import { lockPlan, movePlan, type PlanRow } from './replay-plan-repository.js'
import { countMoved, forgetForecasts, hasRunnable, leaveOut, skipWaiting } from './replay-row-repository.js'

/**
 * Thao tác trên kế hoạch gửi lại: what a named person does with a whole plan, with a reason, under the plan's lock and audited in the same database
 * transaction. It carries the version that the person has seen: of two operators the second is told what the first has done. After a pause or
 * a cancellation has been answered no further row is acted upon; what is queued already comes to its end, and its result is kept.
 *
 * A dry run and an approval hold for a set time, and an approval for the rows as they were: later, or when rows have moved since, the plan is tried anew, which
 * asks for an approval anew.
 */
export interface PlanActRequest {
  readonly planId: string
  readonly reason: string
  /** As the person has seen it. */
  readonly version: number
  readonly actor: Caller
  /** The caller's idempotency key: an act under it that was committed, though its answer was lost, is not done again. */
  readonly requestKey?: string
}

export interface PlanValidity {
  /** For which a dry run and an approval hold. */
  readonly validHours: number
}

export type PlanActResult = { readonly kind: 'DONE' } | ActRefusal

/** Throws NOT_FOUND. A refusal changes nothing and leaves no trace. */
export const actOnReplayPlan = (
  db: Database,
  request: PlanActRequest,
  act: PlanAct,
  { validHours }: PlanValidity,
): Promise<PlanActResult> =>
  db.transaction(async (tx) => {
    const { planId, reason, actor, requestKey } = request
    const plan = await lockPlan(tx, planId)
    if (!plan) throw notFound('kế hoạch gửi lại này')
    if (requestKey !== undefined && (await wasDone(tx, request, act))) return { kind: 'DONE' }
    const no =
      refusalOf(plan, request, act) ??
      expiryOf(plan, act, validHours) ??
      (await movedRefusal(tx, plan, act)) ??
      (await nothingToRun(tx, plan, act))
    if (no) return no
    await movePlan(tx, planId, act, actor)
    if (act === 'DRY_RUN') await forgetForecasts(tx, planId)
    if (act === 'START') await leaveOut(tx, planId)
    if (act === 'CANCEL') await skipWaiting(tx, planId, 'Kế hoạch đã được hủy.')
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: auditedAs(act),
        planId,
        reason,
        before: { state: plan.state, version: plan.version, stoppedBecause: plan.stoppedBecause },
        after: {
          state: PLAN_MOVES[act].to,
          version: plan.version + 1,
          ...(requestKey !== undefined && { request: requestKey }),
        },
      },
    })
    return { kind: 'DONE' }
  }, LONG_WORK)

const refusalOf = (plan: PlanRow, { version, actor }: PlanActRequest, act: PlanAct): ActRefusal | undefined => {
  if (plan.version !== version)
    return refused(
      'STALE_WRITE',
      `Kế hoạch đã thay đổi: ${plan.lastActBy} đã ${wordsOf(plan.lastAct)} lúc ${describeInstant(plan.lastActAt)}, nay "${describePlanState(plan.state)}". Hãy xem lại rồi làm tiếp.`,
    )
  const { from, words } = PLAN_MOVES[act]
  if (!from.includes(plan.state))
    return refused(
      'ILLEGAL_TRANSITION',
      `Không thể ${words} kế hoạch đang ở trạng thái "${describePlanState(plan.state)}"${hintOf(plan, act)}.`,
    )
  if (act === 'APPROVE' && plan.createdBy === actor.subject)
    return refused('OWN_APPROVAL', 'Người lập kế hoạch không tự duyệt được: cần một người vận hành khác duyệt.')
  return undefined
}

const TRY_AGAIN = 'hãy chạy thử lại'

const expiryOf = (plan: PlanRow, act: PlanAct, validHours: number): ActRefusal | undefined => {
  const { forecastAt, approvedAt, needsApproval, now } = plan
  if (act !== 'START' && act !== 'APPROVE') return undefined
  if (isPast(forecastAt, validHours, now)) {
    const since = forecastAt === null ? 'đã quá lâu' : `từ ${describeInstant(forecastAt)}, quá ${validHours} giờ`
    const then = needsApproval ? ', rồi nhờ người thứ hai duyệt' : ''
    return refused('FORECAST_EXPIRED', `Lần chạy thử ${since}, bên nhận nay có thể đã khác: ${TRY_AGAIN}${then}.`)
  }
  if (act === 'START' && needsApproval && isPast(approvedAt, validHours, now))
    return refused('APPROVAL_EXPIRED', `Kế hoạch được duyệt đã quá ${validHours} giờ: ${TRY_AGAIN} và nhờ người thứ hai duyệt lại.`)
  return undefined
}

/** What was approved is what was seen then. Without an approval the person who starts it decides, and what has moved is left out. */
const movedRefusal = async (tx: Tx, { id, needsApproval }: PlanRow, act: PlanAct): Promise<ActRefusal | undefined> => {
  if (!needsApproval || (act !== 'START' && act !== 'APPROVE')) return undefined
  const moved = await countMoved(tx, id)
  return moved === 0
    ? undefined
    : refused(
        'ROWS_CHANGED',
        `${new Intl.NumberFormat('vi-VN').format(moved)} lượt của kế hoạch đã thay đổi từ lần chạy thử: ${TRY_AGAIN} và nhờ người thứ hai duyệt lại.`,
      )
}

/** A plan that would end at once, with everything left out or nothing left, reads like one that was done. */
const nothingToRun = async (tx: Tx, { id, state }: PlanRow, act: PlanAct): Promise<ActRefusal | undefined> => {
  const isGoingOn = act === 'RESUME' && state === 'STOPPED'
  if ((act !== 'START' && !isGoingOn) || (await hasRunnable(tx, id))) return undefined
  return isGoingOn
    ? refused('NOTHING_LEFT', 'Kế hoạch không còn lượt nào chưa gửi: xem các lượt không thành, xử lý rồi lập kế hoạch mới.')
    : refused('NOTHING_TO_RUN', 'Khi chạy thử, không lượt nào của kế hoạch gửi được: xem lý do ở từng lượt, xử lý rồi chạy thử lại.')
}

const hintOf = ({ state }: PlanRow, act: PlanAct): string => {
  if (act !== 'START') return ''
  if (state === 'DRAFT') return ': hãy chạy thử trước'
  return state === 'AWAITING_APPROVAL' ? ': một người khác phải duyệt trước' : ''
}

const MACHINE_WORDS: Readonly<Record<string, string>> = {
  CREATE: 'lập kế hoạch',
  DRY_RUN_DONE: 'chạy thử xong',
  STOP: 'tự dừng vì nhiều lượt lỗi',
  DONE: 'chạy xong',
}
const wordsOf = (act: string): string => MACHINE_WORDS[act] ?? PLAN_MOVES[act as PlanAct].words

const auditedAs = (act: PlanAct): string => `${act}_REPLAY_PLAN`

const wasDone = async (tx: Tx, { planId, actor, requestKey }: PlanActRequest, act: PlanAct): Promise<boolean> => {
  const known = await tx.query(
    `SELECT 1 AS done FROM audit_entry WHERE plan_id = $1::uuid AND act = $2 AND actor = $3 AND after->>'request' = $4 LIMIT 1`,
    [planId, auditedAs(act), actor.subject, requestKey],
  )
  return known.length > 0
}
