import { expect, test } from '@jest/globals'
import { freezeRows } from '../../src/operator/replay-row-repository.js'
import { openBareDeliveries } from '../support/bare-deliveries.js'

test('transfers go on while they are frozen to a list, however long that takes', async () => {
  const bare = await openBareDeliveries()
  try {
    await bare.plan(await bare.dossier(), 1, ['RECEIVE'], 86_400_000)
    const { frozen, delivered } = await bare.db.transaction(async (tx) => {
      const [plan] = await tx.query<{ id: string }>(
        `INSERT INTO replay_plan (id, name, reason, act, filter, row_count, needs_approval, stop_after_settled, created_by, created_by_name, last_act, last_act_by)
         VALUES (gen_random_uuid(), 'Thử', 'Thử khóa', 'REPLAY', '{}', 0, false, 20, 'thu', 'thu', 'CREATE', 'thu') RETURNING id::text`,
      )
      const rows = await freezeRows(tx, plan?.id ?? '', { communes: null }, { textFindsPersons: false }, 10)
      return { frozen: rows, delivered: (await bare.work()).delivered }
    })
    expect([frozen, delivered]).toEqual([1, 1])
  } finally {
    await bare.close()
  }
})
