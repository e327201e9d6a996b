import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { MisbehaviourRule } from '../../../adapters/soap/twin/misbehaviour.js'
import type { RunningTwin, Twin } from '../../../adapters/soap/twin/twin.js'
import { envelope, lookUp, openSocket, post, register, until } from './raw-client.js'
import { type TinyState, tinyTwin } from './tiny-twin.js'

let twin: Twin<TinyState>
let running: RunningTwin

beforeEach(async () => {
  twin = tinyTwin()
  running = await twin.start({ tickMs: 0, speed: 0 })
})
afterEach(() => running.stop())

const send = (body = register('H1')) => post(running.url, body)
const lastRequest = () => twin.ledger.requests.at(-1)
const RECEIVED_H1 = 'Đã nhận &lt;H1&gt;'

test('without a misbehaviour answers properly and says so in the ledger', async () => {
  const answer = await send()
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } })
  expect(answer.body).toContain('<RegisterResponse xmlns="urn:test:tiny"><Result>1</Result>')
  expect(answer.body).toContain(RECEIVED_H1)
  expect(lastRequest()).toMatchObject({ operation: 'Register', answered: 'OK', httpStatus: 200, processed: 1, raw: register('H1') })
  expect(twin.ledger.deeds).toMatchObject([{ what: 'REGISTERED', requestSeq: lastRequest()?.seq, detail: { code: 'H1' } }])
})

describe('refuses before processing', () => {
  const cases: [MisbehaviourRule, number, string][] = [
    [
      { kind: 'REFUSE_BEFORE', code: 'Server.Maintenance', message: 'Đang bảo trì' },
      500,
      '<faultcode>soap:Server.Maintenance</faultcode><faultstring>Đang bảo trì',
    ],
    [{ kind: 'HTTP_503', retryAfter: '7' }, 503, 'HTTP 503'],
    [{ kind: 'HTTP_429', retryAfter: '7' }, 429, 'HTTP 429'],
    [{ kind: 'FAULT_IN_200' }, 200, '<faultcode>soap:Server</faultcode>'],
    [{ kind: 'FAULT_UNKNOWN' }, 500, '<faultcode>ERR-9999</faultcode>'],
  ]
  test.each(cases)('%j', async (rule, status, text) => {
    await twin.misbehave(rule)
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(text)
    if (rule.retryAfter) expect(answer.headers['retry-after']).toBe('7')
    expect(lastRequest()).toMatchObject({ misbehaviour: rule.kind, processed: 0, httpStatus: status })
    expect(twin.state.registered).toEqual([])
    expect((await send()).body).toContain(RECEIVED_H1)
  })
})

