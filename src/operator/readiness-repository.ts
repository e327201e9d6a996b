import type { Sql } from '../platform/database.js'

/**
 * Sẵn sàng: whether the program can read and write its database now, which is all that taking a dossier in needs. It answers within two seconds, also when the database
 * does not. A queue that cannot be reached is told and takes nobody out of service: what was taken in waits in the table, and another gateway would reach it no better.
 */
export interface Readiness {
  readonly ok: boolean
  /** `queue`: of one that is not in the database. */
  readonly checks: { readonly database: boolean; readonly databaseWritable: boolean; readonly queue?: boolean }
  /** A sentence in Vietnamese; only when it is not ready. */
  readonly reason?: string
  /** What does not work though it is ready: sentences in Vietnamese. */
  readonly degraded?: readonly string[]
}

const PATIENCE_MS = 2_000

const unreachable: Readiness = {
  ok: false,
  checks: { database: false, databaseWritable: false },
  reason: 'Không kết nối được cơ sở dữ liệu.',
}

/** `queue`: how one stands that is not in the database. */
export const readReadiness = async (sql: Sql, queue?: { readonly awaySince: Date | undefined }): Promise<Readiness> => {
  const { checks, ...told } = await readDatabase(sql)
  if (!queue) return { ...told, checks }
  const { awaySince } = queue
  if (!awaySince) return { ...told, checks: { ...checks, queue: true } }
  const sentence = `Hàng đợi không tới được từ ${awaySince.toISOString()}: hồ sơ vẫn được nhận, lượt liên thông nằm chờ trong bảng.`
  return { ...told, checks: { ...checks, queue: false }, degraded: [sentence] }
}

const readDatabase = async (sql: Sql): Promise<Readiness> => {
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
