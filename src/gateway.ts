import 'reflect-metadata'
import { openContext } from './context.js'
import { startGateway } from './gateway-process.js'
import { authenticationOf, contextOptionsOf, databaseUrlOf, prepareDatabase } from './prepare.js'
import { runProgram } from './run-program.js'

/** `npm run gateway`: GraphQL and inbound SOAP, on the user's own database. */
await runProgram('gateway', async ({ environment, logger, shutdown }) => {
  const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: false })
  await prepareDatabase(environment.DATABASE_DIRECT_URL ?? databaseUrl, 'DISTRICT')
  const context = await openContext(await contextOptionsOf(environment, databaseUrl, logger))
  shutdown.onShutdown('context', () => context.close())
  const gateway = await startGateway(context, {
    host: environment.HOST,
    port: environment.PORT,
    authentication: authenticationOf(environment, context.options.configuration),
    introspection: environment.NODE_ENV !== 'production',
    signIn: context.options.configuration.auth.signIn,
    linkSignIn: environment.NODE_ENV === 'development',
    corsOrigins: environment.CORS_ORIGINS,
    statementTimeoutMs: environment.STATEMENT_TIMEOUT_MS,
  })
  shutdown.onShutdown('gateway', () => gateway.stop())
  logger.info({ url: gateway.url, queue: context.store.kind }, 'cổng liên thông đang chạy')
})
