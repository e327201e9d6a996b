import type { SharedCache } from '../platform/shared-cache.js'
import type { ForgottenKeys } from './forgotten-keys.js'
import type { Told } from './joined-reads.js'
import type { CachedPart, Lifetimes } from './part-cache.js'
import type { RegistryKind } from './registry-snapshot-repository.js'

/**
 * What gateways share of one kind, for as long as it counts as new. A value tells up to which event of the log its reader had heeded changes
 * when it began to read: one that may have been read before a change that we know of is not believed (`forgotten-keys.ts`).
 */
export interface SharedParts<Value> {
  get(key: string, lifetimes: Lifetimes): Promise<CachedPart<Value> | undefined>
  put(key: string, told: Told<Value>, freshForMs: number): void
  forget(keys: readonly string[]): void
}

interface Shared<Value> {
  readonly value: Value | null
  readonly asOf: string
  readonly heeded: string
}

/** What is no value of ours counts as not there. */
const readShared = <Value>(text: string): Shared<Value> | undefined => {
  try {
    return JSON.parse(text) as Shared<Value>
  } catch {
    return undefined
  }
}

export const createSharedParts = <Value>(kind: RegistryKind, cache: SharedCache, forgotten: ForgottenKeys): SharedParts<Value> => {
  const named = (key: string): string => `${kind}:${key}`
  return {
    get: async (key, lifetimes) => {
      const found = await cache.get(named(key))
      if (!found) return undefined
      const shared = readShared<Value>(found.text)
      if (!shared) return undefined
      const { value, asOf, heeded } = shared
      if (forgotten.isDoubtful(key, heeded)) return undefined
      const ageMs = Math.max(0, (value === null ? lifetimes.absentMs : lifetimes.freshMs) - found.remainingMs)
      return { value, asOf: new Date(asOf), readAtMs: performance.now() - ageMs, isShared: true, failedBecause: null }
    },
    put: (key, { value, asOf, heeded }, freshForMs) => {
      cache.put(named(key), JSON.stringify({ value, asOf: asOf.toISOString(), heeded } satisfies Shared<Value>), freshForMs)
    },
    forget: (keys) => cache.forget(keys.map(named)),
  }
}
