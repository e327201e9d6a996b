import { Argument, type Command, Option } from 'commander'
import { SYSTEM_IDS } from '../model/system.js'
import { MAPPING_KINDS } from '../ports/mappings.js'
import { type Answered, declareCommand } from './declare-command.js'
import type { MappingsListing } from './mappings-acts.js'
import { wholeNumber } from './option-values.js'
import type { Session } from './session.js'

/** `lienthong mappings load <file>`, `list`, `gaps` and `prepare`. */
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
    say(
      'mã nào của hồ sơ đã về còn thiếu, kể cả khi tuyến ở OBSERVE; bao nhiêu lượt đang giữ',
      'which codes of what has come in are missing, in OBSERVE too; how many transfers are held',
    ),
    session,
  ).action(async (options: Answered) => (await import('./mappings-acts.js')).showGaps(session, options))
  declareCommand(group, 'list', say('các dòng ánh xạ đã nạp', 'the rows that are loaded'), session)
    .addOption(new Option('--system <system>', say('chỉ của hệ thống này', 'of this system alone')).choices(SYSTEM_IDS))
    .addOption(new Option('--kind <kind>', say('chỉ loại mã này', 'of this kind alone')).choices(MAPPING_KINDS))
    .option('--code <code>', say('mã của ta hoặc của họ', 'our code or theirs'))
    .option(
      '--limit <n>',
      say('nhiều nhất bao nhiêu dòng (mặc định 100; với --json là tất cả)', 'most lines (100 when not given; all with --json)'),
      wholeNumber(1, 100_000, say),
    )
    .option('--skip <n>', say('bỏ qua bao nhiêu dòng đầu', 'pass over so many'), wholeNumber(0, 100_000_000, say), 0)
    .action(async (options: Answered & MappingsListing) => (await import('./mappings-acts.js')).showMappings(session, options))
  declareCommand(
    group,
    'prepare',
    say(
      'mã cần chuẩn bị; với --json là tệp để điền mã của họ rồi nạp',
      'the codes to prepare; with --json a file to fill in their codes and load',
    ),
    session,
  ).action(async (options: Answered) => (await import('./mappings-acts.js')).showToPrepare(session, options))
}
