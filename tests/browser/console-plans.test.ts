import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { workOnBatches } from '../../src/operator/run-discrepancy-batch.js'
import { repairsOf } from '../../src/reconciling.js'
import { findChromium, openChromium } from '../support/chromium.js'
import { type ConsolePage, openConsole } from '../support/console-page.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { auditOf, transferOf } from '../support/operator-acts.js'
import { raise } from '../support/raise.js'
import { goOn } from '../support/reconcile.js'
import { refuseAll, workThrough } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const chromium = findChromium()
const describeInBrowser = chromium === null ? describe.skip : describe

describeInBrowser('causes, replay plans and reconciliation in a browser', () => {
  let system: TestSystem
  let browser: Browser
  let shown: ConsolePage

  beforeAll(async () => {
    system = await openTestSystem({ gateway: true, replayPlans: { approvalAbove: 2 } })
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

  /** Gives the reason that a dialog asks for. */
  const confirm = async (name: string, reason: string): Promise<void> => {
    const dialog = shown.page.getByRole('dialog')
    await dialog.getByLabel('Lý do').fill(reason)
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  const act = async (name: string, reason: string): Promise<void> => {
    await shown.page.getByRole('button', { name, exact: true }).click()
    await confirm(name, reason)
  }
  const planId = (): string => new URL(shown.page.url()).pathname.split('/').at(-1) ?? ''

  it('makes a plan of a cause, tries it, has a second person approve it, runs it, and each dossier arrives once', async () => {
    const { page } = shown
    const codes = await refuseAll(system, 3)
    await shown.openAs('operator', '/')
    const causes = page.getByRole('region', { name: 'Nguyên nhân lỗi nhiều nhất' })
    await causes.getByText('3', { exact: true }).waitFor()
    await causes.getByRole('listitem').getByRole('link').first().click()
    await page.getByRole('link', { name: 'Lập kế hoạch gửi lại' }).click()
    await page.getByText('Khớp điều kiện lúc này: 3 lượt').waitFor()
    await page.getByText('Quá 2 lượt: kế hoạch này cần người thứ hai duyệt trước khi chạy.').waitFor()
    await page.getByLabel('Tên kế hoạch').fill('Gửi lại sau khi ViLIS sửa lược đồ')
    await act('Lập kế hoạch gửi lại', 'ViLIS đã sửa lược đồ')

    await page.getByRole('heading', { level: 1, name: 'Gửi lại sau khi ViLIS sửa lược đồ' }).waitFor()
    await page.getByText(/nguyên nhân: “Tiếp nhận hồ sơ: .*SAI_LUOC_DO/).waitFor()
    await act('Chạy thử', 'Xem trước khi gửi')
    await workThrough(system, { id: planId() })
    const forecasts = page.getByRole('region', { name: 'Dự báo của lần chạy thử' })
    await forecasts.getByRole('row', { name: 'Sẽ được gửi 3' }).waitFor()
    await page.getByText('Bạn lập kế hoạch này').waitFor()
    expect(await page.getByRole('button', { name: 'Duyệt', exact: true }).isDisabled()).toBe(true)

    const id = planId()
    await shown.openAs('admin', `/plans/${id}`)
    await act('Duyệt', 'Đã xem lần chạy thử')
    await shown.openAs('operator', `/plans/${id}`)
    await act('Cho chạy', 'Người thứ hai đã duyệt')
    await workThrough(system, { id })
    await page.getByText('Đã xong 3 / 3 lượt').waitFor()
    await page.getByRole('region', { name: 'Kết quả' }).getByRole('row', { name: 'Bên nhận đã có 3' }).waitFor()
    for (const code of codes) {
      await page.getByRole('table').getByRole('link', { name: code }).waitFor()
      expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'DELIVERED' })
    }
    // A small screen shows the whole of each code, and by when it is due.
    await page.setViewportSize({ width: 360, height: 740 })
    const list = page.getByRole('table', { name: 'Các lượt' })
    for (const code of codes) {
      const cell = list.getByRole('cell', { name: code })
      await cell.waitFor()
      await until(
        'the whole code is seen',
        async () => cell.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
        10_000,
        () => cell.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]),
      )
      await list
        .getByRole('row', { name: code })
        .getByText(/^\d+\/\d+\/\d\d$/)
        .waitFor()
    }
    await expectAllDelivered(system)
  })

  it('makes a plan of all that a filter matches, and sends what was refused with what the source says by now', async () => {
    const { page } = shown
    const [code] = await refuseAll(system, 1)
    await shown.openAs('operator', '/transfers?system=VILIS&state=REJECTED')
    await page.getByRole('link', { name: 'Lập kế hoạch gửi lại 1 lượt khớp' }).click()
    await page.getByText('Kế hoạch quá 2 lượt cần người thứ hai duyệt trước khi chạy.').waitFor()
    await page.getByLabel('Tên kế hoạch').fill('Gửi lại một lượt')
    await page.getByLabel('Chỉ chạy từ (giờ)').fill('18:00')
    await page.getByLabel('đến (giờ)').fill('18:00')
    await page.getByText('Phải khác giờ bắt đầu; để chạy cả ngày thì để trống cả hai.').waitFor()
    await page.getByLabel('Chỉ chạy từ (giờ)').fill('')
    await page.getByLabel('đến (giờ)').fill('')
    await act('Lập kế hoạch gửi lại', 'ViLIS đã sửa')
    await page.getByRole('table').getByRole('link', { name: code }).waitFor()
    await page.getByRole('link', { name: 'Kế hoạch gửi lại' }).click()
    await page.getByRole('row', { name: /Gửi lại một lượt.*Chưa chạy thử/ }).waitFor()
    await page.getByRole('link', { name: 'Gửi lại một lượt' }).click()
    await act('Hủy kế hoạch', 'Chỉ thử lập')
    await page.getByText('Kế hoạch đã kết thúc.').waitFor()
    await page.getByText('Đã xong 0 / 1 lượt, bỏ qua 1').waitFor()
    const { id, state } = await transferOf(system, `${code}.RECEIVE.1`)
    expect(state).toBe('REJECTED')

    await system.context.db.query(`UPDATE procedure SET name = 'Tên thủ tục đã sửa' WHERE code = '1.012783'`)
    await shown.goTo(`/transfers/${id}`)
    await act('Thay bằng nội dung mới', 'Đã sửa tên thủ tục ở danh mục')
    await page.getByText('Đã lập lượt mới thay lượt này.').waitFor()
    await system.drain()
    await page.getByText('Bên nhận đã nhận').first().waitFor()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'SUPERSEDED' })
    await expectAllDelivered(system)
  })

  it('explains a refused transfer, shows what went over the wire, keeps a note for the next operator, and sends it once mended', async () => {
    const { page } = shown
    const [code] = await refuseAll(system, 1)
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    await shown.openAs('operator', `/transfers/${id}`)
    await page.getByRole('region', { name: 'Đã xảy ra gì' }).getByText('Việc cần làm:').waitFor()

    await page.getByRole('button', { name: 'Nội dung lần 1' }).click()
    const request = page.getByRole('region', { name: 'Yêu cầu' })
    await request.getByText('Envelope').first().waitFor()
    const masked = await request.textContent()
    await act('Xem nguyên văn', 'So với hồ sơ giấy')
    await page.getByText('Đang hiện nguyên văn có dữ liệu cá nhân').waitFor()
    expect(await request.textContent()).not.toBe(masked)
    await page.getByRole('button', { name: 'Che lại' }).click()
    expect(await request.textContent()).toBe(masked)

    await page.getByRole('button', { name: 'Ghi chú, cách xử lý' }).click()
    await page.getByRole('dialog').getByLabel('Ghi chú').fill('ViLIS kiểm tra lược đồ cũ')
    await page.getByRole('dialog').getByLabel('Cách xử lý').fill('Báo ViLIS, rồi gửi lại')
    await page.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click()
    await page.getByText('Báo ViLIS, rồi gửi lại').waitFor()

    await act('Gửi lại', 'ViLIS đã sửa lược đồ')
    await page.getByText('Đã đưa vào hàng gửi lại.').waitFor()
    await system.drain()
    await page.getByText('Lần 2: Gửi').waitFor()
    await page.getByRole('button', { name: 'Nội dung lần 2' }).click()
    await page.getByText('Khác lần 1').click()
    await page.getByRole('region', { name: 'Trả lời' }).locator('ins').first().waitFor()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'DELIVERED' })
    expect((await auditOf(system, id)).map(({ reason }) => reason)).toEqual(['So với hồ sơ giấy', 'ViLIS đã sửa lược đồ'])
  })

  it('shows an officer neither causes nor plans', async () => {
    const { page } = shown
    await shown.openAs('officer', '/transfers')
    await page.getByRole('heading', { level: 1, name: 'Lượt liên thông' }).waitFor()
    expect(await page.getByRole('link', { name: 'Kế hoạch gửi lại' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Nguyên nhân lỗi' }).count()).toBe(0)

    // Nor at an address that somebody has sent them.
    for (const [path, name] of [
      ['/plans', 'Kế hoạch gửi lại'],
      ['/plans/new?state=REJECTED', 'Kế hoạch gửi lại'],
      ['/audit', 'Nhật ký'],
    ] as const) {
      await shown.openAs('officer', path)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await page.getByText('Vai trò của bạn (Cán bộ một cửa) không dùng trang này.').waitFor()
      expect(await page.getByRole('main').getByRole('button').or(page.getByRole('main').getByRole('link')).count()).toBe(0)
    }
    expect(await shown.faults()).toEqual([])
    expect(shown.complaints).toEqual([])
  })

  it('shows what a run has found with both sides next to each other, takes a repair with its reason, and acts on all that match', async () => {
    const { page } = shown
    const codes: string[] = []
    for (let index = 0; index < 2; index += 1)
      codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code)
    await system.drain()
    const [due, gone] = codes as [string, string]
    await system.twins.VILIS.act('drift', { kind: 'DUE_DATE', code: due })
    await system.twins.VILIS.act('drift', { kind: 'DELETED', code: gone })

    await shown.openAs('operator', '/runs')
    await page.getByRole('button', { name: 'Mở lượt đối soát' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Phạm vi').click()
    await page.getByRole('option', { name: 'Toàn bộ' }).click()
    await confirm('Mở lượt đối soát', 'Đối soát sau khi ViLIS được phục hồi')
    await page.getByRole('row', { name: /Toàn bộ.*Chờ chạy/ }).waitFor()
    const [run] = await system.context.db.query<{ id: string }>(`SELECT id::text FROM reconciliation_run`)
    await goOn(system, run?.id as string)
    await page.getByRole('link', { name: 'Toàn bộ' }).click()
    await page.getByRole('region', { name: 'Kết quả' }).getByRole('row', { name: 'Bên kia thiếu hồ sơ ViLIS 1 1 0 0 0' }).waitFor()
    expect(await shown.faults()).toEqual([])
    await page.getByRole('link', { name: 'Xem các sai lệch của lượt này' }).click()

    await page.getByRole('link', { name: due }).click()
    const sides = page.getByRole('table', { name: 'Hai bên' })
    await sides.getByRole('row', { name: /Hạn trả.*khác:.*khác:/ }).waitFor()
    expect(await page.evaluate(`getComputedStyle(document.querySelector('[class*=differs]')).backgroundColor`)).toBe('rgb(255, 243, 191)')
    expect(await page.getByRole('button', { name: 'Gửi lại cho bên kia' }).isDisabled()).toBe(true)
    await page.getByText(/Theo bảng thẩm quyền, điều này do .*ViLIS quyết định: không gửi đè lên/).waitFor()
    expect(await shown.faults()).toEqual([])
    await act('Sửa ở cổng liên thông', 'ViLIS quyết định hạn trả')
    await page.getByText('Đang sửa, chờ kiểm lại', { exact: true }).waitFor()

    await shown.goTo(`/dossiers/${gone}`)
    await page.getByRole('region', { name: 'Phần mềm đất đai ViLIS' }).getByRole('link', { name: 'Bên kia thiếu hồ sơ' }).waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    await shown.goTo('/discrepancies?class=MISSING_THERE')
    await page.getByRole('link', { name: gone }).waitFor()
    // What decides is seen without scrolling the table.
    const row = page.getByRole('row', { name: gone }).filter({ hasText: 'Gửi lại cho bên kia' })
    await row.getByText('Đang lệch', { exact: true }).waitFor()
    const list = `document.querySelector('[role=group][aria-label="Danh sách sai lệch"]')`
    expect(await page.evaluate(`${list}.scrollWidth > ${list}.clientWidth`)).toBe(false)
    expect(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')).toBe(false)
    await page.getByRole('button', { name: 'Xử lý tất cả đang khớp…' }).click()
    await dialog.getByText('Khớp 1 sai lệch.').waitFor()
    await dialog.getByText('làm được 1').waitFor()
    expect(await shown.faults()).toEqual([])
    await confirm('Làm với 1 sai lệch', 'Gửi lại hồ sơ ViLIS đã mất')
    await page.getByText('Các đợt xử lý hàng loạt').waitFor()
    await workOnBatches({ ...repairsOf(system.context), onError: raise }, () => false)
    await page.getByText('đã làm: 1').waitFor()
    expect(shown.complaints).toEqual([])
  })

  it('picks transfers one by one for a plan', async () => {
    const { page } = shown
    await refuseAll(system, 3)
    await shown.openAs('operator', '/transfers?system=VILIS&state=REJECTED')
    const boxes = page.getByRole('table').getByRole('checkbox')
    await boxes.nth(2).waitFor()
    await boxes.nth(0).check()
    await boxes.nth(2).check()
    await page.getByRole('link', { name: 'Lập kế hoạch gửi lại 2 lượt đã chọn' }).click()
    await page.getByText('Khớp điều kiện lúc này: 2 lượt').waitFor()
  })
})
