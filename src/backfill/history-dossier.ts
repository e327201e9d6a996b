import type { DossierContent } from '../model/dossier-content.js'
import { type DossierStatus, nationalCode } from '../model/dossier-status.js'
import type { DossierEventKind } from '../model/routing.js'
import type { Origin } from '../model/system.js'

/** Hồ sơ lịch sử: a dossier as it stands today, with what is known of its way, checked and with its codes resolved. It has no documents: their bytes stay where they are. */
export interface HistoryDossier {
  readonly content: DossierContent
  readonly origin: Origin
  readonly status: DossierStatus
  readonly statusAt: string
  readonly finishedAt?: string
  readonly returnedAt?: string
  readonly moves: readonly HistoryMove[]
}

/** Diễn biến: the status became this one. */
export interface HistoryMove {
  readonly at: string
  readonly status: DossierStatus
  readonly officer?: string
  readonly note?: string
}

export interface HistoryEvent extends HistoryMove {
  readonly kind: DossierEventKind
  readonly from?: DossierStatus
}

/** A dossier that was told with a status behind "accepted" had been accepted; one that was not taken was handed in alone. */
const firstStatusOf = ({ status, moves }: HistoryDossier): DossierStatus => {
  const first = moves[0]?.status ?? status
  return nationalCode(status) === 3 || nationalCode(first) < 2 || status === 'SUBMITTED' ? 'SUBMITTED' : 'ACCEPTED'
}

const KINDS: Partial<Record<DossierStatus, DossierEventKind>> = {
  COMPLETED: 'RESULT_ISSUED',
  RESULT_RETURNED: 'RESULT_RETURNED',
  WITHDRAWN_BY_APPLICANT: 'WITHDRAWN',
}

/** The timeline: what was told, else what the dates of a dossier say by themselves. */
export const eventsOf = (dossier: HistoryDossier): readonly HistoryEvent[] => {
  const { content, status, statusAt, finishedAt, returnedAt, moves } = dossier
  const first = firstStatusOf(dossier)
  const told: readonly HistoryMove[] =
    moves.length > 0
      ? moves
      : [
          ...(finishedAt !== undefined && (status === 'COMPLETED' || status === 'RESULT_RETURNED')
            ? [{ at: finishedAt, status: 'COMPLETED' as const }]
            : []),
          { at: returnedAt ?? statusAt, status },
        ]
  const events: HistoryEvent[] = [{ kind: first === 'SUBMITTED' ? 'SUBMITTED' : 'RECEIVED', at: content.receivedAt, status: first }]
  for (const move of told) {
    const before = events.at(-1) as HistoryEvent
    if (move.status === before.status) continue
    events.push({ ...move, kind: KINDS[move.status] ?? 'STATUS_CHANGED', from: before.status })
  }
  return events
}
