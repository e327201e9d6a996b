import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { type DevelopmentKey, ISSUER, openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

let system: TestSystem
let key: DevelopmentKey
const programs: RunningProgram[] = []

beforeEach(async () => {
  system = await openTestSystem({ systems: { ONE_STOP: { poll: { everyMs: 200 } } } })
  const { stateDir, configuration } = system.context.options
  await writeFile(join(stateDir, 'lienthong.json'), JSON.stringify(configuration))
  key = await openDevelopmentKey(stateDir)
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.signal('SIGKILL')))
  await system.close()
})

const DAY_MS = 86_400_000
const fromNow = (ms: number): string => new Date(Date.now() + ms).toISOString()
const inputOf = (code: string) => ({
  clientKey: 'nop-ho-so-0001',
  code,
  procedureCode: '1.012783',
  receivingUnit: { code: '28594' },
  channel: 'ONLINE',
  applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu', idNumber: '082177000111' },
  summary: 'Cấp đổi giấy chứng nhận',
  receivedAt: fromNow(-DAY_MS),
  dueAt: fromNow(9 * DAY_MS),
  receivedBy: 'mc.28594.1',
  parcels: [],
  certificates: [],
  documents: [],
})
const SUBMIT = 'mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename } }'
const submit = async (url: string, code: string, correlationId: string): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await key.token({ sub: 'admin', name: 'Người thử', role: 'admin' })}`,
      connection: 'close',
      'x-correlation-id': correlationId,
    },
    body: JSON.stringify({ query: SUBMIT, variables: { input: inputOf(code) } }),
  })

const start = (name: 'gateway' | 'worker'): RunningProgram => {
  const { databaseUrl, stateDir } = system.context.options
  const program = startProgram(name, {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
    JWT_PUBLIC_KEY: key.publicKeyPem,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: ISSUER,
    PORT: '0',
    METRICS_PORT: '0',
  })
  programs.push(program)
  return program
}
const startGateway = async (): Promise<{ program: RunningProgram; url: string }> => {
  const program = start('gateway')
  const { url } = JSON.parse(await program.said(/cổng liên thông đang chạy/)) as { url: string }
  return { program, url }
}

interface Change {
  readonly eventId: string
  readonly transfer: { readonly id: string; readonly state: string }
}
const QUERY = 'subscription ($lastEventId: ID) { transferChanged(lastEventId: $lastEventId) { eventId transfer { id state } } }'

const connect = async (url: string): Promise<Client> => {
  const token = await key.token({ sub: 'admin', name: 'Người thử', role: 'admin' })
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
}
/** Reads until an event fits. */
const read = async (client: Client, lastEventId: string | null, isLast: (change: Change) => boolean): Promise<Change[]> => {
  const seen: Change[] = []
  for await (const { data } of client.iterate<{ transferChanged: Change }>({ query: QUERY, variables: { lastEventId } })) {
    if (!data) throw new Error('an answer without data')
    seen.push(data.transferChanged)
    if (isLast(data.transferChanged)) return seen
  }
  throw new Error('the subscription ended')
}
const eventIds = async (): Promise<string[]> =>
  (
    await system.context.db.query<{ id: string }>(
      `SELECT txid || '-' || outbox_event.id AS id FROM outbox_event WHERE topic = 'TRANSFER' ORDER BY outbox_event.txid, outbox_event.id`,
    )
  ).map(({ id }) => id)
const allDelivered = (count: number) =>
  until(`${count} are delivered`, async () => {
    const rows = await system.context.db.query<{ state: string }>(`SELECT state FROM transfer`)
    return rows.length === count && rows.every(({ state }) => state === 'DELIVERED')
  })

test('what any process commits reaches a subscriber at any gateway process, who misses nothing at another one; all that came of a request bears its id', async () => {
  const [first, second] = await Promise.all([startGateway(), startGateway()])
  const client = await connect(second.url)

  // By the other gateway: no worker is there yet.
  const id = randomUUID()
  const code = 'H58.22-261116-0001'
  const byGateway = read(client, '0-0', () => true)
  const answer = await submit(first.url, code, id)
  expect(answer.headers.get('x-correlation-id')).toBe(id)
  expect(await answer.json()).toEqual({ data: { submitDossier: { __typename: 'DossierAccepted' } } })
  await byGateway

  const working = start('worker')
  const worker = await working.said(/tiến trình chuyển đang chạy/)
  await allDelivered(3)
  const heard = await read(client, '0-0', ({ transfer }) => transfer.state === 'DELIVERED')
  await client.dispose()
  await expectBorn(id, { first: first.program, working })
  await second.program.kill(system.context.db)

  // While the client is away.
  for (let taken = 0; taken < 3; taken += 1) await system.twins.ONE_STOP.act('takeDossier')
  await allDelivered(9)
  const all = await eventIds()
  // What a worker has done is told by itself.
  const { url } = JSON.parse(worker) as { url: string }
  const told = await (await fetch(`${url}/metrics`)).text()
  expect(told).toMatch(/^lienthong_transfers_total\{[^}]*system="VILIS"[^}]*\} 4$/m)
  for (const name of ['lienthong_attempts_total', 'lienthong_attempt_seconds_count', 'lienthong_inbox_messages_total'])
    expect(told).toMatch(new RegExp(`^${name}\\{`, 'm'))
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ ready: true })
  const again = await connect(first.url)
  const missed = await read(again, heard.at(-1)?.eventId ?? null, ({ eventId }) => eventId === all.at(-1))
  await again.dispose()
  expect([...heard, ...missed].map(({ eventId }) => eventId)).toEqual(all)
})

/** The id stands where the request came in, on all that was stored of it, where it was sent from, and on each call as the other side received it. */
const expectBorn = async (id: string, { first, working }: Readonly<Record<'first' | 'working', RunningProgram>>): Promise<void> => {
  expect(await first.said(new RegExp(id))).toContain('"route":"/graphql"')
  const { db } = system.context
  const ids = await db.query(
    'SELECT DISTINCT id FROM (SELECT correlation_id AS id FROM transfer UNION ALL SELECT correlation_id FROM inbox_message WHERE channel = $1) AS _',
    ['API'],
  )
  expect(ids).toEqual([{ id }])
  // A slow machine may send one again.
  const attempts = await db.query<{ transferId: string }>(
    `SELECT DISTINCT transfer_id::text AS "transferId" FROM attempt WHERE kind = 'SEND'`,
  )
  expect(attempts).toHaveLength(3)
  for (const { transferId } of attempts)
    expect(JSON.parse(await working.said(new RegExp(`"transferId":"${transferId}"`)))).toMatchObject({ correlationId: id })
  for (const [systemId, operation] of [
    ['VILIS', 'TiepNhanHoSo'],
    ['ONE_STOP', 'TiepNhanHoSoLienThong'],
    ['PORTAL', 'DongBoHoSoMC'],
  ] as const) {
    const { requests } = await system.twins[systemId].ledger()
    const ofOperation = requests.filter((request) => request.operation === operation)
    expect([...new Set(ofOperation.map(({ correlationId }) => correlationId))]).toEqual([id])
  }
}
