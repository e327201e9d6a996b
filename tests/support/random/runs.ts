/** Of every day, so that a red run is of what was changed, and can be seen again. */
const SEED = 20261128

/**
 * How often a property is tried, and from which seed: always the same sequences of everyday; others, as many as RANDOM_RUNS says, each time that it is given, or those of
 * RANDOM_SEED.
 */
export const randomRuns = (everyday: number): { numRuns: number; seed?: number } => {
  const { RANDOM_RUNS, RANDOM_SEED } = process.env
  const numRuns = Number(RANDOM_RUNS ?? everyday)
  if (RANDOM_SEED) return { numRuns, seed: Number(RANDOM_SEED) }
  return RANDOM_RUNS ? { numRuns } : { numRuns, seed: SEED }
}

const SHRUNK_FOR_MS = 60_000

/** A failure is told, with its seed, as small as it has become in a minute: what is tried from then on counts as none. Unbounded, it would outlast jest's patience and tell nothing. */
export const shrunkForAMinute = <Drawn extends unknown[]>(
  hold: (...drawn: Drawn) => Promise<void>,
): ((...drawn: Drawn) => Promise<void>) => {
  let failedAt: number | undefined
  return async (...drawn) => {
    if (failedAt !== undefined && performance.now() - failedAt > SHRUNK_FOR_MS) return
    await hold(...drawn).catch((error: unknown) => {
      failedAt ??= performance.now()
      throw error
    })
  }
}
