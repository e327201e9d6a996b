import { CommandFailed, EXIT } from '../exit-code.js'
import type { Access, Session } from '../session.js'
import { findAccess, type Remote } from './access.js'
import type { TypedDocumentString } from './generated/graphql.js'
import { type Reply, send, sentenceOf, TryAgain } from './send-request.js'

/** A gateway to ask, again and again within its patience while it answers "not now". Only for what may be sent twice: a query, or a mutation whose `clientKey` is made once. */
export interface Gateway {
  readonly url: string
  ask<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data>
  /** The same with the moment of the answer by the gateway's own clock, to the second. */
  askWithTime<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<{ data: Data; at?: Date }>
}

/** Codes of `errors` that mean: this person may not. */
const NOT_ALLOWED = ['UNAUTHENTICATED', 'FORBIDDEN']
/** Codes after which nobody knows what became of the request. */
const UNKNOWN = ['INTERNAL', 'UNAVAILABLE']

const failureOf = ({ errors = [] }: Reply, { say }: Session): CommandFailed => {
  const code = errors[0]?.extensions?.code ?? ''
  const sentence = errors[0]?.message ?? say('Cổng không trả lời câu hỏi này.', 'The gateway does not answer this question.')
  if (NOT_ALLOWED.includes(code)) return new CommandFailed(EXIT.NOT_ALLOWED, sentence)
  return new CommandFailed(UNKNOWN.includes(code) ? EXIT.UNREACHABLE : EXIT.REFUSED, sentence)
}

/** An answer of which a part is missing is none: what is printed is whole. */
const answerOf = <Data>(reply: Reply, session: Session): Data => {
  if (reply.errors?.length || reply.data === null || reply.data === undefined) throw failureOf(reply, session)
  return reply.data as Data
}

export const openGateway = async (session: Session, options: Remote): Promise<Gateway> => {
  const access = await findAccess(options, session.access, session.say)
  const askWithTime: Gateway['askWithTime'] = async (document, variables) => {
    const { reply, at } = await sendUntilAnswered(session, access, { query: document.toString(), variables }, options.patience * 1_000)
    return { data: answerOf(reply, session), at }
  }
  return { url: access.url, askWithTime, ask: async (document, variables) => (await askWithTime(document, variables)).data }
}

const sendUntilAnswered = async (session: Session, access: Access, request: object, patienceMs: number) => {
  const { say, terminal } = session
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      return await send(access, request, until - Date.now(), say)
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error
      if (Date.now() + error.afterMs >= until) throw new CommandFailed(EXIT.UNREACHABLE, sentenceOf(error, access, say))
      terminal.note(
        say(
          `Cổng chưa trả lời (${error.message}), thử lại sau ${error.afterMs / 1_000} giây…`,
          `No answer yet (${error.message}), again in ${error.afterMs / 1_000} s…`,
        ),
      )
      await new Promise((resolve) => setTimeout(resolve, error.afterMs))
    }
  }
}
