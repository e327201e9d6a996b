import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type CombinedError, useClient } from 'urql'
import { useConnection } from '../data/connection.js'
import { asDocument } from '../data/documents.js'
import { type ChangedTransfer, onChangedTransfers } from '../data/live.js'
import { TransferCountDocument, type TransferFilterInput, TransferPageDocument, type TransferRowFragment } from '../generated/graphql.js'

const Page = asDocument(TransferPageDocument)
const Count = asDocument(TransferCountDocument)
const ROWS_A_PAGE = 100
/** A count costs more than a page: after changes it is asked for again no more often than this. */
const COUNT_EVERY_MS = 10_000

export interface TransferList {
  readonly rows: readonly TransferRowFragment[]
  readonly hasMore: boolean
  readonly loading: boolean
  readonly error?: CombinedError
  readonly total?: { readonly count: number; readonly isExact: boolean }
  /** New transfers that came since the list was read, as far as an event tells whether they match. */
  readonly newer: number
  readonly loadMore: () => void
  readonly again: () => void
}

interface Loaded {
  readonly rows: readonly TransferRowFragment[]
  readonly cursor: string | null
  readonly hasMore: boolean
}

const nothing: Loaded = { rows: [], cursor: null, hasMore: true }

const patched = (rows: readonly TransferRowFragment[], changed: readonly ChangedTransfer[]): readonly TransferRowFragment[] => {
  const byId = new Map(changed.map((one) => [one.id, one]))
  let touched = false
  const next = rows.map((row) => {
    const news = byId.get(row.id)
    if (!news) return row
    touched = true
    return { ...row, ...news }
  })
  return touched ? next : rows
}

/** An event tells system and state; what a filter asks beside these, nobody knows before the list is read again. */
const mayMatch = ({ systems, states, ...others }: TransferFilterInput, { systemId, state }: ChangedTransfer): boolean =>
  Object.keys(others).length === 0 && (systems?.includes(systemId) ?? true) && (states?.includes(state) ?? true)

/**
 * The rows of a filter, page after page as one scrolls: each page begins after the last row of the one before, so that what comes in meanwhile moves
 * nothing. Rows in sight follow their transfers; new ones are counted and shown when asked for.
 */
export const useTransferList = (filter: TransferFilterInput): TransferList => {
  const client = useClient()
  const { gaps } = useConnection()
  const key = JSON.stringify(filter)
  const [loaded, setLoaded] = useState(nothing)
  const [loading, setLoading] = useState(false)
  const [error, setError] = useState<CombinedError>()
  const [total, setTotal] = useState<TransferList['total']>()
  const [newer, setNewer] = useState(0)
  /** Answers to what is no longer asked are thrown away. */
  const asked = useRef({ key: '', busy: false })
  const state = useRef(loaded)
  state.current = loaded

  const readPage = useCallback(
    async (from: Loaded): Promise<void> => {
      const mine = { key, busy: true }
      asked.current = mine
      setLoading(true)
      const { data, error: failed } = await client.query(Page, { filter: JSON.parse(key), after: from.cursor, first: ROWS_A_PAGE })
      if (asked.current !== mine) return
      mine.busy = false
      setLoading(false)
      setError(failed)
      if (!data) return
      const { edges, pageInfo } = data.transfers
      const rows = edges.map(({ node }) => node)
      const rest = { cursor: pageInfo.endCursor ?? null, hasMore: pageInfo.hasNextPage }
      setLoaded((before) => ({ rows: from === nothing ? rows : [...before.rows, ...rows], ...rest }))
    },
    [client, key],
  )

  const readCount = useCallback(async (): Promise<void> => {
    const { data } = await client.query(Count, { filter: JSON.parse(key) })
    if (data && asked.current.key === key) setTotal({ count: data.transfers.totalCount, isExact: data.transfers.totalCountIsExact })
  }, [client, key])

  const again = useCallback((): void => {
    setNewer(0)
    void readPage(nothing)
    void readCount()
  }, [readPage, readCount])

  useEffect(() => {
    setLoaded(nothing)
    setTotal(undefined)
    setError(undefined)
    again()
  }, [again])

  const seen = useRef(gaps)
  useEffect(() => {
    if (seen.current === gaps) return
    seen.current = gaps
    again()
  }, [gaps, again])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onChangedTransfers((changed) => {
      const { rows } = state.current
      const known = new Set(rows.map(({ id }) => id))
      const newest = rows[0]?.createdAt
      const isNew = ({ id, createdAt }: ChangedTransfer): boolean => !known.has(id) && (newest === undefined || createdAt > newest)
      const arrived = changed.filter((one) => isNew(one) && mayMatch(JSON.parse(key), one)).length
      setNewer((count) => count + arrived)
      setLoaded((before) => {
        const next = patched(before.rows, changed)
        return next === before.rows ? before : { ...before, rows: next }
      })
      timer ??= setTimeout(() => {
        timer = undefined
        void readCount()
      }, COUNT_EVERY_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [readCount, key])

  const loadMore = useCallback((): void => {
    if (!asked.current.busy && state.current.hasMore) void readPage(state.current)
  }, [readPage])

  return useMemo(
    () => ({ rows: loaded.rows, hasMore: loaded.hasMore, loading, error, total, newer, loadMore, again }),
    [loaded, loading, error, total, newer, loadMore, again],
  )
}
