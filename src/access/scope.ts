import type { Caller } from './caller.js'

/**
 * Phạm vi địa bàn: which dossiers exist for a caller, as a condition that the database applies. An officer sees the dossiers that
 * their communes received. A commune code in a token means the unit that bears it today; codes were re-used in 2025, so the
 * condition starts from the units in force and follows the successor links back: the officer of the new An Thạnh Thủy sees what
 * the old Bình Phan received, because that unit passed to theirs, not because it once had the same code.
 */
export interface Scope {
  /** Null: no bound on communes (the role's permissions and masking still apply). */
  readonly communes: readonly string[] | null
}

/** For a visitor no list and no node holds anything: what it may look up is found by its check alone. */
export const scopeOf = ({ role, communes }: Caller): Scope => ({ communes: role === 'OFFICER' || role === 'VISITOR' ? communes : null })

/** Collects positional parameters while a statement is written; `add` answers the placeholder. Casts are the writer's. */
export class Parameters {
  readonly values: unknown[] = []

  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** SQL: the local date of the database's clock. */
export const LOCAL_TODAY = `(app_now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`

/** SQL: the units that the codes in `placeholder` (text[]) stand for today, with all that passed to them: `id`, and as `today` the code of these. */
export const unitsOfToday = (placeholder: string): string => `
  WITH RECURSIVE visible AS (
    SELECT u.code AS today, u.id, u.code, u.valid_from, u.valid_to FROM administrative_unit u
    WHERE u.code = ANY(${placeholder}::text[]) AND u.valid_from <= ${LOCAL_TODAY} AND (u.valid_to IS NULL OR u.valid_to >= ${LOCAL_TODAY})
    UNION
    SELECT v.today, p.id, p.code, p.valid_from, p.valid_to FROM administrative_unit p JOIN visible v
      ON p.successor_code = v.code AND p.valid_to + 1 >= v.valid_from AND (v.valid_to IS NULL OR v.valid_to >= p.valid_to + 1)
  ) SELECT id, today FROM visible`

/** SQL: the ids of the units within the scope. Null: there is no bound. */
export const unitIdsInScope = (scope: Scope, parameters: Parameters): string | null =>
  scope.communes === null ? null : `SELECT id FROM (${unitsOfToday(parameters.add([...scope.communes]))}) mine`

/** Condition on a column that holds an administrative unit's id. `TRUE` for a caller without a bound. */
export const unitInScope = (scope: Scope, column: string, parameters: Parameters): string => {
  const ids = unitIdsInScope(scope, parameters)
  return ids === null ? 'TRUE' : `${column} = ANY(ARRAY(${ids}))`
}

/** Condition on a dossier's row: `alias` names the `dossier` table in the statement. */
export const dossierInScope = (scope: Scope, alias: string, parameters: Parameters): string =>
  unitInScope(scope, `${alias}.receiving_unit_id`, parameters)
