import { expect, test } from '@jest/globals'
import type { DeedDetail } from '../../../bench/drill/judge/deed-detail.js'
import type { AttemptFact, Facts, TransferFact } from '../../../bench/drill/judge/facts.js'
import { judge, needlessWaits } from '../../../bench/drill/judge/invariants.js'
import type { LedgerFile, SeenDeed, SeenRequest } from '../../../bench/drill/judge/ledger-file.js'
import { bySystem, type SystemId } from '../../../src/model/system.js'

/**
 * A life that was lived right: registered, asked for papers, given them, finished, handed over. Each test spoils one line of it, in a ledger or in our tables,
 * and the judge of the drill names what broke.
 */
const CODE = 'H58.22-261122-001901'
const OPERATIONS = ['RECEIVE', 'UPDATE_STATUS', 'SUPPLEMENT', 'POST_RESULT', 'CONFIRM_RETURN'] as const
type Operation = (typeof OPERATIONS)[number]
const WIRE: Readonly<Record<Operation, readonly [SystemId, string]>> = {
  RECEIVE: ['VILIS', 'TiepNhanHoSo'],
  UPDATE_STATUS: ['ONE_STOP', 'CapNhatTrangThai'],
  SUPPLEMENT: ['VILIS', 'BoSungHoSo'],
  POST_RESULT: ['ONE_STOP', 'CapNhatKetQua'],
  CONFIRM_RETURN: ['VILIS', 'XacNhanTraKetQua'],
}
const keyOf = (operation: Operation): string => `${CODE}.${operation}.${OPERATIONS.indexOf(operation) + 1}`

/** A second for each, in order: request, then commit. */
const atMs = (operation: Operation): number => (OPERATIONS.indexOf(operation) + 1) * 1_000
const seqOf = (operation: Operation): number => (OPERATIONS.indexOf(operation) + 1) * 10

const transferOf = (operation: Operation): TransferFact => ({
  id: operation,
  code: CODE,
  systemId: WIRE[operation][0],
  operation,
  sequence: OPERATIONS.indexOf(operation) + 1,
  key: keyOf(operation),
  state: 'DELIVERED',
  heldReason: null,
  supplementNo: operation === 'SUPPLEMENT' ? 1 : null,
  files: 0,
})
const attemptOf = (operation: Operation): AttemptFact => ({
  transferId: operation,
  number: 1,
  kind: 'SEND',
  startedMs: atMs(operation),
  committedMs: atMs(operation) + 5,
  endedMs: atMs(operation) + 100,
  outcome: 'ACCEPTED',
  detail: null,
  late: false,
})
const requestOf = (operation: Operation): SeenRequest => ({
  seq: seqOf(operation),
  atMs: atMs(operation) + 50,
  operation: WIRE[operation][1],
  key: keyOf(operation),
  answered: 'OK',
  processed: 1,
})
const commitOf = (operation: Operation, detail: DeedDetail = {}): SeenDeed => ({
  seq: seqOf(operation) + 1,
  atMs: atMs(operation) + 60,
  requestSeq: seqOf(operation),
  what: 'ACCEPTED',
  detail: {
    operation: WIRE[operation][1],
    dossierCode: CODE,
    key: keyOf(operation),
    digest: keyOf(operation),
    ...(operation === 'SUPPLEMENT' && { supplementNo: 1 }),
    ...(operation === 'UPDATE_STATUS' && { status: 5 }),
    ...detail,
  },
})
const own = (seq: number, what: string, detail: DeedDetail): SeenDeed => ({
  seq,
  atMs: seq * 100,
  what,
  detail: { dossierCode: CODE, ...detail },
})

interface Books {
  readonly transfers: TransferFact[]
  readonly requests: SeenRequest[]
  readonly deeds: SeenDeed[]
  readonly atDesk: SeenDeed[]
  readonly inbox: Map<string, string>
  readonly supplemented: string[]
  readonly returned: string[]
  readonly events: { code: string; kind: string; count: number }[]
}

