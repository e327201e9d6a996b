import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/paths.js'

/** `lienthong …` as a real process, compiled as in production; what it said and how it ended. */
export interface Ended {
  readonly exitCode: number | null
  readonly out: string
  readonly err: string
}

/** The environment of the tests is not handed on: what it gets is what is given here. */
export const lienthong = async (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, STATE_DIR: '/nonexistent/lienthong', ...environment },
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode, ...said }
}
