import type { SystemId } from '../../../src/model/system.js'
import { DEMAND, RESULT } from './deed-detail.js'
import type { Facts, TransferFact } from './facts.js'
import type { SeenDeed } from './ledger-file.js'

/**
 * What a dossier lives through after its reception, by the ledgers of both sides: whatever one of them has told has its counterpart in the book of the other,
 * once, and not before the dossier itself. Our tables are asked only for what waits for a person in plain sight.
 */
interface Told {
  readonly by: SystemId | 'GATEWAY'
  readonly what: keyof typeof COUNTERPARTS
  readonly code: string
  /** Of a supplement. */
  readonly supplementNo?: number
  /** Under which a system tells it; what a front end has handed in has none. */
  readonly eventId?: string
}

interface Counterpart {
  readonly at: SystemId
  readonly wire: string
  readonly operation: string
  /** National number that the write must bring. */
  readonly status?: number
}

const COUNTERPARTS = {
  DEMAND: [{ at: 'ONE_STOP', wire: 'CapNhatTrangThai', operation: 'UPDATE_STATUS', status: 5 }],
  SUPPLEMENT: [{ at: 'VILIS', wire: 'BoSungHoSo', operation: 'SUPPLEMENT' }],
  SUPPLEMENT_OF_FRONT_END: [
    { at: 'VILIS', wire: 'BoSungHoSo', operation: 'SUPPLEMENT' },
    { at: 'ONE_STOP', wire: 'TiepNhanBoSungLienThong', operation: 'POST_SUPPLEMENT' },
  ],
  RESULT: [{ at: 'ONE_STOP', wire: 'CapNhatKetQua', operation: 'POST_RESULT' }],
  RETURN: [{ at: 'VILIS', wire: 'XacNhanTraKetQua', operation: 'CONFIRM_RETURN' }],
} as const satisfies Readonly<Record<string, readonly Counterpart[]>>

const NAMES: Readonly<Record<Told['what'], string>> = {
  DEMAND: 'yêu cầu bổ sung',
  SUPPLEMENT: 'giấy tờ bổ sung',
  SUPPLEMENT_OF_FRONT_END: 'giấy tờ bổ sung',
  RESULT: 'kết quả',
  RETURN: 'việc trả kết quả',
}

/** In the inbox, for people to see: no transfer comes of it. */
const SET_ASIDE: ReadonlySet<string> = new Set(['QUARANTINED', 'CONFLICT', 'DISMISSED', 'UNMATCHED', 'REFUSED'])

/** Each once, however often it was told. */
const toldIn = ({ ledgers, accepted, supplemented, returned }: Facts): Told[] => {
  const known = new Set(accepted)
  const told = new Map<string, Told>()
  const add = (one: Told): void => {
    if (known.has(one.code)) told.set(`${one.by} ${one.what} ${one.eventId ?? one.code}`, one)
  }
  for (const { what, detail } of ledgers.ONE_STOP.deeds) {
    const { dossierCode: code = '', supplementNo, eventId } = detail
    const number = supplementNo === undefined ? {} : { supplementNo }
    if (what === 'SUPPLEMENT_HANDED_IN')
      add({ by: 'ONE_STOP', what: 'SUPPLEMENT', code, ...number, ...(eventId !== undefined && { eventId }) })
    if (what === 'RESULT_RETURNED') add({ by: 'ONE_STOP', what: 'RETURN', code, ...(eventId !== undefined && { eventId }) })
  }
  for (const { what, detail } of ledgers.VILIS.deeds) {
    const { dossierCode: code = '', kind, eventId = '' } = detail
    if (what === 'CHANGED' && (kind === DEMAND || kind === RESULT)) add({ by: 'VILIS', what: kind, code, eventId })
  }
  for (const code of supplemented) add({ by: 'GATEWAY', what: 'SUPPLEMENT_OF_FRONT_END', code, supplementNo: 1 })
  for (const code of returned) add({ by: 'GATEWAY', what: 'RETURN', code })
  return [...told.values()]
}

const isThere = (deed: SeenDeed, { code, supplementNo }: Told, { wire, status }: Counterpart): boolean =>
  deed.what === 'ACCEPTED' &&
  deed.detail.operation === wire &&
  deed.detail.dossierCode === code &&
  (supplementNo === undefined || deed.detail.supplementNo === supplementNo) &&
  (status === undefined || deed.detail.status === status)

/** What was said of a status is not in a transfer's row here: one that is delivered may be of another. What else is delivered is judged by its key. */
const isPlanned = (transfer: TransferFact, { code, supplementNo }: Told, { operation, status }: Counterpart): boolean =>
  transfer.code === code &&
  transfer.operation === operation &&
  (supplementNo === undefined || transfer.supplementNo === supplementNo) &&
  transfer.state !== 'SUPERSEDED' &&
  (status === undefined || transfer.state !== 'DELIVERED')

interface Found {
  readonly invariant: 'lost' | 'doubled' | 'order' | 'held'
  readonly of: string
  readonly detail: string
}

