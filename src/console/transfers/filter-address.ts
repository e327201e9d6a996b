import { leftOutOf, readChosen, readTyped, writeConditions } from '../data/conditions-address.js'
import type { HeldReason, SystemId, TransferFilterInput, TransferOperation, TransferState } from '../generated/graphql.js'

/**
 * The conditions of the list as they stand in the address: what one has found can be kept, sent to a colleague and opened again. Names in the
 * address are short and stable; what cannot be read is left out.
 */
export interface ListFilter {
  readonly text?: string
  readonly code?: string
  readonly applicant?: string
  readonly sheet?: string
  readonly parcel?: string
  readonly serial?: string
  readonly commune?: string
  readonly procedure?: string
  readonly correlation?: string
  /** Nguyên nhân lỗi, by its id. */
  readonly cause?: string
  /** Days in Viet Nam, `yyyy-MM-dd`, both inclusive. */
  readonly from?: string
  readonly to?: string
  /** The same, of the dossier's due date. */
  readonly dueFrom?: string
  readonly dueTo?: string
  readonly risk?: 'yes' | 'no'
  /** Lượt đã chọn, by their ids. */
  readonly id?: readonly string[]
  readonly system: readonly SystemId[]
  readonly state: readonly TransferState[]
  readonly operation: readonly TransferOperation[]
  readonly held: readonly HeldReason[]
}

export const SYSTEMS = ['ONE_STOP', 'VILIS', 'PORTAL'] as const satisfies readonly SystemId[]
export const STATES = [
  'PLANNED',
  'QUEUED',
  'SENDING',
  'WAITING_RETRY',
  'INDETERMINATE',
  'HELD',
  'REJECTED',
  'EXHAUSTED',
  'DELIVERED',
  'ABANDONED',
  'SUPERSEDED',
] as const satisfies readonly TransferState[]
export const OPERATIONS = [
  'RECEIVE',
  'SUPPLEMENT',
  'WITHDRAW',
  'CONFIRM_RETURN',
  'REGISTER',
  'POST_SUPPLEMENT',
  'UPDATE_STATUS',
  'POST_TAX_NOTICES',
  'POST_RESULT',
  'SYNC_DOSSIER',
  'SYNC_PROGRESS',
] as const satisfies readonly TransferOperation[]
export const HELD_REASONS = [
  'MAPPING_MISSING',
  'ATTACHMENT_MISSING',
  'ATTACHMENT_TOO_LARGE',
  'BODY_INVALID',
  'CONFLICT',
  'UNCERTAIN',
  'PREDECESSOR_MISSING',
  'ADOPT_ABSENT',
  'ADOPT_DIFFERS',
  'AWAITING_APPROVAL',
  'AMENDMENT_DECLINED',
] as const satisfies readonly HeldReason[]

export const ATTENTION: readonly TransferState[] = ['HELD', 'REJECTED', 'EXHAUSTED']
export const WAITING: readonly TransferState[] = ['PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE']

const LISTS = { system: SYSTEMS, state: STATES, operation: OPERATIONS, held: HELD_REASONS } as const
const TEXTS = ['text', 'code', 'applicant', 'sheet', 'parcel', 'serial', 'commune', 'procedure', 'correlation', 'cause'] as const
const DAYS = ['from', 'to', 'dueFrom', 'dueTo'] as const

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
/** So many fit into an address that every server takes. */
export const MOST_PICKED = 200

const idsIn = (address: URLSearchParams): string[] =>
  (address.get('id') ?? '')
    .split(',')
    .filter((id) => ID.test(id))
    .slice(0, MOST_PICKED)

export const readFilter = (address: URLSearchParams): ListFilter => {
  const risk = address.get('risk')
  return {
    ...readTyped(address, TEXTS, DAYS),
    ...((risk === 'yes' || risk === 'no') && { risk }),
    ...(idsIn(address).length > 0 && { id: idsIn(address) }),
    system: readChosen(address, 'system', LISTS.system),
    state: readChosen(address, 'state', LISTS.state),
    operation: readChosen(address, 'operation', LISTS.operation),
    held: readChosen(address, 'held', LISTS.held),
  }
}

export const writeFilter = (filter: ListFilter): string =>
  writeConditions(filter, [...TEXTS, ...DAYS, 'risk', 'id', 'system', 'state', 'operation', 'held'])

/** As of any address, and half a parcel, which the gateway is not asked for. */
export const leftOut = (address: URLSearchParams): string[] => {
  const filter = readFilter(address)
  const half = filter.sheet === undefined ? filter.parcel && 'parcel' : filter.parcel === undefined && 'sheet'
  return [...leftOutOf(address, writeFilter(filter)), ...(half ? [half] : [])]
}

/** As it may be kept in a browser that others use as well: without what was typed to find a person. */
export const withoutPersons = ({ text: _text, applicant: _applicant, ...filter }: ListFilter): ListFilter => filter

/** What the gateway is asked. A parcel needs both its numbers: with one alone it is left out. */
export const toFilterInput = (filter: ListFilter): TransferFilterInput => ({
  ...(filter.text && { text: filter.text }),
  ...(filter.code && { dossierCode: filter.code }),
  ...(filter.applicant && { applicant: filter.applicant }),
  ...(filter.serial && { certificateSerial: filter.serial }),
  ...(filter.commune && { commune: /^\d+$/.test(filter.commune) ? { code: filter.commune } : { name: filter.commune } }),
  ...(filter.procedure && { procedureCode: filter.procedure }),
  ...(filter.correlation && { correlationId: filter.correlation }),
  ...(filter.cause && { causes: [filter.cause] }),
  ...(filter.sheet && filter.parcel && { parcel: { mapSheetNumber: filter.sheet, parcelNumber: filter.parcel } }),
  ...(filter.from && { createdFrom: `${filter.from}T00:00:00+07:00` }),
  ...(filter.to && { createdTo: `${filter.to}T23:59:59.999+07:00` }),
  ...(filter.dueFrom && { dueFrom: `${filter.dueFrom}T00:00:00+07:00` }),
  ...(filter.dueTo && { dueTo: `${filter.dueTo}T23:59:59.999+07:00` }),
  ...(filter.id && filter.id.length > 0 && { ids: [...filter.id] }),
  ...(filter.risk && { atRisk: filter.risk === 'yes' }),
  ...(filter.system.length > 0 && { systems: [...filter.system] }),
  ...(filter.state.length > 0 && { states: [...filter.state] }),
  ...(filter.operation.length > 0 && { operations: [...filter.operation] }),
  ...(filter.held.length > 0 && { heldReasons: [...filter.held] }),
})

export const NO_FILTER: ListFilter = { system: [], state: [], operation: [], held: [] }
