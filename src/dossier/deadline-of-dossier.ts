import { computeDueDate } from '../model/compute-due-date.js'
import { procedureKey } from '../model/dossier-code.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { ClockEvent, DueDate } from '../model/due-date.js'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import { localDateOf } from '../model/working-calendar.js'
import type { DeadlineBasis } from './deadline-document-repository.js'
import type { DossierEventRow, DossierRow } from './dossier-row.js'
import type { ToldDueDateRow } from './told-due-dates-repository.js'

/**
 * Hạn trả tính lại, beside what each system says: what the rules make of the dossier's own timeline. Only computed and shown; the due date in
 * force stays what its authority has said.
 */
export interface DossierDeadline {
  readonly due: DueDate
  readonly hoursPerDay: number
  /** What is known of each system; null: it has named no due date, as far as the gateway knows. */
  readonly told: Readonly<Record<SystemId, ToldDueDateRow | null>>
  /** By the day, as people count. Null: not computable. The gateway's own date in force counts too. */
  readonly agrees: boolean | null
  readonly differing: readonly SystemId[]
}

/** Kinds whose row tells of a status, also of the same again. Of the others the status counts where it has moved. */
const STATUS_KINDS = new Set(['SUBMITTED', 'RECEIVED', 'STATUS_CHANGED', 'STEP_REPORTED'])

/** What of a timeline moves the clock. A supplement that was corrected was handed in once. */
const clockEventsOf = (timeline: readonly DossierEventRow[]): ClockEvent[] => {
  const handedIn = new Set<number | null>()
  return timeline.flatMap(({ kind, applied, eventAt, statusFrom, statusTo, step, supplementNo }): ClockEvent[] => {
    if (!applied || statusTo === null) return []
    const event = { at: eventAt, statusFrom, statusTo, step }
    if (kind === 'SUPPLEMENT_HANDED_IN') {
      if (supplementNo !== null && handedIn.has(supplementNo)) return []
      handedIn.add(supplementNo)
      return [{ ...event, kind: 'SUPPLEMENT' }]
    }
    return STATUS_KINDS.has(kind) || statusFrom !== statusTo ? [{ ...event, kind: 'STATUS' }] : []
  })
}

export interface DeadlineFacts {
  readonly dossier: Pick<DossierRow, 'receivedAt' | 'dueAt' | 'procedureCode'> & { readonly status: DossierStatus }
  readonly landRegistration: boolean
  readonly timeline: readonly DossierEventRow[]
  readonly told: readonly ToldDueDateRow[]
}

export const deadlineOf = (
  { dossier, landRegistration, timeline, told }: DeadlineFacts,
  { calendar, rules }: DeadlineBasis,
): DossierDeadline => {
  const { receivedAt, status, procedureCode } = dossier
  const due = computeDueDate(
    { procedureKey: procedureKey(procedureCode), landRegistration, receivedAt, status, events: clockEventsOf(timeline) },
    rules,
    calendar,
  )
  const bySystem = Object.fromEntries(SYSTEM_IDS.map((id) => [id, told.find(({ systemId }) => systemId === id) ?? null]))
  const differs = (at: Date): boolean => due.kind === 'COMPUTED' && localDateOf(at) !== localDateOf(due.dueAt)
  const differing = told.filter(({ dueAt }) => differs(dueAt)).map(({ systemId }) => systemId)
  return {
    due,
    hoursPerDay: calendar.hoursPerDay,
    told: bySystem as DossierDeadline['told'],
    agrees: due.kind === 'COMPUTED' ? differing.length === 0 && !differs(dossier.dueAt) : null,
    differing: SYSTEM_IDS.filter((id) => differing.includes(id)),
  }
}
