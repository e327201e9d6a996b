import { existsSync } from 'node:fs'

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
export const findChromium = (): string | null => process.env.CHROMIUM_PATH || (USUAL_PLACES.find((place) => existsSync(place)) ?? null)

/** For what cannot do without one. */
export const needChromium = (): string => {
  const found = findChromium()
  if (found === null)
    throw new Error('Không có Chromium trên máy này: đặt CHROMIUM_PATH. / There is no Chromium on this machine: set CHROMIUM_PATH.')
  return found
}
