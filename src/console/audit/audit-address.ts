import { readTyped, writeConditions } from '../data/conditions-address.js'
import type { AuditFilterInput, SystemId } from '../generated/graphql.js'
import { SYSTEMS } from '../transfers/filter-address.js'

/** The conditions of the audit as they stand in the address. Days are days in Viet Nam, both inclusive. */
export interface AuditAsked {
  readonly actor?: string
  readonly act: readonly string[]
  readonly code?: string
  readonly transfer?: string
  readonly plan?: string
  readonly cause?: string
  readonly text?: string
  readonly system?: SystemId
  readonly from?: string
  readonly to?: string
}

const TEXTS = ['actor', 'code', 'transfer', 'plan', 'cause', 'text'] as const
const DAYS = ['from', 'to'] as const

export const readAsked = (address: URLSearchParams): AuditAsked => {
  const system = SYSTEMS.find((one) => one === address.get('system'))
  const act = (address.get('act') ?? '').split(',').filter((one) => /^[A-Z_]{1,40}$/.test(one))
  return { ...readTyped(address, TEXTS, DAYS), act, ...(system && { system }) }
}

export const writeAsked = (asked: AuditAsked): string => writeConditions(asked, [...TEXTS, 'system', ...DAYS, 'act'])

export const toAuditFilter = (asked: AuditAsked): AuditFilterInput => ({
  ...(asked.actor && { actor: asked.actor }),
  ...(asked.act.length > 0 && { acts: [...asked.act] }),
  ...(asked.code && { dossierCode: asked.code }),
  ...(asked.transfer && { transferId: asked.transfer }),
  ...(asked.plan && { planId: asked.plan }),
  ...(asked.cause && { causeId: asked.cause }),
  ...(asked.text && { text: asked.text }),
  ...(asked.system && { systemId: asked.system }),
  ...(asked.from && { from: `${asked.from}T00:00:00+07:00` }),
  ...(asked.to && { to: `${asked.to}T23:59:59.999+07:00` }),
})

/** The same filter as the export reads it: the names of `AuditFilterInput`. */
export const exportAddress = (filter: AuditFilterInput): string => {
  const address = new URLSearchParams()
  for (const [name, value] of Object.entries(filter))
    for (const one of Array.isArray(value) ? value : [value]) address.append(name, String(one))
  return `/export/audit.csv?${address}`
}
