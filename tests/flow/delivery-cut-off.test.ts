import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { openRelay, type TcpRelay } from '../../bench/drill/tcp-relay.js'
import { isUnavailable } from '../../src/errors.js'
import { type Database, openDatabase, type Sql } from '../../src/platform/database.js'
import { type AttemptReport, type DeliveryDependencies, deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { attemptsOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed, until } from '../support/until.js'

/**
 * A worker that PostgreSQL cannot be reached from, while SOAP works: ViLIS has its request and answers it, and the worker has nowhere to write the answer
 * down. The other worker is `system.drain()`, which sees the database all the time.
 */
const OPERATION = 'TiepNhanHoSo'
const ANSWERED_AFTER_MS = 5_000
/** Longer than the lease: twice the call's deadline of 20 s and the margin. */
const BEYOND_LEASE_MS = 2 * 60_000

const shared = sharedTestSystem()
let system: TestSystem
let wire: TcpRelay
let db: Database
let worker: DeliveryDependencies
let reports: AttemptReport[]
/** How often the cut-off worker has tried in vain. */
let refusals: number
/** What it has asked of the database, and not heard of. */
let asking: number
beforeEach(async () => {
  system = await shared.open()
  const url = new URL(system.context.options.databaseUrl)
  const port = Number(url.port)
  wire = await openRelay(() => [port])
  url.port = String(wire.port)
  db = openDatabase({ url: url.href, poolSize: 2, onError: () => undefined })
  const sql: Sql = {
    query: async <Row>(...asked: Parameters<Sql['query']>) => {
      asking += 1
      try {
        return await db.query<Row>(...asked)
      } catch (error) {
        if (isUnavailable(error)) refusals += 1
        throw error
      } finally {
        asking -= 1
      }
    },
  }
  refusals = 0
  asking = 0
  reports = []
  worker = { ...deliveryOf(system.context, (report) => void reports.push(report)), sql, worker: 'tien-trinh-bi-cat' }
})
afterEach(async () => {
  wire.heal()
  await db.close()
  await wire.close()
})
afterAll(() => shared.close())

/** Dossiers wait for ViLIS; the worker has sent the first of them, and ViLIS will answer when its clock says so. */
const sending = async (dossiers: number): Promise<{ key: string; ended: ReturnType<typeof deliver> }> => {
  for (let taken = 0; taken < dossiers; taken += 1) await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
  await system.twins.VILIS.misbehave({ kind: 'ANSWER_LATE', operation: OPERATION, delayMs: ANSWERED_AFTER_MS, count: 1 })
  const ended = deliver(worker, 'VILIS', () => true)
  const [deed] = await until('ViLIS has registered it', async () => {
    const accepted = await system.accepted('VILIS')
    return accepted.length > 0 && accepted
  })
  return { key: deed?.key ?? '', ended }
}

/** The answer comes, and cannot be written down. */
const answerIntoTheCut = async (): Promise<void> => {
  wire.cut()
  await system.twins.VILIS.advance({ ms: ANSWERED_AFTER_MS })
  await until('the worker has brought its answer in vain, and again', async () => refusals >= 2)
}
/** The same, with packets that are dropped both ways: nobody is told. */
const answerIntoSilence = async (): Promise<void> => {
  wire.hold('FROM_CLIENT', 'FROM_SERVER')
  await system.twins.VILIS.advance({ ms: ANSWERED_AFTER_MS })
  await until('the worker has brought its answer, and hears nothing', async () => asking > 0)
}

const requests = async (operation: string): Promise<number> =>
  (await system.twins.VILIS.ledger()).requests.filter((request) => request.operation === operation).length

test('healed within its lease: the answer in hand settles its own attempt, and nobody asks or sends again', async () => {
  const { key, ended } = await sending(1)
  await answerIntoTheCut()
  expect(await attemptsOf(system, key)).toEqual([{ number: 1, kind: 'SEND', outcome: null, late: false }])
  wire.heal()
  expect(await ended).toMatchObject({ delivered: 1, rest: { kind: 'NOTHING' } })
  expect(await attemptsOf(system, key)).toEqual([{ number: 1, kind: 'SEND', outcome: 'ACCEPTED', late: false }])
  expect(reports).toMatchObject([{ outcome: 'ACCEPTED', state: 'DELIVERED', late: false }])
  await system.drain()
  expect([await requests(OPERATION), await requests('TraCuuHoSo')]).toEqual([1, 0])
  await expectAllDelivered(system)
})

test.each([
  ['cut off', answerIntoTheCut],
  ['hearing nothing', answerIntoSilence],
])(
  '%s for longer than its lease: another worker inquires, sends nothing again and goes on; the late answer is evidence',
  async (_, answer) => {
    const { key, ended } = await sending(2)
    await answer()
    // Until the lease is over it is nobody else's; the other dossier goes.
    await system.drain()
    expect(await attemptsOf(system, key)).toEqual([{ number: 1, kind: 'SEND', outcome: null, late: false }])
    expect(await system.accepted('VILIS')).toHaveLength(2)
    await system.pass(BEYOND_LEASE_MS)
    await system.drain()
    const taken = [
      { number: 1, kind: 'SEND', outcome: 'LOST', late: false },
      { number: 2, kind: 'INQUIRE', outcome: 'SAME', late: false },
    ]
    expect(await attemptsOf(system, key)).toEqual(taken)
    wire.heal()
    expect(await ended).toMatchObject({ delivered: 1, rest: { kind: 'NOTHING' } })
    expect(await attemptsOf(system, key)).toEqual([{ ...taken[0], outcome: 'ACCEPTED', late: true }, taken[1]])
    expect(reports).toMatchObject([{ outcome: 'ACCEPTED', late: true }])
    await system.drain()
    expect([await requests(OPERATION), await requests('TraCuuHoSo')]).toEqual([2, 1])
    await expectAllDelivered(system)
  },
)

test('cut off for longer than its lease, and they do not know it any more: the late answer keeps it from being sent again', async () => {
  const { key, ended } = await sending(1)
  await answerIntoTheCut()
  await system.twins.VILIS.reset({ state: true })
  await system.pass(BEYOND_LEASE_MS)
  // Taken over and not yet asked about: it is asked once the late answer is there.
  await system.twins.VILIS.misbehave({ kind: 'DROP_BEFORE', operation: 'TraCuuHoSo', count: 1 })
  await system.drain()
  expect((await attemptsOf(system, key)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['SEND LOST', 'INQUIRE UNKNOWN'])
  wire.heal()
  await ended
  for (let minute = 0; minute < 10; minute += 1) {
    await system.pass(60_000)
    await system.drain()
  }
  const [, , ...inquiries] = await attemptsOf(system, key)
  expect(inquiries.length).toBeGreaterThan(0)
  expect(inquiries.every(({ kind, outcome }) => kind === 'INQUIRE' && outcome === 'ABSENT')).toBe(true)
  expect(await requests(OPERATION)).toBe(1)
  const [row] = await system.context.db.query(`SELECT state, held_reason AS "heldReason" FROM transfer WHERE idempotency_key = $1`, [key])
  expect(row).toEqual({ state: 'HELD', heldReason: 'UNCERTAIN' })
})
