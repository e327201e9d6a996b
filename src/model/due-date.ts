import type { ProcedureInQuestion } from './deadline-rules.js'
import type { DossierStatus } from './dossier-status.js'
import type { CalendarWords } from './working-calendar.js'

/**
 * Hạn trả as it should be: from reception, the dossier's own events and the dated rules, step by step. Nothing is guessed: what cannot be computed
 * says why. The clock runs in the office's hours from reception; it stops in the statuses and steps of which a rule says so; when a
 * supplement is complete it begins anew or goes on, by the policy of that day. What happens after the time has run out moves the due date no
 * more, and neither does what happens after the dossier has ended.
 */
export interface ClockEvent {
  readonly at: Date
  /** Told a status (also the same again), or tells that a supplement was handed in. */
  readonly kind: 'STATUS' | 'SUPPLEMENT'
  readonly statusFrom: DossierStatus | null
  readonly statusTo: DossierStatus
  /** Bước at the registry, by its own code. */
  readonly step: string | null
}

export interface DueDateQuestion extends ProcedureInQuestion {
  readonly receivedAt: Date
  /** As the dossier stands now: what the events lead to must be the same. */
  readonly status: DossierStatus
  /** The applied ones, by the time at which they happened. */
  readonly events: readonly ClockEvent[]
}

export const DUE_DATE_STEP_KINDS = ['RECEIVED', 'COUNTED', 'STOPPED', 'RESTARTED', 'IGNORED', 'DUE'] as const

export interface DueDateStep extends CalendarWords {
  readonly kind: (typeof DUE_DATE_STEP_KINDS)[number]
  readonly from: Date
  /** Null: it has not ended. */
  readonly to: Date | null
  /** Working time of this step that counts, and of all so far. */
  readonly countedMs: number
  readonly totalMs: number
  /** Which rule, as an officer calls it, and what it stands on. */
  readonly rule: string | null
  readonly standing: string | null
}

export const NOT_COMPUTABLE_REASONS = [
  'NOT_RECEIVED',
  'NOT_ACCEPTED',
  'NO_STATUTORY_TIME',
  'NO_RULE',
  'HISTORY_INCOMPLETE',
  'OUT_OF_ORDER',
  'SUPPLEMENT_WITHOUT_DEMAND',
  'PAUSE_OPEN',
  'CALENDAR_MISSING',
] as const
export type NotComputableReason = (typeof NOT_COMPUTABLE_REASONS)[number]

export type DueDate = { readonly steps: readonly DueDateStep[] } & (
  | {
      readonly kind: 'COMPUTED'
      readonly dueAt: Date
      /** Tạm tính: holidays on its way are not announced, or not loaded, yet. Each a sentence; empty: it is final. */
      readonly reservations: readonly string[]
      /** Căn cứ chưa xác nhận: times, rules, hours and days off that it stands on, of which no public document was read. */
      readonly unconfirmed: readonly string[]
    }
  | {
      readonly kind: 'NOT_COMPUTABLE'
      readonly reason: NotComputableReason
      /** When it happened that stands in the way, or the day that has no rule. */
      readonly at: Date
      /** Working time that is left once the clock runs again. */
      readonly leftMs?: number
    }
)
