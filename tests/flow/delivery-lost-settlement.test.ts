import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { isUnavailable, type StoredDoubt, unavailable } from '../../src/errors.js'
import { type Database, openDatabase, type Sql } from '../../src/platform/database.js'
import type { OperationTraits, TargetSystem } from '../../src/ports/target-system.js'
import { type AttemptReport, deliver } from '../../src/transfer/deliver-transfer.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'
import { until } from '../support/until.js'

/** An answer is in hand, and the database does not take it: who cannot be inquired would be held for a person, though it had accepted. */
let bare: BareDeliveries
/** The senders' own, which waits for a lock no longer than this. */
let db: Database
beforeAll(async () => {
  bare = await openBareDeliveries()
  db = openDatabase({ url: bare.url, poolSize: 4, lockTimeoutMs: 100, onError: () => undefined })
})
beforeEach(async () => bare.plan(await bare.dossier(), 1, ['RECEIVE']))
afterEach(() => bare.reset())
afterAll(async () => {
  await db.close()
  await bare.close()
})

const TRANSFER = 'SELECT 1 AS held FROM transfer FOR UPDATE'
const GATE = `SELECT 1 AS held FROM system_gate WHERE system_id = 'VILIS' FOR UPDATE`

/** While the call is under way, another connection takes these rows, and keeps them until it is told to let go. */
const heldDuringCall = (lock: string): { letGo: () => Promise<void> } => {
  const told: { letGo: () => void } = { letGo: () => undefined }
  const end = new Promise<void>((resolve) => {
    told.letGo = resolve
  })
  let holding: Promise<unknown> = Promise.resolve()
  bare.answer(async () => {
    await new Promise<void>((hasThem, failed) => {
      holding = bare.db.transaction(async (tx) => {
        await tx.query(lock)
        hasThem()
        await end
      })
      holding.catch(failed)
    })
    return { kind: 'ACCEPTED', alreadyHad: false }
  })
  return {
    letGo: async () => {
      told.letGo()
      await holding
    },
  }
}

/** Counts how often the database has refused a statement. */
const counted = (sql: Sql): { sql: Sql; refusals: () => number } => {
  let refusals = 0
  return {
    refusals: () => refusals,
    sql: {
      query: <Row>(...asked: Parameters<Sql['query']>) =>
        sql.query<Row>(...asked).catch((error: unknown) => {
          if (isUnavailable(error)) refusals += 1
          throw error
        }),
    },
  }
}

const senders = (sql: Sql, traits: Partial<OperationTraits> = {}) => {
  const reports: AttemptReport[] = []
  const vilis = bare.dependencies.targets.get('VILIS') as TargetSystem
  const target: TargetSystem = { ...vilis, traits: (operation) => ({ ...vilis.traits(operation), inquiryStrength: 'NONE', ...traits }) }
  return {
    reports,
    dependencies: {
      ...bare.dependencies,
      sql,
      targets: new Map([['VILIS', target]] as const),
      onAttempt: (report: AttemptReport) => void reports.push(report),
    },
  }
}

const attempts = () =>
  bare.db.query(
    `SELECT t.state, a.number, a.kind, a.outcome, a.late FROM transfer t JOIN attempt a ON a.transfer_id = t.id ORDER BY number`,
  )
const SETTLED = [{ state: 'DELIVERED', number: 1, kind: 'SEND', outcome: 'ACCEPTED', late: false }]
const UNSETTLED = [{ state: 'SENDING', number: 1, kind: 'SEND', outcome: null, late: false }]

/** Of one whose calls may take no time. */
const LEASE_MS = 3_000

describe('an answer in hand while somebody else holds', () => {
  test('the transfer for longer than a lock is waited for is settled by the same attempt once it is let go', async () => {
    const other = heldDuringCall(TRANSFER)
    const wire = counted(db)
    const { dependencies, reports } = senders(wire.sql)
    const delivering = deliver(dependencies, 'VILIS', () => true)
    await until('it was refused three times', async () => wire.refusals() >= 3)
    expect(await attempts()).toEqual(UNSETTLED)
    await other.letGo()
    expect(await delivering).toEqual({ delivered: 1, rest: { kind: 'NOTHING' } })
    expect(await attempts()).toEqual(SETTLED)
    expect(reports).toMatchObject([{ state: 'DELIVERED', late: false }])
  })

  test('the gate, which only the next claim needs, is settled without it', async () => {
    const other = heldDuringCall(GATE)
    const wire = counted(db)
    const { dependencies } = senders(wire.sql)
    try {
      expect(await deliver(dependencies, 'VILIS', () => wire.refusals() === 0)).toMatchObject({ delivered: 1 })
      expect(wire.refusals()).toBe(1)
      expect(await attempts()).toEqual(SETTLED)
    } finally {
      await other.letGo()
    }
  })

  test('the transfer beyond the lease is brought on, and settles it where nobody has taken it over', async () => {
    const other = heldDuringCall(TRANSFER)
    const wire = counted(db)
    const { dependencies, reports } = senders(wire.sql, { callDeadlineMs: 0 })
    const delivering = deliver({ ...dependencies, leaseMarginMs: LEASE_MS }, 'VILIS', () => true)
    const leaseEndsAt = performance.now() + LEASE_MS
    await until('its lease is over', async () => performance.now() > leaseEndsAt)
    const refusals = wire.refusals()
    await until('it was refused once more', async () => wire.refusals() > refusals)
    await other.letGo()
    expect(await delivering).toMatchObject({ delivered: 1 })
    expect(reports).toMatchObject([{ outcome: 'ACCEPTED', late: false }])
    expect(await attempts()).toEqual(SETTLED)
  })

  test('the transfer keeps a process that is to end for one more try', async () => {
    const other = heldDuringCall(TRANSFER)
    const wire = counted(db)
    const { dependencies } = senders(wire.sql)
    try {
      const delivering = deliver(
        dependencies,
        'VILIS',
        () => true,
        () => true,
      )
      await expect(delivering).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      expect(wire.refusals()).toBe(2)
      expect(await attempts()).toEqual(UNSETTLED)
    } finally {
      await other.letGo()
    }
  })
})

/** A connection that is cut when the first answer is brought, before its commit or between that and the answer. */
const cutOnce = (sql: Sql, doubt: StoredDoubt): Sql => {
  let cuts = 0
  return {
    query: async <Row>(...asked: Parameters<Sql['query']>): Promise<Row[]> => {
      const [, [ids] = []] = asked
      if (cuts > 0 || !Array.isArray(ids) || ids.length === 0) return sql.query<Row>(...asked)
      cuts += 1
      if (doubt === 'PERHAPS_STORED') await sql.query<Row>(...asked)
      throw unavailable(doubt, new Error('cut'))
    },
  }
}

test.each(['NOT_STORED', 'PERHAPS_STORED'] as const)(
  'an answer in hand when the connection is cut (%s) counts once and is not late',
  async (doubt) => {
    const { dependencies, reports } = senders(cutOnce(db, doubt))
    expect(await deliver(dependencies, 'VILIS', () => true)).toEqual({ delivered: 1, rest: { kind: 'NOTHING' } })
    expect(await attempts()).toEqual(SETTLED)
    expect(reports).toMatchObject([{ state: 'DELIVERED', late: false }])
  },
)
