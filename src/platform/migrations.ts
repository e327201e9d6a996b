/**
 * Database migrations in Prisma's format (prisma/migrations/<name>/migration.sql, recorded in `_prisma_migrations`), so
 * that Prisma's own command line works on the same folder. They hold what the schema file can say, and hand-written SQL
 * (functions, triggers, partial indexes) alike.
 *
 * Several processes may start at once: one applies under an advisory lock, the others wait and find nothing to do. The
 * engine is heavy, so it is loaded only when something is to be applied. One migration is one transaction.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationList, SchemaFilter } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { prismaSchemaFile, migrationsDir as projectMigrationsDir } from './paths.js'
import { withSchemaEngine } from './schema-engine.js'
import { errorCode, StartError } from './start-error.js'

interface Migration {
  name: string
  sql: string
}

interface AppliedMigration {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/** Ours; the engine takes another key of its own while it applies. */
const advisoryLockKey = 7_160_421
const noFilter: SchemaFilter = { externalTables: [], externalEnums: [] }

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })))
}

function toMigrationList(migrations: Migration[], folder: string): MigrationList {
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}

const isBegun = async (client: pg.Client): Promise<boolean> =>
  (await client.query<{ there: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`)).rows[0]?.there ?? false

/** One that has told its error is wholly undone, being one transaction, and may be tried again; one without may have been applied. */
const UNDONE = 'finished_at IS NULL AND rolled_back_at IS NULL AND logs IS NOT NULL'

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
  const applied = await client.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL AND NOT (${UNDONE})`,
  )
  return applied.rows
}

/** Which of `migrations` are still to be applied; throws a StartError where a person has to decide. */
function findPending(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, createHash('sha256').update(migration.sql).digest('hex')]))
  for (const { migration_name: name, checksum, finished_at: finishedAt } of applied) {
    if (finishedAt === null) {
      throw new StartError(
        `Bước nâng cấp CSDL "${name}" trước đây bị cắt ngang, không rõ đã xong chưa: hãy khôi phục bản sao lưu, hoặc xem lại rồi ghi finished_at (đã xong) hay rolled_back_at (chưa) của bước này trong bảng _prisma_migrations.`,
        `The migration "${name}" was cut off earlier, and nobody knows whether it was done: restore a backup, or look and write finished_at (done) or rolled_back_at (not done) of it into the table _prisma_migrations.`,
      )
    }
    if (!known.has(name)) {
      throw new StartError(
        `CSDL đã được nâng cấp bởi một bản mới hơn (bước "${name}" không có trong bản này): hãy chạy bản mới đó.`,
        `The database was migrated by a newer release (this one has no migration "${name}"): run that release.`,
      )
    }
    if (known.get(name) !== checksum) {
      throw new StartError(
        `Nội dung bước nâng cấp "${name}" khác với lúc đã áp dụng vào CSDL này: hãy trả lại tệp migration.sql cũ, hoặc dùng CSDL khác.`,
        `The migration "${name}" is not what was applied to this database: put the former migration.sql back, or use another database.`,
      )
    }
  }
  const done = new Set(applied.map((row) => row.migration_name))
  return migrations.filter(({ name }) => !done.has(name))
}

/** Makes the sentence for a database that cannot be used at all; the address is named, the password never. */
function explainConnectionFailure(error: unknown, connectionString: string): unknown {
  const code = errorCode(error)
  const place = URL.canParse(connectionString) ? new URL(connectionString).host : null
  if (place === null || code === 'ERR_INVALID_URL') {
    return new StartError(
      'DATABASE_URL không phải là địa chỉ PostgreSQL hợp lệ (dạng postgresql://user:password@host:5432/database).',
      'DATABASE_URL is no address of PostgreSQL (postgresql://user:password@host:5432/database).',
    )
  }
  const reasons: Record<string, [vietnamese: string, english: string]> = {
    ECONNREFUSED: ['không có máy chủ nào trả lời', 'no server answers'],
    ENOTFOUND: ['không tìm thấy tên máy', 'there is no machine of that name'],
    EAI_AGAIN: ['không tra được tên máy', 'the name of the machine cannot be looked up'],
    ETIMEDOUT: ['quá thời gian chờ', 'it took too long'],
    EHOSTUNREACH: ['không tới được máy đó', 'the machine cannot be reached'],
    '28P01': ['sai tên hoặc mật khẩu', 'wrong name or password'],
    '28000': ['máy chủ không cho phép tài khoản này', 'the server does not let this account in'],
    '3D000': ['không có cơ sở dữ liệu với tên đó', 'there is no database of that name'],
    '53300': ['máy chủ đã hết kết nối', 'the server has no connection left'],
  }
  const reason = code === undefined ? undefined : reasons[code]
  if (reason === undefined) return error
  const [vietnamese, english] = reason
  return new StartError(
    `Không kết nối được CSDL PostgreSQL tại ${place} (DATABASE_URL): ${vietnamese}.`,
    `PostgreSQL at ${place} (DATABASE_URL) cannot be reached: ${english}.`,
  )
}

