import type { Operation } from '../../src/model/system.js'
import type { DeliveryOutcome, Evidence, InquiryAnswer, OperationTraits, Sending, TargetSystem } from '../../src/ports/target-system.js'

/**
 * A foreign system of a few lines for property tests: it writes down what it accepts and recognises no duplicate, so that it can
 * convict us. What it does with the next call is drawn by the test. It keeps its declared bound on processing time, and its inquiry
 * tells the truth or nothing.
 */
export const SEND_BEHAVIOURS = [
  'ACCEPT',
  'REJECT',
  'UNAVAILABLE',
  'NOT_SENT',
  'CONFLICT',
  /** Accepted, and the answer is lost. */
  'LOSE_ANSWER',
  /** The request is lost, and nobody knows. */
  'LOSE_REQUEST',
  /** Accepted later, within the declared time. */
  'COMMIT_LATE',
  /** Our worker dies after, or before, the other side has accepted. */
  'DIE_AFTER',
  'DIE_BEFORE',
  /** Our worker hears of the acceptance only after its lease. */
  'STALL',
] as const
export type SendBehaviour = (typeof SEND_BEHAVIOURS)[number]
export const INQUIRY_BEHAVIOURS = ['TRUTH', 'SILENCE', 'DIE'] as const
export type InquiryBehaviour = (typeof INQUIRY_BEHAVIOURS)[number]

/** The worker is gone: what it had claimed is never settled by it. */
export class WorkerDied extends Error {}

export const PEER_PROCESSING_MS = 600_000
const EVIDENCE: Evidence = { elapsedMs: 1 }

export class TinyPeer implements TargetSystem {
  readonly id = 'VILIS'
  readonly operations: readonly Operation[] = ['RECEIVE', 'SUPPLEMENT']
  readonly requestsPerStep = 1
  /** Keys in the order of their acceptance; a key twice is a doubled registration. */
  readonly accepted: string[] = []
  sends: SendBehaviour[] = []
  inquiries: InquiryBehaviour[] = []
  private late: { key: string; at: number }[] = []
  private clock = 0

  /** `outliveLease` moves the clock beyond the lease and lets the guardian take the claim away. */
  constructor(private readonly outliveLease: () => Promise<void>) {}

  traits(): OperationTraits {
    return { inquiryStrength: 'KEY_AND_DIGEST', maxProcessingMs: PEER_PROCESSING_MS, callDeadlineMs: 20_000 }
  }

  /** Time passes here as well: what was to be committed late is committed. */
  pass(ms: number): void {
    this.clock += ms
    for (const { key, at } of this.late) if (at <= this.clock) this.accepted.push(key)
    this.late = this.late.filter(({ at }) => at > this.clock)
  }

  async send({ idempotencyKey }: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    return { outcome: await this.outcomeOf(this.sends.shift() ?? 'ACCEPT', idempotencyKey), evidence: EVIDENCE }
  }

  async inquire({ idempotencyKey }: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    const behaviour = this.inquiries.shift() ?? 'TRUTH'
    if (behaviour === 'DIE') throw new WorkerDied()
    if (behaviour === 'SILENCE') return { answer: { kind: 'UNKNOWN', cause: 'silent' }, evidence: EVIDENCE }
    return { answer: { kind: this.accepted.includes(idempotencyKey) ? 'SAME' : 'ABSENT' }, evidence: EVIDENCE }
  }

  async close(): Promise<void> {}

  private async outcomeOf(behaviour: SendBehaviour, key: string): Promise<DeliveryOutcome> {
    const takes = ['ACCEPT', 'LOSE_ANSWER', 'DIE_AFTER', 'STALL'].includes(behaviour)
    if (takes) this.accepted.push(key)
    switch (behaviour) {
      case 'REJECT':
        return { kind: 'REJECTED', code: 'SAI_DU_LIEU', reason: 'Thiếu trường' }
      case 'UNAVAILABLE':
        return { kind: 'UNAVAILABLE', cause: 'refused', retryAfterMs: 1_000 }
      case 'NOT_SENT':
        return { kind: 'NOT_SENT', code: 'MAPPING_MISSING', reason: 'Chưa có ánh xạ', field: 'USER:x' }
      case 'CONFLICT':
        return { kind: 'CONFLICT', theirs: 'other content' }
      case 'COMMIT_LATE':
        this.late.push({ key, at: this.clock + PEER_PROCESSING_MS - 60_000 })
        return { kind: 'INDETERMINATE', cause: 'time-out' }
      case 'LOSE_ANSWER':
      case 'LOSE_REQUEST':
        return { kind: 'INDETERMINATE', cause: 'time-out' }
      case 'DIE_AFTER':
      case 'DIE_BEFORE':
        throw new WorkerDied()
      case 'STALL':
        await this.outliveLease()
        return { kind: 'ACCEPTED', alreadyHad: false }
      case 'ACCEPT':
        return { kind: 'ACCEPTED', alreadyHad: false }
    }
  }
}
