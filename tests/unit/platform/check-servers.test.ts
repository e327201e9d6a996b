import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { checkDatabase } from '../../../src/platform/check-database.js'
import { checkRedis } from '../../../src/queue/check-redis.js'
import { createTestDatabase } from '../../support/test-database.js'

/** What stands at an address may be something else than what was meant: it answers whatever comes, hangs up, or is silent. */
const servers: Server[] = []
const sockets = new Set<Socket>()
const answering = async (answer: (socket: Socket) => unknown): Promise<string> => {
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('data', () => answer(socket))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
})

const refusalOf = (check: Promise<unknown>): Promise<string> =>
  check.then(
    () => 'taken',
    (error: unknown) => String(error),
  )

test.each([
  ['a web server', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['who hangs up', (socket: Socket) => socket.end()],
])('a database address with %s behind it is told as that, not as one that does not answer', async (_what, answer) => {
  const refusal = await refusalOf(checkDatabase(`postgresql://ai:do@${await answering(answer)}/khong`))
  expect(refusal).toMatch(/^StartError: Không kết nối được PostgreSQL theo DATABASE_URL: .*không phải là máy chủ PostgreSQL/)
})

test('a database that uses no TLS where it is asked for is told so', async () => {
  const address = await answering((socket) => socket.write('N'))
  const refusal = await refusalOf(checkDatabase(`postgresql://ai:do@${address}/khong?sslmode=require`))
  expect(refusal).toMatch(/máy chủ không dùng TLS/)
})

test('a database of another encoding than UTF-8 is refused with what to do', async () => {
  const database = await createTestDatabase()
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  const url = new URL(database.url)
  url.pathname += '_ascii'
  const name = owner.escapeIdentifier(url.pathname.slice(1))
  try {
    await owner.query(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`)
    expect(await refusalOf(checkDatabase(url.href))).toMatch(/^StartError: DATABASE_URL: .* mã hóa SQL_ASCII, cần UTF8/)
    expect(await refusalOf(checkDatabase(database.url))).toBe('taken')
  } finally {
    await owner.query(`DROP DATABASE IF EXISTS ${name}`)
    await owner.end()
    await database.drop()
  }
})

describe('a Redis that is none of ours', () => {
  const SERVERS: [what: string, answer: (socket: Socket) => unknown, meaning: string][] = [
    ['asks for a password', (socket) => socket.write('-NOAUTH Authentication required.\r\n'), 'máy chủ đòi mật khẩu (NOAUTH)'],
    [
      'knows another password',
      (socket) => socket.write('-WRONGPASS invalid username-password pair or user is disabled.\r\n'),
      'sai tài khoản hoặc mật khẩu (WRONGPASS)',
    ],
    ['takes the connection and says nothing', () => undefined, 'máy chủ không trả lời'],
  ]
  /** All at once: each is given up after five seconds. */
  const refusals = new Map<string, string>()
  beforeAll(async () => {
    const ask = async ([what, answer]: (typeof SERVERS)[number]): Promise<unknown> =>
      refusals.set(what, await refusalOf(checkRedis(`redis://${await answering(answer)}`)))
    await Promise.all(SERVERS.map(ask))
  })

  test.each(SERVERS)('and %s is told in words', (what, _answer, meaning) => {
    expect(refusals.get(what)).toBe(`StartError: Không kết nối được Redis theo REDIS_URL: ${meaning}.`)
  })
})
