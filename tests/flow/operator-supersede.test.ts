import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { claimNext } from '../support/claims.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** A person's own act on one that was refused or held: the dossier as its sources say it now takes its place. */
const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ gateway: true, systems: { VILIS: { operations: { RECEIVE: { inquiryStrength: 'NONE' } } } } })
})
afterAll(() => shared.close())

const take = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}
const refuseNext = (): Promise<void> =>
  system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
const supersede = async (key: string) =>
  supersedeTransfer(system.context.db, {
    transferId: (await transferOf(system, key)).id,
    reason: 'Đã sửa tên thủ tục trong danh mục',
    actor: OPERATOR,
  })
const refusedFor = (reason: string): unknown => ({ kind: 'REFUSED', reason, message: expect.stringMatching(/^\p{Lu}.{15,}\.$/u) })
const atVilis = async (): Promise<string[]> => (await system.accepted('VILIS')).map(({ key }) => key)

test('mended reference data is frozen anew under a key of its own, in the old place, audited with the names of what changed', async () => {
  await refuseNext()
  const code = await take()
  await system.pass(HOUR_MS)
  await system.twins.ONE_STOP.act('handInSupplement', { code })
  await system.drain()
  const old = await transferOf(system, `${code}.RECEIVE.1`)
  await system.context.db.query(`UPDATE procedure SET name = 'Tên thủ tục đã sửa' WHERE code = '1.012783'`)
  expect(await supersede(old.key)).toMatchObject({ kind: 'DONE' })
  await system.drain()

  expect(await transferOf(system, old.key)).toMatchObject({ state: 'SUPERSEDED', sequence: 1, nextAttemptAt: null })
  expect(await transferOf(system, `${code}.RECEIVE.2`)).toMatchObject({ state: 'DELIVERED', sequence: 1, attempts: 1 })
  expect(await atVilis()).toEqual([`${code}.RECEIVE.2`, `${code}.SUPPLEMENT.2`])
  const [entry] = await auditOf(system, old.id)
  expect(entry).toMatchObject({
    actor: OPERATOR.subject,
    act: 'SUPERSEDE',
    before: { state: 'REJECTED', key: old.key, dossierVersion: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    after: { state: 'SUPERSEDED', key: `${code}.RECEIVE.2`, dossierVersion: 2 },
  })
  expect(entry).toHaveProperty('after.changed', expect.arrayContaining(['dossier.procedureName']))
  expect(JSON.stringify(entry)).not.toContain('Tên thủ tục đã sửa')
  await expectAllDelivered(system)
})

test('twice in the same version takes a further key: none is used for two contents', async () => {
  await refuseNext()
  const code = await take()
  for (const [name, key] of [
    ['Sửa một', `${code}.RECEIVE.1`],
    ['Sửa hai', `${code}.RECEIVE.1-2`],
  ] as const) {
    await refuseNext()
    await system.context.db.query(`UPDATE procedure SET name = $1 WHERE code = '1.012783'`, [name])
    expect(await supersede(key)).toMatchObject({ kind: 'DONE' })
    await system.drain()
  }
  expect(await transferOf(system, `${code}.RECEIVE.1-2`)).toMatchObject({ state: 'SUPERSEDED', sequence: 1 })
  expect(await transferOf(system, `${code}.RECEIVE.1-3`)).toMatchObject({ state: 'REJECTED', sequence: 1 })
  await expectLedgersAgree(system)
})

test('is refused, and changes nothing: same content, being sent, uncertain, delivered, a newer one behind', async () => {
  await refuseNext()
  const same = await transferOf(system, `${await take()}.RECEIVE.1`)
  expect(await supersede(same.key)).toEqual(refusedFor('NOTHING_CHANGED'))
  expect(await transferOf(system, same.key)).toEqual(same)

  await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
  const uncertain = await transferOf(system, `${await take()}.RECEIVE.1`)
  expect(uncertain).toMatchObject({ state: 'HELD', heldReason: 'UNCERTAIN' })
  await system.context.db.query(`UPDATE procedure SET name = 'Khác' WHERE code = '1.012783'`)
  expect(await supersede(uncertain.key)).toEqual(refusedFor('OUTCOME_UNCERTAIN'))

  const delivered = await transferOf(system, `${await take()}.RECEIVE.1`)
  expect(await supersede(delivered.key)).toEqual(refusedFor('ILLEGAL_TRANSITION'))

  await system.twins.VILIS.offline()
  const waiting = await transferOf(system, `${await take()}.RECEIVE.1`)
  await system.pass(HOUR_MS)
  expect((await claimNext(system.context.db, 'VILIS', 60_000, 'tien-trinh'))?.id).toBe(waiting.id)
  expect(await supersede(waiting.key)).toEqual(refusedFor('ILLEGAL_TRANSITION'))
  expect(await transferOf(system, uncertain.key)).toEqual(uncertain)
  for (const { id } of [same, uncertain, delivered, waiting]) expect(await auditOf(system, id)).toEqual([])
  await expectLedgersAgree(system, { visible: [uncertain.key] })
})

test('two persons at once: one new transfer', async () => {
  await refuseNext()
  const code = await take()
  await system.context.db.query(`UPDATE procedure SET name = 'Sửa' WHERE code = '1.012783'`)
  const results = await Promise.all([supersede(`${code}.RECEIVE.1`), supersede(`${code}.RECEIVE.1`)])
  expect(results.map(({ kind }) => kind).sort()).toEqual(['DONE', 'REFUSED'])
  await system.drain()
  expect(await atVilis()).toEqual([`${code}.RECEIVE.1-2`])
  await expectAllDelivered(system)
})

const TRANSFER = `id state stateLabel heldReason idempotencyKey followers { operation state } waitingFor { stateLabel reason since transfer { idempotencyKey } }`
const RESULT = `__typename ... on TransferActDone { repeated transfer { ${TRANSFER} supersedesId } } ... on ActRefused { reason message } ... on ClientKeyReused { message }`

test('an operator sees what is waited for, since when, and what stands behind; and supersedes through GraphQL, once for the key', async () => {
  await refuseNext()
  const code = await take()
  await system.pass(HOUR_MS)
  await system.twins.ONE_STOP.act('handInSupplement', { code })
  await system.drain()
  const seen = await system.gateway.query<{ transfers: { edges: { node: Record<string, unknown> }[] } }>(
    'operator',
    `query ($code: String!) { transfers(filter: { dossierCode: $code, systems: [VILIS] }, first: 10) { edges { node { ${TRANSFER} } } } }`,
    { code },
  )
  const nodes = seen.transfers.edges.map(({ node }) => node)
  const [receive, supplement] = [`${code}.RECEIVE.1`, `${code}.SUPPLEMENT.2`].map((key) =>
    nodes.find((node) => node.idempotencyKey === key),
  )
  const { updatedAt } = await transferOf(system, `${code}.RECEIVE.1`)
  expect(supplement?.waitingFor).toEqual({
    stateLabel: 'Bên nhận từ chối',
    reason: expect.stringMatching(/^Bên nhận từ chối: .*SAI_LUOC_DO/),
    since: expect.any(String),
    transfer: { idempotencyKey: `${code}.RECEIVE.1` },
  })
  expect(Date.parse((supplement as { waitingFor: { since: string } }).waitingFor.since)).toBe(updatedAt.getTime())
  expect(receive).toMatchObject({ waitingFor: null, followers: [{ operation: 'SUPPLEMENT' }] })

  await system.context.db.query(`UPDATE procedure SET name = 'Sửa' WHERE code = '1.012783'`)
  const input = { clientKey: 'thay-luot-0001', transferId: receive?.id, reason: 'Danh mục đã sửa' }
  const mutate = (role: 'operator' | 'officer') =>
    system.gateway.ask(role, `mutation ($input: TransferActInput!) { supersedeTransfer(input: $input) { ${RESULT} } }`, { input })
  expect((await mutate('officer')).errors?.[0]?.message).toContain('không có quyền')
  const first = await mutate('operator')
  expect(first.data).toMatchObject({
    supersedeTransfer: {
      __typename: 'TransferActDone',
      repeated: false,
      transfer: { idempotencyKey: `${code}.RECEIVE.2`, supersedesId: receive?.id, followers: [{ operation: 'SUPPLEMENT' }] },
    },
  })
  expect((await mutate('operator')).data).toMatchObject({
    supersedeTransfer: { repeated: true, transfer: { idempotencyKey: `${code}.RECEIVE.2` } },
  })
  await system.drain()
  await expectAllDelivered(system)
})
