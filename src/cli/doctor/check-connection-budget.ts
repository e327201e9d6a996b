import type { Environment } from '../../config/env.js'
import type { Database } from '../../platform/database.js'
import { QUEUE_CONNECTIONS } from '../../queue/queue-connections.js'
import type { Say } from '../language.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** How many programs run, or will, on all servers together. */
export interface Fleet {
  readonly gateways: number
  readonly workers: number
}

/** For migrations, this command line and whoever looks at the database. */
const SPARE = 5

/** What the programs open at most: a gateway half as many again for its answers, and each what the queue on PostgreSQL needs. */
const connectionsOf = (
  { gateways, workers }: Fleet,
  { DATABASE_POOL: pool, REDIS_URL }: Pick<Environment, 'DATABASE_POOL' | 'REDIS_URL'>,
): number => {
  const queue = REDIS_URL === undefined ? QUEUE_CONNECTIONS : 0
  return gateways * (pool + Math.ceil(pool / 2) + queue) + workers * (pool + queue) + SPARE
}

interface Room {
  readonly server: number
  readonly account: number
  readonly database: number
}

/** Connections of one account to one database, which are not ours. */
interface Strangers {
  readonly who: string
  readonly count: number
}

/**
 * All but those of our account to our database: BullMQ names its listeners after their queues, so a name tells nothing. What an account that may
 * not see others' work gets to see has no `backend_type`.
 */
const STRANGERS = `SELECT format('%s@%s', usename, datname) AS who, count(*)::int AS count FROM pg_stat_activity
  WHERE coalesce(backend_type, 'client backend') = 'client backend' AND usename IS NOT NULL AND datname IS NOT NULL
    AND (usename, datname) <> (current_user::name, current_database())
  GROUP BY who ORDER BY count DESC, who`

export const checkConnectionBudget = async (db: Database, fleet: Fleet, environment: Environment, say: Say): Promise<Finding> => {
  const [room] = await db.query<Room>(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int AS server,
       (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS account,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database`,
  )
  const strangers = await db.query<Strangers>(STRANGERS)
  const check = say('số kết nối PostgreSQL', 'connections to PostgreSQL')
  if (!room) return warn(check, say('không đọc được', 'cannot be read'), '')
  const others = strangers.reduce((sum, { count }) => sum + count, 0)
  const limits = [room.server - others, room.account, room.database].filter((limit) => limit >= 0)
  const most = Math.min(...limits)
  const needed = connectionsOf(fleet, environment)
  const listed = strangers.map(({ who, count }) => `${who} ${count}`).join(', ')
  const says = say(
    `${fleet.gateways} cổng và ${fleet.workers} tiến trình chuyển mở nhiều nhất ${needed}, còn chỗ cho ${most}${listed && ` (bên khác đang giữ: ${listed})`}`,
    `${fleet.gateways} gateways and ${fleet.workers} workers open at most ${needed}, there is room for ${most}${listed && ` (others hold: ${listed})`}`,
  )
  const todo = say(
    'giảm DATABASE_POOL, tăng max_connections, hoặc dùng bộ gộp kết nối.',
    'lower DATABASE_POOL, raise max_connections, or use a pooler.',
  )
  if (needed > most) return fail(check, says, todo)
  return needed > most * 0.8 ? warn(check, says, todo) : ok(check, says)
}
