import { expect, test } from '@jest/globals'
import { parseConfiguration } from '../../../src/config/config.js'
import { openForeignSystems } from '../../../src/foreign-systems.js'
import { graceMsOf } from '../../../src/reconciling.js'
import { mappings } from '../vilis/fixtures.js'

const endpoint = 'http://127.0.0.1:1/'

test('a system is compared as its configuration says, and one that is switched off or says NONE not at all', async () => {
  const systems = await openForeignSystems({
    configuration: parseConfiguration({
      systems: { VILIS: { endpoint, comparison: 'LIST' }, ONE_STOP: { endpoint, comparison: 'NONE' }, PORTAL: { enabled: false } },
    }),
    secrets: {},
    mappings: mappings(),
    readDocument: async () => null,
    keepDocument: async () => ({ sha256: '', size: 0 }),
    clockToleranceMs: 0,
  })
  try {
    expect([...systems.comparisonSources].map(([id, { style }]) => [id, style])).toEqual([['VILIS', 'LIST']])
    const range = { from: '2026-03-01', to: '2026-03-31' }
    expect(() => systems.comparisonSources.get('VILIS')?.days(range)).toThrow(/VILIS is compared by lists/)
    expect(await systems.comparisonSources.get('VILIS')?.list(range)).toMatchObject({ kind: 'FAILED' })
  } finally {
    await systems.close()
  }
})

test('nothing that a system may still be working on, as it declares, is compared as if it had settled', () => {
  const graceOf = (VILIS: object) =>
    graceMsOf(parseConfiguration({ systems: { VILIS: { endpoint, ...VILIS } }, reconciliation: { graceMs: 120_000 } }))
  expect(graceOf({})).toBe(120_000)
  expect(graceOf({ operations: { RECEIVE: { maxProcessingMs: 1_800_000 } } })).toBe(1_800_000)
})
