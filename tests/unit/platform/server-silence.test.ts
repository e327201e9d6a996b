import { createHook } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type pg from 'pg'
import { openPool } from '../../../src/platform/pool.js'
import { endSilence } from '../../../src/platform/server-silence.js'
import { type SilentServer, startSilentServer } from '../../support/silent-server.js'
import { until } from '../../support/until.js'

/**
 * What is no silence of the server, though it says nothing, and what our own machine says in its place. The pool waits at a server that takes connections and says
 * nothing; the question is put to it, or to another address.
 */
const EAGER = { silentAfterMs: 100, answerWithinMs: 500 }
/** Asked in vain as often as this, a server is given up. */
const IN_VAIN = 2

let server: SilentServer
let onAsked: (socket: Socket, asked: number) => void = () => undefined
let pool: pg.Pool | undefined
beforeEach(async () => {
  onAsked = () => undefined
  server = await startSilentServer((socket, asked) => onAsked(socket, asked))
})
afterEach(async () => {
  await server.stop()
  await pool?.end()
})

/** Somebody waits for a connection; tells how he was refused, undefined while he waits. */
const waitAt = (questionsGoTo: string, patience = EAGER): { refusal: () => { code?: string } | undefined } => {
  const opened = openPool({ connectionString: server.url, max: 1, ssl: false }, () => undefined)
  pool = opened
  endSilence(opened, questionsGoTo, patience)
  let refusal: { code?: string } | undefined
  opened.connect().catch((error: { code?: string }) => {
    refusal = error
  })
  return { refusal: () => refusal }
}

/** Longer than the process may be late before it blames nobody. */
const STALL_MS = 1_600
const STALLS = 3
const standStill = (): void => {
  for (const end = performance.now() + STALL_MS; performance.now() < end; );
}

test('a process that stood still while it waited for the answer blames nobody, and is asked again', async () => {
  onAsked = (_socket, asked) => {
    if (asked <= STALLS) standStill()
  }
  let askedWhenRefused = 0
  const { refusal } = waitAt(server.url)
  await until('it is given up', async () => {
    if (refusal()) askedWhenRefused ||= server.asked()
    return askedWhenRefused > 0
  })
  expect(askedWhenRefused).toBeGreaterThanOrEqual(STALLS + IN_VAIN)
  expect(refusal()?.code).toBe('EHOSTUNREACH')
})

/** No label of a name is longer than 63: no server of names is asked, and no machine knows it. */
const NO_NAME = `${'khong-co-'.repeat(8)}may.invalid`

test('a name that cannot be looked up says nothing about the server: who waits goes on waiting', async () => {
  let lookUps = 0
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'GETADDRINFOREQWRAP') lookUps += 1
    },
  }).enable()
  try {
    const { refusal } = waitAt(`postgres://nobody@${NO_NAME}:5432/nothing`)
    await until('it was looked up often', async () => lookUps > 2 * IN_VAIN)
    expect(refusal()).toBeUndefined()
  } finally {
    hook.disable()
  }
})

/** Of a group of machines, to which no connection leads: Linux says at once that there is no way. */
const NO_ROUTE = '224.0.0.1'

test('where our own machine knows no way to the server it is silent, for it cannot be heard', async () => {
  const { refusal } = waitAt(`postgres://nobody@${NO_ROUTE}:5432/nothing`)
  await until('it is given up', async () => refusal() !== undefined)
  expect(refusal()).toMatchObject({ code: 'EHOSTUNREACH', message: 'PostgreSQL does not answer' })
})

test('a server that refuses or cuts the connection has said something, however often', async () => {
  onAsked = (socket) => void socket.resetAndDestroy()
  const { refusal } = waitAt(server.url)
  await until('it was asked often', async () => server.asked() > 2 * IN_VAIN)
  expect(refusal()).toBeUndefined()
})
