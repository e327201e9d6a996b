import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { canaryPerson } from '../../bench/drill/canaries.js'
import { type Facts, gatherFacts, installObserver } from '../../bench/drill/judge/facts.js'
import { judge } from '../../bench/drill/judge/invariants.js'
import type { LedgerFile } from '../../bench/drill/judge/ledger-file.js'
import { openPrivacyWatch } from '../../bench/drill/judge/privacy.js'
import { bySystem, type SystemId } from '../../src/model/system.js'
import { openQueueStore } from '../../src/queue/queue-store.js'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { takeTurn } from '../../src/transfer/turn-repository.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'
import { claimNext } from '../support/claims.js'
import { until } from '../support/until.js'

/** What the drill's observer writes down of real tables, and what the judge makes of it. */
const MINUTE = 60_000
let bare: BareDeliveries
const sql = <Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]> => bare.db.query<Row>(text, parameters)
beforeAll(async () => {
  bare = await openBareDeliveries()
  await installObserver(sql)
})
afterEach(() => bare.reset())
afterAll(() => bare.close())

const emptyLedger = (systemId: SystemId): LedgerFile => ({ systemId, requests: new Map(), deeds: [], read: async () => undefined })
const gather = (): Promise<Facts> =>
  gatherFacts(sql, bySystem(emptyLedger), { accepted: [], withdrawn: [], supplemented: [], returned: [] }, '%', [])
const fencing = async (): Promise<string[]> =>
  judge(await gather()).flatMap(({ invariant, detail }) => (invariant === 'fencing' ? [detail] : []))

/** Claimed, and its lease lost. */
const lostClaim = async () => {
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const claim = await claimNext(bare.db, 'VILIS', MINUTE, 'tien-trinh')
  if (!claim) throw new Error('nothing to claim')
  await bare.pass(MINUTE + 1)
  await reclaimLostLeases(bare.db)
  return claim
}

test('a late answer that is kept in the same turn in which its transfer is claimed anew moves nothing', async () => {
  const claim = await lostClaim()
  const settlings = [[claim, { to: 'DELIVERED', retryCount: 0, absentCount: 0 }, { outcome: 'ACCEPTED' }]] as const
  const { settled, claims } = await takeTurn(bare.db, {
    systemId: 'VILIS',
    leaseMs: MINUTE,
    worker: 'tien-trinh',
    wanted: 1,
    requestsPerClaim: 1,
    settlings,
  })
  expect({ settled, claimed: claims.map(({ id }) => id) }).toEqual({ settled: [false], claimed: [claim.id] })
  expect(await fencing()).toEqual([])
})

test('a late answer that moves its transfer is convicted', async () => {
  const claim = await lostClaim()
  await bare.db.transaction(async (tx) => {
    await tx.query(`UPDATE attempt SET ended_at = app_now(), outcome = 'ACCEPTED' WHERE transfer_id = $1::uuid RETURNING 1 AS done`, [
      claim.id,
    ])
    await tx.query(`UPDATE transfer SET state = 'DELIVERED' WHERE id = $1::uuid RETURNING 1 AS done`, [claim.id])
  })
  expect(await fencing()).toEqual(['lần 1 đã hết quyền mà dời INDETERMINATE thành DELIVERED'])
})

test('an attempt counts from its commit, not from the beginning of its transaction', async () => {
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const [transfer] = await bare.transfers()
  let beforeCommit = 0
  await bare.db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, started_at)
       VALUES (gen_random_uuid(), $1::uuid, 1, 'SEND', 1, 'tien-trinh', clock_timestamp()) RETURNING 1 AS done`,
      [transfer?.id],
    )
    await pause(20)
    beforeCommit = Date.now()
  })
  const [attempt] = (await gather()).attempts.get(transfer?.id ?? '') ?? []
  expect(attempt?.committedMs).toBeGreaterThanOrEqual(beforeCommit)
  expect(attempt?.startedMs).toBeLessThan(beforeCommit)
})

test('personal data in a job is found, also when the job is done and forgotten', async () => {
  const store = await openQueueStore({ databaseUrl: bare.url, poolSize: 4, onError: () => undefined })
  const privacy = openPrivacyWatch(
    sql,
    () => [],
    () => [],
  )
  let done = 0
  store.consume('thu', 1, async () => {
    done += 1
  })
  try {
    expect(await privacy.look()).toEqual([])
    await store.queue('thu').addAll([{ name: 'thu', id: 'viec-1', data: { name: canaryPerson(1).name }, delayMs: 0 }])
    await until('it is done', async () => done === 1)
    await until('it is forgotten', async () => (await store.queue('thu').depth()) === 0)
    expect(await privacy.look()).toEqual([{ invariant: 'privacy', of: 'việc đã vào hàng đợi', detail: 'có họ tên' }])
    expect(await privacy.look()).toEqual([])
  } finally {
    await store.close()
  }
})

test('a gateway that answers nothing when it is asked for its metrics is named, and so is personal data in them', async () => {
  let reply = (response: ServerResponse): void => void response.end(canaryPerson(1).name)
  const gateway = createServer((_, response) => reply(response)).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  const privacy = openPrivacyWatch(
    sql,
    () => [],
    () => [(gateway.address() as AddressInfo).port],
  )
  try {
    expect(await privacy.look()).toEqual([{ invariant: 'privacy', of: '/metrics', detail: 'có họ tên' }])
    reply = (response) => response.destroy()
    expect(await privacy.look()).toEqual([{ invariant: 'intake', of: '/metrics', detail: 'một cổng đang chạy không trả lời' }])
  } finally {
    gateway.close()
  }
})
