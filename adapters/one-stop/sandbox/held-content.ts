import { type Drift, driftedRow, OTHER_PAPER, swappedPaper } from '../../soap/twin/drift.js'
import type { HeldRow } from '../../soap/twin/held-row.js'
import { type History, paperText } from '../../soap/twin/history.js'
import { communesOn, officerAt } from './communes.js'
import type { DeskRecord } from './desk-types.js'
import { type DeskFile, hashOf } from './files.js'
import { deskDate } from './office-time.js'
import { PROCEDURES } from './procedures.js'

/** What the desk holds of a dossier, as it is told in reconciliation, and how it can come to differ. */
interface Books {
  readonly records: Map<string, DeskRecord>
  readonly history: History | undefined
  readonly gone: Set<string>
  strays: HeldRow[]
}

export function rowOf({ dossier, handedIn, notices, touchedAt }: DeskRecord): HeldRow {
  const { applicant } = dossier
  const files = [...dossier.files, ...handedIn.flatMap((supplement) => supplement.files)]
  return {
    code: dossier.code,
    commune: dossier.unitCode,
    receivedAt: dossier.receivedAt,
    dueAt: dossier.dueAt,
    status: dossier.status,
    applicant: { name: applicant.name, ...(applicant.idNumber !== undefined && { idNumber: applicant.idNumber }) },
    parcels: dossier.parcels.map(({ sheet, number }) => ({ sheet, number })),
    documents: files.map((file) => ({ name: file.paper, hash: hashOf(file) })),
    notices: notices.map(({ number, kind, amount }) => ({ number, kind, ...(amount !== undefined && { amount }) })),
    changedAt: touchedAt,
  }
}

/** A dossier of the past, worked on again. */
export function recordOfRow(row: HeldRow): DeskRecord {
  const [procedure] = PROCEDURES
  const commune = communesOn(deskDate(row.receivedAt)).find(({ code }) => code === row.commune) ?? { code: row.commune, name: row.commune }
  return {
    dossier: {
      code: row.code,
      version: 1,
      procedureCode: procedure?.code ?? '',
      procedureName: procedure?.name ?? '',
      unitCode: commune.code,
      unitName: commune.name,
      channel: 1,
      applicant: { kind: 1, name: row.applicant?.name ?? '', ...(row.applicant?.idNumber && { idNumber: row.applicant.idNumber }) },
      summary: procedure?.name ?? '',
      receivedAt: row.receivedAt,
      dueAt: row.dueAt,
      receivedBy: officerAt(commune, 0),
      status: row.status,
      parcels: row.parcels.map(({ sheet, number }) => ({ sheet, number, unitCode: commune.code, unitName: commune.name })),
      certificates: [],
      files: row.documents.map(({ name }, index) => textFile(name, index + 1, paperText(name, row.code))),
    },
    results: [],
    notices: row.notices.map((notice) => ({ ...notice, payer: row.applicant?.name ?? '' })),
    supplements: 0,
    handedIn: [],
    supplemented: false,
    touchedAt: row.changedAt ?? row.dueAt,
    writes: [],
  }
}

const textFile = (paper: string, place: number, text: string): DeskFile => ({
  paper,
  fileName: `giay-to-${place}.txt`,
  mediaType: 'text/plain',
  originals: 1,
  copies: 0,
  base64: Buffer.from(text).toString('base64'),
})

/** Behind everyone's back: the change feed has no row of it. */
export function drift(state: Books, one: Drift): void {
  const { kind, code, value } = one
  const past = state.gone.has(code) ? undefined : state.history?.ofCode(code)
  const record = state.records.get(code) ?? (past && recordOfRow(past))
  if (!record) throw new Error(`no dossier ${code} at the desk`)
  const row = rowOf(record)
  if (kind === 'SINGLE_AGAIN') state.strays = state.strays.filter((stray) => stray.code !== code)
  else if (kind === 'DUPLICATED') state.strays.push(row)
  else if (kind === 'DELETED' || (kind === 'SPOILT' && value === 'CODE')) {
    state.records.delete(code)
    if (past) state.gone.add(code)
    if (kind === 'SPOILT') state.strays.push(driftedRow(row, one))
  } else state.records.set(code, drifted(record, driftedRow(row, one), one))
}

function drifted(record: DeskRecord, row: HeldRow, one: Drift): DeskRecord {
  const { dossier } = record
  const parcels = row.parcels.map(({ sheet, number }, index) => ({
    ...(dossier.parcels[index] ?? { unitCode: dossier.unitCode, unitName: dossier.unitName }),
    sheet,
    number,
  }))
  const [first] = dossier.files
  const swapped = { ...textFile(OTHER_PAPER, 1, swappedPaper(one)), ...(first && { paper: first.paper }) }
  const files = one.kind === 'DOCUMENT' ? [swapped, ...dossier.files.slice(1)] : dossier.files
  const applicant = { ...dossier.applicant, name: row.applicant?.name ?? dossier.applicant.name }
  return {
    ...record,
    dossier: { ...dossier, status: row.status, dueAt: row.dueAt, applicant, parcels, files },
    notices: row.notices.map((notice, index) => ({ payer: '', ...record.notices[index], ...notice })),
  }
}
