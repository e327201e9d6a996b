/** RFC 4180, with the mark by which spreadsheets know UTF-8; what began with a formula's sign is no formula in the file. */
export const CSV_FORM = { bom: true, record_delimiter: 'windows', escape_formulas: true, header: true } as const
