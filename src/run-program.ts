import { ConfigurationError } from './config/config.js'
import { type Environment, EnvironmentError, readEnvironment } from './config/env.js'
import { GatewayError } from './errors.js'
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
export const isSentence = (error: unknown): error is Error =>
  error instanceof StartError ||
  error instanceof EnvironmentError ||
  error instanceof ConfigurationError ||
  (error instanceof GatewayError && error.code === 'CONFIGURATION')

/** `quiet`: the log is for files; the person at the terminal reads what the program itself prints. */
export const runProgram = async (
  name: string,
  program: (program: Program) => Promise<void>,
  options: { readonly logLevel?: Environment['LOG_LEVEL'] } = {},
): Promise<void> => {
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
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
