import type { Sql } from '../platform/database.js'

/** Sẵn sàng: whether the gateway can read and write its database now. It answers within two seconds, also when the database does not. */
export interface Readiness {
  readonly ok: boolean
  readonly checks: { readonly database: boolean; readonly databaseWritable: boolean }
  /** A sentence in Vietnamese; only when it is not ready. */
  readonly reason?: string
}

const PATIENCE_MS = 2_000

const unreachable: Readiness = {
  ok: false,
  checks: { database: false, databaseWritable: false },
  reason: 'Không kết nối được cơ sở dữ liệu.',
}

export const readReadiness = async (sql: Sql): Promise<Readiness> => {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve(unreachable), PATIENCE_MS)
  })
  const asked = sql
    .query<{ readOnly: boolean }>(`SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "readOnly"`)
    .then(([row]) => (row?.readOnly ? readOnly : ready))
    .catch(() => unreachable)
  const answer = await Promise.race([asked, silence])
  clearTimeout(timer)
  return answer
}

const ready: Readiness = { ok: true, checks: { database: true, databaseWritable: true } }

const readOnly: Readiness = {
  ok: false,
  checks: { database: true, databaseWritable: false },
  reason: 'Cơ sở dữ liệu chỉ cho đọc: chưa nhận được hồ sơ mới.',
}
