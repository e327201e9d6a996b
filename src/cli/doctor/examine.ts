import { StartError } from '../../platform/start-error.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Remote } from '../remote/access.js'
import type { Session } from '../session.js'
import { checkCalendar } from './check-calendar.js'
import { checkConfiguration } from './check-configuration.js'
import { checkConnectionBudget, type Fleet } from './check-connection-budget.js'
import { checkDatabaseServer } from './check-database-server.js'
import { checkGateway } from './check-gateway.js'
import { checkAddresses, checkQueueStore, checkStateFolder } from './check-server.js'
import { checkSignIn } from './check-sign-in.js'
import { exitCodeOf, type Finding, fail, printFindings } from './finding.js'

/** Looks, and changes nothing. What cannot be looked at is a line of its own; the rest is looked at all the same. */
export interface Examination extends Remote, Fleet {
  readonly remote?: boolean
  readonly local?: boolean
}

export const examine = async (session: Session, options: Examination): Promise<void> => {
  const { say } = session
  if (!options.remote && !options.local)
    throw new CommandFailed(
      EXIT.USAGE,
      say(
        'Cần --remote (qua cổng) hoặc --local (trên máy chủ này).',
        '--remote (through the gateway) or --local (on this server) is needed.',
      ),
    )
  const findings = [
    ...(options.local ? await examineServer(session, options) : []),
    ...(options.remote ? await checkGateway(session, options) : []),
  ]
  printFindings(findings, options.json, session)
  const exitCode = exitCodeOf(findings)
  if (exitCode === EXIT.DONE) return
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length
  throw new CommandFailed(
    exitCode,
    say(`Hỏng: ${count('fail')}. Cần xem: ${count('warn')}.`, `Failing: ${count('fail')}. To look at: ${count('warn')}.`),
  )
}

const examineServer = async (session: Session, fleet: Fleet): Promise<Finding[]> => {
  const { say, local } = session
  const { environment, stateDir } = local
  const { findings, configuration } = await checkConfiguration(local, say)
  return [
    ...findings,
    ...(await examineDatabase(session, fleet)),
    await checkQueueStore(environment.REDIS_URL, say),
    ...(await checkStateFolder(stateDir, say)),
    ...(configuration ? await checkAddresses(configuration, environment, say) : []),
    ...(configuration?.auth.signIn ? await checkSignIn(configuration.auth.signIn, environment, say) : []),
  ]
}

const examineDatabase = async (session: Session, fleet: Fleet): Promise<Finding[]> => {
  const { say, local } = session
  const { DATABASE_DIRECT_URL: directUrl, REDIS_URL: redisUrl } = local.environment
  try {
    const db = await session.database()
    const url = await session.databaseUrl()
    return [
      ...(await checkDatabaseServer(db, { url, directUrl, redisUrl }, say)),
      await checkConnectionBudget(db, fleet, local.environment, say),
      ...(await checkCalendar(db, say)),
    ]
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return [
      fail(
        say('cơ sở dữ liệu', 'database'),
        say(error.message, error.english),
        say('xem DATABASE_URL và máy chủ PostgreSQL.', 'look at DATABASE_URL and the server.'),
      ),
    ]
  }
}
