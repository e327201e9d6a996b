import { GatewayError } from '../errors.js'
import type { ComparedField, ComparedRecord } from '../model/compared-record.js'
import { addUnmapped, isToldByCode, type SpoiltRecords, type UnmappedCommunes } from '../model/reconciliation-run.js'
import { SYSTEM_IN_SENTENCE, type SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { Compared, ComparisonSource, ReceptionRange, TheirGroup, TheirGroupDigest, UnreadableRow } from '../ports/comparison-source.js'
import { type ReadGate, reportOfRead } from '../transfer/read-gate.js'
import { paceOf } from './keep-pace.js'
import { readAhead } from './read-ahead.js'

/**
 * Phía bên kia, as a run reads it: one call at a time, at the rate that this system is promised, through the gate that live reads and polls pass, never while it is
 * paused or in maintenance. What is asked for is given whole, however many pages it came in; a list comes page by page, the next one already asked for while one is
 * looked at. When the system cannot be read this throws UPSTREAM_UNAVAILABLE: the step is given up, and begun again later from its cursor.
 */
export interface TheirSide {
  readonly id: SystemId
  readonly style: ComparisonSource['style']
  readonly fields: readonly ComparedField[]
  readonly batchLimit: number
  days(range: ReceptionRange): Promise<readonly TheirGroupDigest[]>
  buckets(days: readonly TheirGroup[]): Promise<readonly TheirGroupDigest[]>
  records(groups: readonly TheirGroup[]): Promise<readonly ComparedRecord[]>
  list(range: ReceptionRange): AsyncGenerator<readonly ComparedRecord[]>
  ofCodes(codes: readonly string[]): Promise<{ readonly records: readonly ComparedRecord[]; readonly unreadable: ReadonlySet<string> }>
  /** Keeps the run's lease while nothing is asked for; throws when it was lost. */
  beat(): Promise<void>
  /** Since it was opened. */
  spent(): Spent
}

export interface Spent {
  readonly calls: number
  readonly bytes: number
  /** Records that could not be read, beside those that were known before: each once. */
  readonly unreadable: number
  /** Why, of those of them that are told by their code. */
  readonly spoilt: SpoiltRecords
  readonly unmapped: UnmappedCommunes
}

export interface TheirSideDependencies {
  readonly sql: Sql
  readonly source: ComparisonSource
  readonly gate: ReadGate
  readonly perSecond: number
  /** Called before each call: keeps the run's lease, and throws when it was lost. */
  readonly beat: () => Promise<void>
  /** What could not be read before, counted already. */
  readonly spoilt?: SpoiltRecords
  /** What is asked for by code is the scan itself, and no second look at what one has met. */
  readonly isScannedByCode?: boolean
}

type Read<T> = Extract<Compared<T>, { kind: 'READ' }>

/** Of what is told people, and stands in the run's row: theirs is any text. */
const LONGEST_CODE = 60

const CLOSED_WORDS = { PAUSED: 'hệ thống đang được tạm dừng.', MAINTENANCE: 'hệ thống đang bảo trì.' } as const

export const openTheirSide = (deps: TheirSideDependencies): TheirSide => {
  const { sql, source, gate, perSecond, beat, spoilt: before = {}, isScannedByCode = false } = deps
  const spent = { calls: 0, bytes: 0, unreadable: 0 }
  let unmapped: UnmappedCommunes = {}
  const spoilt = new Map<string, string>()
  /** A scan meets each record once; a look counts what it is the first to meet, as far as that can be told. */
  const noteUnreadable = ({ dossierCode, reason }: UnreadableRow, isLook: boolean): void => {
    const code = dossierCode?.slice(0, LONGEST_CODE)
    if (code !== undefined && (Object.hasOwn(before, code) || spoilt.has(code))) return
    if (code !== undefined && isToldByCode({ ...before, ...Object.fromEntries(spoilt) })) spoilt.set(code, reason)
    else if (isLook) return
    spent.unreadable += 1
  }
  const unavailable = (cause: string): GatewayError =>
    new GatewayError('UPSTREAM_UNAVAILABLE', `Chưa đọc được ${SYSTEM_IN_SENTENCE[source.id]}: ${cause}`, { system: source.id })

  const pause = paceOf(sql, source.id, perSecond)
  let turn: Promise<unknown> = Promise.resolve()
  const call = <T>(ask: () => Promise<Compared<T>>, isLook = false): Promise<Read<T>> => {
    const mine = turn.then(() => callNow(ask, isLook))
    turn = mine.catch(() => undefined)
    return mine
  }
  const callNow = async <T>(ask: () => Promise<Compared<T>>, isLook: boolean): Promise<Read<T>> => {
    await beat()
    const closed = await pause()
    if (closed) throw unavailable(CLOSED_WORDS[closed])
    const answer = await gate.pass(
      ask,
      (read): ReturnType<typeof reportOfRead> => reportOfRead(read.kind === 'FAILED' ? read : { kind: 'READ' }),
    )
    if (answer === undefined) throw unavailable('cầu dao đang mở.')
    spent.calls += 1
    if (answer.kind === 'FAILED') throw unavailable(answer.cause)
    spent.bytes += answer.bytes
    for (const row of answer.unreadable) noteUnreadable(row, isLook)
    return answer as Read<T>
  }

  async function* pages<T>(ask: (cursor?: string) => Promise<Compared<T>>): AsyncGenerator<Read<T>> {
    let cursor: string | undefined
    const known = new Set<string>()
    do {
      const page: Read<T> = await call(() => ask(cursor))
      cursor = page.next
      if (cursor !== undefined && known.has(cursor)) throw unavailable('vị trí trang không tiến lên.')
      if (cursor !== undefined) known.add(cursor)
      yield page
    } while (cursor !== undefined)
  }

  const inBatches = <Item>(items: readonly Item[]): Item[][] =>
    Array.from({ length: Math.ceil(items.length / source.batchLimit) }, (_, index) =>
      items.slice(index * source.batchLimit, (index + 1) * source.batchLimit),
    )

  return {
    id: source.id,
    style: source.style,
    fields: source.fields,
    batchLimit: source.batchLimit,
    days: async (range) => {
      const groups: TheirGroupDigest[] = []
      for await (const page of pages((cursor) => source.days(range, cursor))) groups.push(...page.groups)
      for (const { communeCode, theirCommune, count } of groups)
        if (communeCode === undefined) unmapped = addUnmapped(unmapped, { [theirCommune.trim().slice(0, LONGEST_CODE)]: count })
      return groups
    },
    buckets: async (days) => {
      const groups: TheirGroupDigest[] = []
      for (const batch of inBatches(days)) {
        const answer = await call(() => source.buckets(batch))
        // A bucket that both sides lack and one that was left out look the same.
        if (answer.next !== undefined) throw unavailable('chỉ trả lời một phần câu hỏi theo nhóm.')
        groups.push(...answer.groups)
      }
      return groups
    },
    records: async (groups) => {
      const records: ComparedRecord[] = []
      for (const batch of inBatches(groups))
        for await (const page of pages((cursor) => source.records(batch, cursor))) records.push(...page.records)
      return records
    },
    list: async function* (range) {
      for await (const { records } of readAhead(pages((cursor) => source.list(range, cursor)))) yield records
    },
    ofCodes: async (codes) => {
      const records: ComparedRecord[] = []
      const unreadable = new Set<string>()
      for (const batch of inBatches(codes)) {
        const answer = await call(() => source.ofCodes(batch), !isScannedByCode)
        // A code that is not in the answer is not there: so it has to be the whole answer, and to this question.
        if (answer.next !== undefined) throw unavailable('chỉ trả lời một phần câu hỏi theo mã hồ sơ.')
        if (answer.records.some(({ dossierCode }) => !batch.includes(dossierCode))) throw unavailable('trả lời về hồ sơ không được hỏi.')
        records.push(...answer.records)
        // A row that does not say its code may be any of them.
        for (const { dossierCode } of answer.unreadable)
          for (const code of dossierCode === undefined ? batch : [dossierCode]) unreadable.add(code)
      }
      return { records, unreadable }
    },
    beat,
    spent: () => ({ ...spent, spoilt: Object.fromEntries(spoilt), unmapped }),
  }
}
