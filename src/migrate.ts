/** `npm run db:migrate` applies the migrations to DATABASE_URL; `npm run db:diff` prints the SQL of the next one. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './config/env.js'
import { checkDatabase } from './platform/check-database.js'
import { startEmbeddedPostgres } from './platform/embedded-postgres.js'
import { applyMigrations, diffScript } from './platform/migrations.js'
import { StartError } from './platform/start-error.js'
import { runProgram } from './run-program.js'

async function apply({ DATABASE_URL, DATABASE_DIRECT_URL: connectionString = DATABASE_URL }: Environment): Promise<void> {
  if (!connectionString)
    throw new StartError(
      'Hãy đặt DATABASE_URL; CSDL đi kèm được "npm start" tự nâng cấp.',
      'Set DATABASE_URL; the bundled database is migrated by "npm start" itself.',
    )
  await checkDatabase(connectionString)
  const applied = await applyMigrations(connectionString)
  process.stdout.write(applied.length === 0 ? 'CSDL đã ở bản mới nhất.\n' : `Đã áp dụng: ${applied.join(', ')}\n`)
}

async function diff(): Promise<void> {
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-diff-'))
  // PostgreSQL runs as another account when we are root.
  await chmod(stateDir, 0o711)
  const log = { info: () => undefined, warn: () => undefined }
  const server = await startEmbeddedPostgres({ stateDir, log, durable: false })
  try {
    process.stdout.write(await diffScript(server.connectionString))
  } finally {
    await server.stop()
    await rm(stateDir, { recursive: true, force: true })
  }
}

await runProgram('migrate', async ({ environment }) => {
  const [command] = process.argv.slice(2)
  if (command === 'apply') await apply(environment)
  else if (command === 'diff') await diff()
  else throw new StartError('Lệnh: migrate apply | migrate diff', 'Commands: migrate apply | migrate diff')
})
