import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { openDatabase } from '../../src/platform/database.js'
import { openQueueStore } from '../../src/queue/queue-store.js'
import { type Ended, lienthong, lienthongProcess } from '../support/command-line.js'
import { createDistrictDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

/** The commands that work on the database, and `doctor --local`: within this process, and one of each kind as a real one. */
let database: TestDatabase
let stateDir: string
beforeAll(async () => {
  database = await createDistrictDatabase()
  stateDir = await mkdtemp(join(tmpdir(), 'lienthong-cli-'))
})
afterAll(async () => {
  await database.drop()
  await rm(stateDir, { recursive: true, force: true })
})

const run = (line: string, reason?: string, environment: Record<string, string> = {}, command = lienthong): Promise<Ended> =>
  command([...line.split(' '), ...(reason === undefined ? [] : ['--reason', reason])], {
    DATABASE_URL: database.url,
    STATE_DIR: stateDir,
    ...environment,
  })
const runProcess = (line: string): Promise<Ended> => run(line, undefined, {}, lienthongProcess)

test('without a database says so', async () => {
  const { exitCode, out, err } = await lienthongProcess(['routes', 'list'])
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' })
  expect(err).toMatch(
    /^Chưa có cơ sở dữ liệu: đặt DATABASE_URL, hoặc chạy "npm start" trước \(.*STATE_DIR.*\)\. \/ There is no database: .*\(.*STATE_DIR.*\)\.\n$/,
  )
})

test('a misspelt option changes nothing', async () => {
  const before = (await run('routes list --json')).out
  expect(await runProcess('routes set LIVE --from 2026-01-01 --operatoin RECEIVE')).toMatchObject({ exitCode: 2, out: '' })
  expect((await run('routes list --json')).out).toBe(before)
})

describe('routes', () => {
  test('a switch that was planned for a later day is not dropped in silence', async () => {
    expect((await run('routes set ADOPT --from 2031-01-01 --operation RECEIVE')).exitCode).toBe(0)
    expect((await run('routes set LIVE --from 2031-02-01 --operation RECEIVE')).exitCode).toBe(0)
    const before = (await run('routes list --json')).out
    const refused = await run('routes set OBSERVE --from 2031-01-15')
    expect(refused).toMatchObject({ exitCode: 1, out: '' })
    expect(refused.err).toMatch(/2031-02-01 {2}RECEIVE {2}LIVE\n.*--replace/)
    expect((await run('routes list --json')).out).toBe(before)
    expect((await run('routes set OBSERVE --from 2031-01-15 --operation REGISTER')).exitCode).toBe(0)
    expect((await run('routes set OBSERVE --from 2031-01-15 --replace')).exitCode).toBe(0)
    expect((await run('routes list')).out).not.toContain('2031-02-01')
  })

  test('are a table for people, without colours when piped', async () => {
    const [heading = '', ...rows] = (await runProcess('routes list')).out.trimEnd().split('\n')
    expect(heading).toMatch(/^nghiệp vụ +sự kiện +thủ tục +chế độ +từ ngày +đến ngày$/)
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.join('')).not.toContain('\u001b')
    expect((await run('routes list --lang en')).out).toMatch(/^operation +event/)
  })
})

