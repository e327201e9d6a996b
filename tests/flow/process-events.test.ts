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

test('what a worker process commits reaches a subscriber at a gateway process; one who comes back at another gateway has missed nothing', async () => {
  const [first, worker] = await Promise.all([startGateway(), start('worker').said(/tiến trình chuyển đang chạy/)])
  const client = await connect(first.url)
  await system.twins.ONE_STOP.act('takeDossier')
  await allDelivered(2)
  const heard = await read(client, '0-0', ({ transfer }) => transfer.state === 'DELIVERED')
  await client.dispose()
  await first.program.kill(system.context.db)

  // While the client is away.
  for (let taken = 0; taken < 3; taken += 1) await system.twins.ONE_STOP.act('takeDossier')
  await allDelivered(8)
  const all = await eventIds()
  // What a worker has done is told by itself.
  const { url } = JSON.parse(worker) as { url: string }
  const told = await (await fetch(`${url}/metrics`)).text()
  expect(told).toMatch(/^lienthong_transfers_total\{[^}]*system="VILIS"[^}]*\} 4$/m)
  for (const name of ['lienthong_attempts_total', 'lienthong_attempt_seconds_count', 'lienthong_inbox_messages_total'])
    expect(told).toMatch(new RegExp(`^${name}\\{`, 'm'))
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ ready: true })
  const second = await startGateway()
  const again = await connect(second.url)
  const missed = await read(again, heard.at(-1)?.eventId ?? null, ({ eventId }) => eventId === all.at(-1))
  await again.dispose()
  expect([...heard, ...missed].map(({ eventId }) => eventId)).toEqual(all)
})
