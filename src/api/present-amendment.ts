import type { Caller } from '../access/caller.js'
import { maskAddress, maskEmail, maskName, maskNumber, maskText, seesPersonalData } from '../access/masking.js'
import type { FormLine } from '../model/amend-body.js'
import type { Holds } from '../model/body-fields.js'
import { fieldFaultInEnglish, fieldNameInEnglish } from '../model/field-words-english.js'
import type { Language } from '../model/language.js'
import { readInstant } from '../model/read-instant.js'
import { recordedInEnglish } from '../model/recorded-english.js'
import type { AmendmentLine, ComparedDifference } from '../operator/amendment-reads.js'
import type { AmendmentDifference, AmendmentField } from './amendment.type.js'
import { formatInstant } from './scalars.js'

/** Whether values of persons are shown, whose dossier it is, and in which language. */
export interface ShownTo {
  readonly clear: boolean
  readonly applicantName: string
  readonly language: Language
}

export const shownTo = (caller: Caller, applicantName: string, language: Language): ShownTo => ({
  clear: seesPersonalData(caller),
  applicantName,
  language,
})

const nameIn = (name: string, { language }: ShownTo): string => (language === 'en' ? fieldNameInEnglish(name) : name)

/** What the adapter finds may name its field in brackets behind its sentence. */
const faultInEnglish = (message: string): string => {
  const known = fieldFaultInEnglish(message)
  if (known !== undefined) return known
  const told = recordedInEnglish(message)
  const [, sentence, field] = told === message ? (/^(.*) (\([^()]*\))\.$/.exec(message) ?? []) : []
  return sentence === undefined ? told : `${recordedInEnglish(`${sentence}.`).replace(/\.$/, '')} ${field}.`
}

export const presentFault = <Fault extends { readonly message: string }>(fault: Fault, language: Language): Fault =>
  language === 'en' ? { ...fault, message: faultInEnglish(fault.message) } : fault

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
  const hint = limit?.message ?? null
  return {
    field: path,
    group: group && nameIn(group, to),
    label: nameIn(label, to),
    kind: field.kind,
    amendable: field.kind !== 'FIXED',
    required: !optional && limit?.least !== 0,
    value,
    sourceValue: shown(line, line.sourceValue, to),
    masked: holdsOf(line) !== undefined && value !== line.value,
    choices:
      field.kind === 'CHOICE' ? Object.entries(field.values).map(([choice, name]) => ({ value: choice, label: nameIn(name, to) })) : [],
    minLength: limit?.least ?? null,
    maxLength: limit?.most ?? (field.kind === 'COUNT' ? field.most : null),
    pattern: limit?.pattern?.source ?? null,
    hint: hint && to.language === 'en' ? faultInEnglish(hint) : hint,
  }
}

export const presentDifference = ({ line, field, before, after, sourceNow }: ComparedDifference, to: ShownTo): AmendmentDifference => ({
  field,
  group: line?.group ? nameIn(line.group, to) : null,
  label: line ? nameIn(line.label, to) : field,
  before: shown(line, before, to),
  after: shown(line, after, to),
  sourceNow: shown(line, sourceNow, to),
  settled: sourceNow === after,
})