describe('mappings', () => {
  test('that are loaded are listed as they can be loaded again, and what is still to prepare is a file that waits for its codes', async () => {
    const listed = (await run('mappings list --json')).out
    await writeFile(join(stateDir, 'anh-xa.json'), listed)
    expect((await run(`mappings load ${join(stateDir, 'anh-xa.json')}`)).exitCode).toBe(0)
    expect((await run('mappings list --json')).out).toBe(listed)
    const rows = JSON.parse(listed) as { systemId: string; ourCode: string }[]
    const page = await run('mappings list --limit 1 --skip 1')
    expect(page.out.trimEnd().split('\n')).toHaveLength(2)
    expect(page.err).toBe(`Còn nữa: có ${rows.length} dòng, đã đưa ra dòng 2 đến 2 (--limit, --skip 2 để xem tiếp).\n`)
    const [{ ourCode = '' } = {}] = rows
    const ofCode = JSON.parse((await run(`mappings list --json --system VILIS --code ${ourCode}`)).out) as unknown[]
    expect(ofCode).toEqual(rows.filter((row) => row.systemId === 'VILIS' && row.ourCode === ourCode))
    expect((await run('mappings gaps')).out).toBe('Không thiếu ánh xạ nào.\n')

    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`DELETE FROM code_mapping WHERE kind = 'PROCEDURE' AND our_code = '1.012783'`)
    await client.end()
    const row = { systemId: 'VILIS', kind: 'PROCEDURE', ourCode: '1.012783', validFrom: '2000-01-01', validTo: null }
    const { out } = await run('mappings prepare --json')
    expect(JSON.parse(out)).toEqual([{ ...row, foreignCode: '' }])
    await writeFile(join(stateDir, 'con-thieu.json'), out)
    const refused = await run(`mappings load ${join(stateDir, 'con-thieu.json')}`)
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('dòng 1, trường "foreignCode"') })
    await writeFile(join(stateDir, 'con-thieu.json'), JSON.stringify([{ ...row, foreignCode: 'QT-CAPDOI' }]))
    expect((await run(`mappings load ${join(stateDir, 'con-thieu.json')}`)).exitCode).toBe(0)
    expect((await run('mappings prepare')).out).toBe('Mọi mã đã có ánh xạ.\n')
  })
})

describe('deadlines', () => {
  const shown = async (which: string) => JSON.parse((await run(`deadlines show ${which}`)).out)

  test('a calendar is taken out, changed, checked and loaded, once and with its audit entry', async () => {
    const calendar = await shown('calendar')
    const file = join(stateDir, 'lich.json')
    calendar.daysOff.push({ date: '2026-11-24', kind: 'OTHER', name: 'Ngày nghỉ của đơn vị', standing: 'C: thông báo thử' })
    await writeFile(file, JSON.stringify(calendar))
    expect(await run(`deadlines check calendar ${file}`)).toMatchObject({ exitCode: 0, out: 'Tệp đúng, nạp được.\n' })
    const loaded = await run(`deadlines load calendar ${file} --json`)
    expect(JSON.parse(loaded.out)).toMatchObject({ changed: true, daysOff: calendar.daysOff.length, to: '2027-12-31' })
    expect((await run(`deadlines load calendar ${file}`)).out).toMatch(/^Dữ liệu này đang được dùng rồi/)
    expect((await shown('calendar')).daysOff).toHaveLength(calendar.daysOff.length)
    const db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
    const entries = await db.query(`SELECT reason, before, after FROM audit_entry WHERE act = 'LOAD_DEADLINES'`)
    await db.close()
    expect(entries).toMatchObject([
      {
        reason: 'deadlines load calendar lich.json',
        before: { daysOff: calendar.daysOff.length - 1 },
        after: { daysOff: calendar.daysOff.length, sha256: expect.any(String) },
      },
    ])
  })

  test('a wrong file names each fault, and nothing of it is loaded', async () => {
    const rules = await shown('rules')
    const file = join(stateDir, 'quy-tac.json')
    rules.statutoryTimes.push({ ...rules.statutoryTimes[0], procedure: '9.000001' })
    rules.pauseRules[0].validTo = '2001-01-01'
    await writeFile(file, JSON.stringify(rules))
    const refused = await runProcess(`deadlines load rules ${file}`)
    expect(refused).toMatchObject({ exitCode: 1, out: '' })
    expect(refused.err).toMatch(/^Tệp có 2 lỗi, chưa nạp gì:\n.*9\.000001.*\n.*trước khi có hiệu lực/)
    expect((await shown('rules')).statutoryTimes).toHaveLength(rules.statutoryTimes.length - 1)
  })

  test('a fault of form says where people find it in the file, and in their words', async () => {
    const calendar = await shown('calendar')
    const file = join(stateDir, 'lich-sai.json')
    Object.assign(calendar.daysOff[1], { kind: 'LE', note: 'x' })
    calendar.daysOff[2].name = undefined
    await writeFile(file, JSON.stringify({ ...calendar, to: 2027 }))
    const [, second, third] = calendar.daysOff
    const { exitCode, err } = await run(`deadlines check calendar ${file}`)
    expect([exitCode, err.trimEnd().split('\n')]).toEqual([
      1,
      [
        'Tệp có 4 lỗi, chưa nạp gì:',
        '  to: phải là chữ trong dấu ngoặc kép',
        `  daysOff, mục 2 (${second.date}), kind: phải là một trong: HOLIDAY, COMPENSATION, SWAPPED, OTHER`,
        `  daysOff, mục 2 (${second.date}): không có trường "note"`,
        `  daysOff, mục 3 (${third.date}), name: thiếu`,
        expect.stringMatching(/^Sửa xong hãy kiểm tra lại/),
      ],
    ])
  })

  test('what came with the gateway and nobody has confirmed is said', async () => {
    const { exitCode, out } = await run('deadlines check rules')
    expect(exitCode).toBe(5)
    expect(out).toContain('dữ liệu kèm theo phần mềm')
  })
})

