import { useState } from 'react'

/** Filters that a person has given a name: addresses, kept in this browser alone, longer than a session; so they name nobody (`withoutPersons`). */
export interface SavedFilter {
  readonly name: string
  readonly address: string
}

const KEPT = 'lienthong:filters'
const MOST = 30

const isSaved = (value: unknown): value is SavedFilter =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'address' in value &&
  typeof value.name === 'string' &&
  typeof value.address === 'string'

const read = (): SavedFilter[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isSaved) : []
  } catch {
    return []
  }
}

export const useSavedFilters = () => {
  const [filters, setFilters] = useState(read)
  const keep = (next: SavedFilter[]): void => {
    localStorage.setItem(KEPT, JSON.stringify(next))
    setFilters(next)
  }
  return {
    filters,
    save: (filter: SavedFilter) => keep([filter, ...filters.filter(({ name }) => name !== filter.name)].slice(0, MOST)),
    remove: (name: string) => keep(filters.filter((one) => one.name !== name)),
  }
}
