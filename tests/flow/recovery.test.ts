import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { WEEKDAYS_ALONE } from '../../src/model/calendar-data.js'
import { OPERATIONS, SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import type { TransferBody } from '../../src/model/transfer-body.js'
import { buildWorkingCalendar } from '../../src/model/working-calendar.js'
import { abandonTransfer, replayTransfer } from '../../src/operator/act-on-transfer.js'
import { closeRecovery, openRecovery, readRecovery } from '../../src/operator/recover-from-backup.js'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { openDatabase } from '../../src/platform/database.js'
import type { ClaimedTransfer, Settlement } from '../../src/transfer/claim-repository.js'
import { loadMappings, type MappingRow } from '../../src/transfer/mapping-repository.js'
import { planTransfers } from '../../src/transfer/plan-transfers.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { andThen, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree, transfersOf } from '../support/ledger-agreement.js'
import { attemptsOf, confirmWhatIsThere, OPERATOR, transferOf } from '../support/operator-acts.js'
import type { TestDatabase } from '../support/test-database.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { until } from '../support/until.js'

/** A backup for real: the database is copied while nobody is connected, life goes on, and the copy takes its place again. */
const MINUTE = 60_000

let system: TestSystem
let backup: TestDatabase | undefined
const open = async (options: TestSystemOptions = {}): Promise<void> => {
  system = await openTestSystem(options)
}
beforeEach(() => {
  backup = undefined
})
afterEach(async () => {
  await system.close()
  await backup?.drop()
})

const backUp = (): Promise<void> =>
  system.restart(async (database) => {
    backup = await database.backUp()
  })

/** The clock of the tests stands in the database: in the restored one it is put on to where the twins' clocks stand. */
const restore = async (): Promise<void> => {
  const [before] = await system.context.db.query<{ ms: string }>('SELECT shift_ms::text AS ms FROM app_clock')
  await system.restart(async (database) => {
    await database.restore(backup as TestDatabase)
    const db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
    await db.query('UPDATE app_clock SET shift_ms = $1::bigint RETURNING 1 AS done', [before?.ms])
    await db.close()
  })
}

const take = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}

/** Inquiries and retries come, until nothing moves any more. */
const settle = async (rounds = 8): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    await system.drain()
    await system.pass(2 * MINUTE)
  }
  await system.drain()
}

/** What each system took, by content: a second taking of the same content under whatever key shows. */
const takenContents = async (): Promise<string[]> =>
  (
    await Promise.all(
      SYSTEM_IDS.map(async (id) => (await system.accepted(id)).map((deed) => `${id} ${deed.operation} ${deed.dossierCode} ${deed.digest}`)),
    )
  )
    .flat()
    .sort()

const statusOf = async (code: string): Promise<string | undefined> =>
  (await system.context.db.query<{ status: string }>('SELECT status FROM dossier WHERE code = $1', [code]))[0]?.status

/** A day at the office: a dossier that had waited is sent, one goes through a supplement, new ones come and are worked on. */
const lifeSinceBackup = async (waiting: string, supplemented: string): Promise<string[]> => {
  await system.twins.VILIS.online()
  await system.pass(HOUR_MS)
  await settle(3)
  await andThen(system, 'VILIS', 'forward', { code: supplemented })
  await andThen(system, 'VILIS', 'requireSupplement', { code: supplemented, pause: false })
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code: supplemented })
  await andThen(system, 'VILIS', 'newDueDate', { code: supplemented })
  await andThen(system, 'VILIS', 'forward', { code: waiting })
  const fresh = [await take(), await take()]
  await andThen(system, 'VILIS', 'forward', { code: fresh[0] })
  await andThen(system, 'VILIS', 'forward', { code: fresh[0], step: 'PENDING_TAX_PAYMENT' })
  await andThen(system, 'VILIS', 'sendTax', { code: fresh[0] })
  return fresh
}

test('after a restore everything since the backup is inquired: each is registered once, none is lost, what is new is sent', async () => {
  await open()
  // The registry confirms a supplement within the second, and tells whole seconds: its clock runs a little ahead, so that the order shows.
  await system.twins.VILIS.advance({ ms: 5_000 })
  const supplemented = await take()
  await system.twins.VILIS.offline()
  const waiting = await take()
  await backUp()
  const fresh = await lifeSinceBackup(waiting, supplemented)
  await expectAllDelivered(system)
  const [taken, statuses] = [await takenContents(), await Promise.all([supplemented, waiting, ...fresh].map(statusOf))]
  expect(new Set(taken).size).toBe(taken.length)

  await restore()
  expect(await readRecovery(system.context.db)).toMatchObject({ open: true, reason: 'Cơ sở dữ liệu được tạo lại từ một bản sao.' })
  await settle()

  expect(await takenContents()).toEqual(taken)
  expect(await Promise.all([supplemented, waiting, ...fresh].map(statusOf))).toEqual(statuses)
  await expectAllDelivered(system)
  const sent = await system.context.db.query(
    `SELECT 1 AS sent FROM attempt a, recovery_epoch e WHERE a.kind = 'SEND' AND a.started_at >= e.opened_at`,
  )
  expect(sent).toEqual([])

  // What nobody had before goes out while the epoch is open, after two inquiries.
  const late = await take()
  await settle(3)
  expect((await attemptsOf(system, `${late}.RECEIVE.1`)).map(({ kind, outcome }) => `${kind} ${outcome}`).slice(-3)).toEqual([
    'INQUIRE ABSENT',
    'INQUIRE ABSENT',
    'SEND ACCEPTED',
  ])
  await expectAllDelivered(system)

  const status = await readRecovery(system.context.db)
  expect(status).toMatchObject({ open: true, remaining: 0, held: 0, unread: [] })
  if (!status.open) throw new Error('closed')
  expect(status.found).toBeGreaterThan(10)
  expect(status.notThere).toBe((await transfersOf(system)).filter(({ key }) => key.startsWith(late)).length)
  expect(await closeRecovery(system.context.db, { by: 'vanhanh.01', reason: 'đã hỏi xong', force: false })).toEqual({ kind: 'CLOSED' })
  const ordinary = await take()
  expect((await attemptsOf(system, `${ordinary}.RECEIVE.1`)).map(({ kind }) => kind)).toEqual(['SEND'])
  await expectAllDelivered(system)
})

