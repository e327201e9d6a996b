import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import type { DeliveryOutcome } from '../../src/ports/target-system.js'
import { reportCall } from '../../src/transfer/breaker-repository.js'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { type AttemptReport, deliver } from '../../src/transfer/deliver-transfer.js'
import { type BareDeliveries, BREAKER, openBareDeliveries } from '../support/bare-deliveries.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { OPERATOR } from '../support/operator-acts.js'
import { until } from '../support/until.js'

/** What opens a breaker, what does not, and what closes it: by the reports of many senders at once. */
const MINUTE = 60_000
const ACCEPTED: DeliveryOutcome = { kind: 'ACCEPTED', alreadyHad: false }
const DOWN: DeliveryOutcome = { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: 'không kết nối được' }

let bare: BareDeliveries
let attempts: AttemptReport[] = []
beforeAll(async () => {
  bare = await openBareDeliveries({ onAttempt: (report) => void attempts.push(report) })
})
afterEach(async () => {
  attempts = []
  await bare.reset()
})
afterAll(() => bare.close())

/** So many senders, each with a call under way; `end` lets the oldest one's end in an outcome, and waits until it is settled. */
const underWay = async (senders: number) => {
  for (let left = senders; left > 0; left -= 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const calls: ((outcome: DeliveryOutcome) => void)[] = []
  bare.answer(() => new Promise((resolve) => void calls.push(resolve)))
  const working = Promise.all(Array.from({ length: senders }, () => bare.work(false)))
  await until('all of them call', async () => calls.length === senders)
  return {
    end: async (outcome: DeliveryOutcome) => {
      const settled = attempts.length + 1
      calls.shift()?.(outcome)
      await until('it is settled', async () => attempts.length === settled)
    },
    allEnded: async () => {
      await working
    },
  }
}

test('failures that alternate with answers of calls that were under way are not five in a row', async () => {
  const calls = await underWay(12)
  for (let round = 0; round < 6; round += 1) {
    await calls.end(DOWN)
    await until('the failure is known', async () => (await bare.breaker('SEND')).failures > 0)
    await calls.end(ACCEPTED)
    await until('it is forgotten', async () => (await bare.breaker('SEND')).failures === 0)
  }
  await calls.allEnded()
  expect(await bare.breaker('SEND')).toEqual({ failures: 0, openings: 0, openForMs: null })
})

test('calls that hang on from before the opening do not double the time before the next probe', async () => {
  const calls = await underWay(9)
  for (let failed = 0; failed < 5; failed += 1) await calls.end(DOWN)
  await until('it is open', async () => (await bare.breaker('SEND')).openings === 1)
  await bare.pass(6_000)
  for (let failed = 0; failed < 4; failed += 1) await calls.end(DOWN)
  await calls.allEnded()
  expect(await bare.breaker('SEND')).toMatchObject({ failures: 5, openings: 1 })
  // The probe is still to come, and one answer is enough.
  bare.answer(async () => ACCEPTED)
  expect((await bare.work()).delivered).toBeGreaterThan(0)
  expect(await bare.breaker('SEND')).toEqual({ failures: 0, openings: 0, openForMs: null })
})

test('while a probe is under way, the failure of an older call lets no second one go', async () => {
  const calls = await underWay(6)
  for (let failed = 0; failed < 5; failed += 1) await calls.end(DOWN)
  await until('it is open', async () => (await bare.breaker('SEND')).openings === 1)
  await bare.pass(6_000)
  expect(await claimNext(bare.db, 'VILIS', MINUTE, 'dang-thu')).toBeDefined()
  await calls.end(DOWN)
  await calls.allEnded()
  expect(await claimNext(bare.db, 'VILIS', MINUTE, 'thu-hai')).toBeUndefined()
})

test('a sender that stood still beyond its lease says nothing of the other side, and its late answer counts as no delivery', async () => {
  const calls = await underWay(6)
  await bare.pass(2 * MINUTE)
  await reclaimLostLeases(bare.db)
  await calls.end(ACCEPTED)
  for (let failed = 0; failed < 5; failed += 1) await calls.end({ kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'quá hạn' })
  await calls.allEnded()
  expect(attempts.map(({ late }) => late)).toEqual([true, true, true, true, true, true])
  expect(await bare.breaker('SEND')).toEqual({ failures: 0, openings: 0, openForMs: null })
  expect((await bare.transfers()).map(({ state }) => state)).toEqual(Array(6).fill('INDETERMINATE'))
})

test('an adapter that throws is a fault of ours: the breaker of the other side stays closed', async () => {
  const told: unknown[] = []
  for (let left = 6; left > 0; left -= 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  bare.answer(async () => {
    throw new TypeError('broken')
  })
  await deliver({ ...bare.dependencies, onError: (error) => void told.push(error) }, 'VILIS', () => true)
  expect(told).toHaveLength(6)
  expect(await bare.breaker('SEND')).toEqual({ failures: 0, openings: 0, openForMs: null })
})

test('a report that closes a breaker and a turn that probes it do not lock each other out', async () => {
  await bare.db.query(
    `UPDATE system_breaker SET failures = 5, openings = 1, opened_at = app_now(), open_until = app_now() - interval '1 second'
     WHERE system_id = 'VILIS' RETURNING 1 AS done`,
  )
  const turn = new pg.Client({ connectionString: bare.url })
  await turn.connect()
  try {
    // As the turn does it: first the gate, then the breaker.
    await turn.query('BEGIN')
    await turn.query(`SELECT 1 FROM system_gate WHERE system_id = 'VILIS' FOR UPDATE`)
    const reported = reportCall(bare.db, 'VILIS', 'SEND', { kind: 'ANSWERED' }, BREAKER)
    await until('the report waits for the turn', async () => {
      const waiting = await bare.db.query(
        `SELECT 1 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return waiting.length > 0
    })
    await turn.query(`UPDATE system_breaker SET probe_until = app_now() WHERE system_id = 'VILIS' AND class = 'SEND'`)
    await turn.query('COMMIT')
    expect(await reported).toBe('CLOSED_NOW')
  } finally {
    await turn.end()
  }
})

test('a settlement that is brought again, as its answer was lost, moves nothing twice and is no late answer', async () => {
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const claim = await claimNext(bare.db, 'VILIS', MINUTE, 'tien-trinh')
  if (!claim) throw new Error('nothing to claim')
  const failure = { kind: 'CONFLICT', code: 'OTHER_CONTENT' } as const
  const settling = [claim, { to: 'HELD', heldReason: 'CONFLICT', failure, retryCount: 0, absentCount: 0 }, { outcome: 'CONFLICT' }] as const
  expect(await settleClaim(bare.db, ...settling)).toBe(true)
  await replayTransfer(bare.db, { transferId: claim.id, reason: 'Đã sửa', actor: OPERATOR })
  expect(await settleClaim(bare.db, ...settling)).toBe(false)
  expect(await bare.transfers()).toMatchObject([{ state: 'INDETERMINATE' }])
  expect(await bare.db.query('SELECT outcome, late FROM attempt')).toEqual([{ outcome: 'CONFLICT', late: false }])
})

test('a report that cannot be written does not strand what the same turn has claimed', async () => {
  for (let left = 2; left > 0; left -= 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  let sent = 0
  bare.answer(async () => {
    sent += 1
    // While it is under way another one's call fails: its answer has something to report.
    if (sent === 1) await reportCall(bare.db, 'VILIS', 'SEND', { kind: 'FAILED', cause: null }, BREAKER)
    return ACCEPTED
  })
  const told: unknown[] = []
  const unwritten = new Error('không ghi được')
  const delivering = deliver(
    { ...bare.dependencies, reportCall: () => Promise.reject(unwritten), onError: (error) => void told.push(error) },
    'VILIS',
    () => true,
  )
  await expect(delivering).rejects.toBe(unwritten)
  expect((await bare.transfers()).map(({ state }) => state)).toEqual(['DELIVERED', 'DELIVERED'])
  expect({ sent, told }).toEqual({ sent: 2, told: [unwritten] })
})
