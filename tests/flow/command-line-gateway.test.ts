import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Ended, lienthong, lienthongProcess } from '../support/command-line.js'
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.js'
import { type SeededDossier, seedDossier, seedTransfer, type TransferSeed } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi, type TestRole } from '../support/test-api.js'

/** `lienthong` against a gateway, with a token: within this process, and as a real one where its streams, its exit codes and its waiting are at stake. */
let api: TestApi
let proxy: FlakyProxy
let folder: string
beforeAll(async () => {
  api = await startTestApi()
  proxy = await startFlakyProxy(api.url)
  folder = await mkdtemp(join(tmpdir(), 'lienthong-cli-'))
})
afterAll(async () => {
  await proxy.stop()
  await api.close()
  await rm(folder, { recursive: true, force: true })
})

const as = async (role: TestRole, words: readonly string[], more: Record<string, string> = {}, run = lienthong): Promise<Ended> =>
  run(words, { LIENTHONG_URL: api.url, LIENTHONG_TOKEN: await api.token(role, role === 'officer' ? ['28633'] : undefined), ...more })
const wordsOf = (line: string, reason?: string): string[] => [...line.split(' '), ...(reason === undefined ? [] : ['--reason', reason])]
const operator = (line: string, reason?: string, more?: Record<string, string>): Promise<Ended> =>
  as('operator', wordsOf(line, reason), more)
const operatorProcess = (line: string, reason?: string, more?: Record<string, string>): Promise<Ended> =>
  as('operator', wordsOf(line, reason), more, lienthongProcess)
const stateOf = async (id: string): Promise<string | undefined> =>
  (await api.db.query<{ state: string }>('SELECT state FROM transfer WHERE id = $1::uuid', [id]))[0]?.state
const auditsOf = (id: string) =>
  api.db.query<{ act: string; reason: string }>('SELECT act, reason FROM audit_entry WHERE transfer_id = $1::uuid ORDER BY at, id', [id])

let dossiers = 800
const newDossier = (): Promise<SeededDossier> => {
  dossiers += 1
  return seedDossier(api.db, { code: `H58.22-260318-0${dossiers}`, commune: { code: '28633', on: '2026-03-02' } })
}
const newTransfer = async (seed: Omit<TransferSeed, 'dossier'>): Promise<string> =>
  seedTransfer(api.db, { dossier: await newDossier(), ...seed })

describe('transfers list', () => {
  test('shows what the filter finds, as a table and as JSON, and says when there is more', async () => {
    const other = await newDossier()
    const held = await seedTransfer(api.db, { dossier: other, state: 'HELD', heldReason: 'UNCERTAIN' })
    const rejected = await seedTransfer(api.db, { dossier: other, systemId: 'PORTAL', state: 'REJECTED' })
    const filter = `--dossier ${other.code} --created-from 2020-01-01T00:00:00+07:00`
    const { exitCode, out, err } = await operatorProcess(`transfers list ${filter}`)
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    expect(out).toMatch(/^lượt +hồ sơ +hệ thống +nghiệp vụ +trạng thái/)
    expect(out).toContain('HELD UNCERTAIN')
    const ids = async (line: string): Promise<string[]> =>
      (JSON.parse((await operator(`${line} --json`)).out) as { id: string }[]).map(({ id }) => id).sort()
    expect(await ids(`transfers list ${filter}`)).toEqual([held, rejected].sort())
    expect(await ids(`transfers list ${filter} --state HELD,WAITING_RETRY --held UNCERTAIN --system VILIS`)).toEqual([held])
    expect(await ids(`transfers list ${filter} --at-risk`)).toEqual([])
    expect(await ids(`transfers list ${filter} --no-at-risk --commune 28633 --commune-on 2026-03-02`)).toEqual([held, rejected].sort())
    const cut = await operatorProcess(`transfers list ${filter} --limit 1 --lang en`)
    expect(cut.out.trimEnd().split('\n')).toHaveLength(2)
    expect(cut.err).toBe('There are more: 2 in all, 1 are shown (--limit).\n')
    expect((await operator('transfers list --dossier H58.22-990101-0001')).out).toBe('Không có lượt liên thông nào.\n')
  })

  test('pages to its limit', async () => {
    const many = await newDossier()
    for (let count = 0; count < 130; count += 1) await seedTransfer(api.db, { dossier: many, sequence: count + 1, state: 'DELIVERED' })
    const rows = JSON.parse((await operator(`transfers list --dossier ${many.code} --limit 120 --json`)).out) as { id: string }[]
    expect(new Set(rows.map(({ id }) => id)).size).toBe(120)
  })
})

