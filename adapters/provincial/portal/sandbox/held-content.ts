import { type Drift, driftedRow } from '../../../soap/twin/drift.js'
import { type HeldRow, wallOf } from '../../../soap/twin/held-row.js'
import type { History } from '../../../soap/twin/history.js'
import type { Fields, KeptDossier } from './kept-dossier.js'

/** What this portal holds of a dossier, as it is told in reconciliation: status and due date are those of the highest version, whichever message brought them. */
interface Books {
  readonly dossiers: Map<string, KeptDossier>
  readonly history: History | undefined
  readonly gone: Set<string>
  strays: HeldRow[]
}

export function rowOf({ fields, steps }: KeptDossier): HeldRow {
  const newest = steps.map((step) => step.fields).reduce(newer, fields)
  const idNumber = fields.SoGiayToChuHoSo
  const lastStep = steps.map((step) => step.fields.ThoiDiemXuLy ?? '').reduce((last, at) => (at > last ? at : last), '')
  return {
    code: fields.MaHoSo ?? '',
    commune: '',
    receivedAt: isoOf(fields.NgayTiepNhan ?? ''),
    dueAt: isoOf((newest === fields ? fields.NgayHenTra : newest.NgayKetThucTheoQuyDinh || fields.NgayHenTra) ?? ''),
    status: Number(newest === fields ? fields.TrangThaiHoSo : newest.TrangThai),
    applicant: { name: fields.ChuHoSo ?? '', ...(idNumber ? { idNumber } : {}) },
    parcels: [],
    documents: [],
    notices: [],
    ...(lastStep !== '' && { changedAt: isoOf(lastStep) }),
  }
}

/** Of one version the later message counts. */
const newer = (known: Fields, next: Fields): Fields => (Number(next.PhienBan ?? 0) >= Number(known.PhienBan ?? 0) ? next : known)

const isoOf = (compact: string): string => {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(compact)
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.000+07:00` : ''
}

export const compact = (iso: string): string => wallOf(iso).replace(/[-:T]/g, '')

/** A dossier of the past, worked on again. */
export const dossierOfRow = (row: HeldRow): KeptDossier => ({
  ref: `DVC-${row.code}`,
  fields: {
    MaHoSo: row.code,
    MaTTHC: '1.012783.000.00.00.H58',
    LoaiDoiTuong: '1',
    KenhThucHien: '1',
    TrichYeuHoSo: '',
    NgayTiepNhan: compact(row.receivedAt),
    PhienBan: '1',
    ...contentOf(row),
  },
  files: [],
  steps: [],
})

const contentOf = (row: HeldRow): Fields => ({
  NgayHenTra: compact(row.dueAt),
  TrangThaiHoSo: String(row.status),
  ChuHoSo: row.applicant?.name ?? '',
  SoGiayToChuHoSo: row.applicant?.idNumber ?? '',
})

/** Behind everyone's back. */
export function drift(state: Books, one: Drift): void {
  const { kind, code, value } = one
  const past = state.gone.has(code) ? undefined : state.history?.ofCode(code)
  const dossier = state.dossiers.get(code) ?? (past && dossierOfRow(past))
  if (!dossier) throw new Error(`no dossier ${code} at the portal`)
  const row = rowOf(dossier)
  if (kind === 'SINGLE_AGAIN') state.strays = state.strays.filter((stray) => stray.code !== code)
  else if (kind === 'DUPLICATED') state.strays.push(row)
  else if (kind === 'DELETED' || (kind === 'SPOILT' && value === 'CODE')) {
    state.dossiers.delete(code)
    if (past) state.gone.add(code)
    if (kind === 'SPOILT') state.strays.push(driftedRow(row, one))
  } else {
    const changed = driftedRow(row, one)
    const versions = [dossier.fields, ...dossier.steps.map((step) => step.fields)].map(({ PhienBan }) => Number(PhienBan ?? 0))
    // A line of progress of the same version no longer hides what the record says.
    const fields = { ...dossier.fields, ...contentOf(changed), PhienBan: String(Math.max(...versions)) }
    const steps = dossier.steps.map((step) => ({
      ...step,
      fields: { ...step.fields, TrangThai: String(changed.status), NgayKetThucTheoQuyDinh: compact(changed.dueAt) },
    }))
    state.dossiers.set(code, { ...dossier, fields, steps: kind === 'APPLICANT' ? dossier.steps : steps })
  }
}
