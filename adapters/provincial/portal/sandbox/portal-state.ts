import type { LedgerDeed } from '../../../soap/twin/ledger.js'

/** A file as this portal keeps it; the hash is its own reckoning whenever it had the bytes. */
export interface KeptFile {
  readonly id: string
  readonly kind: 'NOP' | 'KET_QUA'
  readonly name: string
}

/** Simple fields of a record by their wire names, without the bytes of files. */
export type Fields = Readonly<Record<string, string>>

export interface KeptStep {
  readonly ref: string
  readonly fields: Fields
}

export interface KeptDossier {
  ref: string
  fields: Fields
  files: readonly KeptFile[]
  steps: KeptStep[]
}

export interface PortalState {
  readonly dossiers: Map<string, KeptDossier>
  /** Counts the accepted writes: the portal's own reference numbers come from it. */
  writes: number
}

export const createState = (): PortalState => ({ dossiers: new Map(), writes: 0 })

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
    state.dossiers.delete(deed.dossierCode)
    return
  }
  const { ref, fields, files } = deed.detail
  state.writes += 1
  const known = state.dossiers.get(deed.dossierCode)
  if (deed.operation === 'CapNhatTienDoHoSoMC') known?.steps.push({ ref, fields })
  else if (known) Object.assign(known, { ref, fields, files })
  else state.dossiers.set(deed.dossierCode, { ref, fields, files, steps: [] })
}

export function restore(state: PortalState, deeds: readonly LedgerDeed[]): void {
  for (const { what, detail } of deeds) {
    if (what === 'ACCEPTED' || what === 'FORGOTTEN') apply(state, detail as unknown as PortalDeed)
  }
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
