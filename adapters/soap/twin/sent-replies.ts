import type { LedgerRequest } from './ledger.js'
import type { TwinReply } from './twin-fault.js'

type Sender = Pick<LedgerRequest, 'operation' | 'sha256'>

/** How many answers are kept. */
const KEPT = 50
/** A longer one, such as a page of files, is not: fifty of them would be the memory of the twin. */
const MOST_CHARACTERS = 256 * 1024

/** The last proper answers of a twin, kept to be given to the wrong request when it is told so. */
export class SentReplies {
  private readonly kept: (Sender & { reply: TwinReply })[] = []

  keep({ operation, sha256 }: Sender, reply: TwinReply): void {
    if (reply.body.length > MOST_CHARACTERS) return
    this.kept.push({ operation, sha256, reply })
    if (this.kept.length > KEPT) this.kept.shift()
  }

  /** The newest answer to another request of the same operation, or of any other operation; undefined when there is none yet. */
  foreignTo({ operation, sha256 }: Sender, of: 'DOSSIER' | 'OPERATION'): TwinReply | undefined {
    const fits = (kept: Sender) =>
      of === 'DOSSIER' ? kept.operation === operation && kept.sha256 !== sha256 : kept.operation !== operation
    return this.kept.findLast(fits)?.reply
  }
}
