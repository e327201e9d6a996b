import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import WebSocket from 'ws'
import { openRelay, type TcpRelay } from '../../bench/drill/tcp-relay.js'
import { followDossier } from '../../examples/dossier-tracker/follow-dossier.js'
import { ask, type Gateway, NotLoggedIn, TryAgainLater } from '../../examples/dossier-tracker/gateway.js'
import { OneDossierDocument, type SubmitDossierInput } from '../../examples/dossier-tracker/generated/graphql.js'
import { type DossierLine, listDossiers } from '../../examples/dossier-tracker/list-dossiers.js'
import { madeUpDossier } from '../../examples/dossier-tracker/made-up-dossier.js'
import { type DossierView, showDossier } from '../../examples/dossier-tracker/show-dossier.js'
import { submitDossier } from '../../examples/dossier-tracker/submit-dossier.js'
import { projectRoot, publishedSchemaFile } from '../../src/platform/paths.js'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** The example app's own code against the gateway as it runs, with the three systems behind it. */
let system: TestSystem
let officer: Gateway
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  system = await openTestSystem({ gateway: true })
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const token = await key.token({ sub: 'mc.28594.1', name: 'Cán bộ thử', role: 'officer', communes: ['28594'] })
  officer = { url: `${system.gateway.url}/graphql`, token }
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
afterAll(() => system?.close())

let made = 0
/** Numbered: of those that are drawn by lot two may bear one code. */
const input = (changes: Partial<SubmitDossierInput> = {}): SubmitDossierInput => {
  made += 1
  const dossier = madeUpDossier(new Date())
  return { ...dossier, code: dossier.code.replace(/\d{4}$/, String(made).padStart(4, '0')), ...changes }
}

const handIn = async (): Promise<string> => {
  const submitted = await submitDossier(officer, input())
  if (submitted.kind !== 'ACCEPTED') throw new Error(submitted.message)
  return submitted.code
}

interface Seen {
  readonly body: string
}

/**
 * A load balancer in front of the gateway that answers 503 in its place: LOST hands the request on first and keeps the answer back.
 */
const openUnreliable = async (faults: readonly ('REFUSED' | 'LOST')[]): Promise<{ gateway: Gateway; seen: Seen[] }> => {
  const seen: Seen[] = []
  const left = [...faults]
  const server: Server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    seen.push({ body })
    const fault = left.shift()
    const { authorization = '', 'content-type': type = '', accept = '' } = request.headers
    const answer =
      fault === 'REFUSED'
        ? undefined
        : await fetch(officer.url, {
            method: 'POST',
            headers: { authorization, 'content-type': type, accept, connection: 'close' },
            body,
          })
    const text = (await answer?.text()) ?? ''
    if (fault !== undefined || !answer) response.writeHead(503, { 'retry-after': '0' }).end()
    else response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '', connection: 'close' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { gateway: { ...officer, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` }, seen }
}

const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('handing in', () => {
  test('each member of the answer has its own meaning', async () => {
    const dossier = input()
    expect(await submitDossier(officer, dossier)).toEqual({ kind: 'ACCEPTED', code: dossier.code, repeated: false })
    expect(await submitDossier(officer, dossier)).toEqual({ kind: 'ACCEPTED', code: dossier.code, repeated: true })
    expect(await submitDossier(officer, { ...dossier, summary: 'Khác' })).toMatchObject({ kind: 'REFUSED', field: 'clientKey' })
    expect(await submitDossier(officer, input({ procedureCode: 'khong-phai-ma' }))).toMatchObject({
      kind: 'REFUSED',
      field: 'procedureCode',
      message: expect.stringContaining('Mã thủ tục'),
    })
  })

  test('after a 503 the same request goes out again under the same key; what was stored meanwhile is recognised', async () => {
    const { gateway, seen } = await openUnreliable(['REFUSED', 'LOST'])
    const dossier = input()
    expect(await submitDossier(gateway, dossier)).toEqual({ kind: 'ACCEPTED', code: dossier.code, repeated: true })
    expect(seen).toHaveLength(3)
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
    const rows = await system.context.db.query(`SELECT code FROM dossier WHERE code = $1`, [dossier.code])
    expect(rows).toHaveLength(1)
  })

  test('whoever is not logged in is told so, and is not asked to try again', async () => {
    await expect(submitDossier({ ...officer, token: 'het-han' }, input())).rejects.toThrow(NotLoggedIn)
    const { changes } = followDossier({ ...officer, token: 'het-han' }, 'H58.22-000000-0000', { webSocketImpl: WebSocket })
    await expect(changes.next()).rejects.toThrow(NotLoggedIn)
  })

  test('a gateway that is gone is something to try again', async () => {
    await expect(ask({ ...officer, url: 'http://127.0.0.1:9/graphql' }, OneDossierDocument, { code: 'x' })).rejects.toThrow(TryAgainLater)
  })
})

describe('reading', () => {
  test('the list is read to its end, page by page, each dossier once', async () => {
    const mine = [await handIn(), await handIn(), await handIn()]
    const codes = (await collect<DossierLine>(listDossiers(officer, {}, 2))).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes).toEqual(expect.arrayContaining(mine))
    const [row] = await system.context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM dossier`)
    expect(codes).toHaveLength(row?.count ?? -1)
  })

  test('a dossier is shown with what ViLIS says of its land, later than the rest when the gateway defers', async () => {
    const code = await handIn()
    const views = await collect<DossierView>(showDossier(officer, code))
    const last = views.at(-1)
    expect(views[0]?.data.dossier).toMatchObject({ code, parcels: [{ mapSheetNumber: '12' }] })
    expect(last?.data.dossier).toMatchObject({ code, parcels: [{ mapSheetNumber: '12', live: { freshness: { staleBecause: null } } }] })
    expect(last?.faults).toEqual([])
    const defers = (await readFile(publishedSchemaFile, 'utf8')).includes('directive @defer')
    expect(views.length > 1).toBe(defers)
  })

  test('one that is not there leaves a fault with its code and path', async () => {
    const [view] = await collect<DossierView>(showDossier(officer, 'H58.22-260101-9999'))
    expect(view).toMatchObject({ data: { dossier: null }, faults: [{ path: ['dossier'], extensions: { code: 'NOT_FOUND' } }] })
  })
})

