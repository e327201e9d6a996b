import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { andThen, atDesk, DAY_MS, expectOnceAndInOrder, HOUR_MS, seconds, writesAt } from '../support/dossier-journey.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ callbacks: true })
})
afterAll(() => shared.close())

/** UTC without saying so, as this ViLIS writes. */
const wire = (at: Date): string => at.toISOString().slice(0, 19)

const now = async (): Promise<Date> => {
  const [row] = await system.context.db.query<{ now: Date }>(`SELECT app_now() AS now`)
  return row?.now as Date
}
const ago = async (ms: number): Promise<string> => wire(new Date((await now()).getTime() - ms))

const taken = async (overrides: Record<string, unknown> = {}): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783', ...overrides },
  })
  await system.drain()
  return code
}

/** ViLIS tells a step as of an instant; by callback and in its feed. */
const tellStep = (code: string, at: string, kind = 'ChuyenHoSo', fields: Record<string, unknown> = {}) =>
  system.twins.VILIS.act<{ eventId: string }>('tell', {
    kind,
    code,
    fields: kind === 'ChuyenHoSo' ? { MaTrangThai: 'APPRAISAL', NgayChuyen: at, ...fields } : fields,
  })

const inbox = (code: string) =>
  system.context.db.query<{ operation: string; state: string; reason: string | null }>(
    `SELECT operation, state, reason FROM inbox_message WHERE dossier_code = $1 ORDER BY id`,
    [code],
  )
const stateOf = async (code: string, operation: string) =>
  (await inbox(code)).filter((row) => row.operation === operation).map(({ state }) => state)

const timeline = (code: string) =>
  system.context.db.query<{ kind: string; applied: boolean; note: string }>(
    `SELECT e.kind, e.applied, e.note FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id WHERE d.code = $1 ORDER BY e.id`,
    [code],
  )

const dossier = async (code: string) =>
  (
    await system.context.db.query<{ status: string; version: number; dueAt: Date }>(
      `SELECT status, version, due_at AS "dueAt" FROM dossier WHERE code = $1`,
      [code],
    )
  )[0]

test('a late report is stored, shown on the timeline as not applied, and changes nothing anywhere', async () => {
  const code = await taken()
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
  const before = await system.accepted('ONE_STOP')
  await tellStep(code, await ago(30 * 60_000))
  await system.drain()

  expect(await stateOf(code, 'ChuyenHoSo')).toEqual(['LATE'])
  expect((await timeline(code)).at(-1)).toMatchObject({
    kind: 'STATUS_REPORTED',
    applied: false,
    note: expect.stringContaining('Đến muộn'),
  })
  expect((await dossier(code))?.status).toBe('SUPPLEMENT_REQUIRED')
  expect(await system.accepted('ONE_STOP')).toEqual(before)
})

test('a late report that carries the newest due date changes the due date alone, on all sides', async () => {
  const code = await taken()
  await system.pass(3 * HOUR_MS)
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: true })
  const dueAt = new Date(Math.floor((await now()).getTime() / 1000) * 1000 + 50 * DAY_MS)
  await tellStep(code, '', 'NhanBoSungHoSo', { NgayNhanBoSung: await ago(2 * HOUR_MS), NgayHenTraMoi: wire(dueAt) })
  await system.drain()

  expect(await dossier(code)).toMatchObject({ status: 'FINANCIAL_OBLIGATION_REQUIRED', dueAt })
  expect((await atDesk(system, code)).dossier).toMatchObject({ status: 6 })
  expect(seconds((await atDesk(system, code)).dossier.dueAt)).toBe(seconds(dueAt.toISOString()))
})

test('tax notices that come late are kept and handed on: money is never only logged', async () => {
  const code = await taken()
  await system.pass(3 * HOUR_MS)
  await andThen(system, 'VILIS', 'forward', { code, step: 'PENDING_PRINT_CERT' })
  await tellStep(code, '', 'GuiKetQuaThue', {
    NgayCoKetQuaThue: await ago(2 * HOUR_MS),
    DanhSachThongBaoThue: {
      ThongBaoThue: [{ HoTenChu: 'Người nộp thuế', LoaiThue: 'Lệ phí trước bạ', SoThongBaoThue: 'TB-9', SoTien: '9007199254740' }],
    },
  })
  await system.drain()
  expect((await atDesk(system, code)).notices).toEqual([expect.objectContaining({ number: 'TB-9', amount: '9007199254740' })])
  expect((await dossier(code))?.status).toBe('IN_PROGRESS')
})

test('a result handed out before the registry has finished waits, and is applied when it has', async () => {
  const code = await taken()
  await andThen(system, 'VILIS', 'forward', { code })
  await andThen(system, 'ONE_STOP', 'returnResult', { code })
  expect(await stateOf(code, 'TraKetQua')).toEqual(['EARLY'])
  expect((await dossier(code))?.status).toBe('IN_PROGRESS')

  await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
  expect(await stateOf(code, 'TraKetQua')).toEqual(['APPLIED'])
  expect((await dossier(code))?.status).toBe('RESULT_RETURNED')
  expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo', 'XacNhanTraKetQua'])
})

