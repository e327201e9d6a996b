import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { RunningTwin } from '../../../adapters/soap/twin/twin.js'
import { groupsOf, textOf } from '../../../adapters/soap/twin/wire-values.js'
import { envelope, lookUp, post, register } from './raw-client.js'
import { tinyTwin } from './tiny-twin.js'

let running: RunningTwin | undefined
afterEach(() => running?.stop())

const started = async (start = {}, copyHeaders = false) => {
  const twin = tinyTwin(copyHeaders)
  running = await twin.start({ tickMs: 0, speed: 0, ...start })
  return { twin, url: running.url }
}

describe('reads values exactly', () => {
  const body =
    '<t:Register xmlns:t="urn:test:tiny"><t:Code>00042</t:Code><t:Area>12.50</t:Area><t:Number>9007199254740993</t:Number>' +
    '<t:Day>2026-03-15+01:00</t:Day><t:Note>  a &amp; <![CDATA[<b>]]> ộ </t:Note><t:File><t:Name>x</t:Name><t:Content>AA==</t:Content></t:File></t:Register>'

  test.each(['1.1', '1.2'] as const)('in SOAP %s', async (version) => {
    const { twin, url } = await started()
    const answer = await post(url, envelope(body, { version }))
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('<RegisterResponse')
    const args = twin.state.lastArgs
    const texts = ['Code', 'Area', 'Number', 'Day', 'Note'].map((name) => textOf(args, name))
    expect(texts).toEqual(['00042', '12.50', '9007199254740993', '2026-03-15+01:00', '  a & <b> ộ '])
    expect(groupsOf(args, 'File').map((file) => textOf(file, 'Content'))).toEqual(['AA=='])
  })

  test("a text far larger than the parser's buffer comes whole", async () => {
    const { twin, url } = await started()
    const content = Buffer.alloc(300_000, 7).toString('base64')
    await post(url, register('H1', `<File><Name>x</Name><Content>${content}</Content></File>`))
    expect(twin.state.files[0]?.content === content).toBe(true)
  })
})

test("the reply's envelope has the SOAP version of the request", async () => {
  const { url } = await started()
  const answer = await post(url, envelope('<LookUp xmlns="urn:test:tiny"><Code>x</Code></LookUp>', { version: '1.2' }))
  expect(answer.headers['content-type']).toBe('application/soap+xml; charset=utf-8')
  expect(answer.body).toContain('xmlns:soap="http://www.w3.org/2003/05/soap-envelope"')
})

test("a handler's fault goes out with its code, message and detail", async () => {
  const { twin, url } = await started()
  const answer = await post(url, register('REFUSE-ME'))
  expect(answer.status).toBe(500)
  expect(answer.body).toContain(
    '<faultcode>soap:Client</faultcode><faultstring>Mã hồ sơ không hợp lệ</faultstring><detail><Field>Code</Field></detail>',
  )
  expect(twin.ledger.requests[0]).toMatchObject({ answered: 'FAULT', processed: 0 })
})

test.each(['not xml', '<a><b></a>', envelope('<Unknown xmlns="urn:test:tiny"/>'), envelope('')])(
  'answers a fault to %j and keeps its bytes',
  async (body) => {
    const { twin, url } = await started()
    const answer = await post(url, body)
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('<faultcode>soap:Client</faultcode>')
    expect(twin.ledger.requests[0]).toMatchObject({ raw: body, operation: 'UNKNOWN', answered: 'FAULT' })
  },
)

test('records the bytes themselves, also when they are not UTF-8', async () => {
  const { twin, url } = await started()
  const bytes = Buffer.from([0xff, 0xfe, 0x3c])
  const response = await fetch(url, { method: 'POST', body: bytes })
  expect(response.status).toBe(500)
  expect(twin.ledger.requests[0]).toMatchObject({
    sha256: createHash('sha256').update(bytes).digest('hex'),
    rawBase64: bytes.toString('base64'),
    bytes: 3,
  })
})

test('does not de-duplicate', async () => {
  const { twin, url } = await started()
  await post(url, register('H1'))
  await post(url, register('H1'))
  expect(twin.state.registered).toEqual(['H1', 'H1'])
})

test('serves its WSDL and nothing on other paths', async () => {
  const { url } = await started()
  expect(await (await fetch(`${url}?wsdl`)).text()).toContain('targetNamespace="urn:test:tiny"')
  expect((await fetch(`${url}/other`)).status).toBe(404)
})

test("copies the request's headers into the answer, but not the password", async () => {
  const { url } = await started({}, true)
  const header =
    '<x:id xmlns:x="urn:x">42</x:id><w:Security xmlns:w="urn:w"><w:Password>secret</w:Password></w:Security><x:issue xmlns:x="urn:x">H1</x:issue>'
  const answer = await post(url, envelope('<LookUp xmlns="urn:test:tiny"><Code>x</Code></LookUp>', { header }))
  expect(answer.body).toContain('><x:id xmlns:x="urn:x">42</x:id><x:issue xmlns:x="urn:x">H1</x:issue></soap:Header><soap:Body>')
  expect(answer.body).not.toContain('secret')
})

describe('WS-Security', () => {
  const token = (password: string, type: 'PasswordText' | 'PasswordDigest', more = '') =>
    '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" ' +
    'xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><w:UsernameToken><w:Username>gateway</w:Username>' +
    `<w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#${type}">${password}</w:Password>${more}` +
    '</w:UsernameToken></w:Security>'
  const digestToken = (password: string, nonce: string, created = new Date().toISOString()) => {
    const digest = createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created).update(password).digest('base64')
    return token(digest, 'PasswordDigest', `<w:Nonce>${nonce}</w:Nonce><u:Created>${created}</u:Created>`)
  }
  const call = async (header: string) => {
    const answer = await post(running?.url ?? '', envelope('<LookUp xmlns="urn:test:tiny"><Code>x</Code></LookUp>', { header }))
    return /<faultcode>(.*)<\/faultcode>/.exec(answer.body)?.[1] ?? answer.status
  }
  const credentials = { username: 'gateway', password: 'đúng & <mật khẩu>' }

  test('takes the right text or digest', async () => {
    await started(credentials)
    expect(await call(token('đúng &amp; &lt;mật khẩu&gt;', 'PasswordText'))).toBe(200)
    expect(await call(digestToken(credentials.password, 'bm9uY2Ux'))).toBe(200)
  })

  test('refuses a missing or wrong token, a used nonce and an old one, and runs nothing', async () => {
    const { twin } = await started(credentials)
    expect(await call('')).toBe('wsse:InvalidSecurity')
    expect(await call(token('sai', 'PasswordText'))).toBe('wsse:FailedAuthentication')
    expect(await call(digestToken('sai', 'bm9uY2Ux'))).toBe('wsse:FailedAuthentication')
    expect(await call(token('x', 'PasswordDigest'))).toBe('wsse:InvalidSecurityToken')
    expect(await call(digestToken(credentials.password, 'bm9uY2Uy', '2020-01-01T00:00:00Z'))).toBe('wsse:MessageExpired')
    expect(twin.ledger.requests.every(({ processed }) => processed === 0)).toBe(true)
    const once = digestToken(credentials.password, 'bm9uY2Uz')
    expect(await call(once)).toBe(200)
    expect(await call(once)).toBe('wsse:InvalidSecurityToken')
  })

  test('is not asked for when no credentials are set', async () => {
    const { url } = await started()
    expect((await post(url, lookUp('x'))).status).toBe(200)
  })
})
