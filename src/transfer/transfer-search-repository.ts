import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import type { Scope } from '../access/scope.js'
import { dossierInScope, Parameters } from '../access/scope.js'
import type { Operation, SystemId } from '../model/system.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, COUNT_LIMIT, orderBy, pageOf, totalCount } from '../platform/keyset.js'
import type { TransferRow } from './transfer-reads-repository.js'
import { TRANSFER_COLUMNS } from './transfer-reads-repository.js'

export interface TransferFilter {
  readonly dossierCode?: string
  readonly systems?: readonly SystemId[]
  readonly states?: readonly TransferState[]
  readonly operations?: readonly Operation[]
  readonly heldReasons?: readonly HeldReason[]
  readonly correlationId?: string
  /** With an open alarm, or without one. */
  readonly atRisk?: boolean
  /** Both bounds inclusive. */
  readonly createdFrom?: Date
  readonly createdTo?: Date
}

/** Newest first: an instant that never changes. */
export const TRANSFER_ORDER: KeysetOrder = { name: 'tc', column: 't.created_at', idColumn: 't.id', direction: 'DESC', idDirection: 'ASC' }

const conditions = (scope: Scope, filter: TransferFilter, parameters: Parameters): string => {
  const parts = [dossierInScope(scope, 'd', parameters)]
  const value = (of: unknown, sql: (placeholder: string) => string): void => {
    if (of !== undefined) parts.push(sql(parameters.add(of)))
  }
  value(filter.dossierCode, (p) => `d.id IN ${dossierIdsOfCode(p)}`)
  value(filter.systems && [...filter.systems], (p) => `t.system_id = ANY(${p}::text[])`)
  value(filter.states && [...filter.states], (p) => `t.state = ANY(${p}::text[])`)
  value(filter.operations && [...filter.operations], (p) => `t.operation = ANY(${p}::text[])`)
  value(filter.heldReasons && [...filter.heldReasons], (p) => `t.held_reason = ANY(${p}::text[])`)
  value(filter.correlationId, (p) => `t.correlation_id = ${p}::text`)
  value(filter.createdFrom?.toISOString(), (p) => `t.created_at >= ${p}::timestamptz`)
  value(filter.createdTo?.toISOString(), (p) => `t.created_at <= ${p}::timestamptz`)
  if (filter.atRisk !== undefined)
    parts.push(`${filter.atRisk ? '' : 'NOT '}EXISTS (SELECT 1 FROM risk_alarm a WHERE a.transfer_id = t.id AND a.cleared_at IS NULL)`)
  return parts.join('\n AND ')
}

export const searchTransfers = async (db: Sql, scope: Scope, filter: TransferFilter, page: PageRequest): Promise<Page<TransferRow>> => {
  const parameters = new Parameters()
  const where = conditions(scope, filter, parameters)
  const after = afterCursor(TRANSFER_ORDER, page.after, (value) => parameters.add(value))
  const rows = await db.query<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE ${where} AND ${after} ORDER BY ${orderBy(TRANSFER_ORDER)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countTransfers = async (db: Sql, scope: Scope, filter: TransferFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const where = conditions(scope, filter, parameters)
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (
       SELECT 1 FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE ${where} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
    parameters.values,
  )
  return totalCount(row?.found ?? 0)
}
