import fastify from 'fastify'
import { listenAt } from './api/listen-at.js'
import { mountStatusRoutes } from './api/status-routes.js'
import type { Context } from './context.js'
import { readReadiness } from './operator/readiness-repository.js'

/** Cổng theo dõi của tiến trình chuyển: what a worker has done is counted in its own process, so it is asked there. Throws a StartError when the port cannot be had. */
export const startStatusServer = async (
  { db, metrics, options, store }: Pick<Context, 'db' | 'metrics' | 'options' | 'store'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const app = fastify({ logger: false })
  mountStatusRoutes(app, {
    health: { live: () => true, ready: () => readReadiness(db, store.standing()) },
    metrics,
    logger: options.logger,
  })
  return { url: await listenAt(app, { host, port, variable: 'METRICS_PORT' }), stop: () => app.close() }
}
