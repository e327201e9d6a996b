import { LRUCache } from 'lru-cache'
import type { Scope } from '../access/scope.js'
import type { Sql } from '../platform/database.js'
import { currentCodesInScope, type UnitName } from './reference-reads-repository.js'

/**
 * Mã xã đang dùng of what callers name, kept for five seconds for each scope: nearly every look-up of land begins with it, and it changes with a
 * reform. What names nothing within the scope is asked for each time.
 */
const KEPT_MS = 5_000
const MOST_KEPT = 10_000

const kept = new WeakMap<Sql, LRUCache<string, string>>()

const keptOf = (db: Sql): LRUCache<string, string> => {
  const known = kept.get(db) ?? new LRUCache<string, string>({ max: MOST_KEPT, ttl: KEPT_MS })
  kept.set(db, known)
  return known
}

const keyOf = (scope: Scope, { code, on }: UnitName): string => JSON.stringify([scope.communes, code, on])

/** What is kept of a name; undefined: it has to be asked for. */
export const keptCurrentCode = (db: Sql, scope: Scope, name: UnitName): string | undefined => keptOf(db).get(keyOf(scope, name))

/** As `currentCodesInScope`. */
export const keptCurrentCodes = async (db: Sql, scope: Scope, names: readonly UnitName[]): Promise<(string | null)[]> => {
  const known = keptOf(db)
  const found = names.map((name) => known.get(keyOf(scope, name)) ?? null)
  const missing = names.filter((_name, place) => found[place] === null)
  if (missing.length === 0) return found
  const codes = await currentCodesInScope(db, scope, missing)
  missing.forEach((name, place) => {
    const code = codes[place]
    if (code != null) known.set(keyOf(scope, name), code)
  })
  let next = 0
  return found.map((code) => code ?? codes[next++] ?? null)
}
