import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buildGatewaySchema, printGatewaySchema } from './api/schema.js'
import { asSubgraph, printSubgraph } from './api/subgraph.js'
import { publishedSchemaFile } from './platform/paths.js'

/**
 * `npm run schema:emit`: writes the public SDL from the code to `schema/gateway.graphql`, or to the path given. `npm run --silent schema:subgraph`: writes
 * the SDL of the federated subgraph to stdout, for those who compose a supergraph.
 */
const [, , target = publishedSchemaFile] = process.argv
if (target === '--subgraph') process.stdout.write(`${printSubgraph(asSubgraph(await buildGatewaySchema()))}\n`)
else {
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, await printGatewaySchema())
  process.stdout.write(`${target}\n`)
}
