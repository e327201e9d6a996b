import { GraphQLError } from 'graphql'
import { GatewayError } from '../errors.js'
import type { AnswerStep } from './answer-steps.js'
import type { ApiLimits } from './dependencies.js'
import { checkCost } from './query-limits.js'
import { checkText } from './readable-text.js'

/**
 * What Apollo does not look at before it runs: texts that nothing can store, what a query costs with its variables, and
 * subscriptions, which need a socket.
 */
export const checkRequest = ({ query }: ApiLimits): AnswerStep => ({
  didResolveOperation: ({ operation, request, schema, document }) => {
    if (!operation)
      throw new GraphQLError('Yêu cầu không rõ cần thực hiện thao tác nào: hãy đặt operationName là tên một thao tác trong đó.', {
        extensions: { code: 'INVALID_INPUT', reason: 'QUERY_OPERATION_UNKNOWN', http: { status: 400 } },
      })
    if (operation.operation === 'subscription')
      throw new GraphQLError('Theo dõi thay đổi cần kết nối WebSocket (graphql-ws) cùng địa chỉ này.', {
        extensions: { code: 'INVALID_INPUT', reason: 'QUERY_NEEDS_WEBSOCKET', http: { status: 400 } },
      })
    checkCost({ schema, document, operation }, request.variables ?? {}, query)
    try {
      checkText(request.variables)
    } catch (error) {
      throw error instanceof GatewayError
        ? new GraphQLError(error.message, {
            originalError: error,
            extensions: { code: error.code, ...error.detail, http: { status: 400 } },
          })
        : error
    }
  },
})
