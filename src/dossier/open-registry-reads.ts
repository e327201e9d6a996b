import type { Sql } from '../platform/database.js'
import { openSharedCache } from '../platform/shared-cache.js'
import type { LandRegistry } from '../ports/land-registry.js'
import { readInstallationId } from './installation-repository.js'
import { startSnapshotKeeper } from './keep-snapshots.js'
import { createRegistryReads, type ReadCounts, type RegistryReads, type RegistryReadsOptions } from './registry-reads.js'

/** Live look-ups of one gateway, with all that they need: what is written down behind the answers, and what gateways share when there is a Redis. */
export interface OpenRegistryReads {
  readonly reads: RegistryReads
  /** Writes down what was read last. Before the database is closed. */
  close(): Promise<void>
}

export interface OpenRegistryReadsOptions {
  readonly registry: LandRegistry
  /** For writing down. */
  readonly db: Sql
  /** For answers. */
  readonly answers: Sql
  readonly redisUrl?: string | undefined
  readonly settings: RegistryReadsOptions['settings'] & { readonly snapshotDays: number }
  readonly counts: ReadCounts & { lost(count: number): void }
  readonly onError: (error: unknown) => void
}

export const openRegistryReads = async (options: OpenRegistryReadsOptions): Promise<OpenRegistryReads> => {
  const { registry, db, answers, redisUrl, settings, counts, onError } = options
  const shared =
    redisUrl === undefined
      ? undefined
      : openSharedCache({ url: redisUrl, prefix: `lienthong:${await readInstallationId(db)}:read:`, onError })
  const keeper = startSnapshotKeeper({
    db,
    keepDays: settings.snapshotDays,
    absentHours: settings.snapshotAbsentHours,
    onError,
    onLost: counts.lost,
  })
  return {
    reads: createRegistryReads({ registry, db: answers, keeper, shared, counts, settings }),
    close: async () => {
      await keeper.stop()
      shared?.close()
    },
  }
}
