/**
 * A generator of Prisma's own kind (JSON-RPC, a line each: requests on stdin, answers on stderr) that writes what Prisma has read of the schema
 * as JSON into its `output`. Prisma starts it; see `prisma-docs.ts`.
 */
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const answers = {
  getManifest: () => ({ manifest: { prettyName: 'docs', requiresEngines: [] } }),
  generate: ({ dmmf, generator }) => {
    writeFileSync(generator.output.value, JSON.stringify(dmmf.datamodel))
    return null
  },
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  process.stderr.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answers[method](params) })}\n`)
})
