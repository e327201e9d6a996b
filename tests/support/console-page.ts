import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import type { TestSystem } from './test-system.js'

/** The console in a real browser, and all that the browser had to say about it. */
export interface ConsolePage {
  readonly page: Page
  /** Opens a path below `/console` as this person: the token comes in the address, as a sandbox prints it. */
  openAs(role: ConsoleRole, path: string, communes?: readonly string[]): Promise<void>
  /** To another page of the console that is open, as its links lead there: nothing is loaded anew. */
  goTo(path: string): Promise<void>
  /** Every address that the page asked, sockets too. */
  readonly asked: readonly string[]
  /** Errors of scripts, and what the content security policy refused. */
  readonly complaints: readonly string[]
  /** Serious and critical faults of accessibility on what is shown, by axe. */
  faults(): Promise<string[]>
}

export type ConsoleRole = 'officer' | 'operator' | 'admin'

/** A browser that starts beside a whole test run takes its time, and so does what it waits for. */
const PATIENCE_MS = 180_000

const axeSource = (): Promise<string> => readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeViolation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

export const consoleToken = async (
  { context }: TestSystem,
  role: ConsoleRole,
  communes: readonly string[] = ['28594'],
): Promise<string> => {
  const key = await openDevelopmentKey(context.options.stateDir)
  return key.token({ sub: `thu-${role}`, name: `Người thử ${role}`, role, ...(role === 'officer' && { communes }) })
}

/** Serious and critical faults of accessibility on what is shown, by axe. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(await axeSource())
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: AxeViolation[] }> } }
    // What passes need not be described.
    return (await axe.run({ resultTypes: ['violations'] })).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`))
}

/** Where a console is served, and whose token opens it. */
export interface ServedConsole {
  readonly url: string
  token(role: ConsoleRole, communes?: readonly string[]): Promise<string>
}

const consoleOf = (system: TestSystem): ServedConsole => ({
  get url() {
    return system.gateway.url
  },
  token: (role, communes) => consoleToken(system, role, communes),
})

export const openConsole = (browser: Browser, system: TestSystem, ...shown: Shown): Promise<ConsolePage> =>
  openServedConsole(browser, consoleOf(system), ...shown)

type Shown = [viewport?: { readonly width: number; readonly height: number }, colorScheme?: 'light' | 'dark']

export const openServedConsole = async (
  browser: Browser,
  served: ServedConsole,
  ...[viewport = { width: 1280, height: 900 }, colorScheme = 'light']: Shown
): Promise<ConsolePage> => {
  // As who has asked his system for less movement: no page is drawn sixty times a second while a dialog moves in, and axe sees colours that stay.
  const page = await browser.newPage({ viewport, colorScheme, locale: 'vi-VN', reducedMotion: 'reduce' })
  page.setDefaultTimeout(PATIENCE_MS)
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('websocket', (socket) => asked.push(socket.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
  })
  return {
    page,
    asked,
    complaints,
    openAs: async (role, path, communes) => {
      // Another fragment alone would not load the page.
      await page.goto('about:blank')
      await page.goto(`${served.url}/console${path}#token=${await served.token(role, communes)}`)
    },
    goTo: async (path) => {
      // Each page has a heading of its own: what is waited for from now on is not of the one that is left.
      await page.locator('h1').waitFor()
      await page.evaluate(`document.querySelector('h1').setAttribute('data-left', '')
        history.pushState(null, '', ${JSON.stringify(`/console${path}`)})
        dispatchEvent(new PopStateEvent('popstate'))`)
      await page.locator('h1[data-left]').waitFor({ state: 'detached' })
    },
    faults: () => faultsOf(page),
  }
}