test('where they tell fields and no keys, what was overtaken there is not written over', async () => {
  const traits = { inquiryStrength: 'FIELDS' }
  const operations = (id: SystemId) => Object.fromEntries(OPERATIONS[id].map((operation) => [operation, traits]))
  await open({ systems: Object.fromEntries(SYSTEM_IDS.map((id) => [id, { operations: operations(id) }])) })
  for (const id of SYSTEM_IDS) await system.twins[id].act('inquiryStrength', { strength: 'FIELDS' })
  const code = await take()
  await backUp()
  for (const step of ['APPRAISAL', 'PENDING_TAX_PAYMENT', 'PENDING_CHECK']) await andThen(system, 'VILIS', 'forward', { code, step })
  const taken = await takenContents()
  await restore()
  await settle()
  expect(await takenContents()).toEqual(taken)
  await expectAllDelivered(system)
})

test('what cannot be inquired is held for a person, who says what is there; the epoch is not closed before', async () => {
  await open({ systems: { VILIS: { operations: { RECEIVE: { inquiryStrength: 'NONE' } } } } })
  await system.twins.VILIS.offline()
  const waiting = await take()
  await backUp()
  await system.twins.VILIS.online()
  await system.pass(HOUR_MS)
  await settle(3)
  const fresh = await take()
  const taken = await takenContents()
  await restore()
  expect(await closeRecovery(system.context.db, { by: 'vanhanh.01', reason: 'vội', force: false })).toMatchObject({ kind: 'REFUSED' })
  await settle()
  for (const code of [waiting, fresh])
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'HELD', heldReason: 'UNCERTAIN' })
  expect(await readRecovery(system.context.db)).toMatchObject({ remaining: 0, held: 2 })
  await expectLedgersAgree(system, { visible: [`${waiting}.RECEIVE.1`, `${fresh}.RECEIVE.1`] })
  expect(await takenContents()).toEqual(taken)
  await confirmWhatIsThere(system)
  await settle(2)
  expect(await takenContents()).toEqual(taken)
  await expectAllDelivered(system)
})

test('what was held at the backup and released after it is inquired when it is released once more', async () => {
  const missing: MappingRow[] = []
  const isLeftOut = (row: MappingRow): boolean => row.kind === 'PROCEDURE' && row.ourCode.startsWith('1.012783')
  await open({
    mappings: (rows) => {
      missing.push(...rows.filter(isLeftOut))
      return rows.filter((row) => !isLeftOut(row))
    },
  })
  const [byMapping, byPerson] = [await take(), await take()].map((code) => `${code}.RECEIVE.1`) as [string, string]
  expect(await transferOf(system, byMapping)).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING' })
  await backUp()
  await loadMappings(system.context.db, missing)
  await settle(2)
  const taken = await takenContents()
  expect(taken.filter((line) => line.startsWith('VILIS'))).toHaveLength(2)

  await restore()
  await settle(2)
  expect(await transferOf(system, byMapping)).toMatchObject({ state: 'HELD', heldReason: 'MAPPING_MISSING' })
  const { id } = await transferOf(system, byPerson)
  await replayTransfer(system.context.db, { transferId: id, reason: 'Đã nạp ánh xạ', actor: OPERATOR })
  await loadMappings(system.context.db, missing)
  await settle(2)
  expect(await takenContents()).toEqual(taken)
  for (const key of [byMapping, byPerson])
    expect((await attemptsOf(system, key)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['SEND NOT_SENT', 'INQUIRE SAME'])
  await expectAllDelivered(system)
})

test('what was being sent at the backup is inquired at once, and the dead worker moves nothing', async () => {
  await open()
  await system.twins.VILIS.offline()
  const code = await take()
  await system.twins.VILIS.online()
  await system.pass(MINUTE)
  const claim = (await claimNext(system.context.db, 'VILIS', HOUR_MS, 'tien-trinh-chet')) as ClaimedTransfer
  await backUp()
  await restore()
  expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'INDETERMINATE' })
  const delivered: Settlement = { to: 'DELIVERED', retryCount: 0, absentCount: 0 }
  expect(await settleClaim(system.context.db, claim, delivered, { outcome: 'ACCEPTED' })).toBe(false)
  expect((await attemptsOf(system, `${code}.RECEIVE.1`)).at(-1)).toMatchObject({ kind: 'SEND', outcome: 'ACCEPTED', late: true })
})

