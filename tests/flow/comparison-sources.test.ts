import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { twinControl } from '../../adapters/soap/twin/control-client.js'
import { wallOf } from '../../adapters/soap/twin/held-row.js'
import { History } from '../../adapters/soap/twin/history.js'
import { createVilisAdapter } from '../../adapters/vilis/adapter.js'
import { createVilisTwin } from '../../adapters/vilis/sandbox/twin.js'
import { type ComparedField, textOfField } from '../../src/model/compared-record.js'
import type { SystemId } from '../../src/model/system.js'
import type { ComparisonSource, ReceptionRange } from '../../src/ports/comparison-source.js'
import { allPages, daysOf, expectDigestsOfList, listOf, nowOf, ourRecords } from '../support/compared-sides.js'
import { andThen, liveThrough } from '../support/dossier-journey.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { CREDENTIALS, documentStore, mappings, readDocument, settings } from '../unit/vilis/fixtures.js'

/** The three sources against the three twins, whose digests are made by code of their own from their rows as they are when they are asked. */
const MAX_REPLY_BYTES = 4_000_000
const EVER = { from: '2000-01-01', to: '2099-12-31' }
const PAST = { from: '2024-01-01', to: '2024-03-29' }
const HISTORY = { count: 620, seed: 7, ...PAST }
const past = new History(HISTORY)
const SYSTEMS = ['VILIS', 'ONE_STOP', 'PORTAL'] as const
const WITH_DIGESTS = ['VILIS', 'ONE_STOP'] as const

let system: TestSystem
beforeAll(async () => {
  const small = { maxReplyBytes: MAX_REPLY_BYTES }
  system = await openTestSystem({ systems: { VILIS: small, ONE_STOP: small, PORTAL: small } })
})
afterAll(() => system.close())

const sourceOf = (id: SystemId): ComparisonSource => system.context.systems.comparisonSources.get(id) as ComparisonSource

test('each system is compared as it can be: by digests, or by lists alone', () => {
  expect(SYSTEMS.map((id) => [sourceOf(id).style, sourceOf(id).fields.length])).toEqual([
    ['DIGESTS', 6],
    ['DIGESTS', 6],
    ['LIST', 3],
  ])
  expect(() => sourceOf('PORTAL').days(EVER)).toThrow(/compared by lists/)
})

test('systems that hold nothing have no group and no record', async () => {
  for (const id of SYSTEMS) expect(await listOf(sourceOf(id), EVER)).toEqual([])
  for (const id of WITH_DIGESTS) expect(await daysOf(sourceOf(id), EVER)).toEqual([])
})

test('a dossier that went its way is the same on all sides and here, in every field that a side knows', async () => {
  const code = await liveThrough(system)
  for (const id of WITH_DIGESTS) expect(await expectDigestsOfList(sourceOf(id), EVER)).toHaveLength(1)
  expect((await listOf(sourceOf('VILIS'), EVER)).map(({ dossierCode }) => dossierCode)).toEqual([code])

  await system.twins.VILIS.act('takeAtDesk', { process: 'QT-CAPDOI', procedureCode: '1.012783.000.00.00.H58' })
  const { code: withdrawn } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'ONE_STOP', 'withdraw', { code: withdrawn })
  const ours = await ourRecords(system)
  expect(ours.map(({ status }) => status).sort()).toEqual(['ACCEPTED', 'RESULT_RETURNED', 'WITHDRAWN_BY_APPLICANT'])
  expect(ours.find(({ dossierCode }) => dossierCode === code)).toMatchObject({ amounts: [{}, {}] })
  for (const id of SYSTEMS) {
    const theirs = await listOf(sourceOf(id), EVER)
    const said = (records: typeof ours, fields: readonly ComparedField[]) =>
      Object.fromEntries(records.map((record) => [record.dossierCode, fields.map((field) => `${field} ${textOfField(record, field)}`)]))
    expect(said(theirs, sourceOf(id).fields)).toEqual(said(ours, sourceOf(id).fields))
  }
  for (const id of WITH_DIGESTS) await expectDigestsOfList(sourceOf(id), EVER)
})

