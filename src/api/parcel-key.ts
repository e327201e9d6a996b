import { invalidInput } from '../errors.js'
import { COMMUNE_CODE, MAP_SHEET_NUMBER, PARCEL_NUMBER, type TextLimit } from '../model/field-limits.js'
import type { ParcelKey } from '../ports/land-registry.js'

/** Khóa thửa đất như được hiểu: spaces around a part are none of it, and a part of nothing else is none. Throws INVALID_INPUT, before anybody is asked. */
export const readParcelKey = ({ communeCode, mapSheetNumber, parcelNumber }: ParcelKey): ParcelKey => ({
  communeCode: readPart('communeCode', communeCode, COMMUNE_CODE),
  mapSheetNumber: readPart('mapSheetNumber', mapSheetNumber, MAP_SHEET_NUMBER),
  parcelNumber: readPart('parcelNumber', parcelNumber, PARCEL_NUMBER),
})

const readPart = (name: keyof ParcelKey, text: string, { least, most, pattern, message }: TextLimit): string => {
  const part = text.trim()
  if (part.length < least || part.length > most || pattern?.test(part) === false)
    throw invalidInput('RULE_VIOLATED', `key.${name}`, message)
  return part
}
