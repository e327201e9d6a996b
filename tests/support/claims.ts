import type { SystemId } from '../../src/model/system.js'
import type { Sql } from '../../src/platform/database.js'
import type { ClaimedTransfer } from '../../src/transfer/claim-repository.js'
import { type Settling, takeTurn } from '../../src/transfer/turn-repository.js'

/** A worker's steps one by one, for tests in which it stops between them. */
export const claimNext = async (sql: Sql, systemId: SystemId, leaseMs: number, worker: string): Promise<ClaimedTransfer | undefined> =>
  (await takeTurn(sql, { systemId, leaseMs, worker, wanted: 1, requestsPerClaim: 1, settlings: [] })).claims[0]

export const settleClaim = async (sql: Sql, ...settling: Settling): Promise<boolean> =>
  (await takeTurn(sql, { systemId: settling[0].systemId, leaseMs: 0, worker: '', wanted: 0, requestsPerClaim: 1, settlings: [settling] }))
    .settled[0] === true
