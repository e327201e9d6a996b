import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { andThen, atDesk, HOUR_MS } from '../support/dossier-journey.js'
import { addedRows, countRows, push, pushedDossier } from '../support/pushed-dossier.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ callbacks: true, polls: false })
})
afterAll(() => shared.close())

/** Makes every write of a table fail, as a full disk or a revoked right does; returns how it is mended. */
const breakTable = async (table: string): Promise<() => Promise<void>> => {
  const { db } = system.context
  await db.query(
    `CREATE FUNCTION refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full at 10.0.0.7'; END $$`,
  )
  await db.query(`CREATE TRIGGER refuse_write BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_write()`)
  return async () => {
    await db.query(`DROP TRIGGER refuse_write ON ${table}`)
    await db.query(`DROP FUNCTION refuse_write()`)
  }
}

const callsOut = async () => {
  const { deeds } = await system.twins.VILIS.ledger()
  return deeds.filter(({ what }) => what === 'CALLED_OUT').map(({ detail }) => detail.outcome)
}

const CODE = 'H58.22-260316-0400'

test('a callback that cannot be stored is answered by a fault, never by Result 1, and arrives when the database is well again', async () => {
  await push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE } }))
  await system.drain()
  const mend = await breakTable('inbox_message')
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('forward', { code: CODE })
  await system.drain()
  expect(new Set(await callsOut())).toEqual(new Set(['FAILED']))

  const refused = await push(system.gateway, pushedDossier({ eventId: 'MC-2', fields: { MaHoSo: 'H58.22-260316-0401' } }))
  expect(refused.status).toBe(500)
  expect(refused.text).toContain('chưa được ghi nhận')
  expect(refused.text).not.toMatch(/10\.0\.0\.7|disk|inbox/)

  await mend()
  await system.drain()
  expect((await callsOut()).at(-1)).toBe('ACCEPTED')
  const [dossier] = await system.context.db.query(`SELECT status FROM dossier WHERE code = $1`, [CODE])
  expect(dossier).toEqual({ status: 'IN_PROGRESS' })
})

test('a message that is stored and cannot be applied now is "received", leaves nothing half done, and is applied by the sweep', async () => {
  const mend = await breakTable('transfer')
  const before = await countRows(system.context.db)
  expect(await push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE } }))).toMatchObject({ result: '1' })
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({ inbox_message: 1 })

  await mend()
  await system.pass(HOUR_MS)
  await system.drain()
  const states = await system.context.db.query(`SELECT DISTINCT state FROM transfer`)
  expect(states).toEqual([{ state: 'DELIVERED' }])
})

test('a poll that cannot be stored does not move its cursor: the rows come again', async () => {
  system = await shared.open()
  const mend = await breakTable('inbox_message')
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await expect(system.drain()).rejects.toThrow()
  await mend()
  await system.drain()
  await andThen(system, 'VILIS', 'forward', { code })
  expect((await atDesk(system, code)).dossier.status).toBe(4)
})
