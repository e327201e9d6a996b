import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Ledger } from '../../../adapters/soap/twin/ledger.js'
import { post, register } from './raw-client.js'
import { tinyTwin } from './tiny-twin.js'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twin-ledger-'))
  file = join(folder, 'deep', 'ledger.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const opened = () => {
  const ledger = new Ledger(() => new Date('2030-01-01T00:00:00Z'))
  ledger.open(file)
  return ledger
}
const received = (ledger: Ledger) => ledger.received({ path: '/tiny', operation: 'Register', remote: '::1', body: Buffer.from('<a>Đ</a>') })

test('an outcome and a deed are in the file when the call returns', () => {
  const ledger = opened()
  const request = received(ledger)
  const before = readFileSync(file, 'utf8')
  ledger.did('REGISTERED', { code: 'H1' }, request.seq)
  ledger.outcome(request, { answered: 'OK', httpStatus: 200, processed: 1 })
  const added = readFileSync(file, 'utf8').slice(before.length)
  expect(added).toContain('"REGISTERED"')
  expect(added).toContain('"answered":"OK"')
  ledger.close()
})

test('a reopened ledger is the same and goes on counting', () => {
  const first = opened()
  const request = received(first)
  first.did('REGISTERED', { code: 'H1' }, request.seq)
  first.outcome(request, { answered: 'DROPPED', processed: 1, misbehaviour: 'DROP_AFTER' })
  const unanswered = received(first)
  first.close()

  const second = opened()
  expect(second.requests).toEqual([request, unanswered])
  expect(second.requests[1]?.answered).toBe('NOT_YET')
  expect(second.deeds).toEqual(first.deeds)
  expect(received(second).seq).toBe(unanswered.seq + 1)
  second.close()
})

test('a last line that was cut is forgotten, and what is appended after it can be read', () => {
  const first = opened()
  received(first)
  first.close()
  appendFileSync(file, '{"line":"deed","seq":2,"what":"REGIS')

  const second = opened()
  expect(second.requests).toHaveLength(1)
  second.did('LATER')
  second.close()
  const third = opened()
  expect(third.deeds.map(({ what }) => what)).toEqual(['LATER'])
  third.close()
})

test('a handler that changes its object afterwards does not rewrite history', () => {
  const ledger = new Ledger(() => new Date())
  const detail = { status: 1 }
  ledger.did('MOVED', detail)
  detail.status = 2
  expect(ledger.deeds[0]?.detail).toEqual({ status: 1 })
})

test('a restarted twin has its state again, from the deeds after the last reset, and its clock does not go back', async () => {
  const start = { ledgerFile: file, tickMs: 0, speed: 0 }
  const first = tinyTwin()
  const running = await first.start(start)
  await post(running.url, register('H1'))
  await first.reset({ state: true })
  await post(running.url, register('H2'))
  await first.advance({ ms: 40 * 86_400_000 })
  await running.stop()

  const second = tinyTwin()
  const again = await second.start(start)
  expect(second.state.registered).toEqual(['H2'])
  expect(second.ledger.requests.map(({ answered }) => answered)).toEqual(['OK', 'OK'])
  expect(second.clock.now().getTime()).toBeGreaterThanOrEqual(first.clock.now().getTime())
  await again.stop()
})
