import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startProgram } from '../support/program.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { startValkey, type TestRedis } from '../support/valkey.js'
import { inEnglish } from '../support/vietnamese-first.js'

/** A program that cannot work says why in one sentence on standard error, Vietnamese and the same in English, and ends with exit code 1. */
let database: TestDatabase
let stateDir: string
let redis: TestRedis
let taken: Server

const OFF = { systems: { VILIS: { enabled: false }, ONE_STOP: { enabled: false }, PORTAL: { enabled: false } } }

beforeAll(async () => {
  database = await createTestDatabase()
  redis = await startValkey()
  stateDir = await mkdtemp(join(tmpdir(), 'lienthong-refusal-'))
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  await writeFile(join(stateDir, 'off.json'), JSON.stringify(OFF))
  await writeFile(join(stateDir, 'nonsense.json'), JSON.stringify({ retry: { waitsMs: 'sớm' } }))
  await writeFile(join(stateDir, 'broken.json'), '{')
  const webhook = { name: 'truc-ban', url: 'https://nhan.vi-du.vn/canh-bao' }
  await writeFile(join(stateDir, 'webhook.json'), JSON.stringify({ alerts: { webhooks: [webhook] } }))
  const manifest = join(stateDir, 'khong-co.json')
  await writeFile(join(stateDir, 'no-manifest.json'), JSON.stringify({ ...OFF, api: { persistedOperations: { manifest } } }))
  await writeFile(
    join(stateDir, 'unlisted.json'),
    JSON.stringify({
      ...OFF,
      api: { persistedOperations: { manifest: join(stateDir, 'broken.json'), only: true } },
    }),
  )
})
afterAll(async () => {
  await new Promise((resolve) => taken.close(resolve))
  await redis.stop()
  await database.drop()
  await rm(stateDir, { recursive: true, force: true })
})

const KEY =
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\nq9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n-----END PUBLIC KEY-----\n'

const environment = (changes: Readonly<Record<string, string | undefined>> = {}): Record<string, string> => {
  const { port } = taken.address() as { port: number }
  const usual = {
    DATABASE_URL: database.url,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'off.json'),
    JWT_PUBLIC_KEY: KEY,
    PORT: '0',
    TAKEN: String(port),
    ...changes,
  }
  return Object.fromEntries(Object.entries(usual).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** Each at a program that meets it; what several do by the same function (`prepare.ts`, the environment) at one of them, and of each such function something at every one. */
const refusals: [
  name: string,
  programs: ('start' | 'gateway' | 'worker' | 'sandbox')[],
  changes: () => Record<string, string | undefined>,
  sentence: RegExp,
][] = [
  [
    'a broken DATABASE_URL',
    ['worker'],
    () => ({ DATABASE_URL: 'mysql://x' }),
    /^DATABASE_URL không phải địa chỉ PostgreSQL.* \/ DATABASE_URL is no PostgreSQL address, such as .*\.$/,
  ],
  ['no DATABASE_URL', ['gateway'], () => ({ DATABASE_URL: undefined }), /^Hãy đặt DATABASE_URL.* \/ Set DATABASE_URL/],
  [
    'a database that does not answer',
    ['worker'],
    () => ({ DATABASE_URL: 'postgresql://ai:do@127.0.0.1:1/khong' }),
    /^Không kết nối được PostgreSQL theo DATABASE_URL: máy chủ không nhận kết nối \(ECONNREFUSED\)\. \/ PostgreSQL cannot be reached by DATABASE_URL: the server takes no connections \(ECONNREFUSED\)\.$/,
  ],
  [
    'a state folder where none can be made',
    ['start', 'worker'],
    () => ({ STATE_DIR: '/proc/lien-thong/du-lieu' }),
    /^Không ghi được vào thư mục dữ liệu "\/proc\/lien-thong\/du-lieu": hãy cấp quyền ghi, hoặc đặt STATE_DIR là một thư mục khác\. \/ The data folder "\/proc\/lien-thong\/du-lieu" cannot be written: .*\.$/,
  ],
  ['a port in use', ['start', 'gateway'], () => ({ PORT: environment().TAKEN }), /^Cổng \d+ .* \/ Port \d+ .*is (in use|used)/],
  [
    'a port of the sandbox systems in use',
    ['start', 'sandbox'],
    () => ({ SANDBOX_PORT: String(Number(environment().TAKEN) - 1) }),
    /^Cổng \d+ đang có chương trình khác dùng: hãy dừng nó hoặc đặt SANDBOX_PORT khác\. \/ Port \d+ is used by another program: stop that one or set another SANDBOX_PORT\.$/,
  ],
  [
    'a port of the sandbox systems that is the gateway’s',
    ['start', 'sandbox'],
    () => ({ PORT: '45103', SANDBOX_PORT: '45100' }),
    /^Cổng 45103 của cổng tích hợp \(PORT\) nằm trong các cổng 45100-45105 của hệ thống mô phỏng \(SANDBOX_PORT\): hãy đặt một trong hai khác đi\. \/ Port 45103 .*\.$/,
  ],
  [
    'a port that is none',
    ['worker'],
    () => ({ PORT: '70000' }),
    /^Biến môi trường PORT="70000" không hợp lệ: .*65535\. \/ The environment variable PORT="70000" is not valid: must be a whole number from 0 to 65535\.$/,
  ],
  ['no key for tokens', ['gateway'], () => ({ JWT_PUBLIC_KEY: undefined }), /JWT_PUBLIC_KEY.* \/ Set JWT_PUBLIC_KEY/],
  [
    'a configuration that makes no sense',
    ['start', 'gateway'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'nonsense.json') }),
    /^Cấu hình sai ở "retry.waitsMs"/,
  ],
  [
    'a webhook without its key',
    ['start'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'webhook.json') }),
    /^Webhook "truc-ban" cần khóa ký: đặt ALERT_WEBHOOK_SECRET_TRUC_BAN/,
  ],
  [
    'a configuration that is no JSON',
    ['worker'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'broken.json') }),
    /^Tệp cấu hình "\S+broken\.json" \(LIENTHONG_CONFIG\) không phải là JSON đúng, hỏng ở dòng 1 ký tự 2\. \/ The configuration file "\S+broken\.json" \(LIENTHONG_CONFIG\) is no JSON, broken in line 1 at character 2\.$/,
  ],
  [
    'a configuration that is not there',
    ['worker'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'khong-co.json') }),
    /^Cấu hình \(LIENTHONG_CONFIG\): Không đọc được tệp "\S+khong-co\.json": không có tệp hoặc thư mục này\. \/ The configuration \(LIENTHONG_CONFIG\): The file "\S+khong-co\.json" cannot be read: there is no such file or folder\.$/,
  ],
  [
    'a manifest of queries that is none',
    ['gateway'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'unlisted.json') }),
    /^Danh sách câu truy vấn \S+broken\.json phải là JSON dạng/,
  ],
  [
    'a manifest of queries that is not there',
    ['gateway'],
    () => ({ LIENTHONG_CONFIG: join(stateDir, 'no-manifest.json') }),
    /^Danh sách câu truy vấn: Không đọc được tệp "\S+khong-co\.json": không có tệp hoặc thư mục này\. \/ The list of operations: /,
  ],
  [
    'a Redis that does not answer',
    ['worker'],
    () => ({ REDIS_URL: 'redis://127.0.0.1:1' }),
    /^Không kết nối được Redis theo REDIS_URL: máy chủ không nhận kết nối \(ECONNREFUSED\)\. \/ Redis cannot be reached by REDIS_URL: the server takes no connections \(ECONNREFUSED\)\.$/,
  ],
]