const rightLife = (): Books => ({
  transfers: OPERATIONS.map(transferOf),
  requests: OPERATIONS.map(requestOf),
  deeds: [
    ...OPERATIONS.map((operation) => commitOf(operation)),
    own(15, 'CHANGED', { kind: 'DEMAND', eventId: 'SK-1' }),
    own(35, 'CHANGED', { kind: 'RESULT', eventId: 'SK-2' }),
  ],
  atDesk: [
    own(1, 'DOSSIER_TAKEN', {}),
    own(25, 'SUPPLEMENT_HANDED_IN', { supplementNo: 1, eventId: 'MC-25' }),
    own(45, 'RESULT_RETURNED', { eventId: 'MC-45' }),
  ],
  inbox: new Map(['VILIS event:SK-1', 'VILIS event:SK-2', 'ONE_STOP event:MC-25', 'ONE_STOP event:MC-45'].map((id) => [id, 'APPLIED'])),
  supplemented: [],
  returned: [],
  events: [{ code: CODE, kind: 'SUPPLEMENT_HANDED_IN', count: 1 }],
})

const isOf =
  (systemId: SystemId) =>
  ({ operation }: { readonly operation?: string }): boolean =>
    OPERATIONS.some((one) => WIRE[one][0] === systemId && WIRE[one][1] === operation)

const factsOf = ({ requests, deeds, atDesk, ...books }: Books): Facts => {
  const ledger = (systemId: SystemId): LedgerFile => {
    const of = isOf(systemId)
    const bySystemDeeds = deeds.filter(({ what, detail }) => (what === 'ACCEPTED' ? of(detail) : systemId === 'VILIS'))
    return {
      systemId,
      requests: new Map(requests.filter(of).map((one) => [one.seq, one])),
      deeds: [...bySystemDeeds, ...(systemId === 'ONE_STOP' ? atDesk : [])].sort((a, b) => a.seq - b.seq),
      read: async () => undefined,
    }
  }
  return {
    accepted: [CODE],
    withdrawn: [],
    dossiers: new Set([CODE]),
    withdrawals: new Map(),
    attempts: new Map(OPERATIONS.map((operation) => [operation, [attemptOf(operation)]])),
    moves: [],
    audits: new Map(),
    lostTimes: [],
    ...books,
    ledgers: bySystem(ledger),
  }
}

const convicted = (spoil: (books: Books) => void): string[] => {
  const books = rightLife()
  spoil(books)
  return judge(factsOf(books)).map(({ invariant, of, detail }) => `${invariant} ${of}: ${detail}`)
}
const without = <Item>(list: Item[], isIt: (item: Item) => boolean): void => {
  const at = list.findIndex(isIt)
  if (at < 0) throw new Error('not there')
  list.splice(at, 1)
}
const keyIs =
  (operation: Operation) =>
  (one: { readonly key?: string; readonly detail?: DeedDetail }): boolean =>
    (one.key ?? one.detail?.key) === keyOf(operation)
/** Neither planned nor sent. */
const never =
  (operation: Operation) =>
  ({ transfers, requests, deeds }: Books): void => {
    for (const list of [transfers, requests, deeds] as { key?: string; detail?: DeedDetail }[][]) without(list, keyIs(operation))
  }

test('a life that was lived right breaks nothing', () => {
  expect(convicted(() => undefined)).toEqual([])
})

