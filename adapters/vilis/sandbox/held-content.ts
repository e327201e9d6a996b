import { type Drift, driftedRow } from '../../soap/twin/drift.js'
import type { HeldRow } from '../../soap/twin/held-row.js'
import { groupOf, groupsOf, textOf, type WireObject } from '../../soap/twin/wire-values.js'
import type { Books, TwinDossier } from './dossier.js'

/** What this ViLIS holds of a dossier beside its workflow, and how it is told in reconciliation. National numbers of statuses: */
export const ACCEPTED = 2
export const IN_PROGRESS = 4
export const SUPPLEMENT_REQUIRED = 5
export const OBLIGATION_REQUIRED = 6
export const WITHDRAWN = 7
export const STOPPED = 8
export const COMPLETED = 9
export const RETURNED = 10

const STATUS_OF_STEP: Readonly<Record<string, number>> = {
  RECEIVED: ACCEPTED,
  HANDOVER: COMPLETED,
  RETURNED,
  WITHDRAWN,
  REJECTED: STOPPED,
}
const STEP_OF_STATUS: Readonly<Record<number, string>> = {
  [ACCEPTED]: 'RECEIVED',
  [COMPLETED]: 'HANDOVER',
  [RETURNED]: 'RETURNED',
  [WITHDRAWN]: 'WITHDRAWN',
  [STOPPED]: 'REJECTED',
}

export const statusOf = ({ status, step, waitingSince }: TwinDossier): number =>
  status ?? (waitingSince === '' ? (STATUS_OF_STEP[step] ?? IN_PROGRESS) : SUPPLEMENT_REQUIRED)

/** What a reception brings: who, which land, which papers (by the hashes of what was kept). */
export function contentIn(args: WireObject, hashes: readonly string[]): Pick<TwinDossier, 'applicant' | 'parcels' | 'papers'> {
  const who = groupOf(args, 'ThongTinNguoiNopDon')
  const idNumber = textOf(who, 'SoChungMinh')
  const papers = groupsOf(groupOf(args, 'DanhSachGiayToDinhKem'), 'GiayTo')
  return {
    applicant: { name: textOf(who, 'HoTen') ?? '', ...(idNumber ? { idNumber } : {}) },
    parcels: groupsOf(groupOf(args, 'ThongTinThuaDat'), 'ThuaDat').map((parcel) => ({
      sheet: textOf(parcel, 'SoHieuBanDo') ?? '',
      number: textOf(parcel, 'SoThuTuThua') ?? '',
    })),
    papers: hashes.map((hash, index) => ({ name: textOf(papers[index], 'TenGiayTo') ?? '', hash })),
  }
}

/** Of two notices of one number and kind the newer one counts. */
export const mergedNotices = (held: HeldRow['notices'], given: HeldRow['notices']): HeldRow['notices'] => [
  ...held.filter((old) => !given.some(({ number, kind }) => number === old.number && kind === old.kind)),
  ...given,
]

export function rowOf(dossier: TwinDossier): HeldRow {
  const { code, commune, receivedAt, dueAt, applicant, parcels = [], papers = [], notices = [], changedAt } = dossier
  return {
    code,
    commune,
    receivedAt,
    dueAt,
    status: statusOf(dossier),
    ...(applicant && { applicant }),
    parcels,
    documents: [...papers, ...supplementsOf(dossier)],
    notices,
    ...(changedAt !== undefined && { changedAt }),
  }
}

/** Of a supplement that came twice under one number the last counts. */
function supplementsOf({ transactions }: TwinDossier): HeldRow['documents'] {
  const byNumber = new Map<string, readonly string[]>()
  for (const { operation, fields, hashes } of transactions) if (operation === 'BoSungHoSo') byNumber.set(fields.LanBoSung ?? '', hashes)
  return [...byNumber.values()].flat().map((hash) => ({ name: 'Giấy tờ bổ sung', hash }))
}

/** A dossier of the past, worked on again. */
export const dossierOfRow = (row: HeldRow): TwinDossier => ({
  code: row.code,
  receiptNo: `VL-${row.code}`,
  version: 1,
  process: 'QT-CAPDOI',
  commune: row.commune,
  receivedAt: row.receivedAt,
  nextAt: row.dueAt,
  waitingSince: '',
  transactions: [],
  ...contentOfRow(row),
})

const contentOfRow = (row: HeldRow) => ({
  dueAt: row.dueAt,
  step: STEP_OF_STATUS[row.status] ?? 'APPRAISAL',
  status: row.status,
  ...(row.applicant && { applicant: row.applicant }),
  parcels: row.parcels,
  papers: row.documents,
  notices: row.notices,
  ...(row.changedAt !== undefined && { changedAt: row.changedAt }),
})

/** Behind everyone's back: no change is told, and the gateway is not called. */
export function drift(state: Books, one: Drift): void {
  const { kind, code, value } = one
  const past = state.gone.has(code) ? undefined : state.history?.ofCode(code)
  const dossier = state.dossiers.get(code) ?? (past && dossierOfRow(past))
  if (!dossier) throw new Error(`ViLIS has no dossier ${code}`)
  const row = rowOf(dossier)
  if (kind === 'SINGLE_AGAIN') state.strays = state.strays.filter((stray) => stray.code !== code)
  else if (kind === 'DUPLICATED') state.strays.push(row)
  else if (kind === 'DELETED' || (kind === 'SPOILT' && value === 'CODE')) {
    state.dossiers.delete(code)
    if (past) state.gone.add(code)
    if (kind === 'SPOILT') state.strays.push(driftedRow(row, one))
  } else {
    const step = kind === 'STATUS' ? {} : { step: dossier.step }
    // What supplements brought stands on their transactions: it is counted once.
    const supplements = supplementsOf(dossier).length
    const changed = driftedRow({ ...row, documents: row.documents.slice(0, row.documents.length - supplements) }, one)
    state.dossiers.set(code, { ...dossier, ...contentOfRow(changed), ...step })
  }
}
