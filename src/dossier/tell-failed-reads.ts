import type { ReadFailure } from '../model/read-failure.js'
import type { LandRegistry, RegistryRead } from '../ports/land-registry.js'

/** What is told of calls that got no answer: those of one kind since it was told last. */
export interface FailedReads {
  readonly why: ReadFailure
  /** Of the newest: without words of the other side. */
  readonly cause: string
  readonly calls: number
}

/** So long nothing more is told of the same kind. */
const QUIET_MS = 60_000

/**
 * Ghi lại vì sao chưa đọc được: whoever has to mend it is told the cause of a failed call at once, and of further ones of that kind once a minute, with their number. What lacks
 * a mapping is told elsewhere.
 */
export const tellFailedReads = (
  registry: LandRegistry,
  tell: (failed: FailedReads) => void,
  now: () => number = () => performance.now(),
): LandRegistry => {
  const told = new Map<ReadFailure, { readonly at: number; readonly untold: number }>()
  const note = <Value>(read: RegistryRead<Value>): RegistryRead<Value> => {
    if (read.kind === 'READ' || read.why === undefined) return read
    const { why, cause } = read
    const before = told.get(why) ?? { at: Number.NEGATIVE_INFINITY, untold: 0 }
    const calls = before.untold + 1
    if (now() - before.at < QUIET_MS) told.set(why, { ...before, untold: calls })
    else {
      told.set(why, { at: now(), untold: 0 })
      tell({ why, cause, calls })
    }
    return read
  }
  return {
    batchLimit: registry.batchLimit,
    readParcels: async (keys) => note(await registry.readParcels(keys)),
    readCertificates: async (serials) => note(await registry.readCertificates(serials)),
  }
}