describe('with some hundred dossiers of the past', () => {
  beforeAll(async () => {
    for (const id of SYSTEMS) await system.twins[id].act('keepHistory', HISTORY)
  })

  test('the digests are those of the list, which comes in pages by day and code', async () => {
    const [vilis, oneStop] = [await expectDigestsOfList(sourceOf('VILIS'), PAST), await expectDigestsOfList(sourceOf('ONE_STOP'), PAST)]
    expect(vilis).toEqual(oneStop)
    expect(vilis).toHaveLength(HISTORY.count)
    const places = vilis.map(({ receivedOn, dossierCode }) => `${receivedOn} ${dossierCode}`)
    expect(places).toEqual([...places].sort())
    const pages = await allPages((cursor) => sourceOf('PORTAL').list(PAST, cursor))
    expect(pages.map(({ records }) => records.length)).toEqual([500, 120])
    expect(pages.flatMap(({ records }) => records).map(({ dossierCode }) => dossierCode)).toEqual(
      vilis.map(({ dossierCode }) => dossierCode),
    )
    expect(pages.every(({ bytes }) => bytes > 10_000)).toBe(true)
  })

  test('a page that is too large is asked for with fewer rows, and rows that come in between move nothing', async () => {
    const source = sourceOf('ONE_STOP')
    await system.twins.ONE_STOP.misbehave({ kind: 'OVERSIZED', operation: 'DoiSoatTheoNgay', bytes: MAX_REPLY_BYTES + 1, count: 4 })
    for (let failures = 0; failures < 4; failures += 1) expect(await source.days(PAST)).toMatchObject({ kind: 'FAILED' })
    const before = await daysOf(sourceOf('VILIS'), PAST)
    const first = await source.days(PAST)
    if (first.kind === 'FAILED') throw new Error(first.cause)
    expect(first.groups).toHaveLength(312)
    await system.twins.ONE_STOP.act('takeDossier', {
      overrides: { receivedAt: '2024-01-01T02:00:00.000Z', unitCode: '28600', code: 'H58.22-240101-9001' },
    })
    await system.twins.ONE_STOP.act('takeDossier', { overrides: { receivedAt: '2024-03-31T02:00:00.000Z' } })
    const rest = await source.days(PAST, first.next)
    if (rest.kind === 'FAILED') throw new Error(rest.cause)
    expect([...first.groups, ...rest.groups]).toEqual(before)
    expect(rest.next).toBeUndefined()
    await system.drain()
  })
})

describe('what happened behind everyone’s back', () => {
  const drift = (id: SystemId, body: Record<string, unknown>) => system.twins[id].act('drift', body)
  /** Some dossier of the past, each time another one. */
  let taken = 0
  const oneOf = (): string => {
    taken += 1
    return past.row(taken * 12).code
  }
  const dayOf = (code: string): ReceptionRange => {
    const day = wallOf(past.ofCode(code)?.receivedAt ?? '').slice(0, 10)
    return { from: day, to: day }
  }

  test.each([
    ['VILIS', 'STATUS', 'STATUS'],
    ['VILIS', 'DUE_DATE', 'DUE_DATE'],
    ['VILIS', 'APPLICANT', 'APPLICANT'],
    ['VILIS', 'PARCEL', 'PARCELS'],
    ['VILIS', 'DOCUMENT', 'DOCUMENTS'],
    ['VILIS', 'AMOUNT', 'AMOUNTS'],
    ['ONE_STOP', 'STATUS', 'STATUS'],
    ['ONE_STOP', 'DUE_DATE', 'DUE_DATE'],
    ['ONE_STOP', 'APPLICANT', 'APPLICANT'],
    ['ONE_STOP', 'PARCEL', 'PARCELS'],
    ['ONE_STOP', 'DOCUMENT', 'DOCUMENTS'],
    ['ONE_STOP', 'AMOUNT', 'AMOUNTS'],
    ['PORTAL', 'STATUS', 'STATUS'],
    ['PORTAL', 'DUE_DATE', 'DUE_DATE'],
    ['PORTAL', 'APPLICANT', 'APPLICANT'],
  ] as const)('%s: a changed %s differs in %s alone', async (id, kind, field) => {
    const source = sourceOf(id)
    const code = oneOf()
    const [before] = (await nowOf(source, [code])).records
    await drift(id, { kind, code })
    const [after] = (await nowOf(source, [code])).records
    if (!before || !after) throw new Error(`${code} is not there`)
    expect(source.fields.filter((one) => textOfField(before, one) !== textOfField(after, one))).toEqual([field])
    if (source.style === 'DIGESTS') await expectDigestsOfList(source, dayOf(code))
  })

  test.each(SYSTEMS)('%s: a dossier is gone, or there twice', async (id) => {
    const source = sourceOf(id)
    const [gone, twice] = [oneOf(), oneOf()]
    await drift(id, { kind: 'DELETED', code: gone })
    await drift(id, { kind: 'DUPLICATED', code: twice })
    expect((await nowOf(source, [gone, twice])).records.map(({ dossierCode }) => dossierCode)).toEqual([twice, twice])
    const listed = [...(await listOf(source, dayOf(gone))), ...(await listOf(source, dayOf(twice)))].map(({ dossierCode }) => dossierCode)
    expect(listed.filter((code) => code === twice)).toHaveLength(2)
    expect(listed).not.toContain(gone)
    if (source.style === 'DIGESTS') await expectDigestsOfList(source, dayOf(twice))
    await drift(id, { kind: 'SINGLE_AGAIN', code: twice })
    expect((await nowOf(source, [twice])).records).toHaveLength(1)
  })

  test.each(SYSTEMS)('%s: a row with a date of the year 1, an unknown status or no code spoils no page', async (id) => {
    const source = sourceOf(id)
    const [due, status, nameless] = [oneOf(), oneOf(), oneOf()]
    const before = (await listOf(source, PAST)).length
    await drift(id, { kind: 'SPOILT', code: due, value: 'DUE_DATE' })
    await drift(id, { kind: 'SPOILT', code: status, value: 'STATUS' })
    await drift(id, { kind: 'SPOILT', code: nameless, value: 'CODE' })
    const pages = await allPages((cursor) => source.list(PAST, cursor))
    expect(pages.flatMap(({ records }) => records)).toHaveLength(before - 3)
    expect(
      pages
        .flatMap(({ unreadable }) => unreadable)
        .map(({ dossierCode }) => dossierCode)
        .sort(),
    ).toEqual([due, status, undefined].sort())
    const { records, unreadable } = await nowOf(source, [due, status])
    expect([records, unreadable.map(({ reason }) => /^Trường \w+ /.test(reason))]).toEqual([[], [true, true]])
    for (const code of [due, status]) await drift(id, { kind: 'DELETED', code })
  })

  test.each([
    ['VILIS', 'TiepNhanHoSo'],
    ['PORTAL', 'DongBoHoSoMC'],
    ['ONE_STOP', 'CapNhatTrangThai'],
  ] as const)('%s: a %s that is answered “received” and is not stored shows in the comparison', async (id, operation) => {
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
    if (id === 'ONE_STOP') await system.drain()
    await system.twins[id].act('lie', { operation })
    if (id === 'ONE_STOP') await andThen(system, 'VILIS', 'forward', { code })
    else await system.drain()
    const states = await system.context.db.query<{ state: string }>(
      `SELECT DISTINCT t.state FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = $1`,
      [code],
    )
    expect(states).toEqual([{ state: 'DELIVERED' }])
    const { records } = await nowOf(sourceOf(id), [code])
    expect(records.map(({ status }) => status)).toEqual(id === 'ONE_STOP' ? ['ACCEPTED'] : [])
  })

  test('ViLIS finishes a dossier and tells nobody', async () => {
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
    await system.drain()
    await system.twins.VILIS.act('finishSilently', { code })
    await system.drain()
    expect((await nowOf(sourceOf('VILIS'), [code])).records[0]?.status).toBe('COMPLETED')
    expect((await nowOf(sourceOf('ONE_STOP'), [code])).records[0]?.status).toBe('ACCEPTED')
  })
})

