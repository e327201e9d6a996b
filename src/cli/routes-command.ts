import { Argument, type Command } from 'commander'
import { ROUTE_MODES, type RouteMode } from '../model/routing.js'
import { ALL_OPERATIONS } from '../model/system.js'
import { type Answered, declareCommand } from './declare-command.js'
import { localDay, someOf } from './option-values.js'
import type { Change } from './routes-acts.js'
import type { Session } from './session.js'

/** `lienthong routes list` and `lienthong routes set <MODE> --from <day> [--operation <name>…]`: how a district cuts over. */
export const declareRoutes = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('routes').description(say('bảng định tuyến: sự kiện nào gửi đi đâu', 'the routes: which event goes where'))
  declareCommand(group, 'list', say('bảng định tuyến theo ngày', 'the routes by date'), session).action(async (options: Answered) =>
    (await import('./routes-acts.js')).showRoutes(session, options),
  )
  declareCommand(group, 'set', say('chế độ khác từ một ngày trở đi', 'another mode from a day on'), session)
    .addArgument(new Argument('<mode>', say('chế độ', 'the mode')).choices(ROUTE_MODES))
    .requiredOption('--from <day>', say('từ ngày, yyyy-MM-dd', 'from this day on, yyyy-MM-dd'), localDay(say))
    .addOption(
      someOf(
        '--operation <name>',
        say('chỉ nghiệp vụ này, lặp lại được; mặc định: tất cả', 'this operation alone, repeatable; default: all'),
        ALL_OPERATIONS,
        say,
      ),
    )
    .option('--replace', say('bỏ cả những lần chuyển đã định cho ngày sau đó', 'drop the switches that were planned for later days too'))
    .action(async (mode: RouteMode, options: Answered & Change) => (await import('./routes-acts.js')).setRoutes(session, mode, options))
}
