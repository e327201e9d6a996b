import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import { type Client, createClient } from 'graphql-ws'
import i18next from 'i18next'
import { TransferChangesDocument, type TransferChangesSubscription } from '../generated/graphql.js'
import { currentToken, endSession } from '../session/session.js'
import { GRAPHQL_PATH } from './client.js'
import { liveLost, liveOpened } from './connection.js'

/**
 * Changes of transfers as they are committed, over one WebSocket a tab. A lost connection is opened again for as long as the tab lives and goes
 * on after the last event that was heard; what may have been missed all the same is read anew (`connection.ts`).
 */
export type ChangedTransfer = TransferChangesSubscription['transferChanged']['transfer']
type Listener = (changed: readonly ChangedTransfer[]) => void

/** Changes are handed on together: an outage tells of hundreds in a second. */
const GATHER_MS = 400
const KEEP_ALIVE_MS = 12_000
const LONGEST_WAIT_MS = 10_000
/** Why the gateway closes a socket for good: the token has run out, or is none that it takes. */
const SIGNED_OUT: Readonly<Record<number, 'EXPIRED' | 'REFUSED'>> = { 4401: 'EXPIRED', 4403: 'REFUSED' }

const listeners = new Set<Listener>()
let gathered = new Map<string, ChangedTransfer>()

const tell = (): void => {
  const changed = [...gathered.values()]
  gathered = new Map()
  for (const listener of listeners) listener(changed)
}

const gather = (transfer: ChangedTransfer): void => {
  if (gathered.size === 0) setTimeout(tell, GATHER_MS)
  gathered.set(transfer.id, transfer)
}

export const onChangedTransfers = (listener: Listener): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const codeOf = (event: unknown): number | undefined =>
  typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number' ? event.code : undefined

const wait = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** tries, LONGEST_WAIT_MS) * (0.7 + Math.random() * 0.6)))

/** What a page follows beside the changes of transfers, for as long as it is shown, over the same WebSocket. */
interface Followed {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly next: (data: unknown) => void
  stop?: () => void
}

const followed = new Set<Followed>()
let open: Client | undefined
/** What the gateway was told when the WebSocket was opened. */
let told: { readonly token: string; readonly language: string } | undefined

const begin = (one: Followed, client: Client): void => {
  one.stop = client.subscribe<Record<string, unknown>>(
    { query: one.query, variables: one.variables },
    {
      next: ({ data }) => data && one.next(data),
      error: () => {
        // Refused for now, too many perhaps: asked again later, while somebody still looks.
        void wait(3).then(() => followed.has(one) && open === client && begin(one, client))
      },
      complete: () => undefined,
    },
  )
}

/** Follows a subscription until the answer is called. */
export const followLive = <Data, Variables extends Record<string, unknown>>(
  document: DocumentTypeDecoration<Data, Variables> & { toString(): string },
  variables: Variables,
  next: (data: Data) => void,
): (() => void) => {
  const one: Followed = { query: document.toString(), variables, next: (data) => next(data as Data) }
  followed.add(one)
  if (open) begin(one, open)
  return () => {
    followed.delete(one)
    one.stop?.()
  }
}

/**
 * The gateway closes a WebSocket when its token runs out, and speaks on it the language in which it was opened: a renewed token and another language open the next one,
 * which goes on after the last event.
 */
export const carryOn = (token: string, language: string): void => {
  if (open && told && (told.token !== token || told.language !== language)) open.terminate()
}

/** Returns how to stop. */
export const startLive = (): (() => void) => {
  // graphql-ws writes this object anew with each connection: so it goes on after the last event.
  const variables: { lastEventId: string | null } = { lastEventId: null }
  let stopped = false
  let beat: ReturnType<typeof setTimeout> | undefined
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}${GRAPHQL_PATH}`,
    connectionParams: () => {
      told = { token: currentToken(), language: i18next.language }
      return { Authorization: `Bearer ${told.token}`, language: told.language }
    },
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => !stopped,
    retryWait: wait,
    on: {
      connected: () => liveOpened({ goesOn: variables.lastEventId !== null }),
      closed: (event) => {
        clearTimeout(beat)
        if (stopped) return
        const signedOut = SIGNED_OUT[codeOf(event) ?? 0]
        if (signedOut) void endSession(signedOut, told?.token)
        else liveLost()
      },
      // A cable that is pulled closes nothing: no answer to a ping is a lost connection too.
      ping: (received) => {
        if (!received) beat = setTimeout(() => client.terminate(), KEEP_ALIVE_MS / 2)
      },
      pong: (received) => {
        if (received) clearTimeout(beat)
      },
    },
  })
  const follow = (): void => {
    client.subscribe<TransferChangesSubscription>(
      { query: TransferChangesDocument.toString(), variables },
      {
        next: ({ data }) => {
          if (!data) return
          variables.lastEventId = data.transferChanged.eventId
          gather(data.transferChanged.transfer)
        },
        error: () => {
          if (stopped) return
          liveLost()
          // An event id that the log does not know, after a restore: begin from now.
          variables.lastEventId = null
          void wait(3).then(() => !stopped && follow())
        },
        complete: () => undefined,
      },
    )
  }
  follow()
  open = client
  for (const one of followed) begin(one, client)
  const online = (): void => client.terminate()
  window.addEventListener('offline', online)
  return () => {
    stopped = true
    open = undefined
    told = undefined
    clearTimeout(beat)
    window.removeEventListener('offline', online)
    // Rejects where a connection that was being opened meanwhile is refused, which nobody needs to hear any more.
    Promise.resolve(client.dispose()).catch(() => undefined)
  }
}
