import type { Drift } from '../../soap/twin/drift.js'
import { History, type HistoryOptions } from '../../soap/twin/history.js'
import type { LedgerDeed } from '../../soap/twin/ledger.js'
import type { TwinWork } from '../../soap/twin/twin.js'
import type { Books, Transaction, TwinDossier } from './dossier.js'
import { dossierOfRow, drift } from './held-content.js'

export type { Transaction, TwinDossier } from './dossier.js'

/** A file of this ViLIS's own making: its bytes follow from its name and dossier (`own-files.ts`). */
export interface OwnFile {
  readonly name: string
  readonly fileName: string
}

/** One entry of the stream of changes, told by callback and by LayThayDoi alike. */
export interface ChangeEvent {
  readonly eventId: string
  /** An xs:long as text: positions may lie beyond what a number holds. */
  readonly position: string
  readonly kind: string
  readonly dossierCode: string
  readonly at: string
  readonly body: Readonly<Record<string, unknown>>
  readonly files: readonly OwnFile[]
}

export interface VilisState extends Books {
  changes: ChangeEvent[]
  receipts: number
  deskDossiers: number
}

export type VilisWork = TwinWork<VilisState>

export const createState = (): VilisState => ({
  dossiers: new Map(),
  history: undefined,
  gone: new Set(),
  strays: [],
  changes: [],
  receipts: 0,
  deskDossiers: 0,
})

/** The dossier, taken out of the history when it still stands there. */
export function findDossier(state: VilisState, code: string): TwinDossier | undefined {
  const known = state.dossiers.get(code)
  const past = known || state.gone.has(code) ? undefined : state.history?.ofCode(code)
  if (!past) return known
  const dossier = dossierOfRow(past)
  state.dossiers.set(code, dossier)
  return dossier
}

/**
 * The state is what its deeds made it: every change of it is one deed of the ledger, applied here, and a restarted twin applies
 * the same deeds again. Other deeds (refusals, calls out) change nothing.
 */
export function record(work: VilisWork, what: keyof typeof APPLY, detail: Record<string, unknown>): void {
  work.did(what, detail)
  APPLY[what](work.state, structuredClone(detail))
}

export function restore(state: VilisState, deeds: readonly LedgerDeed[]): void {
  for (const { what, detail } of deeds) {
    if (Object.hasOwn(APPLY, what)) APPLY[what as keyof typeof APPLY](state, structuredClone(detail))
  }
}

type Detail = Readonly<Record<string, unknown>>

const APPLY = {
  /** A write accepted: the deed by which doubles are counted, uniform over all twins. */
  ACCEPTED: (state: VilisState, detail: Detail) => {
    const { transaction, dossier } = detail.detail as { transaction: Transaction; dossier?: Omit<TwinDossier, 'transactions'> }
    const code = String(detail.dossierCode)
    state.receipts += 1
    const known = findDossier(state, code)
    if (dossier && known)
      Object.assign(known, {
        ...dossier,
        receiptNo: known.receiptNo,
        step: known.step,
        status: known.status,
        nextAt: known.nextAt,
        waitingSince: known.waitingSince,
      })
    else if (dossier) state.dossiers.set(code, { ...dossier, transactions: [] })
    state.dossiers.get(code)?.transactions.push(transaction)
  },
  /** Taken in over there, not by the interlink: at the desk, or long ago. */
  TAKEN: (state: VilisState, detail: Detail) => {
    const dossier = detail.dossier as Omit<TwinDossier, 'transactions'>
    state.receipts += 1
    state.deskDossiers += 1
    state.dossiers.set(dossier.code, { ...dossier, transactions: [] })
  },
  MOVED: (state: VilisState, detail: Detail) => {
    const { dossierCode, ...changes } = detail
    const dossier = findDossier(state, String(dossierCode))
    if (dossier) Object.assign(dossier, changes)
  },
  HISTORY_KEPT: (state: VilisState, detail: Detail) => {
    state.history = new History(detail.history as HistoryOptions)
    for (const one of detail.drifts as Drift[]) drift(state, one)
  },
  DRIFTED: (state: VilisState, detail: Detail) => drift(state, detail.drift as Drift),
  CHANGED: (state: VilisState, detail: Detail) => {
    state.changes.push(detail.change as ChangeEvent)
  },
  BACKUP_RESTORED: (state: VilisState, detail: Detail) => {
    if (detail.until !== undefined) return restoreTo(state, String(detail.until))
    const last = BigInt(String(detail.toPosition))
    state.changes = state.changes.filter(({ position }) => BigInt(position) <= last)
  },
  /** The same facts under new event ids and at new positions, as a restored system may count anew. */
  RENUMBERED: (state: VilisState, detail: Detail) => {
    const after = BigInt(String(detail.afterPosition))
    const last = state.changes.reduce((highest, { position }) => (BigInt(position) > highest ? BigInt(position) : highest), 0n)
    state.changes = state.changes.map((change) => {
      if (BigInt(change.position) <= after) return change
      const position = (BigInt(change.position) + last).toString()
      const eventId = `SK-${position}`
      return { ...change, position, eventId, body: { ...change.body, MaSuKien: eventId } }
    })
  },
} as const

function restoreTo(state: VilisState, until: string): void {
  state.changes = state.changes.filter(({ at }) => at <= until)
  for (const [code, { transactions, receivedAt }] of state.dossiers) {
    const kept = transactions.filter(({ at }) => at <= until)
    if (transactions.length > 0 ? kept.length === 0 : receivedAt > until) state.dossiers.delete(code)
    else transactions.splice(0, transactions.length, ...kept)
  }
}

/** Throws a sentence for a control action about a dossier that is not there. */
export function dossierOf(state: VilisState, code: unknown): TwinDossier {
  const dossier = findDossier(state, String(code))
  if (!dossier) throw new Error(`ViLIS has no dossier ${String(code)}`)
  return dossier
}

export const nextReceiptNo = (state: VilisState): string => `VL-${String(state.receipts + 1).padStart(6, '0')}`
