import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { findChromium, openChromium } from '../support/chromium.js'
import { type ConsolePage, openServedConsole } from '../support/console-page.js'
import { type StartedStack, startStack } from '../support/started-stack.js'
import type { AcceptedDeed } from '../support/test-system.js'
import { until } from '../support/until.js'

const chromium = findChromium()
const describeInBrowser = chromium === null ? describe.skip : describe

const ROWS = 500
const AT_ONCE = 10
/** However busy the machine is with other things: here it matters that it ends, not when. */
const PATIENCE_MS = 600_000

/** From the outage to the last row of the plan, at the console alone and against the processes of `npm start`. */
describeInBrowser('the night after an outage, with all that npm start starts', () => {
  let stack: StartedStack
  let browser: Browser
  /** The operator's screen, and that of the one who approves. */
  let operator: ConsolePage
  let second: ConsolePage

  beforeAll(async () => {
    stack = await startStack({ alerts: { everyMs: 1_000, rules: { systemDown: { minutes: 0 } } }, replayPlans: { everyMs: 200 } })
    browser = await openChromium(chromium ?? '')
    operator = await openServedConsole(browser, stack)
    second = await openServedConsole(browser, stack, { width: 360, height: 740 }, 'dark')
    for (const { page } of [operator, second]) page.setDefaultTimeout(PATIENCE_MS / 2)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  })

  const taken: string[] = []
  const take = async (count: number): Promise<void> => {
    const overrides = { procedureCode: '1.012783' }
    for (let left = count; left > 0; left -= AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, left) }, async () =>
          taken.push((await stack.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })).code),
        ),
      )
  }
  const actOn = async ({ page }: ConsolePage, name: string, reason: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Lý do').fill(reason)
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  /** Each dossier as often as ViLIS has taken it. */
  const atVilis = async (): Promise<string[]> => {
    const deeds = (await stack.twins.VILIS.deeds()).filter(({ what }) => what === 'ACCEPTED')
    return deeds.map(({ detail }) => (detail as unknown as AcceptedDeed).dossierCode)
  }
  /** With what the desk has taken by itself before it was told to be quiet. */
  const takenAtDesk = async (): Promise<string[]> => {
    const deeds = (await stack.twins.ONE_STOP.deeds()).filter(({ what }) => what === 'DOSSIER_TAKEN')
    return deeds.map(({ detail }) => (detail as { dossier: { code: string } }).dossier.code).sort()
  }
  const takenByVilis = async (): Promise<string[]> => (await atVilis()).filter((code) => taken.includes(code)).sort()
  const vilis = () => operator.page.getByRole('region', { name: 'Phần mềm đất đai ViLIS' })
  const causes = () => operator.page.getByRole('region', { name: 'Nguyên nhân lỗi nhiều nhất' })

  /** An operator sees it within seconds, takes the alert, and sees what waits and why. */
  const seeTheOutage = async (): Promise<void> => {
    const { page } = operator
    await operator.openAs('operator', '/')
    await take(1)
    const day = await takenAtDesk()
    const isThere = async (): Promise<boolean> => {
      const there = new Set(await atVilis())
      return day.every((code) => there.has(code))
    }
    // A call that a busy machine lets run out of time is asked about first, once the longest processing time has passed.
    await until('ViLIS has all of the day', isThere, PATIENCE_MS / 2)
    expect((await atVilis()).sort()).toEqual(day)
    await vilis().getByText('Đang trả lời').waitFor()
    await stack.twins.VILIS.offline()
    await take(1)
    await vilis().getByText('Không trả lời').waitFor()
    expect(await operator.faults()).toEqual([])
    await page.getByRole('link', { name: 'Cảnh báo đang mở: 1' }).click()
    await page.getByRole('article', { name: /ViLIS không trả lời/ }).waitFor()
    await actOn(operator, 'Nhận xử lý', 'Đã gọi đơn vị quản lý ViLIS')
    await page.getByText(/Người vận hành.*Đã gọi đơn vị quản lý ViLIS/).waitFor()
    expect(await page.getByRole('button', { name: 'Nhận xử lý' }).count()).toBe(0)
    await page.getByText('Chưa cấu hình kênh báo nào').waitFor()
    expect(await operator.faults()).toEqual([])

    await page.getByRole('link', { name: 'Tổng quan' }).click()
    await vilis().getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Lượt liên thông' }).waitFor()
    await page.getByRole('table').getByRole('link', { name: taken[1] }).click()
    await page.getByText('Lần 1: Gửi').waitFor()
  }

  /** It comes back refusing what it is sent: five hundred and one failures read as one cause. ViLIS may be asked faster, the operator is told. */
  const seeOneCause = async (): Promise<void> => {
    const { page } = operator
    const refusal = { kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 10 * ROWS } as const
    await stack.twins.VILIS.misbehave(refusal)
    await stack.twins.VILIS.online()
    await page.getByRole('link', { name: 'Hệ thống', exact: true }).click()
    await vilis().getByRole('button', { name: 'Đặt giới hạn' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Yêu cầu nhiều nhất trong một giây').fill('500')
    await dialog.getByLabel('Lý do').fill('ViLIS cho phép gửi nhanh hơn đêm nay')
    await dialog.getByRole('button', { name: 'Đặt giới hạn' }).click()
    await dialog.waitFor({ state: 'detached' })
    await take(ROWS)
    await page.getByRole('link', { name: 'Tổng quan' }).click()
    await causes()
      .getByText(String(ROWS + 1), { exact: true })
      .waitFor()
    expect(await causes().getByRole('listitem').count()).toBe(1)
    expect(await takenByVilis()).toEqual(taken.slice(0, 1))
    // Not before: one that a busy machine let run out of time comes a second time.
    await stack.twins.VILIS.behave()
  }

  /** What is mended is approved by a second person, on a small screen. */
  const mendOne = async (): Promise<void> => {
    const { page } = operator
    await causes().getByRole('listitem').getByRole('link').first().click()
    await page.getByRole('link', { name: String(ROWS + 1), exact: true }).click()
    await page
      .getByRole('status')
      .getByText(`${ROWS + 1} lượt`)
      .waitFor()
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('button', { name: 'Sửa và gửi lại' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Số giấy tờ').fill('082190004321')
    await dialog.getByRole('button', { name: 'Kiểm tra và xem khác biệt' }).click()
    await dialog.getByRole('table', { name: 'Các trường khác với nguồn' }).getByText('*********321').waitFor()
    await dialog.getByLabel('Lý do').fill('Sửa theo căn cước')
    await dialog.getByRole('button', { name: 'Sửa và gửi lại' }).click()
    await page.getByText('Người sửa không tự duyệt được').waitFor()

    await second.openAs('admin', new URL(page.url()).pathname.slice('/console'.length))
    await second.page.getByRole('table', { name: 'Các trường khác với nguồn' }).getByText('082190004321').waitFor()
    expect(await second.faults()).toEqual([])
    await actOn(second, 'Duyệt nội dung sửa', 'Đúng căn cước')
    await page.getByText('Bên nhận đã nhận').first().waitFor()
    expect(await takenByVilis()).toHaveLength(2)
  }

  /** The language is changed while the plan runs. */
  const sendTheOthers = async (): Promise<void> => {
    const { page } = operator
    await page.getByRole('link', { name: 'Nguyên nhân lỗi' }).click()
    await page.getByRole('link', { name: 'Lập kế hoạch gửi lại' }).first().click()
    await page.getByText(`Khớp điều kiện lúc này: ${ROWS} lượt`).waitFor()
    await page.getByLabel('Tên kế hoạch').fill('Gửi lại sau sự cố đêm qua')
    await actOn(operator, 'Lập kế hoạch gửi lại', 'ViLIS đã sửa lược đồ')
    await page.getByRole('heading', { level: 1, name: 'Gửi lại sau sự cố đêm qua' }).waitFor()
    await actOn(operator, 'Chạy thử', 'Xem trước khi gửi')
    await page
      .getByRole('region', { name: 'Dự báo của lần chạy thử' })
      .getByRole('row', { name: `Sẽ được gửi ${ROWS}` })
      .waitFor()
    expect(await takenByVilis()).toHaveLength(2)
    expect(await operator.faults()).toEqual([])
    await actOn(operator, 'Cho chạy', 'Chạy thử tốt')
    await page.getByRole('button', { name: /English/ }).click()
    await page.getByText(`${ROWS} of ${ROWS} done`).waitFor()
    await page
      .getByRole('region', { name: 'Results' })
      .getByRole('row', { name: `They have it ${ROWS}` })
      .waitFor()
    // What the gateway says, told over the socket too.
    await page.getByText(/causes: .*SAI_LUOC_DO/).waitFor()
    expect(await operator.faults()).toEqual([])
    expect(await takenByVilis()).toEqual([...taken].sort())

    await page.getByRole('button', { name: /Tiếng Việt/ }).click()
    await page.getByRole('link', { name: 'Nhật ký của kế hoạch này' }).click()
    await page.getByText(`${ROWS + 5} thao tác`).waitFor()
    await page.getByRole('link', { name: 'Cảnh báo', exact: true }).click()
    await page
      .getByRole('article', { name: /ViLIS không trả lời/ })
      .getByText('Hết lúc')
      .waitFor()
  }

  it(
    'an operator sees it, mends one refused transfer, and sends five hundred others by a plan; ViLIS has each once',
    async () => {
      await seeTheOutage()
      await seeOneCause()
      await mendOne()
      await sendTheOthers()
    },
    PATIENCE_MS,
  )

  it('shows an officer neither causes nor plans, has asked nobody but the gateway, and ends in order', async () => {
    const { page } = second
    await second.openAs('officer', '/transfers')
    await page.getByRole('heading', { level: 1, name: 'Lượt liên thông' }).waitFor()
    await page.getByRole('button', { name: 'Danh mục' }).click()
    expect(await page.getByRole('link', { name: 'Kế hoạch gửi lại' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Nguyên nhân lỗi' }).count()).toBe(0)
    const asked = [...operator.asked, ...second.asked].filter((address) => /^(https?|wss?):/.test(address))
    const others = asked.filter((address) => new URL(address).host !== new URL(stack.url).host)
    expect({ others, complaints: [...operator.complaints, ...second.complaints] }).toEqual({ others: [], complaints: [] })
    await browser.close()
    expect(await stack.stop()).toBe(0)
  })
})
