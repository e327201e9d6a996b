import { readChosen, readTyped, writeConditions } from '../data/conditions-address.js'
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

const TEXTS = ['code', 'commune', 'procedure', 'text', 'run', 'batch'] as const
const DAYS = ['from', 'to'] as const

export const readDiscrepancyAsked = (address: URLSearchParams): DiscrepancyAsked => ({
  ...readTyped(address, TEXTS, DAYS),
  class: readChosen(address, 'class', CLASSES),
  state: readChosen(address, 'state', STATES),
  field: readChosen(address, 'field', FIELDS),
  system: readChosen(address, 'system', SYSTEMS),
})

export const writeDiscrepancyAsked = (asked: DiscrepancyAsked): string =>
  writeConditions(asked, ['class', 'state', 'field', 'system', ...TEXTS, ...DAYS])

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
