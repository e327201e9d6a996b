import { type ComparedField, type ComparedRecord, textOfField } from './compared-record.js'
import { type DiscrepancyClass, type DiscrepancyField, type ProbableCause, type ProposedRepair, valueOfField } from './discrepancy.js'
import { type DossierStatus, describeStatus } from './dossier-status.js'
import { type Right, rightsAbout } from './field-authority.js'
import { repairOperations } from './repair-operations.js'
import type { Origin, SystemId } from './system.js'

/**
 * Phán định sai lệch, as a pure function: what both sides say of one dossier, and what our tables know of its way there, makes the discrepancies of the closed
 * list, each with its probable cause and one proposed repair. Whoever calls has made sure that nothing of it is in flight.
 */
export interface BothSides {
  readonly system: SystemId
  /** What this system can say. */
  readonly fields: readonly ComparedField[]
  /** More than one: it holds the code several times. */
  readonly theirs: readonly ComparedRecord[]
  /** It holds something under this code that cannot be read: neither missing nor the same. */
  readonly unreadableThere: boolean
  /** Undefined: we do not have it. */
  readonly ours?: OurSide
  /** Something that this system told of it, stored and not applied. */
  readonly notApplied?: { readonly messageId: string; readonly status?: DossierStatus; readonly dueAt?: string }
  /** The system has a feed that can be read again. */
  readonly polled: boolean
  /** Local date. */
  readonly onDate: string
}

export interface OurSide {
  readonly record: ComparedRecord & { readonly status: DossierStatus }
  readonly origin: Origin
  readonly registryHolds: boolean
  /** It must be there: born there, or its introduction was acknowledged. */
  readonly expected: boolean
  /** The last transfer to this system that came to nothing, where no later one did better. */
  readonly failed?: { readonly transferId: string; readonly state: 'REJECTED' | 'EXHAUSTED' | 'ABANDONED' }
  /** The last of all was acknowledged. */
  readonly acknowledged: boolean
  /** What they took last of some operation a person has amended: where they differ, it may be by that. */
  readonly amended?: { readonly transferId: string }
  /** No movement for longer than the step may take. */
  readonly stale: boolean
}

export interface Judged {
  readonly class: DiscrepancyClass
  readonly fields: readonly DiscrepancyField[]
  readonly cause: ProbableCause
  readonly repair: ProposedRepair
  readonly transferId?: string
  readonly messageId?: string
}

export const judgeDiscrepancies = (sides: BothSides): readonly Judged[] => {
  const { ours, theirs, unreadableThere } = sides
  if (unreadableThere && theirs.length === 0) return []
  if (!ours) return theirs.length === 0 ? [] : [missingHere(sides), ...duplicates(sides)]
  if (theirs.length === 0) return ours.expected ? [missingThere(sides, ours)] : []
  if (!ours.expected) return strangerThere(sides, ours)
  const found = [...duplicates(sides), ...differences(sides, ours, nearest(sides, ours.record))]
  return found.length === 0 && ours.stale ? [STALE] : found
}

const STALE: Judged = { class: 'STALE', fields: [], cause: 'NOBODY_MOVED_IT', repair: 'PERSON' }

const duplicates = ({ theirs }: BothSides): Judged[] =>
  theirs.length > 1 ? [{ class: 'DUPLICATE_THERE', fields: [], cause: 'RESENT_NOT_DEDUPLICATED', repair: 'PERSON' }] : []

const missingHere = ({ notApplied, polled }: BothSides): Judged =>
  notApplied
    ? { class: 'MISSING_HERE', fields: [], cause: 'TOLD_NOT_APPLIED', repair: 'PERSON', messageId: notApplied.messageId }
    : { class: 'MISSING_HERE', fields: [], cause: 'NEVER_TOLD', repair: polled ? 'REREAD' : 'PERSON' }

const missingThere = ({ system }: BothSides, ours: OurSide): Judged => {
  const of = { class: 'MISSING_THERE', fields: [] } as const
  if (ours.failed && ours.failed.state !== 'ABANDONED')
    return { ...of, cause: 'TRANSFER_REFUSED', repair: 'PERSON', transferId: ours.failed.transferId }
  // Told again it would be what its source says, not what a person has made of it so that they took it.
  if (ours.amended) return { ...of, cause: 'ACKNOWLEDGED_NOT_KEPT', repair: 'PERSON', transferId: ours.amended.transferId }
  const isSendable = repairOperations({ ...of, system, origin: ours.origin, ourStatus: ours.record.status }) !== undefined
  return {
    ...of,
    cause: ours.origin === system ? 'REMOVED_THERE' : 'ACKNOWLEDGED_NOT_KEPT',
    repair: isSendable ? 'THERE' : 'PERSON',
  }
}

/** They hold what we have never brought there to an end: known to us is only what we had tried. What was only ever observed is no matter of ours. */
const strangerThere = (sides: BothSides, { failed }: OurSide): Judged[] => {
  if (!failed) return duplicates(sides)
  const cause = failed.state === 'ABANDONED' ? 'TRANSFER_GIVEN_UP' : 'TRANSFER_REFUSED'
  return [{ class: 'LATE_APPLIED', fields: [], cause, repair: 'PERSON', transferId: failed.transferId }]
}

const differingFields = ({ fields }: BothSides, ours: ComparedRecord, theirs: ComparedRecord): ComparedField[] =>
  fields.filter((field) => textOfField(ours, field) !== textOfField(theirs, field))

