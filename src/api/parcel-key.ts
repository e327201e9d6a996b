import { invalidInput } from '../errors.js'
import { COMMUNE_CODE, MAP_SHEET_NUMBER, PARCEL_NUMBER, type TextLimit } from '../model/field-limits.js'
import type { ParcelKey } from '../ports/land-registry.js'

/**
 * Khóa thửa đất như được hiểu: spaces around a part are none of it, and a part of nothing else is none. Throws INVALID_INPUT, before anybody is asked.
 * `place`: of the key in what was sent, with its full stop.
 */
export const readParcelKey = ({ communeCode, mapSheetNumber, parcelNumber }: ParcelKey, place: 'key.' | ''): ParcelKey => ({
  communeCode: readPart(`${place}communeCode`, communeCode, COMMUNE_CODE),
  mapSheetNumber: readPart(`${place}mapSheetNumber`, mapSheetNumber, MAP_SHEET_NUMBER),
  parcelNumber: readPart(`${place}parcelNumber`, parcelNumber, PARCEL_NUMBER),
})

const readPart = (field: string, text: string, { least, most, pattern, message }: TextLimit): string => {
  const part = text.trim()
  if (part.length < least || part.length > most || pattern?.test(part) === false) throw invalidInput('RULE_VIOLATED', field, message)
  return part
}
