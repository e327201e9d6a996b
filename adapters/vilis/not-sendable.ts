import type { NotSentCode } from '../../src/ports/target-system.js'

/** Why a body cannot be put on the wire; thrown while it is prepared and turned into NOT_SENT by `adapter.ts`. */
export class NotSendable extends Error {
  constructor(
    readonly code: NotSentCode,
    /** A sentence in Vietnamese for an officer, without personal data. */
    readonly reason: string,
    readonly field?: string,
  ) {
    super(reason)
  }
}
