import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { COMPRESSED } from './answer-headers.js'

/**
 * An explorer of the schema (GraphiQL) at `/explorer`, for developers: mounted only where introspection is allowed. All of it comes from this
 * gateway, and the content security policy lets the page ask nobody else: no script, style, font, worker or connection of another origin.
 */
const EXPLORER_PATH = '/explorer'

/** The editor writes style elements of its own; nothing else is inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SCRIPT = 'text/javascript; charset=utf-8'
const ownFile = (name: string): Promise<string> => readFile(new URL(`./explorer/${name}`, import.meta.url), 'utf8')

/** Nine megabytes: they are loaded when somebody first opens the page. */
const bundle = () => import('@graphql-yoga/render-graphiql/graphiql')

const FILES: Readonly<Record<string, readonly [type: string, load: () => Promise<string>]>> = {
  'boot.js': [SCRIPT, () => ownFile('boot.js')],
  'graphiql.js': [SCRIPT, async () => (await bundle()).js],
  'graphiql.css': ['text/css; charset=utf-8', async () => (await bundle()).css],
  'editor.worker.js': [SCRIPT, async () => (await bundle()).editorWorkerService],
  'json.worker.js': [SCRIPT, async () => (await bundle()).jsonWorker],
  'graphql.worker.js': [SCRIPT, async () => (await bundle()).graphqlWorker],
}

/** Any of these makes of a GET an operation; a `documentId` is told in `extensions` by then, or stands beside a query. */
const OF_AN_OPERATION = ['query', 'documentId', 'extensions']

/** A browser that opens the GraphQL address itself is led to the page; who asks a question there gets its answer. */
const isVisit = (accept: string | undefined, query: unknown): boolean =>
  accept?.includes('text/html') === true && !OF_AN_OPERATION.some((name) => Object.hasOwn(Object(query), name))

export const mountExplorer = (app: FastifyInstance, graphqlPath: string): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' || request.routeOptions.url !== graphqlPath || !isVisit(request.headers.accept, request.query)) return
    await reply.redirect(EXPLORER_PATH)
  })
  app.get(EXPLORER_PATH, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .send(await ownFile('page.html')),
  )
  app.get<{ Params: { file: string } }>(`${EXPLORER_PATH}/:file`, { compress: COMPRESSED }, async (request, reply) => {
    const file = Object.hasOwn(FILES, request.params.file) ? FILES[request.params.file] : undefined
    if (!file) return reply.callNotFound()
    const [type, load] = file
    return reply
      .type(type)
      .header('content-security-policy', POLICY)
      .send(await load())
  })
}
