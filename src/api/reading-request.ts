import type { FastifyRequest } from 'fastify'

interface Asked {
  readonly query?: unknown
  readonly documentId?: unknown
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null
}

/** A document changes something only by the word `mutation`, which nothing in GraphQL can spell otherwise. */
const mayChange = (text: string): boolean => text.includes('mutation')

/**
 * Whether a request to the GraphQL endpoint surely changes nothing. Then it need not run under its correlation id. A word in a comment, or an id that nobody
 * knows, makes it one that may. `textOf`: the document listed under an id.
 */
export const isReading = (
  { method, body }: Pick<FastifyRequest, 'method' | 'body'>,
  textOf?: (id: string) => string | undefined,
): boolean => {
  // Apollo refuses to change anything over GET.
  if (method === 'GET') return true
  const { query, documentId, extensions } = (body as Asked | null) ?? {}
  const id = documentId ?? extensions?.persistedQuery?.sha256Hash
  const text = query ?? (typeof id === 'string' ? textOf?.(id) : undefined)
  return typeof text === 'string' && !mayChange(text)
}
