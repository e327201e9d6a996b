import { randomUUID } from 'node:crypto'
import { ApolloServerValidationErrorCode, unwrapResolverError } from '@apollo/server/errors'
import type { ValidationError } from 'class-validator'
import type { GraphQLFormattedError } from 'graphql'
import { GraphQLError } from 'graphql'
import { ArgumentValidationError } from 'type-graphql'
import { GatewayError, isUnavailable, NOT_READ, RETRY_AFTER_S, type StoredDoubt, UNAVAILABLE_SENTENCES } from '../errors.js'
import type { ApiLogger } from './dependencies.js'
import { UNKNOWN_ID } from './persisted-operations.js'

/** GraphQL's own complaints about a request, before a resolver runs. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

/** What Apollo says of a document's id, in our words. */
const OF_PERSISTED: Readonly<Record<string, string>> = {
  PERSISTED_QUERY_NOT_FOUND: UNKNOWN_ID,
  PERSISTED_QUERY_NOT_SUPPORTED: 'Cổng này không có danh sách câu truy vấn đã đăng ký: hãy gửi cả câu truy vấn.',
}

const FROM_ANOTHER_PAGE =
  'Yêu cầu bị chặn để trang web khác không gửi được thay người dùng: hãy đặt Content-Type: application/json, hoặc đầu mục Apollo-Require-Preflight.'

/** What Apollo refuses in words that speak to whoever wrote the server. */
const inOurWords = ({ message, extensions }: GraphQLError): { message: string; reason: string } | undefined => {
  if (extensions.validationErrorCode === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED)
    return { message: 'Cổng này không cho đọc lược đồ.', reason: 'QUERY_INTROSPECTION_OFF' }
  return message.includes('Cross-Site Request Forgery') ? { message: FROM_ANOTHER_PAGE, reason: 'REQUEST_FROM_ANOTHER_PAGE' } : undefined
}

const TOO_MANY_TOKENS = /more th[ae][nt] \d+ tokens/

interface Violation {
  readonly field: string
  readonly message: string
}

/** The first violated rule: its dotted path in the caller's own names and its sentence. */
const firstViolation = (errors: readonly ValidationError[], path = ''): Violation | undefined => {
  for (const error of errors) {
    const field = path === '' ? error.property : `${path}.${error.property}`
    const message = Object.values(error.constraints ?? {})[0]
    if (message !== undefined) return { field, message }
    const nested = firstViolation(error.children ?? [], field)
    if (nested) return nested
  }
  return undefined
}

/** What is refused of an input by a declared rule. */
export const readViolation = (error: ArgumentValidationError): { reason: string; field: string | null; message: string } => {
  const violation = firstViolation(error.extensions.validationErrors)
  return { reason: 'RULE_VIOLATED', field: violation?.field ?? null, message: violation?.message ?? 'Dữ liệu gửi lên không hợp lệ.' }
}

const extensionsOf = (error: GatewayError): Record<string, unknown> => {
  const { reason, field, system } = error.detail
  return {
    code: error.code,
    ...(reason && { reason }),
    ...(field && { field }),
    ...(system && { system }),
    ...(error.code === 'UNAVAILABLE' && { retryAfterSeconds: RETRY_AFTER_S }),
  }
}

/** Where code stood, without messages: those of a driver or of a library may quote the data that it worked on. */
const framesOf = (error: unknown): string[] =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .filter((line) => line.startsWith('    at '))
        .slice(0, 12)
    : []

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
const kindOf = (cause: unknown): string => (cause instanceof Error ? cause.constructor.name : typeof cause)

/** How an answer ends whose reader has left: a page that was closed or gone on from. Nothing has failed, and nobody hears of it. */
const READER_GONE = ['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE']
export const isReaderGone = (cause: unknown): boolean => READER_GONE.includes(codeOf(cause) ?? '')

const internal = (cause: unknown, place: GraphQLFormattedError, logger: ApiLogger): GraphQLFormattedError => {
  const referenceId = randomUUID()
  logger.error(
    { referenceId, kind: kindOf(cause), code: codeOf(cause), path: place.path?.join('.'), frames: framesOf(cause) },
    'an answer failed',
  )
  return {
    ...place,
    message: `Hệ thống gặp lỗi ngoài dự kiến. Vui lòng thử lại hoặc báo mã ${referenceId} cho bộ phận hỗ trợ.`,
    extensions: { code: 'INTERNAL', referenceId },
  }
}

