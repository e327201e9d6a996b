import { createClient } from 'graphql-ws'
import { type Fault, type Gateway, NotLoggedIn, RequestRefused } from './gateway.js'
import { DossierChangesDocument, type DossierChangesSubscription } from './generated/graphql.js'

export type DossierChange = DossierChangesSubscription['dossierChanged']

export interface Following {
  /** Each change once and in order, also over lost connections. Ends when it is no longer read, or stopped. */
  readonly changes: AsyncGenerator<DossierChange>
  stop(): void
  /** Cuts the connection, as a train in a tunnel does; it is made anew by itself. */
  cut(): void
}

/** Close codes of the gateway after which trying again is of no use: the token has run out, or is none. */
const LOGGED_OUT = new Set([4401, 4403])

const isClosedFor = (problem: unknown, codes: ReadonlySet<number>): boolean =>
  typeof problem === 'object' && problem !== null && 'code' in problem && codes.has(Number(problem.code))

const explained = (problem: unknown): unknown => {
  if (isClosedFor(problem, LOGGED_OUT)) return new NotLoggedIn([{ message: 'Mã đăng nhập không đúng hoặc đã hết hạn.' }])
  return Array.isArray(problem) ? new RequestRefused(problem as Fault[]) : problem
}

/**
 * Follows a dossier over graphql-ws. `since`: the last event id that was seen, from an earlier life of the page perhaps; none: from now on.
 * Refused with EVENT_ID_TOO_OLD after days of absence: then read the dossier again and follow from now on.
 */
export const followDossier = (
  { url, token }: Gateway,
  code: string,
  { since, webSocketImpl }: { readonly since?: string; readonly webSocketImpl?: unknown } = {},
): Following => {
  let lastEventId = since
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl,
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (problem) => !isClosedFor(problem, LOGGED_OUT),
  })
  // Rejects where a connection that was being opened meanwhile is refused, which nobody needs to hear any more.
  const leave = (): Promise<void> => Promise.resolve(client.dispose()).catch(() => undefined)
  // The client sends this again whenever it has connected anew: with the event that was seen last by then.
  const variables = {
    code,
    get lastEventId() {
      return lastEventId
    },
  }
  async function* changes(): AsyncGenerator<DossierChange> {
    try {
      for await (const { data, errors } of client.iterate<DossierChangesSubscription>({
        query: String(DossierChangesDocument),
        variables,
      })) {
        if (!data) throw new RequestRefused(errors ?? [])
        lastEventId = data.dossierChanged.eventId
        yield data.dossierChanged
      }
    } catch (problem) {
      throw explained(problem)
    } finally {
      await leave()
    }
  }
  return { changes: changes(), stop: () => void leave(), cut: () => client.terminate() }
}
