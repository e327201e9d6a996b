import { DIGEST_VERSION, digestBody } from '../model/digest.js'
import { idempotencyKeyOf, unusedKeyOf } from '../model/idempotency-key.js'
import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import type { RouteMode } from '../model/routing.js'
import { systemOf } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { WorkingCalendar } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import type { TransferFacts } from './act-facts-repository.js'
import { type FrozenTransfer, readFrozen, supersede } from './superseding-repository.js'
import { NEWER_VERSION, type NewerVersion, type Place, takePlace, takePlaceOf } from './take-place.js'
import { insertTransfer, mustBeInquired, type PlannedTransfer, usedKeysOf } from './transfer-repository.js'
import { readWorkingCalendar } from './working-calendar-repository.js'

/**
 * Lập lượt liên thông: every outbound intent is planned here, in the transaction of the change that it carries and under the
 * dossier's row lock: place in the order, fixed key, frozen body, digest, budget. The database's trigger adds the outbox event.
 */
export interface TransferIntent {
  readonly body: TransferBody
  readonly mode: Exclude<RouteMode, 'OBSERVE'>
}

export interface PlanContext {
  readonly dossierId: string
  readonly dossierCode: string
  readonly dossierVersion: number
  readonly dueAt: Date
  readonly now: Date
  readonly calendar: WorkingCalendar
  readonly correlationId: string
  /** Who caused the change, for the audit entry when a refused transfer gives its place to a newer version. */
  readonly causedBy: string
  /** Made in this very transaction: no transfer of it is older. */
  readonly isNew?: boolean
}

export const planTransfers = async (tx: Tx, context: PlanContext, intents: readonly TransferIntent[]): Promise<void> => {
  const { dossierId, dossierCode, dossierVersion, dueAt, correlationId, isNew } = context
  const cause = { actor: context.causedBy, role: 'SOURCE', reason: NEWER_VERSION }
  for (const { body, mode } of intents) {
    const { operation } = body
    await insertTransfer(
      tx,
      {
        dossierId,
        systemId: systemOf(operation),
        operation,
        idempotencyKey: idempotencyKeyOf(dossierCode, operation, dossierVersion),
        dossierVersion,
        body,
        digest: digestBody(body),
        digestVersion: DIGEST_VERSION,
        mode,
        dueAt,
        budgetUntil: budgetOf(dueAt, context.now, context.calendar),
        correlationId,
      },
      isNew ? undefined : await takePlace(tx, { dossierId, dossierVersion, cause }, operation, mode),
    )
  }
}

/**
 * What reconciliation tells a system once more, behind all that was ever planned for it: each under a key of its own, for it is a sending of its own. The caller has
 * made sure that nothing of the dossier is under way there, and audits. Returns their ids.
 */
export const planRepair = async (
  tx: Tx,
  { dossierId, dossierCode, dossierVersion, dueAt, now, correlationId }: Omit<PlanContext, 'causedBy' | 'calendar'>,
  bodies: readonly TransferBody[],
): Promise<string[]> => {
  const calendar = await readWorkingCalendar(tx)
  const ids: string[] = []
  for (const body of bodies) {
    const { operation } = body
    const systemId = systemOf(operation)
    const idempotencyKey = unusedKeyOf(dossierCode, operation, dossierVersion, await usedKeysOf(tx, dossierId, systemId))
    const digest = digestBody(body)
    const what = {
      dossierId,
      systemId,
      operation,
      idempotencyKey,
      dossierVersion,
      body,
      digest,
      digestVersion: DIGEST_VERSION,
      correlationId,
    }
    ids.push(await insertTransfer(tx, { ...what, mode: 'LIVE', dueAt, budgetUntil: budgetOf(dueAt, now, calendar) }))
  }
  return ids
}

const budgetOf = (dueAt: Date, now: Date, calendar: WorkingCalendar): Date => {
  const twoDays = calendar.addWorkingDays(now, MIN_BUDGET_WORKING_DAYS)
  return dueAt > twoDays ? dueAt : twoDays
}

/** A transfer that a person's act has put in the place of another. */
export interface Replacement {
  readonly id: string
  readonly idempotencyKey: string
  readonly digest: string
}

/**
 * A sending in the place of an adoption that found nothing over there: the same body and digest, under a key of its own, since the
 * adoption keeps its own for the record. A person's decision; the caller holds the dossier's lock and the adoption's, and writes the audit.
 */
export const planSendingInPlace = async (tx: Tx, adoption: TransferFacts): Promise<Replacement> => {
  const frozen = await readFrozen(tx, adoption.id)
  await supersede(tx, adoption.id)
  return replace(tx, adoption, frozen, { ...frozen, mode: 'LIVE' }, { sequence: adoption.sequence, supersedesId: adoption.id })
}

/**
 * A transfer with the dossier's present content, or what a person has amended of it, in the place of one that never arrived. A person's decision; the caller holds the dossier's lock and the
 * old one's, and audits the act; what gives way with it is audited here.
 */
export const planPresentInPlace = async (
  tx: Tx,
  old: TransferFacts,
  frozen: FrozenTransfer,
  { body, dueAt, cause, amended }: Pick<PlannedTransfer, 'body' | 'dueAt' | 'amended'> & { readonly cause: NewerVersion['cause'] },
): Promise<Replacement> => {
  const { dossierVersion } = body
  const perhapsSentAs = (await mustBeInquired(tx, old.id)) ? old.id : undefined
  const place = await takePlaceOf(tx, { dossierId: old.dossierId, dossierVersion, cause }, old, frozen.mode)
  const digest = digestBody(body)
  return replace(
    tx,
    old,
    frozen,
    { body, digest, digestVersion: DIGEST_VERSION, dossierVersion, mode: frozen.mode, dueAt, perhapsSentAs, amended },
    place,
  )
}

type Renewed = Pick<
  PlannedTransfer,
  'body' | 'digest' | 'digestVersion' | 'dossierVersion' | 'mode' | 'dueAt' | 'perhapsSentAs' | 'amended'
>

/** Goes on waiting since the old one was planned; has a budget of its own. */
const replace = async (
  tx: Tx,
  { dossierId, systemId, operation, now }: TransferFacts,
  { dossierCode, usedKeys, correlationId, createdAt }: FrozenTransfer,
  { body, digest, digestVersion, dossierVersion, mode, dueAt, perhapsSentAs, amended }: Renewed,
  place: Place,
): Promise<Replacement> => {
  const idempotencyKey = unusedKeyOf(dossierCode, operation, dossierVersion, usedKeys)
  const what = { dossierId, systemId, operation, idempotencyKey, dossierVersion, body, digest, digestVersion, mode, dueAt, correlationId }
  const budgetUntil = budgetOf(dueAt, now, await readWorkingCalendar(tx))
  const id = await insertTransfer(tx, { ...what, budgetUntil, waitingSince: createdAt, perhapsSentAs, amended }, place)
  return { id, idempotencyKey, digest }
}
