import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { twinControl } from '../adapters/soap/twin/control-client.js'
import { projectRoot } from '../src/platform/paths.js'
import { rounded } from './delivery/run-round.js'
import { startProgram } from './drill/program.js'
import { needChromium } from './find-chromium.js'
import { driftApart } from './screenshots/drift-apart.js'
import { reconcileUntilFound } from './screenshots/reconcile-until-found.js'

/**
 * `npm run screenshots [folder]`: pictures of each page of the console and of the citizens' page, taken from `npm start` with its made-up people while ViLIS is down and after it has come
 * back, into `src/console/screenshots`. On the way it measures how long after the outage the overview says so without being loaded again.
 */
const target = process.argv[2] ?? join(projectRoot, 'src', 'console', 'screenshots')
/** Dossiers come in meanwhile. */
const TRAFFIC_MS = 45_000
const OUTAGE_MS = 20_000
const SETTLE_MS = 1_500
/** A run leaves alone what has moved within this time, and looks a second time after it. */
const GRACE_MS = 30_000
const RUNS_MS = 1_800_000
const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 360, height: 740 }

const say = (text: string): void => void process.stdout.write(`${text}\n`)

interface Access {
  readonly url: string
  readonly tokens: { readonly operator: string; readonly admin: string }
  readonly controls: { readonly VILIS: string; readonly ONE_STOP: string; readonly PORTAL: string }
}

/** The file that `npm start` leaves for scripts of this machine. */
const accessOf = async (file: string): Promise<Access> => {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text?.endsWith('}\n')) return JSON.parse(text) as Access
    await pause(200)
  }
}

interface NewDossier {
  readonly code: string
  readonly applicant: { readonly idNumber: string | null }
}

const ask = async <Data>(url: string, token: string, query: string, variables: object = {}): Promise<Data> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data?: Data; errors?: readonly { message: string }[] }
  if (!data) throw new Error(`refused: ${errors?.map(({ message }) => message).join(' ')}`)
  return data
}

const someDossiers = async (url: string, token: string, which: string): Promise<NewDossier[]> => {
  const { dossiers } = await ask<{ dossiers: { edges: { node: NewDossier }[] } }>(
    url,
    token,
    `{ dossiers(first: 20, ${which}) { edges { node { code applicant { idNumber } } } } }`,
  )
  return dossiers.edges.map(({ node }) => node).filter(({ applicant }) => applicant.idNumber)
}

