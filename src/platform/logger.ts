import { isNativeError } from 'node:util/types'
import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino'
import { loggedSentence } from '../errors.js'
import { currentCorrelationId } from './correlation.js'

export type { Logger } from 'pino'

/** What stands in a log line instead of a secret or of a person's data. */
const masked = '[che]'

/**
 * Keys whose values are secrets, whole messages of foreign systems, or personal data, ours and the foreign systems' wire
 * names. Compared without case, `_` and `-`, at every depth.
 */
const maskedKeys = new Set(
  [
    // secrets
    ...['password', 'passwd', 'secret', 'token', 'jwt', 'authorization', 'cookie', 'setCookie', 'apiKey', 'privateKey', 'connectionString'],
    ...['databaseUrl', 'redisUrl', 'matKhau', 'nonce', 'signature'],
    // whole messages
    ...['envelope', 'soapEnvelope', 'xml', 'body', 'requestBody', 'responseBody', 'rawBody', 'payload', 'variables', 'lastRequest'],
    // people
    ...[
      'fullName',
      'name',
      'applicant',
      'applicantName',
      'idNumber',
      'identityNumber',
      'phone',
      'phoneNumber',
      'email',
      'address',
      'birthDate',
    ],
    ...['taxCode', 'bankAccount', 'party', 'parties', 'hoTen', 'tenChuHoSo', 'chuHoSo', 'nguoiNop', 'nguoiNopHoSo', 'tenNguoiNop'],
    ...[
      'soGiayTo',
      'soCMND',
      'cmnd',
      'cccd',
      'soCCCD',
      'soDinhDanh',
      'dienThoai',
      'soDienThoai',
      'diDong',
      'diaChi',
      'diaChiThuongTru',
      'ngaySinh',
    ],
    ...['hoVaTen', 'maSoThue', 'thuDienTu'],
  ].map(normaliseKey),
)

const deepest = 6
const longestText = 500

function normaliseKey(key: string): string {
  return key.replaceAll(/[_-]/g, '').toLowerCase()
}

/** Of keys that were asked about: lines have few, and each line has them again. */
const judgedKeys = new Map<string, boolean>()
const MOST_JUDGED = 2_000

function isMasked(key: string): boolean {
  const known = judgedKeys.get(key)
  if (known !== undefined) return known
  const judged = maskedKeys.has(normaliseKey(key))
  if (judgedKeys.size < MOST_JUDGED) judgedKeys.set(key, judged)
  return judged
}

/** An address with its password removed, wherever one stands inside a text; markup is not passed on at all. */
function cleanText(text: string): string {
  if (text.length <= longestText && !text.includes('<') && !text.includes('://')) return text
  if (/<\/?[\w-]+:?(envelope|body|security)\b/i.test(text)) return masked
  const cleaned = text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]*@/gi, `$1:${masked}@`)
  return cleaned.length > longestText ? `${cleaned.slice(0, longestText)}…` : cleaned
}

/**
 * The first line of what it says, or its code: Prisma begins with an empty line, and goes on with the arguments of the call. Then that of its cause, if that
 * is an error: drivers hang objects there that quote the row.
 */
function messageOf(error: Error, depth = 0): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const said = loggedSentence(error.message.split(/\n/)[0]?.trim() ?? '') || code
  return isNativeError(error.cause) && depth < deepest ? `${said}: ${messageOf(error.cause, depth + 1)}` : said
}

/** An error's kind, code and message; none of its other fields, which may hold requests and passwords. */
function cleanError(error: Error): Record<string, unknown> {
  const { type, stack } = stdSerializers.err(error)
  const code = 'code' in error ? error.code : undefined
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const cause = isNativeError(error.cause) ? { cause: cleanError(error.cause) } : {}
  return {
    type,
    ...(typeof code === 'string' ? { code } : {}),
    message: cleanText(messageOf(error)),
    stack: frames.join('\n'),
    ...cause,
  }
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return value
  if (isNativeError(value)) return cleanError(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (depth >= deepest) return '[…]'
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1))
  const entries = Object.entries(value).map(([key, item]) => [key, isMasked(key) ? masked : clean(item, depth + 1)])
  return Object.fromEntries(entries)
}

export interface LoggerSettings {
  /** The program: gateway, worker, sandbox … */
  name: string
  /** trace, debug, info, warn, error, fatal or silent. Default info. */
  level?: string
}

/**
 * A logger that writes one JSON object a line to stderr (or to `destination`), with the correlation id of the moment.
 *
 * What it guarantees: no secret, no foreign message and no personal data under a known key reaches a line, at any depth,
 * also inside errors. Messages are written by us and are to hold ids alone; passwords in addresses are cut out of them.
 */
export function createLogger({ name, level = 'info' }: LoggerSettings, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { program: name, pid: process.pid },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => clean(fields, 0) as Record<string, unknown>,
    },
    mixin: () => {
      const correlationId = currentCorrelationId()
      return correlationId === undefined ? {} : { correlationId }
    },
    hooks: {
      logMethod(callArguments, method) {
        const [first, ...rest] = callArguments as unknown[]
        // An error given alone would become the message of the line as it is.
        const whole = isNativeError(first) && rest.length === 0 ? [{ err: first }, first.message] : callArguments
        const cleaned = whole.map((argument) => (typeof argument === 'string' ? cleanText(argument) : argument))
        method.apply(this, cleaned as Parameters<typeof method>)
      },
    },
    // Our own cleaning has made a plain object of it already.
    serializers: { err: (value: unknown) => value },
  }
  const logger = pino(options, destination ?? pino.destination({ dest: 2, sync: true }))
  cleanChildren(logger)
  return logger
}

/** pino writes a child's own fields without asking the formatters, so they are cleaned on their way in. */
function cleanChildren(logger: Logger): void {
  const makeChild = logger.child
  const makeCleanChild = function (this: Logger, fields: Bindings, options?: ChildLoggerOptions): Logger {
    return Reflect.apply(makeChild, this, [clean(fields, 0), options]) as Logger
  }
  Object.assign(logger, { child: makeCleanChild })
}
