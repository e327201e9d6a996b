import type { CertificateContent, Channel, DocumentContent, PartyContent, TaxNoticeContent } from './dossier-content.js'
import type { DossierStatus } from './dossier-status.js'
import { type Origin, SYSTEM_IDS, type SystemId } from './system.js'

/** A code of a foreign system that had no mapping when its message was read, such as `VILIS:QT-07`: none of ours, whatever its digits. */
export const readForeignCode = (text: string): { readonly systemId: SystemId; readonly code: string } | undefined => {
  const systemId = SYSTEM_IDS.find((id) => text.startsWith(`${id}:`))
  return systemId && { systemId, code: text.slice(systemId.length + 1) }
}

/** A commune as a sender names it: by code, meant for the day of reception; the name, when sent, must agree with that day's meaning. */
export interface UnitClaim {
  readonly code: string
  readonly name?: string
}

export interface ParcelClaim {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly unit: UnitClaim
  readonly areaM2?: string
  readonly address?: string
}

/** Hồ sơ as a system hands it to us, before its codes are resolved against our reference data. */
export interface DossierClaim {
  readonly code: string
  readonly version: number
  readonly procedureCode: string
  readonly receivingUnit: UnitClaim
  readonly channel: Channel
  readonly applicant: PartyContent
  readonly summary: string
  readonly receivedAt: string
  readonly dueAt: string
  readonly receivedBy: string
  readonly parcels: readonly ParcelClaim[]
  readonly certificates: readonly CertificateContent[]
  readonly documents: readonly DocumentContent[]
  /** Status at the sender; absent: 2 Được tiếp nhận. */
  readonly status?: DossierStatus
}

/** What a system told us, in our own words. The adapter has checked the wire form; what it means is decided by the inbox. */
export type InboundPayload =
  | { readonly kind: 'DOSSIER'; readonly dossier: DossierClaim }
  | {
      readonly kind: 'SUPPLEMENT_HANDED_IN'
      readonly supplementNo?: number
      readonly note: string
      readonly newDueAt?: string
      readonly documents: readonly DocumentContent[]
    }
  | { readonly kind: 'WITHDRAWN'; readonly reason: string }
  | { readonly kind: 'RESULT_RETURNED'; readonly method: 'DESK' | 'POST'; readonly note: string }
  | {
      readonly kind: 'STATUS_REPORTED'
      readonly status: DossierStatus
      /** Bước at the registry, by its own code; the note says it in words. */
      readonly step?: string
      readonly dueAt?: string
      readonly officer?: string
      readonly note: string
      readonly documents: readonly DocumentContent[]
    }
  | { readonly kind: 'TAX_NOTICES'; readonly officer?: string; readonly note: string; readonly notices: readonly TaxNoticeContent[] }
  | {
      readonly kind: 'RESULT_ISSUED'
      readonly status: 'COMPLETED' | 'STOPPED' | 'WITHDRAWN_BY_APPLICANT'
      readonly officer?: string
      readonly note: string
      readonly documents: readonly DocumentContent[]
    }

export type InboundKind = InboundPayload['kind']

/** Precedence among messages of one dossier with the same event time: what must be applied first stands first. */
export const INBOUND_PRECEDENCE: readonly InboundKind[] = [
  'DOSSIER',
  'SUPPLEMENT_HANDED_IN',
  'STATUS_REPORTED',
  'TAX_NOTICES',
  'RESULT_ISSUED',
  'RESULT_RETURNED',
  'WITHDRAWN',
]

const INBOUND_CHANNELS = ['CALLBACK', 'POLL', 'PUSH', 'API'] as const
export type InboundChannel = (typeof INBOUND_CHANNELS)[number]

/** Operation of what was read over there by reconciliation, and that no feed shows. */
export const RECONCILED = 'DoiSoat'

export interface InboundMessage {
  readonly source: Origin
  readonly channel: InboundChannel
  /** Wire name of the operation or change kind, for people (`KetThucHoSo`). */
  readonly operation: string
  /** The sender's own event id, the same by callback and by poll. Absent: identity is source + kind + dossier + digest of the payload. */
  readonly externalEventId?: string
  readonly dossierCode: string
  /** When it happened, by the sender's clock, ISO-8601 UTC. */
  readonly eventAt: string
  /** Key of our own transfer that caused this change at the sender, when it says so: then it is our own writing coming back. */
  readonly causedByKey?: string
  readonly payload: InboundPayload
  /** As received, without security headers. */
  readonly raw: string
  readonly correlationId: string
}

/** Systems whose codes their adapter reads through the mapping tables. */
const READ_THROUGH_MAPPINGS: ReadonlySet<Origin> = new Set<Origin>(['VILIS'])

/**
 * What was said about which dossier, for telling a repetition from another content. A code that a mapping table translates does not
 * count: loading a row must not turn a message that we have into a new one. Nor does a step's code, which older messages have in the note alone.
 */
export const saidOf = ({ source, dossierCode, payload }: Pick<InboundMessage, 'source' | 'dossierCode' | 'payload'>): unknown => {
  if (!READ_THROUGH_MAPPINGS.has(source)) return { dossierCode, payload }
  if (payload.kind !== 'DOSSIER') return { dossierCode, payload: { ...payload, officer: undefined, step: undefined } }
  const { procedureCode: _procedure, receivingUnit: _unit, receivedBy: _officer, parcels, ...dossier } = payload.dossier
  return { dossierCode, payload: { kind: payload.kind, dossier, parcels: parcels.map(({ unit: _commune, ...parcel }) => parcel) } }
}
