import { ConfigurationError } from './config/configuration-error.js'
import { type Environment, EnvironmentError, readEnvironment } from './config/env.js'
import { UnusableConfiguration } from './errors.js'
import { keepHeapSmall } from './platform/heap.js'
import { createLogger, type Logger } from './platform/logger.js'
import { Shutdown } from './platform/shutdown.js'
import { StartError } from './platform/start-error.js'

/** How every program begins and ends: environment, log, signals, and one clear sentence with exit code 1 when it cannot start. */
export interface Program {
  readonly environment: Environment
  readonly logger: Logger
  readonly shutdown: Shutdown
}

/** What is said alone, without a stack: a person can mend it. */
export const isSentence = (error: unknown): error is Refusal =>
  error instanceof StartError ||
  error instanceof EnvironmentError ||
  error instanceof ConfigurationError ||
  error instanceof UnusableConfiguration

type Refusal = StartError | EnvironmentError | ConfigurationError | UnusableConfiguration

/** `<Vietnamese> / <English>`, a line for each sentence. */
const inBoth = ({ message, english }: Refusal): string => {
  const lines = english.split('\n')
  return message
    .split('\n')
    .map((line, index) => `${line} / ${lines[index]}`)
    .join('\n')
}

/** Programs that are told by variables alone, by the name in their log: how each is called and what it does. */
const WITHOUT_WORDS: Readonly<Record<string, { readonly command: string; readonly does: string }>> = {
  lienthong: {
    command: 'npm start',
    does: 'cơ sở dữ liệu, các hệ thống thử, cổng và tiến trình chuyển / database, sandbox systems, gateway and worker together',
  },
  gateway: { command: 'npm run gateway', does: 'cổng liên thông trên cơ sở dữ liệu của bạn / the gateway, on your own database' },
  worker: { command: 'npm run worker', does: 'tiến trình chuyển trên cơ sở dữ liệu của bạn / the worker, on your own database' },
  sandbox: { command: 'npm run sandbox', does: 'riêng các hệ thống thử / the sandbox systems alone' },
}

/** `--help` is answered, every other word refused: who writes one does not expect the program as it always is. */
const answerWords = (name: string, words: readonly string[]): void => {
  const program = WITHOUT_WORDS[name]
  if (!program || words.length === 0) return
  const variables = 'Không nhận tham số, đặt bằng biến môi trường (README) / It takes no arguments, set environment variables (README)'
  if (words.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`${program.command}: ${program.does}.\n${variables}.\n`)
    process.exit(0)
  }
  process.stderr.write(`${program.command}: không hiểu "${words[0]}". / "${words[0]}" is not understood. ${variables}.\n`)
  process.exit(2)
}

/** `quiet`: the log is for files; the person at the terminal reads what the program itself prints. */
export const runProgram = async (
  name: string,
  program: (program: Program) => Promise<void>,
  options: { readonly logLevel?: Environment['LOG_LEVEL'] } = {},
): Promise<void> => {
  answerWords(name, process.argv.slice(2))
  keepHeapSmall()
  let shutdown: Shutdown | undefined
  try {
    const environment = readEnvironment(process.env)
    const level = process.env.LOG_LEVEL ? environment.LOG_LEVEL : (options.logLevel ?? environment.LOG_LEVEL)
    const logger = createLogger({ name, level })
    shutdown = new Shutdown(logger)
    shutdown.installSignalHandlers()
    await program({ environment, logger, shutdown })
  } catch (error) {
    if (shutdown?.isStopping) return
    await shutdown?.stop()
    if (!isSentence(error)) throw error
    process.stderr.write(`${inBoth(error)}\n`)
    process.exit(1)
  }
}