/** Told by one side, and neither in the other's book, nor on its way there, nor before a person's eyes. */
export const withoutCounterpart = (facts: Facts): Found[] =>
  toldIn(facts).flatMap((told) => {
    const { by, what, code, eventId } = told
    const state = eventId === undefined ? undefined : facts.inbox.get(`${by} event:${eventId}`)
    if (eventId !== undefined && state === undefined)
      return [{ invariant: 'lost' as const, of: code, detail: `${by} đã báo ${NAMES[what]} (${eventId}), không có trong hộp thư đến` }]
    if (state !== undefined && SET_ASIDE.has(state)) return []
    return COUNTERPARTS[what]
      .filter((counterpart) => !facts.ledgers[counterpart.at].deeds.some((deed) => isThere(deed, told, counterpart)))
      .filter((counterpart) => !facts.transfers.some((transfer) => isPlanned(transfer, told, counterpart)))
      .map(({ at }) => ({ invariant: 'lost' as const, of: code, detail: `${NAMES[what]} không tới ${at} và không ai được báo` }))
  })

/** What a system has told waits before a person's eyes: nothing comes of it, and the lives that wait for it stop. */
export const setAside = (facts: Facts): Found[] =>
  toldIn(facts).flatMap(({ by, what, code, eventId }) => {
    const state = facts.inbox.get(`${by} event:${eventId}`)
    return state !== undefined && SET_ASIDE.has(state)
      ? [{ invariant: 'held' as const, of: code, detail: `${NAMES[what]} mà ${by} đã báo (${eventId}) bị để riêng: ${state}` }]
      : []
  })

/** What happens once to a dossier, or once under its number; of a result there may be others with other content. */
const ONCE: Readonly<Partial<Record<SystemId, readonly string[]>>> = {
  VILIS: ['BoSungHoSo', 'RutHoSo', 'XacNhanTraKetQua'],
  ONE_STOP: ['TiepNhanBoSungLienThong', 'CapNhatKetQua'],
}

/** The same business act under two keys; under one key it is the judge's own look at keys that convicts. The digest is our own word: a result of other content is one that ViLIS has told. */
export const doneTwice = (facts: Facts): Found[] => {
  const codes = new Set(facts.transfers.map(({ code }) => code))
  const results = new Map<string, number>()
  for (const { what, code } of toldIn(facts)) if (what === 'RESULT') results.set(code, (results.get(code) ?? 0) + 1)
  return (Object.keys(ONCE) as SystemId[]).flatMap((systemId) => {
    const first = new Map<string, string>()
    const contents = new Map<string, Set<string>>()
    return facts.ledgers[systemId].deeds.flatMap(({ what, detail }) => {
      const { operation = '', dossierCode = '', key = '', supplementNo, digest = '' } = detail
      if (what !== 'ACCEPTED' || !codes.has(dossierCode) || !ONCE[systemId]?.includes(operation)) return []
      const isResult = operation === 'CapNhatKetQua'
      const act = `${dossierCode} ${operation} ${supplementNo ?? (isResult ? digest : '')}`
      const known = first.get(act)
      if (known === undefined) first.set(act, key)
      if (known !== undefined && known !== key)
        return [{ invariant: 'doubled' as const, of: key, detail: `bên nhận đã ghi cùng việc đó (${operation}) dưới ${known}` }]
      const of = contents.get(dossierCode) ?? new Set()
      if (isResult) contents.set(dossierCode, of.add(digest))
      const told = results.get(dossierCode) ?? 0
      return isResult && known === undefined && of.size > Math.max(told, 1)
        ? [{ invariant: 'doubled' as const, of: key, detail: `kết quả thứ ${of.size}, ViLIS đã báo ${told}` }]
        : []
    })
  })
}

/** On our own timeline a supplement of a number, a withdrawal and a hand-over count once. */
export const countedTwice = ({ events }: Facts): Found[] =>
  events
    .filter(({ count }) => count > 1)
    .map(({ code, kind, count }) => ({
      invariant: 'doubled' as const,
      of: code,
      detail: `dòng thời gian của ta tính ${kind} ${count} lần`,
    }))

/** By which a dossier comes to be at a system, its deeds of its own included. */
const INTRODUCED_BY: Readonly<Record<SystemId, { readonly wire: string; readonly own: string }>> = {
  VILIS: { wire: 'TiepNhanHoSo', own: 'TAKEN' },
  ONE_STOP: { wire: 'TiepNhanHoSoLienThong', own: 'DOSSIER_TAKEN' },
  PORTAL: { wire: 'DongBoHoSoMC', own: '' },
}

/** A request about a dossier that the twin did not have yet: whatever our tables say of the order. */
export const beforeTheDossier = (facts: Facts): Found[] => {
  const codes = new Set(facts.transfers.map(({ code }) => code))
  return (Object.keys(INTRODUCED_BY) as SystemId[]).flatMap((systemId) => {
    const { wire, own } = INTRODUCED_BY[systemId]
    const since = new Map<string, number>()
    for (const { seq, what, detail } of facts.ledgers[systemId].deeds) {
      const { dossierCode = '', operation } = detail
      if ((what === own || (what === 'ACCEPTED' && operation === wire)) && !since.has(dossierCode)) since.set(dossierCode, seq)
    }
    return [...facts.ledgers[systemId].requests.values()].flatMap(({ seq, key = '', operation }) => {
      const code = key.slice(0, key.lastIndexOf('.', key.lastIndexOf('.') - 1))
      if (operation === wire || !codes.has(code) || (since.get(code) ?? Number.POSITIVE_INFINITY) < seq) return []
      return [{ invariant: 'order' as const, of: key, detail: `bên nhận thấy ${operation} trước khi có hồ sơ` }]
    })
  })
}
