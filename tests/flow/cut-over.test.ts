import { afterAll, describe, expect, test } from '@jest/globals'
import { localDateOf } from '../../src/model/working-calendar.js'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import type { ActResult } from '../../src/operator/perform-act.js'
import type { InquiryStrength, Sending } from '../../src/ports/target-system.js'
import { listMappings, mappingGaps, mappingsToPrepare } from '../../src/transfer/mapping-gaps-repository.js'
import { loadMappings } from '../../src/transfer/mapping-repository.js'
import { expectAllDelivered, expectLedgersAgree, transfersOf } from '../support/ledger-agreement.js'
import { auditOf, confirmIn, OPERATOR, type TransferView, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const day = (offset: number): string => localDateOf(new Date(Date.now() + offset * DAY))

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

interface DeskDossier {
  readonly code: string
  readonly procedureCode: string
  readonly unitCode: string
  readonly receivedAt: string
  readonly dueAt: string
}

const atDesk = async (code: string): Promise<DeskDossier> =>
  (await system.twins.ONE_STOP.act<{ dossier: DeskDossier }>('show', { code })).dossier

/** The same dossier as ViLIS has it from the years before the interlink. */
const inViLis = ({ code, procedureCode, unitCode, receivedAt, dueAt }: DeskDossier): Record<string, unknown> => ({
  code,
  process: procedureCode.startsWith('1.012783') ? 'QT-CAPDOI' : `QT-${procedureCode.slice(0, 8)}`,
  commune: unitCode,
  receivedAt,
  dueAt,
  version: 4,
})

const writeRequests = async (): Promise<string[]> => {
  const all = await Promise.all([system.twins.VILIS, system.twins.PORTAL, system.twins.ONE_STOP].map((twin) => twin.ledger()))
  const reads = ['LayThayDoi', 'TraCuuHoSo']
  return all.flatMap(({ requests }) => requests.map(({ operation }) => operation)).filter((operation) => !reads.includes(operation))
}

test('OBSERVE reads and shows a history, and plans and sends nothing', async () => {
  system = await shared.open({ mode: 'OBSERVE' })
  const { codes } = await system.twins.ONE_STOP.act<{ codes: string[] }>('loadHistory', { count: 12 })
  await system.drain()
  const [shown] = await system.context.db.query<{ count: number; interlinked: number }>(
    'SELECT count(*)::int AS count, count(*) FILTER (WHERE interlinked)::int AS interlinked FROM dossier',
  )
  expect(shown).toEqual({ count: codes.length, interlinked: 0 })
  expect(await transfersOf(system)).toEqual([])
  expect(await writeRequests()).toEqual([])
})

test('in OBSERVE every code that sendings will need is named beforehand, with the rows to fill in, and none when they are loaded', async () => {
  system = await shared.open({ mode: 'OBSERVE', mappings: () => [] })
  const { db } = system.context
  const { codes } = await system.twins.ONE_STOP.act<{ codes: string[] }>('loadHistory', { count: 12 })
  await system.drain()
  expect(codes).toHaveLength(12)
  const [used] = await db.query<{ codes: string[]; land: number }>(
    `SELECT array(SELECT 'PROCEDURE:' || left(d.procedure_code, 8) FROM dossier d JOIN procedure p ON p.code = d.procedure_code AND p.land_registration
       UNION SELECT 'USER:' || d.received_by FROM dossier d JOIN procedure p ON p.code = d.procedure_code AND p.land_registration) AS codes,
       (SELECT count(*)::int FROM dossier d JOIN procedure p ON p.code = d.procedure_code AND p.land_registration) AS land`,
  )
  const gaps = await mappingGaps(db)
  expect(
    gaps
      .filter(({ missing }) => !missing.startsWith('COMMUNE:'))
      .map(({ missing }) => missing)
      .sort(),
  ).toEqual(used?.codes.sort())
  expect(gaps.every(({ transfers, dossiers }) => transfers === 0 && dossiers > 0)).toBe(true)
  const perProcedure = gaps.filter(({ missing }) => missing.startsWith('PROCEDURE:')).reduce((sum, { dossiers }) => sum + dossiers, 0)
  expect(perProcedure).toBe(used?.land)

  const rows = await mappingsToPrepare(db)
  const prepared = rows.map(({ kind, ourCode }) => `${kind}:${ourCode}`)
  expect(prepared).toEqual([...new Set(prepared)])
  expect(prepared).toEqual(expect.arrayContaining(gaps.map(({ missing }) => missing)))
  const [land] = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM procedure WHERE land_registration')
  expect(rows.filter(({ kind }) => kind === 'PROCEDURE')).toHaveLength(land?.count ?? 0)

  await loadMappings(
    db,
    rows.map(({ name: _, ...row }) => ({ ...row, foreignCode: `VL-${row.ourCode}` })),
  )
  expect([await mappingGaps(db), await mappingsToPrepare(db)]).toEqual([[], []])
  expect((await listMappings(db, {}, { limit: 1_000, skip: 0 })).rows).toHaveLength(rows.length)
  const paged = await listMappings(db, { system: 'VILIS' }, { limit: 1, skip: 1 })
  expect(paged).toMatchObject({ rows: [{ systemId: 'VILIS' }], total: rows.filter(({ systemId }) => systemId === 'VILIS').length })
})

describe('ADOPT over a history that both sides have', () => {
  /** What another program once wrote to the portal: our bodies under keys that we do not know. */
  const writeHistoryAtPortal = async (change: (sending: Sending, index: number) => Sending | undefined): Promise<string[]> => {
    const rows = await system.context.db.query<Omit<Sending, 'adopting' | 'correlationId'> & { key: string }>(
      `SELECT t.operation, t.body, d.code AS "dossierCode", t.digest, t.idempotency_key AS key FROM transfer t
       JOIN dossier d ON d.id = t.dossier_id WHERE t.system_id = 'PORTAL' ORDER BY d.code`,
    )
    const keys: string[] = []
    for (const [index, row] of rows.entries()) {
      const idempotencyKey = `CU-${index}`
      const sending = change({ ...row, idempotencyKey, digest: 'f'.repeat(64), adopting: false, correlationId: 'cu' }, index)
      if (!sending) continue
      expect((await system.context.systems.targets.get('PORTAL')?.send(sending))?.outcome.kind).toBe('ACCEPTED')
      keys.push(idempotencyKey)
    }
    return keys
  }

  test.each(['KEY_AND_DIGEST', 'FIELDS', 'EXISTS'] as const)(
    'sends nothing and links by fields, though the configured strength is %s',
    async (inquiryStrength: InquiryStrength) => {
      const traits = { inquiryStrength }
      system = await shared.open({
        mode: 'ADOPT',
        systems: { VILIS: { operations: { RECEIVE: traits } }, PORTAL: { operations: { SYNC_DOSSIER: traits } } },
      })
      const { codes } = await system.twins.ONE_STOP.act<{ codes: string[] }>('loadHistory', { count: 6 })
      const dossiers = await Promise.all(codes.map(atDesk))
      await system.twins.VILIS.act('knowHistory', { dossiers: dossiers.map(inViLis) })
      await system.twins.PORTAL.offline()
      await system.drain()
      await system.twins.PORTAL.online()
      const others = await writeHistoryAtPortal((sending) => sending)
      const written = (await writeRequests()).length
      await system.pass(MINUTE)
      await system.drain()

      const transfers = await transfersOf(system)
      expect(transfers.map(({ operation }) => operation).sort()).toEqual([
        ...codes.map(() => 'RECEIVE'),
        ...codes.map(() => 'SYNC_DOSSIER'),
      ])
      expect(transfers.filter(({ state }) => state !== 'DELIVERED')).toEqual([])
      expect((await transferOf(system, `${codes[0]}.RECEIVE.1`)).externalRef).toMatch(/^VL-/)
      expect(await writeRequests()).toHaveLength(written)
      await expectLedgersAgree(system, { linked: transfers.map(({ key }) => key), others })
    },
  )

  test('holds what differs and what is not there, by name, links the rest, and asks again when a person wants it, sending nothing', async () => {
    system = await shared.open({ mode: 'ADOPT' })
    const { codes } = await system.twins.ONE_STOP.act<{ codes: string[] }>('loadHistory', { count: 3 })
    const sorted = [...codes].sort()
    const [same, differs, absent] = await Promise.all(sorted.map(atDesk))
    if (!same || !differs || !absent) throw new Error('three dossiers were asked for')
    const other = { ...differs, receivedAt: new Date(Date.parse(differs.receivedAt) + DAY).toISOString() }
    await system.twins.VILIS.act('knowHistory', { dossiers: [same, other].map(inViLis) })
    await system.twins.PORTAL.offline()
    await system.drain()
    await system.twins.PORTAL.online()
    const others = await writeHistoryAtPortal((sending, index) => {
      if (index === 2) return undefined
      if (index === 0 || sending.body.operation !== 'SYNC_DOSSIER') return sending
      return { ...sending, body: { ...sending.body, dossier: { ...sending.body.dossier, summary: 'Nội dung khác' } } }
    })
    const written = (await writeRequests()).length
    await system.pass(MINUTE)
    await system.drain()

    const expectHeld = async (): Promise<void> => {
      for (const operation of ['RECEIVE', 'SYNC_DOSSIER']) {
        expect((await transferOf(system, `${same.code}.${operation}.1`)).state).toBe('DELIVERED')
        expect(await transferOf(system, `${differs.code}.${operation}.1`)).toMatchObject({
          state: 'HELD',
          heldReason: 'ADOPT_DIFFERS',
          lastError: expect.stringMatching(/NgayTiepNhan|TrichYeuHoSo/),
        })
        expect(await transferOf(system, `${absent.code}.${operation}.1`)).toMatchObject({ state: 'HELD', heldReason: 'ADOPT_ABSENT' })
      }
      expect(await writeRequests()).toHaveLength(written)
    }
    await expectHeld()

    const reason = 'Đã xem hai bên'
    for (const operation of ['RECEIVE', 'SYNC_DOSSIER']) {
      const { id } = await transferOf(system, `${differs.code}.${operation}.1`)
      expect(await replayTransfer(system.context.db, { transferId: id, reason, actor: OPERATOR })).toEqual({ kind: 'DONE' })
      const { id: absentId } = await transferOf(system, `${absent.code}.${operation}.1`)
      expect(await confirmIn(system, { transferId: absentId, reason, actor: OPERATOR, happened: false })).toEqual({ kind: 'DONE' })
    }
    await system.drain()
    await expectHeld()
    await expectLedgersAgree(system, { linked: [`${same.code}.RECEIVE.1`, `${same.code}.SYNC_DOSSIER.1`], others })
  })
})

describe('a dossier of the history that they do not have', () => {
  /** Held as ADOPT_ABSENT at ViLIS and at the portal. */
  const absentEverywhere = async (cutOver: { mode: 'LIVE'; from: string }[] = []): Promise<string> => {
    system = await shared.open({ mode: 'ADOPT', cutOver })
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
    await system.drain()
    for (const operation of ['RECEIVE', 'SYNC_DOSSIER'])
      expect(await transferOf(system, `${code}.${operation}.1`)).toMatchObject({ state: 'HELD', heldReason: 'ADOPT_ABSENT' })
    expect(await writeRequests()).toEqual([])
    return code
  }
  const replay = async (key: string): Promise<{ before: TransferView; result: ActResult }> => {
    const before = await transferOf(system, key)
    const result = await replayTransfer(system.context.db, { transferId: before.id, reason: 'Đã xem hai bên', actor: OPERATOR })
    return { before, result }
  }

  test('is sent in its place when a person replays it, once, with the reason audited', async () => {
    const code = await absentEverywhere()
    for (const operation of ['RECEIVE', 'SYNC_DOSSIER']) {
      const key = `${code}.${operation}.1`
      const { before, result } = await replay(key)
      const sending = await transferOf(system, `${key}-2`)
      expect(result).toEqual({ kind: 'DONE', replacedBy: sending.id })
      // The relay marks it as it publishes its wake-up.
      expect(['PLANNED', 'QUEUED']).toContain(sending.state)
      expect(sending.sequence).toBe(before.sequence)
      expect((await transferOf(system, key)).state).toBe('SUPERSEDED')
      expect(await auditOf(system, before.id)).toEqual([
        {
          actor: OPERATOR.subject,
          role: OPERATOR.role,
          act: 'REPLAY',
          reason: 'Đã xem hai bên',
          before: { state: 'HELD', heldReason: 'ADOPT_ABSENT', lastError: before.lastError },
          after: { state: 'SUPERSEDED', replacedBy: sending.id },
        },
      ])
      expect((await replay(key)).result).toMatchObject({ kind: 'REFUSED', reason: 'ILLEGAL_TRANSITION' })
    }
    await system.drain()
    expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1-2`])
    expect((await system.accepted('PORTAL')).map(({ key }) => key)).toEqual([`${code}.SYNC_DOSSIER.1-2`])
    await expectAllDelivered(system)
  })

  test('is sent before what waits behind it, and an answer that is lost is inquired under its own key', async () => {
    const code = await absentEverywhere([{ mode: 'LIVE', from: day(1) }])
    await system.pass(DAY)
    await system.twins.ONE_STOP.act('handInSupplement', { code })
    await system.drain()
    expect(await system.accepted('VILIS')).toEqual([])
    await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
    await replay(`${code}.RECEIVE.1`)
    await replay(`${code}.SYNC_DOSSIER.1`)
    for (let round = 0; round < 3; round += 1) {
      await system.drain()
      await system.pass(MINUTE)
    }
    expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1-2`, `${code}.SUPPLEMENT.2`])
    await expectAllDelivered(system)
  })
})

