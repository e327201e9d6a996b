import { join } from 'node:path'
import type { AuthenticationSettings } from './access/authenticate.js'
import { type Configuration, readConfiguration } from './config/config.js'
import type { Environment } from './config/env.js'
import { credentialsOf } from './config/secrets.js'
import type { ContextOptions } from './context.js'
import { claimPurpose } from './dossier/installation-repository.js'
import { loadReferenceData } from './dossier/load-reference-data.js'
import { SYSTEM_IDS } from './model/system.js'
import { checkDatabase } from './platform/check-database.js'
import { openDatabase } from './platform/database.js'
import { startEmbeddedPostgres } from './platform/embedded-postgres.js'
import type { Logger } from './platform/logger.js'
import { applyMigrations } from './platform/migrations.js'
import { prismaDir } from './platform/paths.js'
import type { Shutdown } from './platform/shutdown.js'
import { StartError } from './platform/start-error.js'
import { stateDirOf, useStateFolder } from './platform/state-folder.js'

/*
 * What the entry points share: from the environment to the options of a context, with a database that is ready to use.
 */

/** The state folder, made when it is missing; in one sentence when it cannot be used. */
export const openStateDir = async (environment: Environment): Promise<string> => {
  const stateDir = stateDirOf(environment)
  await useStateFolder(stateDir)
  return stateDir
}

/** The user's own database, or the embedded one, which stops with this program; `embedded` hears where its data lies, when not in the state folder. */
export const databaseUrlOf = async (
  environment: Environment,
  { logger, shutdown, embedded }: { logger: Logger; shutdown: Shutdown; embedded: false | ((sentence: string) => void) },
): Promise<string> => {
  if (environment.DATABASE_URL === undefined) {
    if (!embedded)
      throw new StartError(
        'Hãy đặt DATABASE_URL (PostgreSQL 13 trở lên); "npm start" tự mang theo cơ sở dữ liệu.',
        'Set DATABASE_URL (PostgreSQL 13 or newer); "npm start" brings its own database.',
      )
    const log = { info: embedded, warn: (message: string) => logger.warn(message) }
    const ending = new AbortController()
    const starting = startEmbeddedPostgres({ stateDir: stateDirOf(environment), log, signal: ending.signal })
    const stop = async (): Promise<void> => {
      ending.abort()
      // Who began it is told that it did not start.
      const postgres = await starting.catch(() => undefined)
      await postgres?.stop()
    }
    shutdown.onShutdown('PostgreSQL', stop, 35_000)
    return (await starting).connectionString
  }
  await checkDatabase(environment.DATABASE_URL)
  if (environment.DATABASE_DIRECT_URL) await checkDatabase(environment.DATABASE_DIRECT_URL, 'DATABASE_DIRECT_URL')
  return environment.DATABASE_URL
}

/** Migrations and reference data: safe to run in every process at once, and again. They hold a lock of their session, so no transaction pooler may stand before this address. */
export const prepareDatabase = async (databaseUrl: string, use: 'SANDBOX' | 'DISTRICT'): Promise<void> => {
  await applyMigrations(databaseUrl)
  const db = openDatabase({ url: databaseUrl, poolSize: 2, onError: () => undefined })
  try {
    await loadReferenceData(db, join(prismaDir, 'reference'))
    // A gateway or worker may run on the sandbox's database; the sandbox may not run on a district's (`sandbox-data.ts`).
    if (use === 'DISTRICT') await claimPurpose(db, use)
  } finally {
    await db.close()
  }
}

/** A system that is switched on without an account of ours will refuse every call: said once at start, by name. */
const warnOfMissingAccounts = (configuration: Configuration, logger: Logger): void => {
  for (const systemId of SYSTEM_IDS) {
    if (!configuration.systems[systemId].enabled || credentialsOf(process.env, systemId, 'OUTBOUND')) continue
    logger.warn({ systemId }, `chưa có tài khoản gọi hệ thống này: đặt ${systemId}_USERNAME và ${systemId}_PASSWORD`)
  }
}

export const contextOptionsOf = async (environment: Environment, databaseUrl: string, logger: Logger): Promise<ContextOptions> => {
  const configuration = await readConfiguration(environment.LIENTHONG_CONFIG)
  warnOfMissingAccounts(configuration, logger)
  return {
    databaseUrl,
    directDatabaseUrl: environment.DATABASE_DIRECT_URL,
    redisUrl: environment.REDIS_URL,
    poolSize: environment.DATABASE_POOL,
    stateDir: await openStateDir(environment),
    configuration,
    secrets: process.env,
    logger,
  }
}

/** Throws a StartError with one sentence when tokens could not be checked, or when those of the console's sign-in would be refused. */
export const authenticationOf = (environment: Environment, { auth: { claims, signIn } }: Configuration): AuthenticationSettings => {
  if (!environment.JWT_PUBLIC_KEY && !environment.JWT_JWKS_URL)
    throw new StartError(
      'Hãy đặt JWT_PUBLIC_KEY (PEM) hoặc JWT_JWKS_URL: cổng cần khóa công khai để kiểm tra mã đăng nhập.',
      'Set JWT_PUBLIC_KEY (PEM) or JWT_JWKS_URL: the gateway needs a public key to check tokens.',
    )
  if (signIn && signIn.issuer !== environment.JWT_ISSUER)
    throw new StartError(
      `JWT_ISSUER (đang là "${environment.JWT_ISSUER}") phải đúng bằng "auth.signIn.issuer" (${signIn.issuer}): nếu không, cổng từ chối mã đăng nhập mà bảng điều khiển vừa nhận.`,
      `JWT_ISSUER (now "${environment.JWT_ISSUER}") must be "auth.signIn.issuer" (${signIn.issuer}): else the gateway refuses the tokens that the console was just given.`,
    )
  return {
    issuer: environment.JWT_ISSUER,
    audience: environment.JWT_AUDIENCE,
    publicKeyPem: environment.JWT_PUBLIC_KEY?.replaceAll('\\n', '\n'),
    jwksUrl: environment.JWT_JWKS_URL,
    claims,
  }
}
