import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { PageSize } from '../../src/inbox/page-size.js'
import { pollSystem } from '../../src/inbox/poll-system.js'
import type { InboundMessage } from '../../src/model/inbound.js'
import { openDatabase } from '../../src/platform/database.js'
import type { PolledSystem } from '../../src/ports/inbound.js'
import { loadMappings } from '../../src/transfer/mapping-repository.js'
import { andThen, atDesk, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { raise } from '../support/raise.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

const taken = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}

const cursor = async () =>
  (
    await system.context.db.query<{ position: string; alarm: string | null }>(
      `SELECT position::text, alarm FROM poll_cursor WHERE system_id = 'VILIS'`,
    )
  )[0]

test('changes shown out of order are applied in the order in which they happened', async () => {
  const code = await taken()
  for (const [act, body] of [
    ['forward', {}],
    ['requireSupplement', { pause: false }],
    ['newDueDate', {}],
    ['forward', { step: 'PENDING_TAX_PAYMENT' }],
  ] as const) {
    await system.pass(HOUR_MS)
    await system.twins.VILIS.act(act, { code, ...body })
  }
  await system.twins.VILIS.misbehave({ kind: 'CHANGES_OUT_OF_ORDER', operation: 'LayThayDoi', count: 1 })
  await system.drain()

  const told = await system.context.db.query<{ operation: string; state: string }>(
    `SELECT operation, state FROM inbox_message WHERE source = 'VILIS' AND dossier_code = $1`,
    [code],
  )
  expect(told.filter(({ state }) => state !== 'APPLIED')).toEqual([])
  expect(told).toHaveLength(6)
  expect((await atDesk(system, code)).dossier.status).toBe(6)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
  await expectOnceAndInOrder(system, 'PORTAL', code)
})

test('a registry restored from a backup: alarm, the feed is read again, nothing is doubled, and what comes after it counts', async () => {
  const code = await taken()
  for (const step of ['APPRAISAL', 'PENDING_PRINT_CERT', 'PENDING_CHECK']) await andThen(system, 'VILIS', 'forward', { code, step })
  expect(await cursor()).toEqual({ position: '3', alarm: null })
  const before = [await system.accepted('ONE_STOP'), await system.accepted('PORTAL')]

  await system.twins.VILIS.act('restoreBackup', { toPosition: '1' })
  await system.drain()
  expect((await cursor())?.alarm).toContain('lùi từ vị trí 3 về 1')
  expect([await system.accepted('ONE_STOP'), await system.accepted('PORTAL')]).toEqual(before)

  // The restored registry gives positions and event ids out a second time.
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
  expect((await atDesk(system, code)).dossier.status).toBe(5)
  await andThen(system, 'VILIS', 'newDueDate', { code })
  expect((await atDesk(system, code)).dossier.status).toBe(4)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
  await expectOnceAndInOrder(system, 'PORTAL', code)
})

