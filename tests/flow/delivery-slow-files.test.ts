import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createVilisAdapter } from '../../adapters/vilis/adapter.js'
import type { TargetSystem } from '../../src/ports/target-system.js'
import { reclaimLostLeases } from '../../src/transfer/claim-repository.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'
import { until } from '../support/until.js'
import { type RawServer, rawServer } from '../unit/soap/raw-server.js'
import { BODIES, documentStore, mappings, readDocument, settings } from '../unit/vilis/fixtures.js'

/** The blob store answers later than the right to send lasts. */
const CALL_DEADLINE_MS = 100
/** A sender that stands still for so long before its call, on a busy machine, would not call at all. */
const MARGIN_MS = 5_000
const LEASE_MS = 2 * CALL_DEADLINE_MS + MARGIN_MS

let bare: BareDeliveries
let server: RawServer
let target: TargetSystem
let giveFiles: () => void = () => undefined
beforeAll(async () => {
  bare = await openBareDeliveries()
  server = await rawServer((socket) => socket.destroy())
  const base = settings(server.url)
  const traits = { inquiryStrength: 'KEY_AND_DIGEST' as const, maxProcessingMs: 60_000, callDeadlineMs: CALL_DEADLINE_MS }
  const given = new Promise<void>((resolve) => {
    giveFiles = resolve
  })
  const slowly = async (sha256: string) => {
    await given
    return readDocument(sha256)
  }
  const options = { settings: { ...base, operations: { RECEIVE: traits } }, mappings: mappings(), readDocument: slowly, ...documentStore() }
  target = (await createVilisAdapter(options)).target
})
afterAll(async () => {
  await target.close()
  await server.close()
  await bare.close()
})

test('files that come after the lease are not sent: the transfer is inquired by then, and nobody hears of it', async () => {
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  await bare.db.query('UPDATE transfer SET body = $1::jsonb RETURNING id', [JSON.stringify(BODIES.RECEIVE)])
  const sender = deliver({ ...bare.dependencies, leaseMarginMs: MARGIN_MS, targets: new Map([['VILIS', target]]) }, 'VILIS', () => false)
  await until('it is claimed', async () => (await bare.transfers())[0]?.state === 'SENDING')
  await pause(LEASE_MS)
  await until('its lease is reclaimed', async () => (await reclaimLostLeases(bare.db)).length === 1)
  giveFiles()
  await sender
  expect(server.requests).toEqual([])
  expect(await bare.transfers()).toMatchObject([{ state: 'INDETERMINATE' }])
  expect(await bare.db.query('SELECT outcome, late FROM attempt')).toEqual([{ outcome: 'UNAVAILABLE', late: true }])
})
