/** Of a deed what is judged, by the same names at every twin. */
export interface DeedDetail {
  readonly operation?: string
  readonly dossierCode?: string
  readonly key?: string
  readonly digest?: string
  readonly code?: string
  readonly callSeq?: number
  readonly outcome?: string
  /** The identity under which its word of it is told. */
  readonly eventId?: string
  /** Of a change that ViLIS tells: which. */
  readonly kind?: string
  /** Lần bổ sung. */
  readonly supplementNo?: number
  /** National number that a write has brought. */
  readonly status?: number
}

/** Of a deed only what is judged is kept: a ledger holds whole dossiers with their files. */
const KEPT = ['operation', 'dossierCode', 'key', 'digest', 'code', 'callSeq', 'outcome', 'eventId']

type Wire = Readonly<Record<string, unknown>>
const within = (detail: Wire, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Wire)[name] : undefined), detail)

/** `LaTamDung`, `TrangThaiKetThuc`: a pause is no demand, and of the endings only the first is a result. */
const kindOfChange = (change: Wire): string => {
  const said = (name: string): unknown => within(change, 'body', name)
  return change.kind === 'YeuCauBoSungHoSo' && said('LaTamDung') !== 'true'
    ? DEMAND
    : change.kind === 'KetThucHoSo' && said('TrangThaiKetThuc') === '0'
      ? RESULT
      : String(change.kind)
}
/** ViLIS asks for papers; ViLIS gives a result. */
export const DEMAND = 'DEMAND'
export const RESULT = 'RESULT'

export const detailOf = (what: string, seq: number, detail: Wire): DeedDetail => {
  const kept = Object.fromEntries(KEPT.filter((name) => name in detail).map((name) => [name, detail[name]])) as DeedDetail
  if (what === 'CALL_OUT_PLANNED') return { ...kept, eventId: eventIdIn(detail) }
  if (what === 'CHANGED') {
    const change = (detail.change ?? {}) as Wire
    return { dossierCode: String(change.dossierCode), eventId: String(change.eventId), kind: kindOfChange(change) }
  }
  if (what === 'TAKEN' || what === 'DOSSIER_TAKEN') return { dossierCode: String(within(detail, 'dossier', 'code')) }
  // The desk tells each of its deeds in its feed under the number of the deed.
  if (AT_DESK.has(what)) return { ...kept, eventId: `MC-${seq}`, ...numbered(within(detail, 'supplement', 'no')) }
  if (what !== 'ACCEPTED') return kept
  const status = within(detail, 'detail', 'status')
  return {
    ...kept,
    ...numbered(within(detail, 'detail', 'supplement', 'no') ?? within(detail, 'detail', 'transaction', 'fields', 'LanBoSung')),
    ...(typeof status === 'number' && { status }),
  }
}
const AT_DESK: ReadonlySet<string> = new Set(['SUPPLEMENT_HANDED_IN', 'WITHDRAWN', 'RESULT_RETURNED'])
const numbered = (no: unknown): Pick<DeedDetail, 'supplementNo'> => (no === undefined ? {} : { supplementNo: Number(no) })

/** The identity of an event in the arguments of a call out, wherever it stands in them. */
const eventIdIn = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const own = (value as Record<string, unknown>).MaSuKien
  if (typeof own === 'string') return own
  for (const child of Object.values(value)) {
    const found = eventIdIn(child)
    if (found !== undefined) return found
  }
  return undefined
}
