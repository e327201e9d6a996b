import { languageOf, sayIn } from './cli/language.js'
import type { Session } from './cli/session.js'
import type { Terminal } from './cli/terminal.js'
import type { Database } from './platform/database.js'
import { StartError } from './platform/start-error.js'
import { stateDirOf } from './platform/state-folder.js'
import type { Program } from './run-program.js'
import { readSandboxAccess, readSandboxToken } from './sandbox/sandbox-access.js'

/** Where a command speaks: standard output or standard error of the process. */
export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** One call of `lienthong`: its words, the variables that it was given, and where it speaks. */
export interface Call {
  readonly argv: readonly string[]
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly stdout: Stream
  readonly stderr: Stream
}

/** The parts that a command does not need are not even loaded: a shell that completes a word waits for this program. */
const findDatabase = async ({ environment }: Program): Promise<string> => {
  const { findRunningPostgres } = await import('./platform/embedded-postgres.js')
  const url = environment.DATABASE_URL ?? (await findRunningPostgres(stateDirOf(environment)))
  if (url === null)
    throw new StartError(
      'Chưa có cơ sở dữ liệu: đặt DATABASE_URL, hoặc chạy "npm start" trước (đã chạy với STATE_DIR khác thì đặt STATE_DIR như vậy).',
      'There is no database: set DATABASE_URL, or run "npm start" first (if it runs with another STATE_DIR, set the same).',
    )
  return url
}

const openOwnDatabase = async (program: Program): Promise<Database> => {
  const { logger, shutdown } = program
  const url = await findDatabase(program)
  const [{ checkDatabase }, { isTransactionPooler }, { openDatabase }] = await Promise.all([
    import('./platform/check-database.js'),
    import('./platform/check-pooler.js'),
    import('./platform/database.js'),
  ])
  await checkDatabase(url)
  const db = openDatabase({
    url,
    poolSize: 2,
    keepPlans: !(await isTransactionPooler(url)),
    onError: (error) => logger.error({ err: error }, 'mất kết nối cơ sở dữ liệu'),
  })
  shutdown.onShutdown('database', () => db.close())
  const [tables] = await db.query<{ made: boolean }>(`SELECT to_regclass('transfer') IS NOT NULL AS made`)
  if (!tables?.made)
    throw new StartError(
      'Cơ sở dữ liệu chưa có bảng: chạy "npm run db:migrate" trước.',
      'The database has no tables yet: run "npm run db:migrate" first.',
    )
  return db
}

const line = (stream: Stream) => (text: string) => void stream.write(`${text.trimEnd()}\n`)

/** On a screen one line that changes; into a file a line for each. */
const progress = (stream: Stream) => (text: string | null) => {
  if (!stream.isTTY) return text === null ? undefined : void stream.write(`${text}\n`)
  stream.write(text === null ? '\n' : `\r\u001b[K${text}`)
}

const terminalOf = ({ stdout, stderr, variables }: Call): Terminal => ({
  write: line(stdout),
  note: line(stderr),
  progress: progress(stderr),
  width: stdout.columns,
  colour: stdout.isTTY === true && !variables.NO_COLOR,
})

/** What the commands of one call work with; what they open ends with the program. */
export const openSession = (program: Program, call: Call): Session => {
  const { environment } = program
  const { argv, variables: secrets } = call
  const stateDir = stateDirOf(environment)
  return {
    say: sayIn(languageOf(argv, secrets)),
    terminal: terminalOf(call),
    database: () => openOwnDatabase(program),
    feed: async (systemId, db) => {
      const { openHistoryFeed } = await import('./history-feed.js')
      const { LIENTHONG_CONFIG: configurationPath } = environment
      return openHistoryFeed({ db, systemId, configurationPath, secrets, stateDir, twins: () => readSandboxAccess(stateDir) })
    },
    databaseUrl: () => findDatabase(program),
    access: {
      url: environment.LIENTHONG_URL,
      token: environment.LIENTHONG_TOKEN,
      tokenFile: environment.LIENTHONG_TOKEN_FILE,
      sandbox: () => readSandboxToken(stateDir, 'operator'),
    },
    local: { environment, secrets, stateDir },
  }
}
