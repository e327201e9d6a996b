import { userInfo } from 'node:os'
import { GatewayError } from '../errors.js'
import { closeRecovery, openRecovery, readRecovery } from '../operator/recover-from-backup.js'
import type { Answered } from './declare-command.js'
import { printerFor } from './printer.js'
import type { Session } from './session.js'

/** What `lienthong recovery` does; see `operator/recover-from-backup.ts`. */
export interface Opening {
  readonly backupAt: string
  readonly reason: string
}

export interface Closing {
  readonly reason: string
  readonly force?: boolean
}

export const showStatus = async ({ database, terminal }: Session, { json }: Answered): Promise<void> => {
  const printer = printerFor(json, terminal)
  const status = await readRecovery(await database())
  if (!status.open) return printer.result(status, 'Không có đợt khôi phục nào đang mở.')
  const { remaining, found, notThere, held, unread } = status
  const sentences = [
    `Đợt khôi phục mở lúc ${status.openedAt.toISOString()} (${status.openedBy}), bản sao lưu lúc ${status.backupAt.toISOString()}: ${status.reason}`,
    `Chưa hỏi xong: ${remaining}. Bên nhận đã có: ${found}. Bên nhận chưa có, gửi lại: ${notThere}. Giữ lại chờ người xử lý: ${held}.`,
    unread.length > 0 ? `Chưa đọc lại hết thay đổi của: ${unread.join(', ')}.` : 'Đã đọc lại hết thay đổi của mọi hệ thống.',
  ]
  printer.result({ ...status }, sentences.join('\n'))
}

export const open = async ({ database, terminal }: Session, { json, backupAt, reason: why }: Answered & Opening): Promise<void> => {
  const opened = await openRecovery(await database(), { backupAt: new Date(backupAt), by: actor(), reason: why })
  printerFor(json, terminal).result(opened, `Đã mở đợt khôi phục: ${opened.inquired} lượt liên thông được hỏi lại trước khi gửi.`)
}

export const close = async ({ database, terminal }: Session, { json, reason: why, force = false }: Answered & Closing): Promise<void> => {
  const result = await closeRecovery(await database(), { by: actor(), reason: why, force })
  if (result.kind === 'REFUSED') throw new GatewayError('CONFIGURATION', result.message)
  printerFor(json, terminal).result({ closed: true }, 'Đã đóng đợt khôi phục: thay đổi mới được gửi như thường.')
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
