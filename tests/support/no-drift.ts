import type { DriftSource } from '../../src/reporting/ledger-facts-repository.js'

/** Where nothing was ever compared. */
export const NO_DRIFT: DriftSource = { waitsOf: async () => new Map(), changedSince: async () => [] }
