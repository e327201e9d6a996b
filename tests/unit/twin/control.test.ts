import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createOneStopTwin } from '../../../adapters/one-stop/sandbox/twin.js'
import { createPortalTwin } from '../../../adapters/provincial/portal/sandbox/twin.js'
import { type TwinControl, twinControl } from '../../../adapters/soap/twin/control-client.js'
import { MISBEHAVIOURS } from '../../../adapters/soap/twin/misbehaviour.js'
import type { RunningTwin, Twin } from '../../../adapters/soap/twin/twin.js'
import { createVilisTwin } from '../../../adapters/vilis/sandbox/twin.js'
import { projectRoot } from '../../../src/platform/paths.js'
import { lookUp, post, register } from './raw-client.js'
import { type TinyState, tinyTwin } from './tiny-twin.js'

let twin: Twin<TinyState>
let running: RunningTwin
let control: TwinControl

beforeEach(async () => {
  twin = tinyTwin()
  running = await twin.start({ tickMs: 0, speed: 0, settings: { deduplicate: false } })
  control = twinControl(running.controlUrl)
})
afterEach(() => running.stop())

test('misbehave, then reset', async () => {
  await control.misbehave({ kind: 'HTTP_503', share: 1 })
  expect((await control.state()).misbehaviours).toEqual([{ kind: 'HTTP_503', share: 1, left: null }])
  expect((await post(running.url, lookUp('a'))).status).toBe(503)
  await control.reset()
  expect((await post(running.url, lookUp('a'))).status).toBe(200)
})

test('one misbehaviour can be ended, and the others go on', async () => {
  await control.misbehave({ kind: 'HTTP_503', share: 1, operation: 'LookUp' })
  await control.misbehave({ kind: 'HTTP_429', share: 1, operation: 'LookUp' })
  await control.misbehave({ kind: 'HTTP_429', share: 1, operation: 'Register' })
  expect(await control.behave({ kind: 'HTTP_503' })).toBe(1)
  expect((await post(running.url, lookUp('a'))).status).toBe(429)
  expect(await control.behave({ operation: 'LookUp' })).toBe(1)
  expect((await post(running.url, lookUp('a'))).status).toBe(200)
  expect((await post(running.url, register('H1'))).status).toBe(429)
  await control.offline()
  expect(await control.behave()).toBe(2)
  expect((await post(running.url, register('H1'))).status).toBe(200)
  await expect(control.behave({ kind: 'SULK' as never })).rejects.toThrow(/kinds: REFUSE_BEFORE, HTTP_503, /)
})

test('says what it can be told, and in a refusal what there is', async () => {
  expect(await (await fetch(`${running.controlUrl}/help`)).json()).toMatchObject({
    name: 'tiny',
    routes: expect.arrayContaining(['POST /control/behave', 'GET /control/help']),
    operations: ['Register', 'LookUp'],
    misbehaviours: MISBEHAVIOURS,
    acts: ['registerAtDesk'],
  })
  await expect(control.misbehave({ kind: 'SULK' as never })).rejects.toThrow(/unknown misbehaviour SULK; kinds: .*, OFFLINE$/)
  await expect(control.misbehave({ kind: 'HANG', operation: 'Fly' })).rejects.toThrow(
    /no operation Fly at this twin; it has Register, LookUp/,
  )
  await expect(control.act('flyAway')).rejects.toThrow(/no action flyAway; it has registerAtDesk/)
})

test('every kind stands in the README, and every act in that of its adapter', async () => {
  const readme = (folder: string): Promise<string> => readFile(join(projectRoot, 'adapters', folder, 'README.md'), 'utf8')
  const kinds = await readme('soap/twin')
  expect(Object.keys(MISBEHAVIOURS).filter((kind) => !kinds.includes(`\`${kind}\``))).toEqual([])
  for (const [folder, made] of [
    ['vilis', createVilisTwin()],
    ['one-stop', createOneStopTwin()],
    ['provincial/portal', createPortalTwin()],
  ] as const) {
    const [text, started] = [await readme(folder), await made.start({ tickMs: 0, speed: 0 })]
    const { acts } = (await (await fetch(`${started.controlUrl}/help`)).json()) as { acts: string[] }
    await started.stop()
    expect(acts.filter((act) => !new RegExp(`\\b${act}\\b`).test(text))).toEqual([])
  }
})

