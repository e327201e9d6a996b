import { afterAll, expect, test } from '@jest/globals'
import { codesLeftBehind } from '../../src/inbox/inbox-repository.js'
import { PageSize } from '../../src/inbox/page-size.js'
import { advanceCursor, takeStoringTurn } from '../../src/inbox/poll-cursor-repository.js'
import { pollSystem } from '../../src/inbox/poll-system.js'
import { rereadFeeds } from '../../src/inbox/reread-feeds.js'
import type { PolledSystem } from '../../src/ports/inbound.js'
import { andThen, atDesk, DAY_MS, expectOnceAndInOrder, HOUR_MS, writesAt } from '../support/dossier-journey.js'
import { push, pushedDossier } from '../support/pushed-dossier.js'
import { raise } from '../support/raise.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const CODE = 'H58.22-260316-0500'
const fifty = <Result>(work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 50 }, (_none, index) => work(index)))

const dossiers = () => system.context.db.query(`SELECT code, version, (SELECT count(*)::int FROM transfer) AS transfers FROM dossier`)

test('fifty times the same push at once: one dossier, one set of transfers, every caller is told that it is stored', async () => {
  system = await shared.open({ gateway: true, polls: false })
  const answers = await fifty(() => push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE } })))
  expect(new Set(answers.map(({ result }) => result))).toEqual(new Set(['1']))
  expect(await dossiers()).toEqual([{ code: CODE, version: 1, transfers: 2 }])
  await system.drain()
  expect(await writesAt(system, 'VILIS', CODE)).toEqual(['TiepNhanHoSo'])
  expect(await writesAt(system, 'PORTAL', CODE)).toEqual(['DongBoHoSoMC'])
})

test('fifty pushes of one dossier under different event ids at once: one dossier, one set of transfers', async () => {
  system = await shared.open({ gateway: true, polls: false })
  await fifty((index) => push(system.gateway, pushedDossier({ eventId: `MC-${index}`, fields: { MaHoSo: CODE } })))
  expect(await dossiers()).toEqual([{ code: CODE, version: 1, transfers: 2 }])
})

test('fifty submits of one mutation at once, with one key: one message, one dossier, one answer', async () => {
  system = await shared.open({ gateway: true, polls: false })
  const input = {
    clientKey: 'khoa-mot-lan-0001',
    code: CODE,
    procedureCode: '1.012783',
    receivingUnit: { code: '28594' },
    channel: 'DIRECT',
    applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu' },
    summary: 'Cấp đổi',
    receivedAt: '2026-03-16T08:00:00+07:00',
    dueAt: '2026-12-25T17:00:00+07:00',
    receivedBy: 'mc.28594.1',
  }
  const mutation = `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename ... on DossierAccepted { messageId } } }`
  const answers = await fifty(() =>
    system.gateway.query<{ submitDossier: { __typename: string; messageId: string } }>('officer', mutation, { input }),
  )
  expect(new Set(answers.map(({ submitDossier }) => `${submitDossier.__typename} ${submitDossier.messageId}`)).size).toBe(1)
  expect(answers[0]?.submitDossier.__typename).toBe('DossierAccepted')
  expect(await dossiers()).toEqual([{ code: CODE, version: 1, transfers: 3 }])
})

test('fifty different versions at once: the newest stands, and each system has its last word', async () => {
  system = await shared.open({ gateway: true, polls: false })
  await fifty((index) =>
    push(
      system.gateway,
      pushedDossier({ eventId: `MC-${index}`, fields: { MaHoSo: CODE, PhienBan: String(index + 1), TrichYeuHoSo: `Bản ${index + 1}` } }),
    ),
  )
  await system.drain()
  const [dossier] = await system.context.db.query(`SELECT source_version, summary FROM dossier`)
  expect(dossier).toEqual({ source_version: 50, summary: 'Bản 50' })
  for (const systemId of ['VILIS', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, CODE)
  const { requests } = await system.twins.VILIS.ledger()
  expect(requests.at(-1)?.raw).toContain('Bản 50')
})

test('an amendment by a newer version reaches the registry and the portal, each once', async () => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await andThen(system, 'ONE_STOP', 'amend', { code, changes: { summary: 'Đã sửa trích yếu' } })
  expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo', 'TiepNhanHoSo'])
  expect(await writesAt(system, 'PORTAL', code)).toEqual(['DongBoHoSoMC', 'DongBoHoSoMC'])
  const { requests } = await system.twins.VILIS.ledger()
  expect(requests.filter(({ operation }) => operation === 'TiepNhanHoSo').at(-1)?.raw).toContain('Đã sửa trích yếu')
})

