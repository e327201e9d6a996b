import { openContext } from '../../src/context.js'
import { contextOptionsOf, databaseUrlOf } from '../../src/prepare.js'
import { runProgram } from '../../src/run-program.js'
import { startWorker } from '../../src/worker-process.js'
import { sabotaged, sabotageOf } from './sabotage.js'

/** Often, so that a lease that is broken shows at once. */
const GUARD_EVERY_MS = 100

/** `src/worker.ts` with the guard broken that DRILL_SABOTAGE names: the drill's own program, no part of the product. */
await runProgram('worker', async ({ environment, logger, shutdown }) => {
  const databaseUrl = await databaseUrlOf(environment, { logger, shutdown, embedded: false })
  const context = await sabotaged(
    await openContext(await contextOptionsOf(environment, databaseUrl, logger)),
    sabotageOf(process.env.DRILL_SABOTAGE),
  )
  shutdown.onShutdown('context', () => context.close())
  const worker = await startWorker(context, { guardEveryMs: GUARD_EVERY_MS })
  shutdown.onShutdown('worker', () => worker.stop(), 60_000)
  logger.info({ sabotage: process.env.DRILL_SABOTAGE }, 'tiến trình chuyển đang chạy, đã tháo chốt')
})
