import type { Sql } from '../platform/database.js'
import { type AlertRow, alertsChangedSince, latestAlertChange } from './alert-search-repository.js'

/**
 * Theo dõi cảnh báo: alerts are few and are written under one lock, so their change numbers rise in the order of the commits and who remembers the last one misses
 * none. The table is asked once a second, for all who follow together, and not at all while nobody does.
 */
export interface AlertChanges {
  /** After a change number, oldest first. */
  since(changeNo: string, limit: number): Promise<readonly AlertRow[]>
  latest(): Promise<string>
  /** Told that there is something new. Returns how to stop. */
  subscribe(listener: () => void): () => void
  stop(): Promise<void>
}

export const watchAlertChanges = (
  sql: Sql,
  { pollMs, onError }: { readonly pollMs: number; readonly onError: (error: unknown) => void },
): AlertChanges => {
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  let seen: string | undefined
  const look = async (): Promise<void> => {
    const latest = await latestAlertChange(sql)
    if (latest !== seen) for (const listener of listeners) listener()
    seen = latest
  }
  const goOn = (): void => {
    timer = setTimeout(() => {
      looking = look().catch(onError)
      void looking.then(() => (listeners.size > 0 ? goOn() : rest()))
    }, pollMs)
  }
  /** What changes while nobody follows is no news to who comes then: they read from where they are. */
  const rest = (): void => {
    timer = undefined
    seen = undefined
  }
  return {
    since: (changeNo, limit) => alertsChangedSince(sql, changeNo, limit),
    latest: () => latestAlertChange(sql),
    subscribe: (listener) => {
      listeners.add(listener)
      if (!timer) goOn()
      return () => listeners.delete(listener)
    },
    stop: async () => {
      listeners.clear()
      clearTimeout(timer)
      await looking
    },
  }
}
