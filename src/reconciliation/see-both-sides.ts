import type { ComparedField, ComparedRecord } from '../model/compared-record.js'
import { digestOf } from '../model/digest.js'
import { textOfValue } from '../model/discrepancy.js'
import { type Judged, judgeDiscrepancies } from '../model/judge-discrepancy.js'
import type { SystemId } from '../model/system.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Seen } from './discrepancy-repository.js'
import { holderOf, type OurFacts, type StaleBefore } from './our-side-repository.js'

/** Thấy gì: what one look at both sides of a dossier makes of it, by whomever: a run, or the click of a person. */
export interface SeeDependencies {
  /** READ: its feed is polled. UNREAD: it tells us by calls alone. NONE: it tells us nothing. */
  readonly feedOf: (systemId: SystemId) => 'READ' | 'UNREAD' | 'NONE'
}

export interface Look {
  readonly systemId: SystemId
  /** What this system can say. */
  readonly fields: readonly ComparedField[]
  readonly facts: OurFacts
  readonly theirs: readonly ComparedRecord[]
  /** They hold something under this code that cannot be read. */
  readonly isSpoilt: boolean
  /** Before they were asked. */
  readonly at: Date
  /** A status that is left out is never stale. */
  readonly staleBefore: StaleBefore
}

/** Whoever calls has made sure that nothing of it is in flight. */
export const seeBothSides = (
  deps: SeeDependencies,
  { systemId, fields, facts, theirs, isSpoilt, at, staleBefore }: Look,
): readonly Seen[] =>
  judgeDiscrepancies({
    system: systemId,
    fields,
    theirs,
    unreadableThere: isSpoilt,
    ...(facts.ours && { ours: { ...facts.ours, stale: isStale(systemId, facts, staleBefore) } }),
    ...(facts.notApplied && { notApplied: facts.notApplied }),
    polled: deps.feedOf(systemId) === 'READ',
    onDate: localDateOf(at),
  }).map((judged) => seenOf(systemId, facts, theirs, judged))

const seenOf = (systemId: SystemId, facts: OurFacts, theirs: readonly ComparedRecord[], judged: Judged): Seen => {
  const [there] = theirs
  const here = facts.ours?.record
  const place = (here ?? there) as ComparedRecord
  const { class: of, fields, cause, repair, transferId, messageId } = judged
  return {
    class: of,
    systemId,
    dossierCode: facts.dossierCode,
    communeCode: place.communeCode,
    receivedOn: place.receivedOn,
    fields,
    cause,
    repair,
    fingerprint: digestOf({
      fields: fields.map(({ field, ours, theirs }) => [field, textOfValue(field, ours), textOfValue(field, theirs)]),
      status: [here?.status ?? '', ...theirs.map(({ status }) => status ?? '').sort()],
    }),
    ...(facts.dossierId !== undefined && { dossierId: facts.dossierId }),
    ...(facts.receivingUnitId !== undefined && { receivingUnitId: facts.receivingUnitId }),
    ...(here?.status && { ourStatus: here.status }),
    ...(there?.status && { theirStatus: there.status }),
    ...(facts.lastMovedAt && { ourChangedAt: facts.lastMovedAt }),
    ...(there?.changedAt && { theirChangedAt: there.changedAt }),
    ...(transferId !== undefined && { transferId }),
    ...(messageId !== undefined && { messageId }),
    ...(facts.notApplied && { unappliedMessageId: facts.notApplied.messageId }),
  }
}

/** Only at the side at whose desk it lies. */
const isStale = (systemId: SystemId, { ours, lastMovedAt }: OurFacts, staleBefore: StaleBefore): boolean => {
  if (!ours || !lastMovedAt) return false
  const { status } = ours.record
  const before = staleBefore.get(status)
  return before !== undefined && systemId === holderOf(status, ours.registryHolds) && lastMovedAt < before
}