/** What Apollo says of a request that it does not look into, in our words. */
const OF_REQUEST: readonly (readonly [says: string, inVietnamese: string])[] = [
  ['must contain a non-empty `query`', 'Yêu cầu không có câu truy vấn: hãy đặt "query" (hoặc "documentId" của một câu đã đăng ký).'],
  ['POST body missing', 'Yêu cầu không có nội dung: hãy gửi JSON có "query", với Content-Type: application/json.'],
  ['batching disabled', 'Cổng không nhận nhiều yêu cầu trong một: hãy gửi từng yêu cầu.'],
  ["'accept' header", 'Câu trả lời này là JSON: hãy thêm application/json vào Accept, cạnh multipart/mixed nếu có.'],
]

/** `Variable "$input" got invalid value "…" at "input.dueAt"; …`: the path without the variable's own name. It writes `a[0].b` for our `a.0.b`. */
const VALUE_PLACE = /^Variable "\$(\w+)" got invalid value .*?(?: at "(?:\w+\.)?([^"]+)")?; /s

/** A variable of which there is nothing, though there must be. */
const VARIABLE_MISSING = /^Variable "\$(\w+)" of (?:required|non-null) type /

/**
 * What GraphQL says of an argument when a field is already being answered: before, it lets a variable that may be null stand where null may not, as long as there is
 * a default.
 */
const ARGUMENT = /^Argument "(\w+)" (?:(of (?:required|non-null) type )|has invalid value )/

/** What GraphQL says of a variable's value, with the name of a field in it. */
const MISSING = /^(?:Field "(\w+)" of required type|Expected non-nullable type)/
const UNKNOWN = /^Field "(\w+)" is not defined/

interface RefusedValue {
  readonly field: string
  readonly message: string
}

const missingValue = (field: string): RefusedValue => ({ field, message: `Thiếu giá trị bắt buộc "${field}".` })
const wrongType = (field: string): RefusedValue => ({ field, message: `Giá trị của "${field}" không đúng kiểu.` })

/**
 * A variable's value that is refused: the caller's own path of it, and a sentence without the value, which may name a person. None for what is wrong elsewhere in a
 * request.
 */
const refusedValueOf = (error: GraphQLError): RefusedValue | undefined => {
  const [, unset] = VARIABLE_MISSING.exec(error.message) ?? []
  if (unset !== undefined) return missingValue(unset)
  const [head, variable, path] = VALUE_PLACE.exec(error.message) ?? []
  if (head === undefined || variable === undefined) return undefined
  const why = error.message.slice(head.length)
  const [isMissing, missing] = MISSING.exec(why) ?? []
  const [, unknown] = UNKNOWN.exec(why) ?? []
  const place = [path?.replaceAll(/\[(\d+)\]/g, '.$1'), missing ?? unknown].filter((part) => part !== undefined)
  const field = place.length > 0 ? place.join('.') : variable
  if (isMissing !== undefined) return missingValue(field)
  return unknown === undefined ? wrongType(field) : { field, message: `Không có trường "${field}".` }
}

/** An argument's value that is refused, by GraphQL itself and not by a resolver of ours. */
const refusedArgumentOf = (error: GraphQLError, cause: unknown): RefusedValue | undefined => {
  if (!(cause instanceof GraphQLError) || cause.extensions.code !== undefined) return undefined
  const [, argument, missing] = ARGUMENT.exec(error.message) ?? []
  if (argument === undefined) return undefined
  return missing === undefined ? wrongType(argument) : missingValue(argument)
}

/** What one of our scalars says of a variable's value: its sentence, without the value itself. */
const wrongValueOf = (error: GraphQLError): string | undefined => {
  const said = error.originalError
  return said instanceof GraphQLError && said.extensions.code === 'BAD_USER_INPUT' ? said.message : undefined
}