test('what the last sending failed by stands at the head, though an inquiry has answered since', async () => {
  const again = 'Hệ thống nhận xác nhận chưa có; gửi lại.'
  const said = 'ViLIS báo lỗi: “Số giấy tờ không hợp lệ” (SOAP fault Client.DU_LIEU_SAI, HTTP 500).'
  const id = await newTransfer({ state: 'WAITING_RETRY', lastError: again })
  const attempted = (number: number, kind: string, outcome: string, detail: string) =>
    api.db.query(
      `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, ended_at, outcome, detail)
       VALUES (gen_random_uuid(), $1::uuid, $2::int, $3, $2::int, 'thu', app_now(), $4, $5) RETURNING 1 AS done`,
      [id, number, kind, outcome, detail],
    )
  await attempted(1, 'SEND', 'INDETERMINATE', said)
  await attempted(2, 'INQUIRE', 'ABSENT', again)
  const head = (out: string): string => out.slice(0, out.indexOf('\n\n'))
  const shown = head((await operator(`transfers show ${id}`)).out)
  expect(shown).toContain(again)
  expect(shown).toMatch(/\nLần gửi gần nhất +ViLIS báo lỗi: “Số giấy tờ không hợp lệ”/)
  await api.db.query(`UPDATE transfer SET last_error = $2 WHERE id = $1::uuid RETURNING 1 AS done`, [id, said])
  expect(head((await operator(`transfers show ${id}`)).out)).not.toContain('Lần gửi gần nhất')
})

test('transfers show and dossier show tell one whole, and what is not there is refused', async () => {
  const dossier = await newDossier()
  const id = await seedTransfer(api.db, { dossier, state: 'REJECTED' })
  const { out } = await operator(`transfers show ${id}`)
  expect(out).toMatch(new RegExp(`^Lượt liên thông +${id}\nHồ sơ +${dossier.code}\n`))
  expect(out).toMatch(/Trạng thái +REJECTED: Bên nhận từ chối/)
  expect(out).toMatch(/Thuộc bên +Chưa rõ của bên nào\nViệc cần làm +Sửa dữ liệu ở nguồn/)
  expect(out).toMatch(
    /\nlệnh +làm được +vì sao không\nreplay +có\n[\s\S]*\nconfirm --happened no +không +Lượt liên thông đang ở trạng thái/,
  )
  expect(JSON.parse((await operator(`transfers show ${id} --json`)).out)).toMatchObject({
    id,
    attempts: [],
    followers: [],
    explanation: { side: 'UNKNOWN', nextStep: expect.any(String) },
    acts: expect.arrayContaining([expect.objectContaining({ act: 'REPLAY', allowed: true })]),
  })
  const shown = (await operator(`dossier show ${dossier.code}`)).out
  expect(shown).toMatch(new RegExp(`^Hồ sơ +${dossier.code}\n[^$]*Hạn tính lại [^$]*${id}`))
  // Some minutes that made it late are not told as none.
  expect(shown).toMatch(/; chờ liên thông \d+\.\d\d giờ làm việc\n/)
  expect(await operator('dossier show H58.22-990101-0001')).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringContaining('Không tìm thấy'),
  })
  expect(await operator('transfers show 00000000-0000-4000-8000-000000000000')).toMatchObject({ exitCode: 1, out: '' })
})

