import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import tab from '@bomb.sh/tab/commander'
import { Command, CommanderError, Option } from 'commander'
import { GatewayError, UnusableConfiguration } from '../errors.js'
import { describeFileFault, FileFault } from '../model/file-fault.js'
import { LANGUAGES } from '../model/language.js'
import { projectRoot } from '../platform/paths.js'
import { declareBackfill } from './backfill-command.js'
import { declareConfiguration } from './configuration-command.js'
import { declareDeadlines } from './deadlines-command.js'
import { declareDoctor } from './doctor/doctor-command.js'
import { CommandFailed, EXIT, type ExitCode } from './exit-code.js'
import { declareMappings } from './mappings-command.js'
import { declareRecovery } from './recovery-command.js'
import { declareAlerts } from './remote/alerts-command.js'
import { declareCauses } from './remote/causes-command.js'
import { declareDiscrepancies } from './remote/discrepancies-command.js'
import { declareDossier } from './remote/dossier-command.js'
import { declarePlans } from './remote/plans-command.js'
import { declareReconcile } from './remote/reconcile-command.js'
import { declareReports } from './remote/reports-command.js'
import { declareSystems } from './remote/systems-command.js'
import { declareTransfers } from './remote/transfers-command.js'
import { declareRoutes } from './routes-command.js'
import type { Session } from './session.js'
import { complaintOf, speakHelp } from './spoken-help.js'
import { declareUnits } from './units-command.js'

const { version: VERSION } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }

/** Every command of `lienthong`. A misspelt option or a word too many is refused: it would widen what is done. */
const commandLine = (session: Session): Command => {
  const { say, terminal } = session
  const program = new Command('lienthong').exitOverride().configureOutput({ writeErr: () => undefined, writeOut: terminal.write })
  speakHelp(program, say)
  program
    .description(
      say(
        'Dòng lệnh của cổng liên thông. transfers, causes, plans, reconcile, discrepancies, systems, alerts, dossier, reports, deadlines explain và doctor --remote hỏi cổng (LIENTHONG_URL, LIENTHONG_TOKEN); mappings, deadlines, units, backfill, recovery, routes và doctor --local làm việc trên cơ sở dữ liệu (DATABASE_URL), cả khi cổng đang chạy; configuration không cần gì.',
        'The command line of the gateway. transfers, causes, plans, reconcile, discrepancies, systems, alerts, dossier, reports, deadlines explain and doctor --remote ask a gateway (LIENTHONG_URL, LIENTHONG_TOKEN); mappings, deadlines, units, backfill, recovery, routes and doctor --local work on the database (DATABASE_URL), also while the gateway runs; configuration needs nothing.',
      ),
    )
    .addOption(new Option('--lang <lang>', say('ngôn ngữ của trợ giúp và câu trả lời', 'language of help and answers')).choices(LANGUAGES))
    .addHelpText('after', `\n${say('Phiên bản', 'Version')}: lienthong --version`)
  declareTransfers(program, session)
  declareCauses(program, session)
  declarePlans(program, session)
  declareReconcile(program, session)
  declareDiscrepancies(program, session)
  declareSystems(program, session)
  declareAlerts(program, session)
  declareDossier(program, session)
  declareReports(program, session)
  declareDoctor(program, session)
  declareMappings(program, session)
  declareDeadlines(program, session)
  declareUnits(program, session)
  declareBackfill(program, session)
  declareRecovery(program, session)
  declareRoutes(program, session)
  declareConfiguration(program, session)
  tab(program, { completionCommandName: 'completion' })
  const completion = program.commands.find((command) => command.name() === 'completion')
  completion?.description(
    say(
      'đoạn mã hoàn thành lệnh cho bash, zsh, fish hoặc powershell, ví dụ: source <(lienthong completion bash)',
      'completion for bash, zsh, fish or powershell, such as: source <(lienthong completion bash)',
    ),
  )
  return program
}

const LANGUAGE_WORDS = new RegExp(`(^| )--lang[ =](${LANGUAGES.join('|')})(?= |$)`)

/** Alone, but for a language: that of a command is the version of what it acts upon. */
const asksForVersion = (argv: readonly string[]): boolean => ['--version', '-V'].includes(argv.join(' ').replace(LANGUAGE_WORDS, '').trim())

/** Does what the words ask for; what went wrong is said on standard error. Anything unforeseen is thrown. */
export const runCommandLine = async (argv: readonly string[], session: Session): Promise<ExitCode> => {
  if (asksForVersion(argv)) {
    session.terminal.write(`${VERSION}\n`)
    return EXIT.DONE
  }
  const program = commandLine(session)
  const complain = session.terminal.note
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return EXIT.DONE
  } catch (error) {
    if (error instanceof CommandFailed) {
      complain(error.message)
      return error.exitCode
    }
    if (error instanceof FileFault) {
      const { vietnamese, english } = describeFileFault(error)
      complain(session.say(vietnamese, english))
      return EXIT.USAGE
    }
    if (error instanceof GatewayError) {
      complain(error instanceof UnusableConfiguration ? session.say(error.message, error.english) : error.message)
      return EXIT.REFUSED
    }
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return EXIT.DONE
    complain(misuseOf(argv, error, program, session))
    return EXIT.USAGE
  }
}

/** Why, and where the help of the command that was meant is; a group of commands without a command shows its help, which lists them. */
const misuseOf = (argv: readonly string[], error: CommanderError, program: Command, { say }: Session): string => {
  let meant = program
  const names = [program.name()]
  for (const word of argv.filter((one) => !one.startsWith('-'))) {
    const next = meant.commands.find((one) => one.name() === word)
    if (!next) continue
    meant = next
    names.push(word)
  }
  if (error.code === 'commander.help') return `${say('Thiếu lệnh.', 'A command is missing.')}\n\n${meant.helpInformation().trimEnd()}`
  return `${complaintOf(error, say)}\n${say('Xem', 'See')}: ${names.join(' ')} --help`
}
