import type { CauseSide } from '../model/cause-side.js'
import type { JudgementCode } from '../model/failure-code.js'
import type { Operation, SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'

/**
 * What a delivery ended in, as a value: an adapter never throws for what the other side did. What the machine does with each
 * stands in `transfer/settlement.ts`. Beside its sentence each failure has a `code` by which failures of one cause are known as one
 * (`model/failure-code.ts`): of the network or HTTP, of the other side, or our own of what we made of its answer.
 */
export type DeliveryOutcome =
  /** They have it. "Đã tồn tại" (already exists) with the same digest counts: `alreadyHad`. */
  | { kind: 'ACCEPTED'; externalRef?: string; alreadyHad: boolean }
  /** Understood and refused: no retry, to a person, with what to mend. `side`: whose fault this code is, where the adapter knows. */
  | { kind: 'REJECTED'; code: string; reason: string; field?: string; side?: CauseSide }
  /**
   * Failed before the first request byte, or by a fault that the adapter lists as raised before processing. `shows` ANSWERED: the system is well and
   * has answered; what it refuses for now is this operation alone, such as for want of a right. SILENT: it was not called, for a reason of ours.
   */
  | { kind: 'UNAVAILABLE'; code: string; cause: string; retryAfterMs?: number; shows?: 'ANSWERED' | 'SILENT' }
  /** Bytes left and no readable answer came: inquired first, never re-sent blindly. */
  | { kind: 'INDETERMINATE'; code: string; cause: string }
  /** They have another content under our key, or lost or swapped a file. `field`: in what it differs, in their names. */
  | { kind: 'CONFLICT'; code: JudgementCode; theirs: string; field?: string }
  /** We could not prepare it: a mapping is missing, a file is too large, the body is invalid. */
  | { kind: 'NOT_SENT'; code: NotSentCode; reason: string; field?: string }

export type NotSent = Extract<DeliveryOutcome, { kind: 'NOT_SENT' }>

export type NotSentCode = 'MAPPING_MISSING' | 'ATTACHMENT_MISSING' | 'ATTACHMENT_TOO_LARGE' | 'BODY_INVALID'

/** How sure an inquiry can be about one operation of one system. NONE: a person decides. */
export type InquiryStrength = 'KEY_AND_DIGEST' | 'FIELDS' | 'EXISTS' | 'NONE'

export type InquiryAnswer =
  | { kind: 'SAME'; externalRef?: string }
  | { kind: 'DIFFERENT'; code: JudgementCode; theirs: string; field?: string }
  | { kind: 'ABSENT' }
  | { kind: 'UNKNOWN'; code: string; cause: string }

/** One transfer as an adapter sees it: the frozen business body under its fixed key. */
export interface Sending {
  readonly operation: Operation
  readonly idempotencyKey: string
  readonly dossierCode: string
  readonly body: TransferBody
  /** Hex SHA-256 of the canonical body (`model/digest.ts`), fixed when the transfer was planned. */
  readonly digest: string
  readonly correlationId: string
  /** Linking of history that both sides have: nothing is ever sent, and an inquiry compares fields, for they have never seen our key. */
  readonly adopting: boolean
  /**
   * Asked after a restore from a backup: they may have this very content under another key of ours. What they list is compared by digest or by
   * fields whatever its key; what is not listed is ABSENT, and a dossier that merely stands as it would proves nothing.
   */
  readonly anyKey?: boolean
  /**
   * By the clock of `performance.now()`: later than this no byte of a call may leave, for it could outlive the right to send. However long files and
   * codes took to get, or this process stood still. Absent: nobody has a right that could end.
   */
  readonly beginBefore?: number
}

/** What was on the wire, kept on the attempt for the operator; security headers are never part of it. */
export interface Evidence {
  readonly requestXml?: string
  readonly responseText?: string
  readonly httpStatus?: number
  readonly elapsedMs?: number
}

export interface OperationTraits {
  readonly inquiryStrength: InquiryStrength
  /** The other side's declared longest processing time after a send: ABSENT counts only later than this. */
  readonly maxProcessingMs: number
  /** Total deadline of one call. The lease is this plus a margin. */
  readonly callDeadlineMs: number
}

export interface TargetSystem {
  readonly id: SystemId
  /** Operations that this system takes, as configured. */
  readonly operations: readonly Operation[]
  /** Requests that one sending costs them as a rule, for the limit on their number in a second. */
  readonly requestsPerStep: number
  traits(operation: Operation): OperationTraits
  /** What `send` would refuse before a byte leaves, as things are now; null: it could be sent. Calls nobody. */
  check(sending: Sending): Promise<NotSent | null>
  send(sending: Sending): Promise<{ outcome: DeliveryOutcome; evidence: Evidence }>
  inquire(sending: Sending): Promise<{ answer: InquiryAnswer; evidence: Evidence }>
  close(): Promise<void>
}
