import type { Operation } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { InquiryAnswer, TargetSystem } from '../ports/target-system.js'

import { type RestoredFacts, readRestoredFacts } from './recovery-repository.js'
import { WHOLE_DOSSIER } from './take-place.js'

/**
 * Hỏi lại sau phục hồi: what an answer means for a transfer of a recovery epoch, over the target as it is. Three things are other than in
 * ordinary life:
 *
 * - A transfer that was planned again after the restore may bear another key than the one it was sent under: the key counts the
 *   dossier's versions, and some that made a version before the restore may be gone. So before "not there" is believed (and before
 *   "other content under this key" is), they are asked by content.
 * - Of the whole dossier they may have a later version, which we sent before the restore: then this one was overtaken, if a later one
 *   of ours is inquired in its turn.
 * - As long as feeds are being read again that later one may not be planned yet: nothing sure is known.
 */
export const withRestoredInquiry = (target: TargetSystem, sql: Sql): TargetSystem => ({
  id: target.id,
  operations: target.operations,
  requestsPerStep: target.requestsPerStep,
  traits: (operation) => target.traits(operation),
  send: (sending) => target.send(sending),
  inquire: async (sending) => {
    const asked = await target.inquire(sending)
    if (sending.adopting || (asked.answer.kind !== 'ABSENT' && asked.answer.kind !== 'DIFFERENT')) return asked
    const facts = await readRestoredFacts(sql, sending.idempotencyKey)
    if (!facts) return asked
    if (facts.plannedAnew) {
      const byContent = await target.inquire({ ...sending, anyKey: true })
      if (byContent.answer.kind === 'SAME' || byContent.answer.kind === 'UNKNOWN') return byContent
    }
    return { ...asked, answer: asked.answer.kind === 'DIFFERENT' ? judgeDifferent(sending.operation, asked.answer, facts) : asked.answer }
  },
  close: () => target.close(),
})

const judgeDifferent = (operation: Operation, answer: InquiryAnswer, { hasLater, rereading }: RestoredFacts): InquiryAnswer => {
  if (!WHOLE_DOSSIER.has(operation)) return answer
  if (hasLater) return { kind: 'SAME' }
  return rereading ? { kind: 'UNKNOWN', cause: 'Đang đọc lại các thay đổi sau khi phục hồi.' } : answer
}
