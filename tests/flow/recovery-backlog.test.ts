import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { openRecovery, openRecoveryNoticed } from '../../src/operator/recover-from-backup.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { watchDatabase } from '../../src/platform/database-watch.js'
import { knowEpochs } from '../../src/transfer/recovery-repository.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

/** A backlog that no ordinary transaction could go through, of more than one step; some of it was being sent at the backup. */
const COUNTS = { QUEUED: 4_000, SENDING: 1_001, HELD: 20, DELIVERED: 10 }
const INQUIRED = COUNTS.QUEUED + COUNTS.SENDING

let bare: BareDeliveries
/** As the processes have it, with so short a time for ordinary transactions that any backlog is too long for them. */
let db: Database
beforeAll(async () => {
  bare = await openBareDeliveries()
  db = openDatabase({ url: bare.url, poolSize: 2, transactionTimeoutMs: 5, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await bare.close()
})
afterEach(() => bare.reset())

beforeEach(async () => {
  const dossier = await bare.dossier()
  let first = 1
  for (const [state, count] of Object.entries(COUNTS)) {
    await bare.db.query(
      `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state,
         urgent_at, due_at, correlation_id)
       SELECT gen_random_uuid(), $1::uuid, 'VILIS', 'RECEIVE', n, $1 || '.' || n, n, '{}', 'x', 1, $2, now(), now(), 'thu'
       FROM generate_series($3::int, $3::int + $4::int - 1) AS n`,
      [dossier.id, state, first, count],
    )
    first += count
  }
  await bare.db.query(
    `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker)
     SELECT gen_random_uuid(), id, 1, 'SEND', 0, 'thu' FROM transfer WHERE state = 'SENDING'`,
  )
})

const expectOpened = async (): Promise<void> => {
  const states = await bare.db.query(
    `SELECT t.state, count(*)::int AS transfers, count(e.id)::int AS "ofEpoch", count(a.id) FILTER (WHERE a.outcome = 'LOST')::int AS lost
     FROM transfer t LEFT JOIN recovery_epoch e ON e.id = t.recovery_epoch_id AND e.closed_at IS NULL LEFT JOIN attempt a ON a.transfer_id = t.id
     GROUP BY 1 ORDER BY 1`,
  )
  expect(states).toEqual([
    { state: 'DELIVERED', transfers: COUNTS.DELIVERED, ofEpoch: 0, lost: 0 },
    { state: 'HELD', transfers: COUNTS.HELD, ofEpoch: COUNTS.HELD, lost: 0 },
    { state: 'INDETERMINATE', transfers: INQUIRED, ofEpoch: INQUIRED, lost: COUNTS.SENDING },
  ])
}

test('a person opens an epoch over a backlog for which the time of an ordinary transaction is too short', async () => {
  await expect(db.transaction((tx) => openRecoveryNoticed(tx, 'thu', 'thử'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await openRecovery(db, { by: 'vanhanh.01', reason: 'phục hồi' })).toMatchObject({ inquired: INQUIRED })
  await expectOpened()
})

test('a process that notices a restore has the same time', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'lienthong-backlog-'))
  try {
    const inquired: number[] = []
    const look = (): Promise<void> =>
      watchDatabase({
        db,
        stateDir,
        epochs: knowEpochs,
        onWarning: () => undefined,
        onRestored: async (tx, why) => {
          const opened = await openRecoveryNoticed(tx, 'tien-trinh', why)
          inquired.push(opened.inquired)
          return opened.id
        },
      }).look()
    await look()
    await bare.db.query('UPDATE database_identity SET database_oid = 1')
    await look()
    expect(inquired).toEqual([INQUIRED])
    await expectOpened()
  } finally {
    await rm(stateDir, { recursive: true })
  }
})
