import { Argument, type Command } from 'commander'
import { type Answered, declareCommand } from './declare-command.js'
import type { Session } from './session.js'

/** `lienthong mappings load <file>` and `lienthong mappings gaps`. */
export const declareMappings = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('mappings').description(say('bảng ánh xạ mã của ta sang mã của họ', 'our codes to theirs'))
  declareCommand(
    group,
    'load',
    say('nạp bảng ánh xạ, thả các lượt đang giữ vì thiếu ánh xạ', 'load a file of mappings, release what is held for one'),
    session,
  )
    .addArgument(new Argument('<file>', say('tệp JSON', 'a file of JSON')))
    .action(async (file: string, options: Answered) => (await import('./mappings-acts.js')).load(session, file, options))
  declareCommand(
    group,
    'gaps',
    say('mã nào còn thiếu, bao nhiêu lượt liên thông đang chờ', 'which codes are missing, how many transfers wait'),
    session,
  ).action(async (options: Answered) => (await import('./mappings-acts.js')).showGaps(session, options))
}
