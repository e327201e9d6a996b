import { maskName, maskNumber } from '../access/masking.js'
import type { ComparedRecord } from '../model/compared-record.js'
import {
  type DiscrepancyField,
  describeComparedField,
  describeDiscrepancyClass,
  describeDiscrepancyState,
  describeProbableCause,
  describeProposedRepair,
  type FieldValue,
} from '../model/discrepancy.js'
import { type DossierStatus, describeStatus } from '../model/dossier-status.js'
import type { InEach, Language } from '../model/language.js'
import { describeInstant } from '../model/working-calendar.js'
import type { ShownDiscrepancy } from '../reconciliation/discrepancy-search-repository.js'
import { MACHINE } from '../reconciliation/run-repository.js'
import type { Discrepancy, DiscrepancyValues } from './discrepancy.type.js'

/** What of a discrepancy one caller is shown: persons masked where he need not see them, each value as lines that people read. */
export interface ShownTo {
  /** The caller sees personal data. */
  readonly clear: boolean
  /** Masks what somebody wrote about a dossier of these persons. */
  readonly text: (of: string, applicantName: string) => string
  readonly language: Language
  /** A recorded sentence in that language. */
  readonly recorded: (of: string | null) => string | null
}

/** Whom nobody ordered to. */
const BY_ITSELF: InEach<string> = { vi: 'Đối soát tự động', en: 'The reconciliation by itself' }

/** Tiểu mục of the state's budget. */
const BUDGET_ITEM: InEach<string> = { vi: 'tiểu mục', en: 'budget item' }

type Applicant = NonNullable<ComparedRecord['applicant']>
type Lists = NonNullable<ComparedRecord['parcels'] | ComparedRecord['documents'] | ComparedRecord['amounts']>

const applicantLine = ({ name, idNumber }: Applicant, clear: boolean): string => {
  const shown = clear ? [name, idNumber] : [maskName(name), idNumber && maskNumber(idNumber)]
  return shown.filter(Boolean).join(', ')
}

/** Of a digest what tells two papers of one name apart. */
const DIGEST_SHOWN = 12

/** Whom a text about it may name: the applicant as each side knows him. */
const namesOf = (row: ShownDiscrepancy): string[] => {
  const told = row.fields.flatMap(({ field, ours, theirs }) => (field === 'APPLICANT' ? [ours, theirs] : [])) as (Applicant | undefined)[]
  return [...new Set([row.applicantName ?? '', ...told.flatMap((applicant) => (applicant ? [applicant.name] : []))])]
}

const masked = (of: string, names: readonly string[], { text }: ShownTo): string => names.reduce((said, name) => text(said, name), of)

const linesOf = ({ field }: DiscrepancyField, value: FieldValue | undefined, to: ShownTo, names: readonly string[]): string[] | null => {
  if (value === undefined) return null
  switch (field) {
    case 'STATUS':
      return [describeStatus(value as DossierStatus)[to.language]]
    case 'DUE_DATE':
      return [describeInstant(new Date(value as string), to.language)]
    case 'APPLICANT':
      return [applicantLine(value as Applicant, to.clear)]
    default:
      return (value as Lists).map((item) => {
        if ('parcelNumber' in item) return `${item.mapSheetNumber}/${item.parcelNumber}`
        if ('sha256' in item) return `${masked(item.name, names, to)} (${item.sha256.slice(0, DIGEST_SHOWN)})`
        return `${item.notice}, ${BUDGET_ITEM[to.language]} ${item.item}: ${item.amount}`
      })
  }
}

export const showDiscrepancyTo = (row: ShownDiscrepancy, to: ShownTo): Discrepancy => {
  const names = namesOf(row)
  const { language } = to
  return {
    ...row,
    classLabel: describeDiscrepancyClass(row.class)[language],
    stateLabel: describeDiscrepancyState(row.state, language),
    causeLabel: describeProbableCause(row.probableCause, language),
    repairLabel: describeProposedRepair(row.proposedRepair, language),
    fields: row.fields.map(
      (one): DiscrepancyValues => ({
        field: one.field,
        label: describeComparedField(one.field, language),
        ours: linesOf(one, one.ours, to, names),
        theirs: linesOf(one, one.theirs, to, names),
      }),
    ),
    repairedBy: row.repairedBy === MACHINE ? BY_ITSELF[language] : row.repairedBy,
    repairError: to.recorded(row.repairError && masked(row.repairError, names, to)),
    ignoredBecause: row.ignoredBecause && masked(row.ignoredBecause, names, to),
  }
}
