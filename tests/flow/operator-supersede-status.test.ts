import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { abandonTransfer } from '../../src/operator/act-on-transfer.js'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { andThen, atPortal, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** The whole dossier at the portal, and the lines of status behind it: whatever a person does, the portal never ends at an older status. */
const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

const take = async (): Promise<void> => {
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  await system.drain()
}
const amend = (summary: string): Promise<void> => andThen(system, 'ONE_STOP', 'amend', { code, changes: { summary } })
const mendReference = (): Promise<unknown> =>
  system.context.db.query(`UPDATE procedure SET name = 'Tên đã sửa' WHERE code = '1.012783' RETURNING code`)
const actOn = async (key: string) => ({ transferId: (await transferOf(system, key)).id, reason: 'Danh mục đã sửa', actor: OPERATOR })
const supersede = async (key: string) => supersedeTransfer(system.context.db, await actOn(key))
const statesAtPortal = async (): Promise<Record<string, string>> => {
  const rows = await system.context.db.query<{ name: string; state: string }>(
    `SELECT substr(idempotency_key, length($1) + 2) AS name, state FROM transfer WHERE system_id = 'PORTAL' ORDER BY sequence, created_at`,
    [code],
  )
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]))
}
const online = async (): Promise<void> => {
  await system.twins.PORTAL.online()
  await system.pass(HOUR_MS)
  await system.drain()
}
const taken = async (): Promise<string[]> => (await system.accepted('PORTAL')).map(({ key }) => key.slice(code.length + 1))
const expectPortalAt = async (status: string): Promise<void> => {
  expect((await atPortal(system, code)).status).toBe(status)
  await expectOnceAndInOrder(system, 'PORTAL', code)
}

const WAITING = expect.stringMatching(/^(PLANNED|QUEUED|WAITING_RETRY)$/)

describe('a dossier that the portal could not be told of, with lines of status behind it', () => {
  beforeEach(async () => {
    await system.twins.PORTAL.offline()
    await take()
    await andThen(system, 'VILIS', 'forward', { code })
    await mendReference()
  })

  test('is told as it stands now when a person supersedes it; the older lines give way, each act audited once, under the name of the person', async () => {
    const before = await statesAtPortal()
    expect(before).toMatchObject({ 'SYNC_DOSSIER.2': WAITING, 'SYNC_PROGRESS.2': WAITING })
    expect(await supersede(`${code}.SYNC_DOSSIER.2`)).toMatchObject({ kind: 'DONE' })
    await online()
    expect(await taken()).toEqual(['SYNC_DOSSIER.2-2'])
    await expectPortalAt('4')
    for (const name of ['SYNC_DOSSIER.2', 'SYNC_PROGRESS.2']) {
      const { id, state } = await transferOf(system, `${code}.${name}`)
      expect(state).toBe('SUPERSEDED')
      expect(await auditOf(system, id)).toMatchObject([
        { actor: OPERATOR.subject, role: 'OPERATOR', act: 'SUPERSEDE', reason: 'Danh mục đã sửa' },
      ])
    }
    await expectAllDelivered(system)
  })

  test('and that a person gave up holds its lines; a newer version from the desk takes its place and they give way', async () => {
    expect(await abandonTransfer(system.context.db, await actOn(`${code}.SYNC_DOSSIER.2`))).toEqual({ kind: 'DONE' })
    await online()
    expect(await statesAtPortal()).toMatchObject({ 'SYNC_DOSSIER.2': 'ABANDONED', 'SYNC_PROGRESS.2': 'HELD' })
    await amend('Nội dung đã sửa')
    expect(await taken()).toEqual(['SYNC_DOSSIER.3'])
    expect(await statesAtPortal()).toMatchObject({ 'SYNC_DOSSIER.2': 'SUPERSEDED', 'SYNC_PROGRESS.2': 'SUPERSEDED' })
    await expectPortalAt('4')
    await expectAllDelivered(system)
  })
})

test('an unsent amendment of a dossier that the portal has is told behind the lines that waited: none of them is lost', async () => {
  await take()
  await system.twins.PORTAL.offline()
  await amend('Bản sửa chưa gửi được')
  await andThen(system, 'VILIS', 'forward', { code })
  expect(await statesAtPortal()).toMatchObject({ 'SYNC_DOSSIER.3': WAITING, 'SYNC_PROGRESS.3': WAITING })
  await mendReference()
  expect(await supersede(`${code}.SYNC_DOSSIER.3`)).toMatchObject({ kind: 'DONE' })
  await online()
  expect(await taken()).toEqual(['SYNC_DOSSIER.1', 'SYNC_PROGRESS.3', 'SYNC_DOSSIER.3-2'])
  await expectPortalAt('4')
  await expectAllDelivered(system)
})

test('a line that was given up is not told any more once something newer was', async () => {
  await take()
  await system.twins.PORTAL.offline()
  await andThen(system, 'VILIS', 'forward', { code })
  expect(await statesAtPortal()).toMatchObject({ 'SYNC_PROGRESS.2': WAITING })
  expect(await abandonTransfer(system.context.db, await actOn(`${code}.SYNC_PROGRESS.2`))).toEqual({ kind: 'DONE' })
  await online()
  await amend('Nội dung đã sửa')
  expect(await statesAtPortal()).toMatchObject({ 'SYNC_DOSSIER.3': 'DELIVERED' })
  expect(await supersede(`${code}.SYNC_PROGRESS.2`)).toMatchObject({ kind: 'REFUSED', reason: 'NEWER_BEHIND' })
  await system.drain()
  expect((await atPortal(system, code)).status).toBe('4')
  expect(await taken()).toEqual(['SYNC_DOSSIER.1', 'SYNC_DOSSIER.2', 'SYNC_DOSSIER.3'])
  await expectLedgersAgree(system)
})
