import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { unavailable } from '../../src/errors.js'
import type { Sql } from '../../src/platform/database.js'
import { type ClaimedTransfer, reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { deskOf } from '../../src/transfer/desk.js'
import type { Settling } from '../../src/transfer/turn-repository.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
afterAll(() => bare.close())

const LEASE_MS = 60_000

/** A connection that is cut once, between the commit of a turn that settles several and its answer. */
const cutAfterCommit = (sql: Sql): { sql: Sql; cuts: () => number } => {
  let cuts = 0
  return {
    cuts: () => cuts,
    sql: {
      query: async <Row>(...asked: Parameters<Sql['query']>): Promise<Row[]> => {
        const rows = await sql.query<Row>(...asked)
        const [, [ids] = []] = asked
        if (cuts > 0 || !Array.isArray(ids) || ids.length < 2) return rows
        cuts += 1
        throw unavailable('PERHAPS_STORED', new Error('cut'))
      },
    },
  }
}

test('what was settled by a turn whose answer was lost is not late when it is brought again; what is late still is', async () => {
  for (let count = 0; count < 4; count += 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const wire = cutAfterCommit(bare.db)
  const desk = deskOf(wire.sql, { systemId: 'VILIS', leaseMs: LEASE_MS, worker: 'tien-trinh', requestsPerClaim: 1 })
  const claims: ClaimedTransfer[] = []
  for (let count = 0; count < 4; count += 1) claims.push((await desk.turn({ wantsNext: true })).claim as ClaimedTransfer)
  const [stalled, ...timely] = claims as [ClaimedTransfer, ...ClaimedTransfer[]]
  await bare.db.query(`UPDATE transfer SET lease_until = app_now() - interval '1 second' WHERE id = $1::uuid RETURNING id`, [stalled.id])
  expect(await reclaimLostLeases(bare.db)).toEqual([stalled.id])

  const settling = (claim: ClaimedTransfer): Settling => [
    claim,
    { to: 'DELIVERED', retryCount: 0, absentCount: 0 },
    { outcome: 'ACCEPTED' },
  ]
  // The first one has a turn of its own; the others come while it is under way and share the next.
  const brought = [...timely, stalled].map((claim) => desk.turn({ settling: settling(claim), wantsNext: false }))
  expect((await Promise.all(brought)).map(({ settled }) => settled)).toEqual([true, true, true, false])
  expect(wire.cuts()).toBe(1)
  const states = await bare.db.query<{ state: string; late: boolean }>(
    `SELECT t.state, a.late FROM transfer t JOIN attempt a ON a.transfer_id = t.id ORDER BY a.late`,
  )
  expect(states).toEqual([...timely.map(() => ({ state: 'DELIVERED', late: false })), { state: 'INDETERMINATE', late: true }])
})
