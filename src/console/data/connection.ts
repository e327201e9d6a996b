import { useSyncExternalStore } from 'react'

/**
 * Whether the gateway can be heard. `live` is the WebSocket of changes, `asking` the last request. `openings` counts how often changes began to be
 * heard: what else is shown may be old by then. `gaps` counts those after which changes may have been missed, because none was heard before to go on from.
 */
export interface Connection {
  readonly live: 'OPENING' | 'OPEN' | 'LOST'
  readonly asking: 'ANSWERED' | 'FAILED'
  /** Since when changes are not heard. */
  readonly lostAt: number | null
  readonly openings: number
  readonly gaps: number
}

const beginning: Connection = { live: 'OPENING', asking: 'ANSWERED', lostAt: null, openings: 0, gaps: 0 }
let connection: Connection = beginning
const listeners = new Set<() => void>()

const put = (change: Partial<Connection>): void => {
  connection = { ...connection, ...change }
  for (const listener of listeners) listener()
}

export const liveOpened = ({ goesOn }: { readonly goesOn: boolean }): void => {
  const { openings, gaps } = connection
  put({ live: 'OPEN', asking: 'ANSWERED', lostAt: null, openings: openings + 1, gaps: goesOn ? gaps : gaps + 1 })
}

export const liveLost = (): void => {
  if (connection.live !== 'LOST') put({ live: 'LOST', lostAt: Date.now() })
}

export const asked = (asking: Connection['asking']): void => {
  if (connection.asking !== asking) put({ asking })
}

export const forgetConnection = (): void => put(beginning)

const onConnection = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useConnection = (): Connection => useSyncExternalStore(onConnection, () => connection)
