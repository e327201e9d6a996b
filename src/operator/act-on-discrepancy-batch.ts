import { type Caller, nameOf, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import { BATCH_MOVES, type BatchAct, describeBatchState } from '../model/discrepancy-batch.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database } from '../platform/database.js'
import { type ActRefusal, refused } from './act-rules.js'
import { lockBatch, moveBatch } from './discrepancy-batch-repository.js'

/** Duyệt, hủy một đợt xử lý sai lệch: with a reason and the version that was seen, audited in the same database transaction. Nobody approves his own. */
export interface BatchActRequest {
  readonly batchId: string
  readonly reason: string
  readonly version: number
  readonly actor: Caller
  readonly requestKey?: string
}

/** Throws NOT_FOUND. A refusal changes nothing and leaves no trace. */
export const actOnDiscrepancyBatch = (
  db: Database,
  { batchId, reason, version, actor, requestKey }: BatchActRequest,
  act: BatchAct,
): Promise<{ readonly kind: 'DONE' } | ActRefusal> =>
  db.transaction(async (tx) => {
    const batch = await lockBatch(tx, batchId)
    if (!batch) throw notFound('đợt xử lý sai lệch này')
    const name = nameOf(actor)
    if (requestKey !== undefined && batch.lastRequestKey === requestKey && batch.lastAct === act && batch.lastActBy === name)
      return { kind: 'DONE' }
    if (batch.version !== version)
      return refused(
        'STALE_WRITE',
        `Đợt xử lý đã thay đổi (${batch.lastActBy}, ${describeInstant(batch.lastActAt)}), nay "${describeBatchState(batch.state)}". Hãy xem lại rồi làm tiếp.`,
      )
    const { from, to, words } = BATCH_MOVES[act]
    if (!from.includes(batch.state))
      return refused('ILLEGAL_TRANSITION', `Không thể ${words} đợt xử lý đang ở trạng thái "${describeBatchState(batch.state)}".`)
    if (act === 'APPROVE' && batch.createdBy === actor.subject)
      return refused('OWN_APPROVAL', 'Người lập đợt xử lý không tự duyệt được: cần một người vận hành khác duyệt.')
    await moveBatch(tx, batchId, act, name, requestKey)
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: `${act}_DISCREPANCY_BATCH`,
        reason,
        before: { state: batch.state, version },
        after: { batch: batchId, state: to, version: version + 1, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE' }
  })