test.each(
  refusals.flatMap(([name, programs, changes, sentence]) => programs.map((program) => [program, name, changes, sentence] as const)),
)('the %s refuses %s', async (program, _name, changes, sentence) => {
  const running = startProgram(program, environment(changes()))
  expect(await running.ended).toBe(1)
  expect(running.complaint()).toMatch(sentence)
  expect(running.complaint().trim().split('\n')).toHaveLength(1)
  const [vietnamese, english] = running.complaint().trim().split(' / ')
  expect(vietnamese).not.toMatch(inEnglish)
  expect(english).toMatch(inEnglish)
})

test('programs take no words: they start nothing, and answer --help', async () => {
  const folder = join(stateDir, 'words')
  const told = environment({ STATE_DIR: folder, DATABASE_URL: 'postgresql://ai:do@127.0.0.1:1/khong' })
  const refused = (['start', 'gateway', 'worker', 'sandbox'] as const).map((program) => startProgram(program, told, ['--port=5000']))
  const helped = startProgram('worker', told, ['--help'])
  expect(await Promise.all([...refused, helped].map(({ ended }) => ended))).toEqual([2, 2, 2, 2, 0])
  for (const program of refused)
    expect(program.everything()).toMatch(/^npm (run )?\w+: không hiểu "--port=5000"\. \/ .* is not understood\. .*\n$/)
  expect(helped.everything()).toBe('')
  expect(existsSync(folder)).toBe(false)
})

test('npm start takes the keys of alerts from the environment, and on a Redis that does not answer says so alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-refusal-'))
  // PostgreSQL runs as another account when the tests run as root, and would leave its data elsewhere.
  await chmod(folder, 0o711)
  const running = startProgram(
    'start',
    environment({
      DATABASE_URL: undefined,
      LIENTHONG_CONFIG: join(stateDir, 'webhook.json'),
      ALERT_WEBHOOK_SECRET_TRUC_BAN: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      STATE_DIR: folder,
      REDIS_URL: 'redis://127.0.0.1:1',
    }),
  )
  expect(await running.ended).toBe(1)
  expect(running.everything().trim()).toBe(
    'Không kết nối được Redis theo REDIS_URL: máy chủ không nhận kết nối (ECONNREFUSED). / Redis cannot be reached by REDIS_URL: the server takes no connections (ECONNREFUSED).',
  )
  await rm(folder, { recursive: true, force: true })
})

test('a worker on a Redis that may lose jobs starts, warns in one sentence, tells its connections and stops cleanly', async () => {
  const running = startProgram('worker', environment({ REDIS_URL: redis.url }))
  expect(await running.said(/Redis chưa an toàn/)).toContain('appendonly no')
  expect(await running.said(/kết nối PostgreSQL/)).toContain('nhiều nhất 20 kết nối')
  await running.said(/tiến trình chuyển đang chạy/)
  expect(await running.signal('SIGTERM')).toBe(0)
})
