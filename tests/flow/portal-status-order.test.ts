import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { andThen, atPortal, expectOnceAndInOrder } from '../support/dossier-journey.js'
import { expectAllDelivered, transfersOf } from '../support/ledger-agreement.js'
import { auditOf, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** A file that the portal does not take holds the whole dossier there; meanwhile the dossier goes on, and then its file is replaced. */
const LARGEST = 20_000
const TOO_LARGE = [{ name: 'Bản đồ', base64: Buffer.alloc(LARGEST + 1, 7).toString('base64') }]
const SMALL = [{ name: 'Bản đồ', base64: Buffer.alloc(100, 7).toString('base64') }]

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ systems: { PORTAL: { maxAttachmentBytes: LARGEST } } })
})
afterAll(() => shared.close())

const take = async (documents: typeof SMALL): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
    overrides: { procedureCode: '1.012783' },
    documents,
  })
  await system.drain()
  return code
}

/** The versions that the portal was told, as `operation.version:status`, in the order in which it took them. */
const toldAtPortal = async (code: string): Promise<{ version: number; status: string | undefined }[]> => {
  const { deeds } = await system.twins.PORTAL.ledger()
  const accepted = deeds.filter(({ what }) => what === 'ACCEPTED').map(({ detail }) => detail as unknown as Told)
  return accepted
    .filter(({ dossierCode }) => dossierCode === code)
    .map(({ version, detail: { fields } }) => ({ version, status: fields.TrangThaiHoSo ?? fields.TrangThai }))
}
interface Told {
  readonly dossierCode: string
  readonly version: number
  readonly detail: { readonly fields: { readonly TrangThaiHoSo?: string; readonly TrangThai?: string } }
}

/** Never an older version after a newer one, so that it ends where the gateway is. */
const expectEndsAt = async (code: string, status: string): Promise<void> => {
  const told = await toldAtPortal(code)
  const versions = told.map(({ version }) => version)
  expect(versions).toEqual([...versions].sort((a, b) => a - b))
  expect(told.at(-1)?.status).toBe(status)
  expect((await atPortal(system, code)).status).toBe(status)
  await expectOnceAndInOrder(system, 'PORTAL', code)
  await expectAllDelivered(system)
}

const held = async (key: string) =>
  expect(await transferOf(system, key)).toMatchObject({ state: 'HELD', heldReason: 'ATTACHMENT_TOO_LARGE' })

describe('a newer version of a dossier that the portal could not take', () => {
  test('is the first that the portal learns of it: what is past by then is superseded, each with its audit entry', async () => {
    const code = await take(TOO_LARGE)
    await held(`${code}.SYNC_DOSSIER.1`)
    await andThen(system, 'VILIS', 'forward', { code })
    await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
    await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
    expect(await toldAtPortal(code)).toEqual([])

    await andThen(system, 'ONE_STOP', 'amend', { code, documents: SMALL })
    expect((await toldAtPortal(code)).map(({ status }) => status)).toEqual(['9'])
    await expectEndsAt(code, '9')
    const superseded = (await transfersOf(system, 'PORTAL')).filter(({ state }) => state === 'SUPERSEDED')
    expect(superseded.map(({ key }) => key.split('.').slice(-2).join('.')).sort()).toEqual(
      ['SYNC_DOSSIER.1', 'SYNC_DOSSIER.2', 'SYNC_DOSSIER.3', 'SYNC_DOSSIER.4', 'SYNC_PROGRESS.2', 'SYNC_PROGRESS.3'].sort(),
    )
    for (const { key } of superseded) {
      const { id } = await transferOf(system, key)
      expect(await auditOf(system, id)).toMatchObject([{ role: 'SOURCE', act: 'SUPERSEDE', reason: 'Có phiên bản hồ sơ mới hơn.' }])
    }
  })

  test('comes after the lines that waited behind it, when the portal has the dossier: none of them is lost', async () => {
    const code = await take(SMALL)
    await andThen(system, 'ONE_STOP', 'amend', { code, documents: TOO_LARGE })
    await held(`${code}.SYNC_DOSSIER.2`)
    await andThen(system, 'VILIS', 'forward', { code })
    await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false })
    await held(`${code}.SYNC_DOSSIER.4`)

    await andThen(system, 'ONE_STOP', 'amend', { code, documents: SMALL })
    expect(await toldAtPortal(code)).toEqual([
      { version: 1, status: '2' },
      { version: 3, status: '4' },
      { version: 4, status: '5' },
      { version: 5, status: '5' },
    ])
    await expectEndsAt(code, '5')
  })
})