test('deadlines explain tells how a due date was worked out, each step with its sentence, or why it cannot be', async () => {
  const { id, code } = await newDossier()
  // Its history was never told.
  const unknown = await operator(`deadlines explain ${code}`)
  expect(unknown.out).toMatch(new RegExp(`^Hồ sơ +${code}\nHạn đang dùng +\\d.*\nTính được +\\D`))
  expect(unknown.out).not.toContain('diễn giải')
  await api.db.query(
    `INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, status_to)
     SELECT gen_random_uuid(), id, 'RECEIVED', origin, 1, received_at, true, status FROM dossier WHERE id = $1::uuid RETURNING 1 AS done`,
    [id],
  )
  const { data } = await api.query(
    await api.token('operator'),
    `{ dossier(code: "${code}") { deadline { computed provisional unconfirmed explanation { sentence totalHours } } } }`,
  )
  const { deadline } = data.dossier
  const { exitCode, out } = await operator(`deadlines explain ${code}`)
  expect(exitCode).toBe(0)
  expect(deadline.explanation.length).toBeGreaterThan(1)
  for (const { sentence } of deadline.explanation) expect(out).toContain(sentence)
  expect(deadline.unconfirmed).not.toEqual([])
  for (const what of deadline.unconfirmed) expect(out).toContain(`\n  ${what}`)
  expect(JSON.parse((await operator(`deadlines explain ${code} --json`)).out)).toMatchObject(deadline)
  // A pause of which nobody knows the end: what is left of the time, in hours that can be read.
  await api.db.query(
    `WITH paused AS (UPDATE dossier SET status = 'SUPPLEMENT_REQUIRED', status_at = received_at + interval '1 hour' WHERE id = $1::uuid RETURNING *)
     INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, status_to)
     SELECT gen_random_uuid(), id, 'STATUS_CHANGED', 'VILIS', 2, status_at, true, status FROM paused RETURNING 1 AS done`,
    [id],
  )
  expect((await operator(`deadlines explain ${code}`)).out).toMatch(/\nCòn lại +\d+\.\d\d giờ làm việc\n/)
  expect(await operator('deadlines explain H58.22-990101-0001')).toMatchObject({ exitCode: 1, out: '' })
})