describe('processes, then answers badly', () => {
  const cases: [MisbehaviourRule, number, RegExp][] = [
    [{ kind: 'HTTP_503_AFTER' }, 503, /^HTTP 503/],
    [{ kind: 'FAULT_IN_200', processed: true }, 200, /soap:Fault/],
    [{ kind: 'FAULT_UNKNOWN', processed: true }, 500, /ERR-9999/],
    [{ kind: 'GARBAGE' }, 200, /^(?!.*<\/soap:Envelope>).*<<&$/s],
    [{ kind: 'DTD_REPLY' }, 200, /^<!DOCTYPE Envelope \[<!ENTITY.*&d;.*<\/soap:Envelope>$/s],
    [{ kind: 'OTHER_ANSWER', of: 'OPERATION' }, 200, /<LookUpResponse/],
  ]
  test.each(cases)('%j', async (rule, status, body) => {
    await twin.misbehave(rule)
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.body).toMatch(body)
    expect(lastRequest()).toMatchObject({ misbehaviour: rule.kind, processed: 1 })
    expect(twin.state.registered).toEqual(['H1'])
  })

  test('OVERSIZED sends a well-formed reply larger than told', async () => {
    await twin.misbehave({ kind: 'OVERSIZED', bytes: 300_000 })
    const answer = await send()
    expect(answer.headers['content-length']).toBeUndefined()
    expect(answer.body.length).toBeGreaterThan(300_000)
    expect(answer.body.replaceAll(/<!--x+-->/g, '')).toContain(RECEIVED_H1)
    expect(twin.state.registered).toEqual(['H1'])
  })

  test('OVERSIZED ends when the client hangs up', async () => {
    await twin.misbehave({ kind: 'OVERSIZED', bytes: 1e12 })
    const { socket, received } = openSocket(running.url, register('H1'))
    await until(() => received().length > 0)
    socket.destroy()
    expect((await send()).status).toBe(200)
  })

  test("OTHER_ANSWER gives another dossier's answer", async () => {
    await send(register('H0'))
    await twin.misbehave({ kind: 'OTHER_ANSWER', of: 'DOSSIER' })
    expect((await send()).body).toContain('Đã nhận &lt;H0&gt;')
    expect(twin.state.registered).toEqual(['H0', 'H1'])
  })

  test('SLOW_DRIP sends byte by byte, and all of them', async () => {
    await twin.misbehave({ kind: 'SLOW_DRIP', everyMs: 1 })
    const { socket, received } = openSocket(running.url, register('H1'))
    let chunks = 0
    socket.on('data', () => {
      chunks += 1
    })
    await until(() => received().includes('</soap:Envelope>'))
    expect(chunks).toBeGreaterThan(5)
    expect(received()).toContain(RECEIVED_H1)
    socket.destroy()
  })

  test('RESET_MID_BODY sends half of the answer, then resets', async () => {
    await twin.misbehave({ kind: 'RESET_MID_BODY' })
    const { received, isOpen } = openSocket(running.url, register('H1'))
    await until(() => !isOpen())
    expect(received()).toContain('<soap:Envelope')
    expect(received()).not.toContain('</soap:Envelope>')
    expect(lastRequest()).toMatchObject({ answered: 'BROKEN_REPLY', processed: 1 })
  })

  test('DTD_REPLY can name a file of the reader', async () => {
    await twin.misbehave({ kind: 'DTD_REPLY', externalEntity: 'file:///khong-co' })
    expect((await send()).body).toMatch(/^<!DOCTYPE Envelope \[<!ENTITY d SYSTEM "file:\/\/\/khong-co">\]>.*&d;/s)
  })

  test('ANSWER_LATE processes at once and answers when its time has come', async () => {
    await twin.misbehave({ kind: 'ANSWER_LATE', delayMs: 5_000 })
    const { socket, received } = openSocket(running.url, register('H1'))
    await until(() => twin.clock.pending === 1)
    expect(twin.state.registered).toEqual(['H1'])
    expect(lastRequest()).toMatchObject({ answered: 'NOT_YET', processed: 1 })
    await twin.advance({ ms: 5_000 })
    await until(() => received().includes('</soap:Envelope>'))
    expect(lastRequest()).toMatchObject({ answered: 'OK' })
    socket.destroy()
  })

  test.each([false, true])('ANSWER_TWICE processes twice (second answer on the wire: %s)', async (onWire) => {
    await twin.misbehave({ kind: 'ANSWER_TWICE', onWire })
    const { socket, received } = openSocket(running.url, register('H1'))
    await until(() => received().split('</soap:Envelope>').length === (onWire ? 3 : 2))
    expect(twin.state.registered).toEqual(['H1', 'H1'])
    expect(lastRequest()).toMatchObject({ answered: 'OK', processed: 2 })
    socket.destroy()
  })
})

test('a rule for re-used connections spares the first call on each', async () => {
  await twin.misbehave({ kind: 'DROP_BEFORE', reusedOnly: true })
  expect((await send()).status).toBe(200)
  const { socket, received, isOpen } = openSocket(running.url, register('H2'))
  await until(() => received().includes('</soap:Envelope>'))
  const again = register('H3')
  socket.write(
    `POST ${new URL(running.url).pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(again)}\r\n\r\n${again}`,
  )
  await until(() => !isOpen())
  expect(twin.state.registered).toEqual(['H1', 'H2'])
})

