import type { DossierStatus } from '../model/dossier-status.js'
import { type InboundMessage, RECONCILED } from '../model/inbound.js'
import type { Sql } from '../platform/database.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'
import { lastAppliedAt } from './our-side-repository.js'

/**
 * Sửa ở cổng liên thông: what they hold is taken as told by them, through the inbox like a poll's row: stored once under the discrepancy's own id, applied by the
 * same rules, refused by them too. A record tells a status and a due date in full; of everything else too little to be taken for their word.
 */
export const messageOf = async (sql: Sql, row: DiscrepancyRow, correlationId: string, now: Date): Promise<InboundMessage | undefined> => {
  const told = new Map(row.fields.map(({ field, theirs }) => [field, theirs]))
  const status = (told.get('STATUS') ?? row.ourStatus) as DossierStatus | null
  const dueAt = told.get('DUE_DATE') as string | undefined
  const isWhole = row.fields.length > 0 && row.fields.every(({ field, theirs }) => theirs !== undefined && TAKEN.includes(field))
  if (!isWhole || status === null || row.dossierId === null) return undefined
  const payload = {
    kind: 'STATUS_REPORTED' as const,
    status,
    ...(dueAt !== undefined && { dueAt: new Date(dueAt).toISOString() }),
    note: 'Theo kết quả đối soát.',
    documents: [],
  }
  return {
    source: row.systemId,
    channel: 'POLL',
    operation: RECONCILED,
    externalEventId: `${RECONCILED}-${row.id}-${row.repairCount}`,
    dossierCode: row.dossierCode,
    eventAt: (await eventAtOf(sql, row, now)).toISOString(),
    payload,
    raw: JSON.stringify({ [RECONCILED]: payload }),
    correlationId,
  }
}

const TAKEN: readonly string[] = ['STATUS', 'DUE_DATE']

/** When they changed it, where that is told and later than what we have applied of theirs; else the moment at which it was read that it stands so. */
const eventAtOf = async (sql: Sql, { dossierId, systemId, theirChangedAt }: DiscrepancyRow, now: Date): Promise<Date> => {
  const last = dossierId === null ? undefined : await lastAppliedAt(sql, dossierId, systemId)
  return theirChangedAt !== null && (last === undefined || theirChangedAt > last) && theirChangedAt <= now ? theirChangedAt : now
}
