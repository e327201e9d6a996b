import { GatewayError } from '../errors.js'
import { terminalAccount } from '../operator/audit-from-terminal.js'
import { closeRecovery, openFirstRecovery, openRecovery, readRecovery } from '../operator/recover-from-backup.js'
import type { RecoveryEpoch } from '../transfer/recovery-repository.js'
import type { Answered } from './declare-command.js'
import { CommandFailed, EXIT } from './exit-code.js'
import { localInstant } from './local-date.js'
import { printerFor } from './printer.js'
import type { Session } from './session.js'

/** What `lienthong recovery` does; see `operator/recover-from-backup.ts`. */
export interface Opening {
  readonly backupAt: string
  readonly reason: string
  readonly again?: boolean
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
    describeEpoch(status),
    `Chưa hỏi xong: ${remaining}. Bên nhận đã có: ${found}. Bên nhận chưa có, gửi lại: ${notThere}. Giữ lại chờ người xử lý: ${held}.`,
    unread.length > 0 ? `Chưa đọc lại hết thay đổi của: ${unread.join(', ')}.` : 'Đã đọc lại hết thay đổi của mọi hệ thống.',
  ]
  printer.result({ ...status }, sentences.join('\n'))
}

const describeEpoch = ({ openedAt, openedBy, backupAt, reason: why }: RecoveryEpoch): string =>
  `Đợt khôi phục mở lúc ${localInstant(openedAt)} (${openedBy}), bản sao lưu lúc ${localInstant(backupAt)}: ${why}`

export const open = async ({ database, terminal }: Session, { json, backupAt, reason: why, again }: Answered & Opening): Promise<void> => {
  const recovery = { backupAt: new Date(backupAt), by: terminalAccount(), reason: why }
  const db = await database()
  const opened = again ? { kind: 'OPENED' as const, ...(await openRecovery(db, recovery)) } : await openFirstRecovery(db, recovery)
  if (opened.kind === 'OPEN_ALREADY')
    throw new CommandFailed(
      EXIT.REFUSED,
      `${describeEpoch(opened.epoch)}\nĐợt này đang mở, không mở thêm; nếu cơ sở dữ liệu lại vừa được phục hồi lần nữa, thêm --again.`,
    )
  const { id, inquired } = opened
  printerFor(json, terminal).result({ id, inquired }, `Đã mở đợt khôi phục: ${inquired} lượt liên thông được hỏi lại trước khi gửi.`)
}

export const close = async ({ database, terminal }: Session, { json, reason: why, force = false }: Answered & Closing): Promise<void> => {
  const result = await closeRecovery(await database(), { by: terminalAccount(), reason: why, force })
  if (result.kind === 'REFUSED') throw new GatewayError('CONFIGURATION', result.message)
  printerFor(json, terminal).result({ closed: true }, 'Đã đóng đợt khôi phục: thay đổi mới được gửi như thường.')
}
