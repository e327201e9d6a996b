import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { type AttemptClose, type ClaimedTransfer, reclaimLostLeases, type Settlement } from '../../src/transfer/claim-repository.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf } from '../../src/worker-process.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { attemptsOf, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const LEASE_MS = 60_000
const MINUTE = 60_000
const DELIVERED: Settlement = { to: 'DELIVERED', externalRef: 'MUON-1', retryCount: 0, absentCount: 0 }
const ACCEPTED: AttemptClose = { outcome: 'ACCEPTED', responseText: '<muon/>' }

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

/** A new dossier is read, and nothing of it is sent: the claim is taken by a worker that the test plays. */
const claimOf = async (systemId: 'VILIS' | 'PORTAL'): Promise<ClaimedTransfer> => {
  await system.twins.ONE_STOP.act('takeDossier')
  const other = systemId === 'VILIS' ? 'PORTAL' : 'VILIS'
  await system.twins[systemId].offline()
  await system.drain()
  await system.twins[systemId].online()
  expect(await system.accepted(other)).toHaveLength(1)
  await system.pass(MINUTE)
  const claim = await claimNext(system.context.db, systemId, LEASE_MS, 'tien-trinh-chet')
  if (!claim) throw new Error('nothing to claim')
  return claim
}

const send = async (claim: ClaimedTransfer): Promise<void> => {
  const target = system.context.systems.targets.get(claim.systemId)
  const result = await target?.send({ ...claim, adopting: false })
  expect(result?.outcome.kind).toBe('ACCEPTED')
}

const kindsOf = async (key: string): Promise<string[]> => (await attemptsOf(system, key)).map(({ kind, outcome }) => `${kind} ${outcome}`)

test('a worker that died after its send: the transfer is inquired after the lease and not re-sent', async () => {
  const claim = await claimOf('VILIS')
  await send(claim)
  await system.drain()
  expect((await transferOf(system, claim.idempotencyKey)).state).toBe('SENDING')
  await system.pass(LEASE_MS)
  await system.drain()
  expect(await kindsOf(claim.idempotencyKey)).toEqual(['SEND UNAVAILABLE', 'SEND LOST', 'INQUIRE SAME'])
  await expectAllDelivered(system)
})

test('a worker that died before its send: re-sent once, after the inquiries', async () => {
  const claim = await claimOf('VILIS')
  await system.pass(LEASE_MS)
  await system.drain()
  expect(await system.accepted('VILIS')).toEqual([])
  for (let minute = 0; minute < 4; minute += 1) {
    await system.pass(MINUTE)
    await system.drain()
  }
  const kinds = await kindsOf(claim.idempotencyKey)
  expect(kinds.slice(0, 2)).toEqual(['SEND UNAVAILABLE', 'SEND LOST'])
  expect(kinds.slice(-3)).toEqual(['INQUIRE ABSENT', 'INQUIRE ABSENT', 'SEND ACCEPTED'])
  await expectAllDelivered(system)
})

test('a worker that died while inquiring: inquired again, and sent by nobody', async () => {
  await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
  await system.twins.ONE_STOP.act('takeDossier')
  await system.drain()
  await system.pass(MINUTE)
  const claim = await claimNext(system.context.db, 'VILIS', LEASE_MS, 'tien-trinh-chet')
  expect(claim?.kind).toBe('INQUIRE')
  await system.pass(LEASE_MS)
  await system.drain()
  expect(await kindsOf(claim?.idempotencyKey ?? '')).toEqual(['SEND INDETERMINATE', 'INQUIRE LOST', 'INQUIRE SAME'])
  await expectAllDelivered(system)
})

test('the late settlement of a stalled worker moves nothing and is kept on its attempt', async () => {
  const claim = await claimOf('VILIS')
  await send(claim)
  await system.pass(LEASE_MS)
  await system.drain()
  const before = await transferOf(system, claim.idempotencyKey)
  expect(before.state).toBe('DELIVERED')
  const rejected: Settlement = { to: 'REJECTED', lastError: 'muộn', retryCount: 0, absentCount: 0 }
  expect(await settleClaim(system.context.db, claim, rejected, { outcome: 'REJECTED', detail: 'muộn' })).toBe(false)
  expect(await transferOf(system, claim.idempotencyKey)).toEqual(before)
  expect((await attemptsOf(system, claim.idempotencyKey))[1]).toEqual({ number: 2, kind: 'SEND', outcome: 'REJECTED', late: true })
  await expectAllDelivered(system)
})

test('a settlement that comes while another worker holds the lease moves nothing', async () => {
  const claim = await claimOf('VILIS')
  await system.pass(LEASE_MS + 1)
  expect(await reclaimLostLeases(system.context.db)).toEqual([claim.id])
  const second = await claimNext(system.context.db, 'VILIS', LEASE_MS, 'tien-trinh-hai')
  expect(second).toMatchObject({ id: claim.id, kind: 'INQUIRE' })
  expect(second?.leaseToken).not.toBe(claim.leaseToken)
  expect(await settleClaim(system.context.db, claim, DELIVERED, ACCEPTED)).toBe(false)
  expect((await transferOf(system, claim.idempotencyKey)).state).toBe('SENDING')
})

test('what a stalled worker has heard feeds the inquiry: accepted once and "not there" later is for a person, not for a resend', async () => {
  const claim = await claimOf('PORTAL')
  await send(claim)
  await system.twins.PORTAL.act('forget', { code: claim.dossierCode })
  await system.pass(LEASE_MS + 1)
  await reclaimLostLeases(system.context.db)
  expect(await settleClaim(system.context.db, claim, DELIVERED, ACCEPTED)).toBe(false)
  await system.drain()
  for (let minute = 0; minute < 4; minute += 1) {
    await system.pass(MINUTE)
    await system.drain()
  }
  expect(await transferOf(system, claim.idempotencyKey)).toMatchObject({ state: 'HELD', heldReason: 'UNCERTAIN' })
  await expectLedgersAgree(system, { visible: [claim.idempotencyKey] })
})

test.each([
  ['CONFLICT', 'OTHER_FILES', 'HELD', 'CONFLICT'],
  ['REJECTED', 'SAI_DU_LIEU', 'REJECTED', null],
] as const)('a stalled worker that has heard %s: the inquiry does not pass over it', async (outcome, code, state, heldReason) => {
  const claim = await claimOf('VILIS')
  if (outcome === 'CONFLICT') await send(claim)
  await system.pass(LEASE_MS + 1)
  await reclaimLostLeases(system.context.db)
  const failure = { kind: outcome, code }
  const move = {
    to: outcome === 'CONFLICT' ? 'HELD' : 'REJECTED',
    lastError: 'điều đã nghe',
    retryCount: 0,
    absentCount: 0,
    failure,
  } as const
  expect(await settleClaim(system.context.db, claim, move, { outcome, detail: 'điều đã nghe' })).toBe(false)
  for (let minute = 0; minute < 4; minute += 1) {
    await system.drain()
    await system.pass(MINUTE)
  }
  expect(await transferOf(system, claim.idempotencyKey)).toMatchObject({ state, heldReason })
  const [seen] = await system.context.db.query(
    `SELECT t.last_error AS "lastError", k.code FROM transfer t JOIN failure_cause k ON k.id = t.cause_id WHERE t.id = $1::uuid`,
    [claim.id],
  )
  expect(seen).toEqual({ lastError: 'điều đã nghe', code })
  expect((await kindsOf(claim.idempotencyKey)).filter((kind) => kind.startsWith('SEND'))).toEqual(['SEND UNAVAILABLE', `SEND ${outcome}`])
})

test('accepted, as a stalled worker hears when it is to be sent again already: asked for in place of that', async () => {
  const claim = await claimOf('VILIS')
  await system.pass(LEASE_MS + 1)
  await reclaimLostLeases(system.context.db)
  const asking = (await claimNext(system.context.db, 'VILIS', LEASE_MS, 'tien-trinh-hai')) as ClaimedTransfer
  const absent: Settlement = { to: 'WAITING_RETRY', waitMs: 0, retryCount: 1, absentCount: 0 }
  expect(await settleClaim(system.context.db, asking, absent, { outcome: 'ABSENT' })).toBe(true)
  await send(claim)
  expect(await settleClaim(system.context.db, claim, DELIVERED, ACCEPTED)).toBe(false)
  await system.drain()
  expect((await kindsOf(claim.idempotencyKey)).slice(1)).toEqual(['SEND ACCEPTED', 'INQUIRE ABSENT', 'SEND NOT_SENT', 'INQUIRE SAME'])
  await expectAllDelivered(system)
})

test('a worker that stalls between its claim and its call does not call', async () => {
  await system.twins.ONE_STOP.act('takeDossier')
  await system.twins.VILIS.offline()
  await system.drain()
  await system.twins.VILIS.online()
  await system.pass(MINUTE)
  // With no margin at all every claim takes longer than it.
  const stalling = { ...deliveryOf(system.context, () => undefined), leaseMarginMs: 0 }
  expect(await deliver(stalling, 'VILIS', () => false)).toMatchObject({ delivered: 1 })
  expect((await system.twins.VILIS.ledger()).requests.filter(({ operation }) => operation === 'TiepNhanHoSo')).toEqual([])
  await system.pass(MINUTE)
  await system.drain()
  await expectAllDelivered(system)
})
