import 'reflect-metadata'
import { openContext } from '../../src/context.js'
import { startGateway } from '../../src/gateway-process.js'
import { authenticationOf, contextOptionsOf, databaseUrlOf } from '../../src/prepare.js'
import { runProgram } from '../../src/run-program.js'
import { sabotaged, sabotageOf } from './sabotage.js'

/** `src/gateway.ts` with the guard broken that DRILL_SABOTAGE names: the drill's own program, no part of the product. */
await runProgram('gateway', async ({ environment, logger, shutdown }) => {
  const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: false })
  const context = await sabotaged(
    await openContext(await contextOptionsOf(environment, databaseUrl, logger)),
    sabotageOf(process.env.DRILL_SABOTAGE),
  )
  shutdown.onShutdown('context', () => context.close())
  const gateway = await startGateway(context, {
    host: environment.HOST,
    port: environment.PORT,
    authentication: authenticationOf(environment, context.options.configuration),
    introspection: false,
    corsOrigins: [],
  })
  shutdown.onShutdown('gateway', () => gateway.stop())
  logger.info({ url: gateway.url, sabotage: process.env.DRILL_SABOTAGE }, 'cổng liên thông đang chạy, đã tháo chốt')
})
