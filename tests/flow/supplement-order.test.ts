import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import type { InboundMessage } from '../../src/model/inbound.js'
import { atRegistry, expectOnceAndInOrder, HOUR_MS, seconds } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const taken = async (): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  return code
}

const now = async (): Promise<Date> => (await system.context.db.query<{ now: Date }>(`SELECT app_now() AS now`))[0]?.now as Date

/** What the desk tells of one supplement, an hour after the one before it, whenever it tells it. */
const told = async (
  code: string,
  supplementNo: number,
  { start, newDueAt }: { start: Date; newDueAt?: string },
): Promise<InboundMessage> => {
  const document = await system.context.keepDocument(Buffer.from(`giấy tờ bổ sung lần ${supplementNo}`))
  return {
    source: 'ONE_STOP',
    channel: 'PUSH',
    operation: 'BoSung',
    dossierCode: code,
    eventAt: new Date(start.getTime() + supplementNo * HOUR_MS).toISOString(),
    payload: {
      kind: 'SUPPLEMENT_HANDED_IN',
      supplementNo,
      note: `Bổ sung lần ${supplementNo}`,
      newDueAt,
      documents: [
        {
          name: `Giấy tờ lần ${supplementNo}`,
          fileName: `lan-${supplementNo}.txt`,
          mediaType: 'text/plain',
          sha256: document.sha256,
          sizeBytes: document.size,
          originals: 1,
          copies: 0,
        },
      ],
    },
    raw: '<BoSung/>',
    correlationId: randomUUID(),
  }
}

const sent = async () => (await system.twins.VILIS.ledger()).requests.filter(({ operation }) => operation === 'BoSungHoSo')

const states = async (code: string): Promise<string[]> =>
  (
    await system.context.db.query<{ state: string }>(
      `SELECT state FROM inbox_message WHERE dossier_code = $1 AND operation = 'BoSung' ORDER BY received_at, id`,
      [code],
    )
  ).map(({ state }) => state)

test('supplements told in the order 1, 3, 2 reach the registry each under its own number, each once', async () => {
  system = await shared.open()
  const code = await taken()
  const start = await now()
  await system.pass(4 * HOUR_MS)
  for (const no of [1, 3, 2]) {
    expect((await system.context.receive(await told(code, no, { start }))).kind).toBe('STORED')
    await system.drain()
  }
  const again = { ...(await told(code, 2, { start })), externalEventId: 'MC-gui-lai' }
  expect((await system.context.receive(again)).kind).toBe('STORED')
  await system.drain()

  expect(await states(code)).toEqual(['APPLIED', 'APPLIED', 'APPLIED', 'NO_CHANGE'])
  expect((await sent()).map(({ raw }) => /LanBoSung>(\d+)</.exec(raw)?.[1])).toEqual(['1', '3', '2'])
  await expectOnceAndInOrder(system, 'VILIS', code)
  const documents = await system.context.db.query<{ fileName: string; round: number }>(
    `SELECT file_name AS "fileName", round FROM document WHERE role = 'SUPPLEMENT' ORDER BY round`,
  )
  expect(documents).toEqual([1, 2, 3].map((round) => ({ fileName: `lan-${round}.txt`, round })))
  const [dossier] = await system.context.db.query<{ count: number }>(`SELECT supplement_count AS count FROM dossier WHERE code = $1`, [
    code,
  ])
  expect(dossier?.count).toBe(3)
  await expectAllDelivered(system)
})

test('the due date of a supplement told late is not put before the registry over a later one', async () => {
  system = await shared.open()
  const code = await taken()
  const start = await now()
  const inDays = (days: number): string => new Date(Math.floor(start.getTime() / 1000) * 1000 + days * 24 * HOUR_MS).toISOString()
  await system.pass(4 * HOUR_MS)
  await system.context.receive(await told(code, 2, { start, newDueAt: inDays(60) }))
  await system.drain()
  await system.context.receive(await told(code, 1, { start, newDueAt: inDays(50) }))
  await system.drain()
  expect(await states(code)).toEqual(['APPLIED', 'APPLIED'])
  const proposals = (await sent()).map(({ raw }) => /NgayHenTraMoi>([^<]+)</.exec(raw)?.[1])
  expect(proposals.map((at) => at && seconds(at))).toEqual([seconds(inDays(60)), undefined])
  // It decides on its own after the second one, and never goes back behind what was proposed with a later supplement.
  expect(seconds((await atRegistry(system, code)).dueAt)).toBeGreaterThanOrEqual(seconds(inDays(60)))
  await expectAllDelivered(system)
})
