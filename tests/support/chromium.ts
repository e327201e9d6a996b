import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'

/** The shell without a window's frame first: the same engine at a third of the processor time. */
const USUAL_PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser that CHROMIUM_PATH names (which must be there), else one in a usual place; null: this machine has none. */
export const findChromium = (): string | null => {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  const found = USUAL_PLACES.find((place) => existsSync(place)) ?? null
  if (found === null)
    process.stderr.write('Không có Chromium trên máy này: bỏ qua các kiểm thử trên trình duyệt (đặt CHROMIUM_PATH để chạy chúng).\n')
  return found
}

/** Asks nobody by itself: what a test sees on the wire is the page's. */
export const openChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    // Beside a whole test run it takes its time.
    timeout: 180_000,
    args: [
      ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--no-proxy-server'],
      // All pages are the gateway's: one process draws them all, and none is begun beforehand for another site.
      ...['--disable-site-isolation-trials', '--renderer-process-limit=1'],
    ],
  })
