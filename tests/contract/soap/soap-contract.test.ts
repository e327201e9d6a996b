import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { createSoapClient } from '../../../adapters/soap/client.js'
import { CONTENT_TYPE } from '../../../adapters/soap/envelope.js'
import type { FaultTable } from '../../../adapters/soap/fault-table.js'
import { outcomeOfCall } from '../../../adapters/soap/outcome-of.js'
import { http, rawServer } from '../../unit/soap/raw-server.js'
import { sampleContract } from '../../unit/soap/sample-contract.js'

const FAULTS: FaultTable = {
  system: 'VILIS',
  beforeProcessing: { Busy: { means: 'BUSY' } },
  rejections: { E104: { reason: 'Số biên nhận không đúng', field: 'SoBienNhan' } },
  statusesBeforeProcessing: [],
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const cases = readdirSync(folder).filter((name) => name.includes('__'))

function load(name: string, file: string): string {
  return readFileSync(`${folder}${name}/${file}`, 'utf8')
}

/** `request.xml` is the envelope as it leaves, without a security header; a newline may stand at its end. */
test.each(cases)('%s', async (name) => {
  const { endpoint, args } = JSON.parse(load(name, 'input.json'))
  const { status = 200, outcome, reply } = JSON.parse(load(name, 'outcome.json'))
  const contract = await sampleContract(endpoint.port)
  const version = contract.operations.get('Register')?.soapVersion ?? '1.1'
  const server = await rawServer((socket) =>
    socket.write(http(status, load(name, 'response.xml'), { 'content-type': CONTENT_TYPE[version] })),
  )
  const client = createSoapClient({
    contract,
    endpoint: server.url,
    timeouts: { connectMs: 2000, headersMs: 5000, bodyMs: 5000, totalMs: 5000 },
    limits: { maxReplyBytes: 100_000, maxDepth: 20 },
    connections: 1,
    userAgent: 'test',
  })
  try {
    const result = await client.call('Register', args)
    expect(server.requests[0]?.split('\r\n\r\n')[1]).toBe(load(name, 'request.xml').trimEnd())
    if (result.kind === 'REPLY') expect({ reply: result.value }).toEqual({ reply })
    else expect({ outcome: outcomeOfCall(result, FAULTS) }).toEqual({ outcome })
  } finally {
    await client.close()
    await server.close()
  }
})
