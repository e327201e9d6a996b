import { type Caller, nameOf, personOf } from '../access/caller.js'
import { invalidInput, notFound } from '../errors.js'
import {
  describeReconciliationState,
  describeScope,
  RECONCILIATION_MOVES,
  type ReconciliationAct,
  type ReconciliationScope,
  rangeFault,
} from '../model/reconciliation-run.js'
import type { SystemId } from '../model/system.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { findRun, lockRun, moveRun, runOfRequest } from '../reconciliation/run-repository.js'
import { startRun } from '../reconciliation/start-run.js'
import { type ActRefusal, refused } from './act-rules.js'

/**
 * Thao tác trên lượt đối soát: a named person begins, pauses, resumes or cancels one, with a reason, audited in the same database transaction. After a pause or a
 * cancellation has been answered at most the call that is under way comes to its end.
 */
export interface StartRequest {
  readonly scope: ReconciliationScope
  /** Those that are compared at all. */
  readonly systems: readonly SystemId[]
  /** RANGE: local dates, both inclusive. */
  readonly range?: { readonly from: string; readonly to: string }
  readonly recentDays: number
  readonly since?: string
  readonly reason: string
  readonly actor: Caller
  readonly requestKey?: string
}

export type StartResult = { readonly kind: 'STARTED'; readonly runId: string } | ActRefusal

/** Throws INVALID_INPUT, with the field, of a range that no run can go over. */
export const startReconciliation = (db: Database, request: StartRequest): Promise<StartResult> =>
  db.transaction(async (tx) => {
    const { scope, systems, range, recentDays, since, reason, actor, requestKey } = request
    const known = requestKey === undefined ? undefined : await runOfRequest(tx, actor.subject, requestKey)
    if (known !== undefined) return { kind: 'STARTED', runId: known }
    if (systems.length === 0) return refused('NO_SYSTEM', 'Chưa chọn hệ thống nào có thể đối soát.')
    if ((scope === 'RANGE') !== (range !== undefined))
      return refused('RANGE_MISSING', 'Hãy cho khoảng ngày tiếp nhận khi, và chỉ khi, chọn phạm vi "Khoảng ngày tự chọn".')
    const fault = range && rangeFault(range)
    if (fault) throw invalidInput(...fault)
    const runId = await startRun(tx, {
      scope,
      systems,
      recentDays,
      reason,
      by: { subject: actor.subject, name: nameOf(actor) },
      ...(range && { range }),
      ...(since !== undefined && { since }),
      ...(requestKey !== undefined && { requestKey }),
    })
    if (runId === undefined)
      return refused('ALREADY_RUNNING', `Một lượt đối soát "${describeScope(scope)}" chưa kết thúc: hãy chờ, hoặc hủy lượt đó trước.`)
    const run = await findRun(tx, runId)
    await audit(tx, runId, 'START', request, {}, { scope, from: run?.from ?? '', to: run?.to ?? '', systems: [...systems] })
    return { kind: 'STARTED', runId }
  })

export interface RunActRequest {
  readonly runId: string
  readonly reason: string
  /** As the person has seen it. */
  readonly version: number
  readonly actor: Caller
  readonly requestKey?: string
}

export type RunActResult = { readonly kind: 'DONE' } | ActRefusal

/** Throws NOT_FOUND. A refusal changes nothing and leaves no trace. */
export const actOnReconciliation = (db: Database, request: RunActRequest, act: ReconciliationAct): Promise<RunActResult> =>
  db.transaction(async (tx) => {
    const { runId, version, actor, requestKey } = request
    const run = await lockRun(tx, runId)
    if (!run) throw notFound('lượt đối soát này')
    if (requestKey !== undefined && (await wasDone(tx, runId, act, actor.subject, requestKey))) return { kind: 'DONE' }
    const state = describeReconciliationState(run.state)
    const { from, to, words } = RECONCILIATION_MOVES[act]
    if (run.version !== version)
      return refused(
        'STALE_WRITE',
        `Lượt đối soát đã thay đổi (${run.lastActBy}, ${describeInstant(run.lastActAt)}), nay "${state}". Hãy xem lại rồi làm tiếp.`,
      )
    if (!from.includes(run.state)) return refused('ILLEGAL_TRANSITION', `Không thể ${words} lượt đối soát đang ở trạng thái "${state}".`)
    await moveRun(tx, runId, act, nameOf(actor))
    await audit(tx, runId, act, request, { state: run.state, version }, { state: to, version: version + 1 })
    return { kind: 'DONE' }
  })

type Evidence = Readonly<Record<string, string | number | readonly string[]>>

const audit = async (
  tx: Tx,
  runId: string,
  act: ReconciliationAct | 'START',
  { actor, reason, requestKey }: { readonly actor: Caller; readonly reason: string; readonly requestKey?: string },
  before: Evidence,
  after: Evidence,
): Promise<void> => {
  await tx.orm.auditEntry.create({
    data: {
      ...personOf(actor),
      act: `${act}_RECONCILIATION`,
      reconciliationRunId: runId,
      reason,
      before: { ...before },
      after: { ...after, ...(requestKey !== undefined && { request: requestKey }) },
    },
  })
}

const wasDone = async (tx: Tx, runId: string, act: ReconciliationAct, actor: string, requestKey: string): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS done FROM audit_entry WHERE reconciliation_run_id = $1::uuid AND act = $2 AND actor = $3 AND after->>'request' = $4 LIMIT 1`,
      [runId, `${act}_RECONCILIATION`, actor, requestKey],
    )
  ).length > 0
