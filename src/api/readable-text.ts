import type { ValidationRule } from 'graphql'
import { GraphQLError } from 'graphql'
import { GatewayError } from '../errors.js'

/** Characters that neither PostgreSQL nor XML can carry: control characters but for tab and line ends, and half surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u

const SENTENCE = 'Nội dung gửi lên có ký tự không đọc được (ký tự điều khiển).'

const unreadablePath = (value: unknown, path: readonly string[]): readonly string[] | undefined => {
  if (typeof value === 'string') return UNREADABLE.test(value) ? path : undefined
  if (value === null || typeof value !== 'object') return undefined
  for (const [name, item] of Object.entries(value)) {
    const found = unreadablePath(item, [...path, name])
    if (found) return found
  }
  return undefined
}

/**
 * What comes in as text can be stored and sent on as it is, or is refused here with its field. Throws INVALID_INPUT; the variable's
 * own name is left out of the field when there is more.
 */
export const checkText = (variables: unknown): void => {
  const path = unreadablePath(variables, [])
  if (path)
    throw new GatewayError('INVALID_INPUT', SENTENCE, {
      reason: 'TEXT_UNREADABLE',
      field: (path.length > 1 ? path.slice(1) : path).join('.'),
    })
}

/** The same for texts that stand in the query itself. */
export const textRule: ValidationRule = (context) => ({
  StringValue: (node) => {
    if (UNREADABLE.test(node.value))
      context.reportError(
        new GraphQLError(SENTENCE, { nodes: [node], extensions: { code: 'INVALID_INPUT', reason: 'QUERY_TEXT_UNREADABLE' } }),
      )
  },
})