describe('recovery', () => {
  test('a second opening leaves the first one, unless the database was restored once more', async () => {
    const at = '2026-11-22T01:00:00+07:00'
    expect((await run('recovery status')).out).toBe('Không có đợt khôi phục nào đang mở.\n')
    expect((await run(`recovery open --backup-at ${at}`, 'sự cố đĩa')).exitCode).toBe(0)
    const refused = await run(`recovery open --backup-at ${at}`, 'lý do khác')
    expect(refused).toMatchObject({ exitCode: 1, out: '' })
    expect(refused.err).toMatch(/sự cố đĩa\nĐợt này đang mở.*--again/)
    const { out } = await run('recovery status')
    expect(out).toContain('bản sao lưu lúc 2026-11-22T01:00:00+07:00: sự cố đĩa')
    expect(out).toMatch(/^Đợt khôi phục mở lúc \d{4}-\d\d-\d\dT[\d:]{8}\+07:00 \(cli/)
    expect((await run(`recovery open --again --backup-at ${at}`, 'phục hồi lần nữa')).exitCode).toBe(0)
    expect((await run('recovery status')).out).toContain('phục hồi lần nữa')
    expect((await run('recovery close --force', 'đã hỏi xong')).exitCode).toBe(0)
  })
})

describe('doctor --local', () => {
  interface Found {
    readonly check: string
    readonly level: 'ok' | 'warn' | 'fail'
    readonly says: string
    readonly todo?: string
  }
  const examine = async (environment: Record<string, string> = {}, more = ''): Promise<Found[]> =>
    JSON.parse((await run(`doctor --local --json${more}`, undefined, environment)).out)
  const of = (found: readonly Found[], check: string): Found | undefined => found.find((one) => one.check === check)

  test('says line by line what is well and what to do, and ends with the worst', async () => {
    const { exitCode, out, err } = await runProcess('doctor --local')
    expect(out).toMatch(/^ok {4}cấu hình: mặc định/)
    expect(out).toMatch(/^fail {2}VILIS: chưa có địa chỉ\n {6}→ đặt "systems\.VILIS\.endpoint"/m)
    expect(out).toMatch(/^ok {4}các bước nâng cấp CSDL: đủ$/m)
    expect(out).toMatch(/^ok {4}kho hàng đợi: PostgreSQL$/m)
    expect(exitCode).toBe(1)
    expect(err).toMatch(/^Hỏng: \d+\. Cần xem: \d+\.\n$/)
  })

  test('counts the connections that all programs together may open', async () => {
    const check = 'số kết nối PostgreSQL'
    expect(of(await examine({ DATABASE_POOL: '4' }), check)).toMatchObject({
      says: expect.stringContaining('1 cổng và 1 tiến trình chuyển mở nhiều nhất 47,'),
    })
    expect(of(await examine({ DATABASE_POOL: '200' }, ' --gateways 20'), check)).toMatchObject({
      level: 'fail',
      todo: expect.stringContaining('DATABASE_POOL'),
    })
  })

  test('takes the listeners of our own queues for ours, and tells who else holds connections', async () => {
    const store = await openQueueStore({ databaseUrl: database.url, poolSize: 4, onError: () => undefined })
    const elsewhere = new URL(database.url)
    elsewhere.pathname = '/postgres'
    const stranger = new pg.Client({ connectionString: elsewhere.href })
    const db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
    try {
      store.consume('alerts', 1, async () => undefined)
      await stranger.connect()
      const listening = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'alerts' AND datname = current_database()`
      await until('the listener has its name', async () => (await db.query(listening)).length > 0)
      const { says } = of(await examine(), 'số kết nối PostgreSQL') ?? {}
      expect(says).toMatch(/còn chỗ cho \d+ \(bên khác đang giữ: .*@postgres \d/)
      expect(says).not.toContain(`@${new URL(database.url).pathname.slice(1)} `)
    } finally {
      await stranger.end()
      await store.close()
      await db.close()
    }
  })

  test('finds a configuration, a queue store and a folder that cannot be used, and the rest all the same', async () => {
    await writeFile(join(stateDir, 'a-file'), '')
    const found = await examine({
      LIENTHONG_CONFIG: join(stateDir, 'none.json'),
      REDIS_URL: 'redis://127.0.0.1:1',
      STATE_DIR: join(stateDir, 'a-file', 'state'),
    })
    expect(of(found, 'cấu hình')).toMatchObject({
      level: 'fail',
      says: expect.stringContaining('Cấu hình (LIENTHONG_CONFIG): Không đọc được tệp'),
    })
    expect(of(found, 'kho hàng đợi')).toMatchObject({
      level: 'fail',
      says: 'Không kết nối được Redis theo REDIS_URL: máy chủ không nhận kết nối (ECONNREFUSED).',
    })
    expect(of(found, 'thư mục dữ liệu')).toMatchObject({ level: 'fail' })
    expect(of(found, 'các bước nâng cấp CSDL')).toMatchObject({ level: 'ok' })
  })

  test('a calendar that ends within months is told before it has ended', async () => {
    const check = 'lịch làm việc'
    const db = openDatabase({ url: database.url, poolSize: 1, onError: () => undefined })
    const endsIn = (days: number) =>
      db.query(
        `INSERT INTO deadline_document (kind, content, sha256, loaded_by)
         SELECT kind, jsonb_set(content, '{to}', to_jsonb(to_char(app_now() + $1::int * interval '1 day', 'YYYY-MM-DD'))), 'thử', 'thử'
         FROM deadline_document WHERE kind = 'CALENDAR' ORDER BY id LIMIT 1 RETURNING 1 AS done`,
        [days],
      )
    try {
      await endsIn(400)
      expect(of(await examine(), check)).toMatchObject({ level: 'ok' })
      await endsIn(100)
      expect(of(await examine(), check)).toMatchObject({
        level: 'warn',
        says: expect.stringContaining('tạm tính'),
        todo: expect.stringContaining('deadlines load calendar'),
      })
    } finally {
      await db.query(`DELETE FROM deadline_document WHERE sha256 = 'thử' RETURNING 1 AS done`)
      await db.close()
    }
  })

  test('a database that does not answer is one line of several', async () => {
    const found = await examine({ DATABASE_URL: 'postgresql://ai:do@127.0.0.1:1/khong' })
    expect(of(found, 'cơ sở dữ liệu')).toMatchObject({ level: 'fail', says: expect.stringContaining('máy chủ không nhận kết nối') })
    expect(found.length).toBeGreaterThan(5)
  })
})
