import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { findChromium, openChromium } from '../support/chromium.js'
import { type ConsolePage, openConsole } from '../support/console-page.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { auditOf, transferOf } from '../support/operator-acts.js'
import { refuseAll, workThrough } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

const chromium = findChromium()
jest.setTimeout(180_000)
const describeInBrowser = chromium === null ? describe.skip : describe

describeInBrowser('causes and replay plans in a browser', () => {
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
    await page.getByLabel('Tên kế hoạch').fill('Gửi lại sau khi ViLIS sửa lược đồ')
    await act('Lập kế hoạch gửi lại', 'ViLIS đã sửa lược đồ')

    await page.getByRole('heading', { level: 1, name: 'Gửi lại sau khi ViLIS sửa lược đồ' }).waitFor()
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
    await expectAllDelivered(system)
  })

  it('makes a plan of all that a filter matches', async () => {
    const { page } = shown
    const [code] = await refuseAll(system, 1)
    await shown.openAs('operator', '/transfers?system=VILIS&state=REJECTED')
    await page.getByRole('link', { name: 'Lập kế hoạch gửi lại 1 lượt khớp' }).click()
    await page.getByLabel('Tên kế hoạch').fill('Gửi lại một lượt')
    await act('Lập kế hoạch gửi lại', 'ViLIS đã sửa')
    await page.getByRole('table').getByRole('link', { name: code }).waitFor()
    await page.getByRole('link', { name: 'Kế hoạch gửi lại' }).click()
    await page.getByRole('row', { name: /Gửi lại một lượt.*Chưa chạy thử/ }).waitFor()
    await page.getByRole('link', { name: 'Gửi lại một lượt' }).click()
    await act('Hủy kế hoạch', 'Chỉ thử lập')
    await page.getByText('Kế hoạch đã kết thúc.').waitFor()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'REJECTED' })
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
  })
})