test('while the registry holds the dossier its due date stands: an amendment at the desk does not change it, and the desk is told the true one', async () => {
  system = await shared.open()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  const dueAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 30 * DAY_MS)
  await andThen(system, 'VILIS', 'newDueDate', { code, dueAt })
  const atDesks = new Date(Date.now() + 3 * DAY_MS).toISOString()
  await andThen(system, 'ONE_STOP', 'amend', { code, changes: { summary: 'Sửa tại quầy', dueAt: atDesks } })

  const [ours] = await system.context.db.query<{ dueAt: Date; summary: string }>(`SELECT due_at AS "dueAt", summary FROM dossier`)
  expect(ours).toEqual({ dueAt, summary: 'Sửa tại quầy' })
  expect(Math.floor(Date.parse((await atDesk(system, code)).dossier.dueAt) / 1000)).toBe(dueAt.getTime() / 1000)
})

test('before the registry has it, the desk decides the due date', async () => {
  system = await shared.open()
  await system.twins.VILIS.offline()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  const dueAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 3 * DAY_MS).toISOString()
  await andThen(system, 'ONE_STOP', 'amend', { code, changes: { dueAt } })
  await system.twins.VILIS.online()
  await system.pass(2 * HOUR_MS)
  await system.drain()
  const { state } = await system.twins.VILIS.state<{ dossiers: { dueAt: string }[] }>()
  expect(state.dossiers.map((dossier) => dossier.dueAt)).toEqual([dueAt])
  expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo'])
})

test('two readers of one feed take turns: the second waits in no transaction for what the first has not committed', async () => {
  system = await shared.open({ polls: false })
  const { db, apply, pageSizeOf, systems } = system.context
  await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
  let commit = (): void => undefined
  const isAtIt = new Promise<void>((atIt) => {
    void db.transaction(async (tx) => {
      await takeStoringTurn(tx, 'ONE_STOP')
      await advanceCursor(tx, 'ONE_STOP', 0n)
      atIt()
      await new Promise<void>((resolve) => {
        commit = resolve
      })
    })
  })
  await isAtIt
  let tried = 0
  const counted: typeof db = {
    ...db,
    transaction: (work, limits) => {
      tried += 1
      return db.transaction(work, limits)
    },
  }
  const read = pollSystem(
    { ...apply, db: counted, pageSize: pageSizeOf('ONE_STOP'), onApplied: () => undefined, onApplyError: raise },
    systems.polled.find(({ id }) => id === 'ONE_STOP') as PolledSystem,
  )
  await until('the second has tried more than once', async () => tried > 2)
  // Here, that is: other files work on databases of the same server.
  const waiting = `SELECT 1 AS waits FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`
  expect(await db.query(waiting)).toEqual([])
  expect(await dossiers()).toEqual([])
  commit()
  expect(await read).toMatchObject({ kind: 'READ', fresh: 1, atEnd: true })
  expect(await dossiers()).toHaveLength(1)
})

test('a poll that is under way when the process is stopped ends with its page, and the next one goes on from there', async () => {
  system = await shared.open({ polls: false })
  const { db, apply, systems } = system.context
  for (let n = 0; n < 3; n += 1) await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
  const desk = systems.polled.find(({ id }) => id === 'ONE_STOP') as PolledSystem
  const deps = { ...apply, db, onApplied: () => undefined, onApplyError: raise }
  const poll = (isStopping: () => boolean) => pollSystem({ ...deps, pageSize: new PageSize(1), isStopping }, desk)
  expect(await poll(() => true)).toMatchObject({ kind: 'READ', fresh: 1, pages: 1, atEnd: false })
  expect(await dossiers()).toEqual([])
  // So does the reading again after a restore.
  const reread = await rereadFeeds({ ...deps, pageSizeOf: () => new PageSize(1), isStopping: () => true }, [desk])
  expect(reread).toEqual([])
  expect(await dossiers()).toEqual([])
  expect(await poll(() => false)).toMatchObject({ kind: 'READ', fresh: 2, atEnd: true })
  for (const code of await codesLeftBehind(db, 1_000)) await system.context.applyPending(code)
  expect(await dossiers()).toHaveLength(3)
})