describe('LIVE from a day on', () => {
  test('sends what happens from then on, once, and nothing of the history before it', async () => {
    system = await shared.open({ mode: 'OBSERVE', cutOver: [{ mode: 'LIVE', from: day(0) }] })
    await system.twins.ONE_STOP.act('loadHistory', { count: 10 })
    await system.drain()
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
    await system.drain()
    expect((await transfersOf(system)).map(({ key }) => key).sort()).toEqual([`${code}.RECEIVE.1`, `${code}.SYNC_DOSSIER.1`])
    await expectLedgersAgree(system)
    expect((await writeRequests()).sort()).toEqual(['DongBoHoSoMC', 'TiepNhanHoSo'])
  })

  test('goes on with a dossier that was linked before: only what is new is sent', async () => {
    system = await shared.open({ mode: 'ADOPT', cutOver: [{ mode: 'LIVE', from: day(1) }] })
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
    await system.twins.VILIS.act('knowHistory', { dossiers: [inViLis(await atDesk(code))] })
    await system.drain()
    expect((await transferOf(system, `${code}.RECEIVE.1`)).state).toBe('DELIVERED')
    await system.pass(DAY)
    await system.twins.ONE_STOP.act('handInSupplement', { code })
    await system.drain()
    expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.SUPPLEMENT.2`])
    await expectLedgersAgree(system, { linked: [`${code}.RECEIVE.1`] })
  })
})