async function connect(connectionString: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 15_000, application_name: 'lienthong-migrations' })
    await client.connect()
    return client
  } catch (error) {
    throw explainConnectionFailure(error, connectionString)
  }
}

async function runPending(connectionString: string, migrations: Migration[], folder: string): Promise<string[]> {
  try {
    const { appliedMigrationNames } = await withSchemaEngine(connectionString, await readFile(prismaSchemaFile, 'utf8'), (engine) =>
      engine.applyMigrations({ migrationsList: toMigrationList(migrations, folder), filters: noFilter }),
    )
    return appliedMigrationNames
  } catch (error) {
    throw explainEngineFailure(error)
  }
}

/** The engine's message holds the server's own words, the migration's name, and a trace that helps nobody. */
function explainEngineFailure(error: unknown): unknown {
  const message = String(error instanceof Object && 'message' in error ? error.message : error)
  const said = /ERROR: .*/.exec(message)?.[0]
  if (said === undefined)
    return new StartError(
      'Nâng cấp CSDL không xong, chưa áp dụng gì của bước dở dang: hãy dừng các cổng và tiến trình chuyển đang chạy trên CSDL này rồi chạy lại.',
      'The migration did not come to its end, and nothing of the step under way was applied: stop the gateways and workers that run on this database, and start again.',
    )
  const name = /migration_name="([^"]+)"/.exec(message)?.[1] ?? '?'
  return new StartError(
    `Bước nâng cấp CSDL "${name}" bị lỗi, không có gì của bước này được áp dụng: ${said}`,
    `The migration "${name}" has failed, and nothing of it was applied: ${said}`,
  )
}

/**
 * Brings the database to the newest migration and returns the names of those applied now, in order.
 *
 * Throws a StartError when the database cannot be reached, an earlier migration was cut off or was changed afterwards, or the
 * database is newer than this program. `folder` is the project's migrations unless a test says otherwise.
 */
export async function applyMigrations(connectionString: string, folder: string = projectMigrationsDir): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = await connect(connectionString)
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLockKey])
    const begun = await isBegun(client)
    if (begun) await client.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE ${UNDONE}`)
    const pending = findPending(migrations, begun ? await readApplied(client) : [])
    return pending.length === 0 ? [] : await runPending(connectionString, migrations, folder)
  } finally {
    await client.end()
  }
}

/** Names of the migrations that are still to be applied, in order. Changes nothing; throws a StartError as `applyMigrations` does. */
export async function pendingMigrations(connectionString: string): Promise<string[]> {
  const client = await connect(connectionString)
  try {
    const applied = (await isBegun(client)) ? await readApplied(client) : []
    return findPending(await readMigrations(projectMigrationsDir), applied).map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/**
 * The SQL that leads from the migrations to prisma/schema.prisma, for a new migration; `emptyDatabaseUrl` names an empty
 * database that may be filled, needed when there are migrations already. What the schema file cannot express
 * (functions, triggers, some indexes) is hand-written: read the answer before you keep it.
 */
export async function diffScript(emptyDatabaseUrl: string): Promise<string> {
  const migrations = await readMigrations(projectMigrationsDir)
  const files = [{ path: 'schema.prisma', content: await readFile(prismaSchemaFile, 'utf8') }]
  const { stdout } = await withSchemaEngine(emptyDatabaseUrl, files[0]?.content ?? '', async (engine) => {
    if (migrations.length > 0) {
      await engine.applyMigrations({ migrationsList: toMigrationList(migrations, projectMigrationsDir), filters: noFilter })
    }
    return engine.diff({
      from: migrations.length === 0 ? { tag: 'empty' } : { tag: 'schemaDatasource', files, configDir: projectMigrationsDir },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: false,
      filters: noFilter,
    })
  })
  return stdout ?? ''
}
