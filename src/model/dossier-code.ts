/**
 * Mã hồ sơ (in land interlinks: số biên nhận): agency identifier, reception day yyMMdd, serial. Both identifier forms are taken,
 * the old `000.00.22.H58` and the short `H58.22`; the serial has at least four digits (more than 9999 a day gives five).
 */
const DOSSIER_CODE = /^(?:\d{3}\.\d{2}\.\d{2}\.)?H\d{2}(?:\.\d{1,3})*-\d{6}-\d{4,6}$/

export const isDossierCode = (text: string): boolean => DOSSIER_CODE.test(text)

/** Mã thủ tục: codes are compared on their first eight characters (`1.012783` of `1.012783.000.00.00.H58`). */
const PROCEDURE_CODE = /^\d\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.H\d{2})?$/

export const isProcedureCode = (text: string): boolean => PROCEDURE_CODE.test(text)
export const procedureKey = (code: string): string => code.slice(0, 8)

/**
 * Số phát hành giấy chứng nhận: ten digits, or one or two letters and digits (`BX 123456`, `CD 12345678`). Canonical is without
 * spaces: spacing is formatting. Null when it is no serial.
 */
export const canonicalSerial = (text: string): string | null => {
  const compact = text.normalize('NFC').toUpperCase().replace(/\s+/g, '')
  return /^\d{10}$/.test(compact) || /^[A-ZĐ]{1,2}\d{6,8}$/.test(compact) ? compact : null
}
