import type { ComparisonSource } from '../../src/ports/comparison-source.js'

/** One question of reconciliation, as a contract case writes it down. */
export interface AskedComparison {
  readonly ask: 'days' | 'buckets' | 'records' | 'list' | 'ofCodes'
  readonly args: readonly unknown[]
}

export const askComparison = (source: ComparisonSource, { ask, args }: AskedComparison): Promise<unknown> =>
  (source[ask] as (...given: readonly unknown[]) => Promise<unknown>)(...args)
