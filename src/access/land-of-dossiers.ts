import { type Parameters, type Scope, unitInScope } from './scope.js'

/** Thửa đất và giấy chứng nhận that belong together, as the registry tells. Serial numbers are canonical, communes mean today's units. */
export interface Land {
  readonly serialNumbers: readonly string[]
  readonly parcels: readonly { readonly communeCode: string; readonly mapSheetNumber: string; readonly parcelNumber: string }[]
}

/** SQL: the ids of the dossiers that refer to one of these certificates or parcels. */
export const dossierIdsOfLand = (land: Land, parameters: Parameters): string => {
  const serials = parameters.add([...land.serialNumbers])
  const ofParcels = land.parcels.map((parcel) => {
    const place = `r.map_sheet_number = ${parameters.add(parcel.mapSheetNumber)}::text AND r.parcel_number = ${parameters.add(parcel.parcelNumber)}::text`
    const commune: Scope = { communes: [parcel.communeCode] }
    return `UNION SELECT r.dossier_id FROM parcel_reference r WHERE ${place} AND ${unitInScope(commune, 'r.unit_id', parameters)}`
  })
  return `(SELECT c.dossier_id FROM certificate_reference c WHERE c.serial_number = ANY(${serials}::text[]) ${ofParcels.join(' ')})`
}
