import type { FastifyRequest } from 'fastify'
import { Kind, parse } from 'graphql'

/**
 * Khách tra cứu: who comes without any token may run one thing, a query that asks `citizenLookUp` and nothing beside it. It is known by its document, before Apollo
 * sees it: what else comes without a token is answered as if there were no such door.
 */
const LOOK_UP = 'citizenLookUp'

/** A look-up is a few hundred bytes: of whom nobody knows no more is read. */
const MAX_BYTES = 8_192
const MAX_TOKENS = 1_000

/** Whether the body of a POST without a token is worth reading. */
export const isSmall = ({ headers }: FastifyRequest): boolean => Number(headers['content-length'] ?? Number.NaN) <= MAX_BYTES

export const isLookUpAlone = (text: unknown): boolean => {
  if (typeof text !== 'string' || text.length > MAX_BYTES) return false
  try {
    const { definitions } = parse(text, { maxTokens: MAX_TOKENS, noLocation: true })
    const operations = definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION)
    const [operation] = operations
    if (operations.length !== 1 || operation?.operation !== 'query') return false
    const fields = operation.selectionSet.selections.map((part) => (part.kind === Kind.FIELD ? part.name.value : null))
    return fields.includes(LOOK_UP) && fields.every((name) => name === LOOK_UP || name === '__typename')
  } catch {
    return false
  }
}
