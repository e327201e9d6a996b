import { afterAll, expect, test } from '@jest/globals'
import { createIdentifierKeeper } from '../../src/dossier/dossier-identifier-repository.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const numberAt = async (systemId: 'VILIS' | 'ONE_STOP' | 'PORTAL', code: string): Promise<string> => {
  const [row] = await system.context.db.query<{ ref: string }>(
    `SELECT t.external_ref AS ref FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = $1 AND t.system_id = $2 ORDER BY t.sequence LIMIT 1`,
    [code, systemId],
  )
  return row?.ref ?? ''
}

/** A new keeper reads all that was told; of a change nothing is told while any older transaction is open on the server, where other tests work too. */
const keepAll = async (): Promise<void> => {
  await until('no transaction is older than what was told', async () => {
    const [log] = await system.context.db.query<{ isOver: boolean }>(
      `SELECT coalesce(bool_and(txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint), true) AS "isOver" FROM outbox_event`,
    )
    return log?.isOver
  })
  await createIdentifierKeeper(system.context.db)()
}

const find = async (asked: string): Promise<unknown> => {
  const { dossier, byCode, byText } = await system.gateway.query<{
    dossier: object
    byCode: { edges: { node: { code: string } }[] }
    byText: { edges: { node: { code: string } }[] }
  }>(
    'admin',
    `query ($asked: String!) { dossier(code: $asked) { code externalIdentifiers { systemId value } }
       byCode: dossiers(first: 5, filter: { code: $asked }) { edges { node { code } } }
       byText: dossiers(first: 5, filter: { text: $asked }) { edges { node { code } } } }`,
    { asked },
  )
  return { dossier, byCode: byCode.edges.map(({ node }) => node.code), byText: byText.edges.map(({ node }) => node.code) }
}

test('a dossier is found under the number that each system gave it, by code and by words', async () => {
  system = await shared.open({ gateway: true })
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783' },
  })
  const { code: born } = await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { process: 'QT-CAPDOI', commune: '28594' })
  await system.drain()
  await keepAll()
  for (const [dossier, systems] of [
    [code, ['PORTAL', 'VILIS']],
    [born, ['ONE_STOP', 'PORTAL']],
  ] as const) {
    const externalIdentifiers = await Promise.all(systems.map(async (systemId) => ({ systemId, value: await numberAt(systemId, dossier) })))
    expect(externalIdentifiers.map(({ value }) => value)).not.toContain('')
    for (const { value } of externalIdentifiers)
      expect(await find(value)).toEqual({ dossier: { code: dossier, externalIdentifiers }, byCode: [dossier], byText: [dossier] })
  }
})

test('is known also when nobody looked while it was settled, and by a person’s word; a number given twice stays with the first', async () => {
  system = await shared.open({ gateway: true })
  const take = async (): Promise<string> =>
    (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  const [first, second] = [await take(), await take()]
  await system.drain()
  const of = (code: string) => `(SELECT id FROM dossier WHERE code = '${code}')`
  await system.context.db.query(
    `UPDATE transfer SET external_ref = CASE WHEN dossier_id = ${of(first)} THEN 'VL-1' ELSE 'VL-2' END WHERE operation = 'RECEIVE' RETURNING id`,
  )
  await keepAll()
  await system.context.db.query(
    `UPDATE transfer SET external_ref = 'VL-1' WHERE operation = 'RECEIVE' AND dossier_id = ${of(second)} RETURNING id`,
  )
  // A process that starts later reads all again.
  await keepAll()
  const kept = await system.context.db.query<{ code: string; value: string }>(
    `SELECT d.code, i.value FROM dossier_identifier i JOIN dossier d ON d.id = i.dossier_id WHERE i.system_id = 'VILIS' ORDER BY i.value`,
  )
  expect(kept).toEqual([
    { code: first, value: 'VL-1' },
    { code: second, value: 'VL-2' },
  ])
})

test('of a number that two systems give to two dossiers neither is shown, until one is asked for by its own code', async () => {
  system = await shared.open({ gateway: true })
  const take = async (): Promise<string> =>
    (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  const [first, second] = [await take(), await take()]
  await system.drain()
  for (const [systemId, code] of [
    ['VILIS', first],
    ['PORTAL', second],
  ])
    await system.context.db.query(
      `INSERT INTO dossier_identifier (dossier_id, system_id, value) SELECT id, $1, '1042' FROM dossier WHERE code = $2 RETURNING value`,
      [systemId, code],
    )
  const asked = (code: string) => system.gateway.ask('admin', 'query ($code: String!) { dossier(code: $code) { code } }', { code })
  expect((await asked('1042')).data).toEqual({ dossier: null })
  expect((await asked(first)).data).toEqual({ dossier: { code: first } })
})
