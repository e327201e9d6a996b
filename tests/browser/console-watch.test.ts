import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { evaluateAlerts } from '../../src/alerting/evaluate-alerts.js'
import { parseConfiguration } from '../../src/config/config.js'
import { openLedger } from '../../src/ledger.js'
import { localDateOf } from '../../src/model/working-calendar.js'
import { forgetQueueOutage, keepQueueOutage } from '../../src/transfer/queue-outage-repository.js'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { readWorkingCalendar } from '../../src/transfer/working-calendar-repository.js'
import { findChromium, openChromium } from '../support/chromium.js'
import { type ConsolePage, openConsole } from '../support/console-page.js'
import { transferOf } from '../support/operator-acts.js'
import { raise } from '../support/raise.js'
import { planned, refuseAll } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const chromium = findChromium()
const describeInBrowser = chromium === null ? describe.skip : describe

describeInBrowser('alerts and audit in a browser', () => {
  let system: TestSystem
  let browser: Browser
  let shown: ConsolePage

  beforeAll(async () => {
    system = await openTestSystem({ gateway: true })
    browser = await openChromium(chromium ?? '')
  })
  beforeEach(async () => {
    shown = await openConsole(browser, system)
  })
  afterEach(() => shown.page.close())
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  /** A worker's look at the rules, after the portal has answered so. A mail goes to nobody: its notice stays in sight. */
  const look = async (outcome: 'UNAVAILABLE' | 'ACCEPTED'): Promise<void> => {
    const { db } = system.context
    const health = createSystemHealth(db, raise)
    health.report({ systemId: 'PORTAL', outcome, cause: 'Không kết nối được.' })
    await health.flush()
    await evaluateAlerts({
      db,
      logger: { info: () => undefined, warn: () => undefined },
      thresholds: { ...parseConfiguration({}).alerts.rules, systemDown: { minutes: 0 } },
      quietMs: 0,
      systems: ['PORTAL'],
      polled: [],
      channels: ['mail'],
      consoleUrl: undefined,
    })
  }

  it('rings on every page when an alert opens, shows it with its notices, is led to by its link, and says when it is over', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    await page.getByRole('link', { name: 'Cảnh báo đang mở: 0' }).waitFor()
    await look('UNAVAILABLE')
    const bell = page.getByRole('link', { name: 'Cảnh báo đang mở: 1' })
    await bell.waitFor()
    // One line, within the header: the count beside the bell, not below it.
    expect((await bell.boundingBox())?.height).toBeLessThan(32)
    await bell.click()
    const alert = page.getByRole('article', { name: /Cổng dịch vụ công không trả lời/ })
    await alert.getByText('Chờ gửi').waitFor()
    const [row] = await system.context.db.query<{ id: string }>('SELECT id::text FROM alert WHERE closed_at IS NULL')
    await shown.openAs('operator', `/alerts?id=${row?.id}`)
    await alert.waitFor()
    await until('the alert has the focus', () =>
      page.evaluate<boolean>('document.activeElement?.getAttribute("aria-labelledby")?.startsWith("alert-") === true'),
    )
    await alert.getByRole('link', { name: 'Xem các việc liên quan' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lượt liên thông' }).waitFor()
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('system')).toBe('PORTAL')
    expect(searchParams.get('state')?.split(',')).toEqual(expect.arrayContaining(['WAITING_RETRY', 'INDETERMINATE', 'HELD']))
    await page.goBack()
    await alert.waitFor()
    await look('ACCEPTED')
    await page.getByText('Không có cảnh báo nào đang mở.').waitFor()
    await alert.getByText('Hết lúc').waitFor()
    await page.getByRole('link', { name: 'Cảnh báo đang mở: 0' }).waitFor()
  })

  it('finds an act with its reason and the values before and after, and takes what was found as a file', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    const portal = page.getByRole('region', { name: 'Cổng dịch vụ công' })
    for (const [act, reason] of [
      ['Tạm dừng', 'Cổng bảo trì đến 17 giờ'],
      ['Cho chạy lại', 'Bảo trì xong'],
    ] as const) {
      await portal.getByRole('button', { name: act }).click()
      await page.getByRole('dialog').getByLabel('Lý do').fill(reason)
      await page.getByRole('dialog').getByRole('button', { name: act }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.getByRole('link', { name: 'Nhật ký' }).click()
    await page.getByText('Bảo trì xong').waitFor()
    await page.getByLabel('Lời trong lý do').fill('bao tri den')
    await page.keyboard.press('Enter')
    await page.getByText('Bảo trì xong').waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?text=bao+tri+den')
    const entry = page.getByRole('listitem').filter({ hasText: 'Cổng bảo trì đến 17 giờ' })
    await entry.getByText(/Giá trị trước và sau/).click()
    await entry.getByRole('columnheader', { name: 'Sau' }).waitFor()
    await entry.getByRole('rowheader', { name: 'Tạm dừng từ' }).waitFor()

    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Tải về CSV' }).click()
    const file = await downloading
    expect(file.suggestedFilename()).toMatch(/^nhat-ky-thao-tac-\d{4}-\d{2}-\d{2}\.csv$/)
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('Cổng bảo trì đến 17 giờ')
  })

  it('plans maintenance, says so on every page and on the timeline, and ends it', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    const vilis = page.getByRole('region', { name: 'Phần mềm đất đai ViLIS' })
    await vilis.getByRole('button', { name: 'Lập khung bảo trì' }).click()
    const dialog = page.getByRole('dialog')
    const [clock] = await system.context.db.query<{ local: string }>(
      `SELECT to_char(app_now() AT TIME ZONE 'Asia/Ho_Chi_Minh' + interval '3 hours', 'YYYY-MM-DD"T"HH24:MI') AS local`,
    )
    await dialog.getByLabel('Đến lúc').fill(clock?.local ?? '')
    await dialog.getByLabel('Lý do').fill('Nâng cấp máy chủ ViLIS')
    await dialog.getByRole('button', { name: 'Lập khung bảo trì' }).click()
    await dialog.waitFor({ state: 'detached' })
    await vilis.getByText(/^Đang bảo trì đến .*Nâng cấp máy chủ ViLIS/).waitFor()
    await page.getByRole('link', { name: 'Tổng quan' }).click()
    await page
      .getByRole('status')
      .getByText(/Phần mềm đất đai ViLIS đang bảo trì đến .*: Nâng cấp máy chủ ViLIS/)
      .waitFor()
    const timelines = page.getByRole('region', { name: 'Tình trạng các hệ thống' }).first()
    await timelines.locator('.recharts-bar-rectangle').first().waitFor()
    await timelines.getByText('Xem dạng bảng').click()
    await timelines.getByRole('cell', { name: 'Bảo trì' }).waitFor()
    await timelines.getByText('1 giờ', { exact: true }).click()
    await timelines.getByRole('cell', { name: 'Bảo trì' }).waitFor()
    await timelines.getByText('7 ngày').click()
    await timelines.getByRole('cell', { name: 'Bảo trì' }).waitFor()
    await page.getByRole('link', { name: 'Hệ thống', exact: true }).click()
    await vilis.getByRole('button', { name: 'Kết thúc ngay' }).click()
    await dialog.getByLabel('Lý do').fill('Nâng cấp xong sớm')
    await dialog.getByRole('button', { name: 'Kết thúc ngay' }).click()
    await vilis.getByText(/^Đang bảo trì đến/).waitFor({ state: 'detached' })
    expect(shown.complaints).toEqual([])
  })

  it('says on every page that the queue is away: since when, what goes on and waits, what to do and where; and nothing when it is back', async () => {
    const { page } = shown
    const { db } = system.context
    await keepQueueOutage(db, { process: 'may-2:4123', since: new Date('2026-11-28T19:14:00Z'), cause: 'ECONNREFUSED' })
    await shown.openAs('operator', '/systems')
    const told = page.getByRole('status').filter({ hasText: 'Hàng đợi (Redis) không tới được từ' })
    await told.getByText(/02:14:00/).waitFor()
    await told.getByText(/^Vẫn chạy: nhận hồ sơ .* không mất/).waitFor()
    await told.getByText(/^Đang chờ: gửi đi/).waitFor()
    await told.getByText(/^Việc cần làm: xem Redis .* từ: may-2:4123 \(ECONNREFUSED\)\./).waitFor()
    expect(await shown.faults()).toEqual([])
    await page.getByRole('link', { name: 'Tổng quan' }).click()
    await told.waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page
      .getByRole('status')
      .getByText(/^What to do: see whether Redis .* from: may-2:4123 \(ECONNREFUSED\)/)
      .waitFor()
    await forgetQueueOutage(db, 'may-2:4123')
    await page.getByText('The queue (Redis) cannot be reached').waitFor({ state: 'detached' })
    expect(shown.complaints).toEqual([])
  })

  // What was received some weeks ago may be of last year.
  const year = new Date().getUTCFullYear()
  const reports = `/reports?from=${year - 1}-01&to=${year + 1}-12&by=COMMUNE`

  it('shows whom a dossier waited for, issues a letter of apology that can be printed, and counts the dossier in the report', async () => {
    const { page } = shown
    const received = Date.now() - 20 * 86_400_000
    const overrides = {
      unitCode: '28594',
      unitName: 'Xã Chợ Gạo',
      receivedAt: new Date(received).toISOString(),
      dueAt: new Date(received + 3 * 86_400_000).toISOString(),
    }
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })
    await system.drain()
    await openLedger(system.context).keep()
    await shown.openAs('officer', `/dossiers/${code}`)
    // The side that the dossier comes from says what it says, though nothing is sent to it.
    const desk = page.getByRole('region', { name: 'Một cửa điện tử' }).first()
    await desk.getByText('Hồ sơ bắt đầu từ bên này.').waitFor()
    await desk.getByText(/^Được tiếp nhận, /).waitFor()
    const time = page.getByRole('region', { name: 'Thời gian giải quyết' })
    await time.getByText('Trễ hạn', { exact: true }).waitFor()
    await time.getByRole('rowheader', { name: 'Bộ phận một cửa' }).waitFor()
    await page.getByRole('button', { name: 'Lập phiếu xin lỗi' }).click()
    const dialog = page.getByRole('dialog')
    const calendar = await readWorkingCalendar(system.context.db)
    const inHalfAYear = calendar.nextWorkingInstant(new Date(Date.now() + 200 * 86_400_000))
    await dialog.getByLabel('Ngày giờ hẹn lại').fill(`${localDateOf(inHalfAYear)}T09:00`)
    await dialog.getByLabel('Lý do ghi trên phiếu').fill('Cần thẩm tra thêm nguồn gốc đất.')
    await dialog.getByRole('button', { name: 'Lập phiếu xin lỗi' }).click()
    await page.getByText('Đã lập phiếu 01').waitFor()
    const printing = page.waitForEvent('download')
    await page.getByRole('button', { name: /Tải bản in phiếu 01/ }).click()
    const letter = await printing
    expect(letter.suggestedFilename()).toMatch(/^phieu-xin-loi-01-\d{4}-PXL\.pdf$/)
    expect((await readFile(await letter.path())).subarray(0, 5).toString()).toBe('%PDF-')

    await shown.openAs('operator', reports)
    await page.getByRole('rowheader', { name: 'Xã Chợ Gạo' }).waitFor()
    // The charts come after the figures.
    for (const name of ['Số hồ sơ', 'Giờ làm việc']) await page.getByRole('region', { name }).locator('.recharts-surface').first().waitFor()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Tải bảng (CSV)' }).click()
    expect((await downloading).suggestedFilename()).toMatch(/^bao-cao-lien-thong-.*\.csv$/)
    // Who may not see whom it names is offered no letter.
    await shown.goTo(`/dossiers/${code}`)
    await time.waitFor()
    expect(await page.getByRole('button', { name: 'Lập phiếu xin lỗi' }).count()).toBe(0)
    expect(shown.complaints).toEqual([])
  })

  it('says why a file is not given', async () => {
    const { page } = shown
    await shown.openAs('operator', '/audit?transfer=abc')
    await page.getByRole('button', { name: 'Tải về CSV' }).click()
    await page.getByText('Mã lượt liên thông không đúng dạng.').last().waitFor()
  })

  // Each scheme, each width and each language once: a page takes seconds of axe's time.
  describe.each([
    ['dark', { width: 1280, height: 900 }, 'en'],
    ['light', { width: 360, height: 740 }, 'vi'],
  ] as const)('in %s at %j, %s', (scheme, viewport, language) => {
    it('has no serious fault of accessibility on the pages of operation, and fits the screen', async () => {
      await shown.page.close()
      shown = await openConsole(browser, system, viewport, scheme)
      const { page } = shown
      const [code] = await refuseAll(system, 1)
      const { id } = await transferOf(system, `${code}.RECEIVE.1`)
      const plan = await planned(system, { states: ['REJECTED'] })
      await look('UNAVAILABLE')
      await openLedger(system.context).keep()
      const [cause] = await system.context.db.query<{ id: string }>('SELECT id::text FROM failure_cause LIMIT 1')
      await shown.openAs('operator', '/')
      if (language === 'en') {
        await page.getByRole('button', { name: /English/ }).click()
        await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      } else await page.getByRole('heading', { level: 1, name: 'Tổng quan' }).waitFor()
      const found: Record<string, unknown> = {}
      const words = language === 'en' ? 1 : 0
      for (const [path, ...ready] of [
        ['/', 'Nguyên nhân lỗi nhiều nhất', 'Top causes of failure'],
        ['/causes', 'Gặp lần đầu', 'First seen'],
        [`/causes/${cause?.id}`, 'Gặp lần đầu', 'First seen'],
        [`/transfers/${id}`, 'Gặp lần đầu', 'First seen'],
        ['/plans', 'Chưa chạy thử', 'No dry run yet'],
        ['/plans/new?state=REJECTED', 'Khớp điều kiện lúc này', 'Matching now'],
        [`/plans/${plan.id}`, 'Các lượt trong kế hoạch', 'Transfers of the plan'],
        ['/alerts', 'Thông báo đã gửi', 'Notices'],
        ['/audit', 'Giá trị trước và sau', 'Values before and after'],
        [`/dossiers/${code}`, 'Các bước (hồ sơ ISO 9001)', 'Steps (ISO 9001 record)'],
        [reports, 'Chờ liên thông (giờ)', 'Waited on interlink (h)'],
      ] as const) {
        if (path !== '/') await shown.goTo(path)
        await page
          .getByText(ready[words] ?? '')
          .first()
          .waitFor()
        if (path.startsWith('/transfers/')) {
          await page.getByRole('button', { name: /Nội dung lần 1|Content of attempt 1/ }).click()
          await page.getByText('Envelope').first().waitFor()
        }
        found[path] = await shown.faults()
        const isWider = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
        expect([path, isWider]).toEqual([path, false])
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((path) => [path, []])))
      expect(shown.complaints).toEqual([])
      await look('ACCEPTED')
    })
  })

  describe.each([
    ['light', 'vi'],
    ['dark', 'en'],
  ] as const)("the citizens' page in %s, %s", (scheme, language) => {
    it('tells on a small screen, by the keyboard alone, how a dossier stands, and is the same for every wrong guess', async () => {
      await shown.page.close()
      shown = await openConsole(browser, system, { width: 360, height: 740 }, scheme)
      const { page } = shown
      const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
      await system.drain()
      const [party] = await system.context.db.query<{ idNumber: string; name: string }>(
        `SELECT p.id_number AS "idNumber", p.full_name AS name FROM dossier d JOIN party p ON p.id = d.applicant_id WHERE d.code = $1`,
        [code],
      )
      const digits = (party?.idNumber ?? '').replaceAll(/\D/g, '').slice(-4)
      await page.goto(`${system.gateway.url}/tra-cuu#ma=${code}`)
      const words = language === 'en'
      if (words) await page.getByRole('button', { name: 'English' }).click()
      const [codeLabel, digitsLabel] = words ? ['Dossier code', 'Last four digits'] : ['Mã hồ sơ', 'Bốn số cuối']
      expect(await page.getByLabel(codeLabel).inputValue()).toBe(code)
      await page.getByLabel(digitsLabel).focus()
      await page.keyboard.type('12')
      await page.keyboard.press('Enter')
      await page.getByText(words ? 'Enter exactly four digits.' : 'Xin nhập đúng bốn chữ số.').waitFor()
      await page.keyboard.press('Control+A')
      await page.keyboard.type(digits)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 2, name: code }).waitFor()
      await until('the answer has the focus', () => page.evaluate<boolean>('document.activeElement?.id === "answer-title"'))
      await page
        .getByText(words ? 'The land registry office is working on the dossier.' : /cơ quan đăng ký đất đai/i)
        .first()
        .waitFor()
      expect(await page.content()).not.toContain(party?.name)
      expect(page.url()).not.toContain(digits)
      expect(await shown.faults()).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')).toBe(false)
      const sentences: (string | null)[] = []
      for (const [wrongCode, wrongDigits] of [
        [code, digits === '0000' ? '0001' : '0000'],
        ['H58.22-200101-9999', digits],
      ] as const) {
        await page.getByLabel(codeLabel).fill(wrongCode)
        await page.getByLabel(digitsLabel).fill(wrongDigits)
        await page.keyboard.press('Enter')
        await page.locator('#answer p.fault').waitFor()
        sentences.push(await page.locator('#answer').textContent())
        await page.reload()
      }
      expect(sentences[0]).toBe(sentences[1])
      expect(sentences[0]).toMatch(words ? /^No dossier fits/ : /^Không có hồ sơ nào khớp/)
      expect(await shown.faults()).toEqual([])
      expect(shown.complaints).toEqual([])
      expect(shown.asked.every((address) => address.startsWith(system.gateway.url))).toBe(true)
      expect(
        shown.asked.filter((address) => !/\/(tra-cuu|graphql|console\/assets\/tra-cuu-[^/]*|console\/icon\.svg)(#.*)?$/.test(address)),
      ).toEqual([])
    })
  })
})
