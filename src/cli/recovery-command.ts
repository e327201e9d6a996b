import type { Command } from 'commander'
import { type Answered, declareCommand } from './declare-command.js'
import { instant, reason, reasonHelp } from './option-values.js'
import type { Closing, Opening } from './recovery-acts.js'
import type { Session } from './session.js'

/** `lienthong recovery status | open | close`: after a restore from a backup, see `operator/recover-from-backup.ts`. */
export const declareRecovery = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('recovery')
    .description(say('đợt khôi phục sau khi phục hồi từ bản sao lưu', 'recovery epoch after a restore from a backup'))
  declareCommand(
    group,
    'status',
    say('còn bao nhiêu lượt liên thông chưa hỏi xong', 'how many transfers are still being asked for'),
    session,
  ).action(async (options: Answered) => (await import('./recovery-acts.js')).showStatus(session, options))
  const why = ['--reason <reason>', reasonHelp(say), reason(say)] as const
  declareCommand(group, 'open', say('hỏi lại mọi lượt liên thông trước khi gửi', 'inquire every transfer before it is sent'), session)
    .requiredOption('--backup-at <instant>', say('thời điểm của bản sao lưu', 'the instant of the backup'), instant(say))
    .requiredOption(...why)
    .option(
      '--again',
      say('mở đợt mới dù đang có một đợt: lại phục hồi lần nữa', 'open another one though one is open: restored once more'),
    )
    .action(async (options: Answered & Opening) => (await import('./recovery-acts.js')).open(session, options))
  declareCommand(group, 'close', say('đóng; bị từ chối khi còn lượt chưa hỏi xong', 'close; refused while something is open'), session)
    .requiredOption(...why)
    .option('--force', say('đóng dù còn lượt chưa hỏi xong', 'close all the same'))
    .action(async (options: Answered & Closing) => (await import('./recovery-acts.js')).close(session, options))
}
