import { createHash } from 'node:crypto'
import { expect } from '@jest/globals'
import type { SystemId } from '../../src/model/system.js'
import type { TestSystem } from './test-system.js'

/** What the desk's twin shows of one dossier. */
export interface DeskRecord {
  readonly dossier: { readonly status: number; readonly dueAt: string; readonly version: number; readonly receivedAt: string }
  readonly results: readonly { readonly fileName: string; readonly base64: string }[]
  readonly notices: readonly { readonly number: string; readonly kind: string; readonly amount?: string }[]
  readonly writes: readonly { readonly operation: string; readonly key: string; readonly version: number }[]
}

export interface RegistryDossier {
  readonly code: string
  readonly step: string
  readonly dueAt: string
  readonly transactions: readonly { readonly operation: string; readonly key: string; readonly hashes: readonly string[] }[]
}

export interface PortalDossier {
  readonly status: string
  readonly dueAt: string
  readonly files: number
  readonly steps: readonly { readonly status: string }[]
}

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export const atDesk = (system: TestSystem, code: string): Promise<DeskRecord> => system.twins.ONE_STOP.act<DeskRecord>('show', { code })

export const atRegistry = async (system: TestSystem, code: string): Promise<RegistryDossier> => {
  const { state } = await system.twins.VILIS.state<{ dossiers: RegistryDossier[] }>()
  return state.dossiers.find((dossier) => dossier.code === code) as RegistryDossier
}

export const atPortal = async (system: TestSystem, code: string): Promise<PortalDossier> => {
  const { state } = await system.twins.PORTAL.state<Record<string, PortalDossier>>()
  return state[code] as PortalDossier
}

/** `yyyyMMddHHmmss` of the portal as an instant. */
export const portalInstant = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6+07:00'))

export const seconds = (instant: string | number): number => Math.floor(new Date(instant).getTime() / 1000)

/** The accepted writes of a dossier in the order in which the other side took them. */
export const writesAt = async (system: TestSystem, systemId: SystemId, code: string): Promise<string[]> =>
  (await system.accepted(systemId)).filter((deed) => deed.dossierCode === code).map((deed) => deed.operation)

/** One thing happens, an hour passes, and everything that follows from it is carried out. */
export const andThen = async (system: TestSystem, systemId: SystemId, act: string, body: Record<string, unknown>): Promise<void> => {
  await system.pass(HOUR_MS)
  await system.twins[systemId].act(act, body)
  await system.drain()
}

/** From the desk to the registry and back: each party does what its people do, and each is looked at by its twin. */
export const liveThrough = async (system: TestSystem): Promise<string> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  expect(await statuses(system, code)).toEqual({ desk: 2, portal: '2', registry: 'RECEIVED' })

  await andThen(system, 'VILIS', 'forward', { code })
  expect(await statuses(system, code)).toEqual({ desk: 4, portal: '4', registry: 'APPRAISAL' })

  await andThen(system, 'VILIS', 'requireSupplement', { code, pause: false, note: 'Bổ sung trích lục' })
  expect(await statuses(system, code)).toEqual({ desk: 5, portal: '5', registry: 'APPRAISAL' })

  await andThen(system, 'ONE_STOP', 'handInSupplement', { code, documents: [{ name: 'Trích lục', text: 'trích lục bản đồ' }] })
  expect(await statuses(system, code)).toEqual({ desk: 4, portal: '4', registry: 'APPRAISAL' })

  await andThen(system, 'VILIS', 'forward', { code, step: 'PENDING_TAX_PAYMENT' })
  expect(await statuses(system, code)).toEqual({ desk: 6, portal: '6', registry: 'PENDING_TAX_PAYMENT' })

  await andThen(system, 'VILIS', 'forward', { code, step: 'PENDING_PRINT_CERT' })
  expect(await statuses(system, code)).toEqual({ desk: 4, portal: '4', registry: 'PENDING_PRINT_CERT' })

  await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
  expect(await statuses(system, code)).toEqual({ desk: 9, portal: '9', registry: 'HANDOVER' })

  await andThen(system, 'ONE_STOP', 'returnResult', { code })
  expect(await statuses(system, code)).toEqual({ desk: 10, portal: '10', registry: 'RETURNED' })
  return code
}

const statuses = async (system: TestSystem, code: string): Promise<{ desk: number; portal: string; registry: string }> => ({
  desk: (await atDesk(system, code)).dossier.status,
  portal: (await atPortal(system, code))?.status,
  registry: (await atRegistry(system, code))?.step,
})

/** Due dates and results of all three sides, the ledgers' counts and order, and our own tables beside them. */
export const expectWholeLife = async (system: TestSystem, code: string): Promise<void> => {
  const [desk, registry, portal] = [await atDesk(system, code), await atRegistry(system, code), await atPortal(system, code)]
  expect(seconds(desk.dossier.dueAt)).toBe(seconds(registry.dueAt))
  expect(portalInstant(portal.dueAt) / 1000).toBe(seconds(registry.dueAt))

  expect(desk.notices).toHaveLength(2)
  expect(desk.results).toHaveLength(1)
  const bytes = Buffer.from(desk.results[0]?.base64 ?? '', 'base64')
  expect(bytes.toString('latin1')).toMatch(/^%PDF/)
  const [result] = await system.context.db.query<{ sha256: string }>(
    `SELECT sha256 FROM document JOIN dossier d ON d.id = dossier_id WHERE d.code = $1 AND role = 'RESULT'`,
    [code],
  )
  expect(result?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))

  expect(await writesAt(system, 'VILIS', code)).toEqual(['TiepNhanHoSo', 'BoSungHoSo', 'XacNhanTraKetQua'])
  for (const systemId of ['VILIS', 'ONE_STOP', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, code)
}

/** Each planned transfer is delivered and stands in the ledger once, under its own key, oldest version first. */
export const expectOnceAndInOrder = async (system: TestSystem, systemId: SystemId, code: string): Promise<void> => {
  const planned = await system.context.db.query<{ key: string; state: string }>(
    `SELECT idempotency_key AS key, t.state FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE d.code = $1 AND t.system_id = $2 AND t.state <> 'SUPERSEDED' ORDER BY t.sequence`,
    [code, systemId],
  )
  expect(planned.filter(({ state }) => state !== 'DELIVERED')).toEqual([])
  const taken = (await system.accepted(systemId)).filter((deed) => deed.dossierCode === code)
  expect(taken.map(({ key }) => key)).toEqual(planned.map(({ key }) => key))
}
