import { afterAll, expect, test } from '@jest/globals'
import { loadMappings, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { discrepancies, drift, reconcile, told } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** The registry's codes for one commune of ours: the one it has had, and one of a part that was merged into it. */
const [OLDER, NEWER] = ['28594', '82999']
const OURS = { systemId: 'VILIS', kind: 'COMMUNE', ourCode: '28594@2025-07-01', validTo: null } as const

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

/** Born at the registry under a code of its own, so that both sides have it. */
const takeUnder = async (commune: string): Promise<string> =>
  (await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { procedureCode: '1.012783', commune })).code

/** The registry has it, and nobody was ever told. */
const keepUnder = async (commune: string, code: string): Promise<string> => {
  const [{ now } = { now: new Date() }] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
  const receivedAt = now.toISOString()
  await system.twins.VILIS.act('knowHistory', { dossiers: [{ code, commune, receivedAt, dueAt: receivedAt }] })
  return code
}

const inVilis = [
  ['compared by records', {}],
  ['compared by buckets', { bucketsAbove: 2 }],
] as const

interface Injected {
  readonly code: string
  readonly is: string
}

/** Of each class one, and one that is the same on both sides, under a code of theirs on one day. */
const injectUnder = async (commune: string, unknownCode: string): Promise<Injected[]> => {
  const codes = [await takeUnder(commune), await takeUnder(commune), await takeUnder(commune), await takeUnder(commune)]
  const [gone = '', due = '', twice = ''] = codes
  await system.drain()
  await drift(system, 'VILIS', 'DELETED', gone)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'VILIS', 'DUPLICATED', twice)
  return [
    { code: gone, is: 'MISSING_THERE  PERSON' },
    { code: due, is: 'DIFFERS DUE_DATE HERE' },
    { code: twice, is: 'DUPLICATE_THERE  PERSON' },
    { code: await keepUnder(commune, unknownCode), is: 'MISSING_HERE  REREAD' },
  ]
}

const toldOf = (injected: readonly Injected[]): string[] => injected.map(({ code, is }) => `${code} VILIS ${is}`).sort()

test.each(inVilis)(
  'two codes of theirs that are one commune of ours, %s: what differs under either is found, and nothing else',
  async (_, reconciliation) => {
    system = await shared.open({ reconciliation })
    await loadMappings(system.context.db, [{ ...OURS, foreignCode: NEWER, validFrom: '2025-07-02' }])
    const injected = [...(await injectUnder(OLDER, 'H58.22-261101-9001')), ...(await injectUnder(NEWER, 'H58.22-261101-9002'))]
    expect(await reconcile(system, { systems: ['VILIS'] })).toMatchObject({ state: 'DONE', endedBecause: null })
    expect(told(await discrepancies(system))).toEqual(toldOf(injected))
  },
)

test.each(inVilis)(
  'a code of theirs without a mapping, %s: what differs under it is found one by one, and has its commune once that is loaded',
  async (_, reconciliation) => {
    system = await shared.open({ reconciliation })
    const { db } = system.context
    const injected = await injectUnder(OLDER, 'H58.22-261101-9001')
    const rows = await db.query<MappingRow>(
      `DELETE FROM code_mapping WHERE system_id = 'VILIS' AND kind = 'COMMUNE' AND foreign_code = $1 RETURNING system_id AS "systemId", kind, our_code AS "ourCode",
       foreign_code AS "foreignCode", valid_from::text AS "validFrom", valid_to::text AS "validTo"`,
      [OLDER],
    )
    const run = await reconcile(system, { systems: ['VILIS'] })
    // One of the four is gone over there, one stands there twice, and one is known there alone.
    expect(run).toMatchObject({ state: 'DONE', progress: { VILIS: { unmapped: { [OLDER]: 5 } } } })
    expect(told(await discrepancies(system))).toEqual(toldOf(injected))
    const communes = () =>
      db.query<{ commune: string; unit: string | null }>(
        `SELECT d.commune_code AS commune, u.code AS unit FROM discrepancy d LEFT JOIN administrative_unit u ON u.id = d.receiving_unit_id WHERE d.class = 'MISSING_HERE'`,
      )
    expect(await communes()).toEqual([{ commune: '', unit: null }])

    await loadMappings(db, rows)
    expect(await reconcile(system, { systems: ['VILIS'] })).toMatchObject({ state: 'DONE', endedBecause: null })
    expect(told(await discrepancies(system))).toEqual(toldOf(injected))
    expect(await communes()).toEqual([{ commune: OLDER, unit: OLDER }])
  },
)
