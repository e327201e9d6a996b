import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/paths.js'

/** One of our programs as a real process, compiled as in production. */
export interface RunningProgram {
  /** Resolves to the first line of its log that matches. */
  said(pattern: RegExp): Promise<string>
  /** What it said on standard error beside its log. */
  readonly complaint: () => string
  /** All that it said on standard error, its log included. */
  readonly everything: () => string
  readonly ended: Promise<number | null>
  signal(name: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

/** The environment of the tests is not handed on: what a program gets is what is given here. */
export const startProgram = (
  name: 'start' | 'gateway' | 'worker' | 'sandbox',
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): RunningProgram => {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src', `${name}.js`), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
    child.emit('output')
  })
  const lines = (): string[] => output.split('\n').filter((line) => line !== '')
  const complaint = (): string =>
    lines()
      .filter((line) => !line.startsWith('{'))
      .join('\n')
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const lineOf = (pattern: RegExp): string | undefined => lines().find((line) => pattern.test(line))
  return {
    said: async (pattern) => {
      for (;;) {
        const line = lineOf(pattern)
        if (line !== undefined) return line
        const still = await Promise.race([once(child, 'output').then(() => true), ended.then(() => false)])
        if (!still && lineOf(pattern) === undefined) throw new Error(`${name} ended without saying ${pattern}: ${complaint()}`)
      }
    },
    complaint,
    everything: () => output,
    ended,
    signal: async (signal) => {
      child.kill(signal)
      return ended
    },
  }
}
