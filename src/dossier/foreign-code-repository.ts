import type { DossierClaim, UnitClaim } from '../model/inbound.js'
import { readForeignCode } from '../model/inbound.js'
import { localDateOf } from '../model/working-calendar.js'
import type { Sql, Tx } from '../platform/database.js'
import type { MappingKind } from '../ports/mappings.js'
import { holdMappings } from '../transfer/mapping-repository.js'

/**
 * A code that nobody had mapped when the message came stands in it as `VILIS:QT-07`. It is looked up again whenever the message is applied,
 * so that loading the mapping is all that is needed; what is still unmapped stays as it is and is refused by that name.
 */
const ourCode = async (sql: Sql, kind: MappingKind, text: string, onDate: string): Promise<string> => {
  const foreign = readForeignCode(text)
  if (!foreign) return text
  const [row] = await sql.query<{ code: string }>(
    `SELECT our_code AS code FROM code_mapping
     WHERE system_id = $1 AND kind = $2 AND foreign_code = $3 AND valid_from <= $4::date AND (valid_to IS NULL OR valid_to >= $4::date)
     ORDER BY valid_from DESC LIMIT 1`,
    [foreign.systemId, kind, foreign.code, onDate],
  )
  // A commune's key is `code@validFrom`: the day says which meaning counts.
  return row?.code.split('@')[0] ?? text
}

/**
 * Before such a claim is applied, and before any row is locked: when its code is still missing it is kept so that a loading which comes
 * after it opens it again. A claim without such a code waits for nobody.
 */
export const holdMappingsFor = async (tx: Tx, claims: readonly DossierClaim[]): Promise<void> => {
  const isForeign = ({ procedureCode, receivingUnit, parcels }: DossierClaim): boolean =>
    [procedureCode, receivingUnit.code, ...parcels.map(({ unit }) => unit.code)].some((code) => readForeignCode(code) !== undefined)
  if (claims.some(isForeign)) await holdMappings(tx)
}

/** The claim with every code that can be mapped by now, on the day of its reception. */
export const mapForeignCodes = async (sql: Sql, claim: DossierClaim): Promise<DossierClaim> => {
  const onDate = localDateOf(new Date(claim.receivedAt))
  const unitOf = async (unit: UnitClaim): Promise<UnitClaim> => ({ ...unit, code: await ourCode(sql, 'COMMUNE', unit.code, onDate) })
  const parcels = []
  for (const parcel of claim.parcels) parcels.push({ ...parcel, unit: await unitOf(parcel.unit) })
  return {
    ...claim,
    procedureCode: await ourCode(sql, 'PROCEDURE', claim.procedureCode, onDate),
    receivingUnit: await unitOf(claim.receivingUnit),
    parcels,
  }
}
