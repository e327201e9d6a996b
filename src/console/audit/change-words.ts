import { useTranslation } from 'react-i18next'
import { useFormats } from '../text/format.js'

/** Where the states of what was acted upon are named, by the end of the act's name; an act on a transfer ends in none of these. */
const STATES = [
  ['_REPLAY_PLAN', 'plan.state'],
  ['_DISCREPANCY_BATCH', 'discrepancy.batch.state'],
  ['_DISCREPANCY', 'discrepancy.states'],
  ['_RECONCILIATION', 'run.states'],
] as const

/** Names of values that hold a code, and where those are named. */
const CODED: Readonly<Record<string, 'transfer.held' | 'discrepancy.classes' | 'discrepancy.repairs' | 'system.name'>> = {
  heldReason: 'transfer.held',
  class: 'discrepancy.classes',
  repair: 'discrepancy.repairs',
  systemId: 'system.name',
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/

/** What the audit keeps of an act, in words: what a value is called, and a value that is a code or an instant. What is not known is shown as it is stored. */
export const useChangeWords = ({ act, transferId }: { readonly act: string; readonly transferId?: string | null }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const wordOf = (place: (typeof STATES)[number][1] | 'transfer.state' | 'auditValue' | (typeof CODED)[string], code: string): string => {
    const words: Readonly<Record<string, string>> = t(place, { returnObjects: true })
    return Object.hasOwn(words, code) ? (words[code] as string) : code
  }
  const states = STATES.find(([ending]) => act.endsWith(ending))?.[1] ?? (transferId ? 'transfer.state' : undefined)
  return {
    nameOf: (name: string): string => wordOf('auditValue', name),
    valueOf: (name: string, value: string | null | undefined): string | null => {
      if (value === null || value === undefined) return null
      if (INSTANT.test(value)) return moment(value)
      const place = name === 'state' ? states : Object.hasOwn(CODED, name) ? CODED[name] : undefined
      return place ? wordOf(place, value) : value
    },
  }
}
