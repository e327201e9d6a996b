import { useCallback, useEffect, useRef, useState } from 'react'
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useClient } from 'urql'
import { useConnection } from './connection.js'

/** A connection, as far as pages need it. */
interface PageOf<Row> {
  readonly edges: readonly { readonly node: Row }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
}

export interface Pages<Row, Data> {
  readonly rows: readonly Row[]
  /** The last answer: what stands beside the rows. */
  readonly data?: Data
  readonly hasMore: boolean
  readonly loading: boolean
  readonly error?: CombinedError
  readonly more: () => void
  /** Reads as many rows anew as are shown, the most of a page at once. */
  readonly again: () => void
}

const MOST = 100

interface Loaded<Row, Data> {
  readonly key: string
  readonly rows: readonly Row[]
  readonly data?: Data
  readonly after: string | null
  readonly hasMore: boolean
}

/**
 * A list that is read page by page with the keys of its last row. Other variables, another list; an answer to what is asked no longer is thrown away.
 * It is read anew after a lost connection and at intervals, while a page of the gateway's holds what is shown: a longer list stays as it was read.
 */
export const usePages = <Row, Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Omit<NonNullable<Variables>, 'after' | 'first'>,
  pageOf: (data: Data) => PageOf<Row> | null | undefined,
  { first = 50, everyMs }: { readonly first?: number; readonly everyMs?: number } = {},
): Pages<Row, Data> => {
  const client = useClient()
  const key = JSON.stringify(variables)
  const empty: Loaded<Row, Data> = { key, rows: [], after: null, hasMore: true }
  const [kept, setKept] = useState(empty)
  const loaded = kept.key === key ? kept : empty
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<CombinedError>()
  const reading = useRef<symbol>(undefined)
  const page = useRef(pageOf)
  page.current = pageOf

  const read = useCallback(
    async (before: readonly Row[], after: string | null, count: number): Promise<void> => {
      const mine = Symbol('reading')
      reading.current = mine
      setLoading(true)
      const asked = { ...JSON.parse(key), after, first: count } as unknown as AnyVariables
      const { data, error: failed } = await client.query<Data, AnyVariables>(query, asked)
      if (reading.current !== mine) return
      reading.current = undefined
      setLoading(false)
      setError(failed)
      const got = data && page.current(data)
      if (!data || !got) return
      const rows = [...before, ...got.edges.map(({ node }) => node)]
      setKept({ key, rows, data, after: got.pageInfo.endCursor ?? null, hasMore: got.pageInfo.hasNextPage })
    },
    [client, query, key],
  )
  useEffect(() => {
    void read([], null, first)
    return () => {
      reading.current = undefined
    }
  }, [read, first])

  const more = (): void => {
    if (!reading.current && loaded.hasMore) void read(loaded.rows, loaded.after, first)
  }
  const again = (): void => void read([], null, Math.min(MOST, Math.max(first, loaded.rows.length)))

  const { openings } = useConnection()
  const heard = useRef(openings)
  const refresh = useRef(again)
  refresh.current = () => {
    if (!reading.current && loaded.rows.length <= MOST) again()
  }
  useEffect(() => {
    if (heard.current === openings) return
    heard.current = openings
    refresh.current()
  }, [openings])
  useEffect(() => {
    if (everyMs === undefined) return
    const interval = setInterval(() => document.visibilityState === 'visible' && refresh.current(), everyMs)
    return () => clearInterval(interval)
  }, [everyMs])
  return { rows: loaded.rows, data: loaded.data, hasMore: loaded.hasMore, loading, error, more, again }
}
