import { OPERATIONS, SYSTEM_IDS, type SystemId } from '../../src/model/system.js'

/**
 * Short waits, deadlines and leases, so that a fault and its recovery take seconds. Everything else is as in production. The lease
 * is twice the call deadline plus the margin: four seconds.
 */
const CALL_DEADLINE_MS = 1_500
const LEASE_MARGIN_MS = 1_000
/** After its claim nobody has the right to send, nor a call that is still going on. */
export const LEASE_MS = 2 * CALL_DEADLINE_MS + LEASE_MARGIN_MS
/** What the peers declare as their longest processing time: a late commit of the drill keeps within it. */
export const MAX_PROCESSING_MS = 2_500

/** Transfers to one system that one worker has under way. */
export const CONCURRENCY = 8

/** The breaker of a system and class: failures in a row that open it, and for how long it stays open before the next probe. */
export const BREAKER = { failuresToOpen: 5, openMs: 300, maxOpenMs: 1_000 } as const

export const configurationFor = (endpoint: (id: SystemId) => string): Record<string, unknown> => ({
  systems: Object.fromEntries(
    SYSTEM_IDS.map((id) => [
      id,
      {
        endpoint: endpoint(id),
        concurrency: CONCURRENCY,
        limits: { maxPerSecond: 500, rampMs: 1_000 },
        readDeadlineMs: CALL_DEADLINE_MS,
        poll: { everyMs: 500, overlap: 50 },
        operations: Object.fromEntries(
          OPERATIONS[id].map((operation) => [operation, { callDeadlineMs: CALL_DEADLINE_MS, maxProcessingMs: MAX_PROCESSING_MS }]),
        ),
      },
    ]),
  ),
  retry: {
    waitsMs: [300, 600, 1_000, 2_000],
    retryAfterMinMs: 100,
    retryAfterMaxMs: 2_000,
    inquiryWaitMs: 200,
    leaseMarginMs: LEASE_MARGIN_MS,
    breaker: BREAKER,
  },
})
