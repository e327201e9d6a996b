import { procedureKey } from '../model/dossier-code.js'
import type { DossierContent } from '../model/dossier-content.js'
import { type DossierStatus, describeStatus } from '../model/dossier-status.js'
import { type DossierEventKind, type RouteMode, routesOf } from '../model/routing.js'
import { ALL_OPERATIONS, type Operation, type Origin, systemOf } from '../model/system.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'
import { planTransfers, type TransferIntent } from '../transfer/plan-transfers.js'
import { moveDueDates } from '../transfer/transfer-repository.js'
import { appendTimeline, insertDossier, updateDossier } from './dossier-repository.js'
import { type DossierChange, type DossierSnapshot, sourceDigestOf } from './dossier-snapshot.js'
import type { ReferenceData } from './reference-data.js'
import { bodyOf } from './transfer-bodies.js'

/**
 * Ghi nhận thay đổi: a decided change becomes fact. The dossier's row, its timeline and the transfers that carry the change to the
 * other systems commit together or not at all; the caller holds the dossier's lock in `tx`.
 */
export interface ChangeOrigin {
  readonly source: Origin
  readonly eventAt: string
  readonly messageId: string
  readonly correlationId: string
  /** `app_now()`, in this transaction. */
  readonly now: Date
}

export const commitNewDossier = async (
  tx: Tx,
  reference: ReferenceData,
  dossier: { content: DossierContent; status: DossierStatus; landRegistration: boolean },
  from: ChangeOrigin,
): Promise<void> => {
  const sourceDigest = sourceDigestOf(dossier.content)
  const created: DossierSnapshot = {
    id: orderedId(),
    version: 1,
    sourceVersion: dossier.content.version,
    sourceDigest,
    origin: from.source,
    status: dossier.status,
    content: dossier.content,
    supplementCount: 0,
    supplementNumbers: [],
    results: [],
    landRegistration: dossier.landRegistration,
    registryHolds: from.source === 'VILIS',
    lastAppliedAt: {},
  }
  const kind = dossier.status === 'SUBMITTED' ? 'SUBMITTED' : 'RECEIVED'
  const change: DossierChange = { events: [kind], note: '' }
  const intents = intentsOf(reference, created.status, created, change, from)
  await insertDossier(tx, reference, created, { statusAt: from.eventAt, interlinked: intents.length > 0 })
  await appendTimeline(tx, timelineOf(created, created, change, from, kind, { statusTo: dossier.status, dueAtTo: dossier.content.dueAt }))
  await plan(tx, reference, created, change, from, intents, { isNew: true })
}

/** Returns the dossier as it is then. `without`: not planned here, for the caller puts it in the place of another transfer. */
export const commitChange = async (
  tx: Tx,
  reference: ReferenceData,
  before: DossierSnapshot,
  change: DossierChange,
  from: ChangeOrigin,
  { without }: { readonly without?: Operation } = {},
): Promise<DossierSnapshot> => {
  const content: DossierContent = { ...(change.content ?? before.content), dueAt: change.dueAt ?? before.content.dueAt }
  const after: DossierSnapshot = {
    ...before,
    version: before.version + 1,
    sourceVersion: change.content?.version ?? before.sourceVersion,
    sourceDigest: change.content ? sourceDigestOf(change.content) : before.sourceDigest,
    status: change.status ?? before.status,
    content,
    finishedAt: change.finishedAt ?? before.finishedAt,
    returnedAt: change.returnedAt ?? before.returnedAt,
    supplementCount: Math.max(before.supplementCount, change.supplementNo ?? 0),
    supplementNumbers:
      change.supplementNo === undefined || change.corrects ? before.supplementNumbers : [...before.supplementNumbers, change.supplementNo],
    results: change.documents?.role === 'RESULT' ? [...(change.corrects ? [] : before.results), ...change.documents.items] : before.results,
  }
  await updateDossier(tx, reference, after, change, from)
  if (after.content.dueAt !== before.content.dueAt) await moveDueDates(tx, before.id, after.content.dueAt)
  await appendTimeline(
    tx,
    timelineOf(before, after, change, from, change.events[0] ?? 'STATUS_CHANGED', {
      statusFrom: before.status,
      statusTo: after.status,
      dueAtFrom: before.content.dueAt,
      dueAtTo: after.content.dueAt,
    }),
  )
  const intents = intentsOf(reference, before.status, after, change, from).filter(({ body }) => body.operation !== without)
  await plan(tx, reference, after, change, from, intents)
  return after
}

