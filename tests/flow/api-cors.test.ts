import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTestApi, type TestApi } from '../support/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const preflight = (origin: string) =>
  fetch(`${api.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
  })

test('a page of a listed origin may ask, with a token and no cookie', async () => {
  const asked = await preflight('https://nop-ho-so.vi-du.vn')
  expect(asked.status).toBe(204)
  expect(asked.headers.get('access-control-allow-origin')).toBe('https://nop-ho-so.vi-du.vn')
  expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization')
  expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
  const answered = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      origin: 'https://nop-ho-so.vi-du.vn',
      'content-type': 'application/json',
      authorization: `Bearer ${await api.token('admin')}`,
    },
    body: JSON.stringify({ query: '{ systems { id } }' }),
  })
  expect(answered.headers.get('access-control-allow-origin')).toBe('https://nop-ho-so.vi-du.vn')
  expect(await answered.json()).toHaveProperty('data.systems')
})

test('no other origin may, and nothing but the queries', async () => {
  expect((await preflight('https://vi-du.vn.ke-gian.example')).headers.get('access-control-allow-origin')).toBeNull()
  const metrics = await fetch(`${api.url}/metrics`, { headers: { origin: 'https://nop-ho-so.vi-du.vn' } })
  expect(metrics.headers.get('access-control-allow-origin')).toBeNull()
})
