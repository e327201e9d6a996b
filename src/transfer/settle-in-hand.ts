import { setTimeout as pause } from 'node:timers/promises'
import { isUnavailable } from '../errors.js'
import { isRefusedByServer } from '../platform/database.js'
import type { Desk, Visited } from './desk.js'
import type { Settling } from './turn-repository.js'

export interface AnswerInHand {
  readonly settling: Settling
  readonly wantsNext: boolean
  /** By `performance.now()`: after that the right to settle it may be another's. */
  readonly leaseEndsAt: number
  /** Whoever waits for this process to end is kept for one more try, and no longer. */
  readonly isStopping: () => boolean
}

/** An adapter has handed on characters that no column holds. What became of the transfer counts, and is kept without its words: else it would be asked again for ever. */
const UNWRITABLE = 'Lời trả lời có ký tự không lưu được; chỉ giữ kết quả.'
const withoutWords = ([claim, move, { outcome, httpStatus, elapsedMs }]: Settling): Settling => [
  claim,
  { ...move, lastError: move.lastError && UNWRITABLE, errorField: undefined, externalRef: undefined },
  { outcome, httpStatus, elapsedMs, detail: UNWRITABLE },
]

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000
/** After the lease another may have taken the transfer over: then it moves nothing any more, and is still evidence for who inquires. */
const EVIDENCE_MS = 10 * 60_000

/**
 * Giữ câu trả lời: settles an answer that is in hand, and keeps hold of it when somebody else holds its row or the database is away for a moment: it is the
 * only evidence of what the other side did, and without it the transfer would have to be inquired, or, where that cannot be, left to a person.
 * It is brought again, alone and without a claim, so that others who share the desk do not wait for its row, nor it for the gate; after its lease
 * for ten more minutes. Then it throws UNAVAILABLE, as if the process had died.
 */
export const settleInHand = async (desk: Desk, { settling, wantsNext, leaseEndsAt, isStopping }: AnswerInHand): Promise<Visited> => {
  try {
    return await desk.turn({ settling, wantsNext })
  } catch (error) {
    if (isRefusedByServer(error)) return desk.settleAgain(withoutWords(settling))
    if (!isUnavailable(error)) throw error
  }
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    await pause(waitMs)
    try {
      return await desk.settleAgain(settling)
    } catch (error) {
      if (!isUnavailable(error) || isStopping() || performance.now() >= leaseEndsAt + EVIDENCE_MS) throw error
    }
  }
}
