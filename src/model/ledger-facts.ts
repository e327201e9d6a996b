import type { DossierStatus } from './dossier-status.js'
import type { InterlinkWait, SentTransfer } from './interlink-wait.js'
import type { DossierEventKind } from './routing.js'
import type { Origin } from './system.js'

/** What the time ledger of a dossier is worked out from (`time-ledger.ts`). */
export interface LedgerEvent {
  readonly kind: DossierEventKind
  readonly origin: Origin
  readonly at: Date
  /** When we were told. */
  readonly toldAt: Date
  readonly applied: boolean
  readonly statusTo: DossierStatus | null
  readonly officer: string | null
  readonly note: string
}

export interface LedgerFacts {
  readonly origin: Origin
  readonly status: DossierStatus
  readonly statusAt: Date
  readonly receivedAt: Date
  /** When this gateway came to know it: what was told late of before is history, not delay. */
  readonly knownAt: Date
  readonly dueAt: Date
  readonly finishedAt: Date | null
  readonly returnedAt: Date | null
  readonly events: readonly LedgerEvent[]
  readonly transfers: readonly SentTransfer[]
  /** Sai lệch từ lúc phát hiện đến lúc sửa, of reconciliation. */
  readonly drift: readonly InterlinkWait[]
}
