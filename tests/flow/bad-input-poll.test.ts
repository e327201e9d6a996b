import { afterAll, expect, test } from '@jest/globals'
import { reopenUnknownCodes } from '../../src/inbox/inbox-repository.js'
import { loadMappings } from '../../src/transfer/mapping-repository.js'
import { andThen, atDesk, HOUR_MS, writesAt } from '../support/dossier-journey.js'
import { addedRows, countRows } from '../support/pushed-dossier.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const take = async (overrides: Record<string, unknown>): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783', ...overrides },
  })
  return code
}

const inbox = (code: string, source = '%') =>
  system.context.db.query<{ state: string; reason: string | null; channel: string }>(
    `SELECT state, reason, channel FROM inbox_message WHERE dossier_code = $1 AND source LIKE $2 ORDER BY id`,
    [code, source],
  )

/** The sweep takes up what was reopened a moment ago or longer. */
const reopen = async (): Promise<void> => {
  expect(await reopenUnknownCodes(system.context.db)).toBeGreaterThan(0)
  await system.pass(HOUR_MS)
  await system.drain()
}

const today = (): string => new Date(Date.now() + 7 * HOUR_MS).toISOString().slice(0, 10)

test.each([
  ['a wrong dossier code', { code: 'HS-77' }, 'REFUSED', 'WRONG_DOSSIER_CODE|code'],
  ['an unknown procedure', { procedureCode: '9.999999' }, 'UNMATCHED', 'UNKNOWN_PROCEDURE|procedureCode'],
  ['an unknown commune', { unitCode: '99999', unitName: 'Xã Mới' }, 'UNMATCHED', 'UNKNOWN_COMMUNE|receivingUnit'],
  ['an ambiguous commune', { unitCode: '28633', unitName: 'Xã Bình Phan' }, 'UNMATCHED', 'AMBIGUOUS_COMMUNE|receivingUnit'],
  [
    'a due date before reception',
    { dueAt: '2026-01-01T01:00:00.000Z', receivedAt: '2026-02-02T01:00:00.000Z', unitCode: '28594', unitName: 'Xã Chợ Gạo' },
    'REFUSED',
    'DUE_BEFORE_RECEPTION|dueAt',
  ],
])('%s that was polled is kept with its reason; nothing else is stored and the feed goes on', async (_name, overrides, state, reason) => {
  system = await shared.open()
  await system.drain()
  const before = await countRows(system.context.db)
  const bad = await take(overrides)
  await system.drain()
  expect(await inbox(bad)).toEqual([{ state, reason: expect.stringContaining(reason), channel: 'POLL' }])
  const { poll_cursor: _cursor, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({ inbox_message: 1 })

  const good = await take({})
  await system.drain()
  expect(await writesAt(system, 'VILIS', good)).toEqual(['TiepNhanHoSo'])
})

test('a polled dossier of a procedure that we did not know is applied, with what followed, once the procedure is loaded', async () => {
  system = await shared.open()
  const code = await take({ procedureCode: '9.999999' })
  await system.drain()
  await andThen(system, 'ONE_STOP', 'withdraw', { code })
  expect((await inbox(code)).map(({ state }) => state)).toEqual(['UNMATCHED', 'UNMATCHED'])

  await system.context.db.orm.procedure.create({
    data: { code: '9.999999', name: 'Thủ tục mới', fieldCode: 'G13-DD01', fieldName: 'Đất đai', standing: 'thử', landRegistration: false },
  })
  await reopen()
  expect((await inbox(code)).map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED'])
  const [dossier] = await system.context.db.query(`SELECT status FROM dossier WHERE code = $1`, [code])
  expect(dossier).toEqual({ status: 'WITHDRAWN_BY_APPLICANT' })
})

test.each([
  ['polled', {}],
  ['called back and polled', { callbacks: true }],
])(
  'a dossier of the branch (%s) in a process and a commune that nobody had mapped is taken once the mapping is loaded',
  async (_road, options) => {
    system = await shared.open(options)
    const { code } = await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { process: 'QT-MOI', commune: '828228594' })
    await system.drain()
    expect(await inbox(code)).toEqual([{ state: 'UNMATCHED', reason: expect.stringContaining('VILIS:QT-MOI'), channel: 'POLL' }])
    const row = { systemId: 'VILIS', validFrom: '2025-07-01', validTo: null } as const
    await loadMappings(system.context.db, [{ ...row, kind: 'PROCEDURE', ourCode: '1.012784', foreignCode: 'QT-MOI' }])
    await reopen()
    expect((await inbox(code))[0]?.reason).toContain('VILIS:828228594')
    await loadMappings(system.context.db, [{ ...row, kind: 'COMMUNE', ourCode: '28594@2025-07-01', foreignCode: '828228594' }])
    await reopen()

    expect(await inbox(code, 'VILIS')).toEqual([{ state: 'APPLIED', reason: null, channel: 'POLL' }])
    expect(await writesAt(system, 'ONE_STOP', code)).toEqual(['TiepNhanHoSoLienThong'])
    expect((await atDesk(system, code)).dossier).toMatchObject({ procedureCode: '1.012784', unitCode: '28594' })
  },
)

test('a called back dossier with an unmapped code is refused to its sender by that name, and taken when it calls again after the loading', async () => {
  system = await shared.open({ callbacks: true, polls: false })
  const { code } = await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { process: 'QT-MOI', commune: '28594' })
  await system.drain()
  const { deeds } = await system.twins.VILIS.ledger()
  const refused = deeds.filter(({ what, detail }) => what === 'CALLED_OUT' && detail.outcome === 'REFUSED')
  expect(JSON.stringify(refused[0]?.detail)).toContain('VILIS:QT-MOI')
  const ourCode = '1.012784'
  await loadMappings(system.context.db, [
    { systemId: 'VILIS', kind: 'PROCEDURE', ourCode, foreignCode: 'QT-MOI', validFrom: today(), validTo: null },
  ])
  await system.drain()
  expect(await inbox(code)).toEqual([{ state: 'APPLIED', reason: null, channel: 'CALLBACK' }])
  expect((await atDesk(system, code)).dossier.status).toBe(2)
})

