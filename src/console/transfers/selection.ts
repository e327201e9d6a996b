import { useCallback, useEffect, useMemo, useState } from 'react'

/** What is chosen of a list: nothing, some rows by their ids, or all that match the filter, also those that are not loaded. */
export interface Selection {
  readonly kind: 'NONE' | 'SOME' | 'ALL'
  readonly ids: ReadonlySet<string>
  has(id: string): boolean
  readonly toggle: (id: string) => void
  readonly chooseMany: (ids: readonly string[]) => void
  readonly chooseAll: () => void
  readonly clear: () => void
}

const nothing: ReadonlySet<string> = new Set()

/** `filterKey`: another filter, another selection. */
export const useSelection = (filterKey: string): Selection => {
  const [ids, setIds] = useState(nothing)
  const [all, setAll] = useState(false)
  const clear = useCallback(() => {
    setAll(false)
    setIds(nothing)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new filter begins anew
  useEffect(clear, [filterKey])
  const toggle = useCallback((id: string) => {
    setAll(false)
    setIds((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  const chooseMany = useCallback((many: readonly string[]) => setIds(new Set(many)), [])
  const chooseAll = useCallback(() => setAll(true), [])
  return useMemo(
    () => ({
      kind: all ? 'ALL' : ids.size > 0 ? 'SOME' : 'NONE',
      ids,
      has: (id: string) => all || ids.has(id),
      toggle,
      chooseMany,
      chooseAll,
      clear,
    }),
    [all, ids, toggle, chooseMany, chooseAll, clear],
  )
}