/** A committed change of a dossier, as any process of the gateway makes one. */
const change = (code: string, summary: string): Promise<unknown> =>
  system.context.db.query(`UPDATE dossier SET summary = $2, version = version + 1 WHERE code = $1 RETURNING 1 AS done`, [code, summary])

describe('following', () => {
  /** The log of committed changes, read past the code under test. */
  const eventIds = async (code: string): Promise<string[]> => {
    const rows = await system.context.db.query<{ id: string }>(
      `SELECT txid::text || '-' || id::text AS id FROM outbox_event WHERE dossier_id = (SELECT id FROM dossier WHERE code = $1)
       ORDER BY outbox_event.txid, outbox_event.id`,
      [code],
    )
    return rows.map(({ id }) => id)
  }

  test('misses and repeats nothing of what happens while the connection is gone', async () => {
    const code = await handIn()
    const relay: TcpRelay = await openRelay(() => [Number(new URL(officer.url).port)])
    closing.push(() => relay.close())
    const { changes, stop } = followDossier({ ...officer, url: `http://127.0.0.1:${relay.port}/graphql` }, code, {
      since: '0-0',
      webSocketImpl: WebSocket,
    })
    const known = await eventIds(code)
    const seen: string[] = []
    const take = async (count: number): Promise<void> => {
      while (seen.length < count) seen.push((await changes.next()).value?.eventId ?? 'ended')
    }
    await take(known.length)
    relay.cut()
    await change(code, 'khi mất kết nối')
    relay.heal()
    await change(code, 'khi đã nối lại')
    await take(seen.length + 2)
    stop()
    expect(await changes.next()).toEqual({ done: true, value: undefined })
    expect(seen).toEqual(await eventIds(code))
    expect(seen).toHaveLength(known.length + 2)
  })
})

describe('npm run example', () => {
  const runExample = async (token: string, meanwhile: (output: () => string) => Promise<void> = async () => undefined) => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist/examples/dossier-tracker/main.js'), '--changes', '3'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, GATEWAY_URL: officer.url, GATEWAY_TOKEN: token },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    await meanwhile(() => output)
    return { code: await ended, output }
  }

  test('goes its whole way: hands in, lists, shows, follows over a cut connection', async () => {
    const { code, output } = await runExample(officer.token, async (soFar) => {
      await until('it follows its dossier', async () => /Theo dõi H58\S+:/.test(soFar()))
      const [, dossier = ''] = /Theo dõi (H58\S+):/.exec(soFar()) ?? []
      let round = 0
      await until('it has seen enough', async () => {
        round += 1
        if (/Xong\.|mới có/.test(soFar())) return true
        await change(dossier, `lần ${round}`)
        return false
      })
    })
    expect(output).toContain('(cắt kết nối')
    expect({ code, end: output.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, end: 'Xong.' })
  })

  test('ends with 1 and a sentence when it may not come in', async () => {
    const { code, output } = await runExample('khong-phai-ma')
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('mã đăng nhập mới') })
  })
})
