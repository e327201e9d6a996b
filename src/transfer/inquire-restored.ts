import { introductionOf, isWholeDossier } from '../model/transfer-order.js'
import type { Sql } from '../platform/database.js'
import type { InquiryAnswer, TargetSystem } from '../ports/target-system.js'
import { isPredecessorMissing, MISSING_SENTENCE } from './predecessor-repository.js'
import { type RestoredFacts, readRestoredFacts } from './recovery-repository.js'

/**
 * Hỏi lại sau phục hồi: what an answer means for a transfer of a recovery epoch, over the target as it is. Four things are other than in
 * ordinary life:
 *
 * - A transfer that was planned again after the restore may bear another key than the one it was sent under: the key counts the
 *   dossier's versions, and some that made a version before the restore may be gone. So before "not there" is believed (and before
 *   "other content under this key" is), they are asked by content.
 * - Of the whole dossier they may have a later version, which we sent before the restore: then this one was overtaken. They are asked for
 *   the newest ones of ours that are inquired in their turn; sending an older one now would write over it.
 * - As long as feeds are being read again that later one may not be planned yet: nothing sure is known.
 * - What follows an introduction that was given up would be HELD in ordinary life; here it is asked for first. "Not there" then sends nothing: it
 *   is asked again until the other side has the dossier, or stays with a person.
 */
export const withRestoredInquiry = (target: TargetSystem, sql: Sql): TargetSystem => ({
  id: target.id,
  operations: target.operations,
  requestsPerStep: target.requestsPerStep,
  traits: (operation) => target.traits(operation),
  check: (sending) => target.check(sending),
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
    if (
      asked.answer.kind === 'ABSENT' &&
      (await isPredecessorMissing(sql, { idempotencyKey: sending.idempotencyKey }, introductionOf(target.id)))
    )
      return { ...asked, answer: { kind: 'UNKNOWN', code: 'PREDECESSOR_MISSING', cause: MISSING_SENTENCE } }
    if (!isWholeDossier(sending.operation)) return asked
    for (const later of facts.later) {
      const overtaken = await target.inquire({ ...sending, ...later, anyKey: true })
      if (overtaken.answer.kind === 'SAME') return overtaken
    }
    return asked.answer.kind === 'DIFFERENT' ? { ...asked, answer: judgeDifferent(asked.answer, facts) } : asked
  },
  close: () => target.close(),
})

const judgeDifferent = (answer: InquiryAnswer, { later, rereading }: RestoredFacts): InquiryAnswer => {
  if (later.length > 0) return { kind: 'SAME' }
  return rereading ? { kind: 'UNKNOWN', code: 'RESTORING', cause: 'Đang đọc lại các thay đổi sau khi phục hồi.' } : answer
}
