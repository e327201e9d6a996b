import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import type { Access } from '../session.js'

/** What GraphQL over HTTP answers with. */
export interface Reply {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly reason?: string } }[]
}

/** No answer, or "not now": nothing is known of what became of the request. The message is a code. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain'

  constructor(
    code: string,
    readonly afterMs: number,
  ) {
    super(code)
  }
}

const NOT_NOW = [429, 502, 503, 504]
const USUAL_WAIT_MS = 2_000
/** However long a proxy asks to wait. */
const LONGEST_WAIT_MS = 30_000
/** An act on what somebody else holds is answered within ten seconds, a search within fifteen. */
const ANSWER_MS = 30_000

/** A certificate that is wrong now is wrong in two seconds. */
const OF_CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH)/

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'ERROR'
  if (error.name === 'TimeoutError') return 'TIMEOUT'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return code ?? (error.cause === undefined ? error.message : codeOf(error.cause))
}

const waitOf = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : USUAL_WAIT_MS
}

const replyOf = async (response: Response): Promise<Reply | null> => {
  try {
    const reply: unknown = await response.json()
    return typeof reply === 'object' && reply !== null && ('data' in reply || 'errors' in reply) ? (reply as Reply) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Sends once. The token goes to this address alone: nobody is followed to another one. */
export const send = async ({ url, token }: Access, request: object, withinMs: number, say: Say): Promise<{ reply: Reply; at?: Date }> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'x-language': say('vi', 'en'),
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(Math.max(1, Math.min(withinMs, ANSWER_MS))),
    })
    if (NOT_NOW.includes(response.status)) {
      await response.body?.cancel()
      throw new TryAgain(`HTTP ${response.status}`, waitOf(response))
    }
    const reply = await replyOf(response)
    if (response.status === 401)
      throw new CommandFailed(
        EXIT.NOT_ALLOWED,
        reply?.errors?.[0]?.message ?? say('Mã đăng nhập không dùng được.', 'The token is not accepted.'),
      )
    if (reply === null || response.status === 404)
      throw new CommandFailed(
        EXIT.UNREACHABLE,
        say(
          `Ở ${url} không phải cổng liên thông (HTTP ${response.status}).`,
          `At ${url} there is no such gateway (HTTP ${response.status}).`,
        ),
      )
    const date = response.headers.get('date')
    return { reply, ...(date !== null && { at: new Date(date) }) }
  } catch (error) {
    if (error instanceof TryAgain || error instanceof CommandFailed) throw error
    const code = codeOf(error)
    if (OF_CERTIFICATE.test(code))
      throw new CommandFailed(
        EXIT.UNREACHABLE,
        say(`Không tin được chứng thư của ${url} (${code}).`, `The certificate of ${url} cannot be trusted (${code}).`),
      )
    throw new TryAgain(code, USUAL_WAIT_MS)
  }
}

export const sentenceOf = ({ message }: TryAgain, { url }: Access, say: Say): string =>
  say(`Không hỏi được cổng ở ${url} (${message}).`, `The gateway at ${url} cannot be asked (${message}).`)
