import { holdsWords } from '../access/dossier-text.js'
import { Parameters, type Scope, unitInScope } from '../access/scope.js'
import type { ComparedField } from '../model/compared-record.js'
import type { DiscrepancyClass, DiscrepancyState, ProbableCause, ProposedRepair } from '../model/discrepancy.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import {
  afterCursor,
  COUNT_LIMIT,
  type KeysetOrder,
  orderBy,
  type Page,
  type PageRequest,
  pageOf,
  type TotalCount,
  totalCount,
} from '../platform/keyset.js'
import type { DiscrepancyRow } from './discrepancy-repository.js'

/**
 * Sai lệch for whoever shows them: searched, paged, counted, within the communes that the caller may see. `fields` names people where the applicant differs: who
 * shows it masks it. A suspicion is shown only when it is asked for.
 */
export interface ShownDiscrepancy extends DiscrepancyRow {
  readonly communeCode: string
  readonly receivingUnitId: number | null
  /** Local date. */
  readonly receivedOn: string
  readonly ourChangedAt: Date | null
  readonly transferId: string | null
  readonly messageId: string | null
  readonly createdAt: Date
  readonly seenCount: number
  readonly foundRunId: string | null
  readonly repairedBy: string | null
  readonly repairTransferIds: readonly string[]
  readonly repairError: string | null
  readonly ignoredAt: Date | null
  readonly ignoredBy: string | null
  readonly ignoredBecause: string | null
  readonly closedAt: Date | null
  /** For masking: whom a text may name; null: we do not have the dossier. */
  readonly applicantName: string | null
}

export interface DiscrepancyFilter {
  /** Left out: those that are live and more than a suspicion. */
  readonly states?: readonly DiscrepancyState[]
  readonly classes?: readonly DiscrepancyClass[]
  readonly systems?: readonly SystemId[]
  readonly causes?: readonly ProbableCause[]
  readonly proposedRepairs?: readonly ProposedRepair[]
  /** Any of these differs. */
  readonly fields?: readonly ComparedField[]
  /** Beginning of a code. */
  readonly dossierCode?: string
  /** As it was on the day of reception, or that of today for all that passed to it. */
  readonly communeCode?: string
  readonly procedureCode?: string
  /** Local dates, both inclusive. */
  readonly receivedFrom?: string
  readonly receivedTo?: string
  /** It was found, seen, closed or repaired in this run. */
  readonly runId?: string
  /** It is in this batch (`discrepancy_batch`). */
  readonly batchId?: string
  /** Confirmed within. */
  readonly foundFrom?: Date
  readonly foundTo?: Date
  /** Words of the dossier, without diacritics; every one must be found. */
  readonly text?: string
  /** False: the text is not looked for among persons, whom the searcher may not see. */
  readonly textFindsPersons?: boolean
}

/** Newest first. */
export const DISCREPANCY_ORDER: KeysetOrder = {
  name: 'dc',
  column: 'x.created_at',
  idColumn: 'x.id',
  direction: 'DESC',
  idDirection: 'DESC',
}

const SHOWN = `x.id::text, x.class, x.system_id AS "systemId", x.dossier_code AS "dossierCode", x.dossier_id::text AS "dossierId", x.state, x.version, x.fields,
  x.fingerprint, x.our_status AS "ourStatus", x.their_status AS "theirStatus", x.our_changed_at AS "ourChangedAt", x.their_changed_at AS "theirChangedAt",
  x.probable_cause AS "probableCause", x.proposed_repair AS "proposedRepair", x.suspected_at AS "suspectedAt", x.found_at AS "foundAt",
  x.found_run_id::text AS "foundRunId", x.repair, x.repair_count AS "repairCount", x.repaired_at AS "repairedAt", x.repaired_by AS "repairedBy",
  x.repair_run_id::text AS "repairRunId", x.repair_transfer_ids::text[] AS "repairTransferIds", x.repair_error AS "repairError",
  x.ignored_at AS "ignoredAt", x.ignored_by AS "ignoredBy", x.ignored_because AS "ignoredBecause", x.closed_at AS "closedAt",
  x.commune_code AS "communeCode", x.receiving_unit_id AS "receivingUnitId", to_char(x.received_on, 'YYYY-MM-DD') AS "receivedOn",
  x.transfer_id::text AS "transferId", x.message_id::text AS "messageId", x.created_at AS "createdAt", x.seen_at AS "seenAt",
  x.seen_count AS "seenCount", x.last_act AS "lastAct", x.last_act_by AS "lastActBy", x.last_act_at AS "lastActAt",
  (SELECT p.full_name FROM dossier d JOIN party p ON p.id = d.applicant_id WHERE d.id = x.dossier_id) AS "applicantName"`

