import { Argument, type Command } from 'commander'
import type { DeadlineFile } from './deadlines-acts.js'
import { type Answered, declareCommand } from './declare-command.js'
import { declareExplain } from './remote/explain-deadline.js'
import type { Session } from './session.js'

/** How the two kinds of deadline data are called at a terminal. */
const DEADLINE_FILES: readonly DeadlineFile[] = ['calendar', 'rules']

/** `lienthong deadlines load|check|show`: the working calendar and the rules by which due dates are computed; `explain`: what they make of one dossier. */
export const declareDeadlines = (program: Command, session: Session): void => {
  const { say } = session
  const group = program
    .command('deadlines')
    .description(say('lịch làm việc và quy tắc tính hạn trả', 'the working calendar and the rules of due dates'))
  const kind = () =>
    new Argument('<kind>', say('calendar: lịch làm việc; rules: quy tắc tính hạn', 'calendar or rules')).choices(DEADLINE_FILES)
  const file = (name: string) => new Argument(name, say('tệp JSON', 'a file of JSON'))
  declareCommand(
    group,
    'load',
    say('kiểm tra rồi nạp một tệp, thay toàn bộ dữ liệu đang dùng', 'check a file and put it in the place of what is in force'),
    session,
  )
    .addArgument(kind())
    .addArgument(file('<file>'))
    .action(async (which: DeadlineFile, path: string, options: Answered) =>
      (await import('./deadlines-acts.js')).loadDeadlines(session, which, path, options),
    )
  declareCommand(
    group,
    'check',
    say('kiểm tra dữ liệu đang dùng, hoặc một tệp trước khi nạp', 'check what is in force, or a file before it is loaded'),
    session,
  )
    .addArgument(kind().argOptional())
    .addArgument(file('[file]'))
    .action(async (which: DeadlineFile | undefined, path: string | undefined, options: Answered) =>
      (await import('./deadlines-acts.js')).checkDeadlines(session, which, path, options),
    )
  group
    .command('show')
    .description(say('dữ liệu đang dùng, dạng JSON để sửa và nạp lại', 'what is in force, as JSON to be changed and loaded again'))
    .addArgument(kind())
    .action(async (which: DeadlineFile) => (await import('./deadlines-acts.js')).showDeadlines(session, which))
  declareExplain(group, session)
}
