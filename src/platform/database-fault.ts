import { TOO_LONG } from './transaction-time.js'

/**
 * Sự cố cơ sở dữ liệu: what of a database's error is about the database and not about the data: it is down, starting, read-only, full, out of
 * connections, or the connection was lost. Told apart is whether the statement certainly did nothing, or may have been committed though
 * its answer never came (a connection cut during COMMIT, a time-out): the second is never called "not stored". LOCKED: certainly nothing, for somebody else
 * holds for too long what it needs.
 */
export type DatabaseFault = 'NOT_DONE' | 'LOCKED' | 'PERHAPS_DONE'

/** SQLSTATE classes and codes with which the server itself says that it did not do it. */
const REFUSED_STATES = [
  '25006', // read-only transaction: a standby, or default_transaction_read_only
  '53', // disk full, out of memory, too many connections
  '57P03', // cannot connect now: starting or stopping
  '40001', // serialization failure
  '40P01', // deadlock
  '28', // this account may not connect (now)
  '3D000', // the database is not there (now)
]
const LOCK_NOT_AVAILABLE = '55P03'
/** After these the outcome is open: the server was told to end, or the connection broke. */
const BROKEN_STATES = ['57P01', '57P02', '57P05', '57014', '08', '58', 'XX001', 'XX002']

/** No connection, or a transaction that was never committed. */
const NOT_DONE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'P1001',
  'P2024',
  TOO_LONG,
])
const BROKEN_CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'P1002', 'P1008', 'P1017', 'P2028'])
/** node-postgres and Prisma's adapter say these in words alone. */
const NO_CONNECTION_WORDS = /timeout exceeded when trying to connect|Can't reach database server|DatabaseNotReachable|TooManyConnections/
const BROKEN_WORDS =
  /Connection terminated|connection error and is not queryable|Query read timeout|Client was closed|server closed the connection|ConnectionClosed|SocketTimeout|Transaction already closed|Cannot use a pool after calling end/

interface Told {
  readonly codes: readonly string[]
  readonly words: string
}

/** All codes and words of an error and of what it was caused by, as deep as drivers nest them. */
const toldBy = (error: unknown, depth = 0): Told => {
  if (error === null || typeof error !== 'object' || depth > 5) return { codes: [], words: '' }
  const { code, originalCode, kind, message, cause, meta, driverAdapterError, errors } = error as Readonly<Record<string, unknown>>
  const inner = [cause, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])].map((part) => toldBy(part, depth + 1))
  const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])
  return {
    codes: [...text(code), ...text(originalCode), ...inner.flatMap(({ codes }) => codes)],
    words: [...text(kind), ...text(message), ...inner.map(({ words }) => words)].join('\n'),
  }
}

/** What the server, the driver and the client have each called it. */
export const codesOf = (error: unknown): readonly string[] => toldBy(error).codes

/** Undefined: the database works; the statement or its data was wrong. */
export const databaseFaultOf = (error: unknown): DatabaseFault | undefined => {
  const { codes, words } = toldBy(error)
  const starts = (states: readonly string[]): boolean =>
    codes.some((code) => code.length === 5 && states.some((state) => code.startsWith(state)))
  if (starts(BROKEN_STATES) || codes.some((code) => BROKEN_CODES.has(code)) || BROKEN_WORDS.test(words)) return 'PERHAPS_DONE'
  if (codes.includes(LOCK_NOT_AVAILABLE)) return 'LOCKED'
  if (starts(REFUSED_STATES) || codes.some((code) => NOT_DONE_CODES.has(code)) || NO_CONNECTION_WORDS.test(words)) return 'NOT_DONE'
  return undefined
}
