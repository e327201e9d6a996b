import { expect, test } from '@jest/globals'
import type { AttemptFact, Facts, TransferFact } from '../../../bench/drill/judge/facts.js'
import { judge, needlessWaits } from '../../../bench/drill/judge/invariants.js'
import type { LedgerFile, SeenDeed, SeenRequest } from '../../../bench/drill/judge/ledger-file.js'
import { untilSettled } from '../../../bench/drill/run-fault.js'
import { LEASE_MS, MAX_PROCESSING_MS } from '../../../bench/drill/settings.js'
import { bySystem } from '../../../src/model/system.js'

/** The judge of the drill convicts each breach, and nobody who kept the rules. */
const CODE = 'H58.22-261122-001001'
const RECEIVE = `${CODE}.RECEIVE.1`
const WITHDRAW = `${CODE}.WITHDRAW.2`

/** After the first second, in which the first request and its commit are, nothing of it is known. */
const LOST_TIME = { fromMs: 500, toMs: 2_500 }

const transfer = (changes: Partial<TransferFact> = {}): TransferFact => ({
  id: 't1',
  code: CODE,
  systemId: 'VILIS',
  operation: 'RECEIVE',
  sequence: 1,
  key: RECEIVE,
  state: 'DELIVERED',
  heldReason: null,
  supplementNo: null,
  files: 2,
  ...changes,
})
/** From then on they must be done with the first sending, of the first second; with what left before LOST_TIME ended. */
const ABSENT_FROM_MS = 1_000 + LEASE_MS + MAX_PROCESSING_MS
const ABSENT_AFTER_RESTORE_MS = LOST_TIME.toMs + MAX_PROCESSING_MS
const absent = (number: number, startedMs: number): AttemptFact => attempt(number, { kind: 'INQUIRE', outcome: 'ABSENT', startedMs })
const attempt = (number: number, changes: Partial<AttemptFact> = {}): AttemptFact => ({
  transferId: 't1',
  number,
  kind: 'SEND',
  startedMs: number * 1_000,
  committedMs: number * 1_000 + 5,
  endedMs: number * 1_000 + 100,
  outcome: 'ACCEPTED',
  detail: null,
  late: false,
  ...changes,
})
const request = (seq: number, changes: Partial<SeenRequest> = {}): SeenRequest => ({
  seq,
  atMs: 1_050,
  operation: 'TiepNhanHoSo',
  key: RECEIVE,
  answered: 'OK',
  processed: 1,
  ...changes,
})
const WIRE: Readonly<Record<string, string>> = { [RECEIVE]: 'TiepNhanHoSo', [WITHDRAW]: 'RutHoSo' }
const commit = (seq: number, requestSeq: number, key = RECEIVE): SeenDeed => ({
  seq,
  atMs: 1_060,
  requestSeq,
  what: 'ACCEPTED',
  detail: { key, dossierCode: CODE, operation: WIRE[key] ?? 'TiepNhanHoSo' },
})

const ledger = (systemId: LedgerFile['systemId'], requests: readonly SeenRequest[] = [], deeds: readonly SeenDeed[] = []): LedgerFile => ({
  systemId,
  requests: new Map(requests.map((one) => [one.seq, one])),
  deeds,
  read: async () => undefined,
})

interface Changes extends Partial<Omit<Facts, 'attempts' | 'ledgers'>> {
  readonly attempts?: readonly AttemptFact[]
  readonly requests?: readonly SeenRequest[]
  readonly deeds?: readonly SeenDeed[]
  /** Of the desk. */
  readonly atDesk?: { readonly requests?: readonly SeenRequest[]; readonly deeds: readonly SeenDeed[] }
}
const facts = ({
  attempts = [attempt(1)],
  requests = [request(1)],
  deeds = [commit(2, 1)],
  atDesk = { deeds: [] },
  ...changes
}: Changes = {}): Facts => ({
  accepted: [CODE],
  withdrawn: [],
  supplemented: [],
  returned: [],
  events: [],
  dossiers: new Set([CODE]),
  withdrawals: new Map(),
  transfers: [transfer()],
  moves: [],
  audits: new Map(),
  inbox: new Map([['VILIS event:VL-90', 'APPLIED']]),
  lostTimes: [],
  ...changes,
  attempts: groups(attempts),
  ledgers: bySystem((id) =>
    id === 'VILIS' ? ledger(id, requests, deeds) : id === 'ONE_STOP' ? ledger(id, atDesk.requests, atDesk.deeds) : ledger(id),
  ),
})
const groups = (attempts: readonly AttemptFact[]): Map<string, AttemptFact[]> => {
  const all = new Map<string, AttemptFact[]>()
  for (const one of attempts) all.set(one.transferId, [...(all.get(one.transferId) ?? []), one])
  return all
}
const convicted = (changes: Changes): string[] => [...new Set(judge(facts(changes)).map(({ invariant }) => invariant))]

