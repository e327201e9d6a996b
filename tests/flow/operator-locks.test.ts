import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

/** Somebody stands still and holds what an operator's act needs: another process that was stopped in the middle, or a person at the database. */
let api: TestApi
let operator: string
let holder: pg.Client
beforeAll(async () => {
  api = await startTestApi({ lockTimeoutMs: 200 })
  operator = await api.token('operator')
})
afterAll(() => api.close())
beforeEach(async () => {
  holder = new pg.Client({ connectionString: api.databaseUrl })
  await holder.connect()
  await holder.query('BEGIN')
})
afterEach(() => holder.end())

const RESULT = '... on ActRefused { reason } ... on ClientKeyReused { message }'
const onTransfer = (act: string) => `mutation ($input: TransferActInput!) { act: ${act}(input: $input) { __typename ${RESULT} } }`
const CONFIRM = `mutation ($input: ConfirmOutcomeInput!) { act: confirmOutcome(input: $input) { __typename ${RESULT} } }`
const onSystem = (act: string, type = 'SystemActInput') =>
  `mutation ($input: ${type}!) { act: ${act}(input: $input) { __typename ${RESULT} } }`

let made = 0
/** A transfer that a person has to look at. */
const refusedOne = async (): Promise<{ id: string; code: string }> => {
  made += 1
  const dossier = await seedDossier(api.db, { code: `H58.22-260318-${8_000 + made}`, commune: { code: '28633', on: '2026-03-02' } })
  return { id: await seedTransfer(api.db, { dossier, state: 'REJECTED' }), code: dossier.code }
}

const auditOf = (what: object) =>
  api.db.query('SELECT act FROM audit_entry WHERE transfer_id::text = $1 OR system_id = $1', [Object.values(what)[0]])

/** In vain while it is held, with nothing changed; then the very same request is done. */
const expectToldAndThenDone = async (query: string, input: object, of: object): Promise<void> => {
  const before = await auditOf(of)
  const held = await api.query(operator, query, { input })
  expect(held.status).toBe(503)
  expect(held.headers.get('retry-after')).toBe('5')
  expect(held.errors.map(({ message, extensions }) => ({ message, ...extensions }))).toEqual([
    {
      code: 'UNAVAILABLE',
      reason: 'NOT_STORED',
      retryAfterSeconds: 5,
      message: 'Dữ liệu này đang bị một thao tác khác giữ quá lâu: chưa ghi gì, xin thử lại sau ít giây.',
    },
  ])
  expect(await auditOf(of)).toEqual(before)
  await holder.query('ROLLBACK')
  const done = await api.query(operator, query, { input })
  expect(done.errors).toEqual([])
  expect(done.data.act.__typename).toMatch(/ActDone$/)
  expect(await auditOf(of)).toHaveLength(before.length + 1)
}

test.each([
  ['replayTransfer', onTransfer('replayTransfer'), {}],
  ['abandonTransfer', onTransfer('abandonTransfer'), {}],
  ['confirmOutcome', CONFIRM, { happened: true }],
] as const)('%s of a transfer whose row is held', async (act, query, more) => {
  const { id } = await refusedOne()
  await holder.query('SELECT 1 FROM transfer WHERE id = $1 FOR UPDATE', [id])
  await expectToldAndThenDone(query, { clientKey: `khoa-giu-dong-${act}`, transferId: id, reason: 'Đã xem xét', ...more }, { id })
})

test('an act on a transfer whose dossier is held', async () => {
  const { id, code } = await refusedOne()
  await holder.query(`SELECT pg_advisory_xact_lock(hashtextextended('dossier:' || $1, 0))`, [code])
  await expectToldAndThenDone(onTransfer('replayTransfer'), { clientKey: 'khoa-giu-ho-so', transferId: id, reason: 'Đã xem xét' }, { id })
})

test('an act whose audit entry cannot be written', async () => {
  const { id } = await refusedOne()
  await holder.query('LOCK TABLE audit_entry IN SHARE MODE')
  await expectToldAndThenDone(onTransfer('replayTransfer'), { clientKey: 'khoa-giu-nhat-ky', transferId: id, reason: 'Đã xem xét' }, { id })
})

test('an act under a key that is being written down elsewhere', async () => {
  const { id } = await refusedOne()
  await holder.query(
    `INSERT INTO client_request (caller, key, digest, created_at) VALUES ('thu-operator-', 'khoa-giu-khoa', 'khac', now())`,
  )
  await expectToldAndThenDone(onTransfer('replayTransfer'), { clientKey: 'khoa-giu-khoa', transferId: id, reason: 'Đã xem xét' }, { id })
})

test.each([
  ['pauseSystem', onSystem('pauseSystem'), {}],
  ['resumeSystem', onSystem('resumeSystem'), {}],
  ['setSystemLimits', onSystem('setSystemLimits', 'SystemLimitsInput'), { maxInFlight: 4 }],
] as const)('%s while the gate is held', async (act, query, more) => {
  await holder.query(`SELECT 1 FROM system_gate WHERE system_id = 'VILIS' FOR UPDATE`)
  const input = { clientKey: `khoa-giu-cua-${act}`, systemId: 'VILIS', reason: 'Bảo trì', ...more }
  await expectToldAndThenDone(query, input, { systemId: 'VILIS' })
})

test('however many acts wait in vain, those that concern something else are done beside them', async () => {
  const held = await refusedOne()
  const free = await refusedOne()
  await holder.query('SELECT 1 FROM transfer WHERE id = $1 FOR UPDATE', [held.id])
  const replay = (transferId: string, clientKey: string) =>
    api.query(operator, onTransfer('replayTransfer'), { input: { clientKey, transferId, reason: 'Đã xem xét' } })
  const inVain = Promise.all(Array.from({ length: 20 }, (_, nth) => replay(held.id, `khoa-vo-ich-${nth}`)))
  const beside = await replay(free.id, 'khoa-ben-canh')
  expect(beside.data.act).toEqual({ __typename: 'TransferActDone' })
  for (const answer of await inVain) expect(answer.errors[0]?.extensions.code).toBe('UNAVAILABLE')
  await holder.query('ROLLBACK')
  expect((await replay(held.id, 'khoa-ve-sau')).data.act).toEqual({ __typename: 'TransferActDone' })
})

test('a right to send that has run out, of a transfer whose row is held, keeps no other from being taken over', async () => {
  const [held, free] = [await refusedOne(), await refusedOne()]
  await api.db.query(
    `UPDATE transfer SET state = 'SENDING', lease_until = app_now() - interval '1 second' WHERE id = ANY($1::uuid[]) RETURNING 1 AS done`,
    [[held.id, free.id]],
  )
  await holder.query('SELECT 1 FROM transfer WHERE id = $1 FOR UPDATE', [held.id])
  expect(await reclaimLostLeases(api.db)).toEqual([free.id])
  await holder.query('ROLLBACK')
  expect(await reclaimLostLeases(api.db)).toEqual([held.id])
})