describe('an act', () => {
  test('is done with its reason, and refused with a sentence where the state does not allow it', async () => {
    const id = await newTransfer({ state: 'REJECTED' })
    expect(await operatorProcess(`transfers replay ${id}`, 'đã sửa dữ liệu')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(new RegExp(`^Đã làm: lượt ${id} nay là`)),
    })
    expect(await stateOf(id)).toBe('QUEUED')
    expect(await auditsOf(id)).toEqual([{ act: 'REPLAY', reason: 'đã sửa dữ liệu' }])
    expect(await operatorProcess(`transfers confirm ${id} --happened yes`, 'đã thấy bên đó')).toMatchObject({ exitCode: 1, out: '' })
    const given = await newTransfer({ state: 'REJECTED' })
    const abandoned = await operator(`transfers abandon ${given} --json`, 'trùng hồ sơ')
    expect(abandoned).toMatchObject({ exitCode: 0, err: '' })
    expect(JSON.parse(abandoned.out)).toMatchObject({ repeated: false, transfer: { state: 'ABANDONED' } })
  })

  test('amends fields, which are looked up and checked first, waits for the second person, and shows what differs', async () => {
    const id = await newTransfer({ state: 'REJECTED' })
    const body = {
      operation: 'RECEIVE',
      dossierCode: 'H58.22-260318-0001',
      dossierVersion: 1,
      at: '2026-03-18T01:00:00.000Z',
      procedureCode: '1.012783',
    }
    await api.db.query('UPDATE transfer SET body = $2::jsonb WHERE id = $1::uuid RETURNING 1 AS done', [id, JSON.stringify(body)])
    expect(await operator(`transfers fields ${id}`)).toMatchObject({
      err: '',
      out: expect.stringMatching(/dossier\.dueAt +Hồ sơ: Ngày hẹn trả +có +INSTANT/),
    })
    const wrong = await operator(`transfers amend ${id} --set dossier.code=x --set dossier.applicant.phone=12`, 'sửa theo giấy tờ')
    expect(wrong).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/dossier\.code: .*\n.*dossier\.applicant\.phone: /) })
    const set = '--set dossier.receivedBy=mc.28633.2'
    expect((await operator(`transfers amend ${id} ${set} --check`, 'sửa theo giấy tờ')).out).toMatch(/dossier\.receivedBy.*mc\.28633\.2/)
    expect(await stateOf(id)).toBe('REJECTED')
    const amended = await operator(`transfers amend ${id} ${set} --json`, 'sửa theo giấy tờ')
    const { transfer } = JSON.parse(amended.out) as { transfer: { id: string } }
    expect(await stateOf(id)).toBe('SUPERSEDED')
    // Who comes second is told who was first, and where it goes on.
    for (const more of ['', ' --check'])
      expect(await operator(`transfers amend ${id} ${set}${more}`, 'sửa theo giấy tờ')).toMatchObject({
        exitCode: 1,
        out: '',
        err: expect.stringMatching(new RegExp(`đã sửa nội dung lúc .*lượt thay nó là ${transfer.id}`)),
      })
    expect((await operator(`transfers show ${id}`)).out).toMatch(new RegExp(`Được thay bởi +${transfer.id}`))
    expect(await operator(`transfers approve ${transfer.id}`, 'tự duyệt')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('không tự duyệt'),
    })
    expect((await operator(`transfers show ${transfer.id}`)).out).toMatch(/Khác với nguồn:\n.*\ndossier\.receivedBy .*mc\.28633\.2/)
    expect(await as('admin', ['transfers', 'approve', transfer.id, '--reason', 'đúng giấy tờ'])).toMatchObject({ exitCode: 0 })
    expect(await stateOf(transfer.id)).toBe('QUEUED')
  })

  test('without its reason, or with half of its words, is not even sent', async () => {
    const before = proxy.requests()
    const words = [
      'transfers replay',
      'transfers replay x',
      'transfers confirm x --reason đã-thấy',
      'systems rate VILIS --reason thử-lại',
      'systems pause NONE --reason thử-lại',
      'doctor',
    ]
    for (const line of words) expect(await operator(line, undefined, { LIENTHONG_URL: proxy.url })).toMatchObject({ exitCode: 2, out: '' })
    expect(proxy.requests()).toBe(before)
  })

  test('goes on over "not now" and a lost answer, and is done once', async () => {
    const id = await newTransfer({ state: 'REJECTED' })
    proxy.next('NOT_NOW', 'LOST')
    const { exitCode, out, err } = await operatorProcess(`transfers replay ${id} --patience 30`, 'gửi lại sau sự cố', {
      LIENTHONG_URL: proxy.url,
    })
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringContaining('(đã làm từ trước)') })
    expect(err).toMatch(/^Cổng chưa trả lời \(HTTP 503\), thử lại sau 0 giây…\nCổng chưa trả lời \(\w+\)/)
    expect(await auditsOf(id)).toHaveLength(1)
  })

  test('whose outcome is not known says with which key to run it again', async () => {
    const id = await newTransfer({ state: 'REJECTED' })
    proxy.next('LOST')
    const lost = await operatorProcess(`transfers replay ${id} --patience 2`, 'gửi lại sau sự cố', { LIENTHONG_URL: proxy.url })
    expect(lost).toMatchObject({ exitCode: 3, out: '' })
    const [, key = ''] = /--client-key (\S+);/.exec(lost.err) ?? []
    expect(await operator(`transfers replay ${id} --client-key ${key}`, 'gửi lại sau sự cố')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('(đã làm từ trước)'),
    })
    expect(await auditsOf(id)).toHaveLength(1)
  })
})

