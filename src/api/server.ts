import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql'
import type { Authenticated } from '../access/authenticate.js'
import { describeSize } from '../model/describe-size.js'
import { acceptCorrelationId, runWithCorrelation } from '../platform/correlation.js'
import { admitRequests } from './admit-request.js'
import { answerHeaders, COMPRESSED } from './answer-headers.js'
import { asPlugin } from './answer-steps.js'
import { mountAuditExport } from './audit-export-routes.js'
import { cacheHints } from './cache-hints.js'
import { checkRequest } from './check-request.js'
import { mountCitizenPage } from './citizen-page-routes.js'
import { mountConsole } from './console-routes.js'
import { countRows, endOnce } from './count-rows.js'
import type { ApiDependencies } from './dependencies.js'
import { readDocumentId, withoutDocumentId } from './document-id.js'
import { isReaderGone, mapError } from './error-mapping.js'
import { mountExplorer } from './explorer-routes.js'
import { hearOut } from './hear-out.js'
import { deferOnlyInQueries, executeInParts } from './incremental.js'
import { tellLateParts } from './late-parts.js'
import { listenAt } from './listen-at.js'
import { readPersistedOperations } from './persisted-operations.js'
import { limitRules } from './query-limits.js'
import { mountReports } from './report-routes.js'
import type { RequestContext } from './request-context.js'
import { mountRoot } from './root-route.js'
import { buildGatewaySchema } from './schema.js'
import { mountSoapServices } from './soap-routes.js'
import { spokenErrors } from './spoken-errors.js'
import { mountStatusRoutes } from './status-routes.js'
import { asSubgraph, noSubgraphSdl } from './subgraph.js'
import { mountSubscriptions } from './subscription-server.js'
import { tellTooOften } from './too-often.js'
import { tellUnavailable } from './unavailability.js'

/**
 * The gateway's HTTP face: GraphQL over HTTP and WebSocket on `/graphql`, the inbound SOAP services, health and metrics. A request
 * gets a correlation id (its own `X-Correlation-Id` when that is a UUID), which travels to every log line and foreign call
 * and comes back in the answer's header; then a caller from its token, before its body is read; then a context whose loaders read each kind of thing
 * once. Resolvers decide nothing: what may be called, seen and shown stands in `access/`, what happens in the acts that are
 * handed in. What goes wrong is told by `error-mapping.ts`.
 */
export interface ApiServer {
  /** Address under which it listens, without a trailing slash. */
  readonly url: string
  /** Ends subscriptions, lets running requests finish, and frees the port. */
  close(): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    correlationId: string
    /** Set for a POST before its body is read. */
    authenticated: Authenticated | null
  }
}

const GRAPHQL_PATH = '/graphql'
const CORRELATION_HEADER = 'x-correlation-id'

/** For the web pages of `CORS_ORIGINS`. Callers are known by their token, never by a cookie. */
const CORS = {
  methods: ['GET', 'POST'],
  allowedHeaders: ['Content-Type', 'Authorization', 'X-Correlation-Id', 'X-Language', 'Apollo-Require-Preflight', 'If-None-Match'],
  exposedHeaders: ['X-Correlation-Id', 'Retry-After', 'ETag'],
  maxAge: 600,
}

/** A request that has not come in whole by then is cut off: the largest one takes this long at 2 Mbit/s. */
const REQUEST_TIMEOUT_MS = 150_000
/** As web servers write it down for an answer that nobody waited for. */
const CLIENT_LEFT = 499

const headerOf = (request: FastifyRequest): string | undefined => {
  const header = request.headers[CORRELATION_HEADER]
  return typeof header === 'string' ? header : undefined
}

const refusal = (message: string, reason: string): { errors: GraphQLFormattedError[] } => ({
  errors: [{ message, extensions: { code: 'INVALID_INPUT', reason } }],
})