const timelineOf = (
  before: DossierSnapshot,
  after: DossierSnapshot,
  change: DossierChange,
  from: ChangeOrigin,
  kind: DossierEventKind,
  moves: { statusFrom?: DossierStatus; statusTo?: DossierStatus; dueAtFrom?: string; dueAtTo?: string },
) => ({
  dossierId: before.id,
  kind,
  origin: from.source,
  version: after.version,
  eventAt: from.eventAt,
  applied: true,
  officer: change.officer,
  note: change.note,
  messageId: from.messageId,
  supplementNo: change.supplementNo,
  step: change.step,
  ...moves,
})

/**
 * What the routing rules of the event's day want sent: each operation once, in the order of the operations' list, so that a system has the dossier
 * before it gets news of it. Nothing goes back to the system that told us, unless it is overruled about the due date: then it hears the true one.
 */
const intentsOf = (
  reference: ReferenceData,
  statusBefore: DossierStatus,
  dossier: DossierSnapshot,
  change: DossierChange,
  from: ChangeOrigin,
): TransferIntent[] => {
  const intents = new Map<Operation, TransferIntent>()
  for (const kind of change.events) {
    const routes = routesOf(reference.routing, {
      kind,
      origin: from.source,
      procedureKey: procedureKey(dossier.content.procedureCode),
      landRegistration: dossier.landRegistration,
      onDate: localDateOf(new Date(from.eventAt)),
    })
    for (const { operation, mode } of routes) {
      const isBack = systemOf(operation) === from.source && !(kind === 'DUE_DATE_CHANGED' && change.overruled === true)
      if (mode === 'OBSERVE' || isBack || intents.has(operation) || isNotForRegistry(operation, mode, statusBefore, dossier.status))
        continue
      intents.set(operation, { mode, body: bodyOf(operation, dossier, change, from.eventAt) })
    }
  }
  return ALL_OPERATIONS.flatMap((operation) => intents.get(operation) ?? [])
}

/**
 * The registry learns of a dossier when the desk has accepted it, not before; and one that was closed already when we first saw
 * it is adopted at most, never registered anew.
 */
const isNotForRegistry = (operation: Operation, mode: RouteMode, before: DossierStatus, after: DossierStatus): boolean => {
  if (systemOf(operation) !== 'VILIS') return false
  if (after === 'SUBMITTED' || after === 'NOT_ACCEPTED') return true
  if (operation === 'RECEIVE') return mode === 'LIVE' && describeStatus(after).clock === 'ENDED'
  return before === 'SUBMITTED'
}

const plan = async (
  tx: Tx,
  reference: ReferenceData,
  dossier: DossierSnapshot,
  change: DossierChange,
  from: ChangeOrigin,
  intents: readonly TransferIntent[],
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<void> => {
  if (intents.length === 0) return
  await planTransfers(
    tx,
    {
      dossierId: dossier.id,
      dossierCode: dossier.content.code,
      dossierVersion: dossier.version,
      dueAt: new Date(dossier.content.dueAt),
      now: from.now,
      calendar: reference.calendar,
      correlationId: from.correlationId,
      causedBy: `${from.source}: ${change.officer ?? dossier.content.receivedBy}`,
      isNew,
    },
    intents,
  )
}
