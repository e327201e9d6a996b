import type { Caller } from '../access/caller.js'
import { maskAddress, maskEmail, maskName, maskNumber, maskText, seesPersonalData } from '../access/masking.js'
import type { FormLine } from '../model/amend-body.js'
import type { Holds } from '../model/body-fields.js'
import { readInstant } from '../model/read-instant.js'
import type { AmendmentLine, ComparedDifference } from '../operator/amendment-reads.js'
import type { AmendmentDifference, AmendmentField } from './amendment.type.js'
import { formatInstant } from './scalars.js'

/** Whether values of persons are shown, and whose dossier it is. */
export interface ShownTo {
  readonly clear: boolean
  readonly applicantName: string
}

export const shownTo = (caller: Caller, applicantName: string): ShownTo => ({ clear: seesPersonalData(caller), applicantName })

const holdsOf = ({ field }: FormLine): Holds | undefined => (field.kind === 'TEXT' ? field.holds : undefined)

const MASKS: Readonly<Record<Holds, (text: string, name: string) => string>> = {
  NAME: maskName,
  NUMBER: maskNumber,
  EMAIL: maskEmail,
  ADDRESS: maskAddress,
  TEXT: (text, name) => maskText(text, [name]),
}

/** Instants as officers read them; what names a person masked by what it is. */
const shown = (line: FormLine | undefined, value: string | null, { clear, applicantName }: ShownTo): string | null => {
  if (value === null) return null
  // A line that its body does not have any more may have held anything.
  if (!line) return clear ? value : maskText(value, [applicantName])
  if (line.field.kind === 'INSTANT') {
    const instant = readInstant(value)
    return typeof instant === 'string' ? value : formatInstant(instant)
  }
  const holds = holdsOf(line)
  return holds === undefined || clear ? value : MASKS[holds](value, applicantName)
}

export const presentLine = (line: AmendmentLine, to: ShownTo): AmendmentField => {
  const { path, group, label, field, optional } = line
  const limit = field.kind === 'TEXT' ? field.limit : undefined
  const value = shown(line, line.value, to)
  return {
    field: path,
    group,
    label,
    kind: field.kind,
    amendable: field.kind !== 'FIXED',
    required: !optional && limit?.least !== 0,
    value,
    sourceValue: shown(line, line.sourceValue, to),
    masked: holdsOf(line) !== undefined && value !== line.value,
    choices: field.kind === 'CHOICE' ? Object.entries(field.values).map(([choice, name]) => ({ value: choice, label: name })) : [],
    minLength: limit?.least ?? null,
    maxLength: limit?.most ?? (field.kind === 'COUNT' ? field.most : null),
    pattern: limit?.pattern?.source ?? null,
    hint: limit?.message ?? null,
  }
}

export const presentDifference = ({ line, field, before, after, sourceNow }: ComparedDifference, to: ShownTo): AmendmentDifference => ({
  field,
  group: line?.group ?? null,
  label: line?.label ?? field,
  before: shown(line, before, to),
  after: shown(line, after, to),
  sourceNow: shown(line, sourceNow, to),
  settled: sourceNow === after,
})
