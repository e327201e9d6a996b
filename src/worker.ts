import { openContext } from './context.js'
import { contextOptionsOf, databaseUrlOf, prepareDatabase } from './prepare.js'
import { runProgram } from './run-program.js'
import { runWorker } from './worker-process.js'

/** `npm run worker`: delivery, polls and the guardian, on the user's own database. The way of a transfer: `transfer/deliver-transfer.ts`. */
await runProgram('worker', async ({ environment, logger, shutdown }) => {
  const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: false })
  await prepareDatabase(databaseUrl, 'DISTRICT')
  const context = await openContext(await contextOptionsOf(environment, databaseUrl, logger))
  shutdown.onShutdown('context', () => context.close())
  await runWorker(context, shutdown)
  if (shutdown.isStopping) return
  logger.info({ queue: context.store.kind }, 'tiến trình chuyển đang chạy')
})
