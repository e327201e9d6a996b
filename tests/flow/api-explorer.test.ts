import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApi, type TestApi } from '../support/test-api.js'

let open: TestApi
let closed: TestApi

beforeAll(async () => {
  open = await startTestApi({ limits: { introspection: true } })
  closed = await startTestApi()
})

afterAll(async () => {
  await open?.close()
  await closed?.close()
})

const visit = async (api: TestApi, path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') => {
  const response = await fetch(`${api.url}${path}`, { redirect: 'manual', headers: { accept, connection: 'close' } })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('the explorer', () => {
  it('is not there where introspection is not allowed', async () => {
    for (const path of ['/explorer', '/explorer/graphiql.js', '/explorer/boot.js']) expect((await visit(closed, path)).status).toBe(404)
    const refused = await visit(closed, '/graphql')
    expect(refused.status).toBe(400)
    expect(refused.text).not.toContain('<')
  })

  it('is where a browser is led that opens the address of GraphQL, and nobody else', async () => {
    const led = await visit(open, '/graphql')
    expect([led.status, led.headers.get('location')]).toEqual([302, '/explorer'])
    const persisted = encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }))
    for (const [path, accept] of [
      ['/graphql', 'application/json'],
      ['/graphql?query={__typename}'],
      [`/graphql?documentId=sha256:${'a'.repeat(64)}`],
      [`/graphql?extensions=${persisted}`],
    ] as const) {
      const answer = await visit(open, path, accept)
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })

  it('comes from this gateway alone: the policy forbids all else, the page names nothing else', async () => {
    const page = await visit(open, '/explorer')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(page.status).toBe(200)
    expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|blob:/)
    const { text } = page
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address).filter((address) => address !== 'data:,')
    expect(text).not.toMatch(/<script(?![^>]* src=)|https?:\/\/| on\w+=/)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) expect((await visit(open, file ?? '')).headers.get('content-type')).toMatch(/javascript|css/)
  })

  it('comes compressed: its script alone has five megabytes', async () => {
    const script = await visit(open, '/explorer/graphiql.js')
    expect([script.status, script.headers.get('content-encoding')]).toEqual([200, expect.stringMatching(/^(br|gzip)$/)])
    expect(script.text.length).toBeGreaterThan(3_000_000)
  })

  it('has every file that its start names, and no other', async () => {
    const boot = await visit(open, '/explorer/boot.js')
    expect(boot.text).toBe(await readFile(new URL('../../src/api/explorer/boot.js', import.meta.url), 'utf8'))
    for (const worker of ['editor', 'json', 'graphql']) {
      const answer = await visit(open, `/explorer/${worker}.worker.js`)
      expect([answer.status, answer.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("default-src 'none'")])
    }
    for (const path of ['page.html', 'constructor', '..%2Fserver.js']) expect((await visit(open, `/explorer/${path}`)).status).toBe(404)
  })
})
