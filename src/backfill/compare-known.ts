import type { HistoryDossier } from './history-dossier.js'

/** Hồ sơ đã có, as far as a row of history tells of one. */
export interface KnownDossier {
  readonly origin: string
  readonly procedureCode: string
  readonly unit: string
  readonly channel: string
  readonly summary: string
  readonly receivedBy: string
  readonly receivedAt: Date
  readonly dueAt: Date
  readonly status: string
  readonly finishedAt: Date | null
  readonly returnedAt: Date | null
  readonly applicant: string
  readonly parcels: readonly string[]
  readonly certificates: readonly string[]
}

const joined = (separator: string, parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(separator)
const listed = (items: readonly string[]): string => JSON.stringify([...items].sort())
/** Not every system writes more than seconds. */
const second = (at: Date | string | null | undefined): string => (at ? new Date(at).toISOString().slice(0, 19) : '')

/** The fields, by their names in the form, in which the row says something else than what we have. None: it is there already. */
export const fieldsThatDiffer = (known: KnownDossier, { content, origin, status, finishedAt, returnedAt }: HistoryDossier): string[] => {
  const { applicant, receivingUnit } = content
  const pairs: readonly (readonly [string, string, string])[] = [
    ['origin', known.origin, origin],
    ['procedureCode', known.procedureCode, content.procedureCode],
    ['communeCode', known.unit, `${receivingUnit.code}@${receivingUnit.validFrom}`],
    ['channel', known.channel, content.channel],
    [
      'applicant',
      known.applicant,
      joined('|', [applicant.kind, applicant.fullName, applicant.idNumber, applicant.phone, applicant.email, applicant.address]),
    ],
    ['summary', known.summary, content.summary],
    ['receivedBy', known.receivedBy, content.receivedBy],
    ['receivedAt', second(known.receivedAt), second(content.receivedAt)],
    ['dueAt', second(known.dueAt), second(content.dueAt)],
    ['status', known.status, status],
    ['finishedAt', second(known.finishedAt), second(finishedAt)],
    ['returnedAt', second(known.returnedAt), second(returnedAt)],
    [
      'parcels',
      listed(known.parcels),
      listed(
        content.parcels.map(({ unit, mapSheetNumber, parcelNumber, areaM2, address }) =>
          joined('/', [unit.code, mapSheetNumber, parcelNumber, areaM2, address]),
        ),
      ),
    ],
    [
      'certificates',
      listed(known.certificates),
      listed(content.certificates.map(({ serialNumber, registerNumber }) => joined('|', [serialNumber, registerNumber]))),
    ],
  ]
  return pairs.filter(([, ours, theirs]) => ours !== theirs).map(([field]) => field)
}
