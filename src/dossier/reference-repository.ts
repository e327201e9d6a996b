import type { Sql } from '../platform/database.js'
import { readWorkingCalendar } from '../transfer/working-calendar-repository.js'
import type { ReferenceData } from './reference-data.js'

/** Units, procedures, routing rules and the working calendar, all of them: some hundred rows. */
export const readReferenceData = async (sql: Sql): Promise<ReferenceData> => {
  const units = await sql.query<ReferenceData['units'][number]>(
    `SELECT id, code, name, valid_from::text AS "validFrom", valid_to::text AS "validTo", successor_code AS "successorCode" FROM administrative_unit`,
  )
  const procedures = await sql.query<{ code: string; name: string; landRegistration: boolean }>(
    `SELECT code, name, land_registration AS "landRegistration" FROM procedure`,
  )
  const routing = await sql.query<ReferenceData['routing'][number]>(
    `SELECT event, origin, procedure, operation, mode, valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM routing_rule`,
  )
  return { units, routing, calendar: await readWorkingCalendar(sql), procedures: new Map(procedures.map((row) => [row.code, row])) }
}
