import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { findChromium, openChromium } from '../support/chromium.js'
import { type SeededDossier, seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

const chromium = findChromium()
/** A browser that starts beside a whole test run takes its time. */
const PATIENCE_MS = 90_000

const describeInBrowser = chromium === null ? describe.skip : describe

describeInBrowser('the explorer in a browser', () => {
  let api: TestApi
  let browser: Browser
  let page: Page
  let dossier: SeededDossier
  /** Every address that the page asked, its scripts, workers and sockets. */
  const asked: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    api = await startTestApi({ limits: { introspection: true } })
    dossier = await seedDossier(api.db, { code: 'H58.22-260319-0001', commune: { code: '28633', on: '2026-03-02' } })
    browser = await openChromium(chromium ?? '')
    page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('request', (request) => asked.push(request.url()))
    page.on('websocket', (socket) => asked.push(socket.url()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
  })

  afterAll(async () => {
    await browser?.close()
    await api?.close()
  })

  const run = async (): Promise<void> => {
    await page.locator('.graphiql-query-editor .monaco-editor').click()
    await page.keyboard.press('Control+Enter')
  }
  const answerHolds = (text: string): Promise<void> => page.locator('.result-window', { hasText: text }).waitFor()

  it('opens at the address of GraphQL and tells of the schema in Vietnamese once it has a token', async () => {
    await page.goto(`${api.url}/graphql`)
    expect(page.url()).toBe(`${api.url}/explorer`)
    await page.getByRole('button', { name: 'Headers' }).click()
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click()
    // The cursor behind "Bearer ", before the quotation mark, where a person puts it.
    for (const key of ['Control+Home', 'ArrowDown', 'End', 'ArrowLeft']) await page.keyboard.press(key)
    await page.keyboard.insertText(await api.token('admin'))
    await page.getByRole('button', { name: /Re-fetch/ }).click()
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.getByRole('link', { name: 'Query' }).click()
    await page.getByText('Danh sách hồ sơ').first().waitFor()
  })

  it('asks with that token', async () => {
    await run()
    await answerHolds(dossier.code)
  })

  it('follows changes over a WebSocket with the same token, also after the page was loaded again', async () => {
    await seedTransfer(api.db, { dossier })
    const query = 'subscription { transferChanged(lastEventId: "0-0") { eventId transfer { systemId } } }'
    await page.goto(`${api.url}/explorer?query=${encodeURIComponent(query)}`)
    await run()
    await answerHolds('VILIS')
    expect(asked).toContain(`${api.url.replace('http', 'ws')}/graphql`)
  })

  it('asked nobody but the gateway, and nothing that its own policy forbids', () => {
    const elsewhere = asked.filter((address) => !address.startsWith('data:') && new URL(address).host !== new URL(api.url).host)
    expect(asked.some((address) => address.endsWith('/graphql.worker.js'))).toBe(true)
    expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] })
  })
})
