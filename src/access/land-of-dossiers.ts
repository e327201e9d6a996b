import { type Parameters, unitsOfToday } from './scope.js'

/** Thửa đất và giấy chứng nhận that belong together, as the registry tells. Serial numbers are canonical, communes mean today's units. */
export interface Land {
  readonly serialNumbers: readonly string[]
  readonly parcels: readonly { readonly communeCode: string; readonly mapSheetNumber: string; readonly parcelNumber: string }[]
}

/** SQL: `place` (where in `lands` it stands) and `dossier_id` of each dossier that refers to one of its certificates or parcels. */
export const dossiersOfLands = (lands: readonly Land[], parameters: Parameters): string => {
  const serials = lands.flatMap(({ serialNumbers }, place) => serialNumbers.map((serial) => ({ place, serial })))
  const parcels = lands.flatMap((land, place) => land.parcels.map((parcel) => ({ place, ...parcel })))
  const communes = parameters.add([...new Set(parcels.map(({ communeCode }) => communeCode))])
  return `
    SELECT w.place, c.dossier_id FROM jsonb_to_recordset(${parameters.add(JSON.stringify(serials))}::jsonb) AS w (place int, serial text)
    JOIN certificate_reference c ON c.serial_number = w.serial
    UNION ALL
    SELECT w.place, r.dossier_id FROM jsonb_to_recordset(${parameters.add(JSON.stringify(parcels))}::jsonb)
      AS w (place int, "communeCode" text, "mapSheetNumber" text, "parcelNumber" text)
    JOIN (${unitsOfToday(communes)}) u ON u.today = w."communeCode"
    JOIN parcel_reference r ON r.unit_id = u.id AND r.map_sheet_number = w."mapSheetNumber" AND r.parcel_number = w."parcelNumber"`
}
