import pg from 'pg'
import { errorCode, StartError } from './start-error.js'

const OLDEST_VERSION = 130_000

/** What a code of node or PostgreSQL means for the person who wrote the address. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'máy chủ không nhận kết nối',
  ENOTFOUND: 'không có máy chủ tên này',
  EAI_AGAIN: 'không có máy chủ tên này',
  ETIMEDOUT: 'máy chủ không trả lời',
  '28P01': 'sai mật khẩu',
  '28000': 'tài khoản không được phép',
  '3D000': 'không có cơ sở dữ liệu này',
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
    const code = errorCode(error) ?? (error instanceof AggregateError ? errorCode(error.errors[0]) : undefined) ?? 'ETIMEDOUT'
    throw new StartError(`Không kết nối được PostgreSQL theo ${name}: ${MEANINGS[code] ?? 'lỗi'} (${code}).`)
  } finally {
    await client.end().catch(() => undefined)
  }
}
