import { isTransactionPooler } from '../../platform/check-pooler.js'
import type { Database } from '../../platform/database.js'
import { pendingMigrations } from '../../platform/migrations.js'
import { StartError } from '../../platform/start-error.js'
import type { Say } from '../language.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** Where the database is, as the programs are told. */
export interface DatabaseAddresses {
  readonly url: string
  readonly directUrl?: string
  readonly redisUrl?: string
}

/** PostgreSQL: its version and settings, a pooler on the way, migrations, its clock. */
export const checkDatabaseServer = async (db: Database, addresses: DatabaseAddresses, say: Say): Promise<Finding[]> => [
  ...(await settingFindings(db, say)),
  await poolerFinding(db, addresses, say),
  await migrationFinding(addresses.url, say),
  await clockFinding(db, say),
]

/** What has to be set so, or what was acknowledged can be lost or cannot be written. */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  default_transaction_read_only: 'off',
  default_transaction_isolation: 'read committed',
} as const
/** On its own disk each of these has what was acknowledged. */
const AS_GOOD: readonly string[] = ['local', 'remote_write', 'remote_apply']

const settingFindings = async (db: Database, say: Say): Promise<Finding[]> => {
  const rows = await db.query<{ name: string; setting: string }>(`SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[])`, [
    [...Object.keys(SETTINGS), 'server_version'],
  ])
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  const [rights] = await db.query<{ trigrams: boolean; control: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') AS trigrams,
       has_function_privilege('pg_control_system()', 'EXECUTE') AS control`,
  )
  const check = say('máy chủ PostgreSQL', 'PostgreSQL server')
  const wrong = Object.entries(SETTINGS).flatMap(([name, wanted]) => {
    const is = settings.get(name)
    if (is === undefined || is === wanted || AS_GOOD.includes(is)) return []
    return [fail(`PostgreSQL ${name}`, is, say(`đặt ${name} = '${wanted}'.`, `set ${name} = '${wanted}'.`))]
  })
  return [
    ok(check, say(`bản ${settings.get('server_version')}`, `version ${settings.get('server_version')}`)),
    ...(wrong.length === 0 ? [ok(say('thiết lập PostgreSQL', 'PostgreSQL settings'), Object.keys(SETTINGS).join(', '))] : wrong),
    ...(rights?.trigrams
      ? []
      : [
          fail(
            'pg_trgm',
            say('máy chủ không có', 'the server lacks it'),
            say('cài gói postgresql-contrib.', 'install postgresql-contrib.'),
          ),
        ]),
    ...(rights?.control
      ? []
      : [
          warn(
            'pg_control_system()',
            say(
              'tài khoản không được gọi: một bản sao được phục hồi khó nhận ra',
              'the account may not call it: a restored copy is hard to notice',
            ),
            say(
              'GRANT EXECUTE ON FUNCTION pg_control_system() TO tài khoản này.',
              'GRANT EXECUTE ON FUNCTION pg_control_system() TO this account.',
            ),
          ),
        ]),
  ]
}

const poolerFinding = async (db: Database, { url, directUrl, redisUrl }: DatabaseAddresses, say: Say): Promise<Finding> => {
  const check = say('bộ gộp kết nối', 'connection pooler')
  if (directUrl !== undefined && redisUrl === undefined && (await isTransactionPooler(directUrl)))
    return fail(
      check,
      say('DATABASE_DIRECT_URL cũng đi qua bộ gộp kết nối theo giao dịch', 'DATABASE_DIRECT_URL leads through a transaction pooler too'),
      say('đặt địa chỉ thẳng của máy chủ.', 'give the address of the server itself.'),
    )
  if (!(await isTransactionPooler(url))) return ok(check, say('không có', 'none'))
  if (directUrl === undefined && redisUrl === undefined)
    return fail(
      check,
      say(
        'DATABASE_URL đi qua bộ gộp kết nối theo giao dịch, hàng đợi không chạy được',
        'DATABASE_URL leads through a transaction pooler: the queue cannot run',
      ),
      say('đặt DATABASE_DIRECT_URL.', 'set DATABASE_DIRECT_URL.'),
    )
  const [limits] = await db.query<{ bounded: boolean }>(
    `SELECT current_setting('lock_timeout') <> '0' AND current_setting('statement_timeout') <> '0' AS bounded`,
  )
  if (limits?.bounded) return ok(check, say('theo giao dịch; hàng đợi đi đường thẳng', 'by transaction; the queue goes straight'))
  return warn(
    check,
    say('theo giao dịch, và tài khoản chưa có giới hạn thời gian', 'by transaction, and the account has no time limits'),
    `ALTER ROLE … SET lock_timeout = '10s'; ALTER ROLE … SET statement_timeout = '40s'; ALTER ROLE … SET jit = off;`,
  )
}

const migrationFinding = async (url: string, say: Say): Promise<Finding> => {
  const check = say('các bước nâng cấp CSDL', 'migrations')
  try {
    const pending = await pendingMigrations(url)
    if (pending.length === 0) return ok(check, say('đủ', 'all applied'))
    const says = say(
      `còn ${pending.length} bước chưa áp dụng, đầu tiên: ${pending[0]}`,
      `${pending.length} are not applied yet, the first: ${pending[0]}`,
    )
    return warn(check, says, say('"npm run db:migrate", hoặc khởi động cổng.', '"npm run db:migrate", or start the gateway.'))
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return fail(check, say(error.message, error.english), say('xem câu bên trên.', 'see the sentence above.'))
  }
}

const CLOCK_MS = { warn: 2_000, fail: 60_000 } as const

const clockFinding = async (db: Database, say: Say): Promise<Finding> => {
  const before = Date.now()
  const [row] = await db.query<{ at: Date }>(`SELECT clock_timestamp() AS at`)
  const aheadMs = (row?.at.getTime() ?? before) - (before + Date.now()) / 2
  const check = say('đồng hồ máy chủ CSDL', 'clock of the database')
  const says = say(`lệch ${Math.round(aheadMs)} ms`, `${Math.round(aheadMs)} ms ahead`)
  const todo = say('chỉnh giờ hai máy theo cùng một máy chủ NTP.', 'set both clocks by NTP.')
  if (Math.abs(aheadMs) > CLOCK_MS.fail) return fail(check, says, todo)
  return Math.abs(aheadMs) > CLOCK_MS.warn ? warn(check, says, todo) : ok(check, says)
}