const conditionsOf = (filter: DiscrepancyFilter, scope: Scope, parameters: Parameters): string => {
  const conditions = [
    unitInScope(scope, 'x.receiving_unit_id', parameters),
    `x.state = ANY(${parameters.add([...(filter.states ?? ['OPEN', 'REPAIRING', 'IGNORED'])])}::text[])`,
  ]
  const among = (column: string, values: readonly string[] | undefined): void => {
    if (values !== undefined) conditions.push(`${column} = ANY(${parameters.add([...values])}::text[])`)
  }
  among('x.class', filter.classes)
  among('x.system_id', filter.systems)
  among('x.probable_cause', filter.causes)
  among('x.proposed_repair', filter.proposedRepairs)
  if (filter.dossierCode !== undefined) conditions.push(`starts_with(x.dossier_code, ${parameters.add(filter.dossierCode)})`)
  if (filter.communeCode !== undefined)
    conditions.push(
      `(x.commune_code = ${parameters.add(filter.communeCode)} OR ${unitInScope({ communes: [filter.communeCode] }, 'x.receiving_unit_id', parameters)})`,
    )
  if (filter.receivedFrom !== undefined) conditions.push(`x.received_on >= ${parameters.add(filter.receivedFrom)}::date`)
  if (filter.receivedTo !== undefined) conditions.push(`x.received_on <= ${parameters.add(filter.receivedTo)}::date`)
  if (filter.runId !== undefined) {
    const run = `${parameters.add(filter.runId)}::uuid`
    conditions.push(`${run} IN (x.found_run_id, x.seen_run_id, x.closed_run_id, x.repair_run_id)`)
  }
  if (filter.batchId !== undefined)
    conditions.push(
      `x.id IN (SELECT r.discrepancy_id FROM discrepancy_batch_row r WHERE r.batch_id = ${parameters.add(filter.batchId)}::uuid)`,
    )
  if (filter.fields !== undefined)
    conditions.push(
      `EXISTS (SELECT 1 FROM jsonb_array_elements(x.fields) f WHERE f->>'field' = ANY(${parameters.add([...filter.fields])}::text[]))`,
    )
  if (filter.procedureCode !== undefined)
    conditions.push(
      `EXISTS (SELECT 1 FROM dossier d WHERE d.id = x.dossier_id AND d.procedure_code = ${parameters.add(filter.procedureCode)}::text)`,
    )
  if (filter.foundFrom !== undefined) conditions.push(`x.found_at >= ${parameters.add(filter.foundFrom.toISOString())}::timestamptz`)
  if (filter.foundTo !== undefined) conditions.push(`x.found_at <= ${parameters.add(filter.foundTo.toISOString())}::timestamptz`)
  const words = holdsWords({ text: filter.text, findsPersons: filter.textFindsPersons ?? false }, parameters)
  if (words) conditions.push(`EXISTS (SELECT 1 FROM dossier_search s WHERE s.dossier_id = x.dossier_id AND ${words.holds})`)
  return conditions.join(' AND ')
}

export const searchDiscrepancies = async (
  sql: Sql,
  filter: DiscrepancyFilter,
  scope: Scope,
  page: PageRequest,
): Promise<Page<ShownDiscrepancy>> => {
  const parameters = new Parameters()
  const where = conditionsOf(filter, scope, parameters)
  const after = afterCursor(DISCREPANCY_ORDER, page.after, (value) => parameters.add(value))
  const rows = await sql.query<ShownDiscrepancy>(
    `SELECT ${SHOWN} FROM discrepancy x WHERE ${where} AND ${after} ORDER BY ${orderBy(DISCREPANCY_ORDER)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countDiscrepancies = async (sql: Sql, filter: DiscrepancyFilter, scope: Scope): Promise<TotalCount> => {
  const parameters = new Parameters()
  const [row] = await sql.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (
       SELECT 1 FROM discrepancy x WHERE ${conditionsOf(filter, scope, parameters)} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
    parameters.values,
  )
  return totalCount(row?.found ?? 0)
}

/** Undefined: there is none, or none that the caller may see. */
export const showDiscrepancy = async (sql: Sql, id: string, scope: Scope): Promise<ShownDiscrepancy | undefined> => {
  const parameters = new Parameters()
  const where = `x.id = ${parameters.add(id)}::uuid AND ${unitInScope(scope, 'x.receiving_unit_id', parameters)}`
  return (await sql.query<ShownDiscrepancy>(`SELECT ${SHOWN} FROM discrepancy x WHERE ${where}`, parameters.values))[0]
}

/** Live and more than a suspicion, of these dossiers, the newest first. Whoever asks may see the dossiers. */
export const openOfDossiers = (sql: Sql, dossierIds: readonly string[]): Promise<ShownDiscrepancy[]> =>
  sql.query<ShownDiscrepancy>(
    `SELECT ${SHOWN} FROM discrepancy x WHERE x.dossier_id = ANY($1::uuid[]) AND x.state IN ('OPEN', 'REPAIRING', 'IGNORED')
     ORDER BY ${orderBy(DISCREPANCY_ORDER)}`,
    [[...dossierIds]],
  )

/** The first of all that match, by their ids: what a bulk act freezes or foresees. */
export const matchingDiscrepancies = (
  sql: Sql,
  filter: DiscrepancyFilter,
  scope: Scope,
  most: number,
): Promise<{ id: string; version: number; class: DiscrepancyClass; systemId: SystemId }[]> => {
  const parameters = new Parameters()
  return sql.query(
    `SELECT x.id::text, x.version, x.class, x.system_id AS "systemId" FROM discrepancy x
     WHERE ${conditionsOf(filter, scope, parameters)} ORDER BY x.id LIMIT ${most}`,
    parameters.values,
  )
}
