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
  /** Our own database cannot be reached or written now; answered with HTTP 503 and Retry-After. */
  | 'UNAVAILABLE'

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
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

/** Thrown by what a program is configured with and cannot work with; `english` as of a StartError: programs print both. */
export class UnusableConfiguration extends GatewayError {
  constructor(
    vietnamese: string,
    readonly english: string,
  ) {
    super('CONFIGURATION', vietnamese)
  }
}

export const invalidInput = (reason: string, field: string, message: string): GatewayError =>
  new GatewayError('INVALID_INPUT', message, { reason, field })

export const notFound = (what: string): GatewayError => new GatewayError('NOT_FOUND', `Không tìm thấy ${what}.`)

/** Seconds after which a caller may try again when our database could not be used. */
export const RETRY_AFTER_S = 5

/**
 * NOT_STORED: certainly nothing of the request was kept. PERHAPS_STORED: the answer of the database was lost, or a later step failed after something was
 * kept; the same request with the same idempotency key finds it.
 */
export type StoredDoubt = 'NOT_STORED' | 'PERHAPS_STORED'

export const UNAVAILABLE_SENTENCES: Record<StoredDoubt, string> = {
  NOT_STORED: 'Hệ thống tạm thời không ghi được dữ liệu: chưa nhận, xin gửi lại sau.',
  PERHAPS_STORED:
    'Hệ thống mất kết nối dữ liệu giữa chừng: chưa rõ đã nhận hay chưa, xin gửi lại đúng yêu cầu này với cùng khóa; đã nhận rồi thì không nhận hai lần.',
}

/** The same for the log: there nobody is to send anything again, what works in the background tries again by itself. */
const LOGGED_SENTENCES: ReadonlyMap<string, string> = new Map([
  [UNAVAILABLE_SENTENCES.NOT_STORED, 'Cơ sở dữ liệu không dùng được: chưa ghi gì.'],
  [UNAVAILABLE_SENTENCES.PERHAPS_STORED, 'Mất kết nối hoặc quá thời gian ở cơ sở dữ liệu: chưa rõ đã ghi hay chưa.'],
])

/** Takes a message of an error. */
export const loggedSentence = (message: string): string => LOGGED_SENTENCES.get(message) ?? message

export const unavailable = (doubt: StoredDoubt, cause: unknown): GatewayError =>
  new GatewayError('UNAVAILABLE', UNAVAILABLE_SENTENCES[doubt], { reason: doubt }, cause)

/** Of a read: nothing was to be stored. */
export const unreadable = (cause: unknown): GatewayError =>
  new GatewayError('UNAVAILABLE', 'Hệ thống tạm thời không đọc được dữ liệu: xin thử lại sau ít giây.', { reason: NOT_READ }, cause)

export const NOT_READ = 'NOT_READ'

/** Somebody else holds what is to be changed: nothing was. */
export const lockedTooLong = (cause: unknown): GatewayError =>
  new GatewayError('UNAVAILABLE', LOCKED, { reason: 'NOT_STORED' satisfies StoredDoubt }, cause)

const LOCKED = 'Dữ liệu này đang bị một thao tác khác giữ quá lâu: chưa ghi gì, xin thử lại sau ít giây.'

/** This alone has to wait, not whatever else is to be done. */
export const isLockedTooLong = (error: unknown): boolean => isUnavailable(error) && error.message === LOCKED

export const isUnavailable = (error: unknown): error is GatewayError => error instanceof GatewayError && error.code === 'UNAVAILABLE'

/** For a step that comes after something was stored: what it could not do says nothing about that. */
export const inDoubt = (error: unknown): unknown => (isUnavailable(error) ? unavailable('PERHAPS_STORED', error.cause) : error)
