import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { findChromium as find } from '../../bench/find-chromium.js'

/** As `find`, and says so when there is none. */
export const findChromium = (): string | null => {
  const found = find()
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
