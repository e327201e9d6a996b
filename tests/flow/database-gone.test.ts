import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { startLiveEvents } from '../../src/outbox/live-events.js'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { ACCEPTS_PARTS, partsOf } from '../support/answer-parts.js'
import { type BreakablePostgres, startBreakablePostgres } from '../support/breakable-postgres.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { transferOf } from '../support/operator-acts.js'
import { push, pushedDossier } from '../support/pushed-dossier.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/**
 * A real PostgreSQL that goes away under a gateway and a worker, which are never restarted: nothing is half stored, nobody is told "received" who
 * was not, and the repetition of what was answered 503 makes one dossier.
 */
let server: BreakablePostgres
let system: TestSystem
let worker: RunningWorker
beforeAll(async () => {
  server = await startBreakablePostgres()
  const notHere = (): Promise<never> => Promise.reject(new Error('this server has no backups'))
  const database = { url: server.url, drop: async () => undefined, backUp: notHere, restore: notHere }
  system = await openTestSystem({ database, gateway: true, polls: false, retry: { waitsMs: [200], inquiryWaitMs: 200 } })
  worker = await startWorker(system.context, { guardEveryMs: 500 })
})
afterAll(async () => {
  await worker.stop()
  await system.close()
  await server.end()
})

/** The same request each time: another body under a key is refused. */
const STARTED_AT = Date.now()
const SUBMIT = `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) {
  __typename ... on DossierAccepted { dossierCode repeated } ... on InputRefused { reason message } } }`
const codeOf = (number: number): string => `H58.22-261116-${String(number).padStart(4, '0')}`
const submit = (number: number) =>
  system.gateway.ask('officer', SUBMIT, {
    input: {
      clientKey: `nop-ho-so-${number}`,
      code: codeOf(number),
      procedureCode: '1.012783',
      receivingUnit: { code: '28594' },
      channel: 'DIRECT',
      applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu' },
      summary: 'Cấp đổi giấy chứng nhận',
      receivedAt: new Date(STARTED_AT - HOUR_MS).toISOString(),
      dueAt: new Date(STARTED_AT + 240 * HOUR_MS).toISOString(),
      receivedBy: 'mc.28594.1',
      parcels: [],
      certificates: [],
      documents: [],
    },
  })
