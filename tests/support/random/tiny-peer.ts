import { OPERATIONS, type Operation } from '../../../src/model/system.js'
import { introductionOf } from '../../../src/model/transfer-order.js'
import type { DeliveryOutcome, Evidence, InquiryAnswer, OperationTraits, Sending, TargetSystem } from '../../../src/ports/target-system.js'

/**
 * A foreign system of a few lines for property tests: it writes down what it accepts and recognises no duplicate, so that it can
 * convict us. What it does with the next call is drawn by the test. It keeps its declared bound on processing time, and its inquiry
 * tells the truth or nothing: by our key, else by the digest, else by the business identity, as ViLIS does.
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
  /** Our worker hears of the acceptance, or of the refusal, only after its lease, when another has taken over. */
  'STALL',
  'STALL_REJECT',
  'STALL_CONFLICT',
] as const
export type SendBehaviour = (typeof SEND_BEHAVIOURS)[number]
export const INQUIRY_BEHAVIOURS = ['TRUTH', 'SILENCE', 'DIE'] as const
export type InquiryBehaviour = (typeof INQUIRY_BEHAVIOURS)[number]

/** The worker is gone: what it had claimed is never settled by it. */
export class WorkerDied extends Error {}

/** The two that introduce a dossier and hand in supplements alike. */
export const SYSTEMS = ['VILIS', 'ONE_STOP'] as const
export type RandomSystem = (typeof SYSTEMS)[number]

export const PEER_PROCESSING_MS = 600_000
const EVIDENCE: Evidence = { elapsedMs: 1 }

/** What is registered over there: a version of a dossier, its supplement of a number, or what happens to it once (1). */
export interface Registered {
  readonly key: string
  readonly dossierCode: string
  readonly operation: Operation
  readonly number: number
  readonly digest: string
  /** How often our side had been restored from a backup when it was sent. */
  readonly restores: number
}

/** Of one dossier, under whatever version: a second one is a doubled one. */
export const ONCE: readonly Operation[] = ['WITHDRAW', 'CONFIRM_RETURN', 'POST_RESULT', 'UPDATE_STATUS']

type Act = Pick<Registered, 'dossierCode' | 'operation' | 'number'>

export const isIntroduction = ({ operation }: Pick<Registered, 'operation'>): boolean =>
  operation === introductionOf('VILIS') || operation === introductionOf('ONE_STOP')

/** The same business act, under whatever key. */
export const isSameAct = (a: Act, b: Act): boolean =>
  a.dossierCode === b.dossierCode && a.operation === b.operation && a.number === b.number

const actOf = ({ idempotencyKey, dossierCode, operation, body, digest }: Sending, restores: number): Registered => ({
  key: idempotencyKey,
  dossierCode,
  operation,
  number: ONCE.includes(operation) ? 1 : 'supplementNo' in body ? body.supplementNo : body.dossierVersion,
  digest,
  restores,
})

/** NONE: it cannot be inquired, by agreement. */
export type PeerStrength = 'KEY_AND_DIGEST' | 'NONE'

export interface PeerHooks {
  /** What was agreed for introductions, and for what follows them. */
  readonly strengths: Readonly<Record<'WHOLE' | 'SUPPLEMENT', PeerStrength>>
  /** Returns when the lease of this sending has run out and another worker has it in hand, as far as one may. */
  readonly stall: (stalled: Stalled) => Promise<void>
  /** Before anything is done with a call. */
  readonly onCall: (
    systemId: RandomSystem,
    kind: 'SEND' | 'INQUIRE',
    sending: Pick<Sending, 'dossierCode' | 'idempotencyKey'>,
  ) => Promise<void>
}

/** A sending in the hands of a worker that stands still, and what it will have heard. */
export interface Stalled {
  readonly systemId: RandomSystem
  readonly key: string
  readonly answer: DeliveryOutcome['kind']
}

export class TinyPeer implements TargetSystem {
  readonly operations: readonly Operation[]
  readonly requestsPerStep = 1
  /** In the order of their acceptance; an act twice is a doubled registration. */
  readonly accepted: Registered[] = []
  /** What it had before us: of each, our digest or another one. */
  readonly there: Registered[] = []
  /** Dossiers that it claims to have with other content. */
  readonly claimed = new Set<string>()
  sends: SendBehaviour[] = []
  inquiries: InquiryBehaviour[] = []
  /** Of our side, from backups. */
  restores = 0
  private late: { act: Registered; at: number }[] = []
  private clock = 0

  constructor(
    readonly id: RandomSystem,
    private readonly hooks: PeerHooks,
  ) {
    this.operations = OPERATIONS[id]
  }