test('an event told again, as another row and another call, is one', async () => {
  const code = await taken()
  const { eventId } = await tellStep(code, await ago(0))
  await system.drain()
  const before = [await dossier(code), await system.accepted('ONE_STOP'), await system.accepted('PORTAL')]
  await system.twins.VILIS.act('repeatEvent', { eventId })
  await system.twins.VILIS.act('repeatEvent', { eventId })
  await system.drain()
  expect([await dossier(code), await system.accepted('ONE_STOP'), await system.accepted('PORTAL')]).toEqual(before)
  expect(await stateOf(code, 'ChuyenHoSo')).toEqual(['APPLIED'])
  const { deeds } = await system.twins.VILIS.ledger()
  expect(deeds.filter(({ what, detail }) => what === 'CALLED_OUT' && detail.outcome === 'ACCEPTED')).toHaveLength(3)
})

test('reports for a dossier that we do not know are answered as stored, kept, and applied in their order when it appears', async () => {
  const code = 'H58.22-261101-7001'
  await system.twins.VILIS.act('knowHistory', {
    dossiers: [{ code, process: 'QT-CAPDOI', commune: '28594', receivedAt: await ago(DAY_MS), dueAt: new Date(Date.now() + 9 * DAY_MS) }],
  })
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('requireSupplement', { code, pause: false })
  await system.drain()
  await tellStep(code, await ago(HOUR_MS / 2))
  await system.drain()
  expect((await inbox(code)).map(({ operation, state }) => [operation, state])).toEqual([
    ['YeuCauBoSungHoSo', 'UNMATCHED'],
    ['ChuyenHoSo', 'UNMATCHED'],
  ])
  await system.twins.ONE_STOP.act('takeDossier', {
    overrides: { code, procedureCode: '1.012783', receivedAt: new Date(Date.now() - DAY_MS).toISOString() },
  })
  await system.drain()
  expect((await inbox(code)).filter(({ state }) => state !== 'APPLIED' && state !== 'NO_CHANGE')).toEqual([])
  expect((await timeline(code)).map(({ kind }) => kind)).toEqual(['RECEIVED', 'STATUS_CHANGED', 'STATUS_CHANGED'])
  // The demand was told first and happened last.
  expect((await atDesk(system, code)).dossier.status).toBe(5)
  await expectOnceAndInOrder(system, 'ONE_STOP', code)
})

test('an event time ahead of our clock is quarantined and changes nothing', async () => {
  const code = await taken()
  await tellStep(code, wire(new Date((await now()).getTime() + 2 * HOUR_MS)))
  await system.drain()
  expect(await inbox(code)).toContainEqual(
    expect.objectContaining({ operation: 'ChuyenHoSo', state: 'QUARANTINED', reason: expect.stringContaining('không tin được') }),
  )
  expect((await dossier(code))?.status).toBe('ACCEPTED')
})

test('an event of year 1 is quarantined, once for each road, raw, with the field; its correction under the same id is applied', async () => {
  const code = await taken()
  await tellStep(code, '0001-01-01T00:00:00')
  await system.drain()
  const kept = await system.context.db.query<{ state: string; reason: string; raw: string }>(
    `SELECT state, reason, raw FROM inbox_message WHERE kind = 'UNREADABLE'`,
  )
  expect(kept).toHaveLength(2)
  for (const row of kept) {
    expect(row).toMatchObject({ state: 'QUARANTINED', reason: expect.stringContaining('NgayChuyen') })
    expect(row.raw).toContain(code)
    expect(row.raw).not.toContain('Password')
  }
  expect((await dossier(code))?.status).toBe('ACCEPTED')

  const { state } = await system.twins.VILIS.state<{ changes: { eventId: string; kind: string }[] }>()
  const { eventId } = state.changes.at(-1) as { eventId: string }
  const receipt = await system.context.receive({
    source: 'VILIS',
    channel: 'CALLBACK',
    operation: 'ChuyenHoSo',
    externalEventId: eventId,
    dossierCode: code,
    eventAt: (await now()).toISOString(),
    payload: { kind: 'STATUS_REPORTED', status: 'IN_PROGRESS', note: '', documents: [] },
    raw: '',
    correlationId: 'sua-lai',
  })
  expect(receipt.kind).toBe('STORED')
  expect((await dossier(code))?.status).toBe('IN_PROGRESS')
})

test('two contents that claim to be one event: the first stands, the second is a conflict in plain sight', async () => {
  const code = await taken()
  const eventAt = (await now()).toISOString()
  const message = {
    source: 'VILIS',
    channel: 'CALLBACK',
    operation: 'ChuyenHoSo',
    externalEventId: 'SK-X',
    dossierCode: code,
    eventAt,
    raw: '',
  } as const
  const report = (status: 'IN_PROGRESS' | 'STOPPED') =>
    system.context.receive({ ...message, correlationId: 'x', payload: { kind: 'STATUS_REPORTED', status, note: '', documents: [] } })
  expect(await report('IN_PROGRESS')).toMatchObject({ kind: 'STORED' })
  expect(await report('STOPPED')).toMatchObject({ kind: 'REFUSED', reason: 'SAME_EVENT_OTHER_CONTENT' })
  expect(await report('STOPPED')).toMatchObject({ kind: 'REFUSED', reason: 'SAME_EVENT_OTHER_CONTENT' })
  expect(await stateOf(code, 'ChuyenHoSo')).toEqual(['APPLIED', 'CONFLICT'])
  expect((await dossier(code))?.status).toBe('IN_PROGRESS')
})