const accepted = (number: number): object => ({
  status: 200,
  data: { submitDossier: { __typename: 'DossierAccepted', dossierCode: codeOf(number) } },
})
const unavailable = (reason: unknown = expect.stringMatching(/^(NOT|PERHAPS)_STORED$/)): object => ({
  status: 503,
  retryAfter: '5',
  errors: [
    {
      message: expect.stringMatching(/chưa (nhận|rõ đã nhận).*xin gửi lại/),
      extensions: { code: 'UNAVAILABLE', reason, retryAfterSeconds: 5 },
    },
  ],
})
const pushed = (number: number) => push(system.gateway, pushedDossier({ eventId: `MC-${number}`, fields: { MaHoSo: codeOf(number) } }))
const health = async (path: 'live' | 'ready'): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${system.gateway.url}/health/${path}`, { headers: { connection: 'close' } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const untilReady = (): Promise<unknown> => until('it is ready again', async () => (await health('ready')).status === 200)
const count = async (sql: string): Promise<number> => Number(((await server.execute(sql)) as { count: string }[])[0]?.count)
const delivered = (numbers: readonly number[]): Promise<unknown> =>
  until('all are delivered', async () => {
    const codes = numbers.map((number) => `'${codeOf(number)}'`).join(', ')
    return (
      (await count(`SELECT count(*) FROM transfer t JOIN dossier d ON d.id = t.dossier_id
        WHERE d.code IN (${codes}) AND t.operation = 'RECEIVE' AND t.state = 'DELIVERED'`)) === numbers.length &&
      (await count(`SELECT count(*) FROM transfer WHERE state NOT IN ('DELIVERED', 'SUPERSEDED')`)) === 0
    )
  })
const dossiers = (): Promise<number> => count('SELECT count(*) FROM dossier')

test('stopped: 503 with Retry-After on both ways in, not ready with the reason; the repetition makes one dossier, with no restart', async () => {
  const seen = new Set<string>()
  const live = await startLiveEvents(system.context.db, { pollMs: 20, onError: () => undefined })
  live.subscribe((events) => {
    for (const { dossierId } of events) seen.add(dossierId)
  })
  expect(await submit(1)).toMatchObject(accepted(1))
  await delivered([1])
  await server.stop()
  expect(await submit(2)).toMatchObject(unavailable())
  expect(await submit(2)).toMatchObject(unavailable('NOT_STORED'))
  expect(await system.gateway.ask('officer', '{ dossiers(first: 1) { totalCount } }')).toMatchObject({
    status: 503,
    retryAfter: '5',
    errors: [{ message: expect.stringMatching(/không đọc được dữ liệu/), extensions: { code: 'UNAVAILABLE', reason: 'NOT_READ' } }],
  })
  const inParts = await system.gateway.send('officer', `{ dossier(code: "${codeOf(1)}") { code } ... @defer { procedures { code } } }`, {
    accept: ACCEPTS_PARTS,
  })
  expect([inParts.status, inParts.headers.get('retry-after')]).toEqual([503, '5'])
  const told: string[] = []
  for await (const part of partsOf(inParts))
    for (const { errors } of [part, ...(part.incremental ?? [])])
      told.push(...(errors ?? []).map(({ extensions }) => String(extensions.code)))
  expect(told).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
  const refused = await pushed(3)
  expect(refused).toMatchObject({ status: 503, retryAfter: '5', result: undefined })
  expect(refused.text).toContain('chưa nhận, xin gửi lại')
  expect(await health('live')).toEqual({ status: 200, body: { live: true } })
  expect(await health('ready')).toEqual({
    status: 503,
    body: { ready: false, checks: { database: false, databaseWritable: false }, reason: 'Không kết nối được cơ sở dữ liệu.' },
  })

  await server.start()
  await untilReady()
  expect(await submit(2)).toMatchObject(accepted(2))
  expect(await submit(2)).toMatchObject({ data: { submitDossier: { repeated: true } } })
  expect(await pushed(3)).toMatchObject({ status: 200, result: '1' })
  await delivered([1, 2, 3])
  expect(await dossiers()).toBe(3)
  await until('a live reader has seen all three', async () => seen.size === 3)
  await live.stop()
  await expectAllDelivered(system)
})

test('killed under load: who was told "accepted" is kept, all others repeat, and each dossier is in ViLIS once', async () => {
  const told: { readonly number: number; readonly answer: Awaited<ReturnType<typeof submit>> }[] = []
  let next = 1_000
  // One after another until the server is gone, so that it goes under load on any machine.
  const submitting = Array.from({ length: 8 }, async () => {
    for (let status = 200; status === 200; ) {
      const number = next++
      const answer = await submit(number)
      told.push({ number, answer })
      status = answer.status
    }
  })
  const before = await count('SELECT count(*) FROM inbox_message')
  await until('some are stored', async () => (await count('SELECT count(*) FROM inbox_message')) > before + 3)
  await server.kill()
  await Promise.all(submitting)
  const numbers = told.map(({ number }) => number)
  for (const { number, answer } of told) expect(answer).toMatchObject(answer.status === 200 ? accepted(number) : unavailable())
  expect(told.filter(({ answer }) => answer.status === 503)).toHaveLength(8)
  await server.start()
  await untilReady()
  const kept = (await server.execute('SELECT dossier_code FROM inbox_message')) as { dossier_code: string }[]
  for (const { number, answer } of told)
    if (answer.status === 200) expect(kept.map(({ dossier_code }) => dossier_code)).toContain(codeOf(number))
  for (const number of numbers) expect(await submit(number)).toMatchObject(accepted(number))
  await delivered(numbers)
  expect(await dossiers()).toBe(3 + numbers.length)
  await expectAllDelivered(system)
})

test('read-only: nothing is taken, what can be read is answered, and it is said why', async () => {
  await server.execute('ALTER SYSTEM SET default_transaction_read_only = on')
  await server.execute('SELECT pg_reload_conf()')
  await until('it is read-only', async () => (await health('ready')).status === 503)
  expect((await health('ready')).body).toMatchObject({
    checks: { database: true, databaseWritable: false },
    reason: expect.stringContaining('chỉ cho đọc'),
  })
  expect(await submit(200)).toMatchObject(unavailable('NOT_STORED'))
  expect(await pushed(201)).toMatchObject({ status: 503, retryAfter: '5' })
  expect(await system.gateway.query('officer', `{ dossier(code: "${codeOf(1)}") { code } }`)).toEqual({ dossier: { code: codeOf(1) } })

  await server.execute('ALTER SYSTEM RESET default_transaction_read_only')
  await server.execute('SELECT pg_reload_conf()')
  await untilReady()
  expect(await submit(200)).toMatchObject(accepted(200))
  expect(await pushed(201)).toMatchObject({ status: 200, result: '1' })
  await delivered([200, 201])
  await expectAllDelivered(system)
})

test('a full disk as PostgreSQL reports it: not taken, and taken when there is room again', async () => {
  await server.execute(
    `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$`,
  )
  await server.execute('CREATE TRIGGER no_room BEFORE INSERT ON inbox_message FOR EACH ROW EXECUTE FUNCTION no_room()')
  const before = await dossiers()
  expect(await submit(300)).toMatchObject(unavailable('NOT_STORED'))
  expect(await pushed(301)).toMatchObject({ status: 503 })
  expect(await dossiers()).toBe(before)
  await server.execute('DROP FUNCTION no_room CASCADE')
  expect(await submit(300)).toMatchObject(accepted(300))
  expect(await pushed(301)).toMatchObject({ status: 200, result: '1' })
  await delivered([300, 301])
  await expectAllDelivered(system)
})

/** The name of the plan that the server keeps: the text is sent with its first use on a connection alone. */
const STORING = 'insert-message'

test('stored, and the answer of the database lost: never called "not stored", and the repetition finds it by its key', async () => {
  const before = await dossiers()
  const lostHere = server.loseAnswerTo(STORING, codeOf(400))
  expect(await submit(400)).toMatchObject(unavailable('PERHAPS_STORED'))
  await lostHere
  expect(await count(`SELECT count(*) FROM inbox_message WHERE dossier_code = '${codeOf(400)}'`)).toBe(1)
  expect(await submit(400)).toMatchObject(accepted(400))

  const lostThere = server.loseAnswerTo(STORING, codeOf(401))
  const refused = await pushed(401)
  await lostThere
  expect(refused).toMatchObject({ status: 503, result: undefined })
  expect(refused.text).toContain('chưa rõ đã nhận hay chưa')
  expect(await pushed(401)).toMatchObject({ status: 200, result: '1' })
  await delivered([400, 401])
  expect(await dossiers()).toBe(before + 2)
  await expectAllDelivered(system)
})

test('swallowed packets: 503 with Retry-After on both ways in while nothing has been refused or cut, also for what was under way; the repetition makes one dossier', async () => {
  const before = await dossiers()
  server.swallow()
  // As long as one of our transactions may take: who waits for the server alone is told no sooner.
  const waiter = new pg.Client({ connectionString: server.url, connectionTimeoutMillis: 15_000 })
  let gaveUp = false
  const waiting = waiter.connect().catch(() => {
    gaveUp = true
  })
  try {
    const underWay = await Promise.all([submit(600), pushed(601)])
    expect(gaveUp).toBe(false)
    expect(underWay).toMatchObject([unavailable(), { status: 503, retryAfter: '5', result: undefined }])
    expect(await submit(600)).toMatchObject(unavailable('NOT_STORED'))
    expect(await pushed(601)).toMatchObject({ status: 503, retryAfter: '5', result: undefined })
    expect(await system.gateway.ask('officer', '{ dossiers(first: 1) { totalCount } }')).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'UNAVAILABLE', reason: 'NOT_READ' } }],
    })
  } finally {
    server.hearAgain()
    await waiting
    await waiter.end()
  }
  await untilReady()
  // What was swallowed may come to the server now, and be answered as under way for a moment.
  await until('it is taken', async () => (await submit(600)).status === 200)
  expect(await submit(600)).toMatchObject({ data: { submitDossier: { dossierCode: codeOf(600), repeated: true } } })
  expect(await pushed(601)).toMatchObject({ status: 200, result: '1' })
  await delivered([600, 601])
  expect(await dossiers()).toBe(before + 2)
  await expectAllDelivered(system)
})

test('the commit of a person’s act with its answer lost: repeated under its key, it is done once', async () => {
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  expect(await submit(500)).toMatchObject(accepted(500))
  await until('it is refused', async () => (await transferOf(system, `${codeOf(500)}.RECEIVE.1`)).state === 'REJECTED')
  const { id } = await transferOf(system, `${codeOf(500)}.RECEIVE.1`)
  const reason = 'Đã nhập tay ở ViLIS'
  const abandon = () =>
    system.gateway.ask(
      'operator',
      `mutation ($input: TransferActInput!) { abandonTransfer(input: $input) { __typename ... on TransferActDone { transfer { state } } } }`,
      { input: { clientKey: 'bo-qua-0001', transferId: id, reason } },
    )
  // The reason, as its bytes pass by, stands in the act's own transaction alone; workers write the audit on other connections.
  const lost = server.loseAnswerTo('COMMIT', Buffer.from(reason).toString('latin1'))
  expect(await abandon()).toMatchObject(unavailable('PERHAPS_STORED'))
  await lost
  expect(await transferOf(system, `${codeOf(500)}.RECEIVE.1`)).toMatchObject({ state: 'ABANDONED' })
  expect(await abandon()).toMatchObject({
    status: 200,
    data: { abandonTransfer: { __typename: 'TransferActDone', transfer: { state: 'ABANDONED' } } },
  })
  expect(await count(`SELECT count(*) FROM audit_entry WHERE transfer_id = '${id}'`)).toBe(1)
})

test('a system paused, and what is read for the answer lost: never called "not stored", and repeated under its key it is done once', async () => {
  const pause = () =>
    system.gateway.ask(
      'operator',
      `mutation ($input: SystemActInput!) { pauseSystem(input: $input) { __typename ... on SystemActDone { repeated system { paused { reason } } } } }`,
      { input: { clientKey: 'tam-dung-0001', systemId: 'PORTAL', reason: 'Cổng bảo trì' } },
    )
  const lost = server.loseAnswerTo('FROM foreign_system s LEFT JOIN (')
  expect(await pause()).toMatchObject(unavailable('PERHAPS_STORED'))
  await lost
  expect(await pause()).toMatchObject({
    status: 200,
    data: { pauseSystem: { __typename: 'SystemActDone', repeated: true, system: { paused: { reason: 'Cổng bảo trì' } } } },
  })
  expect(await count(`SELECT count(*) FROM audit_entry WHERE act = 'PAUSE'`)).toBe(1)
})
