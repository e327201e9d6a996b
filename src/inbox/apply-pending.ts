import { type ChangeOrigin, commitChange, commitNewDossier } from '../dossier/commit-change.js'
import { decideChange, decideDossierAgain } from '../dossier/decide-change.js'
import { appendTimeline, lockDossierCode } from '../dossier/dossier-repository.js'
import type { DossierSnapshot } from '../dossier/dossier-snapshot.js'
import { readSnapshot } from '../dossier/dossier-snapshot-repository.js'
import { holdMappingsFor, mapForeignCodes } from '../dossier/foreign-code-repository.js'
import type { ReferenceData } from '../dossier/reference-data.js'
import { readReferenceData } from '../dossier/reference-repository.js'
import { type ClaimRefusal, type ResolvedClaim, resolveClaim } from '../dossier/resolve-claim.js'
import { readTellingInForce } from '../dossier/telling-repository.js'
import { isFact } from '../dossier/told-fact.js'
import { isKeyOfOurMaking } from '../model/idempotency-key.js'
import { type DossierClaim, INBOUND_PRECEDENCE, type InboundPayload } from '../model/inbound.js'
import { type Database, isUnwritable, type Tx } from '../platform/database.js'
import { type InboxState, isOwnKey, type PendingMessage, pendingOf, settleMessage } from './inbox-repository.js'

/**
 * Áp dụng thông điệp: all that is pending for one dossier, in one transaction under its lock, in the order of event time and, at the
 * same time, of declared precedence. A message for a dossier that we do not know is kept UNMATCHED and one that is not legal
 * yet EARLY; both are tried again after every change, here. What an application asks of us directly (channel API) is
 * answered at once and never waits.
 */
export interface ApplyDependencies {
  readonly db: Database
  readonly reference: () => Promise<ReferenceData>
  /** An event time further ahead than this is not believed. */
  readonly clockToleranceMs: number
  /** Nor a reception that an application tells of; by default as far. */
  readonly receptionToleranceMs?: number
  /** Messages (ids) that somebody else applies. */
  readonly leaves?: ReadonlySet<string>
  /** Told of each message whose state has moved, after the commit. */
  readonly onSettled?: (message: { readonly source: string; readonly channel: string; readonly state: InboxState }) => void
  /** Told of a message that was set aside because it can never be written. */
  readonly onSetAside?: (error: unknown, messageId: string) => void
}

/** Oldest event time that is believed: earlier ones are defaults of broken senders (year 1, 1900, 1970). */
const EARLIEST_EVENT = Date.UTC(1990, 0, 1)

const RECEPTION_SENTENCE = 'Ngày tiếp nhận không tin được: muộn hơn giờ hiện tại hoặc trước năm 1990.'

/** Gives what became of the messages that moved, by their ids. */
export const applyPending = async (deps: ApplyDependencies, dossierCode: string): Promise<ReadonlyMap<string, Applied>> => {
  const reference = await deps.reference()
  const moves = await deps.db.transaction(async (tx) => {
    const moves: (Applied & Pick<PendingMessage, 'id' | 'source' | 'channel'>)[] = []
    await lockDossierCode(tx, dossierCode)
    const all = await pendingOf(tx, dossierCode)
    const [first] = all
    if (!first) return moves
    let { isKnown } = first
    const readDossier = async (): Promise<DossierSnapshot | undefined> => (isKnown ? readSnapshot(tx, dossierCode) : undefined)
    let pending = inOrder(all.filter(({ id }) => !deps.leaves?.has(id)))
    await holdMappingsFor(
      tx,
      pending.flatMap(({ payload }) => (payload.kind === 'DOSSIER' ? [payload.dossier] : [])),
    )
    for (let moved = true; moved && pending.length > 0; ) {
      moved = false
      const waiting: PendingMessage[] = []
      for (const message of pending) {
        const { state, reason } = await applyOrSetAside(tx, deps, reference, readDossier, message, first.now)
        if (state !== message.state) {
          await settleMessage(tx, message.id, state, reason)
          moves.push({ id: message.id, source: message.source, channel: message.channel, state, reason })
        }
        if (state === 'UNMATCHED' || state === 'EARLY') waiting.push({ ...message, state })
        if (state === 'APPLIED') moved = isKnown = true
      }
      pending = waiting
    }
    return moves
  })
  for (const { source, channel, state } of moves) deps.onSettled?.({ source, channel, state })
  return new Map(moves.map((move) => [move.id, move]))
}

const precedence = (payload: InboundPayload): number => INBOUND_PRECEDENCE.indexOf(payload.kind)

const inOrder = (messages: readonly PendingMessage[]): PendingMessage[] =>
  [...messages].sort(
    (a, b) => a.eventAt.getTime() - b.eventAt.getTime() || precedence(a.payload) - precedence(b.payload) || (a.id < b.id ? -1 : 1),
  )

