import type { DeskFile } from './files.js'

/** A dossier as the desk holds it. Instants are ISO-8601 UTC; `status` is the national number 1..10. */
export interface DeskDossier {
  readonly code: string
  /** Raised by edits at the desk alone. */
  readonly version: number
  readonly procedureCode: string
  readonly procedureName: string
  readonly unitCode: string
  readonly unitName: string
  /** 1 direct, 2 online, 3 by post. */
  readonly channel: number
  readonly applicant: {
    readonly kind: number
    readonly name: string
    readonly idNumber?: string
    readonly phone?: string
    readonly email?: string
    readonly address?: string
  }
  readonly summary: string
  readonly receivedAt: string
  readonly dueAt: string
  readonly receivedBy: string
  readonly status: number
  readonly parcels: readonly {
    readonly sheet: string
    readonly number: string
    readonly unitCode: string
    readonly unitName?: string
    readonly area?: string
    readonly address?: string
  }[]
  readonly certificates: readonly { readonly serial: string; readonly register?: string }[]
  readonly files: readonly DeskFile[]
}

export interface TaxNotice {
  readonly number: string
  readonly kind: string
  readonly payer: string
  readonly amount?: string
  readonly url?: string
}

/** What was handed in after the dossier, at the desk or through the gateway. */
export interface Supplement {
  /** From 1. */
  readonly no: number
  readonly note: string
  readonly newDueAt?: string
  readonly files: readonly DeskFile[]
}

/** One write of the gateway that was accepted. */
export interface AcceptedWrite {
  readonly operation: string
  readonly dossierCode: string
  readonly key: string
  readonly digest: string
  /** Version of the unified dossier, as the gateway told it. */
  readonly version: number
  readonly reference: string
  readonly detail: {
    /** Instant of the event, as told. */
    readonly at: string
    readonly dossier?: DeskDossier
    readonly status?: number
    readonly dueAt?: string
    readonly note?: string
    readonly notices?: readonly TaxNotice[]
    readonly supplement?: Supplement
    readonly files?: readonly DeskFile[]
  }
}

/** What the desk knows of one dossier beside its content. */
export interface DeskRecord {
  dossier: DeskDossier
  results: readonly DeskFile[]
  notices: readonly TaxNotice[]
  /** The highest number. */
  supplements: number
  handedIn: readonly Supplement[]
  /** A supplement was handed in since the status last became 5. */
  supplemented: boolean
  /** Twin time of the last happening, for the automatic desk. */
  touchedAt: string
  writes: AcceptedWrite[]
}

/** One row of the change feed: a snapshot, never rewritten. */
export interface ChangeRow {
  readonly position: number
  readonly eventId: string
  readonly kind: 'HoSo' | 'BoSung' | 'RutHoSo' | 'TraKetQua'
  readonly at: string
  readonly code: string
  readonly causedByKey?: string
  readonly dossier?: DeskDossier
  readonly supplement?: Supplement
  readonly withdrawal?: { readonly reason: string }
  readonly handedOut?: { readonly method: number; readonly note: string }
}