test.each<[string, (books: Books) => void, string]>([
  [
    'papers that the desk was given, and ViLIS never got',
    never('SUPPLEMENT'),
    `lost ${CODE}: giấy tờ bổ sung không tới VILIS và không ai được báo`,
  ],
  [
    'a result that ViLIS gave, and the desk never got',
    never('POST_RESULT'),
    `lost ${CODE}: kết quả không tới ONE_STOP và không ai được báo`,
  ],
  ['a hand-over that ViLIS never heard of', never('CONFIRM_RETURN'), `lost ${CODE}: việc trả kết quả không tới VILIS và không ai được báo`],
  [
    'a demand of ViLIS that the desk never heard of',
    ({ deeds }) => void deeds.splice(deeds.findIndex(keyIs('UPDATE_STATUS')), 1, commitOf('UPDATE_STATUS', { status: 4 })),
    `lost ${CODE}: yêu cầu bổ sung không tới ONE_STOP và không ai được báo`,
  ],
  [
    'papers under another number',
    ({ deeds, transfers }) => {
      deeds.splice(deeds.findIndex(keyIs('SUPPLEMENT')), 1, commitOf('SUPPLEMENT', { supplementNo: 2 }))
      transfers.splice(transfers.findIndex(keyIs('SUPPLEMENT')), 1, { ...transferOf('SUPPLEMENT'), supplementNo: 2 })
    },
    `lost ${CODE}: giấy tờ bổ sung không tới VILIS và không ai được báo`,
  ],
  [
    'papers that were planned and put aside for a newer version',
    ({ transfers, requests, deeds }) => {
      transfers.splice(transfers.findIndex(keyIs('SUPPLEMENT')), 1, { ...transferOf('SUPPLEMENT'), state: 'SUPERSEDED' })
      without(requests, keyIs('SUPPLEMENT'))
      without(deeds, keyIs('SUPPLEMENT'))
    },
    `lost ${CODE}: giấy tờ bổ sung không tới VILIS và không ai được báo`,
  ],
  [
    'papers that the desk has told and nobody has read',
    ({ inbox }) => void inbox.delete('ONE_STOP event:MC-25'),
    `lost ${CODE}: ONE_STOP đã báo giấy tờ bổ sung (MC-25), không có trong hộp thư đến`,
  ],
  [
    'papers that a front end was told are taken, and the desk never got',
    ({ supplemented }) => void supplemented.push(CODE),
    `lost ${CODE}: giấy tờ bổ sung không tới ONE_STOP và không ai được báo`,
  ],
  [
    'papers that ViLIS has twice, under two keys',
    ({ deeds, transfers }) => {
      const again = `${CODE}.SUPPLEMENT.9`
      transfers.push({ ...transferOf('SUPPLEMENT'), id: 'again', key: again, sequence: 9 })
      deeds.push({ ...commitOf('SUPPLEMENT', { key: again }), seq: 62, requestSeq: 61 })
    },
    `doubled ${CODE}.SUPPLEMENT.9: bên nhận đã ghi cùng việc đó (BoSungHoSo) dưới ${keyOf('SUPPLEMENT')}`,
  ],
  [
    'papers that ViLIS has twice, under one key',
    ({ deeds }) => void deeds.push({ ...commitOf('SUPPLEMENT'), seq: 62, requestSeq: 61 }),
    `doubled ${keyOf('SUPPLEMENT')}: bên nhận đã ghi 2 lần`,
  ],
  [
    'a result that the desk has twice',
    ({ deeds, transfers }) => {
      const again = `${CODE}.POST_RESULT.9`
      transfers.push({ ...transferOf('POST_RESULT'), id: 'again', key: again, sequence: 9 })
      deeds.push({ ...commitOf('POST_RESULT', { key: again }), seq: 62, requestSeq: 61 })
    },
    `doubled ${CODE}.POST_RESULT.9: bên nhận đã ghi cùng việc đó (CapNhatKetQua) dưới ${keyOf('POST_RESULT')}`,
  ],
  [
    'a result that the desk has twice, under two digests, where ViLIS has told one',
    ({ deeds, transfers }) => {
      const again = `${CODE}.POST_RESULT.9`
      transfers.push({ ...transferOf('POST_RESULT'), id: 'again', key: again, sequence: 9 })
      deeds.push({ ...commitOf('POST_RESULT', { key: again, digest: again }), seq: 62, requestSeq: 61 })
    },
    `doubled ${CODE}.POST_RESULT.9: kết quả thứ 2, ViLIS đã báo 1`,
  ],
  [
    'papers that our own timeline counts twice',
    ({ events }) => void events.push({ code: CODE, kind: 'SUPPLEMENT_HANDED_IN', count: 2 }),
    `doubled ${CODE}: dòng thời gian của ta tính SUPPLEMENT_HANDED_IN 2 lần`,
  ],
  [
    'a result called delivered that the desk has not',
    ({ deeds }) => without(deeds, keyIs('POST_RESULT')),
    `lost ${keyOf('POST_RESULT')}: ghi là đã chuyển, bên nhận không có`,
  ],
])('convicts of %s', (_, spoil, sentence) => {
  expect(convicted(spoil)).toEqual([sentence])
})

test('convicts of papers that ViLIS sees before the dossier, whatever order our tables tell', () => {
  const convictions = convicted(({ transfers, requests, deeds }) => {
    transfers.splice(transfers.findIndex(keyIs('SUPPLEMENT')), 1, { ...transferOf('SUPPLEMENT'), sequence: 0 })
    requests.splice(requests.findIndex(keyIs('SUPPLEMENT')), 1, { ...requestOf('SUPPLEMENT'), seq: 5 })
    deeds.splice(deeds.findIndex(keyIs('SUPPLEMENT')), 1, { ...commitOf('SUPPLEMENT'), seq: 6, requestSeq: 5 })
  })
  expect(convictions).toEqual([`order ${keyOf('SUPPLEMENT')}: bên nhận thấy BoSungHoSo trước khi có hồ sơ`])
})