test('the ledger can be read on from a number', async () => {
  await post(running.url, register('H1'))
  const { last, requests } = await control.ledger()
  expect(requests).toHaveLength(1)
  await post(running.url, register('H2'))
  const later = await control.ledger(last)
  expect(later.requests.map(({ raw }) => raw)).toEqual([register('H2')])
  expect(later.deeds.map(({ detail }) => detail.code)).toEqual(['H2'])
  expect(await control.deeds(last)).toEqual(later.deeds)
})

test('offline and online again, while the control endpoint answers', async () => {
  await control.misbehave({ kind: 'OFFLINE' })
  expect((await control.state()).online).toBe(false)
  await expect(post(running.url, lookUp('a'))).rejects.toThrow(/ECONNREFUSED/)
  await control.online()
  await control.online()
  expect((await post(running.url, lookUp('a'))).status).toBe(200)
  await control.offline()
  await control.reset()
  expect((await control.state()).online).toBe(true)
})

test('advance moves the clock and runs what is due; to an instant, never back', async () => {
  const before = Date.parse((await control.state()).now)
  await control.advance({ ms: 86_400_000 })
  const after = await control.state<TinyState>()
  expect(Date.parse(after.now) - before).toBe(86_400_000)
  expect(after.state.workDone).toBe(1)
  await control.advance({ to: '2001-01-01T00:00:00Z' })
  expect((await control.state()).now).toBe(after.now)
  await control.advance({ to: '2099-01-01T00:00:00Z' })
  expect((await control.state()).now).toBe('2099-01-01T00:00:00.000Z')
  await expect(control.advance({ ms: -1 })).rejects.toThrow(/backwards/)
})

test('actions and settings of the twin', async () => {
  expect(await control.act('registerAtDesk', { code: 'H9' })).toEqual({ registered: 1 })
  expect((await post(running.url, lookUp('H9'))).body).toContain('<Found>H9</Found>')
  await control.set({ deduplicate: true })
  expect((await control.state()).settings).toEqual({ deduplicate: true })
  await expect(control.act('flyAway')).rejects.toThrow(/no action flyAway/)
})

test('reset of the state forgets dossiers and keeps the ledger', async () => {
  await post(running.url, register('H1'))
  await control.reset({ state: true })
  expect((await control.state<TinyState>()).state.registered).toEqual([])
  const { requests, deeds } = await control.ledger()
  expect(requests).toHaveLength(1)
  expect(deeds.map(({ what }) => what)).toEqual(['REGISTERED', 'RESET'])
})

test('refuses what it does not know, what is not JSON, and what a web page could send', async () => {
  const send = (path: string, headers: Record<string, string>, body: string) => post(`${running.controlUrl}/${path}`, body, headers)
  expect((await send('nowhere', { 'Content-Type': 'application/json' }, '{}')).status).toBe(404)
  expect((await send('reset', { 'Content-Type': 'application/json' }, '{')).status).toBe(400)
  expect((await send('offline', { 'Content-Type': 'text/plain' }, '{}')).status).toBe(400)
  expect(twin.online).toBe(true)
})

test('started over it is as one just started, at its address', async () => {
  await twin.startOver({ deduplicate: false })
  const first = twin.clock.now().getTime()
  await post(running.url, register('H1'))
  await control.set({ deduplicate: true, more: 1 })
  await control.misbehave({ kind: 'HTTP_503', share: 1 })
  await control.advance({ ms: 3_600_000 })
  await control.offline()
  await twin.startOver({ deduplicate: false })
  const { online, misbehaviours, settings } = await control.state()
  expect({ online, misbehaviours, settings }).toEqual({ online: true, misbehaviours: [], settings: { deduplicate: false } })
  expect(await control.ledger()).toMatchObject({ requests: [], deeds: [] })
  expect(twin.clock.now().getTime() - first).toBeLessThan(3_600_000)
  expect((await post(running.url, register('H1'))).status).toBe(200)
  expect(await control.deeds()).toHaveLength(1)
})