/** What Apollo refuses with a status of the caller's, and no code: the hash of another document, say. */
const isRequestFault = ({ extensions, originalError }: GraphQLError): boolean => {
  const status = (extensions.http as { status?: number } | undefined)?.status ?? 500
  return originalError === undefined && status >= 400 && status < 500
}

/** How much was asked, and how much may be. */
const figuresOf = ({ extensions }: GraphQLError): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extensions).filter(([, value]) => typeof value === 'number'))

/**
 * What a caller is told of an error: the stable code of a `GatewayError` with its field, INVALID_INPUT for a request that GraphQL or a
 * declared rule refuses, and for anything else INTERNAL with a reference that stands in the log, and nothing more.
 */
export const mapError = (error: unknown, logger: ApiLogger): GraphQLFormattedError => {
  const cause = unwrapResolverError(error)
  const place =
    error instanceof GraphQLError ? { ...(error.path && { path: error.path }), ...(error.locations && { locations: error.locations }) } : {}
  if (isUnavailable(cause))
    logger.warn({ reason: cause.detail.reason, kind: kindOf(cause.cause), code: codeOf(cause.cause) }, 'the database cannot be used')
  if (cause instanceof GatewayError) return { ...place, message: cause.message, extensions: extensionsOf(cause) }
  if (cause instanceof ArgumentValidationError) {
    const { reason, field, message } = readViolation(cause)
    return { ...place, message, extensions: { code: 'INVALID_INPUT', reason, ...(field !== null && { field }) } }
  }
  if (!(error instanceof GraphQLError)) return internal(cause, { message: '', ...place }, logger)
  const code = error.extensions.code
  if (TOO_MANY_TOKENS.test(error.message))
    return { ...place, message: 'Câu truy vấn quá dài.', extensions: { code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_TOKENS' } }
  const own = inOurWords(error)
  if (own) return { ...place, message: own.message, extensions: { code: 'INVALID_INPUT', reason: own.reason } }
  // Apollo puts its own code over that of a rule, and keeps the reason.
  const { reason } = error.extensions
  if (typeof reason === 'string' && reason.startsWith('QUERY_'))
    return { ...place, message: error.message, extensions: { code: 'INVALID_INPUT', reason, ...figuresOf(error) } }
  const refusedByUs = error.originalError
  if (refusedByUs instanceof GatewayError) return { ...place, message: refusedByUs.message, extensions: extensionsOf(refusedByUs) }
  if (code === 'UNAUTHENTICATED')
    return { ...place, message: error.message, extensions: { code, ...(typeof reason === 'string' && { reason }) } }
  if (typeof code === 'string' && REQUEST_FAULTS.has(code)) {
    const refused = refusedValueOf(error)
    const said = OF_PERSISTED[code] ?? OF_REQUEST.find(([says]) => error.message.includes(says))?.[1]
    const message = said ?? wrongValueOf(error) ?? refused?.message ?? `Câu truy vấn không hợp lệ: ${error.message}`
    return { ...place, message, extensions: { code: 'INVALID_INPUT', reason: code, ...(refused && { field: refused.field }) } }
  }
  const argument = refusedArgumentOf(error, cause)
  if (argument)
    return { ...place, message: argument.message, extensions: { code: 'INVALID_INPUT', reason: 'BAD_USER_INPUT', field: argument.field } }
  if (isRequestFault(error))
    return {
      ...place,
      message: `Câu truy vấn không hợp lệ: ${error.message}`,
      extensions: { code: 'INVALID_INPUT', reason: 'BAD_REQUEST' },
    }
  return internal(cause, { message: '', ...place }, logger)
}

/**
 * What a mutation could not read before it did anything: its caller has to know that it is not done. What was stored before a read that failed is in doubt
 * (`inDoubt`), and a part of its answer (a longer path) is a read like any other.
 */
export const asOfMutation = (error: GraphQLFormattedError): GraphQLFormattedError =>
  error.extensions?.reason === NOT_READ && (error.path?.length ?? 0) <= 1
    ? {
        ...error,
        message: UNAVAILABLE_SENTENCES.NOT_STORED,
        extensions: { ...error.extensions, reason: 'NOT_STORED' satisfies StoredDoubt },
      }
    : error
