/**
 * How a caller names a registered document: `documentId: "sha256:1f…"` as GraphQL over HTTP has it and graphql-codegen writes it, or
 * `extensions.persistedQuery.sha256Hash` as Apollo's clients do. The server reads the second; here the first becomes it.
 */
export const hashOf = (id: string): string => id.replace(/^sha256:/, '')

const extensionsOf = (id: string): object => ({ persistedQuery: { version: 1, sha256Hash: hashOf(id) } })

interface Asked {
  documentId?: unknown
  query?: unknown
  extensions?: { readonly persistedQuery?: unknown } | null
}

/** In place, in the body of a POST. A document that comes itself needs no id; an empty one beside an id is none, as over a socket. */
export const readDocumentId = (body: unknown): void => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return
  const asked: Asked = body
  if ((asked.query ?? '') !== '') return
  if (typeof asked.documentId === 'string') asked.extensions = extensionsOf(asked.documentId)
  if (asked.extensions?.persistedQuery != null) delete asked.query
}

/** In the address of a GET. */
export const withoutDocumentId = (url: string): string => {
  const [path, search] = url.split('?', 2)
  const parameters = new URLSearchParams(search)
  const id = parameters.get('documentId')
  if (id === null || parameters.get('query')) return url
  parameters.delete('query')
  parameters.set('extensions', JSON.stringify(extensionsOf(id)))
  return `${path}?${parameters}`
}
