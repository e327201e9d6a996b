import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readConsoleSettings } from '../../src/access/console-settings.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

/** Nothing of it may end the attribute that tells the page of it. */
const SIGN_IN = { issuer: 'https://dang-nhap.vi-du.vn/realms/tinh', clientId: '"><script>$&', scopes: ['openid'], name: 'tài khoản "tỉnh"' }

let sandbox: TestApi
let district: TestApi
let open: TestApi

beforeAll(async () => {
  sandbox = await startTestApi({ console: { linkSignIn: true, signIn: SIGN_IN } })
  district = await startTestApi()
  open = await startTestApi({ limits: { introspection: true } })
})

afterAll(async () => {
  await sandbox?.close()
  await district?.close()
  await open?.close()
})

const visit = async (path: string, headers: Record<string, string> = {}, api = district) => {
  const response = await fetch(`${api.url}${path}`, { redirect: 'manual', headers: { connection: 'close', ...headers } })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const settingsOf = (text: string): unknown => readConsoleSettings(/<meta name="lienthong-settings" content="([^"]*)"/.exec(text)?.[1] ?? '')

const nonceOf = (text: string): string => /nonce="([^"]+)"/.exec(text)?.[1] ?? ''

describe('the address of the gateway itself', () => {
  it('leads a browser to the console, and tells a program what there is', async () => {
    const led = await visit('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect([led.status, led.headers.get('location'), led.headers.get('vary')]).toEqual([302, '/console', 'Accept'])
    const told = await visit('/')
    expect([told.status, told.headers.get('vary')]).toEqual([200, 'Accept'])
    const addresses: Record<string, string> = JSON.parse(told.text)
    expect(addresses).toMatchObject({ graphql: '/graphql', console: '/console' })
    const { graphql, ...others } = addresses
    expect((await visit(graphql ?? '')).status).not.toBe(404)
    for (const address of Object.values(others)) expect([address, (await visit(address)).status]).toEqual([address, 200])
  })
})

describe('the console', () => {
  it('is one page at every address below it, so that a link into it works', async () => {
    for (const path of ['/console', '/console/', '/console/transfers/1', '/console/dossiers/H58.22-260302-0001']) {
      const page = await visit(path)
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      expect(page.text).toContain('<div id="root">')
    }
  })

  it('lets in no script but its own, and only styles that bear the nonce of this very answer', async () => {
    const [one, other] = [await visit('/console'), await visit('/console')]
    const policy = one.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; ")
    expect(policy).toContain(`style-src 'self' 'nonce-${nonceOf(one.text)}'`)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(nonceOf(one.text)).not.toBe(nonceOf(other.text))
    expect(one.text).not.toMatch(/\{\{|<script(?![^>]* src=)|https?:\/\/| on\w+=/)
    expect(one.headers.get('cache-control')).toBe('no-store')
  })

  it('has files that a browser keeps for ever, compressed as it asks', async () => {
    const { text } = await visit('/console')
    const files = [...text.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(([, address]) => address ?? '')
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      for (const encoding of ['br', 'gzip']) {
        const { status, headers } = await visit(file, { 'accept-encoding': encoding })
        expect([status, headers.get('content-encoding')]).toEqual([200, encoding])
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        expect(headers.get('content-type')).toMatch(/javascript|css/)
      }
    }
  })

  it('has no other files', async () => {
    for (const path of ['/console/assets/nothing.js', '/console/assets/..%2Findex.html']) expect((await visit(path)).status).toBe(404)
  })

  it('takes a token from a link in a sandbox alone, not wherever the schema may be read', async () => {
    expect(settingsOf((await visit('/console', {}, sandbox)).text)).toMatchObject({ linkSignIn: true })
    for (const api of [district, open]) expect(settingsOf((await visit('/console', {}, api)).text)).toMatchObject({ linkSignIn: false })
  })

  it('may ask the identity provider that is configured, and nobody else', async () => {
    const { text, headers } = await visit('/console', {}, sandbox)
    expect(settingsOf(text)).toMatchObject({ signIn: SIGN_IN })
    expect(text).not.toContain('<script>')
    expect(headers.get('content-security-policy')).toContain("; connect-src 'self' https://dang-nhap.vi-du.vn; ")
    expect((await visit('/console')).headers.get('content-security-policy')).toContain("; connect-src 'self'; ")
    expect((await visit('/tra-cuu', {}, sandbox)).headers.get('content-security-policy')).toContain("; connect-src 'self'; ")
  })
})