  /** All that it has. */
  get registered(): readonly Registered[] {
    return [...this.there, ...this.accepted]
  }

  traits(operation: Operation): OperationTraits {
    const inquiryStrength = this.hooks.strengths[isIntroduction({ operation }) ? 'WHOLE' : 'SUPPLEMENT']
    return { inquiryStrength, maxProcessingMs: PEER_PROCESSING_MS, callDeadlineMs: 20_000 }
  }

  has(key: string): boolean {
    return this.accepted.some((act) => act.key === key)
  }

  /** Time passes here as well: what was to be committed late is committed. */
  pass(ms: number): void {
    this.clock += ms
    for (const { act, at } of this.late) if (at <= this.clock) this.accepted.push(act)
    this.late = this.late.filter(({ at }) => at > this.clock)
  }

  async check(): Promise<null> {
    return null
  }

  async send(sending: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }> {
    await this.hooks.onCall(this.id, 'SEND', sending)
    return { outcome: await this.outcomeOf(this.sends.shift() ?? 'ACCEPT', actOf(sending, this.restores)), evidence: EVIDENCE }
  }

  async inquire(sending: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }> {
    if (this.traits(sending.operation).inquiryStrength === 'NONE')
      return { answer: { kind: 'UNKNOWN', code: 'NO_INQUIRY', cause: 'by agreement' }, evidence: {} }
    await this.hooks.onCall(this.id, 'INQUIRE', sending)
    const behaviour = this.inquiries.shift() ?? 'TRUTH'
    if (behaviour === 'DIE') throw new WorkerDied()
    if (behaviour === 'SILENCE') return { answer: { kind: 'UNKNOWN', code: 'TIMEOUT', cause: 'silent' }, evidence: EVIDENCE }
    return { answer: this.answerOf(actOf(sending, this.restores), sending.anyKey === true), evidence: EVIDENCE }
  }

  async close(): Promise<void> {}

  private answerOf(asked: Registered, anyKey: boolean): InquiryAnswer {
    const ours = this.registered.filter(({ dossierCode, operation }) => dossierCode === asked.dossierCode && operation === asked.operation)
    const found =
      (anyKey ? undefined : ours.find(({ key }) => key === asked.key)) ??
      ours.find(({ digest }) => digest === asked.digest) ??
      ours.find((act) => isSameAct(act, asked))
    if (found)
      return found.digest === asked.digest ? { kind: 'SAME' } : { kind: 'DIFFERENT', code: 'OTHER_CONTENT', theirs: 'other content' }
    const isOvertaken = isIntroduction(asked) && ours.some(({ number }) => number > asked.number)
    return isOvertaken ? { kind: 'DIFFERENT', code: 'NEWER_VERSION', theirs: 'a newer version' } : { kind: 'ABSENT' }
  }

  private async outcomeOf(behaviour: SendBehaviour, act: Registered): Promise<DeliveryOutcome> {
    const takes = ['ACCEPT', 'LOSE_ANSWER', 'DIE_AFTER'].includes(behaviour)
    if (takes) this.accepted.push(act)
    switch (behaviour) {
      case 'REJECT':
        return { kind: 'REJECTED', code: 'SAI_DU_LIEU', reason: 'Thiếu trường' }
      case 'UNAVAILABLE':
        return { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: 'refused', retryAfterMs: 1_000 }
      case 'NOT_SENT':
        return { kind: 'NOT_SENT', code: 'MAPPING_MISSING', reason: 'Chưa có ánh xạ', field: 'USER:x' }
      case 'CONFLICT':
        this.claimed.add(act.dossierCode)
        return { kind: 'CONFLICT', code: 'OTHER_CONTENT', theirs: 'other content' }
      case 'COMMIT_LATE':
        this.late.push({ act, at: this.clock + PEER_PROCESSING_MS - 60_000 })
        return { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'time-out' }
      case 'LOSE_ANSWER':
      case 'LOSE_REQUEST':
        return { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'time-out' }
      case 'DIE_AFTER':
      case 'DIE_BEFORE':
        throw new WorkerDied()
      case 'STALL':
      case 'STALL_REJECT':
      case 'STALL_CONFLICT': {
        const answer = await this.outcomeOf(
          ({ STALL: 'ACCEPT', STALL_REJECT: 'REJECT', STALL_CONFLICT: 'CONFLICT' } as const)[behaviour],
          act,
        )
        await this.hooks.stall({ systemId: this.id, key: act.key, answer: answer.kind })
        return answer
      }
      case 'ACCEPT':
        return { kind: 'ACCEPTED', alreadyHad: false }
    }
  }
}