test('causes are listed, shown and noted for the next operator; what failed by one is listed and planned', async () => {
  const id = await newTransfer({ state: 'REJECTED' })
  const other = await newTransfer({ state: 'REJECTED' })
  const [cause] = await api.db.query<{ id: string }>(
    `INSERT INTO failure_cause (id, system_id, operation, kind, code) VALUES (gen_random_uuid(), 'VILIS', 'RECEIVE', 'REJECTED', 'Client.SAI_LUOC_DO') RETURNING id::text`,
  )
  const causeId = cause?.id ?? ''
  await api.db.query(`UPDATE transfer SET cause_id = $2::uuid WHERE id = $1::uuid RETURNING 1 AS done`, [id, causeId])
  expect((await operator('causes list --system VILIS')).out).toMatch(new RegExp(`${causeId} +1 +VILIS +RECEIVE`))
  const ids = async (line: string): Promise<string[]> =>
    (JSON.parse((await operator(`${line} --json`)).out) as { id: string }[]).map((row) => row.id)
  expect(await ids(`transfers list --cause ${causeId}`)).toEqual([id])
  expect(await operator('transfers list --cause mot')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('"mot" không phải là mã'),
  })

  const noted = await as('operator', ['causes', 'note', causeId, '--note', 'Lược đồ cũ', '--remedy', 'Báo ViLIS', '--version', '0'])
  expect(noted.out).toMatch(/Ghi chú +Lược đồ cũ\nCách xử lý +Báo ViLIS/)
  expect(await as('operator', ['causes', 'note', causeId, '--note', 'Khác', '--version', '0'])).toMatchObject({ exitCode: 1, out: '' })
  await as('operator', ['causes', 'note', causeId, '--note', ''])
  const shown = await operator(`causes show ${causeId}`)
  expect(shown.out).toContain('Báo ViLIS')
  expect(shown.out).not.toContain('Lược đồ cũ')
  expect(shown.out).toContain(`lienthong plans create --cause ${causeId}`)
  expect((await operator(`transfers show ${id}`)).out).toMatch(/Cách xử lý +Báo ViLIS/)

  const made = async (line: string) => {
    const { out } = await as('operator', [...`plans create ${line} --json`.split(' '), '--name', 'Gửi lại', '--reason', 'ViLIS đã sửa'])
    return JSON.parse(out) as { rowCount: number; filterText: string }
  }
  expect(await made(`--cause ${causeId}`)).toMatchObject({ rowCount: 1 })
  expect(await made(`${id} ${other}`)).toMatchObject({ rowCount: 2, filterText: 'đã chọn: 2 lượt' })
})

test('an act for a version that was seen is refused when somebody came first', async () => {
  const id = await newTransfer({ state: 'REJECTED' })
  const { version } = JSON.parse((await operator(`transfers show ${id} --json`)).out) as { version: number }
  await api.db.query(`UPDATE transfer SET updated_at = updated_at + interval '1 second' WHERE id = $1::uuid RETURNING 1 AS done`, [id])
  expect(await operator(`transfers replay ${id} --version ${version}`, 'đã sửa dữ liệu')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('hãy xem lại rồi quyết định'),
  })
  expect(await operator(`transfers replay ${id} --version x`, 'đã sửa dữ liệu')).toMatchObject({ exitCode: 2 })
  expect(await operator(`transfers replay ${id} --version ${version + 1_000}`, 'đã sửa dữ liệu')).toMatchObject({ exitCode: 0 })
})

test('alerts are listed and taken, and a test says which channel did not take it', async () => {
  const [alert] = await api.db.query<{ id: string }>(
    `INSERT INTO alert (id, rule, system_id, value, threshold) VALUES (gen_random_uuid(), 'SYSTEM_DOWN', 'VILIS', 9, 5) RETURNING id::text`,
  )
  const id = alert?.id ?? ''
  expect((await operator('alerts list')).out).toContain(id)
  expect(await operator(`alerts ack ${id}`, 'đã gọi ViLIS')).toMatchObject({ exitCode: 0, out: expect.stringContaining('Đã nhận xử lý') })
  expect(await operator(`alerts ack ${id}`, 'đã gọi ViLIS')).toMatchObject({ exitCode: 1, err: expect.stringContaining('nhận xử lý lúc') })
  // No worker runs here: who waits is told so.
  expect(await operator('alerts test --wait 0', 'đổi máy chủ thư')).toMatchObject({
    exitCode: 1,
    out: expect.stringMatching(/mail +WAITING[\s\S]*webhook:truc-ban +WAITING/),
    err: expect.stringContaining('không có tiến trình gửi'),
  })
  expect(await operator('alerts test --channel fax', 'đổi máy chủ thư')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('webhook:truc-ban'),
  })
})

