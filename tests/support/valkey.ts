import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { projectRoot } from '../../src/platform/paths.js'

/** A Redis-compatible server for the tests of the queue's second store. */
export interface TestRedis {
  readonly url: string
  stop(): Promise<void>
}

/** Reads on after the port was found: a server whose output nobody takes stands still. */
function readPort(output: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      const port = /^port (\d+)$/.exec(line)?.[1]
      if (port !== undefined) resolve(port)
    })
    lines.once('close', () => reject(new Error('valkey ended before it was ready')))
  })
}

/**
 * The server that TEST_REDIS_URL names, which the caller may wipe, else a Valkey of this test's own, without persistence.
 */
export async function startValkey(): Promise<TestRedis> {
  const given = process.env.TEST_REDIS_URL
  if (given) return { url: given, stop: async () => undefined }
  const child = spawn(process.execPath, [join(projectRoot, 'tests/support/valkey-server.mjs')], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  const port = await readPort(child.stdout)
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
