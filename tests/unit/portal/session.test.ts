import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { ACCOUNT, dossierBody, portalAdapter, portalSettings, progressBody, sendingOf } from '../../contract/portal/portal-fixtures.js'

const SECRET = 'p&<hiên>-9f2c'
const WRITTEN = 'p&amp;&lt;hiên&gt;-9f2c'

/** Sends to a portal that quotes the session in what it answers. */
async function sendTo(reply: (request: string) => string, body: Parameters<typeof sendingOf>[0]) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      requests.push(text)
      const header = /<soap:Header>[\s\S]*<\/soap:Header>/.exec(text)?.[0] ?? ''
      const xml = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">${header}<soap:Body>${reply(text)}</soap:Body></soap:Envelope>`
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(xml)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { target } = await portalAdapter(portalSettings(url), [], { account: { ...ACCOUNT, session: SECRET } })
  try {
    return { requests, result: await target.send(sendingOf(body)) }
  } finally {
    await target.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

const refusal = (operation: string) =>
  `<p:${operation}Response xmlns:p="urn:lien-thong:mo-hinh:cong-dich-vu-cong:v1"><p:error_code>7</p:error_code><p:message>Phiên ${WRITTEN} không có quyền</p:message></p:${operation}Response>`
const fault = `<soap:Fault><faultcode>soap:Client</faultcode><faultstring>bad session ${WRITTEN}</faultstring></soap:Fault>`

test.each([
  ['a refused write', () => refusal('CapNhatTienDoHoSoMC'), progressBody()],
  ['a refused look-up', () => refusal('TraCuuHoSo'), dossierBody({ dossier: { ...dossierBody().dossier, documents: [] } })],
  ['a fault', () => fault, progressBody()],
])('a session that the portal quotes in %s stands in no outcome and no evidence', async (_name, reply, body) => {
  const { requests, result } = await sendTo(reply, body)
  expect(requests[0]).toContain(WRITTEN)
  const kept = JSON.stringify(result)
  expect(kept).not.toContain(SECRET)
  expect(kept).not.toContain(WRITTEN)
  expect(kept).toContain('***')
})
