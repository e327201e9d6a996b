import type { Operation } from '../model/system.js'
import type { OperationTraits } from './target-system.js'

/** How one foreign system is reached and what may be expected of it. Built by `config/` from file and environment; adapters take it whole. */
export interface SystemSettings {
  readonly endpoint: string
  /** Path of the WSDL in use; the adapter ships one, a site may name its own. */
  readonly wsdlPath: string
  /** Port of the WSDL; its first SOAP port without. */
  readonly wsdlPort?: string
  /** How we authenticate to them (WS-Security UsernameToken); by a digest unless said otherwise. */
  readonly credentials?: Credentials & { readonly passwordType?: 'DIGEST' | 'TEXT' }
  /** How they authenticate to us on the inbound service. */
  readonly inboundCredentials?: Credentials
  readonly timeouts: { readonly connectMs: number; readonly headersMs?: number | undefined; readonly bodyMs?: number | undefined }
  readonly maxReplyBytes: number
  readonly maxRequestBytes: number
  readonly maxAttachmentBytes: number
  readonly connections: number
  readonly operations: Readonly<Partial<Record<Operation, OperationTraits>>>
  /** Deadline of a read (inquiry, look-up, poll). */
  readonly readDeadlineMs: number
  /** IANA zone of instants that the system writes without an offset. */
  readonly timeZone: string
  /** IANA zone of those in the messages that it sends us by itself; UTC without. */
  readonly callbackTimeZone?: string
  readonly poll: { readonly overlap: bigint; readonly pageSize: number }
}

export interface Credentials {
  readonly username: string
  readonly password: string
}
