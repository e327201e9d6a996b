/**
 * The closed list of what this code throws. What a foreign system did is never thrown: it is a value
 * (`DeliveryOutcome`, `CallResult`). An expected refusal to a caller is a member of a GraphQL result union.
 * A message is a sentence in Vietnamese that an officer understands; it never holds personal data.
 */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'ILLEGAL_TRANSITION'
  | 'STALE_WRITE'
  | 'UPSTREAM_UNAVAILABLE'
  | 'MAPPING_FAILED'
  | 'CONFIGURATION'

export interface ErrorDetail {
  /** Dotted path of the input field at fault, in the caller's own names. */
  readonly field?: string
  /** The foreign system concerned. */
  readonly system?: string
  /** A finer, stable code inside `code`, such as `UNKNOWN_PROCEDURE`. */
  readonly reason?: string
}

export class GatewayError extends Error {
  override readonly name = 'GatewayError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail: ErrorDetail = {},
  ) {
    super(message)
  }
}

export const invalidInput = (reason: string, field: string, message: string): GatewayError =>
  new GatewayError('INVALID_INPUT', message, { reason, field })

export const notFound = (what: string): GatewayError => new GatewayError('NOT_FOUND', `Không tìm thấy ${what}.`)
