/**
 * Một hàng CSV of history: the columns, and how one becomes a row of the documented form. A cell that is empty says nothing. Lists stand in one cell: parcels as `sheet/number` or
 * `sheet/number/area`, certificates as `serial` or `serial|register number`, each list with `;` between.
 */
export const CSV_COLUMNS = [
  'code',
  'version',
  'origin',
  'procedureCode',
  'communeCode',
  'communeName',
  'channel',
  'applicantKind',
  'applicantName',
  'applicantIdNumber',
  'applicantPhone',
  'applicantEmail',
  'applicantAddress',
  'summary',
  'receivedBy',
  'receivedAt',
  'dueAt',
  'status',
  'statusAt',
  'finishedAt',
  'returnedAt',
  'parcels',
  'certificates',
] as const
/** Of a file of rejected rows, which can be mended and loaded as it is. */
export const REJECTED_COLUMNS = ['dong', 'ly_do'] as const

const OPTIONAL: readonly string[] = [
  'version',
  'communeName',
  'applicantIdNumber',
  'applicantPhone',
  'applicantEmail',
  'applicantAddress',
  'summary',
  'finishedAt',
  'returnedAt',
  'parcels',
  'certificates',
]

/** What is wrong with a first line, a sentence; undefined: nothing. */
export const faultOfHeader = (header: readonly string[]): string | undefined => {
  // Nothing of it is repeated: the database keeps the sentence, and no NUL.
  if (header.some((name) => /[\0\uFFFD]/.test(name))) return 'Dòng đầu không phải là văn bản UTF-8. Hãy lưu tệp dưới dạng CSV UTF-8.'
  const known: readonly string[] = [...CSV_COLUMNS, ...REJECTED_COLUMNS]
  const stranger = header.find((name) => !known.includes(name))
  if (stranger !== undefined) return `Không có cột "${stranger.slice(0, 40)}". Các cột: ${CSV_COLUMNS.join(', ')}.`
  const twice = header.find((name, place) => header.indexOf(name) !== place)
  if (twice !== undefined) return `Cột "${twice}" có hai lần.`
  const missing = CSV_COLUMNS.filter((name) => !header.includes(name) && !OPTIONAL.includes(name))
  return missing.length > 0 ? `Thiếu cột: ${missing.join(', ')}.` : undefined
}

const listOf = (cell: string): string[] =>
  cell
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const parcelOf = (item: string) => {
  const [mapSheetNumber, parcelNumber, areaM2, ...more] = item.split('/').map((part) => part.trim())
  return { mapSheetNumber, parcelNumber, ...(areaM2 !== undefined && { areaM2: [areaM2, ...more].join('/') }) }
}

const certificateOf = (item: string) => {
  const [serialNumber, ...register] = item.split('|').map((part) => part.trim())
  return { serialNumber, ...(register.length > 0 && { registerNumber: register.join('|') }) }
}

export const rowOfCells = (header: readonly string[], cells: readonly string[]): Record<string, unknown> => {
  const told = new Map(header.map((name, place) => [name, (cells[place] ?? '').trim()] as const).filter(([, cell]) => cell !== ''))
  const take = (name: string): string | undefined => {
    const cell = told.get(name)
    told.delete(name)
    return cell
  }
  const applicant = {
    kind: take('applicantKind'),
    fullName: take('applicantName'),
    idNumber: take('applicantIdNumber'),
    phone: take('applicantPhone'),
    email: take('applicantEmail'),
    address: take('applicantAddress'),
  }
  const parcels = listOf(take('parcels') ?? '').map(parcelOf)
  const certificates = listOf(take('certificates') ?? '').map(certificateOf)
  return { ...Object.fromEntries(told), applicant, parcels, certificates }
}
