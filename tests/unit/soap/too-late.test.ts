import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createOneStopAdapter } from '../../../adapters/one-stop/adapter.js'
import { createVilisAdapter } from '../../../adapters/vilis/adapter.js'
import type { Sending, TargetSystem } from '../../../src/ports/target-system.js'
import { keepDocument, sending as oneStopSending, statusBody } from '../../contract/one-stop/bodies.js'
import { noMappings, oneStopSettings } from '../../contract/one-stop/settings.js'
import { portalAdapter, portalSettings, progressBody, sendingOf } from '../../contract/portal/portal-fixtures.js'
import { BODIES, documentStore, mappings, readDocument, sending, settings } from '../vilis/fixtures.js'
import { type RawServer, rawServer } from './raw-server.js'

let server: RawServer
beforeEach(async () => {
  server = await rawServer((socket) => socket.destroy())
})
afterEach(() => server.close())

const ADAPTERS: Record<string, (url: string) => Promise<{ target: TargetSystem; sending: Sending }>> = {
  VILIS: async (url) => {
    const { target } = await createVilisAdapter({ settings: settings(url), mappings: mappings(), readDocument, ...documentStore() })
    return { target, sending: sending(BODIES.RECEIVE) }
  },
  ONE_STOP: async (url) => {
    const options = { settings: oneStopSettings(url), mappings: noMappings, readDocument: async () => null, keepDocument }
    return { target: (await createOneStopAdapter(options)).target, sending: oneStopSending(statusBody('H58.22-260316-0007')) }
  },
  PORTAL: async (url) => ({ target: (await portalAdapter(portalSettings(url), [])).target, sending: sendingOf(progressBody()) }),
}

test.each(Object.keys(ADAPTERS))('%s is sent nothing when the right to send has run too far, and is not blamed for it', async (name) => {
  const opened = await ADAPTERS[name]?.(server.url)
  if (!opened) throw new Error(name)
  const { outcome } = await opened.target.send({ ...opened.sending, beginBefore: performance.now() - 1 })
  expect(outcome).toMatchObject({ kind: 'UNAVAILABLE', cause: expect.stringContaining('(STALLED)'), shows: 'SILENT' })
  await opened.target.close()
  expect(server.connections).toBe(0)
})
