import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { printGatewaySchema } from './api/schema.js'
import { publishedSchemaFile } from './platform/paths.js'

/** `npm run schema:emit`: writes the public SDL from the code to `schema/gateway.graphql`, or to the path given. */
const target = process.argv[2] ?? publishedSchemaFile
await mkdir(dirname(target), { recursive: true })
await writeFile(target, await printGatewaySchema())
process.stdout.write(`${target}\n`)
