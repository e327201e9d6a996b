import { describe, expect, test } from '@jest/globals'
import { unavailable } from '../../../src/errors.js'
import { acceptCorrelationId, currentCorrelationId, newCorrelationId, runWithCorrelation } from '../../../src/platform/correlation.js'
import { createLogger, type Logger } from '../../../src/platform/logger.js'

function capture(): { log: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = []
  const log = createLogger({ name: 'test', level: 'debug' }, { write: (line) => written.push(line) })
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>), text: () => written.join('') }
}

describe('what a log line may hold', () => {
  test.each([
    ['password', { password: 'hunter2' }],
    ['authorization header', { headers: { Authorization: 'Bearer hunter2' } }],
    ['name of a person', { dossier: { applicant: { fullName: 'hunter2' } } }],
    ['wire name of a foreign system', { hoSo: { SoGiayTo: 'hunter2', ho_ten: 'hunter2' } }],
    ['list of people', { rows: [{ phone: 'hunter2' }] }],
    ['SOAP envelope', { note: '<soap:Envelope><soap:Body>hunter2</soap:Body></soap:Envelope>' }],
    ['password in an address', { url: 'postgresql://lienthong:hunter2@127.0.0.1:5432/x' }],
    ['bytes', { file: Buffer.from('hunter2') }],
  ])('never a %s', (_what, fields) => {
    const { log, text } = capture()
    log.info(fields, 'received')
    expect(text()).toContain('received')
    expect(text()).not.toMatch(/hunter2/)
  })

  test('an error keeps its kind, code and place, and loses what hangs on it', () => {
    const { log, lines, text } = capture()
    const error = Object.assign(new TypeError('call failed at http://u:hunter2@host/'), { code: 'ECONNRESET', config: { auth: 'hunter2' } })
    log.error({ err: error, systemCode: 'VILIS' }, 'send failed')
    expect(text()).not.toMatch(/hunter2/)
    expect(lines()[0]).toMatchObject({
      level: 'error',
      systemCode: 'VILIS',
      message: 'send failed',
      err: { type: 'TypeError', code: 'ECONNRESET' },
    })
    expect(JSON.stringify(lines()[0])).toContain('logger.test.ts')
  })

  test('of a database that took too long the log says so by its code, and asks nobody to send anything again', () => {
    const { log, lines, text } = capture()
    const tooLong = Object.assign(new Error('\nInvalid `prisma.create()` invocation:\n{ fullName: hunter2 }'), { code: 'P2028' })
    log.error({ err: new Error('reconciliation 7: failed', { cause: unavailable('PERHAPS_STORED', tooLong) }) }, 'sẽ thử lại')
    expect(text()).not.toMatch(/hunter2|cùng khóa|gửi lại/)
    expect(lines()[0]).toMatchObject({
      err: {
        message: expect.stringMatching(/^reconciliation 7: failed: .*chưa rõ đã ghi hay chưa\.: P2028$/),
        cause: { code: 'UNAVAILABLE', cause: { code: 'P2028', message: 'P2028' } },
      },
    })
  })

  test('what a driver hangs on an error as its cause, and is no error, is not quoted', () => {
    const { log, lines, text } = capture()
    const cause = { code: '23505', message: 'Key (id_number)=(hunter2) already exists.' }
    log.error({ err: new Error('giving up', { cause: new Error('insert failed', { cause }) }) }, 'hỏng')
    expect(text()).not.toContain('hunter2')
    expect(lines()[0]).toMatchObject({ err: { message: 'giving up: insert failed' } })
  })

  test('an error given alone is cleaned too', () => {
    const { log, text } = capture()
    log.error(Object.assign(new Error('postgresql://a:hunter2@h/d'), { lastRequest: 'hunter2' }))
    expect(text()).toContain('postgresql://a:')
    expect(text()).not.toMatch(/hunter2/)
  })

  test('a child logger masks its own fields', () => {
    const { log, lines, text } = capture()
    log.child({ transferId: 'T1', email: 'hunter2' }).info('claimed')
    expect(lines()[0]).toMatchObject({ transferId: 'T1' })
    expect(text()).not.toMatch(/hunter2/)
  })
})

describe('correlation', () => {
  test('each line carries the id that its code runs under, across awaits, and none outside', async () => {
    const { log, lines } = capture()
    const work = async (): Promise<void> => {
      await Promise.resolve()
      log.info('inside')
    }
    const [first, second] = [newCorrelationId(), newCorrelationId()]
    await Promise.all([runWithCorrelation(first, work), runWithCorrelation(second, work)])
    log.info('outside')
    expect(lines().map((line) => line.correlationId)).toEqual([first, second, undefined])
    expect(currentCorrelationId()).toBeUndefined()
  })

  test('a caller may bring a UUID and nothing else', () => {
    const given = newCorrelationId()
    expect(acceptCorrelationId(given.toUpperCase())).toBe(given)
    expect(acceptCorrelationId('x"\n{"level":"fatal"}')).toMatch(/^[0-9a-f-]{36}$/)
    expect(acceptCorrelationId(undefined)).toMatch(/^[0-9a-f-]{36}$/)
  })
})
