/**
 * A federation router of another maker (Hive Gateway) as a process of its own. It is told the subgraphs on stdin, one line of JSON
 * `{ token, services: [{ name, url }] }`, reads their SDL with that token, composes, hands each caller's token on, prints its address, and
 * ends when stdin closes. What does not compose is printed and ends it with exit code 1.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { buildHTTPExecutor } from '@graphql-tools/executor-http'
import { composeServices, compositionHasErrors } from '@theguild/federation-composition'
import { parse } from 'graphql'

const readSdl = async ({ name, url }, token) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  })
  const { data } = await response.json()
  return { name, url, typeDefs: parse(data._service.sdl) }
}

const lines = createInterface({ input: process.stdin })
const [line] = await once(lines, 'line')
const { token, services } = JSON.parse(line)
const composed = composeServices(await Promise.all(services.map((service) => readSdl(service, token))))
if (compositionHasErrors(composed)) {
  process.stdout.write(`refused ${composed.errors.map(({ message }) => message).join('; ')}\n`, () => process.exit(1))
} else {
  const router = createGatewayRuntime({
    supergraph: composed.supergraphSdl,
    transports: {
      http: { getSubgraphExecutor: ({ transportEntry, fetch }) => buildHTTPExecutor({ endpoint: transportEntry.location, fetch }) },
    },
    logging: false,
    maskedErrors: false,
    propagateHeaders: { fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }) },
  })
  const server = createServer(router)
  server.listen(0, '127.0.0.1', () => process.stdout.write(`url http://127.0.0.1:${server.address().port}/graphql\n`))
  lines.once('close', () => process.exit(0))
}
