import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
beforeEach(async () => {
  system = await openTestSystem()
})
afterEach(() => system.close())

test('a dossier taken at the desk is registered once in ViLIS and shown once at the portal', async () => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
  await system.drain()
  const states = await system.context.db.query(`SELECT operation, state, last_error FROM transfer ORDER BY system_id, sequence`)
  expect(states).toEqual([
    { operation: 'SYNC_DOSSIER', state: 'DELIVERED', last_error: null },
    { operation: 'RECEIVE', state: 'DELIVERED', last_error: null },
  ])
  expect(await system.accepted('VILIS')).toEqual([expect.objectContaining({ operation: 'TiepNhanHoSo', dossierCode: code, key: `${code}.RECEIVE.1` })])
  expect(await system.accepted('PORTAL')).toEqual([expect.objectContaining({ operation: 'DongBoHoSoMC', dossierCode: code })])
  expect(await system.accepted('ONE_STOP')).toEqual([])
})
