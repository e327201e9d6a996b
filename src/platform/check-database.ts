import pg from 'pg'
import { errorCode, StartError } from './start-error.js'

const OLDEST_VERSION = 130_000

type Meaning = readonly [vietnamese: string, english: string]

/** What a code of node or PostgreSQL means for the person who wrote the address. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: ['máy chủ không nhận kết nối', 'the server takes no connections'],
  ENOTFOUND: ['không có máy chủ tên này', 'there is no server of this name'],
  EAI_AGAIN: ['không có máy chủ tên này', 'there is no server of this name'],
  ETIMEDOUT: ['máy chủ không trả lời', 'the server does not answer'],
  ECONNRESET: ['máy chủ ngắt kết nối', 'the server hangs up'],
  EHOSTUNREACH: ['không tới được máy chủ', 'the server cannot be reached'],
  '28P01': ['sai tài khoản hoặc mật khẩu', 'wrong account or password'],
  '28000': ['tài khoản không được phép', 'the account is not allowed'],
  '3D000': ['không có cơ sở dữ liệu này', 'there is no such database'],
  '53300': ['máy chủ đã hết kết nối', 'the server has no connections left'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['chứng chỉ TLS của máy chủ không được tin', "the server's TLS certificate is not trusted"],
  SELF_SIGNED_CERT_IN_CHAIN: ['chứng chỉ TLS của máy chủ không được tin', "the server's TLS certificate is not trusted"],
}

/** Of what the driver says without a code. */
const SAID: readonly (readonly [RegExp, Meaning])[] = [
  [/timeout/i, ['máy chủ không trả lời', 'the server does not answer']],
  [/password must be/i, ['địa chỉ thiếu mật khẩu', 'the address lacks a password']],
  [
    /does not support SSL/i,
    ['máy chủ không dùng TLS, hãy bỏ sslmode khỏi địa chỉ', 'the server uses no TLS, take sslmode out of the address'],
  ],
  [
    /invalid response|terminated unexpectedly/i,
    [
      'ở cổng này không phải là máy chủ PostgreSQL, hoặc nó vừa ngắt kết nối',
      'what is at this port is no PostgreSQL server, or it has just hung up',
    ],
  ],
]

const meaningOf = (error: unknown): Meaning => {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = errorCode(error) ?? errorCode(first)
  if (code !== undefined) {
    const [vietnamese, english] = MEANINGS[code] ?? ['lỗi', 'error']
    return [`${vietnamese} (${code})`, `${english} (${code})`]
  }
  const said = first instanceof Error ? first.message : String(first)
  return SAID.find(([pattern]) => pattern.test(said))?.[1] ?? [`“${said}”`, `“${said}”`]
}

/** Throws a StartError with one sentence when the address is broken, nobody answers, the server is too old, or the database cannot hold Vietnamese. */
export const checkDatabase = async (connectionString: string, name = 'DATABASE_URL'): Promise<void> => {
  if (!/^postgres(ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString))
    throw new StartError(
      `${name} không phải địa chỉ PostgreSQL, ví dụ postgresql://tai-khoan:mat-khau@may-chu:5432/lienthong.`,
      `${name} is no PostgreSQL address, such as postgresql://account:password@server:5432/lienthong.`,
    )
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number; encoding: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
    )
    const { version = 0, encoding = '' } = rows[0] ?? {}
    if (version < OLDEST_VERSION) throw new StartError(`${name}: cần PostgreSQL 13 trở lên.`, `${name}: PostgreSQL 13 or newer is needed.`)
    // As initdb makes them where no locale is set: Vietnamese names could neither be compared nor searched.
    if (encoding !== 'UTF8')
      throw new StartError(
        `${name}: cơ sở dữ liệu dùng mã hóa ${encoding}, cần UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0).`,
        `${name}: the encoding of the database is ${encoding}, UTF8 is needed (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0).`,
      )
  } catch (error) {
    if (error instanceof StartError) throw error
    const [vietnamese, english] = meaningOf(error)
    throw new StartError(
      `Không kết nối được PostgreSQL theo ${name}: ${vietnamese}.`,
      `PostgreSQL cannot be reached by ${name}: ${english}.`,
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}
