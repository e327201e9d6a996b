import { decideChange } from '../dossier/decide-change.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import { readSnapshot } from '../dossier/dossier-snapshot-repository.js'
import type { DiscrepancyClass } from '../model/discrepancy.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { lowerFirst } from '../model/first-letter.js'
import { type InboundMessage, type InboundPayload, RECONCILED } from '../model/inbound.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'
import { lastAppliedAt } from './our-side-repository.js'

type Reconciled = InboundMessage & { readonly payload: Extract<InboundPayload, { kind: 'STATUS_REPORTED' }> }

export type PlannedHere =
  | { readonly kind: 'PLANNED'; readonly message: InboundMessage }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string }

const refused = (reason: string, message: string): PlannedHere => ({ kind: 'REFUSED', reason, message })

/** Where there is nothing of theirs that could be taken. */
const NOTHING_TO_TAKE: Partial<Record<DiscrepancyClass, PlannedHere>> = {
  MISSING_THERE: refused('NOTHING_THERE', 'Bên kia không có hồ sơ này, nên không có gì để lấy về cổng liên thông.'),
  DUPLICATE_THERE: refused('TWICE_THERE', 'Bên kia giữ mã hồ sơ này nhiều lần: phải bỏ bản thừa ở đó, cổng liên thông không có gì để sửa.'),
  STALE: refused('NOTHING_DIFFERS', 'Hai bên giống nhau, nên không có gì để sửa: hồ sơ đứng yên cần người đang giữ nó xử lý.'),
}

/** Nothing is begun that the inbox would not apply as the dossier stands now: whoever clicks is told why at once, not by a later run that finds the same again. */
export const planRepairHere = async (tx: Tx, row: DiscrepancyRow, correlationId: string): Promise<PlannedHere> => {
  const nothing = NOTHING_TO_TAKE[row.class]
  if (nothing) return nothing
  const there = SYSTEM_IN_SENTENCE[row.systemId]
  const message = await messageOf(tx, row, correlationId, await databaseNow(tx))
  const dossier = message && (await readSnapshot(tx, row.dossierCode))
  if (!message || !dossier)
    return refused(
      'NOT_REPAIRABLE_HERE',
      `Bản ghi đối soát của ${there} không đủ để sửa điều này ở cổng liên thông: cần ${there} báo lại đầy đủ.`,
    )
  const verdict = decideChange(dossier, message.payload, { source: row.systemId, eventAt: message.eventAt })
  if (verdict.kind === 'CHANGE') return { kind: 'PLANNED', message }
  return refused('NOT_APPLICABLE_HERE', `Cổng liên thông không áp dụng được điều ${there} đang có: ${lowerFirst(verdict.reason)}`)
}

/**
 * Sửa ở cổng liên thông: what they hold is taken as told by them, through the inbox like a poll's row: stored once under the discrepancy's own id, applied by the
 * same rules, refused by them too. A record tells a status and a due date in full; of everything else too little to be taken for their word.
 */
const messageOf = async (sql: Sql, row: DiscrepancyRow, correlationId: string, now: Date): Promise<Reconciled | undefined> => {
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

/**
 * When they changed it, where that is told and later than what we have applied of theirs; else the moment at which it was read that it stands so. Never before what
 * was applied of theirs: their clock may be ahead of ours, and what is read now is no late news for that.
 */
const eventAtOf = async (sql: Sql, { dossierId, systemId, theirChangedAt }: DiscrepancyRow, now: Date): Promise<Date> => {
  const last = dossierId === null ? undefined : await lastAppliedAt(sql, dossierId, systemId)
  if (theirChangedAt !== null && (last === undefined || theirChangedAt > last) && theirChangedAt <= now) return theirChangedAt
  return last !== undefined && last > now ? last : now
}
