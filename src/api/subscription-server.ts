import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExecutionArgs, GraphQLSchema, ValidationRule } from 'graphql'
import {
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { Authenticated } from '../access/authenticate.js'
import { GatewayError } from '../errors.js'
import { readLanguage } from '../model/language.js'
import { acceptCorrelationId, runWithCorrelation } from '../platform/correlation.js'
import { bearerToken } from './bearer.js'
import type { ApiDependencies } from './dependencies.js'
import { isReaderGone, mapError } from './error-mapping.js'
import { addLateParts } from './late-parts.js'
import type { PersistedOperations } from './persisted-operations.js'
import { checkCost } from './query-limits.js'
import { checkText } from './readable-text.js'
import { RequestContext } from './request-context.js'
import { speakErrors } from './spoken-errors.js'

export interface SubscriptionServerOptions {
  readonly deps: ApiDependencies
  readonly schema: GraphQLSchema
  readonly rules: readonly ValidationRule[]
  readonly persisted?: PersistedOperations
  readonly path: string
}

/** Close codes of graphql-ws: a client does not connect again by itself after either of the first two. */
const UNAUTHORISED = 4401
const FORBIDDEN = 4403
const GOING_AWAY = 1001

/** The longest wait that a timer can hold. */
const LONGEST_TIMER_MS = 2_147_483_647

/** A client that does not answer the farewell is cut off after this. */
const FAREWELL_MS = 2_000

const MAX_MESSAGE_BYTES = 1_048_576

/** Operations that one socket may have open at once: a front end follows a few lists and the dossier on its screen. */
const MAX_OPERATIONS = 50

type SocketExtra = {
  authenticated?: Authenticated
  expiry?: NodeJS.Timeout
}

/** The path of an upgrade request; undefined for a target that is none. */
const pathOf = (target: string | undefined): string | undefined => {
  const base = 'http://gateway'
  return target?.startsWith('/') && URL.canParse(`${base}${target}`) ? new URL(`${base}${target}`).pathname : undefined
}

/** A stream that failed under way reaches us wrapped: what it threw is what is mapped. */
const thrown = (error: GraphQLError): unknown =>
  error.path === undefined && error.extensions.code === undefined ? (error.originalError ?? error) : error

const correlated = <Result>({ contextValue }: ExecutionArgs, work: () => Result): Result =>
  contextValue instanceof RequestContext ? runWithCorrelation(contextValue.correlationId, work) : work()

/**
 * GraphQL over WebSocket (graphql-ws), beside the HTTP endpoint on the same path. The token comes in the `Authorization` of
 * `connection_init`'s payload (or of the upgrade request); when it expires the socket is closed, so that no subscription outlives it. Every operation
 * passes the same rules and the same error mapping as over HTTP, and its answers tell of late parts alike. Answers how to close.
 */
export const mountSubscriptions = (
  server: Server,
  { deps, schema, rules, persisted, path }: SubscriptionServerOptions,
): (() => Promise<void>) => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request.url) !== path) {
      // Nobody else listens on it any more: a peer that is gone already must not end the process.
      socket.on('error', () => socket.destroy())
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
  }
  server.on('upgrade', onUpgrade)

  const closeWhenExpired = (socket: WebSocket, expiresAt: Date): NodeJS.Timeout =>
    setTimeout(
      () => socket.close(UNAUTHORISED, 'Phiên đăng nhập đã hết hạn'),
      Math.min(Math.max(0, expiresAt.getTime() - Date.now()), LONGEST_TIMER_MS),
    ).unref()

  const { introspection } = deps.limits
  const allRules = [...specifiedRules, ...rules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])]
  /** What the schema has is not told by way of hints either. */
  const withoutHint = (message: string): string => (introspection ? message : message.replace(/ ?Did you mean .*\?$/s, ''))

  const badRequest = (fault: GraphQLError, code: string): GraphQLError =>
    new GraphQLError(withoutHint(fault.message), {
      nodes: fault.nodes,
      originalError: fault.originalError,
      extensions: { code, ...fault.extensions },
    })

  const served = useServer<Record<string, unknown> | undefined, SocketExtra>(
    {
      schema,
      execute: (operation) => correlated(operation, () => execute(operation)),
      subscribe: (operation) => correlated(operation, () => subscribe(operation)),
      onConnect: async (connection) => {
        const header = connection.connectionParams?.Authorization ?? connection.connectionParams?.authorization
        const token = bearerToken(header) ?? bearerToken(connection.extra.request.headers.authorization)
        try {
          const authenticated = await deps.authenticate(token)
          connection.extra.authenticated = authenticated
          connection.extra.expiry = closeWhenExpired(connection.extra.socket, authenticated.expiresAt)
          return true
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error
          connection.extra.socket.close(
            error.detail.reason === 'TOKEN_EXPIRED' ? UNAUTHORISED : FORBIDDEN,
            error.detail.reason ?? error.code,
          )
          return false
        }
      },
      onClose: (connection) => {
        clearTimeout(connection.extra.expiry)
      },
      onSubscribe: (connection, _id, payload) => {
        const { authenticated } = connection.extra
        if (!authenticated) return [new GraphQLError('Yêu cầu chưa có mã đăng nhập.', { extensions: { code: 'UNAUTHENTICATED' } })]
        if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS)
          return [
            new GraphQLError(`Một kết nối theo dõi nhiều nhất ${MAX_OPERATIONS} mục cùng lúc.`, {
              extensions: { code: 'INVALID_INPUT', reason: 'QUERY_TOO_MANY_OPERATIONS' },
            }),
          ]
        try {
          const text = persisted ? persisted.documentOf(payload) : payload.query
          const document = parse(text, { maxTokens: deps.limits.query.maxTokens })
          const faults = validate(schema, document, allRules)
          if (faults.length > 0) return faults.map((fault) => badRequest(fault, 'GRAPHQL_VALIDATION_FAILED'))
          const operation = getOperationAST(document, payload.operationName)
          if (!operation)
            return [new GraphQLError('không rõ cần thực hiện thao tác nào.', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })]
          checkCost({ schema, document, operation }, payload.variables ?? {}, deps.limits.query)
          checkText(payload.variables)
          const variables = getVariableValues(schema, operation.variableDefinitions ?? [], payload.variables ?? {})
          if (variables.errors) return variables.errors.map((fault) => badRequest(fault, 'BAD_USER_INPUT'))
          const header = connection.extra.request.headers['x-correlation-id']
          const correlationId = acceptCorrelationId(typeof header === 'string' ? header : undefined)
          return {
            schema,
            document,
            operationName: payload.operationName,
            variableValues: payload.variables,
            contextValue: new RequestContext(
              deps,
              authenticated.caller,
              correlationId,
              connection.extra.request.socket.remoteAddress ?? '',
              readLanguage(connection.connectionParams?.language),
            ),
          }
        } catch (error) {
          if (error instanceof GatewayError) return [new GraphQLError(error.message, { originalError: error })]
          if (!(error instanceof GraphQLError)) throw error
          return [new GraphQLError(error.message, { extensions: { code: 'GRAPHQL_PARSE_FAILED', ...error.extensions } })]
        }
      },
      onError: ({ extra: { socket }, connectionParams }, _id, _payload, errors) =>
        speakErrors(
          errors
            .filter((error) => socket.readyState === socket.OPEN || !isReaderGone(thrown(error)))
            .map((error) => mapError(thrown(error), deps.logger)),
          readLanguage(connectionParams?.language),
        ),
      onNext: (_connection, _id, _payload, { contextValue }, { errors, ...told }) => {
        if (!(contextValue instanceof RequestContext)) throw new Error('an answer of nobody')
        addLateParts(contextValue, told)
        if (!errors) return told
        const each = [...new Set(errors)].map((error) => mapError(error, deps.logger))
        return { ...told, errors: speakErrors(each, contextValue.language) }
      },
    },
    sockets,
  )
  return async () => {
    server.off('upgrade', onUpgrade)
    for (const client of sockets.clients) client.close(GOING_AWAY, 'Máy chủ đang dừng')
    const impatience = setTimeout(() => {
      for (const client of sockets.clients) client.terminate()
    }, FAREWELL_MS)
    await served.dispose()
    clearTimeout(impatience)
  }
}