export interface Applied {
  readonly state: InboxState
  readonly reason: string | null
}

/**
 * A message that can never be written (a number that no column holds, a value that a constraint refuses) is set aside as QUARANTINED
 * with the reason, and those behind it are applied: one bad message does not stop its dossier for ever. Any other failure rolls all back and is
 * tried again.
 */
const applyOrSetAside = async (
  tx: Tx,
  deps: ApplyDependencies,
  reference: ReferenceData,
  readDossier: () => Promise<DossierSnapshot | undefined>,
  message: PendingMessage,
  now: Date,
): Promise<Applied> => {
  await tx.savepoint('SET')
  try {
    const applied = await applyOne(tx, deps, reference, readDossier, message, now)
    await tx.savepoint('RELEASE')
    return applied
  } catch (error) {
    if (!isUnwritable(error)) throw error
    await tx.savepoint('ROLL_BACK')
    deps.onSetAside?.(error, message.id)
    return message.channel === 'API'
      ? { state: 'REFUSED', reason: UNWRITABLE_REFUSAL }
      : { state: 'QUARANTINED', reason: UNWRITABLE_SENTENCE }
  }
}

const applyOne = async (
  tx: Tx,
  deps: ApplyDependencies,
  reference: ReferenceData,
  readDossier: () => Promise<DossierSnapshot | undefined>,
  message: PendingMessage,
  now: Date,
): Promise<Applied> => {
  const { clockToleranceMs, receptionToleranceMs = clockToleranceMs } = deps
  const isCredible = (at: Date, toleranceMs = clockToleranceMs): boolean =>
    at.getTime() >= EARLIEST_EVENT && at.getTime() <= now.getTime() + toleranceMs
  if (!isCredible(message.eventAt))
    return { state: 'QUARANTINED', reason: `Thời điểm xảy ra không tin được: ${message.eventAt.toISOString()}.` }
  // What comes through the API happens now; the reception that it tells of is its own word. A system's event time is the reception.
  const reception = message.channel === 'API' && message.payload.kind === 'DOSSIER' ? message.payload.dossier.receivedAt : undefined
  if (reception !== undefined && !isCredible(new Date(reception), receptionToleranceMs))
    return { state: 'REFUSED', reason: refusalText('RECEPTION_NOT_CREDIBLE', 'receivedAt', RECEPTION_SENTENCE) }
  const dossier = await readDossier()
  if (message.causedByKey !== null && (await isOurWriting(tx, message.causedByKey, dossier)))
    return { state: 'NO_CHANGE', reason: 'Do chính cổng liên thông ghi trước đó.' }

  const from: ChangeOrigin = {
    source: message.source,
    eventAt: message.eventAt.toISOString(),
    messageId: message.id,
    correlationId: message.correlationId,
    now,
  }
  return message.payload.kind === 'DOSSIER'
    ? applyDossier(tx, reference, dossier, message, message.payload, from)
    : applyReport(tx, reference, dossier, message, message.payload, from)
}

/**
 * Our own writing coming back. After a restore from a backup the transfer that wrote it may be gone, its key still has our form; what brings a
 * dossier back that we have lost altogether is news all the same.
 */
const isOurWriting = async (tx: Tx, key: string, dossier: DossierSnapshot | undefined): Promise<boolean> =>
  (dossier !== undefined && isKeyOfOurMaking(key, dossier.content.code)) || isOwnKey(tx, key)

const applyDossier = async (
  tx: Tx,
  reference: ReferenceData,
  dossier: DossierSnapshot | undefined,
  message: PendingMessage,
  payload: Extract<InboundPayload, { kind: 'DOSSIER' }>,
  from: ChangeOrigin,
): Promise<Applied> => {
  const { known, resolved } = await resolveWithNews(tx, reference, payload.dossier)
  if (resolved.kind === 'REFUSED') {
    // A sender that waits for our answer hears it; what we have read ourselves is kept until the code is loaded.
    const state = message.channel === 'POLL' && isMendable(resolved) ? 'UNMATCHED' : 'REFUSED'
    return { state, reason: refusalText(resolved.reason, resolved.field, resolved.message) }
  }
  if (!dossier) {
    const status = payload.dossier.status ?? 'ACCEPTED'
    await commitNewDossier(tx, known, { content: resolved.content, status, landRegistration: resolved.procedure.landRegistration }, from)
    return { state: 'APPLIED', reason: null }
  }
  const verdict = decideDossierAgain(dossier, resolved.content, payload.dossier.status)
  if (verdict.kind !== 'CHANGE') {
    if (verdict.kind !== 'NO_CHANGE') await keepOnTimeline(tx, dossier, message, payload, from, verdict.reason)
    const refusal = verdict.kind === 'CONFLICT' ? 'SAME_VERSION_OTHER_CONTENT' : 'NOT_ALLOWED_NOW'
    return { state: verdict.kind, reason: verdict.kind === 'NO_CHANGE' ? verdict.reason : refusalText(refusal, 'version', verdict.reason) }
  }
  await commitChange(tx, known, dossier, verdict.change, from)
  return { state: 'APPLIED', reason: null }
}

