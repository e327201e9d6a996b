import type { FastifyInstance } from 'fastify'
import type { ApiDependencies } from './dependencies.js'

/** Asked every few seconds by machines: counted, not logged. */
const QUIET = new Set(['/health/live', '/health/ready', '/metrics'])

/** `/health/live`: the process works; `/health/ready`: it can serve (with what is missing); `/metrics`: numbers for Prometheus. No token: no data of any dossier. */
export const mountStatusRoutes = (
  app: FastifyInstance,
  { health, metrics, logger }: Pick<ApiDependencies, 'health' | 'metrics' | 'logger'>,
): void => {
  app.get('/health/live', (_request, reply) => reply.code(health.live() ? 200 : 503).send({ live: health.live() }))
  app.get('/health/ready', async (_request, reply) => {
    const { ok, checks, reason, degraded } = await health.ready()
    return reply
      .code(ok ? 200 : 503)
      .send({ ready: ok, checks, ...(reason !== undefined && { reason }), ...(degraded !== undefined && { degraded }) })
  })
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.scrape()
    return reply.type(contentType).send(text)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.httpSeconds.observe({ route, method: request.method, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
    const { correlationId, method } = request
    const elapsedMs = Math.round(reply.elapsedTime)
    if (!QUIET.has(route)) logger.info({ correlationId, route, method, status: reply.statusCode, elapsedMs }, 'answered')
    done()
  })
}
