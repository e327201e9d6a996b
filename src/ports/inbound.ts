import type { InboundMessage } from '../model/inbound.js'
import type { SystemId } from '../model/system.js'
import type { FailedRead } from './failed-read.js'

/**
 * Answer to one message: STORED means committed to the inbox, and only then may a caller be told "received". DUPLICATE is a
 * repetition of what is stored (answered like STORED). REFUSED is kept as evidence and changes nothing; `message` is a sentence
 * in Vietnamese for an officer, `field` the sender's field when known. When the database cannot be written this throws: the
 * caller answers with a fault and the sender tries again.
 */
export type InboundReceipt =
  | { readonly kind: 'STORED'; readonly messageId: string }
  | { readonly kind: 'DUPLICATE'; readonly messageId: string }
  | { readonly kind: 'REFUSED'; readonly messageId: string; readonly reason: string; readonly message: string; readonly field?: string }

export type ReceiveInbound = (message: InboundMessage) => Promise<InboundReceipt>

/** A page of changes since a cursor. `nextCursor` is opaque to us except that cursors of one stream compare by `position`. */
export type ChangePage =
  | {
      readonly kind: 'PAGE'
      readonly messages: readonly InboundMessage[]
      /** Rows that could not be read as messages: kept raw with the reason, never skipped silently. */
      readonly unreadable: readonly { readonly raw: string; readonly reason: string; readonly externalEventId?: string }[]
      readonly nextPosition: bigint
      readonly more: boolean
    }
  | FailedRead

/** A system that can be asked what has changed. Reading again from an earlier position must give the same rows. */
export interface PolledSystem {
  readonly id: SystemId
  /** How far back each poll re-reads, in positions: late commits on their side show up behind the cursor. */
  readonly overlap: bigint
  readChanges(afterPosition: bigint, limit: number): Promise<ChangePage>
}

/** An inbound SOAP service that a foreign system calls at the gateway, ready to be mounted on HTTP. */
export interface InboundEndpoint {
  /** Mount path, such as `/soap/vilis`. */
  readonly path: string
  handle(request: { headers: Record<string, string | string[] | undefined>; body: Buffer }): Promise<{
    status: number
    headers: Record<string, string>
    body: string
  }>
  wsdl(publicUrl: string): string
}