test('systems list, pause, resume and rate', async () => {
  expect((await operator('systems list')).out).toMatch(/^hệ thống +tình trạng[\s\S]*\nVILIS /m)
  expect((await operator('systems pause VILIS', 'ViLIS bảo trì')).out).toMatch(/^Đã làm: VILIS đang tạm dừng/)
  expect((await operator('systems list')).out).toMatch(/VILIS .*tạm dừng bởi .*: ViLIS bảo trì/)
  expect((await operator('systems resume VILIS', 'bảo trì xong')).out).toMatch(/^Đã làm: VILIS đang chạy/)
  expect(await operator('systems rate VILIS --per-second 12.5 --in-flight none', 'nhẹ tay')).toMatchObject({
    exitCode: 0,
    err: '',
    out: expect.stringContaining('nhiều nhất 12.5 yêu cầu mỗi giây, ∞ lượt cùng lúc'),
  })
  expect(await operator('systems rate VILIS --per-second 0.01', 'nhẹ tay')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('từ 0,1'),
  })
})

test('systems maintenance plan, list and end', async () => {
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
  expect((await operator('systems maintenance list')).out).toBe('Không có khung bảo trì nào.\n')
  expect(await operator('systems maintenance plan PORTAL', 'cổng nâng cấp')).toMatchObject({ exitCode: 2, out: '' })
  expect((await operator(`systems maintenance plan PORTAL --until ${at(2)}`, 'cổng nâng cấp')).out).toMatch(/^Đã làm: PORTAL đang bảo trì/)
  expect(await operator(`systems maintenance plan PORTAL --until ${at(1)}`, 'cổng nâng cấp')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Trùng với khung bảo trì'),
  })
  expect((await operator('systems list')).out).toMatch(/PORTAL .*bảo trì đến .*: cổng nâng cấp/)
  const [{ id = '' } = {}] = JSON.parse((await operator('systems maintenance list --json')).out) as { id?: string }[]
  expect((await operator(`systems maintenance end PORTAL ${id}`, 'xong sớm')).out).toMatch(/^Đã làm: PORTAL đang chạy/)
})

const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('who may not, or cannot', () => {
  test.each<[string, () => Promise<Ended>, number, RegExp]>([
    [
      'a role without the right',
      () => as('officer', ['systems', 'pause', 'VILIS', '--reason', 'thử xem sao'], {}, lienthongProcess),
      4,
      /không có quyền/,
    ],
    ['a token that is none', () => operator('systems list', undefined, { LIENTHONG_TOKEN: 'x' }), 4, /./],
    ['no token', () => lienthong(['systems', 'list'], { LIENTHONG_URL: api.url }), 4, /^Chưa có mã đăng nhập/],
    ['no address', () => lienthongProcess(['systems', 'list']), 2, /^Chưa biết địa chỉ của cổng/],
    ['an address that is none', () => operator('systems list --url cong'), 2, /không phải là địa chỉ/],
    [
      'nobody there',
      async () => operatorProcess(`systems list --url http://127.0.0.1:${await closedPort()} --patience 2`),
      3,
      /^Không hỏi được cổng ở http:\/\/127\.0\.0\.1:\d+\/graphql \(ECONNREFUSED\)/,
    ],
    ['something else there', () => operatorProcess(`systems list --url ${api.url}/metrics`), 3, /không phải cổng liên thông/],
    [
      'a token file that is none',
      () => operator('systems list --token-file /none', undefined),
      2,
      /^Không đọc được tệp "\/none": không có tệp/,
    ],
  ])('%s', async (_name, ask, exitCode, sentence) => {
    const ended = await ask()
    expect({ exitCode: ended.exitCode, out: ended.out }).toEqual({ exitCode, out: '' })
    expect(ended.err).toMatch(sentence)
    expect(ended.err).not.toMatch(/\n {4}at /)
  })

  test('a token comes from a file, or from the sandbox that runs here, and the sandbox token goes to the sandbox alone', async () => {
    const token = await api.token('operator')
    await writeFile(join(folder, 'token'), `${token}\n`)
    expect(await lienthong(['systems', 'list', '--token-file', join(folder, 'token')], { LIENTHONG_URL: api.url })).toMatchObject({
      exitCode: 0,
    })
    await writeFile(join(folder, 'sandbox-access.json'), JSON.stringify({ url: `${api.url}/graphql`, tokens: { operator: token } }))
    expect(await lienthong(['systems', 'list'], { STATE_DIR: folder })).toMatchObject({ exitCode: 0 })
    expect(await lienthong(['systems', 'list', '--url', api.url], { STATE_DIR: folder })).toMatchObject({ exitCode: 4 })
  })
})