const folder = await mkdtemp(join(tmpdir(), 'lienthong-pictures-'))
await chmod(folder, 0o711)
await mkdir(target, { recursive: true })
const LIENTHONG_CONFIG = join(folder, 'lienthong.json')
await writeFile(LIENTHONG_CONFIG, JSON.stringify({ reconciliation: { graceMs: GRACE_MS } }))
const program = startProgram(
  'start',
  fileURLToPath(new URL('../src/start.js', import.meta.url)),
  { STATE_DIR: join(folder, 'state'), LIENTHONG_CONFIG },
  join(folder, 'start.log'),
)
const browser = await chromium.launch({
  executablePath: needChromium(),
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-proxy-server'],
})
try {
  const { url, tokens, controls } = await accessOf(join(folder, 'state', 'sandbox-access.json'))
  const base = url.replace('/graphql', '/console')
  await pause(TRAFFIC_MS)
  const [vilis, oneStop, portal] = [twinControl(controls.VILIS), twinControl(controls.ONE_STOP), twinControl(controls.PORTAL)]

  const open = async (viewport: typeof WIDE, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const page = await browser.newPage({ viewport, colorScheme, locale: 'vi-VN' })
    await page.goto(`${base}#token=${tokens.operator}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    await page.waitForTimeout(SETTLE_MS)
    await page.screenshot({ path: join(target, `${name}.jpg`), type: 'jpeg', quality: 72 })
    say(name)
  }

  const page = await open(WIDE, 'light')
  await page.getByText('Đang trả lời').first().waitFor()
  await vilis.offline()
  const began = performance.now()
  const card = page.getByRole('region', { name: 'Phần mềm đất đai ViLIS' })
  await card.getByText('Không trả lời').waitFor({ timeout: 120_000 })
  const seenMs = performance.now() - began
  await page.waitForTimeout(OUTAGE_MS)
  await picture(page, 'overview')
  const dark = await open(WIDE, 'dark')
  await picture(dark, 'overview-dark')
  await dark.close()
  const narrow = await open(NARROW, 'light')
  await narrow.goto(`${base}/transfers`)
  await narrow.locator('[role=row][data-index]').first().waitFor()
  await picture(narrow, 'transfers-narrow')
  await narrow.close()
  await page.goto(`${base}/systems`)
  await card.waitFor()
  await picture(page, 'systems')
  await page.goto(`${base}/transfers`)
  await page.locator('[role=row][data-index]').first().waitFor()
  await picture(page, 'transfers')
  await page.goto(`${base}/transfers?system=VILIS&state=WAITING_RETRY,INDETERMINATE`)
  await page.locator('[role=row][data-index] a').last().click()
  await page.getByRole('region', { name: 'Các lần thử' }).waitFor()
  await picture(page, 'transfer')
  await page.getByRole('region', { name: 'Thông tin lượt liên thông' }).getByRole('link').first().click()
  await page.getByRole('region', { name: 'Diễn biến' }).waitFor()
  await picture(page, 'dossier')
  await page.goto(`${base}/causes`)
  await page.getByText('Gặp lần đầu').first().waitFor()
  await picture(page, 'causes')
  await page.getByRole('link', { name: 'Lập kế hoạch gửi lại' }).first().click()
  await page.getByText('Khớp điều kiện lúc này').waitFor()
  await page.getByLabel('Tên kế hoạch').fill('Gửi lại sau khi ViLIS ngừng')
  await page.getByRole('button', { name: 'Lập kế hoạch gửi lại' }).click()
  await page.getByRole('dialog').getByLabel('Lý do').fill('ViLIS đã hoạt động lại')
  await vilis.online()
  await page.getByRole('dialog').getByRole('button', { name: 'Lập kế hoạch gửi lại' }).click()
  await page.getByRole('button', { name: 'Chạy thử' }).click()
  await page.getByRole('dialog').getByLabel('Lý do').fill('Xem trước khi gửi')
  await page.getByRole('dialog').getByRole('button', { name: 'Chạy thử' }).click()
  await page.getByRole('button', { name: 'Cho chạy' }).waitFor({ timeout: 120_000 })
  await picture(page, 'plan')
  await page.goto(`${base}/alerts`)
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await picture(page, 'alerts')
  await page.goto(`${base}/audit`)
  await page.getByText('Chạy thử kế hoạch gửi lại').waitFor()
  await picture(page, 'audit')
  const year = new Date().getUTCFullYear()
  await page.goto(`${base}/reports?from=${year}-07&to=${year + 1}-06&by=COMMUNE`)
  await page.getByRole('rowheader').first().waitFor({ timeout: 60_000 })
  await picture(page, 'reports')
  const [dossier] = await someDossiers(url, tokens.admin, 'orderBy: RECEIVED_AT_DESC')
  const citizen = await browser.newPage({ viewport: NARROW, colorScheme: 'light', locale: 'vi-VN' })
  await citizen.goto(`${url.replace('/graphql', '/tra-cuu')}#ma=${dossier?.code}`)
  await citizen.getByLabel('Bốn số cuối').fill(dossier?.applicant.idNumber?.slice(-4) ?? '')
  await citizen.getByRole('button', { name: 'Tra cứu' }).click()
  await citizen.locator('#answer-title').waitFor()
  await picture(citizen, 'citizen')
  const atRest = 'orderBy: RECEIVED_AT_ASC, filter: { interlink: [IN_SYNC] }'
  const drifted = await driftApart({
    vilis,
    clocks: [oneStop, vilis, portal],
    inSync: async () => (await someDossiers(url, tokens.admin, atRest)).map(({ code }) => code),
    graceMs: GRACE_MS,
  })
  const discrepancyId = await reconcileUntilFound({
    ask: (query, variables) => ask(url, tokens.operator, query, variables),
    code: drifted,
    reason: 'Đối soát sau khi ViLIS ngừng',
    withinMs: RUNS_MS,
  })
  await page.goto(`${base}/runs`)
  await page
    .getByRole('row', { name: /^Toàn bộ.*Đã xong/ })
    .first()
    .waitFor()
  await picture(page, 'runs')
  await page.goto(`${base}/discrepancies`)
  await page.getByRole('row').getByRole('link').first().waitFor()
  await picture(page, 'discrepancies')
  await page.goto(`${base}/discrepancies/${discrepancyId}`)
  await page.getByRole('table', { name: 'Hai bên' }).waitFor()
  await picture(page, 'discrepancy')
  say(JSON.stringify({ bench: 'screenshots', figures: { secondsFromOutageToOverview: rounded(seenMs / 1_000, 1) }, goals: {} }))
} finally {
  await browser.close()
  await program.stop()
  await rm(folder, { recursive: true, force: true })
}
