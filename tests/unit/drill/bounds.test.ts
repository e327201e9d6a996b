import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Client, NoAnswer, openClient } from '../../../bench/drill/client.js'
import {
  attemptsInVain,
  brokenAnswers,
  fallenPrograms,
  MAX_MEMORY_MB,
  mostAttempts,
  silentAnswers,
  tooMuchMemory,
  unknownRepeats,
} from '../../../bench/drill/judge/bounds.js'
import { openMemoryWatch } from '../../../bench/drill/memory-watch.js'
import { fallenOf, type Program, startProgram } from '../../../bench/drill/program.js'

/** The drill's judges of what stands in no table: each acquits what keeps the promise, and convicts each way of breaking it. */

const OUTAGE = { of: 'VILIS', lastedMs: 10_000, inFlight: 16 }
const MOST = mostAttempts(OUTAGE)

test('as many attempts as open a breaker, are under way and try it again are acquitted', () => {
  expect(MOST).toBe(5 + 16 + 2 + 10)
  expect(
    attemptsInVain({
      ...OUTAGE,
      attempts: [
        { kind: 'SEND', count: MOST },
        { kind: 'INQUIRE', count: 1 },
      ],
    }),
  ).toEqual([])
})

test.each(['SEND', 'INQUIRE'])('one %s more is convicted, whatever the other kind has spent', (kind) => {
  const attempts = [
    { kind, count: MOST + 1 },
    { kind: 'another', count: 1 },
  ]
  expect(attemptsInVain({ ...OUTAGE, attempts })).toEqual([
    { invariant: 'breaker', of: 'VILIS', detail: `${MOST + 1} lần ${kind} khi nó ngừng, nhiều nhất là ${MOST}` },
  ])
})

test.each([[[]], [[{ kind: 'SEND', count: 0 }]]])('a breaker that never tries again is convicted: %j', (attempts) => {
  expect(attemptsInVain({ ...OUTAGE, attempts }).map(({ invariant }) => invariant)).toEqual(['breaker'])
})

test('memory within the bound is acquitted, at the bound it is convicted by the name of its process, and unmeasured it is no proof', () => {
  expect(tooMuchMemory({ name: 'worker-1', mb: MAX_MEMORY_MB - 1 })).toEqual([])
  expect(tooMuchMemory({ name: 'worker-1', mb: MAX_MEMORY_MB })).toEqual([{ invariant: 'memory', of: 'worker-1', detail: '400 MB' }])
  expect(() => tooMuchMemory({ name: '', mb: 0 })).toThrow('máy không cho biết bộ nhớ của tiến trình nào')
})

