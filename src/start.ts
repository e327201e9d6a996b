import 'reflect-metadata'
import { join } from 'node:path'
import { alertChannelsOf } from './config/alert-channels.js'
import { readConfiguration, readConfigurationWith } from './config/config.js'
import { alertSecretsIn } from './config/secrets.js'
import { openContext } from './context.js'
import { startGateway } from './gateway-process.js'
import { databaseUrlOf, openStateDir, prepareDatabase } from './prepare.js'
import { runProgram } from './run-program.js'
import { announce, say, showSummary } from './sandbox/announce.js'
import { DEVELOPMENT_CALLERS, ISSUER, openDevelopmentKey } from './sandbox/development-tokens.js'
import { freePort } from './sandbox/free-port.js'
import { leaveSandboxAccess } from './sandbox/sandbox-access.js'
import { prepareSandboxData } from './sandbox/sandbox-data.js'
import { refuseTakenPorts, startSandbox } from './sandbox/sandbox-systems.js'
import { runWorker } from './worker-process.js'

/** An hour of the sandbox systems in a second: a dossier's weeks in some minutes. */
const ACCELERATED = 3_600

/** `npm start`: database, sandbox systems, gateway and worker together, so that dossiers flow on a machine with Node alone. */
await runProgram(
  'lienthong',
  async ({ environment, logger, shutdown }) => {
    // What makes no sense is refused before anything is started.
    const alertSecrets = alertSecretsIn(process.env)
    alertChannelsOf(await readConfiguration(environment.LIENTHONG_CONFIG), alertSecrets)
    const stateDir = await openStateDir(environment)
    const port = await freePort(environment.HOST, environment.PORT)
    await refuseTakenPorts(environment.SANDBOX_PORT, port)
    const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: (sentence) => say([sentence, '']) })
    await prepareDatabase(databaseUrl, 'SANDBOX')
    await prepareSandboxData(databaseUrl)
    const sandbox = await startSandbox({
      folder: join(stateDir, 'sandbox'),
      gatewayUrl: `http://${environment.HOST}:${port}`,
      firstPort: environment.SANDBOX_PORT,
      speed: environment.SANDBOX_SPEED ?? ACCELERATED,
      auto: true,
      tell: (sentence) => say([sentence, '']),
      isEnding: () => shutdown.isStopping,
    })
    shutdown.onShutdown('sandbox', () => sandbox.stop())
    const context = await openContext({
      databaseUrl,
      redisUrl: environment.REDIS_URL,
      poolSize: environment.DATABASE_POOL,
      stateDir,
      secrets: { ...alertSecrets, ...sandbox.secrets },
      logger,
      configuration: await readConfigurationWith(environment.LIENTHONG_CONFIG, sandbox.configuration.systems),
      systemsRunAhead: true,
    })
    shutdown.onShutdown('context', () => context.close())
    const key = await openDevelopmentKey(stateDir)
    // A sandbox has accounts of its own: what the file says of an identity provider and its claims is for a gateway of a district.
    const gateway = await startGateway(context, {
      host: environment.HOST,
      port,
      authentication: { issuer: ISSUER, audience: ISSUER, publicKeyPem: key.publicKeyPem },
      introspection: true,
      linkSignIn: true,
      corsOrigins: environment.CORS_ORIGINS,
      statementTimeoutMs: environment.STATEMENT_TIMEOUT_MS,
    })
    shutdown.onShutdown('gateway', () => gateway.stop())
    await runWorker(context, shutdown)
    if (shutdown.isStopping) return
    const tokens = await Promise.all(DEVELOPMENT_CALLERS.map(async (caller) => ({ caller, token: await key.token(caller) })))
    const byRole = Object.fromEntries(tokens.map(({ caller, token }) => [caller.role, token]))
    const controls = Object.fromEntries(Object.entries(sandbox.twins).map(([id, { controlUrl }]) => [id, controlUrl]))
    const { configuration, secrets } = sandbox
    const left = { url: `${gateway.url}/graphql`, tokens: byRole, systems: configuration.systems, secrets, controls }
    shutdown.onShutdown('sandbox access', await leaveSandboxAccess(stateDir, left))
    announce(gateway.url, sandbox, tokens)
    shutdown.onShutdown('summary', showSummary(context.db))
    shutdown.onShutdown('word', () => say(['Đang dừng… (Ctrl-C lần nữa để dừng ngay)', '']))
  },
  { logLevel: 'warn' },
)
