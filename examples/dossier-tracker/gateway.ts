import type { TypedDocumentString } from './generated/graphql.js'

/**
 * Asking the gateway over HTTP. What comes back is one of three things: an answer, whole or with parts missing (`faults` says which and
 * why); a refusal, which is thrown; or "not now", thrown as `TryAgainLater`, after which the same request may be sent again.
 */
export interface Gateway {
  /** Of the GraphQL endpoint, such as http://127.0.0.1:4000/graphql. */
  readonly url: string
  /** JWT of the person or app that asks. */
  readonly token: string
}

/** An entry of `errors`. `code` is one of a closed list (INVALID_INPUT, NOT_FOUND, UPSTREAM_UNAVAILABLE …), `message` a sentence for people. */
export interface Fault {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: {
    readonly code?: string
    readonly reason?: string
    readonly field?: string
    readonly system?: string
    readonly referenceId?: string
  }
}

export interface Answer<Data> {
  readonly data: Data
  /** Why parts of `data` are null: `path` says which. */
  readonly faults: readonly Fault[]
}

/** What GraphQL over HTTP answers with. */
export interface Reply {
  readonly data?: unknown
  readonly errors?: readonly Fault[]
}

export class RequestRefused extends Error {
  override readonly name: string = 'RequestRefused'

  constructor(readonly faults: readonly Fault[]) {
    super(faults[0]?.message ?? 'Cổng không trả lời câu hỏi này.')
  }

  /** The finer code within `code`, such as DOSSIER_CODE_INVALID. */
  get reason(): string | undefined {
    return this.faults[0]?.extensions?.reason
  }
}

/** No token, a wrong one, or one that has run out: the person has to log in again. */
export class NotLoggedIn extends RequestRefused {
  override readonly name = 'NotLoggedIn'
}

/** Nothing is known of what became of the request. Sent again with the same `clientKey` a mutation is still done once. */
export class TryAgainLater extends Error {
  override readonly name = 'TryAgainLater'

  constructor(
    readonly afterMs: number,
    cause?: unknown,
  ) {
    super('Cổng tạm thời không trả lời.', { cause })
  }
}

const NOT_NOW = new Set([429, 502, 503, 504])
const USUAL_WAIT_MS = 2_000

const waitOf = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : USUAL_WAIT_MS
}

/** Sends a document; the answer's body is still to be read. */
export const send = async <Variables>(
  { url, token }: Gateway,
  document: TypedDocumentString<unknown, Variables> | string,
  variables: Variables,
  accept = 'application/graphql-response+json, application/json',
): Promise<Response> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept },
    body: JSON.stringify({ query: document.toString(), variables }),
  }).catch((error: unknown) => {
    throw new TryAgainLater(USUAL_WAIT_MS, error)
  })
  if (NOT_NOW.has(response.status)) {
    await response.body?.cancel()
    throw new TryAgainLater(waitOf(response))
  }
  if (response.status === 401) throw new NotLoggedIn(((await response.json()) as Reply).errors ?? [])
  return response
}

/** A reply without any data is a refusal. */
export const answerOf = <Data>({ data, errors }: Reply): Answer<Data> => {
  if (data === null || data === undefined) throw new RequestRefused(errors ?? [])
  return { data: data as Data, faults: errors ?? [] }
}

export const ask = async <Data, Variables>(
  gateway: Gateway,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> => {
  const response = await send(gateway, document, variables)
  return answerOf<Data>((await response.json()) as Reply)
}
