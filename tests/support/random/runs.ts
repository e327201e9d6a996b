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
