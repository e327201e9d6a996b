import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createRun } from '../../src/backfill/backfill-run-repository.js'
import { CSV_COLUMNS } from '../../src/backfill/csv-row.js'
import { loadHistoryFeed } from '../../src/backfill/load-history-feed.js'
import { loadHistoryFile } from '../../src/backfill/load-history-file.js'
import { openHistoryFile } from '../../src/backfill/read-history-file.js'
import { parseConfiguration } from '../../src/config/config.js'
import { claimPurpose } from '../../src/dossier/installation-repository.js'
import { storeMessage } from '../../src/inbox/inbox-repository.js'
import { advanceCursor, takeStoringTurn } from '../../src/inbox/poll-cursor-repository.js'
import { ledgerRulesOf } from '../../src/ledger.js'
import { SYSTEM_IDS } from '../../src/model/system.js'
import { projectRoot } from '../../src/platform/paths.js'
import { keepLedger } from '../../src/reporting/keep-ledger.js'
import { leaveSandboxAccess } from '../../src/sandbox/sandbox-access.js'
import { pollOnce } from '../../src/worker-process.js'
import { lienthong, lienthongProcess } from '../support/command-line.js'
import { NO_DRIFT } from '../support/no-drift.js'
import { startTestApi, type TestApi } from '../support/test-api.js'
import { openTestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

/** A district after its cut-over, in which every route is LIVE: history is loaded by the command as a real process, and nobody hears of it. */
describe('history from a file', () => {
  let api: TestApi
  let folder: string
  beforeAll(async () => {
    api = await startTestApi()
    folder = await mkdtemp(join(tmpdir(), 'lienthong-backfill-'))
  })
  afterAll(async () => {
    await api.close()
    await rm(folder, { recursive: true, force: true })
  })

  const ROWS = 2_600
  const cells = (n: number, change: Partial<Record<(typeof CSV_COLUMNS)[number], string>> = {}): string => {
    const row: Partial<Record<(typeof CSV_COLUMNS)[number], string>> = {
      code: `H58.22-190315-${String(n).padStart(4, '0')}`,
      origin: 'ONE_STOP',
      procedureCode: '1.012783',
      communeCode: '28639',
      channel: 'DIRECT',
      applicantKind: 'CITIZEN',
      applicantName: n === 1_234 ? 'Đặng Thị Hiếm Gặp' : 'Trần Văn Mẫu',
      applicantIdNumber: `082199${String(n).padStart(6, '0')}`,
      summary: 'Cấp đổi giấy chứng nhận',
      receivedBy: 'mc.mau.1',
      receivedAt: '2019-03-15T08:00:00+07:00',
      dueAt: '2019-03-26T17:00:00+07:00',
      status: '10',
      statusAt: '2019-03-25T09:00:00+07:00',
      returnedAt: '2019-03-25T09:00:00+07:00',
      parcels: `12/${n}/120.50`,
      certificates: `BX ${100_000 + n}|CS${n}`,
      ...change,
    }
    return CSV_COLUMNS.map((name) => row[name] ?? '').join(',')
  }
  const BAD: ReadonlyMap<number, readonly [string, string]> = new Map([
    [7, [cells(7, { receivedAt: '0001-01-01T00:00:00+07:00' }), 'receivedAt: Năm phải từ 1900 đến 2199.']],
    [600, [cells(600, { status: '12' }), 'status: Trạng thái là một số từ 1 đến 10.']],
    [601, [cells(5, { summary: 'khác' }), 'Hồ sơ đã có với nội dung khác ở: summary. Không ghi đè.']],
    [2_500, [cells(2_500, { procedureCode: '9.999999' }), 'procedureCode: Không có thủ tục ""9.999999"" trong danh mục.']],
  ])
  /** Told twice in the same words. */
  const TWICE = 1_500
  const lines = Array.from({ length: ROWS }, (_, at) => BAD.get(at + 1)?.[0] ?? cells(at + 1 === TWICE ? TWICE - 1 : at + 1))
  const LOADED = ROWS - BAD.size - 1
  const rejectedText = `\uFEFFdong,ly_do,${CSV_COLUMNS.join(',')}\n${[...BAD]
    .map(([n, [line, why]]) => `${n + 1},${/[",]/.test(why) ? `"${why}"` : why},${line}\n`)
    .join('')}`

  const environment = () => ({ DATABASE_URL: api.databaseUrl, STATE_DIR: folder })
  const count = async (from: string): Promise<number> => {
    const [row] = await api.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${from}`)
    return row?.count ?? -1
  }

  test('killed in the middle and resumed, then loaded again, is there once, and each bad row stands in the file with its reason', async () => {
    const file = join(folder, 'lich-su.csv')
    const rejected = join(folder, 'lich-su.rejected.csv')
    await writeFile(file, `${CSV_COLUMNS.join(',')}\n${lines.join('\n')}\n`)
    // The third batch brings this word too, and waits for it: it is killed in there, however fast it is.
    await api.db.transaction(
      async (tx) => {
        await tx.query(`INSERT INTO search_word VALUES ('hiem') RETURNING word`)
        const child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli.js'), 'backfill', '--from-file', file], {
          stdio: 'ignore',
          env: { PATH: process.env.PATH, ...environment() },
        })
        const closed = once(child, 'close')
        const isWaiting = 'SELECT 1 AS waits FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid'
        await until('its third batch waits', async () => (await tx.query(isWaiting)).length > 0)
        child.kill('SIGKILL')
        expect((await closed)[1]).toBe('SIGKILL')
      },
      { timeoutMs: 120_000, lockTimeoutMs: 20_000 },
    )
    const loadedBefore = await count('dossier')
    expect(loadedBefore).toBeGreaterThan(0)
    expect(loadedBefore).toBeLessThan(LOADED)
    expect(JSON.parse((await lienthong(['backfill', 'status', '--json'], environment())).out)).toMatchObject([
      { state: 'RUNNING', loaded: loadedBefore },
    ])
    // What the dead process had written and not committed.
    await appendFile(rejected, 'một dòng dở')
    // Its number is another program's by now, which is alive and has nothing to do with it.
    await api.db.query(
      `UPDATE backfill_run SET worker = $1, advanced_at = advanced_at - interval '3 minutes' WHERE state = 'RUNNING' RETURNING 1 AS done`,
      [`${hostname()}:${process.pid}`],
    )

    const resumed = await lienthongProcess(['backfill', 'resume', '--json'], environment())
    expect(resumed).toMatchObject({ err: expect.stringMatching(/^Có 4 dòng không được nạp/m), exitCode: 5 })
    expect(JSON.parse(resumed.out)).toMatchObject({ loaded: LOADED, present: 1, rejected: 3, conflicting: 1, rejectedFile: rejected })
    expect(await readFile(rejected, 'utf8')).toBe(rejectedText)
    expect(await count('dossier')).toBe(LOADED)

    const again = await lienthong(['backfill', '--from-file', file, '--json'], environment())
    expect(JSON.parse(again.out)).toMatchObject({ loaded: 0, present: LOADED + 1, rejected: 3, conflicting: 1 })
    expect(await readFile(rejected, 'utf8')).toBe(rejectedText)
    for (const table of ['dossier', 'party', 'parcel_reference', 'certificate_reference', 'dossier_search'])
      expect([table, await count(table)]).toEqual([table, LOADED])
    expect(await count('dossier_event')).toBe(2 * LOADED)
  })

  test('is told to nobody, and audited', async () => {
    expect(await count('transfer')).toBe(0)
    expect(await count(`outbox_event WHERE topic = 'DOSSIER'`)).toBe(LOADED)
    const acts = await api.db.query(
      `SELECT act, reason, after->>'loaded' AS loaded FROM audit_entry WHERE act LIKE 'LOAD_HISTORY%' ORDER BY at, id`,
    )
    const reason = 'backfill --from-file lich-su.csv'
    expect(acts).toEqual([
      { act: 'LOAD_HISTORY', reason, loaded: null },
      { act: 'LOAD_HISTORY_DONE', reason, loaded: String(LOADED) },
      { act: 'LOAD_HISTORY', reason, loaded: null },
      { act: 'LOAD_HISTORY_DONE', reason, loaded: '0' },
    ])
  })

  test('is found by its words as if it had come in one by one, and shown with its way', async () => {
    expect(await api.db.query('SELECT * FROM dossier_search_text EXCEPT SELECT * FROM dossier_search')).toEqual([])
    expect(
      await api.db.query(
        `SELECT DISTINCT token FROM dossier_search s CROSS JOIN unnest(search_tokens(s.unit_id, s.persons || s.papers)) AS token
         WHERE token !~ '^[ \\t]' EXCEPT SELECT word FROM search_word`,
      ),
    ).toEqual([])
    const admin = await api.token('admin')
    const { data, errors } = await api.query(
      admin,
      '{ dossiers(filter: { text: "dang thi hiem gap" }, first: 5) { totalCount edges { node { code status returnedAt } } } }',
    )
    expect(errors).toEqual([])
    expect(data.dossiers).toMatchObject({
      totalCount: 1,
      edges: [{ node: { code: 'H58.22-190315-1234', status: 'RESULT_RETURNED', returnedAt: '2019-03-25T09:00:00.000+07:00' } }],
    })
  })

  test('counts in a report of months as on time or late, and no hour of it as the desk’s', async () => {
    await keepLedger({ db: api.db, rules: ledgerRulesOf(parseConfiguration({}), api.db), drift: NO_DRIFT })
    const reported = await api.db.query(
      'SELECT outcome, count(*)::int AS dossiers, sum(desk_ms)::text AS desk, sum(late_ms)::text AS late FROM dossier_ledger GROUP BY 1',
    )
    expect(reported).toEqual([{ outcome: 'ON_TIME', dossiers: LOADED, desk: '0', late: '0' }])
  })

  test('a row of the mended file of rejected rows is loaded as it is', async () => {
    const mended = join(folder, 'sua.csv')
    await writeFile(mended, (await readFile(join(folder, 'lich-su.rejected.csv'), 'utf8')).replace(',12,2019', ',10,2019'))
    const load = async (path: string) => {
      const { exitCode, out } = await lienthong(['backfill', '--from-file', path, '--json'], environment())
      return { exitCode, ...JSON.parse(out) }
    }
    expect(await load(mended)).toMatchObject({ exitCode: 5, loaded: 1, present: 0, rejected: 2, conflicting: 1 })
    await writeFile(mended, `${CSV_COLUMNS.join(',')}\n${cells(600, { status: '10' })}\n`)
    expect(await load(mended)).toMatchObject({ exitCode: 0, loaded: 0, present: 1, rejected: 0, conflicting: 0 })
  })

  test('a file that is none is refused, and nothing is begun', async () => {
    const runs = await count('backfill_run')
    expect(await lienthong(['backfill', '--from-file', join(folder, 'khong-co.csv')], environment())).toMatchObject({
      exitCode: 2,
      out: '',
    })
    expect(await lienthong(['backfill', '--from-system', 'VILIS'], environment())).toMatchObject({ exitCode: 2, out: '' })
    expect(await count('backfill_run')).toBe(runs)
    await writeFile(join(folder, 'cot.csv'), 'mã hồ sơ\nx\n')
    const refused = await lienthong(['backfill', '--from-file', join(folder, 'cot.csv')], environment())
    expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('Không có cột "mã hồ sơ"') })
    expect((await lienthong(['backfill', 'status'], environment())).out).toMatch(/hỏng/)
    await writeFile(join(folder, 'nhi-phan.csv'), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
    expect(await lienthong(['backfill', '--from-file', join(folder, 'nhi-phan.csv')], environment())).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^Dòng đầu không phải là văn bản UTF-8\./m),
    })
    expect(await count(`backfill_run WHERE place LIKE '%nhi-phan.csv' AND state = 'FAILED'`)).toBe(1)
  })

  test('who has lost a run to another process loads nothing, and leaves the file of rejected rows to it', async () => {
    const file = await openHistoryFile(join(folder, 'cot.csv'))
    await writeFile(file.path, `${CSV_COLUMNS.join(',')}\n${cells(9_101)}\n${cells(9_102, { status: '12' })}\n`)
    const rejectedPlace = join(folder, 'cot.rejected.csv')
    const run = await api.db.transaction((tx) =>
      createRun(tx, { source: 'FILE', place: file.path, fingerprint: 'khác', rejectedPlace, bytesTotal: 9, startedBy: 'thử' }),
    )
    await api.db.query(`UPDATE backfill_run SET worker = 'máy khác:1' WHERE id = $1::uuid RETURNING 1 AS done`, [run.id])
    await writeFile(rejectedPlace, 'của tiến trình kia')
    const load = loadHistoryFile({ db: api.db, onProgress: () => undefined, onEnd: async () => undefined }, file, run)
    await expect(load).rejects.toThrow('Một tiến trình khác đã nạp tiếp lượt này')
    expect(await readFile(rejectedPlace, 'utf8')).toBe('của tiến trình kia')
    expect(await count(`dossier WHERE code LIKE '%-9101'`)).toBe(0)
  })

  test('what stands before a quotation mark that is not closed is loaded or rejected, and the sentence says what and where', async () => {
    const file = join(folder, 'ngoac.csv')
    const fresh = [cells(9_001), cells(9_002, { status: '12' }), `"${cells(9_003)}`, cells(9_004)]
    await writeFile(file, `${[CSV_COLUMNS.join(','), ...fresh].join('\n')}\n`)
    const { exitCode, err } = await lienthong(['backfill', '--from-file', file], environment())
    expect(exitCode).toBe(1)
    expect(err).toContain('Hàng 4 của tệp CSV có dấu ngoặc kép không đóng')
    expect(err).toContain(
      `nạp 1 hồ sơ; đã có sẵn 0; loại 1 dòng; mâu thuẫn 0. Các dòng không nạp, kèm lý do: ${join(folder, 'ngoac.rejected.csv')}.`,
    )
    expect(await count(`dossier WHERE code LIKE '%-9001'`)).toBe(1)
    expect(await readFile(join(folder, 'ngoac.rejected.csv'), 'utf8')).toContain('3,status: Trạng thái là một số từ 1 đến 10.,')
  })
})

