import { afterAll, expect, test } from '@jest/globals'
import { describeCause } from '../../src/model/cause-words.js'
import { abandonTransfer } from '../../src/operator/act-on-transfer.js'
import { findCauseKeys } from '../../src/transfer/cause-reads-repository.js'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { claimNext } from '../support/claims.js'
import { confirmIn, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const MINUTE = 60_000

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

/** By its kind and code; the row of each cause that is referred to must be there. */
const causeOf = async (key: string): Promise<{ kind: string; code: string; side: string } | null> => {
  const [row] = await system.context.db.query<{ causeId: string | null }>(
    `SELECT cause_id::text AS "causeId" FROM transfer WHERE idempotency_key = $1`,
    [key],
  )
  if (!row?.causeId) return null
  const [cause] = await findCauseKeys(system.context.db, [row.causeId])
  if (!cause) throw new Error('a cause that is referred to is not there')
  return { kind: cause.kind, code: cause.code, side: describeCause(cause).side }
}

const take = async (overrides: Record<string, unknown> = {}): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })).code

test('a follower that is held for want of its predecessor has that as its cause, also when it is planned later', async () => {
  system = await shared.open()
  const act = async (name: string, body: Record<string, unknown>): Promise<void> => {
    await system.pass(MINUTE)
    await system.twins.ONE_STOP.act(name, body)
    await system.drain()
  }
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const code = await take({ procedureCode: '1.012783' })
  await system.drain()
  await act('handInSupplement', { code })
  const receive = await transferOf(system, `${code}.RECEIVE.1`)
  expect(await causeOf(receive.key)).toMatchObject({ kind: 'REJECTED', code: 'SAI_LUOC_DO' })
  await abandonTransfer(system.context.db, { transferId: receive.id, reason: 'Nhập tay ở ViLIS', actor: OPERATOR })
  // Given up by a person: it still says what it had failed by.
  expect(await causeOf(receive.key)).toMatchObject({ kind: 'REJECTED' })
  await act('handInSupplement', { code })
  const held = await system.context.db.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM transfer WHERE system_id = 'VILIS' AND state = 'HELD' ORDER BY sequence`,
  )
  expect(held.length).toBeGreaterThanOrEqual(2)
  for (const { key } of held) expect(await causeOf(key)).toEqual({ kind: 'HELD', code: 'PREDECESSOR_MISSING', side: 'OURS' })
})

test('a lease that ran out is a cause of ours, on the transfer and on its attempt, until it is delivered', async () => {
  system = await shared.open()
  await system.twins.VILIS.offline()
  const code = await take()
  await system.drain()
  await system.pass(MINUTE)
  expect((await claimNext(system.context.db, 'VILIS', 1_000, 'tien-trinh'))?.dossierCode).toBe(code)
  await system.pass(MINUTE)
  expect(await reclaimLostLeases(system.context.db)).toHaveLength(1)
  expect(await causeOf(`${code}.RECEIVE.1`)).toEqual({ kind: 'LOST', code: 'LEASE_LOST', side: 'OURS' })
  const attempts = await system.context.db.query<{ outcome: string; caused: boolean }>(
    `SELECT a.outcome, a.cause_id IS NOT NULL AS caused FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE t.idempotency_key = $1 ORDER BY number`,
    [`${code}.RECEIVE.1`],
  )
  expect(attempts).toEqual([
    { outcome: 'UNAVAILABLE', caused: true },
    { outcome: 'LOST', caused: true },
  ])
  const { id } = await transferOf(system, `${code}.RECEIVE.1`)
  await confirmIn(system, { transferId: id, reason: 'Đã thấy ở ViLIS', actor: OPERATOR, happened: true })
  expect(await causeOf(`${code}.RECEIVE.1`)).toBeNull()
})

test('“not there” is no failure of its own: the cause stays what the sending failed by', async () => {
  system = await shared.open()
  await system.twins.VILIS.misbehave({ kind: 'DROP_BEFORE', operation: 'TiepNhanHoSo' })
  const code = await take()
  await system.drain()
  const of = await causeOf(`${code}.RECEIVE.1`)
  expect(of).toEqual({ kind: 'INDETERMINATE', code: 'RESET', side: 'NETWORK' })
  await system.pass(6_000)
  await system.drain()
  expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'INDETERMINATE', attempts: 2 })
  expect(await causeOf(`${code}.RECEIVE.1`)).toEqual(of)
})
