import { DIGEST_VERSION, digestBody } from '../model/digest.js'
import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import type { RouteMode } from '../model/routing.js'
import { type Operation, systemOf } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { addWorkingDays } from '../model/working-calendar.js'
import type { Tx } from '../platform/database.js'
import { findSupersedable, insertSendingFor, insertTransfer, supersede } from './transfer-repository.js'

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

/** These carry the whole dossier: a newer one makes an older, unsent one pointless and takes its place. */
const WHOLE_DOSSIER: ReadonlySet<Operation> = new Set<Operation>(['RECEIVE', 'REGISTER', 'SYNC_DOSSIER'])

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
        idempotencyKey: `${context.dossierCode}.${operation}.${context.dossierVersion}`,
        dossierVersion: context.dossierVersion,
        body,
        digest: digestBody(body),
        digestVersion: DIGEST_VERSION,
        mode,
        dueAt: context.dueAt,
        budgetUntil,
        correlationId: context.correlationId,
      },
      WHOLE_DOSSIER.has(operation) ? await placeOfUnsent(tx, context, operation, mode) : undefined,
    )
  }
}

/**
 * The place of an older, unsent transfer of the same operation, which is superseded. One that the other side refused leaves its
 * terminal state only by a person: the officer whose new version this is, named in the audit.
 */
const placeOfUnsent = async (
  tx: Tx,
  context: PlanContext,
  operation: Operation,
  mode: TransferIntent['mode'],
): Promise<{ sequence: number; supersedesId: string } | undefined> => {
  const older = await findSupersedable(tx, context.dossierId, operation, mode)
  if (!older) return undefined
  await supersede(tx, older.id)
  if (older.state === 'REJECTED' || older.state === 'EXHAUSTED' || older.state === 'HELD') {
    await tx.orm.auditEntry.create({
      data: {
        actor: context.causedBy,
        role: 'SOURCE',
        act: 'SUPERSEDE',
        transferId: older.id,
        dossierId: context.dossierId,
        reason: 'Có phiên bản hồ sơ mới hơn.',
        before: { state: older.state },
        after: { state: 'SUPERSEDED', dossierVersion: context.dossierVersion },
      },
    })
  }
  return { sequence: older.sequence, supersedesId: older.id }
}

/**
 * A sending in the place of an adoption that found nothing over there: the same body and digest, under a key of its own, since the
 * adoption keeps its own for the record. A person's decision; the caller holds the adoption's row lock and writes the audit. Returns its id.
 */
export const planSendingInPlace = async (tx: Tx, adoptionId: string, now: Date): Promise<string> => {
  await supersede(tx, adoptionId)
  return insertSendingFor(tx, adoptionId, addWorkingDays(now, MIN_BUDGET_WORKING_DAYS))
}
