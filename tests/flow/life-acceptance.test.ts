import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

const handedIn = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { status: 1 } })
  await system.drain()
  return code
}

const operationsAt = async (systemId: 'VILIS' | 'PORTAL'): Promise<string[]> =>
  (await system.accepted(systemId)).map(({ operation }) => operation)

const statusOf = async (code: string): Promise<string | undefined> =>
  (await system.context.db.query<{ status: string }>('SELECT status FROM dossier WHERE code = $1', [code]))[0]?.status

test('a dossier that was handed in and not yet accepted is shown at the portal and unknown to ViLIS', async () => {
  const code = await handedIn()
  expect(await statusOf(code)).toBe('SUBMITTED')
  expect(await operationsAt('VILIS')).toEqual([])
  expect(await operationsAt('PORTAL')).toEqual(['DongBoHoSoMC'])
})

test('it is registered in ViLIS, once, when the desk accepts it, with what was mended at the same time', async () => {
  const code = await handedIn()
  await system.twins.ONE_STOP.act('amend', { code, changes: { summary: 'Đã sửa trước khi tiếp nhận' } })
  await system.drain()
  expect(await operationsAt('VILIS')).toEqual([])
  await system.twins.ONE_STOP.act('amend', { code, changes: { status: 2 } })
  await system.drain()
  expect(await statusOf(code)).toBe('ACCEPTED')
  expect(await operationsAt('VILIS')).toEqual(['TiepNhanHoSo'])
})

test('one that the desk does not accept never reaches ViLIS', async () => {
  const code = await handedIn()
  await system.twins.ONE_STOP.act('amend', { code, changes: { status: 3 } })
  await system.drain()
  expect(await statusOf(code)).toBe('NOT_ACCEPTED')
  expect(await operationsAt('VILIS')).toEqual([])
})

test('one that the citizen withdraws before it was accepted never reaches ViLIS', async () => {
  const code = await handedIn()
  await system.twins.ONE_STOP.act('withdraw', { code })
  await system.drain()
  expect(await statusOf(code)).toBe('WITHDRAWN_BY_APPLICANT')
  expect(await operationsAt('VILIS')).toEqual([])
})
