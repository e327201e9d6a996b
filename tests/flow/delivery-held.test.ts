import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { mappingGaps } from '../../src/transfer/mapping-gaps-repository.js'
import { loadMappings, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { expectAllDelivered, expectLedgersAgree, expectMisbehaved } from '../support/ledger-agreement.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const DAY = 24 * 3_600_000

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const take = async (body: Record<string, unknown> = {}): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', body)).code

describe('a missing mapping', () => {
  const OVERRIDES = { procedureCode: '1.012783', unitCode: '28594', unitName: 'Xã Chợ Gạo', receivedBy: 'mc.28594.1' }

  test.each(['PROCEDURE', 'COMMUNE', 'USER'] as const)(
    'of %s holds the transfer by its name, the gaps list it, and loading it releases it: sent once',
    async (kind) => {
      const missing: MappingRow[] = []
      const leftOut = (row: MappingRow): boolean =>
        row.kind === kind && ['1.012783', '28594', 'mc.28594.1'].includes(row.ourCode.split('@')[0] ?? '')
      system = await shared.open({
        mappings: (rows) => {
          missing.push(...rows.filter(leftOut))
          return rows.filter((row) => !leftOut(row))
        },
      })
      const codes = [await take({ overrides: OVERRIDES }), await take({ overrides: OVERRIDES })]
      await system.drain()
      const name = `${kind}:${missing.at(-1)?.ourCode}`
      for (const code of codes)
        expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({
          state: 'HELD',
          heldReason: 'MAPPING_MISSING',
          errorField: name,
          lastError: expect.stringContaining(missing.at(-1)?.ourCode ?? '?'),
        })
      expect(await mappingGaps(system.context.db)).toEqual([
        { systemId: 'VILIS', missing: name, transfers: 2, dossiers: 2, since: expect.any(Date) },
      ])
      await system.pass(2 * DAY)
      await system.drain()
      expect((await system.twins.VILIS.ledger()).requests.filter(({ operation }) => operation === 'TiepNhanHoSo')).toEqual([])

      expect(await loadMappings(system.context.db, missing)).toBe(2)
      await system.drain()
      expect(await mappingGaps(system.context.db)).toEqual([])
      expect(await system.accepted('VILIS')).toHaveLength(2)
      await expectAllDelivered(system)
    },
  )

  test('that is still missing when another one is loaded holds the transfer again', async () => {
    system = await shared.open({ mappings: (rows) => rows.filter(({ kind }) => kind !== 'PROCEDURE') })
    const code = await take({ overrides: OVERRIDES })
    await system.drain()
    const other: MappingRow = {
      systemId: 'VILIS',
      kind: 'USER',
      ourCode: 'mc.khac',
      foreignCode: 'vilis_khac',
      validFrom: '2000-01-01',
      validTo: null,
    }
    expect(await loadMappings(system.context.db, [other])).toBe(1)
    await system.drain()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING', attempts: 2 })
    expect(await system.accepted('VILIS')).toEqual([])
  })
})

describe('an attachment', () => {
  test('that is not in the blob store holds the transfer, which is sent once the file is back and a person replays it', async () => {
    system = await shared.open()
    await system.twins.VILIS.offline()
    const text = 'Đơn đăng ký biến động'
    const code = await take({ documents: [{ name: 'Đơn', base64: Buffer.from(text).toString('base64') }] })
    await system.drain()
    await system.twins.VILIS.online()
    // The desk still has the file and shows it again: it must not mend the store before we have looked.
    await system.twins.ONE_STOP.offline()
    const documents = join(system.context.options.stateDir, 'documents')
    for (const folder of await readdir(documents)) await rm(join(documents, folder), { recursive: true })
    await system.pass(60_000)
    await system.drain()
    const held = await transferOf(system, `${code}.RECEIVE.1`)
    expect(held).toMatchObject({ state: 'HELD', heldReason: 'ATTACHMENT_MISSING', errorField: 'documents[0]' })
    expect(await system.accepted('VILIS')).toEqual([])

    await system.context.keepDocument(Buffer.from(text))
    const act = { transferId: held.id, reason: 'Đã phục hồi tệp', actor: OPERATOR }
    expect(await replayTransfer(system.context.db, act)).toEqual({ kind: 'DONE' })
    await system.drain()
    expect(await system.accepted('VILIS')).toHaveLength(1)
    await expectAllDelivered(system)
  })

  test('that is larger than they take holds the transfer before a byte is sent, and only to them', async () => {
    system = await shared.open({ systems: { VILIS: { maxAttachmentBytes: 1_024 } } })
    const code = await take({ documents: [{ name: 'Bản đồ', base64: Buffer.alloc(1_025, 7).toString('base64') }] })
    await system.drain()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({
      state: 'HELD',
      heldReason: 'ATTACHMENT_TOO_LARGE',
      errorField: 'documents[0]',
    })
    expect((await system.twins.VILIS.ledger()).requests.filter(({ operation }) => operation === 'TiepNhanHoSo')).toEqual([])
    expect((await transferOf(system, `${code}.SYNC_DOSSIER.1`)).state).toBe('DELIVERED')
    await expectLedgersAgree(system)
  })

  test.each(['LOSE_ATTACHMENT', 'DOUBLE_ATTACHMENT', 'SWAP_ATTACHMENT'] as const)(
    'that a system loses, doubles or swaps (%s) is a conflict, HELD and never sent again by itself',
    async (kind) => {
      system = await shared.open()
      await system.twins.VILIS.misbehave({ kind, operation: 'TiepNhanHoSo' })
      await system.twins.PORTAL.misbehave({ kind, operation: 'DongBoHoSoMC' })
      await system.twins.ONE_STOP.misbehave({ kind, operation: 'TiepNhanHoSoLienThong' })
      const documents = ['một', 'hai', 'ba'].map((name) => ({ name, text: `giấy tờ ${name}` }))
      // The portal tells hashes without names: only another file's content can show there.
      const code = await take({ documents: kind === 'SWAP_ATTACHMENT' ? documents.slice(0, 1) : documents })
      await system.drain()
      const { code: born } = await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { procedureCode: '1.012783' })
      await system.drain()
      await expectMisbehaved(system)
      const visible = [`${code}.RECEIVE.1`, `${code}.SYNC_DOSSIER.1`, `${born}.REGISTER.1`]
      for (const key of visible) expect(await transferOf(system, key)).toMatchObject({ key, state: 'HELD', heldReason: 'CONFLICT' })
      await system.pass(3 * DAY)
      await system.drain()
      await expectLedgersAgree(system, { visible })
    },
  )

  test('whose content ViLIS gives to another name is a conflict', async () => {
    system = await shared.open()
    await system.twins.VILIS.misbehave({ kind: 'SWAP_ATTACHMENT', operation: 'TiepNhanHoSo' })
    const code = await take({ documents: ['một', 'hai'].map((name) => ({ name, text: `giấy tờ ${name}` })) })
    await system.drain()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'HELD', heldReason: 'CONFLICT' })
    await expectLedgersAgree(system, { visible: [`${code}.RECEIVE.1`] })
  })
})
