import { chromium, type Page } from 'playwright-core'
import { median, rounded } from '../delivery/run-round.js'
import { needChromium } from '../find-chromium.js'

/** Of frames while one scrolls. `slowShare`: those that took longer than three at 60 a second. */
export interface Frames {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly slowShare: number
}

export interface ListFigures {
  readonly firstRowMs: number
  readonly shallow: Frames
  readonly deep: Frames
  readonly loaded: number
  readonly loadMs: number
  readonly heapMb: number
}

const OPENINGS = 5
const FRAMES = 300
const SLOW_MS = 50

/** Runs in the page: scrolls by a screen's third a frame, turning round in the middle, and answers how long each frame took. */
const SCROLL = `(async () => {
  const scroller = document.querySelector('[role=table]')
  const times = []
  let last = performance.now()
  for (let frame = 0; frame < ${FRAMES}; frame += 1) {
    scroller.scrollTop += frame < ${FRAMES / 2} ? -200 : 200
    const now = await new Promise(requestAnimationFrame)
    times.push(now - last)
    last = now
  }
  return times.slice(1)
})()`

const framesOf = async (page: Page): Promise<Frames> => {
  const times = ((await page.evaluate(SCROLL)) as number[]).sort((a, b) => a - b)
  const at = (part: number): number => rounded(times[Math.floor((times.length - 1) * part)] ?? Number.NaN, 1)
  return { p50Ms: at(0.5), p99Ms: at(0.99), slowShare: rounded(times.filter((ms) => ms > SLOW_MS).length / times.length, 3) }
}

const lastIndex = `Math.max(...[...document.querySelectorAll('[role=row][data-index]')].map((row) => Number(row.dataset.index)))`

/** Scrolls to the end of what is loaded again and again, until there is no more. */
const loadAll = async (page: Page, say: (text: string) => void): Promise<number> => {
  let before = -1
  let still = 0
  for (;;) {
    await page.evaluate(`{ const table = document.querySelector('[role=table]'); table.scrollTop = table.scrollHeight }`)
    await page.waitForTimeout(20)
    const index = (await page.evaluate(lastIndex)) as number
    still = index === before ? still + 1 : 0
    if (still > 200) return index + 1
    if (Math.floor(index / 20_000) > Math.floor(before / 20_000)) say(`${index + 1} dòng`)
    before = index
  }
}

export const measureList = async (address: string, token: string, say: (text: string) => void): Promise<ListFigures> => {
  const browser = await chromium.launch({
    executablePath: needChromium(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-proxy-server', '--enable-precise-memory-info'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(120_000)
    await page.goto(`${address}#token=${token}`)
    await page.locator('[role=row][data-index]').first().waitFor()
    const openings: number[] = []
    for (let turn = 0; turn < OPENINGS; turn += 1) {
      const started = performance.now()
      await page.reload({ waitUntil: 'commit' })
      await page.locator('[role=row][data-index]').first().waitFor()
      openings.push(performance.now() - started)
    }
    const shallow = await framesOf(page)
    const started = performance.now()
    const loaded = await loadAll(page, say)
    const loadMs = performance.now() - started
    const deep = await framesOf(page)
    const heapMb = rounded(((await page.evaluate('performance.memory.usedJSHeapSize')) as number) / 1_048_576, 0)
    return { firstRowMs: rounded(median(openings), 0), shallow, deep, loaded, loadMs, heapMb }
  } finally {
    await browser.close()
  }
}