test('a dossier that was sent once, after its attempt was kept, breaks nothing', () => {
  expect(judge(facts())).toEqual([])
})

test.each<[string, string, Changes]>([
  ['lost', 'an accepted dossier that is nowhere', { dossiers: new Set(), transfers: [], attempts: [], requests: [], deeds: [] }],
  ['lost', 'a transfer that is still open', { transfers: [transfer({ state: 'WAITING_RETRY' })] }],
  ['lost', 'one called delivered that they have not', { deeds: [] }],
  ['lost', 'a withdrawal that was taken and is nowhere', { withdrawn: [CODE] }],
  [
    'lost',
    'a withdrawal that is applied and told to nobody, though ViLIS has the dossier',
    { withdrawn: [CODE], withdrawals: new Map([[CODE, 'APPLIED']]) },
  ],
  [
    'lost',
    'a withdrawal that waits to be told',
    {
      withdrawn: [CODE],
      withdrawals: new Map([[CODE, 'APPLIED']]),
      transfers: [transfer(), transfer({ id: 't2', operation: 'WITHDRAW', sequence: 2, key: WITHDRAW, state: 'QUEUED' })],
    },
  ],
  [
    'lost',
    'a callback that was answered "received" and is not in the inbox',
    {
      deeds: [
        commit(2, 1),
        { seq: 3, atMs: 1, what: 'CALL_OUT_PLANNED', detail: { key: CODE, eventId: 'VL-9' } },
        { seq: 4, atMs: 2, what: 'CALLED_OUT', detail: { callSeq: 3, outcome: 'ACCEPTED' } },
      ],
    },
  ],
  [
    'doubled',
    'two requests that both led to a record',
    {
      attempts: [attempt(1, { outcome: 'UNAVAILABLE' }), attempt(2)],
      requests: [request(1), request(3, { atMs: 2_050 })],
      deeds: [commit(2, 1), commit(4, 3)],
    },
  ],
  [
    'order',
    'a follower that they see before the one before it',
    {
      transfers: [transfer(), transfer({ id: 't2', operation: 'WITHDRAW', sequence: 2, key: WITHDRAW })],
      attempts: [attempt(1), attempt(1, { transferId: 't2' })],
      requests: [request(1, { key: WITHDRAW, operation: 'RutHoSo' }), request(3)],
      deeds: [commit(2, 1, WITHDRAW), commit(4, 3)],
    },
  ],
  ['attempt', 'a request before its attempt was kept', { requests: [request(1, { atMs: 900 })] }],
  ['attempt', 'a request while the transaction of its attempt was open', { attempts: [attempt(1, { committedMs: 1_055 })] }],
  ['attempt', 'two requests in one attempt', { requests: [request(1), request(3, { atMs: 1_070, processed: 0 })] }],
  [
    'resend',
    'a second sending after an unknown outcome and one "not there"',
    {
      attempts: [attempt(1, { outcome: 'INDETERMINATE' }), absent(2, ABSENT_FROM_MS), attempt(9)],
      requests: [request(1, { processed: 0 }), request(2, { atMs: 9_050 })],
      deeds: [commit(3, 2)],
    },
  ],
  [
    'resend',
    'a second sending after two answers "not there", one of them while they may still have been at work on the first',
    {
      attempts: [attempt(1, { outcome: 'INDETERMINATE' }), absent(2, ABSENT_FROM_MS - 100), absent(3, ABSENT_FROM_MS), attempt(9)],
      requests: [request(1, { processed: 0 }), request(2, { atMs: 9_050 })],
      deeds: [commit(3, 2)],
    },
  ],
  [
    'permanent',
    'a refusal that is tried again',
    { attempts: [attempt(1, { outcome: 'REJECTED' }), attempt(2)], requests: [], deeds: [commit(2, 1)] },
  ],
  [
    'terminal',
    'a way out of a terminal state without a name',
    { moves: [{ transferId: 't1', from: 'REJECTED', to: 'QUEUED', audited: false, staleAttempt: null }] },
  ],
  [
    'fencing',
    'a late answer that moved the state',
    { moves: [{ transferId: 't1', from: 'INDETERMINATE', to: 'DELIVERED', audited: false, staleAttempt: 1 }] },
  ],
  [
    'restore',
    'a sending after a restore of what they had seen in the lost time, after one "not there"',
    {
      lostTimes: [LOST_TIME],
      attempts: [absent(3, ABSENT_AFTER_RESTORE_MS), attempt(9)],
      requests: [request(1, { processed: 0 }), request(2, { atMs: 9_050 })],
      deeds: [commit(3, 2)],
    },
  ],
  [
    'restore',
    'a sending after a restore of what they may still have been at work on at the first of two answers "not there"',
    {
      lostTimes: [LOST_TIME],
      attempts: [absent(3, ABSENT_AFTER_RESTORE_MS - 100), absent(4, ABSENT_AFTER_RESTORE_MS), attempt(9)],
      requests: [request(1, { processed: 0 }), request(2, { atMs: 9_050 })],
      deeds: [commit(3, 2)],
    },
  ],
  [
    'doubled',
    'the content of the lost time once more under another number',
    {
      lostTimes: [LOST_TIME],
      transfers: [transfer({ key: `${CODE}.RECEIVE.2`, sequence: 2 })],
      attempts: [attempt(4)],
      requests: [request(1), request(2, { atMs: 4_050, key: `${CODE}.RECEIVE.2` })],
      deeds: [commit(2, 1), { ...commit(3, 2, `${CODE}.RECEIVE.2`), atMs: 4_060 }],
    },
  ],
  [
    'order',
    'a follower that they saw first in the lost time',
    {
      lostTimes: [LOST_TIME],
      transfers: [transfer(), transfer({ id: 't2', operation: 'WITHDRAW', sequence: 2, key: WITHDRAW })],
      attempts: [],
      requests: [request(1, { key: WITHDRAW, operation: 'RutHoSo' }), request(3)],
      deeds: [commit(2, 1, WITHDRAW), commit(4, 3)],
    },
  ],
  ['attachment', 'a file that they lost, of one called delivered', { requests: [request(1, { misbehaviour: 'LOSE_ATTACHMENT' })] }],
  ['attachment', 'a file that they kept twice', { requests: [request(1, { misbehaviour: 'DOUBLE_ATTACHMENT' })] }],
  ['attachment', 'files that they swapped', { requests: [request(1, { misbehaviour: 'SWAP_ATTACHMENT' })] }],
])('convicts of "%s": %s', (invariant, _, changes) => {
  expect(convicted(changes)).toEqual([invariant])
})

