import { dossiersOfLands, type Land } from '../access/land-of-dossiers.js'
import { dossierInScope, Parameters, type Scope } from '../access/scope.js'
import type { Sql } from '../platform/database.js'

/** For each land, whether a dossier within the scope refers to it: then whoever handles that has to know whose land it is. */
export const areLandsOfDossiers = async (db: Sql, scope: Scope, lands: readonly Land[]): Promise<boolean[]> => {
  const parameters = new Parameters()
  const inScope = dossierInScope(scope, 'd', parameters)
  const rows = await db.query<{ place: number }>(
    `SELECT DISTINCT l.place FROM (${dossiersOfLands(lands, parameters)}) l JOIN dossier d ON d.id = l.dossier_id WHERE ${inScope}`,
    parameters.values,
  )
  const found = new Set(rows.map(({ place }) => place))
  return lands.map((_land, place) => found.has(place))
}
