import { openContext } from './context.js'
import { contextOptionsOf, databaseUrlOf, prepareDatabase } from './prepare.js'
import { runProgram } from './run-program.js'
import { startStatusServer } from './status-server.js'
import { runWorker } from './worker-process.js'

/** `npm run worker`: delivery, polls and the guardian, on the user's own database. The way of a transfer: `transfer/deliver-transfer.ts`. */
await runProgram('worker', async ({ environment, logger, shutdown }) => {
  const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: false })
  await prepareDatabase(environment.DATABASE_DIRECT_URL ?? databaseUrl, 'DISTRICT')
  const context = await openContext(await contextOptionsOf(environment, databaseUrl, logger))
  shutdown.onShutdown('context', () => context.close())
  const { HOST: host, METRICS_PORT: port } = environment
  const status = port === undefined ? undefined : await startStatusServer(context, { host, port })
  if (status) shutdown.onShutdown('status', () => status.stop())
  await runWorker(context, shutdown)
  if (shutdown.isStopping) return
  logger.info({ queue: context.store.kind, ...(status && { url: status.url }) }, 'tiến trình chuyển đang chạy')
})
