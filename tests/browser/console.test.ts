import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { findChromium, openChromium } from '../support/chromium.js'
import { type ConsolePage, type ConsoleRole, consoleToken, openConsole } from '../support/console-page.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { auditOf, transferOf } from '../support/operator-acts.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

const chromium = findChromium()
const describeInBrowser = chromium === null ? describe.skip : describe

describeInBrowser('the console in a browser', () => {
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

  const take = async (): Promise<string> => (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code

  it('shows an operator an outage, lets them replay what waits once it is over, and shows it delivered without being loaded again', async () => {
    const { page } = shown
    await shown.openAs('operator', '/')
    const vilis = page.getByRole('region', { name: 'Phần mềm đất đai ViLIS' })
    await vilis.getByText('Chưa rõ').or(vilis.getByText('Đang trả lời')).waitFor()

    await system.twins.VILIS.offline()
    const code = await take()
    await system.drain()
    await page.getByRole('link', { name: code }).waitFor()

    await vilis.getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('link', { name: code }).click()
    await page.getByRole('heading', { level: 1, name: code }).waitFor()
    await page.getByText('Lần 1: Gửi').waitFor()

    await system.twins.VILIS.online()
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.postData()?.includes('mutation ReplayTransfer')) sent.push(request.url())
    })
    await page.getByRole('button', { name: 'Gửi lại', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Lý do').fill('ViLIS đã chạy lại, gửi lại ngay')
    await dialog.getByRole('button', { name: 'Gửi lại', exact: true }).dblclick()
    await page.getByText('Đã đưa vào hàng gửi lại.').waitFor()
    await system.drain()
    await page.getByText('Bên nhận đã nhận').waitFor()

    expect(sent).toHaveLength(1)
    const transfer = await transferOf(system, `${code}.RECEIVE.1`)
    expect((await auditOf(system, transfer.id)).map(({ reason }) => reason)).toEqual(['ViLIS đã chạy lại, gửi lại ngay'])
    expect(transfer.state).toBe('DELIVERED')
    await expectAllDelivered(system)
  })

  /** ViLIS is down while these come, and up again: they wait for their next attempt. */
  const takeWhileDown = async (count: number): Promise<string[]> => {
    await system.twins.VILIS.offline()
    const codes: string[] = []
    for (let number = 0; number < count; number += 1) codes.push(await take())
    await system.drain()
    await system.twins.VILIS.online()
    return codes
  }

  it('lets an operator amend what was refused, names what is wrong at its field, and lets another person approve it', async () => {
    const { page } = shown
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    await shown.openAs('operator', '/transfers')
    await page.getByRole('button', { name: 'Điều kiện tìm' }).click()
    await page.getByRole('combobox', { name: 'Nguyên nhân', exact: true }).click()
    await page.getByRole('option', { name: /^ViLIS: .*SAI_LUOC_DO/ }).click()
    await page.getByRole('button', { name: 'Tìm', exact: true }).click()
    await page.waitForURL((url) => url.searchParams.has('cause'))
    // The dossier's transfer to the portal has no cause: it goes from the list.
    const listed = page.getByRole('table').getByRole('link', { name: code })
    await listed.nth(1).waitFor({ state: 'detached' })
    await listed.click()
    await page.waitForURL((url) => url.pathname.endsWith(id))
    const what = page.getByRole('region', { name: 'Đã xảy ra gì' })
    await what.getByText(/^ViLIS không chấp nhận cấu trúc thông điệp/).waitFor()
    await what.getByText('Phía cổng liên thông').waitFor()
    await what.getByText(/“Sửa và gửi lại”/).waitFor()
    await page.getByText('Dừng lại lúc', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sửa và gửi lại' }).click()
    const dialog = page.getByRole('dialog')
    // Reading begins at what the dialog is for, and not at the button that closes it.
    await dialog.locator(':focus').filter({ hasText: 'Sửa các trường sai' }).waitFor()
    // What a field asks for reads as a hint before anything is typed.
    await dialog.getByText('Số điện thoại gồm 8 đến 15 chữ số.').waitFor()
    // Whatever the browser's language makes of the day and the month.
    const due = dialog.getByLabel('Ngày hẹn trả')
    const was = await due.inputValue()
    await due.fill('2030-12-11T07:30')
    await dialog.getByText('Tức là 07:30 ngày 11/12/2030.').waitFor()
    await due.fill(was)
    await dialog.getByLabel('Số giấy tờ').fill('12')
    await dialog.getByRole('button', { name: 'Kiểm tra và xem khác biệt' }).press('Enter')
    await dialog.getByText('Có 1 lỗi, xem ở từng trường.').waitFor()
    // Who is refused goes on where the fault is.
    await dialog.locator('[aria-invalid="true"]:focus').waitFor()
    expect(await dialog.getByLabel('Số giấy tờ').getAttribute('aria-invalid')).toBe('true')
    expect(await shown.faults()).toEqual([])
    await dialog.getByLabel('Số giấy tờ').fill('082190004321')
    await dialog.getByRole('button', { name: 'Kiểm tra và xem khác biệt' }).click()
    await dialog.getByRole('table', { name: 'Các trường khác với nguồn' }).getByText('*********321').waitFor()
    await dialog.getByLabel('Lý do').fill('Sửa theo căn cước')
    // Nothing that was typed goes by a key or a click beside it.
    await page.keyboard.press('Escape')
    await page.mouse.click(2, 2)
    await dialog.getByRole('button', { name: 'Sửa và gửi lại' }).click()
    await page.getByText('Đã lập lượt mới với nội dung sửa.').waitFor()
    await page.getByText('Người sửa không tự duyệt được').waitFor()

    await page.waitForURL((url) => !url.pathname.endsWith(id))
    const amended = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await shown.openAs('admin', `/transfers/${amended}`)
    await page.getByRole('table', { name: 'Các trường khác với nguồn' }).getByText('082190004321').waitFor()
    expect(await shown.faults()).toEqual([])
    await page.getByRole('button', { name: 'Duyệt nội dung sửa', exact: true }).click()
    await dialog.getByLabel('Lý do').fill('Đúng căn cước')
    await dialog.getByRole('button', { name: 'Duyệt nội dung sửa' }).click()
    await page.getByText('Đã duyệt, lượt này đi theo thứ tự.').waitFor()
    await system.drain()
    await page.getByText('Bên nhận đã nhận').waitFor()
    await page.getByText('Kết thúc', { exact: true }).waitFor()
    expect((await transferOf(system, `${code}.RECEIVE.1-2`)).state).toBe('DELIVERED')
    await expectAllDelivered(system)
  })

  it('shows an officer what is theirs, and says why they may not act', async () => {
    const { page } = shown
    const code = await take()
    await system.drain()
    const [unit] = await system.context.db.query<{ commune: string }>(
      'SELECT u.code AS commune FROM dossier d JOIN administrative_unit u ON u.id = d.receiving_unit_id WHERE d.code = $1',
      [code],
    )
    const communes = [unit?.commune ?? '']
    await shown.openAs('officer', '/systems', communes)
    await page.getByRole('heading', { name: 'Cổng dịch vụ công' }).waitFor()
    expect(await page.getByRole('button', { name: 'Tạm dừng' }).count()).toBe(0)
    expect(await page.getByText('Cầu dao').count()).toBe(0)
    await page.getByRole('link', { name: 'Lượt liên thông' }).click()
    await page.getByRole('link', { name: code }).first().click()
    await page.getByText('Vai trò Cán bộ một cửa không được dùng chức năng này.').waitFor()
    expect(await page.getByRole('button', { name: 'Gửi lại', exact: true }).count()).toBe(0)
  })

  it('tells the second of two operators in a sentence that there is nothing left to do', async () => {
    const { page } = shown
    const [code] = await takeWhileDown(1)
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    await shown.openAs('operator', `/transfers/${id}`)
    await page.getByRole('button', { name: 'Gửi lại', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Lý do').fill('Gửi lại sau sự cố')
    await system.pass(120_000)
    await system.drain()
    await dialog.getByRole('button', { name: 'Gửi lại', exact: true }).press('Enter')
    await dialog.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
    // Refused, the keyboard is still in the dialog, and goes round in it.
    for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab']) {
      expect(await dialog.locator(':focus').count()).toBe(1)
      await page.keyboard.press(key)
    }
    expect(await dialog.locator(':focus').count()).toBe(1)
    expect(await auditOf(system, id)).toEqual([])
  })

  it('keeps a filter in the address, under a name too, and is walked through by keys', async () => {
    const { page } = shown
    const codes = [await take(), await take()]
    await system.drain()
    const other = page.getByRole('link', { name: codes[1] ?? '' }).first()
    await shown.openAs('operator', '/transfers')
    await other.waitFor()
    await page.getByRole('searchbox', { name: /^Tìm nhanh/ }).fill(codes[0] ?? '')
    await page.keyboard.press('Enter')
    await other.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe(`?text=${codes[0]}`)
    await page.getByRole('link', { name: 'Tất cả' }).click()
    await other.waitFor()
    await page.getByRole('button', { name: 'Điều kiện tìm' }).click()
    await page.getByLabel('Mã hồ sơ', { exact: true }).fill(codes[0] ?? '')
    await page.keyboard.press('Enter')
    await other.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe(`?code=${codes[0]}`)
    await page.getByLabel('Tên bộ lọc').fill('Hồ sơ của tôi')
    await page.getByRole('button', { name: 'Lưu bộ lọc này' }).click()
    await page.getByRole('link', { name: 'Tất cả' }).click()
    await page.waitForURL((url) => url.search === '')
    await other.waitFor()
    await page.getByRole('link', { name: 'Hồ sơ của tôi' }).click()
    await page.waitForURL((url) => url.search === `?code=${codes[0]}`)
    // The address changes before the list does, and with the list the focus goes.
    await other.waitFor({ state: 'detached' })
    const links = page.getByRole('table').getByRole('link', { name: codes[0] ?? '' })
    const focused = (row: number) =>
      until(`row ${row} has the focus`, () =>
        page.evaluate<boolean>(`document.activeElement?.closest("[data-index]")?.dataset.index === "${row}"`),
      )
    await links.first().focus()
    await page.keyboard.press('End')
    await focused((await links.count()) - 1)
    await page.keyboard.press('Home')
    await focused(0)
    await page.keyboard.press('ArrowDown')
    await focused(1)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: codes[0] ?? '' }).waitFor()
  })

  it('names the one condition of an address that a role may not ask by, and goes on without it alone', async () => {
    const { page } = shown
    const code = await take()
    await system.drain()
    await shown.openAs('operator', `/transfers?applicant=B%C3%AD+M%E1%BA%ADt&code=${code}`)
    const refused = page.getByRole('alert').filter({ hasText: 'Vai trò của bạn không tìm theo người nộp.' })
    await refused.getByText('một điều kiện không dùng được: Người nộp').waitFor()
    expect(await shown.faults()).toEqual([])
    await refused.getByRole('button', { name: 'Bỏ điều kiện này, giữ các điều kiện khác' }).click()
    await page.waitForURL((url) => url.search === `?code=${code}`)
    await page.getByRole('table').getByRole('link', { name: code }).first().waitFor()
    expect(shown.complaints).toEqual([])
  })

  it('asks who is there when the gateway takes the token no longer, and goes on at the same place', async () => {
    const { page } = shown
    const token = await consoleToken(system, 'operator')
    await page.goto(`${system.gateway.url}/console/systems`)
    await page.evaluate(`sessionStorage.setItem('lienthong:token', '${token.slice(0, -8)}AAAAAAAA')`)
    await page.reload()
    await page.getByText('Cổng liên thông không nhận mã đăng nhập nữa').waitFor()
    await page.getByLabel('Mã đăng nhập (JWT)').fill(token)
    await page.getByRole('button', { name: 'Đăng nhập' }).click()
    await page.getByRole('heading', { level: 2, name: 'Cổng dịch vụ công' }).waitFor()
    expect(page.url()).toBe(`${system.gateway.url}/console/systems`)
  })

  it('says in time that the session ends, and at its end asks to sign in', async () => {
    const { page } = shown
    await page.clock.install()
    await shown.openAs('operator', '/systems')
    await page.getByRole('heading', { level: 2, name: 'Cổng dịch vụ công' }).waitFor()
    expect(await page.getByText(/^Phiên đăng nhập hết hạn lúc/).count()).toBe(0)
    await page.clock.fastForward('11:56:00')
    await page.getByText(/^Phiên đăng nhập hết hạn lúc/).waitFor()
    await page.clock.fastForward('05:00')
    await page.getByText('Phiên đăng nhập đã hết hạn.').waitFor()
  })

  it('keeps what one was typing while the session ends and asks again, for the same person alone', async () => {
    const { page } = shown
    const portal = page.getByRole('region', { name: 'Cổng dịch vụ công' })
    const dialog = page.getByRole('dialog')
    const reason = dialog.getByLabel('Lý do')
    const begin = async (given: string): Promise<void> => {
      await portal.getByRole('button', { name: 'Tạm dừng' }).click()
      await reason.fill(given)
    }
    const enterAs = async (role: ConsoleRole): Promise<void> => {
      await page.getByLabel('Mã đăng nhập (JWT)').fill(await consoleToken(system, role))
      await page.getByRole('button', { name: 'Đăng nhập' }).click()
    }
    /** The gateway itself refuses the act until somebody is signed in again; what the page reads meanwhile it answers. */
    const submitRefused = async (): Promise<void> => {
      await page.route('**/graphql', (route) => {
        const { authorization, ...headers } = route.request().headers()
        const isAct = route.request().postData()?.includes('pauseSystem')
        return route.continue({ headers: { ...headers, authorization: isAct ? 'Bearer a.b.c' : (authorization ?? '') } })
      })
      await dialog.getByRole('button', { name: 'Tạm dừng' }).click()
      await page.getByText('Cổng liên thông không nhận mã đăng nhập nữa').waitFor()
      await page.unroute('**/graphql')
    }
    await page.clock.install()
    await shown.openAs('operator', '/systems')
    await begin('Cổng đang nâng cấp')
    await page.clock.fastForward('12:01:00')
    await page.getByText('Phiên đăng nhập đã hết hạn.').waitFor()
    expect(await dialog.count()).toBe(0)
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['EN', expect.any(String), 'Đăng nhập'])
    expect(await shown.faults()).toEqual([])
    await page.clock.setSystemTime(new Date())
    await enterAs('operator')
    expect(await reason.inputValue()).toBe('Cổng đang nâng cấp')

    await submitRefused()
    await enterAs('admin')
    await portal.getByRole('button', { name: 'Tạm dừng' }).waitFor()
    expect(await dialog.count()).toBe(0)

    await begin('Cổng hỏng')
    await submitRefused()
    await enterAs('admin')
    await portal.getByText(/Tạm dừng từ .*Cổng hỏng/).waitFor()
    await dialog.waitFor({ state: 'detached' })
    const told = `SELECT actor, act, reason FROM audit_entry WHERE reason IN ('Cổng hỏng', 'Cổng đang nâng cấp')`
    expect(await system.context.db.query(told)).toEqual([{ actor: 'thu-admin', act: 'PAUSE', reason: 'Cổng hỏng' }])
    await portal.getByRole('button', { name: 'Cho chạy lại' }).click()
    await reason.fill('Cổng chạy lại')
    await dialog.getByRole('button', { name: 'Cho chạy lại' }).click()
    await portal.getByRole('button', { name: 'Tạm dừng' }).waitFor()
  })

  it('asks to sign in, refuses what is no token, and comes back to the same place', async () => {
    const { page } = shown
    await page.goto(`${system.gateway.url}/console/systems`)
    await page.getByLabel('Mã đăng nhập (JWT)').fill('không phải mã')
    await page.getByRole('button', { name: 'Đăng nhập' }).click()
    await page.getByText('Đây không phải là mã đăng nhập').waitFor()
    await shown.openAs('operator', '/systems')
    await page.getByRole('heading', { level: 1, name: 'Hệ thống' }).waitFor()
    expect(page.url()).toBe(`${system.gateway.url}/console/systems`)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Hệ thống' }).waitFor()
  })

  it('pauses a system with a reason that everybody sees, and lets it run again', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    const portal = page.getByRole('region', { name: 'Cổng dịch vụ công' })
    await portal.getByRole('button', { name: 'Tạm dừng' }).click()
    await page.getByRole('dialog').getByLabel('Lý do').fill('Cổng bảo trì đến 17 giờ')
    await page.getByRole('dialog').getByRole('button', { name: 'Tạm dừng' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await portal.getByText(/Tạm dừng từ .*Cổng bảo trì đến 17 giờ/).waitFor()
    await portal.getByRole('button', { name: 'Cho chạy lại' }).click()
    await page.getByRole('dialog').getByLabel('Lý do').fill('Bảo trì xong')
    await page.getByRole('dialog').getByRole('button', { name: 'Cho chạy lại' }).click()
    await portal.getByRole('button', { name: 'Tạm dừng' }).waitFor()
  })

  it('sets the limit that was changed alone, and leaves the other as somebody else has set it meanwhile', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    const portal = page.getByRole('region', { name: 'Cổng dịch vụ công' })
    await portal.getByRole('button', { name: 'Đặt giới hạn' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Lý do').fill('Cổng đang chậm')
    expect(await dialog.getByRole('button', { name: 'Đặt giới hạn' }).isDisabled()).toBe(true)
    const input = { clientKey: 'gioi-han-nguoi-khac', systemId: 'PORTAL', maxInFlight: 3, reason: 'Cổng báo quá tải' }
    await system.gateway.query(
      'admin',
      'mutation ($input: SystemLimitsInput!) { setSystemLimits(input: $input) { ... on SystemActDone { repeated } } }',
      { input },
    )
    await dialog.getByLabel('Yêu cầu nhiều nhất trong một giây').fill('40')
    await dialog.getByRole('button', { name: 'Đặt giới hạn' }).click()
    await page.getByText('Đã đặt giới hạn của Cổng dịch vụ công.').waitFor()
    await portal.getByText('40 / 40', { exact: true }).waitFor()
    await portal.getByText('0 / 3', { exact: true }).waitFor()
  })

  it('speaks English when asked, over the socket too, and remembers it', async () => {
    const { page } = shown
    const greetings: string[] = []
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => String(payload).includes('connection_init') && greetings.push(String(payload))),
    )
    await shown.openAs('operator', '/')
    await until('the socket is opened', async () => greetings.at(-1)?.includes('"language":"vi"'))
    await page.getByRole('button', { name: /English/ }).click()
    await until('the socket is opened anew in English', async () => greetings.at(-1)?.includes('"language":"en"'))
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    await page.getByRole('button', { name: /Tiếng Việt/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Tổng quan' }).waitFor()
  })

  it('shows the three sides of a dossier that is found by its code', async () => {
    const { page } = shown
    const code = await take()
    await system.drain()
    await shown.openAs('operator', '/')
    await page.getByRole('textbox', { name: 'Mã hồ sơ cần xem' }).fill(code)
    await page.keyboard.press('Enter')
    for (const side of ['Một cửa điện tử', 'Phần mềm đất đai ViLIS', 'Cổng dịch vụ công'])
      await page.getByRole('region', { name: side }).waitFor()
    await page
      .getByRole('region', { name: 'Phần mềm đất đai ViLIS' })
      .getByText(/Đã xác nhận phiên bản 1/)
      .waitFor()
  })

  it('says that it has lost the gateway, in a dialog too, and that it hears it again', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    await page.getByRole('button', { name: 'Tạm dừng' }).first().click()
    const lost = [page.locator('#main'), page.getByRole('dialog')].map((place) =>
      place.getByText(/Mất kết nối theo dõi|Không kết nối được với cổng/),
    )
    await page.context().setOffline(true)
    for (const told of lost) await told.waitFor()
    await page.context().setOffline(false)
    for (const told of lost) await told.waitFor({ state: 'hidden' })
  })

  it('waits for the gateway when a page that was not shown yet cannot be loaded, and shows it once it is heard', async () => {
    const { page } = shown
    await shown.openAs('operator', '/systems')
    await page.getByRole('heading', { name: 'Cổng dịch vụ công' }).waitFor()
    await page.context().setOffline(true)
    await page.getByRole('link', { name: 'Nhật ký' }).click()
    await page.getByText(/^Mất kết nối theo dõi/).waitFor()
    // What the browser shows of its own when a page is loaded without a network has none of this.
    expect(await page.getByRole('link', { name: 'Hệ thống', exact: true }).count()).toBe(1)
    await page.context().setOffline(false)
    await page.getByRole('heading', { level: 1, name: 'Nhật ký thao tác' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/console/audit')
  })

  describe.each([
    ['dark', { width: 1280, height: 900 }],
    ['light', { width: 360, height: 740 }],
  ] as const)('in %s at %j', (scheme, viewport) => {
    it('has no serious fault of accessibility on any page, fits the screen, and asks nobody but the gateway', async () => {
      await shown.page.close()
      shown = await openConsole(browser, system, viewport, scheme)
      const { page } = shown
      const code = await take()
      await system.drain()
      const { id } = await transferOf(system, `${code}.RECEIVE.1`)
      await system.twins.VILIS.offline()
      const late = await take()
      await system.twins.ONE_STOP.act('withdraw', { code: late })
      await system.drain()
      const behind = await transferOf(system, `${late}.WITHDRAW.2`)
      const found: Record<string, unknown> = {}
      // Whatever stands beside it in its row: here the longest state.
      const cutCodes = `[...document.querySelectorAll('[role=table] [role=row][data-index]')].filter((row) => {
        row.querySelector('[class*=state] [class*=label]').textContent = 'Chờ lượt đứng trước'
        const cell = row.querySelector('a').closest('[role=cell]')
        return cell.scrollWidth > cell.clientWidth
      }).map((row) => row.querySelector('a').textContent)`
      await page.goto(`${system.gateway.url}/console`)
      await page.getByRole('button', { name: 'Đăng nhập' }).waitFor()
      found['sign in'] = await shown.faults()
      await shown.openAs('operator', '/runs')
      for (const [path, ready] of [
        ['/', 'Hồ sơ bị liên thông làm chậm'],
        ['/systems', 'Cầu dao'],
        ['/transfers', code],
        [`/transfers/${id}`, 'Lần 1: Gửi'],
        [`/transfers/${behind.id}`, 'Chờ lượt đứng trước'],
        [`/dossiers/${code}`, 'Diễn biến'],
        ['/nowhere', 'Không có trang này'],
      ] as const) {
        await shown.goTo(path)
        await page.getByText(ready).first().waitFor()
        found[path] = await shown.faults()
        const isWider = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
        expect([path, isWider]).toEqual([path, false])
        if (path === '/transfers') expect(await page.evaluate(cutCodes)).toEqual([])
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((path) => [path, []])))
      // The menu of a small screen is closed, and no key leads into it.
      const links = page.locator('nav[aria-label="Danh mục"] a')
      expect(await links.first().isVisible()).toBe(viewport.width > 768)
      // Whoever is signed in is named whole, in the head or in its menu.
      const cut = `[...document.querySelectorAll('header *')].filter((part) => part.childElementCount === 0 && part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === 'hidden').map((part) => part.textContent)`
      expect(await page.evaluate(cut)).toEqual([])
      await page.getByRole('button', { name: 'Người thử operator' }).click()
      await page.getByRole('menu').getByText('Người thử operator').waitFor()
      const elsewhere = shown.asked.filter(
        (address) => /^(https?|wss?):/.test(address) && new URL(address).host !== new URL(system.gateway.url).host,
      )
      expect({ elsewhere, complaints: shown.complaints }).toEqual({ elsewhere: [], complaints: [] })
    })
  })
})
