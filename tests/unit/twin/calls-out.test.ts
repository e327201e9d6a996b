import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { CallsOut, type CallsOutOptions } from '../../../adapters/soap/twin/calls-out.js'
import { Ledger } from '../../../adapters/soap/twin/ledger.js'
import type { RunningTwin, Twin } from '../../../adapters/soap/twin/twin.js'
import { textOf } from '../../../adapters/soap/twin/wire-values.js'
import { until } from '../../support/until.js'
import { TINY_WSDL, type TinyState, tinyTwin } from './tiny-twin.js'

/** A twin plays the gateway here: it is a SOAP server with a ledger, which is all that is needed of it. */
let gateway: Twin<TinyState>
let running: RunningTwin
let ledger: Ledger
let calls: CallsOut | undefined
const credentials = { username: 'vilis', password: 'mật khẩu' }

beforeEach(async () => {
  ledger = new Ledger(() => new Date())
  gateway = tinyTwin()
  running = await gateway.start({ tickMs: 0, ...credentials })
})
afterEach(async () => {
  await calls?.stop()
  await running.stop()
})

const callsOut = (options: Partial<CallsOutOptions> = {}): CallsOut => {
  calls = new CallsOut({ wsdlPath: TINY_WSDL, ledger, credentials, endpoint: () => running.url, ...options })
  return calls
}
const send = (out: CallsOut, code: string, key = 'K') => out.send({ operation: 'Register', key, args: { Code: code } })
const outcomes = () => ledger.deeds.map(({ what, detail }) => (what === 'CALLED_OUT' ? String(detail.outcome) : what))

test('calls with its credentials until the answer is Result 1, in the order of the dossier', async () => {
  const out = callsOut()
  await gateway.misbehave({ kind: 'HTTP_503' })
  send(out, 'H1')
  send(out, 'H2')
  await out.flush()
  expect(out.pending).toBe(2)
  await out.flush()
  expect(out.pending).toBe(0)
  expect(gateway.state.registered).toEqual(['H1', 'H2'])
  expect(outcomes()).toEqual(['CALL_OUT_PLANNED', 'CALL_OUT_PLANNED', 'FAILED', 'ACCEPTED', 'ACCEPTED'])
  expect(gateway.ledger.requests.map(({ answered }) => answered)).toEqual(['HTTP_ERROR', 'OK', 'OK'])
})

test('a failing dossier does not hold up another', async () => {
  const out = callsOut()
  send(out, 'REFUSE-ME', 'A')
  send(out, 'H1', 'A')
  send(out, 'H2', 'B')
  await out.flush()
  await out.flush()
  expect(gateway.state.registered).toEqual(['H2'])
  expect(out.pending).toBe(2)
})

test('gives up after the told number of tries, and says so', async () => {
  const out = callsOut({ giveUpAfter: 2, accepted: (answer) => textOf(answer, 'Result') === '2' })
  send(out, 'H1')
  await out.flush()
  await out.flush()
  expect(outcomes()).toEqual(['CALL_OUT_PLANNED', 'REFUSED', 'REFUSED', 'CALL_OUT_GIVEN_UP'])
  expect(out.pending).toBe(0)
})

test('waits without spending tries while nobody listens yet', async () => {
  let endpoint: string | undefined
  const out = callsOut({ endpoint: () => endpoint, giveUpAfter: 1 })
  send(out, 'H1')
  await out.flush()
  expect(outcomes()).toEqual(['CALL_OUT_PLANNED'])
  endpoint = running.url
  await out.flush()
  expect(outcomes()).toEqual(['CALL_OUT_PLANNED', 'ACCEPTED'])
})

test('a failure is recorded without the password', async () => {
  const out = callsOut({ credentials: { username: 'vilis', password: 'wrong-secret' } })
  send(out, 'H1')
  await out.flush()
  expect(outcomes()).toEqual(['CALL_OUT_PLANNED', 'FAILED'])
  expect(JSON.stringify(ledger.deeds)).not.toContain('wrong-secret')
})

test("advancing a twin's clock flushes its calls", async () => {
  const out = callsOut()
  const caller = tinyTwin()
  const callerRunning = await caller.start({ tickMs: 0 })
  caller.attach(out)
  send(out, 'H1')
  await caller.advance({ ms: 1 })
  expect(gateway.state.registered).toEqual(['H1'])
  await callerRunning.stop()
})

test('a twin that works by itself tries its calls by itself, also those of a line that opens later', async () => {
  const caller = tinyTwin()
  const callerRunning = await caller.start({ tickMs: 20 })
  const out = callsOut({ everyMs: 20 })
  caller.attach(out)
  send(out, 'H1')
  await until('it has called', async () => gateway.state.registered.length === 1)
  await callerRunning.stop()
})
