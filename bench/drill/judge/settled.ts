import type { TransferFact } from './facts.js'

/** The judge's own list. */
export const TERMINAL: ReadonlySet<string> = new Set(['DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED'])

/** A transfer that waits behind one that a person must look at is held as visibly as that one. */
export const isSettled = (transfer: TransferFact, all: readonly TransferFact[]): boolean =>
  TERMINAL.has(transfer.state) || transfer.state === 'HELD' || isBehindHeld(transfer, all)

export const isBehindHeld = (transfer: TransferFact, all: readonly TransferFact[]): boolean =>
  all.some(
    (earlier) =>
      earlier.code === transfer.code &&
      earlier.systemId === transfer.systemId &&
      earlier.sequence < transfer.sequence &&
      ['HELD', 'REJECTED', 'EXHAUSTED'].includes(earlier.state),
  )
