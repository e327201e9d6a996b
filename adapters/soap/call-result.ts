import type { SoapFault } from './faults.js'
import type { XmlNode } from './xml-tree.js'

/** What became of one call, told as a value. `outcome-of.ts` maps what is not a REPLY to the machine's outcomes. */
export type CallResult = CallAnswer & { readonly evidence: CallEvidence }

export type CallAnswer =
  | { readonly kind: 'REPLY'; readonly value: Record<string, unknown>; readonly headers: readonly XmlNode[] }
  | { readonly kind: 'FAULT'; readonly fault: SoapFault; readonly httpStatus: number }
  | {
      readonly kind: 'NOT_SENT'
      /**
       * BODY_INVALID: the value does not fit the contract, trying again will not help. STALLED: we were too late to begin. The others are about the
       * way there.
       */
      readonly why: 'BODY_INVALID' | 'UNREACHABLE' | 'DEADLINE' | 'ABORTED' | 'STALLED'
      readonly cause: string
      readonly field?: string
    }
  | { readonly kind: 'HTTP_ERROR'; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: 'NO_ANSWER'; readonly cause: NoAnswerCause; readonly detail: string }

export type NoAnswerCause =
  | 'TIMEOUT'
  | 'RESET'
  | 'BROKEN_REPLY'
  | 'TOO_LARGE'
  | 'WRONG_CONTENT_TYPE'
  | 'HOSTILE_XML'
  | 'OTHER_ANSWER'
  | 'NOT_UNDERSTOOD'
  | 'ABORTED'

export interface CallEvidence {
  /** The envelope without its security header, and with a word in place of each file that was given as bytes. */
  readonly requestXml: string
  /** The first 64 KB of the answer. */
  readonly responseText?: string
  readonly httpStatus?: number
  /** Of the whole answer's body, as it came. */
  readonly responseBytes?: number
  readonly elapsedMs: number
}

/** Looks at the header blocks of a reply; a sentence means that it answers another request than ours. */
export type CheckReplyHeaders = (blocks: readonly XmlNode[]) => string | undefined
