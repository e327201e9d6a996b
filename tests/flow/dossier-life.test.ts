import { afterAll, expect, test } from '@jest/globals'
import { expectWholeLife, liveThrough } from '../support/dossier-journey.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const inbox = () =>
  system.context.db.query<{ source: string; identity: string; state: string }>(
    `SELECT source, identity, state FROM inbox_message ORDER BY event_at, source`,
  )

test('a dossier taken at the desk is registered once in ViLIS and shown once at the portal', async () => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
  await system.drain()
  const states = await system.context.db.query(`SELECT operation, state, last_error FROM transfer ORDER BY system_id, sequence`)
  expect(states).toEqual([
    { operation: 'SYNC_DOSSIER', state: 'DELIVERED', last_error: null },
    { operation: 'RECEIVE', state: 'DELIVERED', last_error: null },
  ])
  expect(await system.accepted('VILIS')).toEqual([
    expect.objectContaining({ operation: 'TiepNhanHoSo', dossierCode: code, key: `${code}.RECEIVE.1` }),
  ])
  expect(await system.accepted('PORTAL')).toEqual([expect.objectContaining({ operation: 'DongBoHoSoMC', dossierCode: code })])
  expect(await system.accepted('ONE_STOP')).toEqual([])
})

test('a whole life by polling alone: statuses, due date, tax and result are right on all three sides, once each, in order', async () => {
  system = await shared.open()
  await expectWholeLife(system, await liveThrough(system))
})

test('the same life by callbacks and pushes alone, nothing is polled', async () => {
  system = await shared.open({ polls: false, callbacks: true, push: true })
  await expectWholeLife(system, await liveThrough(system))
})

test('the same life with callbacks, pushes and polls at once: each event counts once', async () => {
  system = await shared.open({ callbacks: true, push: true })
  const code = await liveThrough(system)
  await expectWholeLife(system, code)
  const { state } = await system.twins.VILIS.state<{ changes: unknown[] }>()
  const told = (await inbox()).filter(({ source }) => source === 'VILIS')
  expect(told).toHaveLength(state.changes.length)
})
