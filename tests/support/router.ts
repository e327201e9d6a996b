import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectRoot } from '../../src/platform/paths.js'

/** A router over several subgraphs (`router-process.mjs`), asked over HTTP as any front end asks it. */
export interface TestRouter {
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of each test's own query
  ask(token: string | undefined, query: string): Promise<{ data: any; errors: readonly { path?: unknown[]; extensions: object }[] }>
  stop(): Promise<void>
}

/** `token`: reads the schemas. Throws with the reason when they do not compose. */
export const startRouter = async (token: string, services: readonly { name: string; url: string }[]): Promise<TestRouter> => {
  const child = spawn(process.execPath, [join(projectRoot, 'tests/support/router-process.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  child.stdin.write(`${JSON.stringify({ token, services })}\n`)
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => (line.startsWith('url ') ? resolve(line.slice(4)) : reject(new Error(line))))
    lines.once('close', () => reject(new Error('the router ended before it was ready')))
  })
  return {
    ask: async (bearer, query) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', ...(bearer && { authorization: `Bearer ${bearer}` }) },
        body: JSON.stringify({ query }),
      })
      const { data, errors = [] } = (await response.json()) as { data: unknown; errors?: { path?: unknown[]; extensions: object }[] }
      return { data, errors }
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