/** Of several the one that is most like ours; of two that are so alike always the same one, in whatever order they are told. */
const nearest = (sides: BothSides, ours: ComparedRecord): ComparedRecord => {
  const said = (record: ComparedRecord): string => sides.fields.map((field) => textOfField(record, field)).join('\u001f')
  const apart = (record: ComparedRecord): number => differingFields(sides, ours, record).length
  return [...sides.theirs].sort((a, b) => apart(a) - apart(b) || (said(a) < said(b) ? -1 : 1))[0] as ComparedRecord
}

const differences = (sides: BothSides, ours: OurSide, theirs: ComparedRecord): Judged[] => {
  const differing = differingFields(sides, ours.record, theirs)
  if (differing.length === 0) return []
  const { notApplied } = sides
  const judge = (of: DiscrepancyClass, fields: readonly ComparedField[]): Judged => {
    const judged = { class: of, fields: fields.map((field) => sideBySide(field, ours.record, theirs)) }
    if (of === 'LATE_APPLIED') return { ...judged, cause: 'TOLD_NOT_APPLIED', repair: 'PERSON', messageId: notApplied?.messageId }
    if (ours.failed && ours.failed.state !== 'ABANDONED')
      return { ...judged, cause: 'TRANSFER_REFUSED', repair: 'PERSON', transferId: ours.failed.transferId }
    const ownership = { origin: ours.origin, registryHolds: ours.registryHolds, onDate: sides.onDate }
    const rights = new Set(rightsAbout(sides.system, judged.fields, ownership))
    const [right] = rights.size === 1 ? rights : []
    const repair = repairOf(sides, ours, of, judged.fields, right)
    if (right === 'OURS' && ours.failed) return { ...judged, cause: 'TRANSFER_GIVEN_UP', repair, transferId: ours.failed.transferId }
    // What a person has sent them on purpose is a person's to take back.
    if (right === 'OURS' && ours.amended && fields.some((field) => field !== 'STATUS'))
      return { ...judged, cause: causeOf(right, ours), repair: 'PERSON', transferId: ours.amended.transferId }
    // An end that they have told, and that could not be applied here, is no silence of theirs.
    if (right !== 'OURS' && of === 'RESULT_NOT_RETURNED' && isToldAndNotApplied(notApplied, theirs, 'STATUS'))
      return { ...judged, cause: 'TOLD_NOT_APPLIED', repair, messageId: notApplied?.messageId }
    return { ...judged, cause: causeOf(right, ours), repair }
  }
  const isSplit = theirs.status !== undefined && isFinishedOnOneSide(ours.record.status, theirs.status)
  if (differing.includes('STATUS') && isSplit) {
    const rest = differing.filter((field) => field !== 'STATUS')
    return [judge('RESULT_NOT_RETURNED', ['STATUS']), ...(rest.length > 0 ? [judge('DIFFERS', rest)] : [])]
  }
  const late = differing.filter((field) => isToldAndNotApplied(notApplied, theirs, field))
  if (late.length === 0) return [judge('DIFFERS', differing)]
  const rest = differing.filter((field) => !late.includes(field))
  return [judge('LATE_APPLIED', late), ...(rest.length > 0 ? [judge('DIFFERS', rest)] : [])]
}

const sideBySide = (field: ComparedField, ours: ComparedRecord, theirs: ComparedRecord): DiscrepancyField => {
  const [here, there] = [valueOfField(ours, field), valueOfField(theirs, field)]
  return { field, ...(here !== undefined && { ours: here }), ...(there !== undefined && { theirs: there }) }
}

const isFinished = (status: DossierStatus): boolean => status === 'COMPLETED' || status === 'STOPPED' || status === 'RESULT_RETURNED'

const isFinishedOnOneSide = (ours: DossierStatus, theirs: DossierStatus): boolean =>
  (isFinished(ours) && describeStatus(theirs).clock !== 'ENDED') || (isFinished(theirs) && describeStatus(ours).clock !== 'ENDED')

const isToldAndNotApplied = (notApplied: BothSides['notApplied'], theirs: ComparedRecord, field: ComparedField): boolean => {
  if (!notApplied) return false
  if (field === 'STATUS') return notApplied.status !== undefined && notApplied.status === theirs.status
  return (
    field === 'DUE_DATE' &&
    notApplied.dueAt !== undefined &&
    textOfField(theirs, field) === textOfField({ ...theirs, ...notApplied }, field)
  )
}

const causeOf = (right: Right | undefined, { acknowledged, origin }: OurSide): ProbableCause => {
  if (right === 'THEIRS') return 'NEVER_TOLD'
  if (right === undefined) return 'CHANGED_THERE_SILENTLY'
  return acknowledged ? 'ACKNOWLEDGED_NOT_KEPT' : origin === 'GATEWAY' ? 'NOT_TOLD_THERE' : 'CHANGED_THERE_SILENTLY'
}

/** A record tells a status and a due date in full; of the rest it tells too little to be taken for their word. */
const TAKEN_FROM_RECORDS: readonly ComparedField[] = ['STATUS', 'DUE_DATE']

const repairOf = (
  { system, polled }: BothSides,
  { origin, record }: OurSide,
  of: DiscrepancyClass,
  differing: readonly DiscrepancyField[],
  right: Right | undefined,
): ProposedRepair => {
  const fields = differing.map(({ field }) => field)
  if (right === 'THEIRS') {
    if (!fields.every((field) => TAKEN_FROM_RECORDS.includes(field))) return polled ? 'REREAD' : 'PERSON'
    // What has ended takes no new date, and from nothing nothing can be taken.
    const isEnded = !fields.includes('STATUS') && describeStatus(record.status).clock === 'ENDED'
    return isEnded || differing.some(({ theirs }) => theirs === undefined) ? 'PERSON' : 'HERE'
  }
  if (right === undefined) return 'PERSON'
  return repairOperations({ system, class: of, fields, origin, ourStatus: record.status }) ? 'THERE' : 'PERSON'
}
