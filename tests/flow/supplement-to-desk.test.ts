import { createHash } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { andThen, atRegistry, expectOnceAndInOrder, HOUR_MS, writesAt } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** What an application hands in after the dossier reaches the desk as well as the registry, bytes and all. */
const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open({ gateway: true })
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  await system.drain()
  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
  await system.pass(HOUR_MS)
})
afterAll(() => shared.close())

const PAPERS = ['%PDF trích lục', '%PDF tờ khai'].map((text) => Buffer.from(text))
const hashes = PAPERS.map((bytes) => createHash('sha256').update(bytes).digest('hex'))

const handIn = async (): Promise<void> => {
  const { supplementDossier } = await system.gateway.query<{ supplementDossier: { __typename: string } }>(
    'admin',
    `mutation ($input: SupplementDossierInput!) { supplementDossier(input: $input) { __typename } }`,
    {
      input: {
        clientKey: 'bo-sung-00001',
        dossierCode: code,
        note: 'Bổ sung trích lục',
        documents: PAPERS.map((bytes, index) => ({
          name: `Giấy tờ ${index + 1}`,
          fileName: `giay-to-${index + 1}.pdf`,
          mediaType: 'application/pdf',
          originals: 1,
          contentBase64: bytes.toString('base64'),
        })),
      },
    },
  )
  expect(supplementDossier.__typename).toBe('DossierAccepted')
  await system.drain()
}

interface Desk {
  readonly supplements: number
  readonly handedIn: readonly { readonly no: number; readonly note: string; readonly files: readonly { readonly base64: string }[] }[]
}

test.each([true, false])(
  'its files are at the desk and in the registry, each once; coming back (cause told: %s) they are no news',
  async (tellCause) => {
    await system.twins.ONE_STOP.set({ tellCause })
    await handIn()
    const desk = await system.twins.ONE_STOP.act<Desk>('show', { code })
    expect(desk).toMatchObject({ supplements: 1, handedIn: [{ no: 1, note: 'Bổ sung trích lục' }] })
    expect(desk.handedIn[0]?.files.map(({ base64 }) => base64)).toEqual(PAPERS.map((bytes) => bytes.toString('base64')))
    expect([...((await atRegistry(system, code)).transactions.at(-1)?.hashes ?? [])].sort()).toEqual([...hashes].sort())
    expect((await writesAt(system, 'ONE_STOP', code)).filter((operation) => operation === 'TiepNhanBoSungLienThong')).toHaveLength(1)
    await system.drain()
    const echoes = await system.context.db.query(
      `SELECT state, reason FROM inbox_message WHERE source = 'ONE_STOP' AND operation = 'BoSung'`,
    )
    expect(echoes).toEqual([
      { state: 'NO_CHANGE', reason: tellCause ? 'Do chính cổng liên thông ghi trước đó.' : 'Đã nhận bổ sung lần 1.' },
    ])
    for (const systemId of ['VILIS', 'ONE_STOP', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, code)
    await expectAllDelivered(system)
  },
)

test('a desk that keeps one file less is seen by both sides: the transfer is held as a conflict', async () => {
  await system.twins.ONE_STOP.misbehave({ kind: 'LOSE_ATTACHMENT', operation: 'TiepNhanBoSungLienThong' })
  await handIn()
  const [row] = await system.context.db.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM transfer WHERE operation = 'POST_SUPPLEMENT'`,
  )
  const key = row?.key as string
  expect(await transferOf(system, key)).toMatchObject({
    state: 'HELD',
    heldReason: 'CONFLICT',
    lastError: '1 tập tin đã lưu không khớp 2 tập tin đã gửi',
  })
  await expectLedgersAgree(system, { visible: [key] })
})
