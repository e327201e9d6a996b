import { Argument, type Command } from 'commander'
import { declareCommand } from './declare-command.js'
import { localDay } from './option-values.js'
import type { Session } from './session.js'
import type { UnitsListing, UnitsLoading } from './units-acts.js'

/** `lienthong units load|check|list`: administrative units, and whom each passed to when they were reorganised. */
export const declareUnits = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('units')
    .description(say('đơn vị hành chính qua các lần sắp xếp', 'administrative units through their reorganisations'))
  const file = () => new Argument('<file>', say('tệp JSON', 'a file of JSON'))
  const changing = (command: Command): Command =>
    command.option(
      '--change-meaning',
      say('cho đổi nghĩa của đơn vị mà hồ sơ đã ghi theo', 'let units that dossiers refer to come to mean something else'),
    )
  changing(
    declareCommand(
      group,
      'load',
      say('kiểm tra rồi nạp một tệp: tất cả hoặc không gì cả', 'check a file and load it: all of it or nothing'),
      session,
    ),
  )
    .addArgument(file())
    .action(async (path: string, options: UnitsLoading) => (await import('./units-acts.js')).loadUnits(session, path, options))
  changing(declareCommand(group, 'check', say('kiểm tra một tệp trước khi nạp', 'check a file before it is loaded'), session))
    .addArgument(file())
    .action(async (path: string, options: UnitsLoading) => (await import('./units-acts.js')).checkUnits(session, path, options))
  declareCommand(
    group,
    'list',
    say('các đơn vị đang giữ; với --json là tệp nạp lại được', 'the units that are kept; with --json a file that can be loaded again'),
    session,
  )
    .option('--on <day>', say('có hiệu lực vào ngày này', 'in force on this day'), localDay(say))
    .option('--code <code>', say('mọi nghĩa của một mã', 'every meaning of a code'))
    .action(async (options: UnitsListing) => (await import('./units-acts.js')).listUnits(session, options))
}
