import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { runCommandLine } from '../../src/cli/command-line.js'
import { openSession } from '../../src/cli-session.js'
import { readEnvironment } from '../../src/config/env.js'
import { createLogger } from '../../src/platform/logger.js'
import { projectRoot } from '../../src/platform/paths.js'
import { Shutdown } from '../../src/platform/shutdown.js'
import { isSentence } from '../../src/run-program.js'

/** What `lienthong …` said and how it ended. */
export interface Ended {
  readonly exitCode: number | null
  readonly out: string
  readonly err: string
}

/** The environment of the tests is not handed on: what a command gets is what is given here. */
const NOWHERE = { STATE_DIR: '/nonexistent/lienthong' }

/** `lienthong …` as a real process, compiled as in production: for what only a process has, its streams and its exit code among them. */
export const lienthongProcess = async (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...NOWHERE, ...environment },
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

/** The same within the process of the test, from words and variables to what is said: to start a process takes longer than most commands. */
export const lienthong = async (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const said = { out: '', err: '' }
  const variables = { ...NOWHERE, ...environment }
  const into = (stream: 'out' | 'err') => ({
    write: (text: string): void => {
      said[stream] += text
    },
  })
  const [stdout, stderr] = [into('out'), into('err')]
  const logger = createLogger({ name: 'cli' }, stderr)
  const shutdown = new Shutdown(logger)
  try {
    const program = { environment: readEnvironment(variables), logger, shutdown }
    const exitCode = await runCommandLine(words, openSession(program, { argv: words, variables, stdout, stderr }))
    return { exitCode, ...said }
  } catch (error) {
    if (!isSentence(error)) throw error
    return { exitCode: 1, out: said.out, err: `${said.err}${error.message}\n` }
  } finally {
    await shutdown.stop()
  }
}