test('a restored registry that has grown past our cursor before we looked again is noticed by its re-used event ids', async () => {
  const code = await taken()
  await andThen(system, 'VILIS', 'forward', { code })
  await andThen(system, 'VILIS', 'forward', { code })
  await system.twins.VILIS.act('restoreBackup', { toPosition: '1' })
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('requireSupplement', { code, pause: false })
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('newDueDate', { code })
  await system.drain()
  expect((await cursor())?.alarm).toContain('dùng lại mã sự kiện')
  const told = await system.context.db.query<{ state: string }>(`SELECT state FROM inbox_message WHERE source = 'VILIS'`)
  expect(told.map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED', 'APPLIED', 'APPLIED'])
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
})

/** The registry's feed as this list has it: the row's place is its position. */
const feedOf = (
  eventIds: readonly string[],
  of: Omit<InboundMessage, 'externalEventId' | 'eventAt' | 'payload'>,
  from: Date,
): PolledSystem => ({
  id: 'VILIS',
  overlap: 2n,
  readChanges: async (after, limit) => {
    const rows = eventIds.map((externalEventId, at): InboundMessage => {
      const eventAt = new Date(from.getTime() + at * 1000).toISOString()
      return {
        ...of,
        externalEventId,
        eventAt,
        payload: { kind: 'STATUS_REPORTED', status: 'IN_PROGRESS', note: externalEventId, documents: [] },
      }
    })
    const messages = rows.slice(Number(after), Number(after) + limit)
    const nextPosition = messages.length > 0 ? after + BigInt(messages.length) : BigInt(rows.length)
    return { kind: 'PAGE', messages, unreadable: [], nextPosition, more: nextPosition < BigInt(rows.length) }
  },
})

const toldOf = (dossierCode: string) =>
  ({
    source: 'VILIS',
    channel: 'POLL',
    operation: 'ChuyenHoSo',
    dossierCode,
    raw: '<thay-doi/>',
    correlationId: 'thu',
  }) as const

test('a restored registry that names its events anew and has grown past our cursor is noticed: it shows nothing of what we have read', async () => {
  const code = await taken()
  const [clock] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
  const told = toldOf(code)
  const deps = { ...system.context.apply, onApplied: () => undefined, onApplyError: raise, pageSize: new PageSize(10) }
  const poll = (eventIds: readonly string[]) => pollSystem(deps, feedOf(eventIds, told, clock?.now ?? new Date()))
  const known = async () =>
    (await system.context.db.query<{ identity: string }>(`SELECT identity FROM inbox_message WHERE source = 'VILIS' ORDER BY 1`)).map(
      ({ identity }) => identity.replace('event:', ''),
    )

  const before = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
  expect(await poll(before)).toMatchObject({ fresh: 6, ranBackwards: false })
  expect(await poll([...before, 'a7'])).toMatchObject({ fresh: 1, ranBackwards: false })
  // Set back to the second change; then more came than had been there.
  const after = ['a1', 'a2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8', 'b9']
  expect(await poll(after)).toMatchObject({ ranBackwards: true })
  expect((await cursor())?.alarm).toContain('không còn dòng nào đã đọc')
  expect(await poll(after)).toMatchObject({ ranBackwards: false, atEnd: true, reread: { lostChanges: expect.any(Number) } })
  expect(await known()).toEqual([...new Set([...before, 'a7', ...after])].sort())
  expect(await poll(after)).toMatchObject({ fresh: 0, ranBackwards: false })
})

test('a page that a busy database cannot store in one transaction is read in smaller ones', async () => {
  const code = await taken()
  const [clock] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
  const told = toldOf(code)
  const eventIds = Array.from({ length: 40 }, (_, index) => `a${index}`)
  const db = openDatabase({ url: system.context.options.databaseUrl, poolSize: 2, transactionTimeoutMs: 1_000, onError: raise })
  const pageSize = new PageSize(40)
  const poll = () =>
    pollSystem(
      { ...system.context.apply, db, storeOnly: true, onApplied: () => undefined, onApplyError: raise, pageSize },
      feedOf(eventIds, told, clock?.now ?? new Date()),
    )
  await system.context.db.query(
    `CREATE FUNCTION be_busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$`,
  )
  await system.context.db.query(`CREATE TRIGGER be_busy BEFORE INSERT ON inbox_message FOR EACH ROW EXECUTE FUNCTION be_busy()`)
  try {
    await expect(poll()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(pageSize.rows).toBe(1)
    for (let polls = 0; polls < 20; polls += 1) {
      const read = await poll().catch(() => undefined)
      if (read?.kind === 'READ' && read.atEnd) break
    }
  } finally {
    await system.context.db.query(`DROP FUNCTION be_busy CASCADE`)
    await db.close()
  }
  const stored = await system.context.db.query<{ id: string }>(
    `SELECT replace(identity, 'event:', '') AS id FROM inbox_message WHERE source = 'VILIS' AND identity LIKE 'event:a%'`,
  )
  expect(stored.map(({ id }) => id).sort()).toEqual([...eventIds].sort())
})

test('a poll that fails, or answers garbage, loses nothing: the next one has it', async () => {
  const code = await taken()
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('forward', { code })
  for (const kind of ['GARBAGE', 'HTTP_503', 'DROP_AFTER', 'FAULT_UNKNOWN'] as const) {
    await system.twins.VILIS.misbehave({ kind, operation: 'LayThayDoi', count: 1 })
    await system.drain()
  }
  await system.drain()
  expect((await atDesk(system, code)).dossier.status).toBe(4)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
})

test('a mapping that is loaded between two readings of one event makes it neither a conflict nor a second event', async () => {
  const code = await taken()
  await andThen(system, 'VILIS', 'forward', { code })
  const before = [await cursor(), await system.accepted('ONE_STOP')]
  const officers = ['vp.thuly1', 'vp.thuly2', 'vp.kiemtra', 'vp.lanhdao']
  const rows = officers.map((foreignCode) => ({ systemId: 'VILIS', kind: 'USER', ourCode: `mc.${foreignCode}`, foreignCode }) as const)
  await loadMappings(
    system.context.db,
    rows.map((row) => ({ ...row, validFrom: '2000-01-01', validTo: null })),
  )
  await system.drain()
  expect([await cursor(), await system.accepted('ONE_STOP')]).toEqual(before)
  const told = await system.context.db.query(`SELECT state FROM inbox_message WHERE source = 'VILIS'`)
  expect(told).toEqual([{ state: 'APPLIED' }])
})
