import { createHash } from 'node:crypto'
import type { onSendHookHandler } from 'fastify'

/** Answers from this many bytes on are compressed for who asks for it; a stream of deferred parts never is, for each part has to leave at once. */
export const COMPRESSED = { threshold: 1_024, encodings: ['br', 'gzip'] as ('br' | 'gzip')[] }

/** Two answers with the same text are the same: weak, because they may be compressed differently. */
const tagOf = (text: string): string => `W/"${createHash('sha256').update(text).digest('base64url')}"`

const isAmong = (tag: string, wanted: string | undefined): boolean =>
  wanted?.trim() === '*' || (wanted ?? '').split(',').some((one) => one.trim().replace(/^(W\/)?/, 'W/') === tag)

/**
 * For answers of the GraphQL endpoint. What they show depends on the caller, so each varies with the token and the language; what says nothing of being kept must not be. A
 * GET whose answer the client has already (`If-None-Match`) is told so, after the query has run for this caller, without the answer.
 */
export const answerHeaders: onSendHookHandler<unknown> = (request, reply, payload, done) => {
  const vary = reply.getHeader('vary')
  void reply.header('vary', [...(vary === undefined ? [] : [vary]), 'Authorization', 'X-Language'].join(', '))
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload)
  const tag = tagOf(payload)
  void reply.header('etag', tag)
  if (!isAmong(tag, request.headers['if-none-match'])) return done(null, payload)
  void reply.code(304).removeHeader('content-type').removeHeader('content-length')
  done(null, null)
}
