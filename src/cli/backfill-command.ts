import { type Command, Option } from 'commander'
import type { BackfillOptions } from './backfill-acts.js'
import { type Answered, declareCommand } from './declare-command.js'
import { localDay } from './option-values.js'
import type { Session } from './session.js'

/** `lienthong backfill --from-file F`, `--from-system X --from DATE --to DATE`, `status` and `resume`. */
export const declareBackfill = (program: Command, session: Session): void => {
  const { say } = session
  const group = declareCommand(
    program,
    'backfill',
    say(
      'nạp hồ sơ lịch sử từ tệp hoặc từ dòng thay đổi của một hệ thống; không gửi đi đâu; dừng giữa chừng thì chạy lại là nạp tiếp',
      'load old dossiers from a file or from a system’s feed; nothing is sent; started again it goes on where it stopped',
    ),
    session,
  )
    .option('--from-file <file>', say('tệp .csv hoặc .ndjson', 'a file .csv or .ndjson'))
    .addOption(
      new Option('--from-system <system>', say('hệ thống có dòng thay đổi', 'a system with a feed'))
        .choices(['ONE_STOP', 'VILIS'])
        .conflicts('fromFile'),
    )
    .addOption(
      new Option('--from <day>', say('tiếp nhận từ ngày (với --from-system)', 'received from this day on')).argParser(localDay(say)),
    )
    .addOption(
      new Option('--to <day>', say('tiếp nhận đến hết ngày (với --from-system)', 'received up to this day')).argParser(localDay(say)),
    )
    .action(async (options: Answered & BackfillOptions) => (await import('./backfill-acts.js')).load(session, options))
  declareCommand(group, 'status', say('các lượt nạp và đã đến đâu', 'the runs, and how far they have come'), session).action(
    async (_options: Answered, command: Command) => (await import('./backfill-acts.js')).showRuns(session, command.optsWithGlobals()),
  )
  declareCommand(group, 'resume', say('nạp tiếp lượt dở dang gần nhất', 'go on with the latest run that was cut off'), session).action(
    async (_options: Answered, command: Command) => (await import('./backfill-acts.js')).resume(session, command.optsWithGlobals()),
  )
}
