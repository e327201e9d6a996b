import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

let api: TestApi
const QUERY = 'query ($hours: Int!) { transferCounts(hours: $hours) { hour systemId state count } }'

beforeAll(async () => {
  api = await startTestApi()
  const mine = await seedDossier(api.db, { code: 'H58.22-260302-0001', commune: { code: '28633', on: '2026-03-02' } })
  const theirs = await seedDossier(api.db, { code: 'H58.22-260302-0002', commune: { code: '28615', on: '2026-03-02' } })
  await seedTransfer(api.db, { dossier: mine, state: 'DELIVERED' })
  await seedTransfer(api.db, { dossier: mine, state: 'DELIVERED', sequence: 2 })
  await seedTransfer(api.db, { dossier: mine, systemId: 'PORTAL', operation: 'SYNC_DOSSIER', state: 'REJECTED' })
  await seedTransfer(api.db, { dossier: theirs, state: 'DELIVERED' })
  const old = await seedTransfer(api.db, {
    dossier: theirs,
    systemId: 'ONE_STOP',
    operation: 'REGISTER',
    state: 'HELD',
    heldReason: 'CONFLICT',
  })
  // All in one hour, whenever that begins.
  await api.db.query(
    `UPDATE transfer SET created_at = (SELECT min(created_at) FROM transfer) - CASE WHEN id = $1::uuid THEN interval '30 hours' ELSE '0' END
     RETURNING 1 AS done`,
    [old],
  )
})

afterAll(() => api?.close())

const ask = async (token: string, hours: number) => {
  const { data, errors } = await api.query(token, QUERY, { hours })
  return { rows: (data?.transferCounts ?? []) as { hour: string; systemId: string; state: string; count: number }[], errors }
}
const withoutHour = (rows: Awaited<ReturnType<typeof ask>>['rows']) =>
  rows.map(({ systemId, state, count }) => `${systemId} ${state} ${count}`)

describe('transfers counted by the hour', () => {
  it('are those of the last hours, by system and present state', async () => {
    const token = await api.token('operator')
    expect(withoutHour((await ask(token, 24)).rows)).toEqual(['PORTAL REJECTED 1', 'VILIS DELIVERED 3'])
    expect(withoutHour((await ask(token, 48)).rows)).toEqual(['ONE_STOP HELD 1', 'PORTAL REJECTED 1', 'VILIS DELIVERED 3'])
    for (const { hour } of (await ask(token, 48)).rows) expect(hour).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000\+07:00$/)
  })

  it('are those of the communes that the caller sees', async () => {
    const token = await api.token('officer', ['28633'])
    expect(withoutHour((await ask(token, 48)).rows)).toEqual(['PORTAL REJECTED 1', 'VILIS DELIVERED 2'])
  })

  it('are refused to a citizen’s application, and for more than a week', async () => {
    expect((await ask(await api.token('citizen-app'), 24)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    const { errors } = await ask(await api.token('operator'), 169)
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', reason: 'HOURS_OUT_OF_RANGE', field: 'hours' })
  })
})