test('completes commands, options and values for the shells', async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    expect((await lienthongProcess(['completion', shell])).out).toContain('lienthong')
  const complete = async (...words: string[]): Promise<string> => (await lienthongProcess(['complete', '--', ...words])).out
  expect(await complete('')).toMatch(/^transfers\b[\s\S]*^systems\b[\s\S]*^doctor\b/m)
  expect(await complete('transfers', '')).toMatch(/^list\b[\s\S]*^replay\b/m)
  expect(await complete('transfers', 'list', '--st')).toMatch(/^--state\b/m)
  expect(await complete('transfers', 'list', '--state', '')).toMatch(/^HELD\b/m)
  expect(await complete('systems', 'pause', '')).toMatch(/^VILIS\b/m)
})

describe('reports', () => {
  test('month tells what the ledger holds, as a table and as JSON; record tells the steps of a dossier', async () => {
    const { id, code } = await newDossier()
    const keep = (dossier: string, dueAt: string, outcome: string, lateMs: number, interlinkMs: number, savedMs: number) =>
      api.db.query(
        `INSERT INTO dossier_ledger (dossier_id, unit_id, procedure_code, due_at, outcome, late_ms, desk_ms, registry_ms, tax_ms, applicant_ms, interlink_ms, saved_ms, computed_at)
         SELECT id, receiving_unit_id, procedure_code, $2::timestamptz, $3, $4, 0, 0, 0, 0, $5, $6, app_now() FROM dossier WHERE id = $1::uuid`,
        [dossier, dueAt, outcome, lateMs, interlinkMs, savedMs],
      )
    await keep(id, '2031-03-11T09:00:00Z', 'LATE_BY_INTERLINK', 3_600_000, 7_200_000, 1_800_000)
    await keep((await newDossier()).id, '2031-05-12T09:00:00Z', 'LEFT', 0, 0, 0)
    const { exitCode, out } = await operator('reports month --month 2031-03 --json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      total: { dossiers: 1, lateByInterlink: 1, interlinkHours: 2, savedHours: 0.5 },
      rows: [{ dossiers: 1 }],
    })
    const table = await operator('reports month --month 2031-01 --to 2031-12 --by MONTH')
    expect(table.out).toMatch(/^1 +0 +1 +0 +0 +0 +2 +0\.5 +2031-03$/m)
    // Every dossier stands in one of the columns: they add up to the first one.
    expect(table.out).toMatch(/^2 +0 +1 +0 +0 +1 +2 +0\.5 +TỔNG$/m)
    expect(table.out).toContain('Sổ thời gian chưa được tính')
    expect((await operator('reports month --month 2031-13')).exitCode).toBe(2)
    expect((await operator('reports month --month 2031-03 --to 2031-01')).exitCode).toBe(2)
    const record = await operator(`reports record ${code}`)
    expect(record.out).toContain('Bộ phận một cửa')
    expect(record.out).toContain('Trễ hạn.')
    // Where there is no step yet it says why, and no sum of nothing.
    const later = `UPDATE dossier SET received_at = app_now() + interval '2 days' WHERE id = $1::uuid RETURNING 1 AS done`
    await api.db.query(later, [id])
    const early = await operator(`reports record ${code}`)
    expect(early.out).toMatch(/^Sổ thời gian chưa có gì về hồ sơ này: hồ sơ ghi tiếp nhận lúc .*, sau giờ hiện tại của cổng \(/)
    // So it does of one that has ended as well, by a clock that is ahead of the gateway's.
    const ended = `UPDATE dossier SET status = 'COMPLETED', status_at = received_at + interval '1 day', finished_at = received_at + interval '1 day' WHERE id = $1::uuid RETURNING 1 AS done`
    await api.db.query(ended, [id])
    expect((await operator(`reports record ${code}`)).out).toMatch(
      /^Sổ thời gian chưa có gì về hồ sơ này: .*, sau giờ hiện tại của cổng \(/,
    )
  })
})
