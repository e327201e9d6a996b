import type { FastifyInstance } from 'fastify'
import { CONSOLE_PATH, readBuilt } from './console-routes.js'

/** Địa chỉ gốc `/`: a browser is led to the console, where it is built; anybody else is told what there is. No token: no data of any dossier. */
export const mountRoot = (app: FastifyInstance, pages: Readonly<Record<string, string>>): void => {
  app.get('/', async ({ headers }, reply) => {
    const isBrowser = headers.accept?.includes('text/html') === true
    void reply.header('vary', 'Accept')
    const hasConsole = (await readBuilt('index.html')) !== null
    if (isBrowser && hasConsole) return reply.redirect(CONSOLE_PATH)
    return reply.send({
      ...pages,
      ...(hasConsole && { console: CONSOLE_PATH }),
      live: '/health/live',
      ready: '/health/ready',
      metrics: '/metrics',
    })
  })
}
