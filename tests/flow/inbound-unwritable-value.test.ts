import { randomBytes } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { PageSize } from '../../src/inbox/page-size.js'
import { pollSystem } from '../../src/inbox/poll-system.js'
import type { InboundMessage, InboundPayload } from '../../src/model/inbound.js'
import { isUnwritable } from '../../src/platform/database.js'
import type { PolledSystem } from '../../src/ports/inbound.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open({ mode: 'OBSERVE', polls: true })
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code
  await system.drain()
})
afterAll(() => shared.close())

const told = async (payload: InboundPayload, changes: Partial<InboundMessage> = {}): Promise<InboundMessage> => {
  const [row] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
  return {
    source: 'VILIS',
    channel: 'CALLBACK',
    operation: payload.kind,
    dossierCode: code,
    eventAt: (row as { now: Date }).now.toISOString(),
    payload,
    raw: '<raw/>',
    correlationId: 'thu',
    ...changes,
  }
}

const notices = (amountVnd: string): InboundPayload => ({
  kind: 'TAX_NOTICES',
  note: '',
  notices: [{ noticeNumber: 'TB-1', taxKind: 'LPTB', payerName: 'Trần Thị Mẫu', amountVnd }],
})
const fail = (error: unknown): void => {
  throw error
}
/** Longer, however it is compressed, than any index takes. */
const ENDLESS = randomBytes(6_000).toString('hex')
const report: InboundPayload = { kind: 'STATUS_REPORTED', status: 'IN_PROGRESS', note: '', documents: [] }

const inbox = () =>
  system.context.db.query<{ kind: string; state: string; reason: string | null }>(
    `SELECT kind, state, reason FROM inbox_message WHERE dossier_code = $1 AND source = 'VILIS' ORDER BY id`,
    [code],
  )

test.each(['99999999999999999999', '12,5'])(
  'an amount that no column holds (%s) is set aside, and what comes behind it is applied',
  async (amount) => {
    await system.context.receive(await told(notices(amount)))
    await system.context.receive(await told(report))
    expect(await inbox()).toEqual([
      { kind: 'TAX_NOTICES', state: 'QUARANTINED', reason: expect.stringContaining('không lưu được') },
      { kind: 'STATUS_REPORTED', state: 'APPLIED', reason: null },
    ])
    const [left] = await system.context.db.query(
      `SELECT (SELECT count(*)::int FROM tax_notice) AS notices, (SELECT count(*)::int FROM dossier_event WHERE kind = 'TAX_NOTICES_ISSUED') AS events, status, version
     FROM dossier WHERE code = $1`,
      [code],
    )
    expect(left).toEqual({ notices: 0, events: 0, status: 'IN_PROGRESS', version: 2 })
  },
)

test('an application that asks with such a value hears that it is refused', async () => {
  const asked = await told(
    { kind: 'SUPPLEMENT_HANDED_IN', supplementNo: 9_999_999_999, note: '', documents: [] },
    { source: 'GATEWAY', channel: 'API' },
  )
  expect(await system.context.receive(asked)).toMatchObject({ kind: 'REFUSED', reason: 'UNWRITABLE' })
})

const feedOf = (rows: readonly InboundMessage[]): PolledSystem => ({
  id: 'VILIS',
  overlap: 0n,
  readChanges: async (after) => ({ kind: 'PAGE', messages: after < 2n ? rows : [], unreadable: [], nextPosition: 2n, more: false }),
})
const poll = (feed: PolledSystem) =>
  pollSystem({ ...system.context.apply, onApplied: () => undefined, onApplyError: fail, pageSize: new PageSize(10) }, feed)
const keptOf = (code = ''): Promise<{ kind: string; state: string; identity: string }[]> =>
  system.context.db.query(
    `SELECT kind, state, left(identity, 20) AS identity FROM inbox_message WHERE source = 'VILIS' AND ($1 = '' OR dossier_code = $1) ORDER BY 3`,
    [code],
  )

test('a row of a feed that no column holds is kept raw, and the feed goes on behind it', async () => {
  const feed = feedOf([
    await told(report, { channel: 'POLL', externalEventId: 'VL-1', eventAt: '+010000-01-01T00:00:00.000Z' }),
    await told(report, { channel: 'POLL', externalEventId: 'VL-2' }),
  ])
  expect(await poll(feed)).toMatchObject({ kind: 'READ', fresh: 1 })
  expect(await poll(feed)).toMatchObject({ kind: 'READ', fresh: 0, ranBackwards: false })
  expect(await keptOf()).toEqual([
    { kind: 'UNREADABLE', state: 'QUARANTINED', identity: 'event:VL-1' },
    { kind: 'STATUS_REPORTED', state: 'APPLIED', identity: 'event:VL-2' },
  ])
})

