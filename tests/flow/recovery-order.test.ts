import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { abandonTransfer } from '../../src/operator/act-on-transfer.js'
import { openRecovery, readRecovery } from '../../src/operator/recover-from-backup.js'
import { lockTransfer } from '../../src/transfer/act-facts-repository.js'
import { moveByPerson } from '../../src/transfer/transfer-repository.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { andThen, atPortal, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { attemptsOf, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** While a recovery epoch is open: what was refused before it keeps its followers from being told after what is newer. */
const MINUTE = 60_000

/** The portal takes no larger file: a dossier with one is held there until its file is replaced. */
const LARGEST = 20_000
const TOO_LARGE = [{ name: 'Bản đồ', base64: Buffer.alloc(LARGEST + 1, 7).toString('base64') }]
const SMALL = [{ name: 'Bản đồ', base64: Buffer.alloc(100, 7).toString('base64') }]

const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open({ systems: { PORTAL: { maxAttachmentBytes: LARGEST } } })
})
afterAll(() => shared.close())

const take = async (documents: typeof SMALL): Promise<void> => {
  const taken = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783' },
    documents,
  })
  code = taken.code
  await system.drain()
}
const mend = (): Promise<void> => andThen(system, 'ONE_STOP', 'amend', { code, documents: SMALL })
const settle = async (): Promise<void> => {
  for (let round = 0; round < 6; round += 1) {
    await system.drain()
    await system.pass(2 * MINUTE)
  }
  await system.drain()
}
const openEpoch = () => openRecovery(system.context.db, { by: 'vanhanh.01', reason: 'phục hồi thử' })
const taken = async (): Promise<string[]> => (await system.accepted('PORTAL')).map(({ key }) => key.slice(code.length + 1))

describe('a dossier that the portal could not take, with a line of status behind it, when an epoch is opened', () => {
  beforeEach(async () => {
    await take(TOO_LARGE)
    await andThen(system, 'VILIS', 'forward', { code })
    expect(await transferOf(system, `${code}.SYNC_DOSSIER.2`)).toMatchObject({ state: 'HELD', heldReason: 'ATTACHMENT_TOO_LARGE' })
    await openEpoch()
    expect(await transferOf(system, `${code}.SYNC_PROGRESS.2`)).toMatchObject({ state: 'INDETERMINATE' })
  })

  test.each(['after', 'while'])(
    'is told as it stands when a newer version comes (%s the older is asked for), and the older line gives way: the portal never goes back to it',
    async (when) => {
      await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
      if (when === 'after') await settle()
      await mend()
      await settle()
      expect(await taken()).toEqual(['SYNC_DOSSIER.4'])
      expect((await atPortal(system, code)).status).toBe('9')
      expect(await transferOf(system, `${code}.SYNC_PROGRESS.2`)).toMatchObject({ state: 'SUPERSEDED' })
      expect(await readRecovery(system.context.db)).toMatchObject({ remaining: 0 })
      await expectAllDelivered(system)
    },
  )

  test('and the line is just being asked for: its answer comes too late to move it', async () => {
    const { id } = await transferOf(system, `${code}.SYNC_DOSSIER.2`)
    expect(await abandonTransfer(system.context.db, { transferId: id, reason: 'thử', actor: OPERATOR })).toEqual({ kind: 'DONE' })
    const claim = await claimNext(system.context.db, 'PORTAL', 4 * HOUR_MS, 'tien-trinh')
    expect(claim).toMatchObject({ operation: 'SYNC_PROGRESS', kind: 'INQUIRE' })
    await mend()
    if (!claim) throw new Error('nothing to claim')
    const absent = { to: 'WAITING_RETRY', waitMs: 0, retryCount: 0, absentCount: 0 } as const
    expect(await settleClaim(system.context.db, claim, absent, { outcome: 'ABSENT' })).toBe(false)
    expect((await attemptsOf(system, `${code}.SYNC_PROGRESS.2`)).at(-1)).toMatchObject({ outcome: 'ABSENT', late: true })
    await settle()
    expect(await taken()).toEqual(['SYNC_DOSSIER.3'])
    await expectAllDelivered(system)
  })
})

test('an epoch is opened while a person acts: the opening waits, both come to their end', async () => {
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  await take(SMALL)
  const { id } = await transferOf(system, `${code}.RECEIVE.1`)
  const { db } = system.context
  let opening: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    const facts = await lockTransfer(tx, id)
    opening = openEpoch()
    opening.catch(() => undefined)
    await until('the opening waits', async () => {
      const waiting = await db.query(
        `SELECT 1 AS waits FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`,
      )
      return waiting.length > 0
    })
    await moveByPerson(tx, [id], 'QUEUED', facts?.now ?? new Date())
  })
  await opening
  expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'INDETERMINATE' })
})