test('convicts of a status that the desk is told before it has the dossier', () => {
  expect(convicted(({ atDesk }) => void atDesk.splice(0, 1, own(99, 'DOSSIER_TAKEN', {})))).toEqual([
    `order ${keyOf('UPDATE_STATUS')}: bên nhận thấy CapNhatTrangThai trước khi có hồ sơ`,
    `order ${keyOf('POST_RESULT')}: bên nhận thấy CapNhatKetQua trước khi có hồ sơ`,
  ])
})

test.each<[string, (books: Books) => void]>([
  [
    'papers that are held for a person, and what waits behind them',
    ({ transfers, requests, deeds }) => {
      transfers.splice(transfers.findIndex(keyIs('SUPPLEMENT')), 1, { ...transferOf('SUPPLEMENT'), state: 'HELD', heldReason: 'CONFLICT' })
      transfers.splice(transfers.findIndex(keyIs('CONFIRM_RETURN')), 1, { ...transferOf('CONFIRM_RETURN'), state: 'QUEUED' })
      for (const operation of ['SUPPLEMENT', 'CONFIRM_RETURN'] as const)
        for (const list of [requests, deeds] as { key?: string; detail?: DeedDetail }[][]) without(list, keyIs(operation))
    },
  ],
  [
    'papers that are set aside in the inbox, for people to see',
    (books) => {
      never('SUPPLEMENT')(books)
      books.inbox.set('ONE_STOP event:MC-25', 'CONFLICT')
    },
  ],
  [
    'papers that a front end handed in, and both have',
    ({ supplemented, atDesk, transfers }) => {
      const key = `${CODE}.POST_SUPPLEMENT.3`
      supplemented.push(CODE)
      transfers.push({ ...transferOf('SUPPLEMENT'), id: 'posted', systemId: 'ONE_STOP', operation: 'POST_SUPPLEMENT', key, sequence: 9 })
      atDesk.push({ ...commitOf('UPDATE_STATUS', { operation: 'TiepNhanBoSungLienThong', key, supplementNo: 1 }), seq: 61, requestSeq: 60 })
    },
  ],
  ['a demand that is told twice', ({ deeds }) => void deeds.push(own(16, 'CHANGED', { kind: 'DEMAND', eventId: 'SK-1' }))],
  [
    'a result of a dossier that the drill has not handed in',
    ({ deeds }) =>
      void deeds.push({ ...own(70, 'CHANGED', { kind: 'RESULT', eventId: 'SK-9' }), detail: { dossierCode: 'khac', kind: 'RESULT' } }),
  ],
])('acquits of %s', (_, spoil) => {
  expect(convicted(spoil)).toEqual([])
})

test('convicts of what the systems tell and we set aside, though no other side gave a reason: nothing of the life goes on', () => {
  const books = rightLife()
  for (const operation of ['UPDATE_STATUS', 'SUPPLEMENT', 'POST_RESULT', 'CONFIRM_RETURN'] as const) never(operation)(books)
  for (const identity of books.inbox.keys()) books.inbox.set(identity, 'QUARANTINED')
  const facts = factsOf(books)
  expect(judge(facts)).toEqual([])
  expect(
    needlessWaits(facts)
      .map(({ invariant, of, detail }) => `${invariant} ${of}: ${detail}`)
      .toSorted(),
  ).toEqual([
    `held ${CODE}: giấy tờ bổ sung mà ONE_STOP đã báo (MC-25) bị để riêng: QUARANTINED`,
    `held ${CODE}: kết quả mà VILIS đã báo (SK-2) bị để riêng: QUARANTINED`,
    `held ${CODE}: việc trả kết quả mà ONE_STOP đã báo (MC-45) bị để riêng: QUARANTINED`,
    `held ${CODE}: yêu cầu bổ sung mà VILIS đã báo (SK-1) bị để riêng: QUARANTINED`,
  ])
  expect(needlessWaits(factsOf(rightLife()))).toEqual([])
})
