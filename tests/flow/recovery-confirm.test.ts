import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { confirmOutcome } from '../../src/operator/act-on-transfer.js'
import { openRecovery } from '../../src/operator/recover-from-backup.js'
import type { DeliveryOutcome } from '../../src/ports/target-system.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'
import { OPERATOR } from '../support/operator-acts.js'

const MINUTE = 60_000
let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
afterEach(() => bare.reset())
afterAll(() => bare.close())

const ENDS: Record<string, DeliveryOutcome> = {
  HELD: { kind: 'NOT_SENT', code: 'MAPPING_MISSING', reason: 'Chưa có ánh xạ', field: 'USER:x' },
  EXHAUSTED: { kind: 'UNAVAILABLE', code: 'ECONNREFUSED', cause: 'tắt' },
}

test.each(Object.keys(ENDS))(
  'what stood as %s in the backup may have been sent since: nobody may say that it is not there before their time has passed',
  async (state) => {
    bare.answer(async () => ENDS[state] as DeliveryOutcome)
    await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
    await bare.db.query(`UPDATE transfer SET attempt_count = 1, budget_until = app_now() RETURNING id`)
    await bare.work()
    // Long ago, as far as our tables know.
    await bare.pass(60 * MINUTE)
    const [transfer] = await bare.transfers()
    expect(transfer).toMatchObject({ state })
    await openRecovery(bare.db, { by: 'thu', reason: 'phục hồi' })
    const act = { transferId: transfer?.id ?? '', reason: 'Không thấy ở bên nhận', actor: OPERATOR, happened: false }
    expect(await confirmOutcome(bare.db, act, () => MINUTE)).toMatchObject({ kind: 'REFUSED', reason: 'TOO_EARLY' })
    await bare.pass(MINUTE + 1_000)
    expect(await confirmOutcome(bare.db, act, () => MINUTE)).toEqual({ kind: 'DONE' })
  },
)

test.each(Object.keys(ENDS))('what ended as %s without a byte that they processed may be said to be not there at once', async (state) => {
  bare.answer(async () => ENDS[state] as DeliveryOutcome)
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  await bare.db.query(`UPDATE transfer SET attempt_count = 1, budget_until = app_now() RETURNING id`)
  await bare.work()
  const [transfer] = await bare.transfers()
  expect(transfer).toMatchObject({ state })
  const act = { transferId: transfer?.id ?? '', reason: 'Chưa hề gửi', actor: OPERATOR, happened: false }
  expect(await confirmOutcome(bare.db, act, () => MINUTE)).toEqual({ kind: 'DONE' })
})

test('one earlier sending of an unknown end keeps the answer waiting, though the last one never left', async () => {
  bare.answer(async () => ({ kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'không có trả lời' }))
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  await bare.work()
  await bare.db.query(
    `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, ended_at, outcome)
     SELECT gen_random_uuid(), id, 9, 'SEND', 0, 'tien-trinh', app_now(), 'NOT_SENT' FROM transfer RETURNING 1 AS done`,
  )
  const [transfer] = await bare.transfers()
  const act = { transferId: transfer?.id ?? '', reason: 'Không thấy ở bên nhận', actor: OPERATOR, happened: false }
  expect(await confirmOutcome(bare.db, act, () => MINUTE)).toMatchObject({ kind: 'REFUSED', reason: 'TOO_EARLY' })
})