const createApp = (deps: ApiDependencies): FastifyInstance => {
  const app = Fastify({
    bodyLimit: deps.limits.maxRequestBytes,
    logger: false,
    trustProxy: [...deps.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }) => (url.startsWith(GRAPHQL_PATH) && url.includes('documentId=') ? withoutDocumentId(url) : url),
  })
  app.decorateRequest('correlationId', '')
  app.decorateRequest('authenticated', null)
  app.addHook('onRequest', (request, reply, done) => {
    request.correlationId = acceptCorrelationId(headerOf(request))
    void reply.header('X-Correlation-Id', request.correlationId).header('X-Content-Type-Options', 'nosniff')
    done()
  })
  // Only here: while a body is read the asynchronous context of the earlier hooks is lost.
  app.addHook('preHandler', (request, _reply, done) => runWithCorrelation(request.correlationId, done))
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(refusal('Không có địa chỉ này.', 'NO_SUCH_PATH')))
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (request.socket.destroyed && isReaderGone(error)) return reply.code(CLIENT_LEFT).send()
    await hearOut(request.raw)
    if (error.statusCode === 413)
      return reply
        .code(413)
        .send(refusal(`Yêu cầu lớn hơn mức cho phép (${describeSize(deps.limits.maxRequestBytes)}).`, 'REQUEST_TOO_LARGE'))
    if (error.statusCode === 415 && request.url.startsWith(GRAPHQL_PATH))
      return reply.code(415).send(refusal('Cổng chỉ đọc yêu cầu dạng JSON: hãy đặt Content-Type: application/json.', 'REQUEST_UNREADABLE'))
    if (error.statusCode !== undefined && error.statusCode < 500)
      return reply.code(error.statusCode).send(refusal('Không đọc được yêu cầu.', 'REQUEST_UNREADABLE'))
    return reply.code(500).send({ errors: [mapError(error, deps.logger)] })
  })
  return app
}

let served: Promise<GraphQLSchema> | undefined
/** Built once in a process: it holds nothing of a server. */
const servedSchema = (): Promise<GraphQLSchema> => {
  served ??= buildGatewaySchema().then(asSubgraph).then(countRows)
  return served
}

export const startApiServer = async (
  deps: ApiDependencies,
  { host, port, corsOrigins = [] }: { readonly host: string; readonly port: number; readonly corsOrigins?: readonly string[] },
): Promise<ApiServer> => {
  const schema = await servedSchema()
  const rules = [...limitRules(deps.limits.query), ...(deps.limits.introspection ? [] : [noSubgraphSdl])]
  const persisted = deps.persistedOperations && (await readPersistedOperations(deps.persistedOperations, schema, rules))
  const app = createApp(deps)

  const apollo = new ApolloServer<RequestContext>({
    schema,
    introspection: deps.limits.introspection,
    validationRules: rules,
    parseOptions: { maxTokens: deps.limits.query.maxTokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: persisted ? { cache: persisted.cache } : false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo's own page is made of scripts of another origin; ours is `explorer-routes.ts`.
    plugins: [
      asPlugin([checkRequest(deps.limits), endOnce, deferOnlyInQueries, tellUnavailable, spokenErrors, tellTooOften, tellLateParts]),
      cacheHints(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
    legacyExperimentalExecuteIncrementally: executeInParts,
    hideSchemaDetailsFromClientErrors: !deps.limits.introspection,
    formatError: (_formatted, error) => mapError(error, deps.logger),
  })
  await apollo.start()

  const { authenticateFirst, context } = admitRequests(deps, persisted)
  await mountConsole(app, deps.console ?? {})
  if (deps.citizenLookUp) mountCitizenPage(app)
  mountRoot(app, { graphql: GRAPHQL_PATH })
  await app.register(compress, { global: false })
  if (deps.limits.introspection) mountExplorer(app, GRAPHQL_PATH)
  await app.register(async (scope) => {
    scope.addHook('onSend', answerHeaders)
    if (corsOrigins.length > 0) await scope.register(cors, { ...CORS, origin: [...corsOrigins] })
    scope.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: GRAPHQL_PATH,
      onRequest: authenticateFirst,
      preHandler: ({ body }, _reply, done) => {
        readDocumentId(body)
        done()
      },
      compress: COMPRESSED,
      handler: fastifyApolloHandler(apollo, { context }),
    })
  })
  mountStatusRoutes(app, deps)
  mountAuditExport(app, deps)
  mountReports(app, deps)
  await mountSoapServices(app, deps)

  const closeSubscriptions = mountSubscriptions(app.server, { deps, schema, rules, persisted, path: GRAPHQL_PATH })
  const close = async (): Promise<void> => {
    await closeSubscriptions()
    await app.close()
    await apollo.stop()
  }
  try {
    return { url: await listenAt(app, { host, port, variable: 'PORT' }), close }
  } catch (error) {
    await close()
    throw error
  }
}
