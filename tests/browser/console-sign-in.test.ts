import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { checkSignIn } from '../../src/cli/doctor/check-sign-in.js'
import { sayIn } from '../../src/cli/language.js'
import { parseConfiguration } from '../../src/config/config.js'
import { readEnvironment } from '../../src/config/env.js'
import { findChromium, openChromium } from '../support/chromium.js'
import { faultsOf } from '../support/console-page.js'
import { startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.js'
import { startTestApi, type TestApi } from '../support/test-api.js'
import { until } from '../support/until.js'

const chromium = findChromium()
/** A browser that starts beside a whole test run takes its time. */
const PATIENCE_MS = 90_000
const describeInBrowser = chromium === null ? describe.skip : describe

const AN_HOUR_S = 3_600

describeInBrowser('signing in to the console at an identity provider', () => {
  let provider: TestIdentityProvider
  let api: TestApi
  let browser: Browser
  let page: Page
  let asked: string[]
  let complaints: string[]

  beforeAll(async () => {
    provider = await startIdentityProvider()
    const { issuer } = provider.settings
    const { auth } = parseConfiguration({
      auth: { claims: { role: 'realm_access.roles', roleNames: { 'lien-thong-van-hanh': 'OPERATOR' } }, signIn: provider.settings },
    })
    api = await startTestApi({
      authentication: { issuer, audience: 'lien-thong', jwksUrl: `${issuer}/jwks`, claims: auth.claims },
      console: auth,
    })
    await provider.set({ consoleUrl: api.url })
    browser = await openChromium(chromium ?? '')
  })
  beforeEach(async () => {
    await provider.set({ audience: 'lien-thong', tokenSeconds: 600, refreshTokens: true })
    page = await browser.newPage({ locale: 'vi-VN' })
    page.setDefaultTimeout(PATIENCE_MS)
    asked = []
    complaints = []
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
  })
  afterEach(async () => {
    await page.close()
    expect(complaints).toEqual([])
    const others = asked.filter((origin) => /^http/.test(origin) && ![api.url, provider.settings.issuer].includes(origin))
    expect(others).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await provider?.stop()
    await api?.close()
  })

  const enter = (): Promise<void> => page.getByRole('button', { name: 'Đăng nhập bằng tài khoản tỉnh' }).click()
  const answerAs = async (account: string): Promise<void> => {
    await page.getByLabel('Tài khoản').fill(account)
    await page.getByRole('button', { name: 'Vào' }).click()
  }
  const seeSystems = (): Promise<void> => page.getByRole('heading', { level: 1, name: 'Hệ thống' }).waitFor()
  const systems = (): string => `${api.url}/console/systems?xem=1`
  const token = (): Promise<unknown> => page.evaluate(`sessionStorage.getItem('lienthong:token')`)

  it('comes to the page that was asked for, and is renewed there with nothing lost, the socket too', async () => {
    const greetings: string[] = []
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => greetings.push(String(payload))))
    await page.clock.install()
    await page.goto(systems())
    expect(await faultsOf(page)).toEqual([])
    await enter()
    await answerAs('van-hanh')
    await seeSystems()
    expect(page.url()).toBe(systems())
    await page.getByRole('button', { name: 'Người vận hành thử' }).waitFor()
    const first = await token()
    const box = page.getByRole('textbox', { name: 'Mã hồ sơ cần xem' })
    await box.fill('H58.22-')

    await provider.set({ tokenSeconds: AN_HOUR_S })
    await page.clock.fastForward(9.5 * 60_000)
    await until('the token is renewed', async () => (await token()) !== first)
    const second = String(await token())
    await until('the socket is opened with the token that was renewed', async () =>
      greetings.some((greeting) => greeting.includes('connection_init') && greeting.includes(second)),
    )
    // A machine that slept beyond the end of its token.
    await provider.set({ tokenSeconds: 24 * AN_HOUR_S })
    await page.clock.fastForward(3 * AN_HOUR_S * 1_000)
    await until('the token is renewed after a sleep', async () => (await token()) !== second)
    const third = await token()
    expect(await box.inputValue()).toBe('H58.22-')
    expect(page.url()).toBe(systems())
    await page.reload()
    await seeSystems()
    expect(await token()).toBe(third)
  })

  it('asks again beside the page where the provider renews nothing, and what was being typed is still there', async () => {
    await provider.set({ refreshTokens: false })
    await page.clock.install()
    await page.goto(systems())
    await enter()
    await answerAs('van-hanh')
    await seeSystems()
    const box = page.getByRole('textbox', { name: 'Mã hồ sơ cần xem' })
    await box.fill('H58.22-')
    await page.getByRole('button', { name: 'Đặt giới hạn' }).first().click()
    const reason = page.getByRole('dialog').getByLabel('Lý do')
    await reason.fill('Đơn vị quản lý đã đồng ý')
    await page.clock.fastForward(10 * 60_000)
    await page.getByText('Phiên đăng nhập đã hết hạn').waitFor()
    expect(page.url()).toBe(systems())
    expect(await faultsOf(page)).toEqual([])
    await provider.set({ tokenSeconds: 2 * AN_HOUR_S })
    // The provider knows who is there still.
    const [beside] = await Promise.all([page.waitForEvent('popup'), enter()])
    await reason.waitFor()
    expect(await reason.inputValue()).toBe('Đơn vị quản lý đã đồng ý')
    expect(await box.inputValue()).toBe('H58.22-')
    expect(page.url()).toBe(systems())
    await until('the window beside has closed by itself', async () => beside.isClosed())
    // Not by a key that one may hit while typing.
    await page.keyboard.press('Escape')
    expect(await reason.inputValue()).toBe('Đơn vị quản lý đã đồng ý')
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng', exact: true }).last().click()
    await until('who closes a dialog goes on where he opened it', () =>
      page.evaluate(`document.activeElement?.textContent === 'Đặt giới hạn'`),
    )

    // A browser that opens no window says so, and leaves the page when it is asked again.
    await page.evaluate('window.open = () => null')
    await provider.set({ tokenSeconds: 24 * AN_HOUR_S })
    await page.clock.fastForward(2 * AN_HOUR_S * 1_000)
    await enter()
    await page.getByText('Trình duyệt không cho mở cửa sổ đăng nhập').waitFor()
    expect(page.url()).toBe(systems())
    await enter()
    await seeSystems()
    expect(page.url()).toBe(systems())
  })

  it('signs out at the provider too, which then asks who is there; who stops there is told so', async () => {
    await page.goto(systems())
    await enter()
    await answerAs('van-hanh')
    await page.getByRole('button', { name: 'Người vận hành thử' }).click()
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click()
    await page.getByRole('button', { name: 'Rời hệ thống đăng nhập' }).click()
    await page.getByText('Bạn đã đăng xuất.').waitFor()
    expect(page.url()).toBe(`${api.url}/console`)
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
    await enter()
    await page.getByRole('button', { name: 'Thôi' }).click()
    await page.getByText('Chưa đăng nhập được: bạn đã dừng').waitFor()
    expect(page.url()).toBe(`${api.url}/console`)
  })

  it('tells whom nobody has given a role, and lets somebody else in', async () => {
    await page.goto(systems())
    await enter()
    await answerAs('chua-gan')
    await page.getByText('Tài khoản chua-gan chưa có vai trò').waitFor()
    await page.getByRole('button', { name: /English/ }).click()
    await page.getByText('The account chua-gan has no role').waitFor()
    await page.getByRole('button', { name: 'Sign in with tài khoản tỉnh' }).click()
    await answerAs('van-hanh')
    await page.getByRole('heading', { level: 1, name: 'Systems' }).waitFor()
    expect(page.url()).toBe(systems())
  })

  it('ends in a sentence when the gateway refuses what the provider gives, and does not renew for ever', async () => {
    await provider.set({ audience: 'khac' })
    // The socket that is being opened is refused last of all, when the page has given it up.
    const gatewaySockets: { readonly send: () => void; readonly refused: Promise<unknown> }[] = []
    await page.routeWebSocket(/graphql/, (socket) => {
      const gateway = socket.connectToServer()
      const held: (string | Buffer)[] = []
      socket.onMessage((message) => held.push(message))
      const refused = new Promise((resolve) =>
        gateway.onClose((code, reason) => {
          void socket.close({ code: code ?? 1_006, reason: reason ?? '' }).then(() => resolve(code))
        }),
      )
      const send = (): void => {
        for (const message of held) gateway.send(message)
      }
      gatewaySockets.push({ send, refused })
    })
    await page.goto(systems())
    await enter()
    await answerAs('van-hanh')
    await page.getByText('Cổng liên thông không nhận mã mà').waitFor()
    for (const { send, refused } of gatewaySockets) {
      send()
      await refused
    }
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([])
  })

  it('is found well by the doctor, and says in the page when the provider is not heard', async () => {
    const { settings } = provider
    const environment = readEnvironment({ JWT_ISSUER: settings.issuer, JWT_JWKS_URL: `${settings.issuer}/jwks` })
    const findings = await checkSignIn(settings, environment, sayIn('en'))
    expect(findings.map(({ level, says }) => [level, says])).toEqual([
      ['ok', settings.issuer],
      ['ok', settings.issuer],
      ['ok', 'the gateway takes 1'],
    ])
    await provider.stop()
    await page.goto(systems())
    await enter()
    await page.getByText(`Chưa nghe được hệ thống đăng nhập ${new URL(settings.issuer).host}`).waitFor()
    await page.getByRole('button', { name: 'Hoặc dán mã đăng nhập' }).click()
    await page.getByLabel('Mã đăng nhập (JWT)').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})