test('history from the feed of a system is applied by the rules of the inbox and told to nobody, though every route is LIVE', async () => {
  const system = await openTestSystem({ polls: false })
  try {
    const { code: kept } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
    const { code: withdrawn } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
      overrides: { procedureCode: '1.012783' },
    })
    await system.twins.ONE_STOP.act('withdraw', { code: withdrawn })
    const { context } = system
    const feed = context.systems.polled.find(({ id }) => id === 'ONE_STOP')
    if (!feed) throw new Error('the desk has a feed')
    const load = async (days: { from: string; to: string }, db = context.db) => {
      const order = {
        source: 'ONE_STOP',
        place: `${days.from}..${days.to}`,
        fingerprint: '',
        rejectedPlace: '',
        bytesTotal: 0,
        startedBy: 'thử',
      } as const
      const begun = await context.db.transaction((tx) => createRun(tx, order))
      const positions: number[] = []
      const run = await loadHistoryFeed(
        {
          db,
          system: feed,
          perSecond: 1_000,
          pageRows: 2,
          clockToleranceMs: 365 * 86_400_000,
          pass: (ask) => ask(),
          onProgress: ({ position }) => void positions.push(position),
          onEnd: async () => undefined,
        },
        days,
        begun,
      )
      return { run, pages: positions.length }
    }
    const codes = () => context.db.query<{ code: string; status: string }>('SELECT code, status FROM dossier ORDER BY code')
    // A poll that is storing a page has its turn: the loading waits for it, in no transaction.
    let commit = (): void => undefined
    const isAtIt = new Promise<void>((atIt) => {
      void context.db.transaction(async (tx) => {
        await takeStoringTurn(tx, 'ONE_STOP')
        atIt()
        await new Promise<void>((resolve) => {
          commit = resolve
        })
      })
    })
    await isAtIt
    let tried = 0
    const counted: typeof context.db = {
      ...context.db,
      transaction: (work, limits) => {
        tried += 1
        return context.db.transaction(work, limits)
      },
    }
    const loading = load({ from: '2001-01-01', to: '2001-12-31' }, counted)
    await until('the loading has tried more often than it has pages', async () => tried > 5)
    expect(await context.db.query('SELECT position::int FROM backfill_run')).toEqual([{ position: 0 }])
    commit()
    expect((await loading).run).toMatchObject({ state: 'DONE', loaded: 0 })
    expect(await codes()).toEqual([])
    // Where polls have begun, what lies behind their cursor is theirs to tell, and so is what they have stored and not applied yet.
    const first = await feed.readChanges(0n, 1)
    if (first.kind === 'FAILED') throw new Error(first.cause)
    await advanceCursor(context.db, 'ONE_STOP', first.nextPosition)
    const [polled] = first.messages
    if (!polled) throw new Error('the feed has a change')
    await storeMessage(context.db, polled)
    expect((await load({ from: '2001-01-01', to: '2099-12-31' })).run).toMatchObject({ state: 'DONE', loaded: 0, present: 1 })
    expect(await context.db.query('SELECT state FROM inbox_message')).toEqual([{ state: 'STORED' }])
    await context.db.query('DELETE FROM inbox_message RETURNING 1 AS done')
    expect((await load({ from: '2001-01-01', to: '2099-12-31' })).run).toMatchObject({ state: 'DONE', loaded: 1 })
    await context.db.query('DELETE FROM poll_cursor RETURNING 1 AS done')
    const { run, pages } = await load({ from: '2001-01-01', to: '2099-12-31' })
    expect(run).toMatchObject({ state: 'DONE', loaded: 1, present: 1 })
    expect(pages).toBeGreaterThan(1)
    const there = [
      { code: kept, status: 'ACCEPTED' },
      { code: withdrawn, status: 'WITHDRAWN_BY_APPLICANT' },
    ].sort((a, b) => (a.code < b.code ? -1 : 1))
    expect(await codes()).toEqual(there)
    expect((await load({ from: '2001-01-01', to: '2099-12-31' })).run).toMatchObject({ loaded: 0, present: 3 })
    expect(await codes()).toEqual(there)
    expect(await context.db.query('SELECT operation FROM transfer')).toEqual([])

    // A dossier that is interlinked by now: what its feed tells of it is for the polls, which tell it on.
    const { code: live } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
    await pollOnce(context, 'ONE_STOP')
    const operations = () => context.db.query<{ operation: string }>('SELECT operation FROM transfer ORDER BY operation')
    const before = await operations()
    expect(before).toContainEqual({ operation: 'RECEIVE' })
    await system.twins.ONE_STOP.act('withdraw', { code: live })
    await load({ from: '2001-01-01', to: '2099-12-31' })
    expect(await codes()).toContainEqual({ code: live, status: 'ACCEPTED' })
    await pollOnce(context, 'ONE_STOP')
    expect(await codes()).toContainEqual({ code: live, status: 'WITHDRAWN_BY_APPLICANT' })
    expect((await operations()).length).toBeGreaterThan(before.length)
  } finally {
    await system.close()
  }
})