test.each<[string, Changes]>([
  [
    'a held transfer, and what waits behind it',
    {
      transfers: [transfer({ state: 'HELD' }), transfer({ id: 't2', operation: 'WITHDRAW', sequence: 2, key: WITHDRAW, state: 'QUEUED' })],
    },
  ],
  ['a request of the time that a restore has made us forget', { lostTimes: [LOST_TIME], attempts: [] }],
  [
    'one delivered under another number in the lost time',
    { lostTimes: [LOST_TIME], transfers: [transfer({ key: `${CODE}.RECEIVE.2`, sequence: 2 })], attempts: [] },
  ],
  [
    'a sending after a restore and two answers "not there"',
    {
      lostTimes: [LOST_TIME],
      attempts: [absent(3, ABSENT_AFTER_RESTORE_MS), absent(4, ABSENT_AFTER_RESTORE_MS + 200), attempt(9)],
      requests: [request(1, { processed: 0 }), request(2, { atMs: 9_050 })],
      deeds: [commit(3, 2)],
    },
  ],
  ['a withdrawal that is kept on the timeline, as the dossier had ended', { withdrawn: [CODE], withdrawals: new Map([[CODE, 'KEPT']]) }],
  [
    'a withdrawal that was told',
    {
      withdrawn: [CODE],
      withdrawals: new Map([[CODE, 'APPLIED']]),
      transfers: [transfer(), transfer({ id: 't2', operation: 'WITHDRAW', sequence: 2, key: WITHDRAW })],
      attempts: [attempt(1), attempt(2, { transferId: 't2' })],
      requests: [request(1), request(3, { atMs: 2_050, key: WITHDRAW, operation: 'RutHoSo' })],
      deeds: [commit(2, 1), commit(4, 3, WITHDRAW)],
    },
  ],
  [
    'a withdrawal of a dossier that the registry was never to have',
    {
      withdrawn: [CODE],
      withdrawals: new Map([[CODE, 'APPLIED']]),
      transfers: [transfer({ systemId: 'VILIS', operation: 'SYNC_DOSSIER' })],
    },
  ],
  [
    'a callback that was answered "received" and is in the inbox',
    {
      inbox: new Map([['VILIS event:VL-9', 'APPLIED']]),
      deeds: [
        commit(2, 1),
        { seq: 3, atMs: 1, what: 'CALL_OUT_PLANNED', detail: { key: CODE, eventId: 'VL-9' } },
        { seq: 4, atMs: 2, what: 'CALLED_OUT', detail: { callSeq: 3, outcome: 'ACCEPTED' } },
      ],
    },
  ],
  ['a request that the twin was told to process twice', { deeds: [commit(2, 1), commit(3, 1)] }],
  [
    'a second sending after two answers "not there"',
    {
      attempts: [attempt(1, { outcome: 'LOST' }), absent(2, ABSENT_FROM_MS), absent(3, ABSENT_FROM_MS + 200), attempt(9)],
      requests: [request(1, { atMs: 9_050 })],
    },
  ],
  [
    'a second sending that a person has answered for',
    {
      attempts: [attempt(1, { outcome: 'INDETERMINATE' }), attempt(2)],
      requests: [request(1, { atMs: 2_050 })],
      audits: new Map([['t1', [{ transferId: 't1', act: 'CONFIRM_ABSENT', atMs: 1_500 }]]]),
    },
  ],
  [
    'a replay under a name',
    {
      moves: [{ transferId: 't1', from: 'REJECTED', to: 'QUEUED', audited: true, staleAttempt: null }],
      attempts: [attempt(1, { outcome: 'REJECTED' }), attempt(2)],
      requests: [request(1, { atMs: 2_050 })],
      audits: new Map([['t1', [{ transferId: 't1', act: 'REPLAY', atMs: 1_500 }]]]),
    },
  ],
  [
    'a file that they lost, of one that is held for it',
    { transfers: [transfer({ state: 'HELD', heldReason: 'CONFLICT' })], requests: [request(1, { misbehaviour: 'LOSE_ATTACHMENT' })] },
  ],
  [
    'a file that they lost, of one that a person has confirmed',
    {
      requests: [request(1, { misbehaviour: 'LOSE_ATTACHMENT' })],
      audits: new Map([['t1', [{ transferId: 't1', act: 'CONFIRM_DELIVERED', atMs: 1_500 }]]]),
    },
  ],
  [
    'what loses a file where there is none',
    { transfers: [transfer({ files: 0 })], requests: [request(1, { misbehaviour: 'LOSE_ATTACHMENT' })] },
  ],
  ['another misbehaviour than one with files', { requests: [request(1, { misbehaviour: 'ANSWER_LATE' })] }],
])('acquits %s', (_, changes) => {
  expect(convicted(changes)).toEqual([])
})

