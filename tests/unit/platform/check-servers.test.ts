import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { checkDatabase } from '../../../src/platform/check-database.js'
import { checkRedis } from '../../../src/queue/check-redis.js'

/** What stands at an address may be something else than what was meant: it answers whatever comes, hangs up, or is silent. */
let server: Server
const sockets = new Set<Socket>()
const answering = async (answer: (socket: Socket) => void): Promise<string> => {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
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

test.each([
  ['-NOAUTH Authentication required.\r\n', 'máy chủ đòi mật khẩu (NOAUTH)'],
  ['-WRONGPASS invalid username-password pair or user is disabled.\r\n', 'sai tài khoản hoặc mật khẩu (WRONGPASS)'],
])('a Redis that answers %j is told in words', async (answer, meaning) => {
  const address = await answering((socket) => socket.write(answer))
  expect(await refusalOf(checkRedis(`redis://${address}`))).toBe(`StartError: Không kết nối được Redis theo REDIS_URL: ${meaning}.`)
})

test('a Redis that takes the connection and says nothing is given up', async () => {
  const address = await answering(() => undefined)
  expect(await refusalOf(checkRedis(`redis://${address}`))).toMatch(/theo REDIS_URL: máy chủ không trả lời/)
})
