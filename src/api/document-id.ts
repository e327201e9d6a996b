/**
 * How a caller names a registered document: `documentId: "sha256:1f…"` as GraphQL over HTTP has it and graphql-codegen writes it, or
 * `extensions.persistedQuery.sha256Hash` as Apollo's clients do. The server reads the second; here the first becomes it.
 */
export const hashOf = (id: string): string => id.replace(/^sha256:/, '')

const extensionsOf = (id: string): object => ({ persistedQuery: { version: 1, sha256Hash: hashOf(id) } })

const isNamed = (body: unknown): body is { documentId: string; extensions?: object } =>
  typeof body === 'object' && body !== null && 'documentId' in body && typeof body.documentId === 'string' && !('query' in body)

/** In place, in the body of a POST. A document that comes itself needs no id. */
export const readDocumentId = (body: unknown): void => {
  if (isNamed(body)) body.extensions = extensionsOf(body.documentId)
}

/** In the address of a GET. */
export const withoutDocumentId = (url: string): string => {
  const [path, search] = url.split('?', 2)
  const parameters = new URLSearchParams(search)
  const id = parameters.get('documentId')
  if (id === null || parameters.has('query')) return url
  parameters.set('extensions', JSON.stringify(extensionsOf(id)))
  return `${path}?${parameters}`
}