test('of files the portal tells names and numbers, not their content: what it swaps cannot be known', () => {
  const at = { transfers: [transfer({ systemId: 'PORTAL' })], attempts: [attempt(1)] }
  const convictedOf = (misbehaviour: string): string[] => {
    const all = {
      ...facts(at),
      ledgers: bySystem((id) =>
        id === 'PORTAL' ? ledger(id, [request(1, { misbehaviour, operation: 'DongBoHoSoMC' })], [commit(2, 1)]) : ledger(id),
      ),
    }
    return judge(all).map(({ invariant }) => invariant)
  }
  expect(convictedOf('LOSE_ATTACHMENT')).toEqual(['attachment'])
  expect(convictedOf('DOUBLE_ATTACHMENT')).toEqual(['attachment'])
  expect(convictedOf('SWAP_ATTACHMENT')).toEqual([])
})

test('convicts of "held": what waits for a person though nobody over there gave a reason; not what was delivered or replaced', () => {
  const states = ['DELIVERED', 'SUPERSEDED', 'HELD', 'REJECTED', 'EXHAUSTED', 'ABANDONED']
  const transfers = states.map((state) => transfer({ key: state, state, heldReason: state === 'HELD' ? 'UNCERTAIN' : null }))
  expect(needlessWaits(facts({ transfers })).map(({ invariant, of }) => `${invariant} ${of}`)).toEqual([
    'held HELD',
    'held REJECTED',
    'held EXHAUSTED',
    'held ABANDONED',
  ])
})

test('one delivered between the look at the ledgers and the look at the tables is not called lost: what has just moved is looked at once more', async () => {
  const moves = [{ transferId: 't1', from: 'SENDING', to: 'DELIVERED', audited: false, staleAttempt: null }]
  const looks = [facts({ moves, requests: [], deeds: [] }), facts({ moves })]
  const look = async () => looks.shift() ?? facts({ moves })
  expect(judge(await untilSettled(look, 60_000))).toEqual([])
  // What stays so is lost.
  expect(judge(await untilSettled(async () => facts({ moves, deeds: [] }), 60_000)).map(({ invariant }) => invariant)).toEqual(['lost'])
})
