import { afterAll, expect, test } from '@jest/globals'
import {
  andThen,
  atDesk,
  atPortal,
  atRegistry,
  DAY_MS,
  expectOnceAndInOrder,
  HOUR_MS,
  portalInstant,
  seconds,
  writesAt,
} from '../support/dossier-journey.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const versionAndTransfers = async (code: string) =>
  (
    await system.context.db.query<{ version: number; transfers: number }>(
      `SELECT version, (SELECT count(*)::int FROM transfer WHERE dossier_id = d.id) AS transfers FROM dossier d WHERE code = $1`,
      [code],
    )
  )[0]

const takeAtBranch = async (body: Record<string, unknown> = {}): Promise<string> =>
  (await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { process: 'QT-CAPDOI', commune: '28594', ...body })).code

const inboxOf = (code: string) =>
  system.context.db.query<{ source: string; state: string; reason: string | null }>(
    `SELECT source, state, reason FROM inbox_message WHERE dossier_code = $1 ORDER BY id`,
    [code],
  )

test.each([
  ['by callback', { callbacks: true, polls: false }],
  ['by poll', {}],
  ['by both', { callbacks: true }],
])('a dossier that the branch took in (%s) reaches the desk and the portal once, and never ViLIS', async (_road, options) => {
  system = await shared.open(options)
  const code = await takeAtBranch({ procedureCode: '1.012783' })
  await system.drain()

  expect(await writesAt(system, 'ONE_STOP', code)).toEqual(['TiepNhanHoSoLienThong'])
  expect(await writesAt(system, 'PORTAL', code)).toEqual(['DongBoHoSoMC'])
  expect(await system.accepted('VILIS')).toEqual([])
  expect((await atDesk(system, code)).dossier.status).toBe(2)
  expect((await atPortal(system, code)).status).toBe('2')
  expect(await versionAndTransfers(code)).toEqual({ version: 1, transfers: 2 })
})

test('its life goes on: the branch finishes, the desk hands out, ViLIS is told of that once', async () => {
  system = await shared.open()
  const code = await takeAtBranch()
  await system.drain()
  await andThen(system, 'VILIS', 'forward', { code })
  await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
  await andThen(system, 'ONE_STOP', 'returnResult', { code })
  expect(await writesAt(system, 'VILIS', code)).toEqual(['XacNhanTraKetQua'])
  expect((await atDesk(system, code)).results).toHaveLength(1)
  for (const systemId of ['ONE_STOP', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, code)
})

test.each([
  ['says whose write it was', true],
  ['does not say whose write it was', false],
])('what we wrote and read again is not a change when the feed %s', async (_how, tellCause) => {
  system = await shared.open()
  await system.twins.ONE_STOP.set({ tellCause })
  const born = await takeAtBranch()
  const { code: taken } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'forward', { code: taken })
  await andThen(system, 'VILIS', 'newDueDate', { code: taken, dueAt: new Date(Date.now() + 40 * DAY_MS).toISOString() })
  await andThen(system, 'VILIS', 'forward', { code: born })
  const before = [await versionAndTransfers(born), await versionAndTransfers(taken)]
  await system.pass(HOUR_MS)
  await system.drain()

  expect([await versionAndTransfers(born), await versionAndTransfers(taken)]).toEqual(before)
  expect(before).toEqual([expect.objectContaining({ version: 2 }), expect.objectContaining({ version: 3 })])
  const echoes = [...(await inboxOf(born)), ...(await inboxOf(taken))].filter(
    ({ source, state }) => source === 'ONE_STOP' && state !== 'APPLIED',
  )
  expect(new Set(echoes.map(({ state }) => state))).toEqual(new Set(['NO_CHANGE']))
  expect(echoes.length).toBeGreaterThanOrEqual(4)
})

test('an amended dossier of the branch reaches the desk and the portal in its new version', async () => {
  system = await shared.open()
  const code = await takeAtBranch()
  await system.drain()
  await system.pass(HOUR_MS)
  const { state } = await system.twins.VILIS.state<{ changes: { kind: string; body: Record<string, unknown> }[] }>()
  const told = state.changes.find(({ kind }) => kind === 'TiepNhanHoSoChoMotCua')?.body ?? {}
  const { MaSuKien: _id, SoBienNhan: _code, ...fields } = told
  await andThen(system, 'VILIS', 'tell', {
    kind: 'TiepNhanHoSoChoMotCua',
    code,
    fields: { ...fields, PhienBan: '2', TrichYeu: 'Cấp đổi, đã sửa' },
  })

  expect(await writesAt(system, 'ONE_STOP', code)).toEqual(['TiepNhanHoSoLienThong', 'TiepNhanHoSoLienThong'])
  expect(await writesAt(system, 'PORTAL', code)).toEqual(['DongBoHoSoMC', 'DongBoHoSoMC'])
  expect((await atDesk(system, code)).dossier).toMatchObject({ version: 2, summary: 'Cấp đổi, đã sửa' })
  expect(await versionAndTransfers(code)).toEqual({ version: 2, transfers: 4 })
})

test('a supplement changes the due date on all three sides', async () => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
  const dueAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 60 * DAY_MS).toISOString()
  await andThen(system, 'VILIS', 'newDueDate', { code, dueAt })

  expect(seconds((await atDesk(system, code)).dossier.dueAt)).toBe(seconds(dueAt))
  expect(portalInstant((await atPortal(system, code)).dueAt)).toBe(Date.parse(dueAt))
  const [ours] = await system.context.db.query<{ dueAt: Date }>(`SELECT due_at AS "dueAt" FROM dossier WHERE code = $1`, [code])
  expect(ours?.dueAt.toISOString()).toBe(dueAt)
})

test('a new due date that the desk proposes with a supplement goes to the registry, whose word then stands on all three sides', async () => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
  const newDueAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 45 * DAY_MS).toISOString()
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code, newDueAt })

  expect(seconds((await atRegistry(system, code)).dueAt)).toBe(seconds(newDueAt))
  expect(seconds((await atDesk(system, code)).dossier.dueAt)).toBe(seconds(newDueAt))
  expect(portalInstant((await atPortal(system, code)).dueAt)).toBe(Date.parse(newDueAt))
})

test.each([
  [true, 6],
  [false, 5],
])('LaTamDung %s is status %i everywhere, and no side is ever told 9', async (pause, status) => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause })
  expect((await atDesk(system, code)).dossier.status).toBe(status)
  const portal = await atPortal(system, code)
  expect(portal.status).toBe(String(status))
  expect(portal.steps.map((step) => step.status)).toEqual([String(status)])
  const { requests } = await system.twins.PORTAL.ledger()
  expect(requests.filter(({ raw }) => /<(\w+:)?TrangThai(HoSo)?>9</.test(raw))).toEqual([])
})