test('what is planned while an epoch is being opened is inquired as well', async () => {
  await open()
  const code = await take()
  const { db } = system.context
  const [dossier] = await db.query<{ id: string; now: Date }>('SELECT id::text, app_now() AS now FROM dossier WHERE code = $1', [code])
  const { id, now } = dossier as { id: string; now: Date }
  const body: TransferBody = {
    operation: 'SYNC_PROGRESS',
    dossierCode: code,
    dossierVersion: 9,
    at: now.toISOString(),
    procedureCode: '1.012783',
    status: 'IN_PROGRESS',
    dueAt: now.toISOString(),
    note: '',
  }
  let opening: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    const context = {
      dossierId: id,
      dossierCode: code,
      dossierVersion: 9,
      dueAt: now,
      now,
      calendar: buildWorkingCalendar(WEEKDAYS_ALONE),
      correlationId: 'thu',
      causedBy: 'thu',
    }
    await planTransfers(tx, context, [{ mode: 'LIVE', body }])
    opening = openRecovery(db, { by: 'vanhanh.01', reason: 'thử mở đợt khôi phục' })
    await until('the opening waits for who plans', async () => {
      const waiting = await db.query(
        `SELECT 1 AS waits FROM pg_locks WHERE relation = 'transfer'::regclass AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
      return waiting.length > 0
    })
  })
  await opening
  expect(await transferOf(system, `${code}.SYNC_PROGRESS.9`)).toMatchObject({ state: 'INDETERMINATE' })
})

test('our own writing of the lost time, coming back, is no news', async () => {
  await open()
  const code = await take()
  const [now] = await system.context.db.query<{ at: Date }>('SELECT app_now() AS at')
  const receipt = await system.context.receive({
    source: 'VILIS',
    channel: 'CALLBACK',
    operation: 'ChuyenHoSo',
    dossierCode: code,
    eventAt: (now as { at: Date }).at.toISOString(),
    causedByKey: `${code}.SUPPLEMENT.7`,
    payload: { kind: 'STATUS_REPORTED', status: 'IN_PROGRESS', note: '', documents: [] },
    raw: '',
    correlationId: 'thu',
  })
  expect(receipt.kind).toBe('STORED')
  expect(await statusOf(code)).toBe('ACCEPTED')
})

test('when the clocks of two systems cannot tell which came first, what reads otherwise now is held, and nothing is sent twice', async () => {
  await open()
  const supplemented = await take()
  await backUp()
  // By the desk's clock it takes the supplement in after the registry has confirmed it.
  await system.twins.ONE_STOP.advance({ ms: 30_000 })
  await andThen(system, 'VILIS', 'requireSupplement', { code: supplemented, pause: false })
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code: supplemented })
  await expectAllDelivered(system)
  const taken = await takenContents()
  await restore()
  await settle()
  expect(await takenContents()).toEqual(taken)
  const undone = (await transfersOf(system)).filter(({ state }) => state !== 'DELIVERED')
  expect(undone).toMatchObject([{ operation: 'SYNC_PROGRESS', state: 'HELD', heldReason: 'CONFLICT' }])
})

test('what was refused before the backup is not superseded before it was inquired; what follows it when it is given up is not sent', async () => {
  await open({ systems: { VILIS: { operations: { SUPPLEMENT: { inquiryStrength: 'FIELDS' } } } } })
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const code = await take()
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code })
  await system.context.db.query(`UPDATE procedure SET name = 'Tên đã sửa' WHERE code = '1.012783' RETURNING code`)
  await backUp()
  await restore()
  const { id } = await transferOf(system, `${code}.RECEIVE.1`)
  const act = { transferId: id, reason: 'Sau phục hồi', actor: OPERATOR }
  expect(await supersedeTransfer(system.context.db, act)).toMatchObject({ kind: 'REFUSED', reason: 'OUTCOME_UNCERTAIN' })
  expect(await abandonTransfer(system.context.db, act)).toEqual({ kind: 'DONE' })
  await settle()
  expect((await attemptsOf(system, `${code}.SUPPLEMENT.2`)).map(({ kind }) => kind)).toContain('INQUIRE')
  expect(await transferOf(system, `${code}.SUPPLEMENT.2`)).toMatchObject({ lastError: expect.stringContaining('Thiếu lượt đứng trước') })
  expect(await system.accepted('VILIS')).toEqual([])

  expect(await supersedeTransfer(system.context.db, act)).toMatchObject({ kind: 'DONE' })
  await system.pass(HOUR_MS)
  await settle()
  await confirmWhatIsThere(system)
  await settle()
  expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.2`, `${code}.SUPPLEMENT.2`])
  await expectLedgersAgree(system)
})