describe('an answer that is none', () => {
  test.each([
    ['GARBAGE', 'VILIS', 'DoiSoatDanhSach', 'BROKEN_REPLY'],
    ['HTTP_503', 'ONE_STOP', 'DoiSoatDanhSach', 'HTTP_503'],
    ['RESET_MID_BODY', 'PORTAL', 'DoiSoatDanhSach', 'RESET'],
    ['OTHER_ANSWER', 'PORTAL', 'DoiSoatTheoMa', 'OTHER_ANSWER'],
  ] as const)('%s of %s is a failed read, and the next one is read', async (kind, id, operation, code) => {
    await system.twins[id].misbehave({ kind, operation, ...(kind === 'OTHER_ANSWER' && { of: 'OPERATION' }) })
    const ask = () => (operation === 'DoiSoatTheoMa' ? sourceOf(id).ofCodes(['H58.22-240101-0001']) : sourceOf(id).list(PAST))
    const failed = await ask()
    expect(failed).toEqual({ kind: 'FAILED', code, cause: expect.any(String) })
    expect(await ask()).toMatchObject({ kind: 'READ' })
  })

  test('a system that hangs is given up at the deadline of a read', async () => {
    const twin = await createVilisTwin().start({ tickMs: 0, ...CREDENTIALS })
    const adapter = await createVilisAdapter({
      settings: { ...settings(twin.url), readDeadlineMs: 1_000 },
      mappings: mappings(),
      readDocument,
      keepDocument: documentStore().keepDocument,
    })
    try {
      await twinControl(twin.controlUrl).misbehave({ kind: 'HANG', operation: 'DoiSoatTheoNgay' })
      expect(await adapter.comparison.days(EVER)).toEqual({ kind: 'FAILED', code: 'TIMEOUT', cause: expect.stringMatching(/TIMEOUT/) })
    } finally {
      await adapter.target.close()
      await twin.stop()
    }
  })
})
