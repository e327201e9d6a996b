import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What reading a foreign system costs and saves. `how`: LIVE, JOINED, CACHED, REFRESHING, SNAPSHOT, STALE, LATE, FAILED (nothing to show). */
export interface ReadMetrics {
  answered(kind: string, how: string, ageMs: number | undefined): void
  called(kind: string, outcome: string, keys: number): void
  /** A value that was read and could not be written down. */
  lost(count: number): void
  readCacheBy(read: () => readonly { readonly kind: string; readonly entries: number; readonly bytes: number }[]): void
}

const AGE_BUCKETS_S = [0.1, 1, 5, 15, 30, 60, 300, 600, 3_600, 86_400]

export const createReadMetrics = (registry: Registry): ReadMetrics => {
  const registers = [registry]
  const answers = new Counter({
    name: 'lienthong_registry_answers_total',
    help: 'Parts of answers that the land registry has to tell, by how they came to be shown; all but LIVE cost no call of their own',
    labelNames: ['kind', 'how'] as const,
    registers,
  })
  const age = new Histogram({
    name: 'lienthong_registry_answer_age_seconds',
    help: 'Age of the values shown, by the time of reading',
    labelNames: ['kind'] as const,
    buckets: AGE_BUCKETS_S,
    registers,
  })
  const calls = new Counter({
    name: 'lienthong_registry_calls_total',
    help: 'Calls to the land registry for answers',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  })
  const keys = new Counter({
    name: 'lienthong_registry_keys_total',
    help: 'Keys asked for in those calls',
    labelNames: ['kind'] as const,
    registers,
  })
  const lost = new Counter({
    name: 'lienthong_registry_snapshots_lost_total',
    help: 'Values that were read and not written down as last known',
    registers,
  })
  let reading: Parameters<ReadMetrics['readCacheBy']>[0] = () => []
  new Gauge({
    name: 'lienthong_registry_cache_entries',
    help: 'Values in the cache of this process',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      for (const { kind, entries } of reading()) this.set({ kind }, entries)
    },
  })
  new Gauge({
    name: 'lienthong_registry_cache_bytes',
    help: 'Estimated bytes of those values',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      for (const { kind, bytes } of reading()) this.set({ kind }, bytes)
    },
  })
  return {
    answered: (kind, how, ageMs) => {
      answers.inc({ kind, how })
      if (ageMs !== undefined) age.observe({ kind }, ageMs / 1000)
    },
    called: (kind, outcome, count) => {
      calls.inc({ kind, outcome })
      keys.inc({ kind }, count)
    },
    lost: (count) => lost.inc(count),
    readCacheBy: (read) => {
      reading = read
    },
  }
}
