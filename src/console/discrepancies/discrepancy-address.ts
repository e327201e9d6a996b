import type { ComparedField, DiscrepancyClass, DiscrepancyFilterInput, DiscrepancyState, SystemId } from '../generated/graphql.js'
import { SYSTEMS } from '../transfers/filter-address.js'

export const CLASSES = [
  'MISSING_THERE',
  'MISSING_HERE',
  'DIFFERS',
  'DUPLICATE_THERE',
  'STALE',
  'RESULT_NOT_RETURNED',
  'LATE_APPLIED',
] as const satisfies readonly DiscrepancyClass[]
export const STATES = ['SUSPECTED', 'OPEN', 'REPAIRING', 'IGNORED', 'VERIFIED', 'GONE'] as const satisfies readonly DiscrepancyState[]
export const FIELDS = ['STATUS', 'DUE_DATE', 'APPLICANT', 'PARCELS', 'DOCUMENTS', 'AMOUNTS'] as const satisfies readonly ComparedField[]

/** The conditions of the list as they stand in the address. */
export interface DiscrepancyAsked {
  readonly class: readonly DiscrepancyClass[]
  readonly state: readonly DiscrepancyState[]
  readonly field: readonly ComparedField[]
  readonly system: readonly SystemId[]
  readonly code?: string
  readonly commune?: string
  readonly procedure?: string
  readonly text?: string
  readonly run?: string
  readonly batch?: string
  readonly from?: string
  readonly to?: string
}

export const NOTHING_ASKED: DiscrepancyAsked = { class: [], state: [], field: [], system: [] }

const LISTS = { class: CLASSES, state: STATES, field: FIELDS, system: SYSTEMS } as const
const TEXTS = ['code', 'commune', 'procedure', 'text', 'run', 'batch'] as const
const DAYS = ['from', 'to'] as const
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

export const readDiscrepancyAsked = (address: URLSearchParams): DiscrepancyAsked => {
  const lists = Object.entries(LISTS).map(([key, known]) => {
    const given = (address.get(key) ?? '').split(',')
    return [key, (known as readonly string[]).filter((one) => given.includes(one))] as const
  })
  const texts = TEXTS.flatMap((key) => {
    const value = address.get(key)?.trim()
    return value ? [[key, value] as const] : []
  })
  const days = DAYS.flatMap((key) => {
    const value = address.get(key) ?? ''
    return isDay(value) ? [[key, value] as const] : []
  })
  return { ...NOTHING_ASKED, ...Object.fromEntries([...lists, ...texts, ...days]) }
}

export const writeDiscrepancyAsked = (asked: DiscrepancyAsked): string => {
  const address = new URLSearchParams()
  for (const key of Object.keys(LISTS) as (keyof typeof LISTS)[]) if (asked[key].length > 0) address.set(key, asked[key].join(','))
  for (const key of [...TEXTS, ...DAYS]) {
    const value = asked[key]?.trim()
    if (value) address.set(key, value)
  }
  return address.toString().replaceAll('%2C', ',')
}

export const toDiscrepancyFilter = (asked: DiscrepancyAsked): DiscrepancyFilterInput => ({
  ...(asked.class.length > 0 && { classes: [...asked.class] }),
  ...(asked.state.length > 0 && { states: [...asked.state] }),
  ...(asked.field.length > 0 && { fields: [...asked.field] }),
  ...(asked.system.length > 0 && { systems: [...asked.system] }),
  ...(asked.code && { dossierCode: asked.code }),
  ...(asked.commune && { communeCode: asked.commune }),
  ...(asked.procedure && { procedureCode: asked.procedure }),
  ...(asked.text && { text: asked.text }),
  ...(asked.run && { runId: asked.run }),
  ...(asked.batch && { batchId: asked.batch }),
  ...(asked.from && { receivedFrom: asked.from }),
  ...(asked.to && { receivedTo: asked.to }),
})