/** A code and a name that mean two communes are held as well, with both in the reason: the next loading of units, or the sender's correction, says which. */
const isMendable = ({ reason }: ClaimRefusal): boolean =>
  reason === 'UNKNOWN_PROCEDURE' || reason === 'UNKNOWN_COMMUNE' || reason === 'AMBIGUOUS_COMMUNE'

/** The reference data at hand may be some seconds old: before a code is called unknown, the tables are asked. */
const resolveWithNews = async (
  tx: Tx,
  reference: ReferenceData,
  claimed: DossierClaim,
): Promise<{ known: ReferenceData; resolved: ResolvedClaim | ClaimRefusal }> => {
  const claim = await mapForeignCodes(tx, claimed)
  const resolved = resolveClaim(reference, claim)
  if (resolved.kind === 'RESOLVED' || !isMendable(resolved)) return { known: reference, resolved }
  const known = await readReferenceData(tx)
  return { known, resolved: resolveClaim(known, claim) }
}

/** Where every mutation that changes a known dossier names it. */
const ASKED_FIELD = 'dossierCode'

const applyReport = async (
  tx: Tx,
  reference: ReferenceData,
  dossier: DossierSnapshot | undefined,
  message: PendingMessage,
  payload: Exclude<InboundPayload, { kind: 'DOSSIER' }>,
  from: ChangeOrigin,
): Promise<Applied> => {
  const asked = message.channel === 'API'
  if (!dossier)
    return asked
      ? { state: 'REFUSED', reason: refusalText('UNKNOWN_DOSSIER', ASKED_FIELD, 'Không có hồ sơ này.') }
      : { state: 'UNMATCHED', reason: 'Chưa có hồ sơ này; giữ lại để ghép sau.' }
  const before = isFact(payload) ? await readTellingInForce(tx, dossier.id, payload) : undefined
  const verdict = decideChange(dossier, payload, { source: message.source, eventAt: from.eventAt, before })
  if (verdict.kind === 'CHANGE') {
    await commitChange(tx, reference, dossier, verdict.change, from)
    return { state: 'APPLIED', reason: null }
  }
  if (verdict.kind === 'CONFLICT') {
    await keepOnTimeline(tx, dossier, message, payload, from, verdict.reason)
    const isSupplement = payload.kind === 'SUPPLEMENT_HANDED_IN'
    const [refusal, field] = isSupplement ? ['SAME_SUPPLEMENT_OTHER_CONTENT', 'supplementNo'] : ['SAME_FACT_OTHER_CONTENT', ASKED_FIELD]
    return { state: 'CONFLICT', reason: refusalText(refusal, field, verdict.reason) }
  }
  if (asked && verdict.kind !== 'NO_CHANGE')
    return { state: 'REFUSED', reason: refusalText('NOT_ALLOWED_NOW', ASKED_FIELD, verdict.reason) }
  if (verdict.kind === 'LATE' || verdict.kind === 'ILLEGAL') await keepOnTimeline(tx, dossier, message, payload, from, verdict.reason)
  return { state: verdict.kind, reason: verdict.reason }
}

/** What was told and not applied is still part of the dossier's story. */
const keepOnTimeline = (
  tx: Tx,
  dossier: DossierSnapshot,
  message: PendingMessage,
  payload: InboundPayload,
  from: ChangeOrigin,
  reason: string,
): Promise<void> =>
  appendTimeline(tx, {
    dossierId: dossier.id,
    kind: payload.kind,
    origin: from.source,
    version: dossier.version,
    eventAt: from.eventAt,
    applied: false,
    note: reason,
    messageId: message.id,
  })

/** How a refusal is kept in `reason`, so that a repeated question gets the same answer: `REASON|field|sentence`. */
const refusalText = (reason: string, field: string, message: string): string => `${reason}|${field}|${message}`

/** For people here, of what a system has told, and for the application that asks. */
export const UNWRITABLE_SENTENCE = 'Nội dung không lưu được: có giá trị vượt quá giới hạn hoặc sai kiểu.'
export const UNWRITABLE_REFUSAL = refusalText('UNWRITABLE', '', 'Nội dung không lưu được: có giá trị vượt quá giới hạn.')

export const readRefusal = (text: string | null): { reason: string; field?: string; message: string } => {
  const [reason = '', field = '', ...rest] = (text ?? '').split('|')
  return rest.length === 0 ? { reason: 'REFUSED', message: text ?? '' } : { reason, field: field || undefined, message: rest.join('|') }
}
