import type { Scope } from '../access/scope.js'
import { Parameters, unitIdsInScope } from '../access/scope.js'
import { ALL_OPERATIONS, type SystemId, systemOf } from '../model/system.js'
import type { TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'

/** Transfers of one system that were planned within the same hour and are in the same state now. */
export interface TransferCountRow {
  readonly hour: Date
  readonly systemId: SystemId
  readonly state: TransferState
  readonly count: number
}

/**
 * How many transfers within the scope were planned in each of the last hours, the running one included, by their present state. Read from the index
 * of the list alone, commune by commune and operation by operation: it costs what these hours hold, however many years there are.
 */
export const countByHour = async (db: Sql, scope: Scope, hours: number): Promise<TransferCountRow[]> => {
  const parameters = new Parameters()
  const units = unitIdsInScope(scope, parameters)
  const operations = parameters.add([...ALL_OPERATIONS])
  const systems = parameters.add(ALL_OPERATIONS.map(systemOf))
  const before = parameters.add(hours - 1)
  return db.query<TransferCountRow>(
    `SELECT date_trunc('hour', part.created_at) AS hour, op.system_id AS "systemId", part.state, count(*)::int AS count
     FROM unnest(ARRAY(${units ?? 'SELECT id FROM administrative_unit'})) AS u(id)
     CROSS JOIN unnest(${operations}::text[], ${systems}::text[]) AS op(operation, system_id)
     CROSS JOIN LATERAL (
       SELECT t.created_at, t.state FROM transfer t
       WHERE t.receiving_unit_id = u.id AND t.operation = op.operation
         AND t.created_at >= date_trunc('hour', app_now()) - make_interval(hours => ${before}::int) OFFSET 0
     ) part
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    parameters.values,
  )
}
