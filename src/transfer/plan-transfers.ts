import { DIGEST_VERSION, digestBody } from '../model/digest.js'
import { idempotencyKeyOf } from '../model/idempotency-key.js'
import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import type { RouteMode } from '../model/routing.js'
import { systemOf } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { addWorkingDays } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import { supersede } from './superseding-repository.js'
import { takePlace } from './take-place.js'
import { insertSendingFor, insertTransfer } from './transfer-repository.js'

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
  readonly correlationId: string
  /** Who caused the change, for the audit entry when a refused transfer gives its place to a newer version. */
  readonly causedBy: string
}

export const planTransfers = async (tx: Tx, context: PlanContext, intents: readonly TransferIntent[]): Promise<void> => {
  const twoDays = addWorkingDays(context.now, MIN_BUDGET_WORKING_DAYS)
  const budgetUntil = context.dueAt > twoDays ? context.dueAt : twoDays
  for (const { body, mode } of intents) {
    const { operation } = body
    await insertTransfer(
      tx,
      {
        dossierId: context.dossierId,
        systemId: systemOf(operation),
        operation,
        idempotencyKey: idempotencyKeyOf(context.dossierCode, operation, context.dossierVersion),
        dossierVersion: context.dossierVersion,
        body,
        digest: digestBody(body),
        digestVersion: DIGEST_VERSION,
        mode,
        dueAt: context.dueAt,
        budgetUntil,
        correlationId: context.correlationId,
      },
      await takePlace(tx, context, operation, mode),
    )
  }
}

/**
 * A sending in the place of an adoption that found nothing over there: the same body and digest, under a key of its own, since the
 * adoption keeps its own for the record. A person's decision; the caller holds the adoption's row lock and writes the audit. Returns its id.
 */
export const planSendingInPlace = async (tx: Tx, adoptionId: string, now: Date): Promise<string> => {
  await supersede(tx, adoptionId)
  return insertSendingFor(tx, adoptionId, addWorkingDays(now, MIN_BUDGET_WORKING_DAYS))
}
