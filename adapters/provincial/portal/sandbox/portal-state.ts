import type { Drift } from '../../../soap/twin/drift.js'
import type { HeldRow } from '../../../soap/twin/held-row.js'
import { History, type HistoryOptions } from '../../../soap/twin/history.js'
import type { LedgerDeed } from '../../../soap/twin/ledger.js'
import type { TwinWork } from '../../../soap/twin/twin.js'
import { dossierOfRow, drift } from './held-content.js'
import type { Fields, KeptDossier, KeptFile } from './kept-dossier.js'

export type { Fields, KeptDossier, KeptFile, KeptStep } from './kept-dossier.js'

export interface PortalState {
  readonly dossiers: Map<string, KeptDossier>
  /** Dossiers of the past that nobody has touched since, and codes of them that are gone. */
  history: History | undefined
  readonly gone: Set<string>
  /** Second rows of codes that stand there already, and rows without a code. */
  strays: HeldRow[]
  /** Counts the accepted writes: the portal's own reference numbers come from it. */
  writes: number
}

export const createState = (): PortalState => ({ dossiers: new Map(), history: undefined, gone: new Set(), strays: [], writes: 0 })

/** What an ACCEPTED deed keeps beside dossier, key, digest and version: enough to make the state again. */
export interface AcceptedDetail {
  readonly ref: string
  readonly updating: boolean
  readonly fields: Fields
  readonly files: readonly KeptFile[]
}

export type PortalDeed =
  | { readonly operation: 'DongBoHoSoMC' | 'CapNhatTienDoHoSoMC'; readonly dossierCode: string; readonly detail: AcceptedDetail }
  | { readonly operation: 'FORGET'; readonly dossierCode: string }

/** The one way in which the state changes, for a request now and for a deed read back from the ledger alike. */
export function apply(state: PortalState, deed: PortalDeed): void {
  if (deed.operation === 'FORGET') {
    if (state.history?.ofCode(deed.dossierCode)) state.gone.add(deed.dossierCode)
    state.dossiers.delete(deed.dossierCode)
    return
  }
  const { ref, fields, files } = deed.detail
  state.writes += 1
  const known = findDossier(state, deed.dossierCode)
  if (deed.operation === 'CapNhatTienDoHoSoMC') known?.steps.push({ ref, fields })
  else if (known) Object.assign(known, { ref, fields, files })
  else state.dossiers.set(deed.dossierCode, { ref, fields, files, steps: [] })
}

export function restore(state: PortalState, deeds: readonly LedgerDeed[]): void {
  for (const { what, detail } of deeds) {
    if (what === 'ACCEPTED' || what === 'FORGOTTEN') apply(state, detail as unknown as PortalDeed)
    if (what in UNTOLD) UNTOLD[what as keyof typeof UNTOLD](state, detail)
  }
}

/** What is done behind everyone's back. */
const UNTOLD = {
  DRIFTED: (state: PortalState, detail: Readonly<Record<string, unknown>>) => drift(state, detail.drift as Drift),
  HISTORY_KEPT: (state: PortalState, { history, drifts }: Readonly<Record<string, unknown>>) => {
    state.history = new History(history as HistoryOptions)
    for (const one of drifts as Drift[]) drift(state, one)
  },
} as const

export function happenUntold(work: TwinWork<PortalState>, what: keyof typeof UNTOLD, detail: Readonly<Record<string, unknown>>): void {
  work.did(what, detail)
  UNTOLD[what](work.state, detail)
}

/** The dossier, taken out of the history when it still stands there. */
export function findDossier(state: PortalState, code: string): KeptDossier | undefined {
  const known = state.dossiers.get(code)
  const past = known || state.gone.has(code) ? undefined : state.history?.ofCode(code)
  if (!past) return known
  const dossier = dossierOfRow(past)
  state.dossiers.set(code, dossier)
  return dossier
}

/** For a person at the control endpoint. */
export const describe = (state: PortalState): unknown =>
  Object.fromEntries(
    [...state.dossiers].map(([code, { ref, fields, files, steps }]) => [
      code,
      {
        ref,
        status: fields.TrangThaiHoSo,
        dueAt: fields.NgayHenTra,
        version: fields.PhienBan,
        key: fields.MaGiaoDich,
        digest: fields.MaKiemTra,
        files: files.length,
        steps: steps.map(({ fields: step }) => ({ at: step.ThoiDiemXuLy, status: step.TrangThai, key: step.MaGiaoDich })),
      },
    ]),
  )
