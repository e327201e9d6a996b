import pg from 'pg'
import { errorCode, StartError } from './start-error.js'

const OLDEST_VERSION = 130_000

/** What a code of node or PostgreSQL means for the person who wrote the address. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'máy chủ không nhận kết nối',
  ENOTFOUND: 'không có máy chủ tên này',
  EAI_AGAIN: 'không có máy chủ tên này',
  ETIMEDOUT: 'máy chủ không trả lời',
  ECONNRESET: 'máy chủ ngắt kết nối',
  EHOSTUNREACH: 'không tới được máy chủ',
  '28P01': 'sai tài khoản hoặc mật khẩu',
  '28000': 'tài khoản không được phép',
  '3D000': 'không có cơ sở dữ liệu này',
  '53300': 'máy chủ đã hết kết nối',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'chứng chỉ TLS của máy chủ không được tin',
  SELF_SIGNED_CERT_IN_CHAIN: 'chứng chỉ TLS của máy chủ không được tin',
}

/** Of what the driver says without a code. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/timeout/i, 'máy chủ không trả lời'],
  [/password must be/i, 'địa chỉ thiếu mật khẩu'],
  [/does not support SSL/i, 'máy chủ không dùng TLS, hãy bỏ sslmode khỏi địa chỉ'],
  [/invalid response|terminated unexpectedly/i, 'ở cổng này không phải là máy chủ PostgreSQL, hoặc nó vừa ngắt kết nối'],
]

const meaningOf = (error: unknown): string => {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = errorCode(error) ?? errorCode(first)
  if (code !== undefined) return `${MEANINGS[code] ?? 'lỗi'} (${code})`
  const said = first instanceof Error ? first.message : String(first)
  return SAID.find(([pattern]) => pattern.test(said))?.[1] ?? `“${said}”`
}

/** Throws a StartError with one sentence when the address is broken, nobody answers, or the server is too old. */
export const checkDatabase = async (connectionString: string, name = 'DATABASE_URL'): Promise<void> => {
  if (!/^postgres(ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString))
    throw new StartError(`${name} không phải địa chỉ PostgreSQL, ví dụ postgresql://tai-khoan:mat-khau@may-chu:5432/lienthong.`)
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`)
    if ((rows[0]?.version ?? 0) < OLDEST_VERSION) throw new StartError(`${name}: cần PostgreSQL 13 trở lên.`)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`Không kết nối được PostgreSQL theo ${name}: ${meaningOf(error)}.`)
  } finally {
    await client.end().catch(() => undefined)
  }
}