test('an event id that no index takes stands for itself, once by whatever road; a dossier code as long is kept raw, and the feed goes on', async () => {
  const long = await told(report, { channel: 'POLL', externalEventId: ENDLESS })
  const feed = feedOf([long, await told(notices('100'), { channel: 'POLL', dossierCode: ENDLESS, externalEventId: 'VL-8' })])
  expect(await poll(feed)).toMatchObject({ kind: 'READ', fresh: 1 })
  expect(await poll(feed)).toMatchObject({ kind: 'READ', fresh: 0, ranBackwards: false })
  expect(await system.context.receive({ ...long, channel: 'CALLBACK' })).toMatchObject({ kind: 'DUPLICATE' })
  expect(await keptOf(code)).toMatchObject([{ kind: 'STATUS_REPORTED', state: 'APPLIED' }])
  expect((await keptOf()).filter(({ kind }) => kind === 'UNREADABLE')).toEqual([
    { kind: 'UNREADABLE', state: 'QUARANTINED', identity: 'event:VL-8' },
  ])
})

test('who calls with what nothing here can hold is refused once, not asked to call again for ever, and it is kept as it came', async () => {
  expect(await system.context.receive(await told(report, { dossierCode: ENDLESS, raw: '<dai/>' }))).toMatchObject({
    kind: 'REFUSED',
    reason: 'UNWRITABLE',
  })
  const kept = await system.context.db.query(`SELECT channel, state, raw FROM inbox_message WHERE source = 'VILIS'`)
  expect(kept).toEqual([{ channel: 'CALLBACK', state: 'QUARANTINED', raw: '<dai/>' }])
})

test('a result whose file has a name that no index takes is set aside, and what comes behind it is applied', async () => {
  const file = {
    name: 'Giấy chứng nhận',
    fileName: `${ENDLESS}.pdf`,
    mediaType: 'application/pdf',
    sha256: 'ab'.repeat(32),
    sizeBytes: 1,
    originals: 1,
    copies: 0,
  }
  const at = (await told(report)).eventAt
  await system.context.receive(
    await told({ ...report, documents: [file] } as InboundPayload, { eventAt: new Date(Date.parse(at) - 1000).toISOString() }),
  )
  await system.context.receive(await told({ kind: 'RESULT_ISSUED', status: 'COMPLETED', note: '', documents: [file] }, { eventAt: at }))
  await system.context.receive(await told(report, { externalEventId: 'VL-9' }))
  const states = (await inbox()).map(({ state }) => state)
  expect(states).not.toContain('STORED')
  expect(states).toContain('QUARANTINED')
  expect(states.at(-1)).toBe('APPLIED')
})

test('a tax notice told again with another amount is shown corrected, and not by an older telling', async () => {
  const at = (await told(report)).eventAt
  const shown = async () =>
    (await system.context.db.query<{ amount: string }>(`SELECT amount_vnd::text AS amount FROM tax_notice`))[0]?.amount
  await system.context.receive(await told(notices('100'), { eventAt: at }))
  await system.context.receive(await told(notices('250'), { eventAt: new Date(Date.parse(at) + 1000).toISOString() }))
  expect(await shown()).toBe('250')
  await system.context.receive(await told(notices('70'), { eventAt: new Date(Date.parse(at) - 60_000).toISOString() }))
  expect(await shown()).toBe('250')
})

test('plain SQL is judged like Prisma, and a server that cannot work is no fault of the data', async () => {
  const failing = (statement: string): Promise<unknown> =>
    system.context.db
      .transaction((tx) => tx.query(statement))
      .then(
        () => undefined,
        (error: unknown) => error,
      )
  expect(isUnwritable(await failing(`SELECT 99999999999::int AS n`))).toBe(true)
  expect(isUnwritable(await failing(`INSERT INTO app_clock (id) VALUES (1) RETURNING id`))).toBe(true)
  expect(isUnwritable(await failing(`SELECT pg_terminate_backend(pg_backend_pid()) AS gone`))).toBe(false)
  expect(isUnwritable(await failing(`SELECT set_config('statement_timeout', '1', true), pg_sleep(1)`))).toBe(false)
  expect(isUnwritable(await failing(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$`))).toBe(false)
})
