import { dossierIdsOfLand, type Land } from '../access/land-of-dossiers.js'
import { dossierInScope, Parameters, type Scope } from '../access/scope.js'
import type { Sql } from '../platform/database.js'

/** Whether a dossier within the scope refers to this land: then whoever handles it has to know whose land it is. */
export const isLandOfDossiers = async (db: Sql, scope: Scope, land: Land): Promise<boolean> => {
  const parameters = new Parameters()
  const inScope = dossierInScope(scope, 'd', parameters)
  const [row] = await db.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM dossier d WHERE d.id IN ${dossierIdsOfLand(land, parameters)} AND ${inScope}) AS found`,
    parameters.values,
  )
  return row?.found ?? false
}
