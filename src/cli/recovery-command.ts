import { userInfo } from 'node:os'
import { GatewayError } from '../errors.js'
import { closeRecovery, openRecovery, readRecovery } from '../operator/recover-from-backup.js'
import type { Database } from '../platform/database.js'
import type { Printer } from './printer.js'

/** `lienthong recovery status | open | close`: after a restore from a backup, see `operator/recover-from-backup.ts`. */
export const recoveryStatusCommand = async (db: Database, printer: Printer): Promise<void> => {
  const status = await readRecovery(db)
  if (!status.open) return printer.result(status, 'Không có đợt khôi phục nào đang mở.')
  const { remaining, found, notThere, held, unread } = status
  const sentences = [
    `Đợt khôi phục mở lúc ${status.openedAt.toISOString()} (${status.openedBy}), bản sao lưu lúc ${status.backupAt.toISOString()}: ${status.reason}`,
    `Chưa hỏi xong: ${remaining}. Bên nhận đã có: ${found}. Bên nhận chưa có, gửi lại: ${notThere}. Giữ lại chờ người xử lý: ${held}.`,
    unread.length > 0 ? `Chưa đọc lại hết thay đổi của: ${unread.join(', ')}.` : 'Đã đọc lại hết thay đổi của mọi hệ thống.',
  ]
  printer.result({ ...status }, sentences.join('\n'))
}

export const openRecoveryCommand = async (
  db: Database,
  printer: Printer,
  { backupAt, reason }: { backupAt: string | undefined; reason: string | undefined },
): Promise<void> => {
  const at = backupAt !== undefined && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(backupAt) ? Date.parse(backupAt) : Number.NaN
  if (Number.isNaN(at))
    throw new GatewayError('CONFIGURATION', 'Cần --backup-at, thời điểm của bản sao lưu, ví dụ 2026-11-22T01:00:00+07:00.')
  const opened = await openRecovery(db, { backupAt: new Date(at), by: actor(), reason: reasonOf(reason) })
  printer.result(opened, `Đã mở đợt khôi phục: ${opened.inquired} lượt liên thông được hỏi lại trước khi gửi.`)
}

export const closeRecoveryCommand = async (
  db: Database,
  printer: Printer,
  { reason, force }: { reason: string | undefined; force: boolean },
): Promise<void> => {
  const result = await closeRecovery(db, { by: actor(), reason: reasonOf(reason), force })
  if (result.kind === 'REFUSED') throw new GatewayError('CONFIGURATION', result.message)
  printer.result({ closed: true }, 'Đã đóng đợt khôi phục: thay đổi mới được gửi như thường.')
}

/** The account at the terminal, for the audit. */
const actor = (): string => {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // An account without a name, as in some containers.
    return 'cli'
  }
}

const reasonOf = (reason: string | undefined): string => {
  const text = reason?.trim() ?? ''
  if (text.length < 5 || text.length > 500) throw new GatewayError('CONFIGURATION', 'Cần --reason "lý do", từ 5 đến 500 ký tự.')
  return text
}
