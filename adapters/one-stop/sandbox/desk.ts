import type { Drift } from '../../soap/twin/drift.js'
import type { HeldRow } from '../../soap/twin/held-row.js'
import { History, type HistoryOptions } from '../../soap/twin/history.js'
import type { LedgerDeed } from '../../soap/twin/ledger.js'
import type { TwinWork } from '../../soap/twin/twin.js'
import type { AcceptedWrite, ChangeRow, DeskDossier, DeskRecord, Supplement } from './desk-types.js'
import { drift, recordOfRow } from './held-content.js'
import { deskDate } from './office-time.js'

/** Everything the desk holds. It is made of the ledger's deeds alone, so a restarted sandbox is where it was. */
export interface DeskState {
  readonly records: Map<string, DeskRecord>
  readonly rows: ChangeRow[]
  /** Last serial by `agency-yyMMdd`. */
  readonly serials: Map<string, number>
  readonly writesByKey: Map<string, AcceptedWrite>
  /** Dossiers of the past that nobody has touched since, and codes of them that are gone. */
  history: History | undefined
  readonly gone: Set<string>
  /** Second rows of codes that stand there already, and rows without a code. */
  strays: HeldRow[]
  /** Dossiers that the desk itself has taken, which seeds the next one. */
  taken: number
  lastTakenAt: string
}

export const createDesk = (): DeskState => ({
  records: new Map(),
  rows: [],
  serials: new Map(),
  writesByKey: new Map(),
  history: undefined,
  gone: new Set(),
  strays: [],
  taken: 0,
  lastTakenAt: '',
})

/** What can happen at the desk, by the name of its deed. `at` is when it happened by the desk's clock. */
export interface Happenings {
  DOSSIER_TAKEN: { at: string; dossier: DeskDossier }
  DOSSIER_AMENDED: { at: string; dossier: DeskDossier }
  SUPPLEMENT_HANDED_IN: { at: string; dossierCode: string; supplement: Supplement }
  WITHDRAWN: { at: string; dossierCode: string; reason: string }
  RESULT_RETURNED: { at: string; dossierCode: string; method: number; note: string }
  ACCEPTED: AcceptedWrite & { type: 'ACCEPTED'; at: string }
}

/** Records the deed and brings it about; the row that it adds to the change feed. */
export function happen<What extends keyof Happenings>(work: TwinWork<DeskState>, what: What, detail: Happenings[What]): ChangeRow {
  return apply(work.state, work.did(what, { ...detail }))
}

export const restore = (state: DeskState, deeds: readonly LedgerDeed[]): void => {
  for (const deed of deeds) {
    if (deed.what in APPLY) apply(state, deed)
    else if (deed.what in UNTOLD) UNTOLD[deed.what as keyof typeof UNTOLD](state, deed.detail)
  }
}

/** What is done behind everyone's back: the change feed has no row of it. */
const UNTOLD = {
  DRIFTED: (state: DeskState, detail: Readonly<Record<string, unknown>>) => drift(state, detail.drift as Drift),
  HISTORY_KEPT: (state: DeskState, { history, drifts }: Readonly<Record<string, unknown>>) => {
    state.history = new History(history as HistoryOptions)
    for (const one of drifts as Drift[]) drift(state, one)
  },
} as const

export function happenUntold(work: TwinWork<DeskState>, what: keyof typeof UNTOLD, detail: Readonly<Record<string, unknown>>): void {
  work.did(what, detail)
  UNTOLD[what](work.state, detail)
}

type Row = Omit<ChangeRow, 'position' | 'eventId' | 'at'>