describe('never answers', () => {
  test.each([
    ['HANG', 0],
    ['HANG_AFTER', 1],
  ] as const)('%s keeps the connection open and silent', async (kind, processed) => {
    await twin.misbehave({ kind })
    const silent = openSocket(running.url, register('H1'))
    await until(() => lastRequest()?.answered === 'HUNG')
    expect((await send(lookUp('H1'))).status).toBe(200)
    expect(silent.received()).toBe('')
    expect(silent.isOpen()).toBe(true)
    expect(twin.ledger.requests[0]).toMatchObject({ answered: 'HUNG', processed })
    expect(twin.state.registered).toHaveLength(processed)
  })

  test.each([
    ['DROP_BEFORE', 0],
    ['DROP_AFTER', 1],
  ] as const)('%s destroys the connection', async (kind, processed) => {
    await twin.misbehave({ kind })
    await expect(send()).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(lastRequest()).toMatchObject({ answered: 'DROPPED', processed })
    expect(twin.state.registered).toHaveLength(processed)
  })

  test.each(['HANG', 'DROP'] as const)('COMMIT_LATE (%s) processes when its time has come, not before', async (then) => {
    await twin.misbehave({ kind: 'COMMIT_LATE', delayMs: 60_000, then })
    const late = openSocket(running.url, register('H1'))
    await until(() => lastRequest()?.answered === (then === 'HANG' ? 'HUNG' : 'DROPPED'))
    await twin.advance({ ms: 59_999 })
    expect(twin.state.registered).toEqual([])
    await twin.advance({ ms: 1 })
    expect(twin.state.registered).toEqual(['H1'])
    expect(lastRequest()).toMatchObject({ processed: 1 })
    expect(late.received()).toBe('')
  })

  test('OFFLINE refuses connections until ONLINE, on the same port', async () => {
    await twin.misbehave({ kind: 'OFFLINE' })
    await expect(send()).rejects.toThrow(/ECONNREFUSED/)
    await twin.goOnline()
    expect((await send()).status).toBe(200)
    expect(twin.ledger.requests).toHaveLength(1)
  })
})

describe('lets the handler misbehave', () => {
  const file = (name: string) => `<File><Name>${name}</Name><Content>${name}${name}</Content></File>`
  const withFiles = register('H1', file('AA') + file('BB'))
  test.each([
    ['LOSE_ATTACHMENT', ['AA=AAAA']],
    ['DOUBLE_ATTACHMENT', ['AA=AAAA', 'AA=AAAA', 'BB=BBBB']],
    ['SWAP_ATTACHMENT', ['AA=BBBB', 'BB=AAAA']],
  ] as const)('%s', async (kind, expected) => {
    await twin.misbehave({ kind })
    expect((await send(withFiles)).body).toContain(RECEIVED_H1)
    expect(twin.state.files.map(({ name, content }) => `${name}=${content}`)).toEqual(expected)
    twin.state.files.length = 0
    await send(withFiles)
    expect(twin.state.files.map(({ name, content }) => `${name}=${content}`)).toEqual(['AA=AAAA', 'BB=BBBB'])
  })

  test('CHANGES_OUT_OF_ORDER is seen by the handler', async () => {
    await twin.misbehave({ kind: 'CHANGES_OUT_OF_ORDER' })
    await send(lookUp('H1'))
    expect(twin.state.outOfOrder).toBe(true)
  })
})

describe('chooses the calls', () => {
  test('for the next N calls of one operation', async () => {
    await twin.misbehave({ kind: 'HTTP_503', count: 2, operation: 'LookUp' })
    const statuses = [send(), send(lookUp('a')), send(), send(lookUp('a')), send(lookUp('a'))]
    expect(await Promise.all(statuses).then((answers) => answers.filter(({ status }) => status === 503))).toHaveLength(2)
    expect(twin.ledger.requests.filter(({ misbehaviour }) => misbehaviour).map(({ operation }) => operation)).toEqual(['LookUp', 'LookUp'])
    expect(twin.misbehaviours()).toEqual([])
  })

  test('a share of calls is the same share each time', async () => {
    const draw = async () => {
      await twin.misbehave({ kind: 'HTTP_503', share: 0.5 })
      const statuses: number[] = []
      for (let i = 0; i < 20; i += 1) statuses.push((await send(lookUp('a'))).status)
      await twin.reset()
      return statuses
    }
    const first = await draw()
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(3)
    expect(first).toContain(200)
    expect(await draw()).toEqual(first)
  })

  test.each([
    [{ kind: 'EXPLODE' }, /unknown misbehaviour/],
    [{ kind: 'HANG', count: 0 }, /count/],
    [{ kind: 'HANG', share: 1.5 }, /share/],
    [{ kind: 'HANG', operation: 'Regster' }, /no operation/],
  ])('refuses a rule that could never act: %j', async (rule, message) => {
    await expect(twin.misbehave(rule as MisbehaviourRule)).rejects.toThrow(message)
  })
})

test('a fault of SOAP 1.2 has the shape of 1.2', async () => {
  await twin.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.Bad' })
  const answer = await send(envelope('<Register xmlns="urn:test:tiny"><Code>H1</Code></Register>', { version: '1.2' }))
  expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/soap+xml; charset=utf-8' } })
  expect(answer.body).toContain('<soap:Code><soap:Value>soap:Sender</soap:Value><soap:Subcode><soap:Value>Client.Bad')
})