test('a program that ends by itself, or by a stranger, is convicted by its name and its end; one that the drill ends is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-tu-thoat-'))
  const programOf = async (name: string, text: string): Promise<Program> => {
    await writeFile(join(folder, `${name}.mjs`), text)
    return startProgram(name, join(folder, `${name}.mjs`), {}, join(folder, `${name}.log`))
  }
  const LIVES = 'setInterval(() => {}, 1_000)'
  try {
    const exits = await programOf('worker-1', 'process.exitCode = 7')
    const shot = await programOf('worker-2', LIVES)
    const killed = await programOf('worker-3', LIVES)
    const stopped = await programOf('gateway-1', LIVES)
    expect([shot, killed, stopped].map(({ fell }) => fell())).toEqual([undefined, undefined, undefined])
    process.kill(shot.pid, 'SIGKILL')
    await Promise.all([exits.ended, shot.ended, killed.kill(), stopped.stop()])
    // What has ended already is ended by nobody any more.
    await Promise.all([exits.kill(), shot.stop()])
    expect(fallenPrograms(fallenOf([exits, shot, killed, stopped]))).toEqual([
      { invariant: 'fallen', of: 'worker-1', detail: 'tự thoát (7)' },
      { invariant: 'fallen', of: 'worker-2', detail: 'tự thoát (SIGKILL)' },
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the peak of a process is known by its name, also when it has used less since, and the next look begins anew', async () => {
  const bytes = 150 * 1024 * 1024
  // The memory is given back some time after the collection, by a thread of its own.
  const program = `let held = Buffer.alloc(${bytes}, 1); held = undefined; globalThis.gc()
    const given = setInterval(() => { if (process.memoryUsage.rss() < ${bytes}) { clearInterval(given); process.send('given back') } }, 20)
    process.on('message', () => {})`
  const small = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const large = spawn(process.execPath, ['--expose-gc', '-e', program], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const watch = openMemoryWatch(() =>
    [small, large].flatMap(({ pid }, index) => (pid === undefined ? [] : [[['small', 'large'][index] ?? '', pid] as const])),
  )
  try {
    await once(large, 'message')
    const peak = await watch.take()
    expect(peak.name).toBe('large')
    expect(peak.mb).toBeGreaterThan(150)
    expect((await watch.take()).mb).toBeLessThan(peak.mb)
  } finally {
    watch.stop()
    for (const child of [small, large]) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
})

test('a submit that is told once more of the message that was stored is acquitted; of another message, or of none, it is convicted', () => {
  const stored = ['known', 'other', 'none'].map((code) => ({ code, messageId: `of-${code}` }))
  const answered = new Map([
    ['known', 'of-known'],
    ['other', 'of-another'],
  ])
  expect(unknownRepeats(stored, answered).map(({ invariant, of }) => `${invariant} ${of}`)).toEqual(['doubled other', 'doubled none'])
})

/** One gateway that answers as each test has it. */
let answer: RequestListener
let gateway: Server
let pids: (number | undefined)[]
let client: Client
beforeEach(async () => {
  gateway = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  const { port } = gateway.address() as AddressInfo
  pids = [11, 12]
  client = openClient({
    frontDoor: { port },
    get gateways() {
      return pids.map((pid) => ({ pid, port }))
    },
    token: () => 'token',
  })
})
afterEach(async () => {
  gateway.closeAllConnections()
  gateway.close()
  await once(gateway, 'close')
})

const replying =
  (status: number, text: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(text)
  }

const ask = (): Promise<unknown> => client.ask('{ __typename }', {})
const asked = (): Promise<string> =>
  ask().then(
    () => 'ANSWERED',
    (error: unknown) => (error instanceof NoAnswer ? error.kind : String(error)),
  )
const verdict = (): string[] => [...brokenAnswers(client), ...silentAnswers(client)].map(({ invariant }) => invariant)

test.each<[string, string, RequestListener]>([
  ['an answer', 'ANSWERED', replying(200, '{"data":{"__typename":"Query"}}')],
  ['503 with Retry-After', 'UNAVAILABLE', replying(503, '{"errors":[{"message":"không có cơ sở dữ liệu"}]}', { 'retry-after': '5' })],
])('%s is what a client may get', async (_, kind, reply) => {
  answer = reply
  expect(await asked()).toBe(kind)
  expect(verdict()).toEqual([])
})

test.each<[string, RequestListener]>([
  ['503 without Retry-After', replying(503, '{"errors":[{"message":"hỏng"}]}')],
  ['503 with a Retry-After of nothing', replying(503, '{}', { 'retry-after': '0' })],
  ['500, even with Retry-After', replying(500, '{"errors":[{"message":"hỏng"}]}', { 'retry-after': '5' })],
  ['500 without a word', replying(500, '')],
  ['an error within 200', replying(200, '{"errors":[{"message":"hỏng","extensions":{"code":"INTERNAL"}}]}')],
  ['an error beside data', replying(200, '{"data":{"__typename":"Query"},"errors":[{"message":"hỏng"}]}')],
  ['200 without data', replying(200, '{"data":null}')],
  ['a page that is no answer', replying(404, '<h1>Not Found</h1>')],
])('%s is convicted', async (_, reply) => {
  answer = reply
  expect(await asked()).toBe('ERROR')
  expect(verdict()).toEqual(['intake'])
})

const SILENCES: readonly [string, RequestListener][] = [
  ['a connection that is cut', (request) => request.socket.destroy()],
  [
    'an answer that is cut',
    (_request, response) => response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
  ],
  ['an answer without a word', replying(200, '')],
]

test.each(SILENCES)('%s is convicted while every gateway runs', async (_, reply) => {
  answer = reply
  expect(await asked()).toBe('SILENT')
  expect(verdict()).toEqual(['intake'])
})

test.each(SILENCES)('%s is forgiven when a gateway has ended, or another one runs in its place', async (_, reply) => {
  for (const after of [undefined, 13]) {
    pids = [11, 12]
    answer = (request, response) => {
      pids = [11, after]
      reply(request, response)
    }
    expect(await asked()).toBe('SILENT')
  }
  expect(verdict()).toEqual([])
})