const APPLY: { [What in keyof Happenings]: (state: DeskState, detail: Happenings[What], twinAt: string) => Row } = {
  DOSSIER_TAKEN: (state, { dossier }, twinAt) => {
    countSerial(state, dossier)
    state.taken += 1
    state.lastTakenAt = twinAt
    put(state, dossier, twinAt)
    return { kind: 'HoSo', code: dossier.code, dossier }
  },
  DOSSIER_AMENDED: (state, { dossier }, twinAt) => {
    put(state, dossier, twinAt)
    return { kind: 'HoSo', code: dossier.code, dossier }
  },
  SUPPLEMENT_HANDED_IN: (state, { dossierCode, supplement }, twinAt) => {
    handIn(recordOf(state, dossierCode), supplement, twinAt)
    return { kind: 'BoSung', code: dossierCode, supplement }
  },
  WITHDRAWN: (state, { dossierCode, reason }, twinAt) => {
    change(recordOf(state, dossierCode), { status: 7 }, twinAt)
    return { kind: 'RutHoSo', code: dossierCode, withdrawal: { reason } }
  },
  RESULT_RETURNED: (state, { dossierCode, method, note }, twinAt) => {
    change(recordOf(state, dossierCode), { status: 10 }, twinAt)
    return { kind: 'TraKetQua', code: dossierCode, handedOut: { method, note } }
  },
  ACCEPTED: (state, write, twinAt) => {
    const record = write.detail.dossier ? put(state, write.detail.dossier, twinAt) : recordOf(state, write.dossierCode)
    const { status, dueAt, notices, supplement, files } = write.detail
    record.writes.push(write)
    if (!state.writesByKey.has(write.key)) state.writesByKey.set(write.key, write)
    if (supplement) {
      handIn(record, supplement, twinAt)
      return { kind: 'BoSung', code: write.dossierCode, supplement, causedByKey: write.key }
    }
    if (notices) record.notices = mergedNotices(record.notices, notices)
    if (files && !write.detail.dossier) record.results = files
    change(record, { ...(status !== undefined && !isOver(record) ? { status } : {}), ...(dueAt === undefined ? {} : { dueAt }) }, twinAt)
    return { kind: 'HoSo', code: write.dossierCode, dossier: record.dossier, causedByKey: write.key }
  },
}

function apply(state: DeskState, deed: LedgerDeed): ChangeRow {
  const bring = APPLY[deed.what as keyof Happenings] as (state: DeskState, detail: unknown, twinAt: string) => Row
  const { at } = deed.detail as { at: string }
  const row = { position: state.rows.length + 1, eventId: `MC-${deed.seq}`, at, ...bring(state, deed.detail, deed.twinAt) }
  state.rows.push(row)
  return row
}

/** Finished for good: withdrawn, not accepted, or the result is out. A late write is kept, and does not open it again. */
const isOver = (record: DeskRecord): boolean => [3, 7, 10].includes(record.dossier.status)

export function recordOf(state: DeskState, code: string): DeskRecord {
  const record = findRecord(state, code)
  if (!record) throw new Error(`no dossier ${code} at the desk`)
  return record
}

/** The record, taken out of the history when it still stands there. */
export function findRecord(state: DeskState, code: string): DeskRecord | undefined {
  const known = state.records.get(code)
  const past = known || state.gone.has(code) ? undefined : state.history?.ofCode(code)
  if (!past) return known
  const record = recordOfRow(past)
  state.records.set(code, record)
  return record
}

export function nextCode(state: DeskState, agency: string, receivedAt: string): string {
  const day = `${agency}-${deskDate(receivedAt).slice(2).replaceAll('-', '')}`
  return `${day}-${String((state.serials.get(day) ?? 0) + 1).padStart(4, '0')}`
}

function countSerial(state: DeskState, { code }: DeskDossier): void {
  const dash = code.lastIndexOf('-')
  const day = code.slice(0, dash)
  state.serials.set(day, Math.max(state.serials.get(day) ?? 0, Number(code.slice(dash + 1)) || 0))
}

function put(state: DeskState, dossier: DeskDossier, twinAt: string): DeskRecord {
  const known = findRecord(state, dossier.code)
  const record = known ?? {
    dossier,
    results: [],
    notices: [],
    supplements: 0,
    handedIn: [],
    supplemented: false,
    touchedAt: twinAt,
    writes: [],
  }
  record.dossier = dossier
  record.touchedAt = twinAt
  state.records.set(dossier.code, record)
  return record
}

function handIn(record: DeskRecord, supplement: Supplement, twinAt: string): void {
  record.supplements = Math.max(record.supplements, supplement.no)
  record.handedIn = [...record.handedIn.filter(({ no }) => no !== supplement.no), supplement]
  record.supplemented = true
  record.touchedAt = twinAt
}

function change(record: DeskRecord, changes: Partial<DeskDossier>, twinAt: string): void {
  if (changes.status === 5) record.supplemented = false
  record.dossier = { ...record.dossier, ...changes }
  record.touchedAt = twinAt
}

function mergedNotices(held: DeskRecord['notices'], given: DeskRecord['notices']): DeskRecord['notices'] {
  const isGiven = (notice: DeskRecord['notices'][number]) =>
    given.some(({ number, kind }) => number === notice.number && kind === notice.kind)
  return [...held.filter((notice) => !isGiven(notice)), ...given]
}
