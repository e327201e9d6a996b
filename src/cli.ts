import { runCommandLine } from './cli/command-line.js'
import { languageOf, sayIn } from './cli/language.js'
import type { Database } from './platform/database.js'
import { errorCode, StartError } from './platform/start-error.js'
import { stateDirOf } from './platform/state-folder.js'
import { type Program, runProgram } from './run-program.js'
import { readSandboxAccess, readSandboxToken } from './sandbox/sandbox-access.js'

/** Whoever reads through a pipe may have read enough (`| head`). */
process.stdout.on('error', (error) => {
  if (errorCode(error) === 'EPIPE') process.exit(0)
  throw error
})

/** The parts that a command does not need are not even loaded: a shell that completes a word waits for this program. */
const findDatabase = async ({ environment }: Program): Promise<string> => {
  const { findRunningPostgres } = await import('./platform/embedded-postgres.js')
  const url = environment.DATABASE_URL ?? (await findRunningPostgres(stateDirOf(environment)))
  if (url === null)
    throw new StartError(
      'Chưa có cơ sở dữ liệu: đặt DATABASE_URL, hoặc chạy "npm start" trước (đã chạy với STATE_DIR khác thì đặt STATE_DIR như vậy).',
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
  if (!tables?.made) throw new StartError('Cơ sở dữ liệu chưa có bảng: chạy "npm run db:migrate" trước.')
  return db
}

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text.trimEnd()}\n`)

/** On a screen one line that changes; into a file a line for each. */
const progress = (stream: NodeJS.WriteStream) => (text: string | null) => {
  if (!stream.isTTY) return text === null ? undefined : void stream.write(`${text}\n`)
  stream.write(text === null ? '\n' : `\r\u001b[K${text}`)
}

/** `npx lienthong …`; its exit codes stand in `cli/exit-code.ts`. */
await runProgram('cli', async (program) => {
  const argv = process.argv.slice(2)
  const { environment } = program
  const stateDir = stateDirOf(environment)
  process.exitCode = await runCommandLine(argv, {
    say: sayIn(languageOf(argv, process.env)),
    terminal: {
      write: line(process.stdout),
      note: line(process.stderr),
      progress: progress(process.stderr),
      width: process.stdout.columns,
      colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    },
    database: () => openOwnDatabase(program),
    feed: async (systemId, db) => {
      const { openHistoryFeed } = await import('./history-feed.js')
      const { LIENTHONG_CONFIG: configurationPath } = environment
      return openHistoryFeed({ db, systemId, configurationPath, secrets: process.env, stateDir, twins: () => readSandboxAccess(stateDir) })
    },
    databaseUrl: () => findDatabase(program),
    access: {
      url: environment.LIENTHONG_URL,
      token: environment.LIENTHONG_TOKEN,
      tokenFile: environment.LIENTHONG_TOKEN_FILE,
      sandbox: () => readSandboxToken(stateDir, 'operator'),
    },
    local: { environment, secrets: process.env, stateDir },
  })
  await program.shutdown.stop()
})
