import { useEffect, useRef } from 'react'
import { type AnyVariables, type TypedDocumentNode, useQuery } from 'urql'
import { useConnection } from './connection.js'
import { type ChangedTransfer, onChangedTransfers } from './live.js'

export interface Freshness<Data> {
  /** Which changes concern what is shown; left out: none does. */
  readonly concerns?: (changed: readonly ChangedTransfer[], shown: Data | undefined) => boolean
  /** Read again at least so often, for what no event tells of. */
  readonly everyMs?: number
}

/** However many changes there are, the page asks no more often than this. */
const LEAST_MS = 1_000

/** A query that is read again when a change concerns it, after a lost connection, and at intervals; what was read last stays in sight. */
export const useFresh = <Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { concerns, everyMs }: Freshness<Data> = {},
) => {
  const [result, execute] = useQuery<Data, AnyVariables>({ query, variables })
  const { openings } = useConnection()
  const read = useRef(execute)
  read.current = execute
  const concern = useRef((_changed: readonly ChangedTransfer[]): boolean => false)
  concern.current = (changed) => concerns?.(changed, result.data) ?? false

  const seen = useRef(openings)
  useEffect(() => {
    if (seen.current === openings) return
    seen.current = openings
    read.current()
  }, [openings])

  useEffect(() => {
    let last = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = (): void => {
      timer = undefined
      last = Date.now()
      read.current()
    }
    const soon = (): void => {
      timer ??= setTimeout(again, Math.max(0, last + LEAST_MS - Date.now()))
    }
    const stop = onChangedTransfers((changed) => {
      if (concern.current(changed)) soon()
    })
    const interval = everyMs === undefined ? undefined : setInterval(() => document.visibilityState === 'visible' && soon(), everyMs)
    return () => {
      stop()
      clearTimeout(timer)
      clearInterval(interval)
    }
  }, [everyMs])

  return { data: result.data, error: result.error, fetching: result.fetching, again: () => execute() }
}