test('the same by the command, in the sandbox of a running npm start: its twins are asked with the accounts that it has left', async () => {
  const system = await openTestSystem({ polls: false })
  const { databaseUrl, stateDir, configuration } = system.context.options
  try {
    await claimPurpose(system.context.db, 'SANDBOX')
    for (let count = 0; count < 3; count += 1) await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
    const command = (...words: string[]) => lienthong(['backfill', ...words], { DATABASE_URL: databaseUrl, STATE_DIR: stateDir })
    const words = ['--from-system', 'ONE_STOP', '--from', '2001-01-01', '--to', '2099-12-31'] as const
    expect(await command(...words)).toMatchObject({ exitCode: 1, err: expect.stringContaining('"systems.ONE_STOP.endpoint"') })
    const systems = Object.fromEntries(SYSTEM_IDS.map((id) => [id, { endpoint: configuration.systems[id].endpoint }]))
    const takeAway = await leaveSandboxAccess(stateDir, { url: '', tokens: {}, systems, secrets: testSecrets, controls: {} })
    const done = await lienthongProcess(['backfill', ...words, '--json'], { DATABASE_URL: databaseUrl, STATE_DIR: stateDir })
    expect([done.exitCode, JSON.parse(done.out)]).toEqual([
      0,
      { id: expect.any(String), loaded: 3, present: 0, rejected: 0, conflicting: 0 },
    ])
    expect(done.err).toMatch(/vị trí \d+: đã nạp 3/)
    expect((await command(...words)).out).toMatch(/Đã nạp 0 hồ sơ; đã có sẵn 3/)
    expect((await command('status')).out).toMatch(/xong .*ONE_STOP 2001-01-01\.\.2099-12-31/)
    expect(await system.context.db.query('SELECT operation FROM transfer')).toEqual([])
    await takeAway()
  } finally {
    await system.close()
  }
})
