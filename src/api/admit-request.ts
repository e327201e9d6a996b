import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { Authenticated } from '../access/authenticate.js'
import { VISITOR } from '../access/caller.js'
import { type ErrorCode, GatewayError } from '../errors.js'
import { readLanguage } from '../model/language.js'
import { bearerToken } from './bearer.js'
import type { ApiDependencies } from './dependencies.js'
import { mapError } from './error-mapping.js'
import type { PersistedOperations } from './persisted-operations.js'
import { RequestContext } from './request-context.js'
import { isLookUpAlone, isSmall } from './visitor.js'

/** `en` for sentences in English. Not `Accept-Language`: a browser sends that by itself, and an officer's may be an English one. */
export const LANGUAGE_HEADER = 'x-language'

/** Who may ask over HTTP: a caller with a token, and a visitor who looks one dossier up. */
export interface Admission {
  /** Before a body is read. It may have tens of megabytes: nobody unknown makes us read one. */
  authenticateFirst(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Throws what Apollo answers as a refusal. */
  context(request: FastifyRequest): Promise<RequestContext>
}

const REFUSAL_STATUS: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403 }

/** A GraphQLError that Apollo answers with the status of a refusal; what else goes wrong while a context is made stays what it is. */
const refusedRequest = (error: unknown): unknown => {
  if (!(error instanceof GatewayError)) return error
  const status = REFUSAL_STATUS[error.code]
  return status === undefined ? error : new GraphQLError(error.message, { originalError: error, extensions: { http: { status } } })
}

interface Asked {
  readonly query?: unknown
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null
}

const jsonOf = (text: string | null): Asked['extensions'] => {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** The document of a request, or its id, read as Apollo reads it. */
const askedBy = ({ method, url, body }: FastifyRequest): Asked => {
  if (method !== 'GET') return (body as Asked | null) ?? {}
  const { searchParams } = new URL(url, 'http://gateway')
  return { query: searchParams.get('query'), extensions: jsonOf(searchParams.get('extensions')) }
}

export const admitRequests = (deps: ApiDependencies, persisted: PersistedOperations | undefined): Admission => {
  const authenticate = (request: FastifyRequest): Promise<Authenticated> => deps.authenticate(bearerToken(request.headers.authorization))
  const comesWithout = ({ headers }: FastifyRequest): boolean => headers.authorization === undefined && deps.citizenLookUp !== undefined
  const isVisit = async (request: FastifyRequest): Promise<boolean> => {
    if (!comesWithout(request)) return false
    const { query, extensions } = askedBy(request)
    const id = extensions?.persistedQuery?.sha256Hash
    return isLookUpAlone(query ?? (typeof id === 'string' ? await persisted?.cache.get(id) : undefined))
  }
  return {
    authenticateFirst: async (request, reply) => {
      if (request.method !== 'POST' || (comesWithout(request) && isSmall(request))) return
      try {
        request.authenticated = await authenticate(request)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        await reply.code(error.code === 'UNAUTHENTICATED' ? 401 : 503).send({ errors: [mapError(error, deps.logger)] })
      }
    },
    context: async (request) => {
      const { correlationId, ip } = request
      try {
        const caller = (await isVisit(request)) ? VISITOR : (request.authenticated ?? (await authenticate(request))).caller
        persisted?.admit(askedBy(request).query)
        return new RequestContext(deps, caller, correlationId, ip, readLanguage(request.headers[LANGUAGE_HEADER]))
      } catch (error) {
        throw refusedRequest(error)
      }
    },
  }
}