test('a file that was swapped or lost on the way is not taken: the row is quarantined, and the next reading has it whole', async () => {
  for (const kind of ['SWAP_ATTACHMENT', 'LOSE_ATTACHMENT'] as const) {
    system = await shared.open()
    const code = await take({})
    await system.twins.ONE_STOP.misbehave({ kind, operation: 'LayThayDoi', count: 1 })
    await system.drain()
    const [kept] = await system.context.db.query(`SELECT state, reason FROM inbox_message WHERE kind = 'UNREADABLE'`)
    expect(kept).toEqual({ state: 'QUARANTINED', reason: expect.stringContaining('SAI_TEP_DINH_KEM') })
    await system.drain()
    expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo'])
    const [cursor] = await system.context.db.query(`SELECT alarm FROM poll_cursor WHERE system_id = 'ONE_STOP'`)
    expect(cursor).toEqual({ alarm: null })
  }
})

test('other content under a version that we have is a conflict on the timeline, and no system is told', async () => {
  system = await shared.open()
  const code = await take({})
  await system.drain()
  const before = [await system.accepted('VILIS'), await system.accepted('PORTAL')]
  await andThen(system, 'ONE_STOP', 'sameVersionOtherContent', { code })
  expect((await inbox(code)).map(({ state }) => state)).toEqual(['APPLIED', 'CONFLICT'])
  const [shown] = await system.context.db.query(`SELECT applied, note FROM dossier_event ORDER BY id DESC LIMIT 1`)
  expect(shown).toEqual({ applied: false, note: 'Phiên bản 1 đã có với nội dung khác.' })
  expect([await system.accepted('VILIS'), await system.accepted('PORTAL')]).toEqual(before)
})
